"""Several hosts, one PostgreSQL store: whatever happens, one merge per publication.

Real processes, each with a state directory of its own, against a real server. In every round the
publisher has a new list, all hosts fire at once, and something goes wrong: processes are killed or
frozen for longer than their lease, connections are cut, the reply to COMMIT is lost, the server
ends sessions or restarts, clocks are wrong by days, a pooler hands transactions to any session.
After every round: one merge of the new list, every listing current once, every run record closed or
explained by a kill. ISINFETCH_TEST_ROUNDS sets the rounds (8), ISINFETCH_TEST_SEED the dice.
The negative control, a program that checks nothing (see unfenced_lease.cpp), must fail.
"""

import collections
import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cutting_proxy import CuttingProxy  # noqa: E402
from harness import PROGRAM, FaultyPublisher, free_port, respond  # noqa: E402
from network import Namespace  # noqa: E402
from postgres import DATABASE, Postgres, binaries, unprivileged  # noqa: E402

ROUNDS = int(os.environ.get("ISINFETCH_TEST_ROUNDS", "8"))
SEED = int(os.environ.get("ISINFETCH_TEST_SEED", "1"))
# Made where the tests are, which is not where a release is.
UNFENCED = str(pathlib.Path(os.environ.get("ISINFETCH_FACTS", PROGRAM)).with_name("isinfetch_unfenced"))
HOSTS = 8
LEASE = 2  # seconds
ROWS = 400
PATIENCE = 180
FINE = (0, 75)


def check_digit(body):
    digits = "".join(str(int(c, 36)) for c in body)
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - i % 2)
        total += value // 10 + value % 10
    return str(-total % 10)


def isin(number):
    body = f"US{number:09d}"
    return body + check_digit(body)


def list_of(day):
    """A list in which a tenth differs from that of the day before, rows come, and rows go."""
    rows = ["ISIN,Name"]
    for number in range(day, ROWS + day):
        rows.append(f"{isin(number)},NAME {number} {day if number % 10 == day % 10 else ''}")
    return ("\n".join(rows) + "\n").encode()


class Host:
    """One firing of the program on a host of its own."""

    def __init__(self, number, directory, program, location, options):
        self.state = directory / f"host{number}"
        self.state.mkdir(exist_ok=True)
        self.killed = False
        config = self.state / "isinfetch.yaml"
        config.write_text(f"""
state_dir: {self.state}
store: {location}
store_lease: {options.get('lease', LEASE)}s
lock_wait: {options.get('wait', '0s')}
network: {{retry: {{attempts: 2, first_delay: 1s}}}}
sources:
  list:
    url: {options['url']}
    allow_http: true
    format: csv
    every: 20h
    columns: {{isin: ISIN, name: Name}}
    guards: {{max_shrink: 100%}}
""")
        command = [program, "--config", str(config), "run", "list", "-o", "json"]
        if options.get("force"):
            command.append("--force")
        command = [*options.get("wrapper", ()), *command]
        if options.get("skew"):
            command = ["faketime", "-f", options["skew"], *command]
        # faketime comes before the sanitizer's library, which would mind.
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.state),
                       "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment)

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.killed = self.killed or number == signal.SIGKILL
            return True
        return False

    def wait(self):
        try:
            self.out, self.err = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode


class Pooler:
    """pgbouncer, which gives every transaction to any of its sessions."""

    def __init__(self, server, pool_mode="transaction"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-pooler-"))
        self.port = free_port()
        user = unprivileged()
        if user:
            os.chown(self.directory, user["user"], user["group"])
        config = self.directory / "pgbouncer.ini"
        config.write_text(f"""[databases]
{DATABASE} = host=127.0.0.1 port={server.port} user=isin
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = {pool_mode}
default_pool_size = 4
max_client_conn = 100
logfile = {self.directory}/log
""")
        self.process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", str(config)], cwd="/",
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
        for _ in range(200):
            if subprocess.run([str(server.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p",
                               str(self.port)]).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError((self.directory / "log").read_text())

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        shutil.rmtree(self.directory, ignore_errors=True)


@unittest.skipIf(binaries() is None, "no PostgreSQL server here")
class HostsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.remove)

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-hosts-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.dice = random.Random(SEED)
        self.day = 0
        self.counts = collections.Counter()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.addCleanup(self.tell)

    def tell(self):
        print(f"\n{self.id().split('.')[-1]}: seed {SEED}: " +
              ", ".join(f"{name} {n}" for name, n in sorted(self.counts.items())), flush=True)

    # -- what hosts do ---------------------------------------------------------------------------

    def publish(self):
        self.day += 1
        body = list_of(self.day)
        slow = self.slow = threading.Event()
        slow.set()

        def answer(request):
            slow.wait(20)
            respond(request, 200, body, {"ETag": f'"{self.day}"'})
        self.publisher.answers["/list.csv"] = answer

    def fire(self, count=HOSTS, program=PROGRAM, location=None, first=0, **options):
        options.setdefault("url", self.publisher.url("/list.csv"))
        skews = options.pop("skews", [None])
        return [Host(first + n, self.directory, program, location or self.server.location(),
                     {**options, "skew": skews[n % len(skews)]}) for n in range(count)]

    def settle(self, hosts):
        """Waits for all; whoever was not killed must end with 0 or 75."""
        for host in hosts:
            status = host.wait()
            self.counts[f"exit {status}"] += 1
            if not host.killed:
                self.assertIn(status, FINE, host.err.decode())

    def finish(self, **options):
        """The next firings, as a scheduler would have them, until the list is published."""
        for _ in range(20):
            self.settle(self.fire(2, **options))
            if self.is_published():
                return
            time.sleep(0.5)
        self.fail("the list was not published at last")

    def is_published(self):
        rows = self.server.sql("SELECT count(*) FROM listing WHERE closed_run IS NULL AND"
                               f" isin = '{isin(ROWS + self.day - 1)}'")
        return rows == [["1"]]

    def force_due(self):
        """A day goes by."""
        self.server.sql("UPDATE source SET last_success = '2026-01-01T00:00:00Z'")

    # -- what must hold ---------------------------------------------------------------------------

    def merges(self):
        return int(self.server.sql(
            "SELECT count(*) FROM run_source WHERE status = 'updated'")[0][0])

    def check_store(self):
        sql = self.server.sql
        self.assertEqual(self.merges(), self.day, "one merge per publication")
        current = sql("SELECT isin, name FROM listing WHERE closed_run IS NULL ORDER BY isin")
        wanted = [line.split(",") for line in list_of(self.day).decode().splitlines()[1:]]
        self.assertEqual(current, sorted([i, " ".join(n.split())] for i, n in wanted))
        self.assertEqual(sql("SELECT records FROM source"), [[str(ROWS)]])
        self.assertEqual(sql("SELECT count(*) FROM listing l JOIN listing o USING (source_id, isin,"
                             " venue) WHERE l.id < o.id AND l.published < coalesce(o.superseded, 'z')"
                             " AND o.published < coalesce(l.superseded, 'z')"), [["0"]])
        self.wait_until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity"
                        f" WHERE state LIKE 'idle in%' AND datname = '{DATABASE}')")

    def check_records(self, killed):
        """Open records are those of killed processes, no others."""
        open_runs = int(self.server.sql("SELECT count(*) FROM run WHERE finished IS NULL")[0][0])
        self.assertLessEqual(open_runs, killed)
        self.counts["open records, by kill"] = open_runs

    def rounds(self, trouble, share=1.0, **options):
        killed = 0
        for _ in range(max(2, int(ROUNDS * share))):
            self.publish()
            if self.day > 1:
                self.force_due()
            hosts = self.fire(**options)
            trouble(hosts)
            self.settle(hosts)
            self.finish(**{k: v for k, v in options.items() if k in ("location",)})
            killed += sum(host.killed for host in hosts)
            self.check_store()
            self.counts["rounds"] += 1
        self.counts["merges"] = self.merges()
        self.counts["killed"] = killed
        self.check_records(killed)

    # -- the cases --------------------------------------------------------------------------------

    def test_all_at_once(self):
        self.rounds(lambda hosts: None)

    def test_losers_may_wait(self):
        self.rounds(lambda hosts: None, share=0.25, wait="30s")
        self.assertEqual(self.counts["exit 75"], 0)

    def test_killed(self):
        def kill(hosts):
            for host in self.dice.sample(hosts, 4):
                time.sleep(self.dice.random() * 0.1)
                host.signal(signal.SIGKILL)
        self.rounds(kill)
        self.assertGreater(self.counts["killed"], 0)

    def test_frozen_for_longer_than_the_lease(self):
        def freeze(hosts):
            time.sleep(self.dice.random() * 0.3)
            frozen = [h for h in self.dice.sample(hosts, 4) if h.signal(signal.SIGSTOP)]
            self.counts["frozen"] += len(frozen)
            for host in frozen:  # whatever happens: a test that fails leaves nobody behind
                self.addCleanup(host.signal, signal.SIGKILL)
            time.sleep(LEASE + 1.5)
            self.finish(first=HOSTS)  # while they sleep
            for host in frozen:
                host.signal(signal.SIGCONT)
        self.rounds(freeze, share=0.5)

    def test_frozen_while_downloading(self):
        """The holder sleeps, another host takes over and publishes, the holder wakes: fenced."""
        for _ in range(max(2, ROUNDS // 4)):
            self.publish()
            if self.day > 1:
                self.force_due()
            self.slow.clear()
            holder = self.fire(1)[0]
            self.wait_until("SELECT 1 FROM source WHERE lease_holder IS NOT NULL")
            holder.process.send_signal(signal.SIGSTOP)
            self.slow.set()
            time.sleep(LEASE + 1.5)
            self.settle(self.fire(1, first=HOSTS))
            self.assertTrue(self.is_published())
            holder.process.send_signal(signal.SIGCONT)
            # One that had not begun to work finds the list current.
            self.settle([holder])
            self.counts["fenced" if holder.process.returncode else "current"] += 1
            self.check_store()
        self.assertGreater(self.counts["fenced"], 0)
        notes = self.server.sql("SELECT count(*) FROM run_source WHERE warnings LIKE '%taken over%'")
        self.assertEqual(notes, [[str(self.day)]])
        self.check_records(0)

    def test_network_gone_for_longer_than_the_lease(self):
        """Nobody hears of it: neither hosts nor server know more than that nothing comes."""
        try:
            network = Namespace()
        except OSError as error:
            self.skipTest(f"no network namespaces here: {error}")
        self.addCleanup(network.remove)
        doors = [CuttingProxy(port, host=network.outside)
                 for port in (self.server.port, self.publisher.server.server_address[1])]
        for door in doors:
            self.addCleanup(door.stop)
        location = self.server.location(host=network.outside, port=doors[0].port)
        url = f"http://{network.outside}:{doors[1].port}/list.csv"
        for _ in range(max(3, ROUNDS // 2)):
            self.publish()
            if self.day > 1:
                self.force_due()
            inside = self.fire(4, first=HOSTS, location=location, url=url, wrapper=network.wrapper)
            time.sleep(self.dice.random() * 0.3)
            network.connect(False)
            time.sleep(LEASE + 1.5)
            self.finish()  # the others, meanwhile
            network.connect(True)
            self.settle(inside)
            self.check_store()
            self.counts["rounds"] += 1
        self.counts["merges"] = self.merges()
        self.check_records(0)

    def wait_until(self, query):
        for _ in range(400):
            with contextlib.suppress(RuntimeError):  # the first run has yet to make the tables
                if self.server.sql(query):
                    return
            time.sleep(0.05)
        self.fail("never: " + query)

    def test_sessions_ended_by_the_server(self):
        def terminate(hosts):
            for _ in range(10):
                time.sleep(self.dice.random() * 0.05)
                ended = self.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                        " WHERE application_name = 'isinfetch'")
                self.counts["sessions ended"] += len(ended)
        self.rounds(terminate)

    def test_server_restart(self):
        def restart(hosts):
            time.sleep(self.dice.random() * 0.3)
            self.server.stop(self.dice.choice([signal.SIGINT, signal.SIGQUIT]))
            self.server.start()
            self.counts["restarts"] += 1
        self.rounds(restart, share=0.5)

    def test_connections_cut(self):
        proxy = CuttingProxy(self.server.port)
        self.addCleanup(proxy.stop)

        def cut(hosts):
            for _ in range(6):
                time.sleep(self.dice.random() * 0.08)
                proxy.cut_all()
                self.counts["cuts"] += 1
        self.rounds(cut, location=self.server.location(port=proxy.port))

    def test_reply_to_commit_lost(self):
        """COMMIT of the merge gets through, its reply does not: still one merge, and success."""
        proxy = CuttingProxy(self.server.port)
        self.addCleanup(proxy.stop)
        copied = threading.local()

        def cut(data):
            if b"COPY listing" in data or b"UPDATE listing" in data:
                copied.seen = True
            if b"COMMIT\0" in data and getattr(copied, "seen", False):
                copied.seen = False
                return "after"
            return None

        proxy.cut = cut
        for _ in range(max(2, ROUNDS // 2)):
            self.publish()
            if self.day > 1:
                self.force_due()
            self.settle(self.fire(1, location=self.server.location(port=proxy.port), lease=60))
            self.check_store()
        self.assertEqual(proxy.cuts, self.day)
        self.assertEqual(self.counts["exit 0"], self.day)
        self.counts["replies lost"] = proxy.cuts
        self.check_records(0)

    def test_wrong_clocks(self):
        if shutil.which("faketime") is None:
            self.skipTest("no faketime here")
        self.rounds(lambda hosts: None, share=0.5, skews=["+2d", "-2d", None, "+1h"])
        self.assertEqual(self.server.sql("SELECT count(*) FROM source WHERE last_success >"
                                         " store_time(60) OR last_success < store_time(-600)"),
                         [["0"]])

    def test_pooler(self):
        if not os.path.exists("/usr/sbin/pgbouncer"):
            self.skipTest("no pgbouncer here")
        pooler = Pooler(self.server)
        self.addCleanup(pooler.stop)

        def kill(hosts):
            for host in self.dice.sample(hosts, 2):
                time.sleep(self.dice.random() * 0.1)
                host.signal(signal.SIGKILL)
        self.rounds(kill, location=self.server.location(port=pooler.port))

    def test_negative_control(self):
        """Without lease and token the same firing publishes a list more than once, or breaks."""
        for _ in range(10):
            self.publish()
            self.slow.clear()
            hosts = self.fire(program=UNFENCED, force=True)
            time.sleep(1)
            self.slow.set()
            statuses = [host.wait() for host in hosts]
            self.counts["merges"] = self.merges()
            self.counts["rounds"] += 1
            if self.merges() > self.day or any(s not in FINE for s in statuses):
                return
        self.fail("a program that checks nothing did everything right")


if __name__ == "__main__":
    unittest.main(verbosity=1)
