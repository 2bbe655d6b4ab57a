"""Whatever the program waits for, a signal or the deadline of the run ends it: locks, busy stores,
publishers, host gates, FIFOs, and as the first process of a container too.
"""

import contextlib
import fcntl
import os
import pathlib
import pty
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, FaultyPublisher, ProgramTest, respond, status  # noqa: E402
from waiting import SOON, STATUS, Waiting, first_process, full_server, mute_server  # noqa: E402

LIST = b"ISIN,Name\nUS0378331005,Apple\nGB0002634946,BAE\n"
SIGNALS = tuple(STATUS)


class WaitsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/list.csv"] = status(200, LIST)

    def configure_list(self, url=None, extra="", more=""):
        self.configure(f"""
lock_wait: 300s
{extra}
sources:
  mine:
    url: {url or self.publisher.url('/list.csv')}
    format: csv
    columns: {{isin: ISIN, name: Name}}
{more}
""")

    def begin(self, *arguments, wrapper=()):
        process = Waiting([PROGRAM, "--config", self.config, "-vv", *arguments], self.environment,
                          wrapper)
        self.addCleanup(process.kill)
        return process

    def check_stopped(self, process, number):
        result, seconds = process.stop(number)
        self.assertEqual(result, STATUS[number], process.err)
        self.assertLess(seconds, SOON, process.err)

    def check_each_signal(self, said, *arguments, signals=SIGNALS):
        """`said` is what the program says once it waits."""
        for number in signals:
            with self.subTest(arguments=arguments, signal=number):
                self.check_stopped(self.begin(*arguments).until_said(said), number)

    @contextlib.contextmanager
    def run_lock(self):
        locks = self.state / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with open(locks / "mine.lock", "w") as lock:
            lock.write("pid 1, run x\n")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def busy_store(self):
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            store.execute("BEGIN IMMEDIATE")
            yield
            store.rollback()

    def fill(self):
        self.configure_list()
        self.assertEqual(self.call("run", "mine").status, 0)

    # -- locks and stores -------------------------------------------------------------------------

    def test_lock_of_another_run(self):
        self.fill()
        said = "waiting for another run (pid 1, run x)"
        with self.run_lock():
            self.check_each_signal(said, "run", "--force", "mine")
            self.check_each_signal(said, "rollback", "mine", signals=[signal.SIGTERM])

    def test_store_that_another_process_writes(self):
        self.fill()
        with self.busy_store():
            for command in (("run", "--force", "mine"), ("rollback", "mine"), ("prune",)):
                self.check_each_signal("waiting for another process that writes", *command,
                                       signals=[signal.SIGTERM, signal.SIGINT])
        self.assertEqual(self.call("verify").status, 0)

    def test_killed_between_archive_and_commit(self):
        """What was received is not asked for again."""
        self.fill()
        asked = []
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            store.execute("UPDATE source SET last_success = '2026-01-01T00:00:00Z'")
            store.commit()
        other = sqlite3.connect(self.state / "isinfetch.db", check_same_thread=False)
        self.addCleanup(other.close)

        def answer(request):
            if not asked:  # from now on the store is another's
                other.execute("BEGIN IMMEDIATE")
            asked.append(request.path)
            respond(request, 200, LIST + b"DE0007164600,SAP\n")
        self.publisher.answers["/list.csv"] = answer
        process = self.begin("run", "mine").until_said("mine: merge")
        process.kill()
        process.end()
        other.rollback()
        result = self.call("run", "mine", "-o", "json")
        self.assertEqual(result.status, 0, result)
        self.assertEqual((result.source()["status"], result.source()["added"]), ("updated", 1))
        self.assertEqual(asked, ["/list.csv"])
        self.assertFalse((self.state / "received/mine").exists())

    def test_deadline_ends_waits(self):
        self.fill()
        for what in (self.run_lock, self.busy_store):
            with self.subTest(what=what.__name__), what():
                start = time.monotonic()
                result = self.call("run", "--force", "--deadline", "2s", "mine")
                self.assertEqual(result.status, 75, result)
                self.assertLess(time.monotonic() - start, 2 + 5 + SOON, result)

    # -- publishers -------------------------------------------------------------------------------

    def test_retry_after(self):
        self.configure_list()
        self.publisher.answers["/list.csv"] = status(503, Retry_After="60")
        self.check_each_signal("trying again in 1m", "run", "mine")

    def test_publishers_that_say_nothing(self):
        for server in (mute_server, full_server):
            with self.subTest(server=server.__name__), server() as port:
                self.configure_list(f"http://127.0.0.1:{port}/list.csv")
                process = self.begin("run", "mine").until_said("mine: download").until_asleep()
                self.check_stopped(process, signal.SIGTERM)

    def test_name_server_that_says_nothing(self):
        """In a network of its own, whose only name server is mute."""
        wrapper = self.mute_names()
        self.configure_list("https://lists.example/list.csv")
        process = self.begin("run", "mine", wrapper=wrapper).until_said("mine: download")
        self.check_stopped(process.until_asleep(), signal.SIGTERM)

    def mute_names(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        names = self.dir / "resolv.conf"
        names.write_text("nameserver 127.0.0.53\noptions timeout:20 attempts:3\n")
        # The socket stays open in what the script becomes: questions arrive, and nobody reads them.
        script = ("import os, socket, subprocess, sys\n"
                  f"subprocess.run(['mount', '--bind', '{names}', '/etc/resolv.conf'], check=True)\n"
                  "subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)\n"
                  "mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                  "mute.bind(('127.0.0.53', 53))\n"
                  "mute.set_inheritable(True)\n"
                  "os.execvp(sys.argv[1], sys.argv[1:])\n")
        wrapper = ["unshare", "--net", "--mount", "/usr/bin/python3", "-c", script]
        if subprocess.run([*wrapper, "true"], capture_output=True).returncode != 0:
            self.skipTest("no namespaces here")
        return wrapper

    # -- one connection per host ------------------------------------------------------------------

    def two_sources(self):
        """Pages on different hosts lead to files on one."""
        self.open = threading.Event()
        self.addCleanup(self.open.set)
        self.inside = self.most = 0
        guard = threading.Lock()

        def answer(request):
            with guard:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self.open.wait(60)
            with guard:
                self.inside -= 1
            respond(request, 200, LIST)

        port = self.publisher.server.server_address[1]
        sources = ""
        for name, host in (("a", "127.0.0.2"), ("b", "127.0.0.3")):
            self.publisher.answers[f"/{name}.html"] = status(
                200, f'<html><a href="http://127.0.0.1:{port}/{name}.csv">list</a></html>'.encode())
            self.publisher.answers[f"/{name}.csv"] = answer
            proxy = socket.create_server((host, 0))
            self.addCleanup(proxy.close)
            threading.Thread(target=self.serve_pages, args=(proxy,), daemon=True).start()
            sources += f"""
  {name}:
    url: http://{host}:{proxy.getsockname()[1]}/{name}.html
    redirect_hosts: ["127.0.0.1:{port}"]
    allow_addresses: 127.0.0.1
    discovery: link-page
    find: {{link: "*{name}.csv"}}
    format: csv
    columns: {{isin: ISIN, name: Name}}
"""
        self.configure("jobs: 2\nsources:" + sources)

    def serve_pages(self, listener):
        """A host in front of the publisher, for its pages."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, socket.create_connection(self.publisher.server.server_address) as server:
                server.sendall(client.recv(65536))
                while data := server.recv(65536):
                    client.sendall(data)

    def test_files_of_one_host_come_one_after_the_other(self):
        self.two_sources()
        process = self.begin("run", "a", "b")
        process.until_said("waiting for another source to leave 127.0.0.1")
        self.open.set()
        self.assertEqual(process.end(), 0, process.err)
        self.assertEqual(self.most, 1)

    def test_gate_of_a_host(self):
        self.two_sources()
        self.check_each_signal("waiting for another source to leave 127.0.0.1", "run", "a", "b",
                               signals=[signal.SIGTERM, signal.SIGHUP])

    def test_a_wait_is_said_on_a_terminal(self):
        self.two_sources()
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = subprocess.Popen([PROGRAM, "--config", self.config, "run", "a", "b"],
                                   env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        self.addCleanup(process.kill)
        said = b""
        with contextlib.suppress(OSError):
            while b"to leave 127.0.0.1" not in said:
                said += os.read(ours, 4096)
        self.open.set()
        process.communicate(timeout=60)
        self.assertRegex(said.decode(), r"isinfetch: [ab]: waiting for another source to leave")

    # -- FIFOs ------------------------------------------------------------------------------------

    def test_fifo_as_configuration(self):
        os.mkfifo(self.config)
        for command in (("run", "mine"), ("prune",), ("verify",)):
            for number in SIGNALS:
                with self.subTest(command=command, signal=number):
                    self.check_stopped(self.begin(*command).until_asleep(), number)

    def test_a_configuration_may_come_through_a_fifo(self):
        os.mkfifo(self.config)
        process = self.begin("run", "mine").until_asleep()
        real = self.config
        self.config = self.dir / "real.yaml"
        self.configure_list()
        real.write_text(self.config.read_text())
        self.assertEqual(process.end(), 0, process.err)

    def test_fifo_as_source(self):
        fifo = self.dir / "list.csv"
        os.mkfifo(fifo)
        self.configure_list(f"file://{fifo}")
        process = self.begin("run", "mine").until_said("mine: download").until_asleep()
        self.check_stopped(process, signal.SIGTERM)
        process = self.begin("run", "mine").until_said("mine: download")
        fifo.write_bytes(LIST)
        self.assertEqual(process.end(), 0, process.err)

    # -- the first process of a container ---------------------------------------------------------

    def first(self):
        wrapper = first_process()
        if wrapper is None:
            self.skipTest("no namespaces here")
        return wrapper

    def test_as_the_first_process(self):
        wrapper = self.first()
        self.fill()
        with self.run_lock():
            for number in SIGNALS:
                process = self.begin("run", "--force", "mine", wrapper=wrapper).seize_child()
                process.until_said("waiting for another run")
                self.check_stopped(process, number)

    def test_a_command_that_only_reads_as_the_first_process(self):
        """The default action of a signal does not end it."""
        fifo = self.dir / "isins"
        os.mkfifo(fifo)
        for number in SIGNALS:
            process = self.begin("check", "-f", fifo, wrapper=self.first()).seize_child()
            self.check_stopped(process.until_asleep(), number)

    # -- signals ----------------------------------------------------------------------------------

    def test_status_is_the_same_in_report_store_and_process(self):
        self.fill()
        for number in SIGNALS:
            with self.run_lock():
                process = self.begin("run", "--force", "-o", "json", "mine")
                self.check_stopped(process.until_said("waiting for another run"), number)
            self.assertIn(f'"exit_status":{STATUS[number]}', process.out.replace(" ", ""))
            self.assertEqual(self.sql("SELECT exit_status FROM run ORDER BY id DESC LIMIT 1"),
                             [[str(STATUS[number])]])

    def test_sigterm_twice_is_still_a_clean_end(self):
        """timeout(1) sends it to its child, and then to the whole group."""
        self.fill()
        with self.run_lock():
            process = self.begin("run", "--force", "mine").until_said("waiting for another run")
            os.kill(process.pid, signal.SIGTERM)
            self.check_stopped(process, signal.SIGTERM)
        self.assertEqual(self.sql("SELECT count(*) FROM run WHERE finished IS NULL"), [["0"]])

    def test_nohup_is_respected(self):
        self.fill()
        with self.run_lock():
            process = self.begin("run", "--force", "mine", wrapper=["nohup"])
            process.until_said("waiting for another run")
            os.kill(process.pid, signal.SIGHUP)
            time.sleep(1)
            self.assertIsNone(process.process.poll())
        self.assertEqual(process.end(), 0, process.err)


if __name__ == "__main__":
    unittest.main(verbosity=1)
