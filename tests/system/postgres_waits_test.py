"""Whatever a host waits for at its PostgreSQL store, a signal ends it: locks, frozen sessions and
servers, connections that nobody answers, a COMMIT whose reply never comes, leases of other hosts.

Real processes against a real server. What is left behind must let the next run do its work.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cutting_proxy import CuttingProxy  # noqa: E402
from harness import PROGRAM, is_sanitized, status  # noqa: E402
from postgres import DATABASE  # noqa: E402
from postgres_hosts_test import Pooler, isin  # noqa: E402
from shared_store import ISINS, Shared  # noqa: E402
from waiting import SOON, STATUS, Waiting, mute_server  # noqa: E402

SESSIONS = (f"SELECT pid FROM pg_stat_activity WHERE datname = '{DATABASE}'"
            " AND application_name = 'isinfetch'")
ROWS = {key: "x" for key in ISINS[:4]}
NEW = {**ROWS, ISINS[5]: "new"}


class Waits(Shared):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.wake_server)

    def begin(self, host, *arguments):
        process = Waiting([PROGRAM, "--config", host.config, "-vv", *arguments], host.environment)
        self.addCleanup(process.kill)
        return process

    def stop(self, process, number):
        result, seconds = process.stop(number)
        self.assertEqual(result, STATUS[number], process.err)
        self.assertLess(seconds, SOON, process.err)

    def check_next_run(self, rows):
        """The server forgets the sessions of whoever left, and their locks with them."""
        self.wait_until(SESSIONS.replace("SELECT pid", "SELECT 1 WHERE NOT EXISTS (SELECT 1") + ")")
        result = self.b.call("run", "--force", "mine")
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.current(), rows)
        self.check_sound()

    @contextlib.contextmanager
    def locked_row(self):
        """Another session holds the source's row."""
        psql = subprocess.Popen([str(self.server.bin / "psql"), self.server.location(), "-Xq"],
                                stdin=subprocess.PIPE, text=True, cwd="/")
        psql.stdin.write("BEGIN; UPDATE source SET fence = fence;\n")
        psql.stdin.flush()
        self.wait_until("SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'")
        try:
            yield
        finally:
            psql.stdin.close()
            psql.wait(20)

    def wake_server(self):
        for pid in self.frozen():
            os.kill(pid, signal.SIGCONT)

    def frozen(self):
        """Processes of the server that were stopped."""
        server = self.server.process.pid
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [pid for pid in map(int, [server, *children]) if self.state_of(pid) == "T"]

    @staticmethod
    def state_of(pid):
        with contextlib.suppress(OSError):
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return ""

    def in_download(self, host, *options):
        """A run that waits for its publisher."""
        self.publish(NEW)
        self.open_gate.clear()
        process = self.begin(host, "run", "--force", *options, "mine")
        self.wait_until("SELECT 1 FROM source WHERE lease_holder LIKE '%run%'")
        process.until_said("mine: download")
        return process

    # -- locks ------------------------------------------------------------------------------------

    def test_lock_of_another_session(self):
        self.run_on(self.a, ROWS)
        for number in STATUS:
            for command in (("run", "--force", "mine"), ("rollback", "mine")):
                with self.subTest(command=command, signal=number), self.locked_row():
                    process = self.begin(self.a, *command).until_said("waiting for the server")
                    self.stop(process, number)
            self.server.sql("UPDATE source SET lease_until = NULL, lease_holder = NULL")
        self.publish(NEW)
        self.check_next_run(NEW)

    def test_lease_of_another_host(self):
        self.run_on(self.a, ROWS)
        self.server.sql("UPDATE source SET lease_holder = 'other, pid 1, run 2',"
                        " lease_until = store_time(600)")
        for command in (("run", "--force", "mine"), ("rollback", "mine")):
            process = self.begin(self.a, *command)
            process.until_said("mine: waiting for another host (other, pid 1, run 2")
            self.stop(process, signal.SIGTERM)
        self.server.sql("UPDATE source SET lease_until = store_time(-1)")
        self.publish(NEW)
        self.check_next_run(NEW)

    def test_deadline_ends_the_wait_for_a_lock(self):
        self.run_on(self.a, ROWS)
        with self.locked_row():
            start = time.monotonic()
            result = self.a.call("run", "--force", "--deadline", "1s", "mine")
            self.assertEqual(result.status, 75, result)
            self.assertLess(time.monotonic() - start, 20 + SOON, result)

    # -- servers that say nothing -----------------------------------------------------------------

    def test_frozen_sessions(self):
        """All sessions of a run freeze while it downloads, and new ones are answered."""
        self.run_on(self.a, ROWS)
        for number in STATUS:
            process = self.in_download(self.a)
            for pid, in self.server.sql(SESSIONS):
                os.kill(int(pid), signal.SIGSTOP)
            self.open_gate.set()
            process.until_said("waiting for the server")
            self.stop(process, number)
            self.wake_server()
            self.wait_until("SELECT 1 WHERE NOT EXISTS (" + SESSIONS + ")")
            self.server.sql("UPDATE source SET lease_until = store_time(-1)")
        self.check_next_run(NEW)

    def sessions(self, count):
        """Those of a run, the one that does its work first."""
        query = SESSIONS + " ORDER BY backend_start"
        self.wait_until(f"SELECT 1 FROM ({SESSIONS}) s HAVING count(*) >= {count}")
        return [int(pid) for pid, in self.server.sql(query)]

    def check_left_by_itself(self, process):
        """Nobody stopped it, and nothing of it is in the way of others once the server lives."""
        self.assertEqual(process.end(), 75, process.err)
        self.assertIn("try again", process.err)
        self.wake_server()
        self.check_next_run(NEW)
        self.assertEqual(self.open_records(), 0)

    def open_records(self):
        return int(self.server.sql("SELECT count(*) FROM run WHERE finished IS NULL")[0][0])

    def test_frozen_session_without_a_signal(self):
        """The run gives up when a statement takes too long; the session that renews its lease may be
        frozen or not."""
        host = self.host("c", extra="store_timeout: 2s")
        for frozen in (1, 2):
            with self.subTest(frozen=frozen):
                self.run_on(self.a, ROWS)
                process = self.in_download(host)
                for pid in self.sessions(2)[:frozen]:
                    os.kill(pid, signal.SIGSTOP)
                self.open_gate.set()
                self.check_left_by_itself(process)

    def test_frozen_session_and_a_deadline(self):
        self.run_on(self.a, ROWS)
        process = self.in_download(self.a, "--deadline", "5s")
        for pid in self.sessions(2):
            os.kill(pid, signal.SIGSTOP)
        self.open_gate.set()
        self.check_left_by_itself(process)

    def test_frozen_sessions_behind_a_pooler(self):
        """It acknowledges whatever a client asks whether the other side is there."""
        if not os.path.exists("/usr/sbin/pgbouncer"):
            self.skipTest("no pgbouncer here")
        pooler = Pooler(self.server)
        self.addCleanup(pooler.stop)
        self.run_on(self.a, ROWS)
        host = self.host("c", self.server.location(port=pooler.port), extra="store_timeout: 2s")
        process = self.in_download(host)
        behind = f"SELECT pid FROM pg_stat_activity WHERE datname = '{DATABASE}' AND pid <> pg_backend_pid()"
        for pid, in self.server.sql(behind):
            os.kill(int(pid), signal.SIGSTOP)
        self.open_gate.set()
        self.assertEqual(process.end(), 75, process.err)
        self.wake_server()
        self.wait_until("SELECT 1 FROM source WHERE lease_until IS NULL OR lease_until < store_time(0)")
        self.assertEqual(self.b.call("run", "--force", "mine").status, 0)
        self.assertEqual(self.current(), NEW)

    def test_frozen_session_of_the_lease(self):
        """It is nobody's but the keeper's: the list is published, and the run ends."""
        self.run_on(self.a, ROWS)
        process = self.in_download(self.a)
        os.kill(self.sessions(2)[1], signal.SIGSTOP)
        self.open_gate.set()
        self.assertEqual(process.end(), 0, process.err)
        self.assertEqual(self.current(), NEW)
        self.wake_server()

    # -- leases -----------------------------------------------------------------------------------

    def test_lease_is_shown_and_broken(self):
        self.run_on(self.a, ROWS)
        self.assertIn("no lease is held", self.b.call("store", "lease").out)
        self.assertEqual(self.b.call("store", "lease", "-o", "json").json(), [])
        process = self.in_download(self.a)
        lease, = self.b.call("store", "lease", "-o", "json").json()
        self.assertEqual((lease["source"], lease["over"], lease["takeovers"]), ("mine", False, 0))
        self.assertIn(f"pid {process.pid}", lease["holder"])
        self.assertGreaterEqual(lease["age_seconds"], 0)
        self.assertIn(f"pid {process.pid}", self.b.call("store", "lease").out)
        shown, = self.b.call("status", "-o", "json").json()
        self.assertEqual(shown["lease_since"], lease["since"])
        self.assertRegex(self.b.call("status").out, r"(?m)^mine: leased by .*, until ")
        findings = self.b.call("doctor", "--quick", "-o", "json").json()["findings"]
        leases, = [f for f in findings if f["subject"] == "leases"]
        self.assertIn(lease["holder"], leases["text"])
        broken = self.b.call("store", "lease", "--break", "mine")
        self.assertEqual(broken.status, 0, broken)
        self.assertIn(lease["holder"], broken.out)
        self.assertEqual(self.b.call("store", "lease", "--break", "mine").status, 66)
        self.open_gate.set()
        self.assertEqual(process.end(), 75, process.err)
        self.assertIn("its lease was broken", process.err)
        self.assertIn("what to do: nothing", process.err)
        self.assertEqual(self.current(), ROWS)
        self.check_next_run(NEW)

    def test_silent_lease_is_shown(self):
        self.run_on(self.a, ROWS)
        self.server.sql("UPDATE source SET lease_holder = 'other, pid 1, run 2',"
                        " lease_since = store_time(-600), lease_until = store_time(-500)")
        self.assertRegex(self.b.call("status").out, "mine: leased by other, .* for 10m.*, and silent")
        findings = self.b.call("doctor", "--quick", "-o", "json").json()["findings"]
        leases, = [f for f in findings if f["subject"] == "leases"]
        self.assertEqual((leases["health"], leases["about"]), ("warning", ["mine"]))

    def test_75_tells_somebody_else_from_try_again(self):
        self.run_on(self.a, ROWS)
        self.server.sql("UPDATE source SET lease_holder = 'other, pid 1, run 2',"
                        " lease_until = store_time(600)")
        busy = self.a.call("run", "--force", "--no-wait", "-o", "json", "mine")
        self.assertEqual(busy.status, 75, busy)
        self.assertEqual(busy.source()["error"]["kind"], "busy")
        self.assertIn("what to do: nothing: somebody else is doing it", busy.err)
        self.server.sql("UPDATE source SET lease_holder = NULL, lease_until = NULL")
        self.publisher.answers["/list.csv"] = status(503)
        down = self.a.call("run", "--force", "-o", "json", "mine")
        self.assertEqual(down.status, 75, down)
        self.assertEqual(down.source()["error"]["kind"], "temporary")
        self.assertIn("what to do: try again", down.err)

    # -- servers that come and go -----------------------------------------------------------------

    def test_server_on_its_way_up(self):
        self.run_on(self.a, ROWS)
        self.publish(NEW)
        commands = (("run", "--force", "mine"), ("rollback", "mine"), ("prune",))
        for command, rows in zip(commands, (NEW, ROWS, ROWS)):
            with self.subTest(command=command):
                self.server.stop()
                try:
                    process = self.begin(self.a, *command).until_said("tried again")
                finally:
                    self.server.start()
                self.assertEqual(process.end(), 0, process.err)
                self.assertEqual(self.current(), rows)
        self.assertEqual(self.open_records(), 0)

    def test_killed_run_is_closed_by_the_next(self):
        self.run_on(self.a, ROWS)
        for extra in ("", "host_name: another"):  # by its process, by its lease
            with self.subTest(extra=extra):
                process = self.in_download(self.a)
                process.kill()
                process.end()
                self.open_gate.set()
                self.assertEqual(self.open_records(), 1)
                result = self.host("c", extra=extra).call("run", "--force", "mine")
                self.assertEqual((result.status, self.open_records()), (0, 0), result)
        self.assertEqual(self.server.sql("SELECT count(*) FROM run WHERE exit_status = 75"), [["2"]])

    def behind_proxy(self, what, sign, once=False):
        """A host, and the proxy that does `what` to each COMMIT, or one, from a message with `sign` on."""
        signs = []

        def decide(data):
            if sign in data:
                signs.append(True)
            if not signs or b"COMMIT\0" not in data:
                return None
            if once:
                signs.clear()
            return what
        proxy = CuttingProxy(self.server.port, decide)
        self.addCleanup(proxy.stop)
        return self.host("c", self.server.location(port=proxy.port)), proxy

    def test_reply_to_the_commit_of_no_news_lost(self):
        self.run_on(self.a, ROWS)
        host, proxy = self.behind_proxy("after", b"INSERT INTO run_source", once=True)
        result = host.call("run", "--force", "-o", "json", "mine")
        self.assertEqual((result.status, proxy.cuts), (0, 1), result)
        self.assertEqual(result.source()["status"], "unchanged")
        self.assertEqual(self.server.sql("SELECT status FROM run_source ORDER BY id"),
                         [["updated"], ["unchanged"]])

    def test_frozen_server(self):
        """Its kernel takes connections, and that is all."""
        self.run_on(self.a, ROWS)
        os.kill(self.server.process.pid, signal.SIGSTOP)
        for command in (("run", "--force", "mine"), ("rollback", "mine"), ("verify",), ("prune",)):
            with self.subTest(command=command):
                process = self.begin(self.a, *command).until_said("waiting for the server")
                self.stop(process, signal.SIGTERM)
        self.wake_server()
        self.publish(NEW)
        self.check_next_run(NEW)

    def test_server_that_never_answers_a_connection(self):
        with mute_server() as port:
            host = self.host("c", self.server.location(port=port) + "?connect_timeout=60")
            for number in STATUS:
                process = self.begin(host, "run", "mine").until_said("waiting for the server")
                self.stop(process, number)

    def test_reply_to_commit_never_comes(self):
        self.run_on(self.a, ROWS)
        host, proxy = self.behind_proxy("mute", b"COPY listing")
        self.publish(NEW)
        process = self.begin(host, "run", "--force", "mine").until_said("waiting for the server")
        self.assertEqual(self.current(), NEW)
        self.stop(process, signal.SIGTERM)
        proxy.cut_all()
        self.check_next_run(NEW)

    def test_reply_to_commit_never_comes_and_nobody_stops_the_run(self):
        """The wait for it ends by itself, and the store is asked."""
        self.run_on(self.a, ROWS)
        host, proxy = self.behind_proxy("mute", b"COPY listing", once=True)
        self.publish(NEW)
        result = host.call("run", "--force", "--deadline", "5s", "mine")
        self.assertEqual((result.status, proxy.cuts, self.current()), (0, 1, NEW), result)

    # -- what is left behind ----------------------------------------------------------------------

    def test_statement_of_a_run_that_left_ends(self):
        """So do its locks: the server notices that nobody waits for the answer."""
        self.run_on(self.a, ROWS)
        self.server.sql("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;"
                        "CREATE TRIGGER slow BEFORE INSERT ON run_source FOR EACH ROW"
                        " EXECUTE FUNCTION slow()")
        self.publish(NEW)
        process = self.begin(self.a, "run", "--force", "mine").until_said("waiting for the server")
        self.stop(process, signal.SIGTERM)
        start = time.monotonic()
        self.server.sql("DROP FUNCTION slow CASCADE")  # waits for whoever writes to the table
        self.assertLess(time.monotonic() - start, SOON)
        self.check_next_run(NEW)


class Complaints(Shared):
    """What a server or a pooler does not like: an exit status that says whether waiting helps."""

    def test_server_that_only_reads(self):
        """A standby: after a failover waiting helps."""
        self.run_on(self.a, ROWS)
        self.server.sql(f"ALTER DATABASE {DATABASE} SET default_transaction_read_only = on",
                        database="postgres")
        self.addCleanup(self.server.sql,
                        f"ALTER DATABASE {DATABASE} RESET default_transaction_read_only",
                        database="postgres")
        for command in (("run", "--force", "mine"), ("rollback", "mine")):
            result = self.a.call(*command)
            self.assertEqual(result.status, 75, result)
            self.assertIn("target_session_attrs=read-write", result.err)
        self.assertEqual(self.a.call("list").status, 0)

    def pooler(self, **settings):
        if not os.path.exists("/usr/sbin/pgbouncer"):
            self.skipTest("no pgbouncer here")
        pooler = Pooler(self.server, **settings)
        self.addCleanup(pooler.stop)
        return pooler

    def test_parameter_that_the_pooler_refuses(self):
        pooler = self.pooler()
        host = self.host("c", self.server.location(port=pooler.port) +
                         "?options=-csearch_path%3Dpublic")
        result = host.call("run", "mine")
        self.assertEqual(result.status, 78, result)
        self.assertIn("unsupported startup parameter", result.err)
        self.assertIn("ignore_startup_parameters", result.err)

    def test_pooling_of_statements(self):
        pooler = self.pooler(pool_mode="statement")
        host = self.host("c", self.server.location(port=pooler.port))
        result = host.call("run", "mine")
        self.assertEqual(result.status, 78, result)
        self.assertIn("pool_mode = transaction", result.err)


class Verify(Shared):
    def fill(self, first, last):
        """So many ISINs, each with ten versions that are over; the counts stay right."""
        for begin in range(first, last, 3000):  # an argument has its limits
            self.insert([isin(number) for number in range(begin, min(begin + 3000, last))])

    def insert(self, isins):
        rows = ",".join(f"('{key}')" for key in isins)
        self.server.sql(
            "INSERT INTO listing (source_id, isin, venue, name, published, superseded, added_run,"
            " closed_run, opened_as, closed_as) SELECT source_id, new.isin, 'V' || n,"
            " repeat('long name ', 20), published, superseded, added_run, closed_run, opened_as,"
            f" 'removed' FROM listing old, (VALUES {rows}) new (isin), generate_series(1, 10) n"
            f" WHERE old.closed_run IS NOT NULL AND old.isin = '{ISINS[1]}';"
            "UPDATE source SET kept_since = '2024-01-01T00:00:00Z'")

    def prepare(self):
        self.run_on(self.a, ROWS)
        self.run_on(self.a, {ISINS[0]: "x"})
        self.fill(0, 1000)

    def peak(self):
        """KiB of memory that verify takes at most."""
        process = self.a.begin("verify", "--quick", wrapper=["/usr/bin/time", "-f", "peak %M"])
        result = self.a.end(process)
        self.assertEqual(result.status, 0, result)
        return int(result.err.rsplit("peak ", 1)[1])

    def test_memory_does_not_grow_with_the_store(self):
        if not os.path.exists("/usr/bin/time"):
            self.skipTest("no time(1) here")
        if is_sanitized():
            self.skipTest("the sanitizer keeps what was freed")
        self.prepare()
        before = self.peak()
        self.fill(1000, 16000)
        # 150,000 rows of 300 bytes and more: 45 MB at least, were they all in memory.
        self.assertLess(self.peak() - before, 15_000)

    def test_no_false_alarm_while_another_host_publishes(self):
        self.prepare()
        self.fill(1000, 6000)
        publishing = self.begin_publishing()
        findings, rounds = [], 0
        while publishing.poll() is None or rounds < 3:
            result = self.a.call("verify", "--quick", "-o", "json")
            findings += [f for f in result.json() if f["finding"] != "missing_file"]
            rounds += 1
        publishing.wait()
        self.assertEqual(findings, [], f"{rounds} rounds")

    def begin_publishing(self):
        """Another host that brings a list after the other."""
        count = [0]

        def answer(request):
            count[0] += 1
            self.publish({key: f"list {count[0]}" for key in ISINS[count[0] % 3:]})
            newest = self.publisher.answers["/list.csv"]
            self.publisher.answers["/list.csv"] = answer
            newest(request)
        self.publisher.answers["/list.csv"] = answer
        command = f'for i in 1 2 3 4 5 6 7 8; do "{PROGRAM}" --config "{self.b.config}" run --force mine; done'
        process = subprocess.Popen(["sh", "-c", command], env=self.b.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        return process



del Shared

if __name__ == "__main__":
    unittest.main(verbosity=1)
