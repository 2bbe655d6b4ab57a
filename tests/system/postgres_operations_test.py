"""Commands that look after a store, on one that hosts share: rollback, verify, prune, backup, and
that every answer is the one that the same store in SQLite gives.

Real processes, each with a state directory of its own, against a real PostgreSQL server.
"""

import contextlib
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cutting_proxy import CuttingProxy  # noqa: E402
from postgres import DATABASE  # noqa: E402
from shared_store import ISINS, Shared  # noqa: E402

FINE = (0, 75)


class Rollback(Shared):
    def hold_up(self, host):
        """A run that is in the middle of its download."""
        self.open_gate.clear()
        process = host.begin("run", "--force", "mine")
        self.addCleanup(process.kill)
        self.wait_until("SELECT 1 FROM source WHERE lease_holder LIKE '%run%'")
        return process

    def test_a_run_on_another_host_comes_first(self):
        first, _, third = self.three_days()
        self.publish({ISINS[8]: "x"})
        run = self.hold_up(self.a)
        refused = self.b.call("rollback", "--lock-wait", "0", "mine")
        self.assertEqual(refused.status, 75, refused)
        self.assertIn("mine: another host works on it", refused.err)
        waiting = self.b.begin("rollback", "mine")
        self.open_gate.set()
        self.assertEqual(self.a.end(run).status, 0)
        result = self.b.end(waiting)
        self.assertEqual(result.status, 0, result)
        self.assertEqual((self.current(), self.lists()), (third, 3))
        self.assertEqual(self.server.sql("SELECT lease_holder FROM source"), [[""]])
        self.check_sound()

    def test_a_frozen_run_is_fenced(self):
        _, second, _ = self.three_days()
        self.publish({ISINS[8]: "x"})
        run = self.hold_up(self.a)
        run.send_signal(signal.SIGSTOP)
        self.addCleanup(run.send_signal, signal.SIGCONT)
        self.open_gate.set()
        result = self.b.call("rollback", "mine")  # once the lease has run out
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.current(), second)
        run.send_signal(signal.SIGCONT)
        result = self.a.end(run)
        self.assertEqual(result.status, 75, result)
        self.assertEqual((self.current(), self.lists()), (second, 2))
        self.check_sound()

    def test_runs_and_rollbacks_at_once_come_one_after_another(self):
        dice = random.Random(7)
        lists = [{ISINS[i]: f"day {day}" for i in dice.sample(range(10), 6)} for day in range(12)]
        self.run_on(self.a, lists[0])
        known = [lists[0]]  # what rollbacks lead back to
        for rows in lists[1:]:
            self.publish(rows)
            before = self.lists()
            processes = [(host, host.begin(*command)) for host, command in
                         ((self.a, ("run", "--force", "mine")),
                          (self.b, ("rollback", "mine")))]
            results = [host.end(process) for host, process in processes]
            for result in results:
                self.assertIn(result.status, FINE, result)
            run, rollback = (result.status == 0 for result in results)
            self.assertEqual(self.lists(), before + run - rollback)
            # Either first the run, which the rollback undid; or first the rollback.
            choices = []
            if not rollback:
                choices = [known + [rows] if run else known]
            elif not run:
                choices = [known[:-1]]
            else:
                choices = [known, known[:-1] + [rows]]
            fitting = [c for c in choices if self.current() == (c[-1] if c else {})]
            self.assertEqual(len(fitting), 1, (choices, self.current(), results))
            known = fitting[0]
            if not known:
                self.run_on(self.a, rows)
                known = [rows]
            self.check_sound()

    def test_killed_at_any_moment_it_is_done_or_not(self):
        dice = random.Random(3)
        before, after = {ISINS[0]: "x"}, {ISINS[1]: "x"}
        self.run_on(self.a, before)
        self.run_on(self.a, after)
        start = time.monotonic()
        self.assertEqual(self.a.call("rollback", "-n", "mine").status, 0)
        whole = time.monotonic() - start
        done = 0
        for _ in range(15):
            process = self.a.begin("rollback", "mine")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(dice.random() * 3 * whole)
            process.kill()
            process.communicate()
            self.server.sql("UPDATE source SET lease_until = store_time(-1)")
            # The server may have yet to hear of it: what comes next waits for it as any host does.
            self.wait_until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE"
                            f" datname = '{DATABASE}' AND application_name = 'isinfetch')")
            self.assertIn(self.current(), (before, after))
            self.check_sound()
            if self.current() == before:
                done += 1
                result = self.b.call("run", "--force", "mine")
                self.assertEqual(result.status, 0, result)
        print(f"\nrollback killed 15 times: {done} done, {15 - done} not", flush=True)

    def test_the_reply_to_commit_may_get_lost(self):
        _, second, _ = self.three_days()
        undone = threading.local()

        def cut(data):
            if b"undone_run = $1" in data:
                undone.seen = True
            if b"COMMIT\0" in data and getattr(undone, "seen", False):
                undone.seen = False
                return "after"
            return None
        proxy = CuttingProxy(self.server.port, cut)
        self.addCleanup(proxy.stop)
        host = self.host("c", self.server.location(port=proxy.port))
        result = host.call("rollback", "mine")
        self.assertEqual((result.status, proxy.cuts), (0, 1), result)
        self.assertEqual((self.current(), self.lists()), (second, 2))

    def test_a_dry_run_takes_no_lease(self):
        _, _, third = self.three_days()
        fence = self.server.sql("SELECT fence FROM source")
        self.assertEqual(self.b.call("rollback", "-n", "mine").status, 0)
        self.assertEqual(self.server.sql("SELECT fence FROM source"), fence)
        self.assertEqual((self.current(), self.lists()), (third, 3))

    def test_what_has_no_list_is_left_alone(self):
        self.assertEqual(self.b.call("rollback", "mine").status, 66)
        self.assertEqual(self.a.call("store", "migrate").status, 0)
        self.assertEqual(self.b.call("rollback", "mine").status, 66)
        self.assertEqual(self.server.sql("SELECT count(*) FROM source"), [["0"]])


class Upkeep(Shared):
    def test_verify_expects_the_files_of_its_own_host(self):
        self.three_days()
        self.assertEqual(self.a.call("verify").out, "")
        file = next((self.a.directory / "state/archive").glob("*/*"))
        file.unlink()
        result = self.a.call("verify")
        self.assertEqual(result.status, 65, result)
        self.assertTrue(result.out.startswith("missing_file "), result)
        self.server.sql("UPDATE run SET host = 'another host'")
        result = self.a.call("verify")
        self.assertEqual((result.status, result.out), (0, ""), result)

    def test_verify_is_told_of_an_archive_that_is_gone(self):
        """Hosts are told apart by the names that the configuration gives them."""
        alpha = self.host("c", extra="host_name: alpha")
        beta = self.host("d", extra="host_name: beta")
        self.run_on(alpha, {ISINS[0]: "x"})
        self.assertEqual(self.server.sql("SELECT host FROM run"), [["alpha"]])
        shutil.rmtree(alpha.directory / "state/archive")
        missed = alpha.call("verify", "-o", "json")
        self.assertEqual([f["finding"] for f in missed.json()], ["missing_file"])
        for host, options in ((beta, ()), (alpha, ("--archive-gone", "alpha"))):
            result = host.call("verify", *options)
            self.assertEqual(result.status, 0, result)
        self.assertEqual(alpha.call("verify", "--archive-gone", "beta").status, 65)

    def test_closed_descriptors_do_not_become_the_connection(self):
        self.three_days()
        for closed, arguments, expected in (("1", ["list"], 74), ("1 2", ["export"], 74),
                                            ("2", ["-vv", "run", "--force", "mine"], 0),
                                            ("0 1 2", ["-vv", "run", "--force", "mine"], 0)):
            with self.subTest(closed=closed, arguments=arguments):
                closing = " ".join(f"{number}>&-" for number in closed.split())
                result = self.a.call(*arguments, wrapper=("sh", "-c", f'exec "$@" {closing}', "sh"))
                self.assertEqual((result.status, result.out), (expected, ""), result)
                locks = {path.read_text() for path in (self.a.directory / "state/locks").glob("m*")}
                self.assertEqual([text for text in locks if "isinfetch: " in text], [])
        self.check_sound()

    def test_rows_of_any_length(self):
        # Before, a batch of the server's COPY was as long as its rows made it, and its length an int.
        rows = {isin: letter * 900_000 for isin, letter in zip(ISINS, "abcdefgh")}
        for _ in range(2):
            self.run_on(self.a, rows)
            self.assertEqual(self.current(), rows)
            rows = {isin: name[::-1].replace("a", "z") for isin, name in rows.items()}
        self.check_sound()

    def test_verify_names_damage(self):
        self.three_days()
        self.server.sql("UPDATE source SET records = 9")
        result = self.a.call("verify", "-o", "json")
        self.assertEqual((result.status, [f["finding"] for f in result.json()]),
                         (65, ["wrong_count"]), result)
        self.server.sql("UPDATE source SET records = 4;"
                        f"UPDATE listing SET isin = 'US0378331006' WHERE isin = '{ISINS[0]}'")
        self.assertIn("wrong_check_digit", self.a.call("verify").out)

    def test_backup_names_the_tool_for_it(self):
        self.three_days()
        copy = self.directory / "copy"
        result = self.a.call("backup", copy)
        self.assertEqual(result.status, 78, result)
        self.assertIn("postgresql makes copies with pg_dump(1)", result.err)
        self.assertFalse(copy.exists())

    def make_runs_older(self, days):
        self.server.sql("UPDATE run SET started = to_char(started::timestamptz AT TIME ZONE 'UTC' -"
                        f" interval '{days} days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")

    def pruning_host(self, name="p"):
        return self.host(name, extra="keep: {archive: 1d, runs: 1d, versions: 1d}")

    def fill(self):
        """Old lists with a few thousand versions that are over."""
        _, _, third = self.three_days()
        self.server.sql(
            "INSERT INTO listing (source_id, isin, venue, name, published, superseded, added_run,"
            " closed_run, opened_as, closed_as) SELECT source_id, isin, 'V' || n, name, published,"
            " superseded, added_run, closed_run, opened_as, 'removed' FROM listing,"
            " generate_series(1, 3000) n WHERE closed_run IS NOT NULL AND venue = '';"
            # What was pruned before is not counted.
            "UPDATE source SET kept_since = '2024-01-01T00:00:00Z'")
        for _ in range(3):
            self.assertEqual(self.a.call("run", "mine").status, 0)
        self.make_runs_older(30)
        return third

    def check_pruned(self, current):
        result = self.pruning_host().call("prune", "-o", "json")
        self.assertEqual(result.status, 0, result)
        self.assertEqual((result.json()["versions"], result.json()["runs"]), (0, 0))
        self.assertEqual(self.current(), current)
        self.assertEqual(self.server.sql("SELECT count(*) FROM listing WHERE closed_run IS NOT NULL"),
                         [["0"]])
        self.check_sound()

    def test_prune_goes_on_after_a_kill(self):
        current = self.fill()
        host, dice = self.pruning_host(), random.Random(5)
        left = [9003]
        start = time.monotonic()
        self.assertEqual(host.call("prune", "-n").status, 0)
        whole = time.monotonic() - start
        for _ in range(8):
            process = host.begin("prune")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(dice.random() * 2 * whole)
            process.kill()
            process.communicate()
            self.check_sound()
            self.assertEqual(self.current(), current)
            left.append(int(self.server.sql("SELECT count(*) FROM listing"
                                            " WHERE closed_run IS NOT NULL")[0][0]))
            self.assertLessEqual(left[-1], left[-2])
        print(f"\nprune killed 8 times: versions left {left}", flush=True)
        self.assertEqual(host.call("prune").status, 0)
        self.check_pruned(current)

    def test_hosts_prune_and_run_at_the_same_time(self):
        self.fill()
        pruners = [self.pruning_host(f"p{n}") for n in range(3)]
        self.publish({ISINS[0]: "z", ISINS[9]: "x"})
        processes = [(host, host.begin("prune")) for host in pruners]
        processes.append((self.a, self.a.begin("run", "--force", "mine")))
        for host, process in processes:
            result = host.end(process)
            self.assertIn(result.status, FINE, result)
        self.assertEqual(self.current(), {ISINS[0]: "z", ISINS[9]: "x"})
        self.assertEqual(pruners[0].call("prune").status, 0)
        self.check_sound()
        self.assertEqual(
            self.server.sql("SELECT count(*) FROM listing WHERE closed_run IS NOT NULL AND"
                            " closed_run <> (SELECT head FROM source)"), [["0"]])

    @unittest.skipIf(shutil.which("faketime") is None, "no faketime here")
    def test_prune_goes_by_the_clock_of_the_store(self):
        self.three_days()
        before = self.server.sql("SELECT count(*) FROM listing")
        result = self.pruning_host().call("prune", wrapper=("faketime", "-f", "+1000d"))
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.server.sql("SELECT count(*) FROM listing"), before)


class Answers(Shared):
    """The same store in SQLite, in PostgreSQL, and back in SQLite gives the same answers."""

    def queries(self):
        for kinds in ([], ["--kind", "new"], ["--kind", "removed", "--kind", "cosmetic"]):
            for form in ("text", "csv", "json"):
                yield ["changes", "--since", "2024-01-01", *kinds, "-o", form]
        yield ["changes", "--since", "2024-03-02", "--until", "2024-03-02"]
        yield ["changes", "--since", "1d", "--by-run", "-o", "json"]
        for form in ("text", "json"):
            for isin in ISINS[:5]:
                yield ["lookup", isin, "-o", form]
                yield ["lookup", "--history", isin, "-o", form]
                yield ["lookup", "--as-of", "2024-03-02", isin, "-o", form]
                yield ["history", isin, "-o", form]
            yield ["diff", "mine", "-o", form]
            yield ["diff", "mine", "2024-03-01", "2024-03-03", "-o", form]
            yield ["history", "-o", form]
            yield ["history", "mine", "-o", form]
            yield ["status", "-o", form]
            yield ["list", "-o", form]
            yield ["list", "--as-of", "2024-03-01", "-o", form]
        yield ["export", "--format", "csv"]
        yield ["export", "--format", "jsonl", "--all"]

    @staticmethod
    def answer(host, query):
        """But for how long ago something was, which grows from one call to the next."""
        result = host.call(*query)
        out = result.out
        if query[0] == "status":
            out = " ".join(re.sub(r"\b(\d+[dhms] ?)+(?=\s)", "AGE ", out).split())
        return result.status, out, result.err

    def test_are_the_same_in_every_store(self):
        sqlite = self.host("sqlite", f"sqlite:{self.directory}/one.db")
        self.three_days(sqlite)
        self.run_on(sqlite, {ISINS[8]: "Société Générale, S.A.", ISINS[0]: "y"})
        self.assertEqual(sqlite.call("rollback", "mine").status, 0)
        self.assertEqual(sqlite.call("run", "--force", "mine").status, 0)
        back = f"sqlite:{self.directory}/two.db"
        for source, target in ((f"sqlite:{self.directory}/one.db", self.server.location()),
                               (self.server.location(), back)):
            copied = sqlite.call("store", "copy", source, target)
            self.assertEqual(copied.status, 0, copied)
        hosts = [sqlite, self.a, self.host("two", back)]
        asked = 0
        for query in self.queries():
            first, *others = [self.answer(host, query) for host in hosts]
            for other in others:
                self.assertEqual(other, first, query)
            asked += first[1] != ""
        self.assertGreater(asked, 45)


del Shared

if __name__ == "__main__":
    unittest.main(verbosity=1)
