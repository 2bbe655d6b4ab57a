"""Programs that wait, and how soon a signal ends them."""

import contextlib
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import time

# The promise is two seconds. A machine of CI that builds and tests at once may take longer to do
# even nothing; what is to be told apart are waits that took 10 s and more before they were mended.
SOON = 9

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def as_started_by_a_person():
    """A test that runs in the background of a shell has SIGINT ignored, and gives that on."""
    for number in STATUS:
        signal.signal(number, signal.SIG_DFL)


class Waiting:
    """A process that is to be stopped while it waits."""

    def __init__(self, command, environment, wrapper=()):
        self.process = subprocess.Popen([*wrapper, *map(str, command)], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, preexec_fn=as_started_by_a_person)
        self.pid = self.process.pid
        self.out = ""
        self.err = ""

    def until_said(self, text, patience=60):
        """Waits until the program has said so on standard error."""
        end = time.monotonic() + patience
        stream = self.process.stderr
        while text not in self.err:
            left = end - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                raise AssertionError(f"never said '{text}': {self.err}")
            piece = os.read(stream.fileno(), 65536).decode()
            if not piece:
                raise AssertionError(f"ended without saying '{text}': {self.err}")
            self.err += piece
        return self

    def until_asleep(self, program="isinfetch"):
        """Waits until it has done no work for half a second: it has come to its wait."""
        before = None
        for _ in range(120):
            time.sleep(0.5)
            name = pathlib.Path(f"/proc/{self.pid}/comm").read_text().strip()
            fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
            now = (name, fields[0], fields[11], fields[12])  # state, time in user and kernel mode
            if now == before and name.startswith(program) and fields[0] == "S":
                return self
            before = now
        raise AssertionError(f"still at work: {self.err}")

    def stop(self, number):
        """Sends the signal. Gives the exit status and the seconds until the end."""
        start = time.monotonic()
        os.kill(self.pid, number)
        return self.end(), time.monotonic() - start

    def end(self, patience=120):
        try:
            out, err = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.out += out.decode()
        self.err += err.decode()
        return self.process.returncode

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def seize_child(self):
        """Signals go to the only child of the process from now on."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children")
        for _ in range(400):
            if text := children.read_text().split():
                self.pid = int(text[0])
                return self
            time.sleep(0.01)
        raise AssertionError("no child")


def first_process():
    """What makes a command the first process of a container, or None where that cannot be had."""
    options = ["unshare", "--pid", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        options += ["--user", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*options, "true"],
                                                         capture_output=True).returncode != 0:
        return None
    return options


@contextlib.contextmanager
def mute_server():
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=20) as listener:
        yield listener.getsockname()[1]


@contextlib.contextmanager
def full_server():
    """A port where a connection is never made: there is no room in its queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        others = []
        for _ in range(4):
            other = socket.socket()
            other.setblocking(False)
            other.connect_ex(("127.0.0.1", port))
            others.append(other)
        time.sleep(0.1)
        try:
            yield port
        finally:
            for other in others:
                other.close()
