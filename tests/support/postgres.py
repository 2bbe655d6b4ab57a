"""A PostgreSQL server of the test's own: a directory, a free port on loopback, a Unix socket.

As root the server runs as an unprivileged user, which it insists on. Ended by process id.
"""

import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from harness import free_port

DATABASE = "isinfetch"


def binaries():
    """The folder of the newest server that is installed, or None with a loud word about it."""
    found = [p.parent for p in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found += [pathlib.Path(p).parent for p in [shutil.which("initdb")] if p]
    if not found:
        print("\n*** SKIPPED: no PostgreSQL server here: install postgresql ***\n",
              file=sys.stderr, flush=True)
        return None
    return max(found, key=lambda p: [int(n) for n in re.findall(r"\d+", str(p))] or [0])


def unprivileged():
    """How to start what refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = [entry.pw_name for entry in pwd.getpwall()]
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Postgres:
    def __init__(self, settings=""):
        self.bin = binaries()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-pg-"))
        self.port = free_port()
        self.data = self.directory / "data"
        self.process = None
        self._as_user = unprivileged()
        if self._as_user:
            os.chown(self.directory, self._as_user["user"], self._as_user["group"])
        self.directory.chmod(0o755)
        self._call("initdb", "-D", self.data, "-U", "isin", "-A", "trust", "--no-sync",
                   "-E", "UTF8", "--locale=C.UTF-8")
        with open(self.data / "postgresql.conf", "a") as out:
            out.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
                      f"unix_socket_directories = '{self.directory}'\n"
                      f"fsync = off\nmax_connections = 200\nlog_line_prefix = '%m %p '\n{settings}\n")
        self.start()
        self.sql(f"CREATE DATABASE {DATABASE}", database="postgres")

    def location(self, host=None, port=None):
        return f"postgresql://isin@{host or '127.0.0.1'}:{port or self.port}/{DATABASE}"

    def start(self):
        self.log = open(self.directory / "log", "ab")
        self.process = subprocess.Popen([str(self.bin / "postgres"), "-D", str(self.data)],
                                        stdout=self.log, stderr=self.log, cwd=self.directory,
                                        **self._as_user)
        for _ in range(600):
            if self._answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start: " + (self.directory / "log").read_text())

    def stop(self, how=signal.SIGINT):
        """SIGINT is the fast shutdown, SIGQUIT the immediate one, which is as good as a crash."""
        self.process.send_signal(how)
        self.process.wait(60)
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def sql(self, query, database=DATABASE):
        """Rows as psql gives them, lists of texts."""
        done = subprocess.run([str(self.bin / "psql"), "-h", "127.0.0.1", "-p", str(self.port),
                               "-U", "isin", "-d", database, "-XAtq", "-F", "\x1f",
                               "-v", "ON_ERROR_STOP=1", "-c", query],
                              capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return subprocess.run([str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p",
                               str(self.port)]).returncode == 0

    def _call(self, name, *arguments):
        subprocess.run([str(self.bin / name), *map(str, arguments)], check=True,
                       capture_output=True, cwd=self.directory, **self._as_user)
