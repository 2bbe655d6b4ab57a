"""What status, the run report and the commands that read say when all is not well."""

import datetime
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, PROGRAM, ProgramTest, respond, status  # noqa: E402

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215"]
LIST = ("\n".join(ISINS) + "\n").encode()
FAST = "network: {retry: {attempts: 1, first_delay: 0s, max_delay: 0s}}\n"


def ago(**time):
    """A time so long ago, as it is stored."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**time)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def modified(**time):
    """An answer with the list, last modified so long ago."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**time)
    return status(200, LIST, Last_Modified=then.strftime("%a, %d %b %Y %H:%M:%S GMT"))


class FreshnessTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/list"] = status(200, LIST)
        self.use()

    def use(self, extra=""):
        self.configure(FAST + "sources:\n  mine:\n    enabled: true\n    format: lines\n"
                       f"    url: {self.publisher.url('/list')}\n" + extra)

    def run_ok(self):
        result = self.run_json("--force")
        self.assertEqual(result.status, 0, result)
        return result

    def store(self, assignments):
        with sqlite3.connect(self.state / "isinfetch.db") as connection:
            connection.execute(f"UPDATE source SET {assignments} WHERE name = 'mine'")

    def assert_status(self, expected, freshness, *arguments):
        """Gives the entry of the list."""
        result = self.call("status", "-o", "json", *arguments)
        entry = result.json()[0]
        self.assertEqual((result.status, entry["freshness"]), (expected, freshness), result)
        self.assertEqual(entry["promise_broken"], expected == 65)
        self.assertEqual(bool(result.err), expected == 65, result)
        self.assertIn(freshness, self.call("status", *arguments).out)
        return entry


class Status(FreshnessTest):
    def test_an_old_list_whose_runs_fail(self):
        self.run_ok()
        self.store(f"published = '{ago(days=3319)}', last_success = '{ago(days=3319)}',"
                   f" failures = 35, failing_since = '{ago(days=3318)}',"
                   " last_error = 'HTTP status 500', last_status = 'failed'")
        entry = self.assert_status(65, "failing")
        self.assertEqual(entry["troubles"], ["failing", "late"])
        self.assertIn("35 runs in a row failed: HTTP status 500", entry["explanation"])

    def test_a_list_that_nobody_asked_for(self):
        self.run_ok()
        self.store(f"last_success = '{ago(hours=39)}'")
        self.assert_status(0, "due")
        self.store(f"last_success = '{ago(hours=41)}'")
        self.assertIn("no success for 1d 17h", self.assert_status(65, "late")["explanation"])

    def test_a_clock_that_was_wrong(self):
        self.run_ok()
        self.store("last_success = '2099-01-01T00:00:00Z', last_attempt = '2099-01-01T00:00:00Z'")
        entry = self.assert_status(65, "future")
        self.assertIn("2099-01-01T00:00:00Z is stored", entry["explanation"])
        self.assertRegex(self.call("status").out, r" in \d+d ")
        self.assertTrue(entry["due"])
        self.assertEqual(self.run_json().source()["freshness"], "fresh")  # asked, and healed

    def test_refusals_in_a_row(self):
        self.run_ok()
        self.publisher.answers["/list"] = status(200, LIST[:26])
        for _ in range(4):
            self.assertEqual(self.run_json("--force").status, 65)
        entry = self.assert_status(0, "refused")  # the promise of `every` is kept so far
        self.assertEqual((entry["failures"], entry["last_status"]), (4, "refused"))
        self.store(f"last_success = '{ago(hours=41)}'")
        self.assert_status(65, "refused")

    def test_a_publisher_who_wants_to_be_left_alone(self):
        self.run_ok()
        self.publisher.answers["/list"] = status(429, Retry_After="7200")
        self.assertEqual(self.run_json("--force").status, 75)
        entry = self.assert_status(0, "cooling")
        self.assertEqual(entry["next_attempt"], entry["next_due"])
        self.store(f"last_success = '{ago(hours=39)}'")
        entry = self.assert_status(0, "cooling")
        self.assertEqual(entry["next_attempt"], entry["cooldown_until"])
        self.assertFalse(entry["due"])

    def test_never_fetched(self):
        self.assertEqual(self.call("status", "-o", "json").json()[0]["freshness"], "never")
        self.publisher.answers["/list"] = status(500)
        self.assertEqual(self.run_json().status, 75)
        self.assert_status(0, "failing")
        self.assert_status(65, "failing", "--max-age", "3d")
        self.store(f"failing_since = '{ago(hours=41)}'")
        self.assert_status(65, "failing")

    def test_what_is_due_when(self):
        self.run_ok()
        entry = self.assert_status(0, "fresh")
        due = datetime.datetime.fromisoformat(entry["next_due"][:-1])
        success = datetime.datetime.fromisoformat(entry["last_success"][:-1])
        self.assertEqual(due - success, datetime.timedelta(hours=20))
        self.assertEqual((entry["next_attempt"], entry["due"]), (entry["next_due"], False))
        self.use("    every: 0s\n")
        entry = self.assert_status(0, "due")
        self.assertTrue(entry["due"])
        self.assertRegex(self.call("status").out, r" now +now ")

    def test_disabled_until_it_is_named(self):
        self.run_ok()
        self.store(f"last_success = '{ago(days=41)}'")
        self.config.write_text(self.config.read_text().replace("    enabled: true\n", ""))
        self.assertIsNone(self.assert_status(0, "disabled")["next_attempt"])
        self.assert_status(65, "late", "mine")


class Stale(FreshnessTest):
    def test_a_publisher_who_stops(self):
        self.use("    stale_after: 10d\n")
        self.publisher.answers["/list"] = modified(days=9)
        self.assertEqual(self.run_ok().err, "")
        self.assert_status(0, "fresh")
        # Two days later.
        self.store(f"published = '{ago(days=11)}', newest_publication = '{ago(days=11)}'")
        self.publisher.answers["/list"] = modified(days=11)
        result = self.run_ok()
        entry = result.source()
        self.assertEqual((entry["status"], entry["freshness"]), ("unchanged", "stale"))
        self.assertIn("mine: stale: nothing newly published for 11d", result.err)
        self.assert_status(65, "stale")
        self.assertEqual(self.call("doctor", "--offline").status, 65)
        self.assertIn("stale", self.call("run", "--force", "-o", "text").out)
        self.assertEqual(self.call("run").err, "")  # told once for each time that it is asked

    def test_the_same_list_published_again_is_news(self):
        self.use("    stale_after: 10d\n")
        self.publisher.answers["/list"] = modified(days=11)
        result = self.run_ok()
        self.assertEqual((result.source()["freshness"], result.err), ("stale", ""))  # it is new here
        self.assertIn("mine: stale: ", self.run_ok().err)
        self.publisher.answers["/list"] = modified(days=1)
        entry = self.run_ok().source()
        self.assertEqual((entry["status"], entry["freshness"]), ("unchanged", "fresh"))
        entry = self.assert_status(0, "fresh")
        self.assertEqual(entry["newest_publication"][:10], ago(days=1)[:10])
        self.assertEqual(entry["published"][:10], ago(days=11)[:10])

    def test_max_age_holds_both_ages(self):
        self.publisher.answers["/list"] = modified(days=2)
        self.run_ok()
        self.assert_status(0, "fresh", "--max-age", "3d")
        self.assert_status(65, "stale", "--max-age", "36h")
        self.store(f"last_success = '{ago(hours=38)}'")
        self.assertEqual(self.assert_status(65, "late", "--max-age", "36h")["troubles"],
                         ["late", "stale"])

    def test_a_dry_run_tells_what_would_be(self):
        self.use("    stale_after: 10d\n")
        self.publisher.answers["/list"] = modified(days=11)
        result = self.run_json("--dry-run")
        self.assertEqual(result.source()["freshness"], "stale")


class Interrupted(FreshnessTest):
    def start_and_end(self, number):
        """A download that a signal ends half way; gives status, report and what was said."""
        body = LIST * 50000

        def half(request):
            respond(request, 200, body[:len(body) // 2], {"ETag": '"one"'}, len(body))
            time.sleep(20)
        self.publisher.answers["/list"] = half
        self.publisher.requests.clear()
        run = subprocess.Popen([PROGRAM, "--config", self.config, "run", "--force", "-o", "json"],
                               env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
        partial = self.state / "partial/mine"
        for _ in range(400):
            if any(file.stat().st_size > 1000000 for file in partial.glob("*.part")):
                break
            time.sleep(0.05)
        run.send_signal(number)
        out, err = run.communicate(timeout=30)
        return run.returncode, json.loads(out)["sources"][0], err

    def test_it_is_no_failure_and_what_was_kept_is_told(self):
        self.run_ok()
        code, entry, err = self.start_and_end(signal.SIGINT)
        self.assertEqual(code, 130, err)
        self.assertRegex(entry["kept"], r"^[\d.]+MiB of an unfinished download$")
        self.assertIn(f"kept for the next run: {entry['kept']}", err)
        self.assertEqual(entry["freshness"], "fresh")
        shown = self.assert_status(0, "fresh")
        self.assertEqual((shown["failures"], shown["last_error"]), (0, None))

    def test_it_does_not_hide_a_failure_before_it(self):
        self.run_ok()
        self.publisher.answers["/list"] = status(500)
        self.assertEqual(self.run_json("--force").status, 75)
        self.assertEqual(self.start_and_end(signal.SIGTERM)[0], 143)
        shown = self.assert_status(0, "failing")
        self.assertEqual(shown["failures"], 1)
        self.assertIn("500", shown["last_error"])


class Reading(FreshnessTest):
    commands = (["list", "--source"], ["export"], ["diff"], ["history"], ["changes", "--since", "7d"],
                ["verify"], ["status"])

    def test_a_source_that_nobody_knows(self):
        for prepare in (lambda: None, self.run_ok):  # without a store, and with one
            prepare()
            for command in self.commands:
                result = self.call(*command, "mime")
                self.assertEqual((result.status, result.out), (64, ""), f"{command}: {result}")
                self.assertIn("mime: no such source, did you mean 'mine'?", result.err)

    def test_a_source_that_was_never_fetched(self):
        self.run_ok()
        self.use("  other: {enabled: true, format: lines, url: 'file:///nowhere'}\n")
        for command in (["list", "--source"], ["export"], ["diff"], ["changes", "--since", "7d"]):
            result = self.call(*command, "other")
            self.assertEqual((result.status, result.out), (66, ""), f"{command}: {result}")
            self.assertIn("other: no list is stored yet: 'isinfetch run other'", result.err)
        result = self.call("history", "other")
        self.assertEqual((result.status, len(result.out.splitlines())), (0, 1), result)
        self.assertIn("other: never run so far", result.err)
        both = self.call("export", "mine", "other")
        self.assertEqual((both.status, len(both.out.splitlines())), (0, 6), both)
        self.assertIn("other: no list is stored yet", both.err)
        self.assertEqual(self.call("lookup", ISINS[0]).err, "")
        for arguments in (["lookup", "DE0007164600"], ["history", "DE0007164600"]):
            result = self.call(*arguments)
            self.assertEqual(result.status, 66)
            self.assertIn("other: no list is stored yet", result.err)

    def test_a_source_that_left_the_configuration(self):
        self.run_ok()
        self.configure("sources: {new: {format: lines, url: 'file:///nowhere'}}\n")
        for command, lines in ((["list", "--source"], 5), (["export"], 6), (["diff"], 5),
                               (["changes", "--since", "7d"], 5)):
            result = self.call(*command, "mine")
            self.assertEqual((result.status, len(result.out.splitlines())), (0, lines),
                             f"{command}: {result}")
            self.assertIn("mine: not in the configuration any more", result.err)
        self.assertEqual(self.call("history", "mine").status, 0)
        result = self.call("status")
        self.assertEqual(result.status, 0, result)
        self.assertIn("mine: not in the configuration: no run asks for it", result.out)
        entry = self.call("status", "-o", "json").json()[0]
        self.assertEqual((entry["configured"], entry["freshness"]), (False, "disabled"))
        self.assertEqual(self.call("status", "--max-age", "1d", "mine").status, 0)
        self.store(f"last_success = '{ago(hours=25)}'")
        self.assertEqual(self.call("status", "--max-age", "1d", "mine").status, 65)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
