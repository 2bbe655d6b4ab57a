"""What the black-box tests share: the program, a state directory, a real nginx on loopback.

Everything started here is ended here, by process id. Needs ISINFETCH_BIN, which ctest sets.
"""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from certificates import make_certificate

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ISINFETCH_BIN", str(SOURCE_DIR / "build/release/bin/isinfetch"))


# Ends a hang, and judges no speed: more than ten times what the slowest command takes when the machine
# does nothing else, in seconds.
PATIENCE = 1200


def real_data():
    """The folder of real published files, or None with a loud word about it."""
    folder = pathlib.Path(os.environ.get("ISINFETCH_REAL_DATA", SOURCE_DIR.parent / "shared/data"))
    if (folder / "real/STATS.md").is_file():
        return folder / "real"
    print(f"\n*** SKIPPED: no real published files in {folder}: set ISINFETCH_REAL_DATA ***\n",
          file=sys.stderr, flush=True)
    return None


def is_sanitized():
    """Does the program carry AddressSanitizer, with memory, threads and pipes of its own?"""
    return b"__asan_init" in pathlib.Path(PROGRAM).read_bytes()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def many_isins(count):
    """Distinct valid ISINs."""
    for number in range(count):
        body = f"US{number:09d}"
        digits = "".join(str(int(c, 36)) for c in body)
        doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits)))
        yield body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    def json(self):
        return json.loads(self.out)

    def source(self, name=None):
        """The entry of one source in a JSON run report."""
        entries = self.json()["sources"]
        return entries[0] if name is None else next(e for e in entries if e["source"] == name)

    def __repr__(self):
        return f"status {self.status}\nstdout: {self.out}\nstderr: {self.err}"


class ProgramTest(unittest.TestCase):
    """A test with a directory, a configuration and a bare environment of its own."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-test-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.state = self.dir / "state"
        self.config = self.dir / "isinfetch.yaml"
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.dir)}

    def configure(self, text):
        self.config.write_text(f"state_dir: {self.state}\n" + text)

    def program_for_all(self):
        """A copy of the program that other users can reach, wherever the tree was built."""
        self.dir.chmod(0o755)
        program = self.dir / "isinfetch"
        if not program.exists():
            shutil.copy(PROGRAM, program)
            program.chmod(0o755)
        return program

    def call(self, *arguments, config=True, environment=None, input=None, timeout=PATIENCE):
        command = [PROGRAM] + (["--config", str(self.config)] if config else [])
        process = subprocess.run(command + [str(a) for a in arguments],
                                 env={**self.environment, **(environment or {})},
                                 input=input, capture_output=True, text=True, timeout=timeout)
        return Result(process)

    def as_person(self, *arguments, **environment):
        """A call by a user who is none of the system's, and may be anybody when this one is."""
        program, switch = PROGRAM, {}
        if os.geteuid() == 0:
            # Who is not root may not be able to reach a program below /root.
            program = shutil.copy(PROGRAM, self.dir / "isinfetch")
            for folder in (self.dir, *self.dir.glob("**/")):
                os.chown(folder, 54_321, 54_321)
            switch = {"user": 54_321, "group": 54_321, "extra_groups": []}
        return subprocess.run([program, *map(str, arguments)], env={**self.environment, **environment},
                              capture_output=True, text=True, timeout=60, **switch)

    def run_json(self, *arguments, **keywords):
        return self.call("run", "-o", "json", *arguments, **keywords)

    def sql(self, query):
        """Rows of the store as another program reads it, lists of texts."""
        out = subprocess.run(["sqlite3", "-readonly", "-separator", "\x1f",
                              str(self.state / "isinfetch.db"), query],
                             check=True, capture_output=True, text=True).stdout
        return [line.split("\x1f") for line in out.splitlines()]


class Nginx:
    """A real web server on two free ports, HTTP and HTTPS, serving one folder."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.root = self.directory / "www"
        self.root.mkdir(parents=True)
        self.port = free_port()
        self.tls_port = free_port()
        self.certificate, self.key = make_certificate(self.directory)
        self._start()

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def tls_url(self, name):
        return f"https://localhost:{self.tls_port}/{name}"

    def serve(self, name, data):
        """Replaces a file as publishers do: at once, with a new time of modification, which is of
        yesterday, so that the list is not stale."""
        target = self.root / name
        temporary = target.with_suffix(".new")
        temporary.write_bytes(data)
        stamp = self._stamp = getattr(self, "_stamp", int(time.time()) - 86400) + 10
        os.utime(temporary, (stamp, stamp))
        temporary.chmod(0o644)
        temporary.rename(target)

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def _start(self):
        for parent in [self.root, *self.root.parents]:
            if parent == pathlib.Path("/tmp") or parent == pathlib.Path("/"):
                break
            parent.chmod(0o755)
        d = self.directory
        (d / "nginx.conf").write_text(f"""
            {'user root;' if os.geteuid() == 0 else ''}
            daemon off; master_process off; pid {d}/nginx.pid; error_log {d}/error.log;
            events {{ worker_connections 64; }}
            http {{
                access_log {d}/access.log;
                client_body_temp_path {d}/body; proxy_temp_path {d}/proxy;
                fastcgi_temp_path {d}/fastcgi; uwsgi_temp_path {d}/uwsgi; scgi_temp_path {d}/scgi;
                server {{
                    listen 127.0.0.1:{self.port};
                    listen 127.0.0.1:{self.tls_port} ssl;
                    ssl_certificate {self.certificate}; ssl_certificate_key {self.key};
                    root {self.root};
                }}
            }}""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(d / "nginx.conf"),
                                         "-e", str(d / "error.log"), "-p", str(d)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx did not start: " + (d / "error.log").read_text())


class FaultyPublisher:
    """A web server that misbehaves as told: `answers[path]` is a function of the open request, and so is
    `otherwise`, of all other paths. With `tls`, an SSLContext, it speaks HTTPS as localhost."""

    def __init__(self, tls=None):
        self.answers = {}
        self.otherwise = status(404)
        self.requests = []
        self.bodies = []  # of POST requests
        self.methods = []
        self.head_status = None  # of every answer to HEAD
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            body = b""

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                outer.methods.append(self.command)
                self.close_connection = True
                with contextlib.suppress(OSError):
                    outer.answers.get(self.path, outer.otherwise)(self)

            def do_POST(self):
                self.body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.bodies.append(self.body)
                self.do_GET()

            def do_HEAD(self):
                if outer.head_status:
                    outer.requests.append((self.path, dict(self.headers)))
                    outer.methods.append("HEAD")
                    respond(self, outer.head_status)
                else:
                    self.do_GET()

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                """Who does not trust it, or had enough, hangs up: that is no fault of a test's."""
                if not isinstance(sys.exc_info()[1], OSError):
                    super().handle_error(request, address)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.place = f"http://127.0.0.1:{self.server.server_port}"
        if tls:
            self.place = f"https://localhost:{self.server.server_port}"
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def url(self, path):
        return self.place + path

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def respond(request, code, body=b"", headers=None, length=None):
    request.send_response(code)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(b"" if request.command == "HEAD" else body)
    request.wfile.flush()


def status(code, body=b"", **headers):
    """An answer with that status; header names are written with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: respond(request, code, body, named)


def raw(data):
    """Exactly these bytes, whatever they are."""
    def answer(request):
        request.wfile.write(data)
        request.wfile.flush()
    return answer


def cut_after(body, count):
    """Announces all of `body` and closes the connection after `count` bytes."""
    return lambda request: respond(request, 200, body[:count], length=len(body))


def reset_after(body, count):
    """As cut_after(), but the connection is reset."""
    def answer(request):
        respond(request, 200, body[:count], length=len(body))
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
        request.connection.close()
    return answer


def stall_after(body, count, seconds=30):
    """Sends `count` bytes and then nothing more."""
    def answer(request):
        respond(request, 200, body[:count], length=len(body))
        time.sleep(seconds)
    return answer
