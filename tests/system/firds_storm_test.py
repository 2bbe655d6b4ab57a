"""Two weeks of FIRDS with everything that goes wrong at a publisher and at home: the store ends equal to
a reference model that reads the same files, version by version.

ISINFETCH_STORM_RECORDS (300), ISINFETCH_STORM_SEED (1): a larger storm, another one.
"""

import collections
import contextlib
import datetime
import os
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from firds_index import FirdsIndex  # noqa: E402
from firds_storm import TRACER, StormMarket, count_calls, kill_at  # noqa: E402
from firds_truth import Truth  # noqa: E402
from harness import PROGRAM, ProgramTest  # noqa: E402

RECORDS = int(os.environ.get("ISINFETCH_STORM_RECORDS", "300"))
SEED = int(os.environ.get("ISINFETCH_STORM_SEED", "1"))
DAYS = 14
GAP, SLOW, CONFLICT, LATE = 3, 5, 9, 11  # days on which the publisher fails somehow
CONTENT = ("added", "changed", "cosmetic", "reconciled")


class Storm(ProgramTest):
    maxDiff = 4000

    def setUp(self):
        super().setUp()
        self.index = FirdsIndex(most=50)
        self.addCleanup(self.index.stop)
        day = datetime.date.today() - datetime.timedelta(days=DAYS + 2)
        self.market = StormMarket(self.dir / "files", day, RECORDS, SEED)
        self.index.files = self.market.files
        self.hidden = set()
        self.index.published = lambda file: file["file_name"] not in self.hidden
        self.use()

    def use(self):
        url = self.index.url("/solr/esma_registers_firds_files/select")
        self.configure(f"store_cache: 64KiB\nsort_memory: 16KiB\nsources:\n  firds:\n    enabled: true\n"
                       f"    discovery: firds-index\n    format: firds\n    url: {url}\n")
        self.command = [PROGRAM, "--config", str(self.config), "run", "--force", "--no-wait"]

    def names(self, day):
        return [file["file_name"] for file in self.market.files if file["publication_date"] == day]

    def begin(self):
        self.market.publish_full(parts=2)

    def publish(self, number):
        """The n-th day; of the day before, what came too late."""
        market = self.market
        market.next_day(RECORDS // 12)
        if number == GAP:
            return
        if number == CONFLICT:
            events, market.events = market.events, []
            market.publish_delta()
            market.events = events
        market.publish_delta(parts={SLOW: 3, CONFLICT: 2}.get(number, 1 + number % 2))
        if number % 7 == 0:
            market.publish_full()
            market.publish_cancellations()
        late = self.names(market.date)
        self.hidden = set(late[-1:] if number == SLOW else late if number == LATE else self.hidden)
        if number in (SLOW + 1, LATE + 2):
            self.hidden = set()

    def expected(self):
        """The truth of what is there and complete."""
        days = collections.Counter()
        for file in self.market.files:
            days[file["publication_date"]] += file["file_name"] in self.hidden
        return Truth([file for file in self.market.files if not days[file["publication_date"]]])

    def rows(self):
        columns = ("isin, venue, name, published, superseded, opened_as, closed_as, valid_from, valid_to,"
                   " cancelled")
        return sorted(tuple(value[:10] if "T00:00:00Z" in value else value for value in row)
                      for row in self.sql(f"SELECT {columns} FROM listing"))

    def assert_true(self):
        truth = self.expected()
        self.assertEqual({(isin, mic): name for isin, mic, name in
                          self.sql("SELECT isin, mic, name FROM listing_current")}, truth.listed())
        self.assertEqual(self.rows(), truth.rows())

    def run_ok(self, *arguments):
        result = self.run_json("--force", *arguments)
        self.assertEqual(result.status, 0, result)
        return result.source()

    # Where the program is killed. Each leaves what the next run has to cope with.

    def kill_before_part(self):
        self.kill_by_index("before_file", 2)

    def kill_within_part(self):
        self.kill_by_index("halfway", 1)

    def kill_by_index(self, hook, number):
        asked = []

        def kill(name):
            asked.append(name)
            if len(asked) == number:
                process.kill()

        self.index.downloads()
        setattr(self.index, hook, kill)
        process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        process.wait()
        setattr(self.index, hook, lambda name: None)
        self.received = asked[:-1] if process.returncode == -9 else []

    def kill_in_staging(self):
        """While the last of the parts that there are is read."""
        self.dry_run()
        newest = max((path for path in (self.state / "archive").rglob("*") if path.is_file()),
                     key=lambda path: path.stat().st_mtime_ns)
        self.killed += kill_at(self.command, self.environment, "read", newest, 2)

    def dry_run(self):
        with contextlib.suppress(AssertionError):
            self.run_ok("--dry-run")

    def kill_in_merge(self):
        self.kill_in_store(lambda calls: calls // 2)

    def kill_before_commit(self):
        self.kill_in_store(lambda calls: calls)

    def kill_in_store(self, choose):
        """At one of the writes that a run would make. It is counted on a copy."""
        log = self.written()
        place = self.state / log
        state, copy = self.state, self.dir / "copy"
        shutil.copytree(state, copy, symlinks=True)
        calls = count_calls(self.command, self.environment, "pwrite64", place, self.dir / "calls")
        shutil.rmtree(state)
        copy.rename(state)
        if calls:
            self.killed += kill_at(self.command, self.environment, "pwrite64", place, choose(calls))

    def written(self):
        """The first load goes into the store itself, what comes later through its log."""
        return "isinfetch.db-wal" if self.sql("SELECT 1 FROM listing LIMIT 1") else "isinfetch.db"

    def test_killed_anywhere_it_ends_in_the_truth(self):
        kills = [self.kill_before_part, self.kill_within_part]
        if TRACER:
            kills += [self.kill_in_staging, self.kill_in_merge, self.kill_before_commit]
        else:
            print("\n*** no strace: fewer places to be killed at ***\n", file=sys.stderr, flush=True)
        self.killed = 0
        self.begin()
        for kill in kills:
            kill()
        self.run_ok()
        self.assert_true()
        for number in range(1, DAYS + 1):
            self.publish(number)
            self.received = []
            kills[number % len(kills)]()
            self.index.downloads()
            result = self.run_json("--force")
            self.assertEqual(result.status, 0, result)
            self.assertFalse(set(self.received) & set(self.index.downloads()))
            if number not in (SLOW, LATE, LATE + 1):
                self.assert_true()
        self.assertEqual(len(self.sql("SELECT 1 FROM gap WHERE filled_run IS NULL")), 1)
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])
        self.assertGreaterEqual(self.killed, 8 if TRACER else 0)
        self.assertEqual(self.run_ok()["status"], "unchanged")

    def test_days_in_any_order_end_in_the_truth(self):
        self.begin()
        for number in range(1, DAYS + 1):
            self.publish(number)
        self.hidden = set()
        days = sorted({file["publication_date"] for file in self.market.files})
        truth = in_any_order(self.expected().rows())
        for seed in range(2):
            self.state = self.dir / f"state-{seed}"
            self.use()
            random.Random(SEED + seed).shuffle(days)
            for day in days:
                self.run_backfill(day, day)
            self.assertEqual(in_any_order(self.rows()), truth)
            before = self.rows()
            self.run_backfill(min(days), max(days))
            self.assertEqual(self.rows(), before)

    def test_deltas_alone_and_a_full_list_later(self):
        for number in range(1, DAYS + 1):
            self.publish(number)
        self.hidden = set()
        days = sorted({file["publication_date"] for file in self.market.files})
        self.run_backfill(days[0], days[4])
        early = [file for file in self.market.files if file["publication_date"] <= days[4]]
        self.assertEqual(self.rows(), Truth(early).rows())
        report = self.run_ok()
        self.assertGreater(report["added"], RECORDS // 2)
        last = [file for file in self.market.files if file["publication_date"] == self.market.date]
        self.assertEqual(in_any_order(self.rows()), in_any_order(Truth(early + last).rows()))
        # The first full list adds what nothing was known of.
        self.assertEqual(self.sql("SELECT isin FROM listing l WHERE opened_as = 'reconciled' AND NOT EXISTS"
                                  " (SELECT 1 FROM listing m WHERE m.isin = l.isin AND m.venue = l.venue"
                                  " AND m.published < l.published)"), [])

    def run_backfill(self, first, last):
        result = self.call("backfill", "--from", first, "--to", last, "-o", "json")
        self.assertEqual(result.status, 0, result)


def in_any_order(rows):
    """Without what depends on the order of the runs, see isinfetch-schema(7)."""
    return [(*row[:5], "content" if row[5] in CONTENT else row[5], *row[6:]) for row in rows]


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
