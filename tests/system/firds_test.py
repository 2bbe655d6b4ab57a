"""Bootstrap, deltas, full lists, gaps, conflicts, damage and kills: the store ends equal to the truth
of a market that is made up, whatever the publisher does."""

import datetime
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from firds_files import Market  # noqa: E402
from firds_index import FirdsIndex  # noqa: E402
from harness import PROGRAM, ProgramTest  # noqa: E402


class Firds(ProgramTest):
    method = "firds-index"
    path = "/solr/esma_registers_firds_files/select"

    def setUp(self):
        super().setUp()
        self.index = FirdsIndex()
        self.addCleanup(self.index.stop)
        day = datetime.date.today() - datetime.timedelta(days=20)
        self.market = Market(self.dir / "files", day, 400, seed=6166)
        self.index.files = self.market.files
        self.use()

    def use(self, path=None, method=None, extra=""):
        self.configure(
                       f"sources:\n  firds:\n    enabled: true\n    discovery: {method or self.method}\n"
                       f"    format: firds\n    url: {self.index.url(path or self.path)}\n" + extra)

    def run_ok(self, *arguments):
        result = self.run_json("--force", *arguments)
        self.assertEqual(result.status, 0, result)
        return result.source()

    def start(self, days=0):
        """A full list, and some days of deltas after it."""
        self.market.publish_full(parts=2)
        for _ in range(days):
            self.market.next_day()
            self.market.publish_delta()

    def current(self):
        return {(isin, mic): name for isin, mic, name in
                self.sql("SELECT isin, mic, name FROM listing_current")}

    def assert_true(self):
        self.assertEqual(self.current(), {key: each.name for key, each in self.market.listed.items()})
        since = {(isin, mic): day for isin, mic, day in
                 self.sql("SELECT isin, mic, valid_from FROM listing_current")}
        self.assertEqual(since, {key: each.since for key, each in self.market.listed.items()})

    def test_two_weeks_in_one_run(self):
        self.start(days=14)
        report = self.run_ok()
        self.assertEqual((report["status"], len(report["publications"])), ("updated", 15))
        self.assert_true()
        self.assertEqual(self.run_ok()["status"], "unchanged")

    def test_what_is_undone_can_be_done_again(self):
        self.start(days=2)
        self.run_ok()
        state = ("SELECT * FROM listing ORDER BY id", "SELECT * FROM gap", "SELECT * FROM undo",
                 "SELECT * FROM source")
        before = list(map(self.sql, state))
        for day in range(4):
            self.market.next_day()
            self.market.publish_delta()
            if day == 2:
                self.market.publish_full()
                self.market.publish_cancellations()
        self.assertGreater(len(self.run_ok()["publications"]), 5)
        self.assert_true()
        self.assertEqual(self.call("verify").status, 0)
        result = self.call("rollback", "firds")
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertEqual(list(map(self.sql, state)), before)
        self.assertEqual(self.call("verify").status, 0)
        self.assertGreater(len(self.run_ok()["publications"]), 5)
        self.assert_true()
        self.assertEqual(self.call("verify").status, 0)

    def test_day_by_day_with_full_lists_and_cancellations(self):
        self.start()
        self.run_ok()
        for day in range(14):
            self.market.next_day()
            self.market.publish_delta(parts=1 + day % 3)
            if day % 7 == 6:
                self.market.publish_full()
                self.market.publish_cancellations()
            report = self.run_ok()
            self.assertEqual(report["status"], "updated")
            self.assertEqual((report["reconciled"], report["missing"]), (0, 0), report)
            self.assert_true()
        gone = {(isin, mic): how for isin, mic, how in self.sql(
            "SELECT isin, mic, closed_as FROM listing l WHERE id = (SELECT max(id) FROM listing m WHERE"
            " m.isin = l.isin AND m.venue = l.venue) AND closed_run IS NOT NULL")}
        self.assertEqual(gone, self.market.gone)
        self.assert_exported(gone)

    def exported(self, *arguments):
        out = self.call("export", "--format", "jsonl", *arguments).out
        return [json.loads(line) for line in out.splitlines()]

    def assert_exported(self, gone):
        """What is listed no longer is exported with what was last said of it, and why."""
        rows = self.exported("--all")
        ended = {(row["isin"], row["mic"]): row["closed_as"] for row in rows if row["closed_as"]}
        self.assertEqual(ended, gone)
        self.assertEqual(len(rows), len(self.current()) + len(gone))
        self.assertTrue(all(row["name"] and row["superseded"] for row in rows if row["closed_as"]))

    def test_as_it_was_published_whatever_came_later(self):
        self.start(days=6)
        days = [file["publication_date"] for file in self.market.files if file["file_type"] == "DLTINS"]
        self.index.published = lambda file: file["publication_date"] not in days[1:4]
        self.run_ok()
        self.index.published = lambda file: True
        self.assertEqual(self.call("backfill", "--from", days[1], "--to", days[3]).status, 0)
        truth = self.fresh_truth(days[2])
        listed = self.exported("--as-of", days[2])
        self.assertEqual({(row["isin"], row["mic"]): row["name"] for row in listed}, truth)

    def fresh_truth(self, day):
        """What another store says, that never saw anything later than `day`."""
        state, self.state = self.state, self.dir / "state-until-then"
        self.use()
        self.index.published = lambda file: file["publication_date"] <= day
        self.run_ok()
        truth = self.current()
        self.state = state
        self.use()
        self.index.published = lambda file: True
        return truth

    def test_a_selection(self):
        """What is selected is kept as by a store that has everything, and no other letter's list is
        asked for."""
        mics = ["XPAR", "XETA", "FRAA"]
        self.use(extra="    select: {cfi: [E, D, R], mic: [%s]}\n" % ", ".join(mics))
        self.start()
        for day in range(8):
            report = self.run_ok()
            truth = {key: each.name for key, each in self.market.listed.items()
                     if each.letter in "EDR" and key[1] in mics}
            self.assertEqual((self.current(), report["status"]), (truth, "updated"))
            self.assertEqual(report["accepted"] + report["unselected"], report["seen"])
            self.assertGreater(report["unselected"], 0)
            self.assertFalse([name for name in self.index.downloads() if name.startswith("FULINS_")
                              and name[7] not in "EDR"])
            self.market.next_day(60)
            self.market.publish_delta()
            if day == 5:
                self.market.publish_full()
                self.market.publish_cancellations()
        self.assertEqual(self.sql("SELECT count(*) FROM listing l JOIN listing m ON m.isin = l.isin AND"
                                  " m.venue = l.venue WHERE l.opened_as = 'cancelled' AND"
                                  " m.opened_as = 'added'"),
                         self.sql("SELECT count(*) FROM listing WHERE opened_as = 'cancelled'"))

    def test_a_listing_that_leaves_the_selection(self):
        self.use(extra="    select: {cfi: E}\n")
        self.start()
        self.run_ok()
        key = next(key for key, each in self.market.listed.items() if each.letter == "E")
        self.market.reclassify(key, "C")
        self.market.publish_delta()
        report = self.run_ok()
        self.assertEqual((report["changed"], report["accepted"], report["unselected"]), (1, 0, 1))
        self.assertEqual(self.sql(f"SELECT cfi FROM listing_current WHERE isin = '{key[0]}'"), [["CIOGBU"]])
        self.market.next_day(0)
        self.market.publish_full()
        self.assertEqual(self.run_ok()["missing"], 1)
        self.assertNotIn(key, self.current())
        self.market.reclassify(key, "D")
        self.market.publish_delta()
        self.assertEqual(self.run_ok()["changed"], 0)

    def test_every_index(self):
        self.start(days=2)
        for method, path, xml in (("firds-index", self.path, False), ("firds-index", self.path, True),
                                  ("firds-index", "/publication/searchRegister/doRelativeSearch", False),
                                  ("fca-index", "/fca_data_firds_files", False)):
            self.index.xml = xml
            self.index.checksums = method == "firds-index"
            self.state = self.dir / f"state-{method}-{xml}-{len(path)}"
            self.use(path, method)
            self.run_ok()
            self.assert_true()

    def test_a_part_that_is_late_is_waited_for(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        self.market.publish_delta(parts=3)
        late = self.market.files[-1]["file_name"]
        self.market.next_day()
        self.market.publish_delta()
        self.index.published = lambda file: file["file_name"] != late
        before = self.current()
        report = self.run_ok()
        self.assertEqual((report["status"], self.current()), ("unchanged", before))
        self.assertIn("part 3 of 3 is missing", " ".join(report["waiting"]))
        self.index.published = lambda file: True
        self.assertEqual(len(self.run_ok()["publications"]), 2)
        self.assert_true()

    def test_a_part_that_never_comes_is_noticed(self):
        """Five days of complete deltas wait behind it: nobody is told that all is well."""
        self.start()
        self.run_ok()
        self.market.next_day()
        held = self.market.date
        self.market.publish_delta(parts=2)
        never = self.market.files[-1]["file_name"]
        self.index.published = lambda file: file["file_name"] != never
        self.assertEqual(self.run_ok()["waiting_for"]["behind"], 0)  # it may still be on its way
        self.assertEqual(self.call("status").status, 0)
        before = self.current()
        for day in range(1, 6):
            self.market.next_day()
            self.market.publish_delta()
            result = self.call("run", "-o", "json")  # asked again, though it was asked just now
            entry = result.source()
            waiting = entry["waiting_for"]
            self.assertEqual((entry["status"], waiting["publication"], waiting["behind"]),
                             ("unchanged", f"delta of {held}", day))
            self.assertEqual(entry["freshness"], "held" if day > 1 else "due")
            self.assertEqual(result.status, 75 if day > 1 else 0, result)
            words = f"delta of {held}: part 2 of 2 is missing, noticed {waiting['since']}; "
            self.assertIn(words, entry["waiting"][0])
            self.assertEqual(words in result.err, day > 1, result)
        self.assertEqual(self.current(), before)
        self.assertIn("5 publications wait behind it", self.call("run", "-o", "text").out)
        self.assert_held(held)
        self.index.published = lambda file: True
        self.assertEqual(self.run_ok()["freshness"], "fresh")
        self.assert_true()
        self.assertEqual(self.call("status").status, 0)
        self.assertIsNone(self.call("status", "-o", "json").json()[0]["waiting_for"])

    def assert_held(self, day):
        result = self.call("status")
        self.assertEqual(result.status, 65, result)
        self.assertIn("firds: held: ", result.err)
        self.assertIn(f"waiting: delta of {day}: part 2 of 2 is missing", result.out)
        entry = self.call("status", "-o", "json").json()[0]
        self.assertEqual((entry["freshness"], entry["promise_broken"], entry["due"]),
                         ("held", True, True))
        found = self.call("doctor", "--offline", "-o", "json").json()["findings"]
        health = {finding["subject"]: finding["health"] for finding in found}
        self.assertEqual(health["firds: freshness"], "failed")

    def test_a_full_list_makes_up_for_a_part_that_never_comes(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        self.market.publish_delta(parts=2)
        never = self.market.files[-1]["file_name"]
        self.index.published = lambda file: file["file_name"] != never
        for _ in range(3):
            self.market.next_day()
            self.market.publish_delta()
        self.assertEqual(self.run_json("--force").status, 75)
        self.market.publish_full()
        report = self.run_ok()
        self.assertEqual((report["waiting_for"], report["freshness"]), (None, "fresh"))
        self.assertEqual(self.current(), {key: each.name for key, each in self.market.listed.items()})

    def test_gaps_are_shown_by_status(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        gap = self.market.date
        self.market.next_day()
        self.market.publish_delta()
        self.run_ok()
        self.assertEqual(self.call("status", "-o", "json").json()[0]["gaps"], [gap])
        self.assertIn(f"firds: nothing known of {gap}", self.call("status").out)

    def test_a_day_without_a_delta_is_a_gap_until_a_full_list(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        gap = self.market.date
        self.market.next_day()
        self.market.publish_delta()
        self.assertEqual(self.run_ok()["gaps"], [gap])
        self.assertNotEqual(len(self.current()), len(self.market.listed))
        self.assertEqual(self.sql("SELECT day, filled_run FROM gap"), [[gap, ""]])
        self.market.next_day()
        self.market.publish_delta()
        self.market.publish_full()
        report = self.run_ok()
        self.assertGreater(report["reconciled"] + report["missing"], 0)
        self.assertEqual(self.current(), {key: each.name for key, each in self.market.listed.items()})

    def test_a_delta_that_comes_after_all_fills_its_gap(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        self.market.publish_delta()
        late = self.market.files[-1]["file_name"]
        self.index.published = lambda file: file["file_name"] != late
        self.market.next_day()
        self.market.publish_delta()
        self.run_ok()
        self.index.published = lambda file: True
        self.assertEqual(len(self.run_ok()["publications"]), 1)
        self.assert_true()
        self.assertEqual(len(self.sql("SELECT 1 FROM gap WHERE filled_run IS NOT NULL")), 1)

    def test_parts_of_two_generations(self):
        self.start()
        self.run_ok()
        self.market.next_day()
        events, self.market.events = self.market.events, []
        self.market.publish_delta()
        self.market.events = events
        self.market.publish_delta(parts=2)
        report = self.run_ok()
        self.assertIn("parts of several generations", " ".join(report["waiting"]))
        self.assert_true()

    def test_a_wrong_checksum_and_a_file_that_is_cut_change_nothing(self):
        self.start(days=1)
        self.run_ok()
        before = self.current()
        self.market.next_day()
        self.market.publish_delta(parts=2)
        file = self.market.files[-1]
        whole = file["path"].read_bytes()
        for data, checksum in ((whole[:-400], None), (whole, "0" * 32), (whole[:200], None),
                               (b"<html><body>Maintenance</body></html>", None)):
            self.index.broken[file["file_name"]] = data
            right = file["checksum"]
            file["checksum"] = checksum or hashlib.md5(data).hexdigest()
            result = self.run_json("--force")
            self.assertIn(result.status, (65, 75, 76), result)
            self.assertIn(file["file_name"][:-4], result.err)
            self.assertEqual(self.current(), before)
            file["checksum"] = right
        self.index.broken.clear()
        self.run_ok()
        self.assert_true()

    def test_a_file_that_is_not_of_its_day_is_refused(self):
        self.start()
        self.run_ok()
        before = self.current()
        self.market.next_day()
        self.market.publish_delta()
        right = dict(self.market.files[-1])
        self.market.files[-1]["file_name"] = right["file_name"].replace(
            self.market.date.replace("-", ""), datetime.date.today().strftime("%Y%m%d"))
        self.market.files[-1]["publication_date"] = datetime.date.today().isoformat()
        result = self.run_json("--force")
        self.assertEqual(result.status, 65, result)
        self.assertIn(f"dated {self.market.date}, not {datetime.date.today()}", result.err)
        self.assertEqual(self.current(), before)

    def test_what_was_downloaded_is_not_asked_for_again(self):
        self.start()
        lost = self.market.files[-1]["file_name"]
        self.index.broken[lost] = b"<html></html>"
        self.assertNotEqual(self.run_json("--force").status, 0)
        had = set(self.index.downloads())
        self.index.broken.clear()
        self.run_ok()
        self.assertEqual(set(self.index.downloads()), {lost})
        self.assertGreater(len(had), 5)
        self.assert_true()

    def test_a_kill_at_any_time_loses_nothing(self):
        self.start(days=6)
        command = [PROGRAM, "--config", str(self.config), "run", "--force", "--no-wait"]
        for delay in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
            process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.run_json("--force")
        self.assert_true()

    def test_what_failed_on_the_way_is_gone_on_with(self):
        """Two of three days were applied: the next run need not wait until it is due."""
        self.start()
        self.run_ok()
        subprocess.run(["sqlite3", self.state / "isinfetch.db",
                        "UPDATE source SET last_success = '2026-01-01T00:00:00Z'"], check=True)
        for _ in range(3):
            self.market.next_day()
            self.market.publish_delta()
        self.index.broken[self.market.files[-1]["file_name"]] = b"<html></html>"
        result = self.run_json("--force")
        self.assertNotEqual(result.status, 0)
        self.assertEqual(len(result.source()["publications"]), 2)
        self.assertTrue(self.call("status", "-o", "json").json()[0]["due"])
        self.index.broken.clear()
        result = self.call("run", "-o", "json")
        self.assertEqual((result.status, len(result.source()["publications"])), (0, 1), result)
        self.assert_true()
        self.assertEqual(self.call("run", "-o", "json").source()["status"], "current")

    def test_a_backfill_does_not_put_off_what_is_new(self):
        self.start(days=3)
        days = sorted({file["publication_date"] for file in self.market.files})
        self.assertEqual(self.call("backfill", "--from", days[0], "--to", days[1]).status, 0)
        self.assertTrue(self.call("status", "-o", "json").json()[0]["due"])
        self.assertEqual(self.call("run").status, 0)
        self.assert_true()

    def test_backfill_in_any_order_ends_in_the_truth(self):
        self.start(days=8)
        days = sorted({file["publication_date"] for file in self.market.files})
        for first, last in ((days[5], days[8]), (days[2], days[4]), (days[0], days[1])):
            result = self.call("backfill", "--from", first, "--to", last, "-o", "json", "firds")
            self.assertEqual(result.status, 0, result)
        self.assert_true()
        self.assertEqual(self.run_ok()["status"], "updated")  # the cursor was not moved
        self.assert_true()

    def test_what_was_applied_is_asked_for_again_only_where_the_archive_lost_it(self):
        self.start(days=3)
        days = sorted({file["publication_date"] for file in self.market.files})
        call = ("backfill", "--from", days[0], "--to", days[3], "firds")
        self.assertEqual(self.call(*call).status, 0)
        self.assertEqual(len(self.index.downloads()), len(self.market.files))
        damaged, gone = (next(self.state.glob(f"archive/*/{digest}")) for digest in (
            hashlib.sha256(file["path"].read_bytes()).hexdigest() for file in self.market.files[-2:]))
        damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
        gone.unlink()
        self.assertEqual(self.call(*call).status, 0)
        self.assertEqual(sorted(self.index.downloads()),
                         sorted(file["file_name"] for file in self.market.files[-2:]))
        verified = self.call("verify")
        self.assertEqual(verified.status, 0, verified)
        self.assertEqual(self.call("run", "--force").status, 0)
        self.index.downloads()
        self.assertEqual(self.call("rollback", "firds").status, 0)
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertEqual(self.index.downloads(), [])
        self.assert_true()

    def test_backfill_of_what_was_pruned_is_refused(self):
        self.start(days=8)
        self.run_ok()
        days = sorted({file["publication_date"] for file in self.market.files})
        subprocess.run(["sqlite3", self.state / "isinfetch.db",
                        f"UPDATE source SET kept_since = '{days[3]}T12:00:00Z'"], check=True)
        before = self.sql("SELECT * FROM listing ORDER BY id")
        for first in (days[0], days[3]):
            result = self.call("backfill", "--from", first, "firds")
            self.assertEqual(result.status, 66, result)
            self.assertIn(f"versions that ended before {days[3]}T12:00:00Z were pruned", result.err)
        self.assertEqual(self.sql("SELECT * FROM listing ORDER BY id"), before)
        self.assertEqual(self.call("backfill", "--from", days[4], "firds").status, 0)

    def test_backfill_of_what_is_no_feed_and_of_no_days(self):
        self.use(extra="  mine: {enabled: true, format: lines, url: 'file:///x'}\n")
        for arguments, word in ((("--from", "2026-11-01", "mine"), "mine does not publish"),
                                (("--from", "yesterday", "firds"), "yesterday"),
                                (("--from", "2026-11-31", "firds"), "2026-11-31"),
                                (("--from", "2026-11-10", "--to", "2026-11-09", "firds"), "before")):
            result = self.call("backfill", *arguments)
            self.assertEqual(result.status, 64, result)
            self.assertIn(word, result.err)

    @staticmethod
    def spoil(file):
        """Complete and of its day, but no ISIN in it is one."""
        with zipfile.ZipFile(file["path"]) as packed:
            (name, text), = ((entry, packed.read(entry)) for entry in packed.namelist())
        with zipfile.ZipFile(file["path"], "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, re.sub(rb"<Id>[A-Z]{2}[A-Z0-9]{9}[0-9]</Id>", b"<Id>no ISIN</Id>", text))
        file["checksum"] = hashlib.md5(file["path"].read_bytes()).hexdigest()

    def test_a_full_list_without_one_valid_record_is_never_published(self):
        self.start(days=1)
        self.run_ok()
        before = self.current()
        self.market.next_day()
        self.market.publish_full()
        for file in self.market.files:
            if file["publication_date"] == self.market.date:
                self.spoil(file)
        for arguments in ([], ["--accept-shrink", "firds"]):
            result = self.run_json("--force", *arguments)
            self.assertEqual(result.status, 65, result)
            self.assertIn("not one valid record", result.source()["error"]["message"])
            self.assertNotIn("--accept-shrink", result.source()["error"]["message"])
            self.assertEqual(self.current(), before)

    def test_an_index_without_a_full_list(self):
        self.market.next_day()
        self.market.publish_delta()
        result = self.run_json("--force")
        self.assertEqual(result.status, 75, result)
        self.assertIn("the index has no complete full list to begin with", result.err)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
