"""A publisher whose list is stored and who then errs: what a row of the table of faults says of it, and the
stage on which it happens, with a program, a store and real sockets of its own."""

import contextlib
import dataclasses
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import fault_shapes
from certificates import make_certificate
from harness import PATIENCE, PROGRAM, FaultyPublisher, status
from http2 import Http2Publisher

H1, TLS, H2 = "HTTP/1.1", "HTTPS", "HTTP/2"
EVERYWHERE = (H1, TLS, H2)

# What is stored afterwards, and what the report calls it.
KEPT = ("failed", "old")
REFUSED = ("refused", "old")
UNCHANGED = ("unchanged", "old")
TAKEN = ("updated", "new")

MIB = 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Fault:
    """`fault(scene)` is called when the old list is stored and the new one is published rightly: it returns
    the answer for the list's path instead, or answers for several paths, or nothing when it has done
    something else. `then(scene, entry)` looks for what the other columns do not say, and returns what is wrong."""

    name: str
    does: str
    fault: object
    exit: int
    words: str = ""
    stored: tuple = KEPT
    over: tuple = EVERYWHERE
    shape: type = fault_shapes.List
    keys: str = ""
    network: str = ""
    then: object = None

    def row(self, width=34):
        report, content = self.stored
        return (f"{self.name:{width}}  {self.exit:2}  {report:9} {content:3}  {', '.join(self.over):26}"
                f"  {self.does}\n{'':{width}}      \"{self.words}\"").rstrip()


class Door:
    """The port of a publisher, before which something may happen: `act(connection)` instead of the
    publisher, or the connection as it is, by which at most `limit` bytes come back, the one at `spoil` is
    another one, and each comes by itself when there is a `pause`."""

    def __init__(self, port):
        self.right = port
        self.unlocked()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        """Nobody is at home any longer, and nobody else gets the number."""
        for each in [self.listener, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def lock(self):
        """Connections are refused from now on."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))

    def unlocked(self):
        self.behind = self.right
        self.act, self.limit, self.spoil, self.pause = None, None, None, 0

    def unlock(self):
        self.unlocked()
        if not self.listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            self.listener.listen()
            threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        listener = self.listener
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            if self.act:
                self.act(connection)
                return
            with socket.create_connection(("127.0.0.1", self.behind)) as server:
                asking = threading.Thread(target=self._copy, args=(connection, server), daemon=True)
                asking.start()
                self._copy(server, connection, self.limit, self.spoil)
                # Else what nobody read resets the connection before the client has read all.
                asking.join(5)

    def _copy(self, source, target, limit=None, spoil=None):
        passed = 0
        with contextlib.suppress(OSError):
            while data := bytearray(source.recv(65536 if not self.pause else 1)):
                data = data[:None if limit is None else limit - passed]
                if spoil is not None and passed <= spoil < passed + len(data):
                    data[spoil - passed] ^= 1
                with contextlib.suppress(OSError):
                    target.sendall(data)
                passed += len(data)
                time.sleep(self.pause)
                if passed == limit:
                    break
            target.shutdown(socket.SHUT_WR)


class Certificates:
    """Made once for all: of whom the program trusts, and of others."""

    def __init__(self, folder):
        self.folder, self.lock = folder, threading.Lock()
        self.trusted = make_certificate(folder, "trusted", "Authority of this test")
        self.good = make_certificate(folder, "good", issuer=self.trusted)

    def context(self, pair=None, **settings):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(pair or self.good))
        for name, value in settings.items():
            setattr(context, name, value)
        return context


class Launcher:
    """Starts programs from a process of its own that is small: what Linux tells of a process's peak of memory
    is at least what its parent had."""
    SCRIPT = """
import json, os, sys
for line in sys.stdin:
    command, environment, out = json.loads(line)
    actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
               (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    _, code, usage = os.wait4(os.posix_spawn(command[0], command, environment, file_actions=actions), 0)
    print(json.dumps([os.waitstatus_to_exitcode(code), usage.ru_maxrss * 1024]), flush=True)
"""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-S", "-c", self.SCRIPT], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def run(self, command, environment, out):
        """Exit status and peak; of output there is `out`."""
        self.process.stdin.write(json.dumps([list(map(str, command)), environment, str(out)]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Scene:
    def __init__(self, fault, over, certificates, other, launcher):
        self.fault, self.over, self.certificates, self.other = fault, over, certificates, other
        self.launcher = launcher
        self.cleanup = contextlib.ExitStack()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-fault-"))
        self.cleanup.callback(shutil.rmtree, self.dir, ignore_errors=True)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.dir)}
        self.publisher = self.make_publisher(certificates.context())
        self.door = Door(int(self.publisher.url("").rsplit(":", 1)[1]))
        self.cleanup.callback(self.door.stop)
        self.answers = self.publisher.answers
        self.shape = fault.shape(self)
        self.config = self.dir / "isinfetch.yaml"
        self.configure()

    def make_publisher(self, context, over=None):
        over = over or self.over
        publisher = Http2Publisher(tls=context) if over == H2 else FaultyPublisher(context if over == TLS else None)
        publisher.otherwise = publisher.otherwise or status(404)
        self.cleanup.callback(publisher.stop)
        return publisher

    def url(self, path):
        """Where the program asks: at the door."""
        host = "http://127.0.0.1" if self.over == H1 else "https://localhost"
        return f"{host}:{self.door.port}{path}"

    def configure(self):
        usual = ("stall_timeout: 10s", "connect_timeout: 2s", "total_timeout: 20s",
                 "retry: {attempts: 2, first_delay: 0s, max_delay: 0s}")
        network = [line for line in usual if line.split(":")[0] + ":" not in self.fault.network]
        self.config.write_text(f"""state_dir: {self.dir / 'state'}
jobs: 2
network: {{{', '.join([*network, *filter(None, [self.fault.network])])}}}
sources:
  good: {{format: lines, every: 0s, url: '{self.other.url('/good')}'}}
  bad:
    url: '{self.url(self.shape.path)}'
    ca_file: {self.certificates.trusted[0]}
{self.shape.keys}{self.fault.keys.replace("PORT", str(self.door.port))}
""")

    def call(self, *arguments):
        return subprocess.run([PROGRAM, "--config", self.config, *arguments], env=self.environment, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def run(self, *arguments):
        """Exit status, the report of the whole run, and the peak of memory in bytes."""
        report = self.dir / "report"
        code, peak = self.launcher.run([PROGRAM, "--config", self.config, "run", "-o", "json", "--force", *arguments,
                                        "good", "bad"], self.environment, report)
        return code, report.read_text(), peak

    def stored(self, *arguments):
        """What is exported, as the shapes tell it."""
        out = self.call("export", "--format", "jsonl", *arguments, "bad")
        assert out.returncode == 0, out
        return {(row["isin"], row["mic"] or "", row["name"]) for row in map(json.loads, out.stdout.splitlines())}
