"""The contract of the program with whoever calls it: exit status, streams, reports."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import (FaultyPublisher, PROGRAM, ProgramTest, SOURCE_DIR, cut_after,  # noqa: E402
                     is_sanitized, many_isins, reset_after, stall_after, status)

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215",
         "JP3633400001", "DE0007164600", "FR0000120271", "INE002A01018", "AU0000XVGZA3"]
LIST = ("\n".join(ISINS) + "\n").encode()
FAST = "network: {retry: {attempts: 2, first_delay: 0s, max_delay: 0s}, stall_timeout: 1s}\n"


class Contract(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/list"] = status(200, LIST)
        self.use()

    def use(self, extra="", path="/list"):
        self.configure(FAST + "sources:\n  mine:\n    enabled: true\n    format: lines\n"
                       f"    url: {self.publisher.url(path)}\n" + extra)

    def load(self):
        result = self.run_json("--force")
        self.assertEqual(result.status, 0, result)
        return result

    def served(self):
        return sorted(row[0] for row in self.sql("SELECT isin FROM listing_current"))

    # --- help, usage, streams ---------------------------------------------------------------

    def test_help_and_version_go_to_stdout_with_status_0(self):
        for arguments in (["--help"], ["run", "--help"], ["--version"], ["config", "show", "-h"]):
            result = self.call(*arguments, config=False)
            self.assertEqual((result.status, result.err), (0, ""), arguments)
            self.assertTrue(result.out)

    def test_every_usage_error_is_64(self):
        for arguments in (["--no-such-option"], [], ["run", "--jobs", "x"], ["run", "--jobs", "0"],
                          ["nonsense"], ["run", "--lock-wait", "soon"], ["lookup"],
                          ["run", "-o", "xml"], ["export", "--format", "xls"], ["config"],
                          ["list", "--as-of", "yesterday"], ["run", "--exit-unchanged=0"]):
            result = self.call(*arguments)
            self.assertEqual(result.status, 64, f"{arguments}: {result}")
            self.assertEqual(result.out, "")
            self.assertTrue(result.err.startswith("isinfetch: "), result)

    def test_an_unknown_source_is_64_and_names_the_nearest(self):
        result = self.call("run", "nse-equty")
        self.assertEqual(result.status, 64)
        self.assertIn("did you mean 'nse-equity'?", result.err)

    def test_success_without_a_terminal_is_silent(self):
        for attempt in range(2):
            result = self.call("run", "--force")
            self.assertEqual((result.status, result.out, result.err), (0, "", ""))

    def test_failure_is_one_block_that_says_what_is_still_served(self):
        self.load()
        self.publisher.answers["/list"] = status(404)
        result = self.call("run", "--force")
        self.assertEqual((result.status, result.out), (66, ""))
        self.assertIn("HTTP 404", result.err)
        self.assertIn("still served: 10 listings of 20", result.err)
        self.assertLess(len(result.err.splitlines()), 10)

    def test_the_journal_gets_priorities(self):
        self.publisher.answers["/list"] = status(404)
        with open(self.dir / "journal", "wb") as journal:
            inode = os.fstat(journal.fileno())
            environment = {**self.environment, "JOURNAL_STREAM": f"{inode.st_dev}:{inode.st_ino}"}
            subprocess.run([PROGRAM, "--config", self.config, "run"], env=environment,
                           stderr=journal, timeout=60)
        lines = (self.dir / "journal").read_text().splitlines()
        self.assertTrue(lines and all(line.startswith("<3>") for line in lines), lines)

    def test_a_bare_environment_as_cron_gives_it_is_enough(self):
        result = subprocess.run([PROGRAM, "--config", self.config, "run"], capture_output=True,
                                env={"HOME": "/", "LOGNAME": "x", "PATH": "/usr/bin:/bin",
                                     "SHELL": "/bin/sh"}, timeout=60)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))

    def test_nothing_enabled_is_78_and_says_how_to_enable(self):
        self.configure("")
        result = self.run_json()
        self.assertEqual(result.status, 78)
        self.assertIn("sources --enable", result.err)

    def test_a_source_named_runs_although_it_is_not_enabled(self):
        self.configure(f"sources: {{mine: {{format: lines, url: '{self.publisher.url('/list')}'}}}}")
        self.assertEqual(self.run_json().status, 78)
        self.assertEqual(self.run_json("mine").status, 0)

    def test_enabling_writes_a_file_of_its_own(self):
        home = {"XDG_CONFIG_HOME": str(self.dir / "xdg"), "XDG_STATE_HOME": str(self.dir / "s")}
        if os.geteuid() < 1000:
            self.skipTest("system users configure /etc")
        self.assertEqual(self.call("sources", "--enable", "moex", config=False,
                                   environment=home).status, 0)

    def test_several_are_enabled_at_once(self):
        self.configure("sources:\n  moex:  # Moscow\n    every: 30h\n")
        result = self.call("sources", "--enable", "moex", "xetra")
        self.assertEqual((result.status, result.out.count("enabled in")), (0, 2), result)
        self.assertIn("# Moscow", self.config.read_text())
        shown = json.loads(self.call("sources", "-o", "json").out)
        self.assertEqual([each["source"] for each in shown if each["enabled"]], ["moex", "xetra"])
        before = self.config.read_text()
        for arguments in (("hkex", "--enable", "asx"), ("--enable", "asx", "nowhere"), ("--enable",)):
            with self.subTest(arguments):
                self.assertEqual(self.call("sources", *arguments).status, 64)
                self.assertEqual(self.config.read_text(), before)

    # --- the report -------------------------------------------------------------------------

    def test_the_report_is_complete(self):
        report = self.load().json()
        self.assertEqual((report["schema"], report["exit_status"], report["error"]), (1, 0, None))
        entry = report["sources"][0]
        expected = {"status": "updated", "seen": 10, "accepted": 10, "rejected": 0, "added": 10,
                    "changed": 0, "removed": 0, "isins": 10, "listings": 10, "bytes": len(LIST)}
        self.assertEqual({key: entry[key] for key in expected}, expected)
        self.assertEqual(entry["http"], {"status": 200, "attempts": 1})
        self.assertRegex(entry["sha256"], "^[0-9a-f]{64}$")
        self.assertIn("download", entry["durations_ms"])

    def test_the_report_is_json_on_every_failure(self):
        for code, expected in [(401, 77), (403, 77), (404, 66), (410, 66), (451, 69), (500, 75),
                               (503, 75), (429, 75), (418, 76)]:
            with self.subTest(code=code):
                self.publisher.answers["/list"] = status(code)
                result = self.run_json("--force", "--ignore-cooldown")
                self.assertEqual(result.status, expected, result)
                entry = result.source()
                self.assertEqual((entry["status"], entry["http"]["status"]), ("failed", code))
                self.assertEqual(entry["error"]["exit_status"], expected)

    def test_one_failure_neither_stops_nor_hides_another(self):
        self.use(f"  bad:\n    enabled: true\n    format: lines\n"
                 f"    url: {self.publisher.url('/gone')}\n")
        result = self.run_json()
        self.assertEqual(result.status, 66)
        self.assertEqual(result.source("mine")["status"], "updated")
        self.assertEqual(result.source("bad")["status"], "failed")
        self.assertEqual(len(self.served()), 10)

    def test_unchanged_can_have_a_status_of_its_own(self):
        self.assertEqual(self.run_json("--exit-unchanged").status, 0)
        self.assertEqual(self.run_json("--exit-unchanged").status, 80)
        self.assertEqual(self.run_json("--exit-unchanged=81", "--force").status, 81)
        self.assertEqual(self.run_json("--force").status, 0)

    # --- publishers that misbehave ------------------------------------------------------------

    def refuse(self, answer, expected, *options):
        """The answer ends in that status and the list that was there is served on."""
        self.load()
        before = self.served()
        self.publisher.answers["/list"] = answer
        result = self.run_json("--force", *options)
        self.assertEqual(result.status, expected, result)
        self.assertEqual(self.served(), before)
        self.assertIn("10 listings", result.source()["served"])
        return result

    def test_a_short_body_is_temporary(self):
        self.refuse(cut_after(LIST, 50), 75)

    def test_a_reset_in_the_body_is_temporary(self):
        self.refuse(reset_after(LIST, 50), 75)

    def test_a_stall_is_temporary(self):
        self.refuse(stall_after(LIST, 50, 5), 75)

    def test_an_empty_answer_is_refused(self):
        self.refuse(status(200, b""), 65)

    def test_html_is_a_protocol_error(self):
        result = self.refuse(status(200, b"<!DOCTYPE html><title>Maintenance</title>"), 76)
        self.assertIn("HTML", result.source()["error"]["message"])

    def test_a_file_without_one_record_is_refused(self):
        self.refuse(status(200, b"nothing\nof\nthe\nkind\n"), 65)

    def test_a_redirect_off_the_list_is_a_protocol_error(self):
        result = self.refuse(status(302, Location="http://elsewhere.example/list"), 76)
        self.assertIn("elsewhere.example", result.source()["error"]["message"])

    def test_a_redirect_loop_ends(self):
        self.refuse(status(302, Location="/list"), 76)

    def test_a_304_nobody_asked_for_is_a_protocol_error(self):
        self.publisher.answers["/list"] = status(304)
        self.assertEqual(self.run_json().status, 76)

    def test_a_dead_publisher_is_temporary(self):
        self.load()
        self.publisher.stop()
        self.assertEqual(self.run_json("--force").status, 75)
        self.assertEqual(len(self.served()), 10)

    def test_an_unknown_host_is_temporary(self):
        self.assertEqual(self.run_json("--set", "sources.mine.url=https://no-such-host.invalid/x")
                         .status, 75)

    def test_plain_http_needs_permission(self):
        result = self.run_json("--set", "sources.mine.url=http://list.example/x")
        self.assertEqual(result.status, 78)
        self.assertIn("allow_http", result.out + result.err)

    def test_a_wrong_checksum_is_bad_data(self):
        result = self.refuse(status(200, LIST + b"XS0971721450\n"), 65, "--set",
                             "sources.mine.checksum=md5:" + "0" * 32)
        self.assertIn("0" * 32, result.source()["error"]["message"])

    def test_a_publisher_who_says_wait_is_left_alone(self):
        self.publisher.answers["/list"] = status(429, Retry_After="3600")
        first = self.run_json()
        self.assertEqual((first.status, first.source()["status"]), (75, "failed"))
        asked = len(self.publisher.requests)
        second = self.run_json("--force")
        self.assertEqual((second.status, second.source()["status"]), (75, "cooldown"))
        self.assertEqual(len(self.publisher.requests), asked)
        self.publisher.answers["/list"] = status(200, LIST)
        self.assertEqual(self.run_json("--ignore-cooldown").status, 0)
        self.assertEqual(self.run_json().source()["status"], "current")

    def test_a_cut_download_is_resumed(self):
        etag = '"one"'

        def answer(request):
            wanted = request.headers.get("Range")
            if wanted is None:
                request.send_response(200)
                body = LIST[:60]
                request.send_header("Content-Length", str(len(LIST)))
            else:
                self.assertEqual(request.headers.get("If-Range"), etag)
                start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
                body = LIST[start:]
                request.send_response(206)
                request.send_header("Content-Range", f"bytes {start}-{len(LIST) - 1}/{len(LIST)}")
                request.send_header("Content-Length", str(len(body)))
            request.send_header("ETag", etag)
            request.end_headers()
            request.wfile.write(body)

        self.publisher.answers["/list"] = answer
        result = self.load()
        self.assertEqual(result.source()["http"], {"status": 206, "attempts": 2})
        self.assertEqual(self.served(), sorted(ISINS))

    # --- guards -------------------------------------------------------------------------------

    def test_a_list_that_shrinks_is_refused_until_accepted(self):
        short = ("\n".join(ISINS[:5]) + "\n").encode()
        result = self.refuse(status(200, short), 65)
        entry = result.source()
        self.assertEqual((entry["status"], entry["accepted"]), ("refused", 5))
        self.assertEqual(len(list((self.state / "quarantine/mine").iterdir())), 1)
        self.assertIn("max_shrink", self.sql("SELECT last_error FROM source")[0][0])
        accepted = self.run_json("--force", "--offline", "--accept-shrink", "mine")
        self.assertEqual((accepted.status, accepted.source()["removed"]), (0, 5), accepted)
        self.assertEqual(self.served(), sorted(ISINS[:5]))
        self.assertEqual(self.run_json("--force").source()["status"], "unchanged")

    def test_a_dry_run_does_everything_but_the_commit(self):
        self.load()
        rows = self.sql("SELECT count(*) FROM run_source")
        self.publisher.answers["/list"] = status(200, LIST + b"XS0971721450\n")
        result = self.run_json("--force", "--dry-run")
        self.assertEqual((result.status, result.source()["added"]), (0, 1))
        self.assertEqual(len(self.served()), 10)
        self.assertEqual(self.sql("SELECT count(*) FROM run_source"), rows)
        self.assertEqual(self.load().source()["added"], 1)

    def test_offline_replays_the_archive(self):
        self.assertEqual(self.run_json("--offline").status, 66)
        self.load()
        asked = len(self.publisher.requests)
        self.assertEqual(self.run_json("--offline").source()["status"], "unchanged")
        self.assertEqual(len(self.publisher.requests), asked)

    # --- one run at a time, signals, disks ------------------------------------------------------

    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, "--config", self.config, "run", "-o", "json", *arguments],
                                env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def wait_for_request(self):
        for _ in range(400):
            if self.publisher.requests:
                return
            time.sleep(0.05)
        self.fail("the publisher was never asked")

    def slow(self):
        """A publisher who says nothing for long, and a run that is patient."""
        self.publisher.answers["/list"] = stall_after(LIST, 50, 20)
        self.config.write_text(self.config.read_text().replace("stall_timeout: 1s",
                                                               "stall_timeout: 60s"))

    def test_a_second_run_of_a_source_is_told_who_holds_it(self):
        self.slow()
        first = self.start()
        self.wait_for_request()
        second = self.run_json("--no-wait")
        self.assertEqual(second.status, 75)
        self.assertIn(f"pid {first.pid}", second.source()["error"]["message"])
        first.kill()
        first.communicate()
        self.publisher.answers["/list"] = status(200, LIST)
        self.assertEqual(self.run_json("--no-wait").status, 0)

    def test_signals_end_a_run_cleanly_with_a_report(self):
        for number, expected in [(signal.SIGTERM, 143), (signal.SIGINT, 130)]:
            with self.subTest(signal=number):
                self.publisher.requests.clear()
                self.slow()
                run = self.start()
                self.wait_for_request()
                time.sleep(0.2)
                run.send_signal(number)
                out, err = run.communicate(timeout=30)
                self.assertEqual(run.returncode, expected, err)
                self.assertEqual(json.loads(out)["sources"][0]["status"], "failed")
        self.publisher.answers["/list"] = status(200, LIST)
        self.assertEqual(self.run_json().status, 0)

    @unittest.skipIf(is_sanitized(), "the sanitizer has its own words for faults")
    def test_a_fault_takes_no_report_of_other_sources_with_it(self):
        quick = self.dir / "quick.txt"  # of no host: nobody waits for another one's
        quick.write_bytes(LIST)
        self.use(f"  quick:\n    enabled: true\n    format: lines\n    url: file://{quick}\n")
        self.slow()
        for number in (signal.SIGSEGV, signal.SIGABRT):
            with self.subTest(signal=number):
                self.publisher.requests.clear()
                run = self.start("--force", "--ignore-cooldown")
                self.wait_for_request()
                time.sleep(1)  # by then the other one has ended, but for the busiest of machines
                run.send_signal(number)
                out, err = run.communicate(timeout=30)
                self.assertEqual(run.returncode, -number, err)
                report = json.loads(out)
                self.assertEqual(report["exit_status"], 70)
                found = {source["source"]: source for source in report["sources"]}
                self.assertIn(found["quick"]["status"], ("updated", "unchanged"))
                self.assertEqual(found["mine"]["error"]["kind"], "internal")
                self.assertIn("ended the run before these had ended: mine\n", err)
                self.assertIn("the next run goes on", err)
        self.publisher.answers["/list"] = status(200, LIST)
        result = self.run_json("--force", "--ignore-cooldown")
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.sql("SELECT count(*) FROM run WHERE finished IS NULL"), [["0"]])

    def test_a_deadline_ends_a_run(self):
        self.slow()
        start = time.monotonic()
        result = self.run_json("--deadline", "2s")
        self.assertEqual(result.status, 75, result)
        self.assertLess(time.monotonic() - start, 15)

    def test_a_killed_run_leaves_the_old_list_and_the_next_one_goes_on(self):
        self.load()
        for attempt in range(12):
            more = LIST + b"".join(b"# %d\n" % n for n in range(attempt * 50))
            self.publisher.answers["/list"] = status(200, more)
            run = self.start("--force")
            time.sleep(0.01 * attempt)
            run.kill()
            run.communicate()
            self.assertEqual(self.served(), sorted(ISINS))
        self.assertEqual(self.run_json("--force").status, 0)
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_an_unwritable_state_directory_is_reported(self):
        self.state.mkdir(mode=0o555)
        self.assertIn(self.run_json().status, (73, 77))

    def test_a_state_directory_that_is_a_file_is_reported(self):
        self.state.write_text("in the way")
        result = self.run_json()
        self.assertEqual(result.status, 73, result)
        self.assertEqual(result.json()["exit_status"], 73)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give a directory away")
    def test_root_becomes_the_user_of_the_directory(self):
        self.dir.chmod(0o755)
        self.state.mkdir()
        os.chown(self.state, 12345, 12345)
        result = self.run_json()
        self.assertEqual(result.status, 0, result)
        self.assertEqual({path.stat().st_uid for path in self.state.rglob("*")}, {12345})

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give a directory away")
    def test_root_that_cannot_become_that_user_ends_in_a_whole_report(self):
        self.state.mkdir()
        os.chown(self.state, 12345, 12345)
        done = subprocess.run(["setpriv", "--bounding-set=-setuid", PROGRAM, "--config", self.config,
                               "run", "-o", "json"], env=self.environment, capture_output=True)
        self.assertEqual(done.returncode, 77, done)
        self.assertIn("setpriv --reuid=12345", json.loads(done.stdout)["error"]["message"])
        self.assertEqual(list(self.state.iterdir()), [])

    def test_a_damaged_store_is_an_io_error(self):
        self.load()
        (self.state / "isinfetch.db").write_bytes(b"this is no database" * 1000)
        result = self.run_json("--force")
        self.assertEqual(result.status, 74, result)
        self.assertIn("isinfetch.db", result.json()["error"]["message"])
        self.assertEqual(self.call("list").status, 74)

    def test_a_newer_store_is_refused(self):
        self.load()
        subprocess.run(["sqlite3", self.state / "isinfetch.db",
                        "UPDATE schema_info SET version = 99"], check=True)
        self.assertEqual(self.run_json("--force").status, 78)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small file system")
    def test_a_full_disk_is_an_io_error_and_nothing_is_lost(self):
        large = "".join(f"{isin}\n" for isin in many_isins(90000)).encode()
        answers = iter([LIST])
        self.publisher.answers["/list"] = (
            lambda request: status(200, next(answers, large))(request))
        # Twice full: without a byte left, and with room for the download but not for the store.
        script = f"""set -e
            mkdir -p {self.state}; mount -t tmpfs -o size=64m tmpfs {self.state}
            run() {{ {PROGRAM} --config {self.config} run --force -o json; }}
            try() {{ set +e; run >{self.dir}/report$1; echo $? >>{self.dir}/status; set -e; }}
            fill() {{ head -c $1 /dev/zero >{self.state}/filler 2>/dev/null || true; }}
            count() {{ sqlite3 -readonly {self.state}/isinfetch.db \
                'SELECT count(*) FROM listing_current' >>{self.dir}/counts; }}
            run >/dev/null
            fill 64m; try 1; rm {self.state}/filler; count
            fill 58m; try 2; rm {self.state}/filler; count
            try 3; count
            """
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True,
                              text=True, env=self.environment, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.dir / "status").read_text().split(), ["74", "74", "0"], done.stderr)
        self.assertEqual((self.dir / "counts").read_text().split(), ["10", "10", "90000"])
        for number in (1, 2):
            report = json.loads((self.dir / f"report{number}").read_text())
            self.assertEqual(report["exit_status"], 74)

    # --- reading back ---------------------------------------------------------------------------

    def test_reading_before_the_first_run_says_what_to_do(self):
        for arguments in (["list"], ["lookup", ISINS[0]], ["export"], ["diff", "mine"], ["history"]):
            result = self.call(*arguments)
            self.assertEqual(result.status, 66, f"{arguments}: {result}")
            self.assertIn("isinfetch run", result.err)
        self.assertEqual(self.call("status").status, 0)

    def test_freshness_is_judged_without_network(self):
        self.assertEqual(self.call("status", "--max-age", "1d").status, 65)
        self.load()
        asked = len(self.publisher.requests)
        self.assertEqual(self.call("status", "--max-age", "1d").status, 0)
        time.sleep(2.1)
        self.assertEqual(self.call("status", "--max-age", "1s").status, 65)
        self.assertEqual(len(self.publisher.requests), asked)

    def test_lookup_tells_unknown_from_invalid(self):
        self.load()
        self.assertIn("mine", self.call("lookup", ISINS[0]).out)
        self.assertEqual(self.call("lookup", "XS0971721450").status, 66)
        self.assertEqual(self.call("lookup", "US0378331006").status, 65)
        found = self.call("lookup", "-o", "json", *ISINS[:3]).json()
        self.assertEqual([entry["isin"] for entry in found], ISINS[:3])

    def test_lists_can_be_filtered_and_exported(self):
        self.load()
        self.assertEqual(len(self.call("list", "--country", "US").out.splitlines()), 2)
        self.assertEqual(len(self.call("list", "--source", "mine", "-o", "json").json()), 10)
        lines = self.call("export", "mine", "--format", "csv").out.splitlines()
        self.assertEqual((lines[0].split(",")[:2], len(lines)), (["source", "isin"], 11))
        target = self.dir / "out.jsonl"
        self.assertEqual(self.call("export", "--format", "jsonl", "--output", target).status, 0)
        self.assertEqual(len([json.loads(line) for line in target.read_text().splitlines()]), 10)
        self.assertEqual(self.call("export", "--output", "/no/such/dir/x").status, 73)

    def test_a_list_that_is_given_its_mic_later_keeps_its_history(self):
        rows = "Row;ISIN\n" + "".join(f"{n + 1};{isin}\n" for n, isin in enumerate(ISINS))
        self.publisher.answers["/list"] = status(200, rows.encode())
        for columns, venue in (("isin: ISIN", "MISX"), ("isin: ISIN, venue: Row", "1")):
            with self.subTest(columns=columns):
                self.use(f"    columns: {{{columns}}}\n")
                text = self.config.read_text().replace("format: lines", "format: csv")
                self.config.write_text(text)
                self.load()
                self.assertEqual(self.call("list", "--mic", "MISX").out, "")
                self.config.write_text(text + "    mic: MISX\n")
                entry = self.load().source()
                self.assertEqual([entry[count] for count in ("changed", "added", "removed")],
                                 [len(ISINS), 0, 0], entry)
                self.assertEqual(len(self.call("list", "--mic", "MISX").out.splitlines()),
                                 len(ISINS))
                self.assertEqual(self.load().source()["status"], "unchanged")
                self.assertEqual(self.call("verify").status, 0)
                self.assertIn([venue, "MISX"], self.sql("SELECT venue, mic FROM listing_current"
                                                        f" WHERE isin = '{ISINS[0]}'"))
                shutil.rmtree(self.state)

    def test_a_spreadsheet_gets_no_formulas(self):
        isin = next(iter(many_isins(1)))
        file = self.dir / "formulas.csv"
        file.write_text(f"ISIN,Name\n{isin},\"=HYPERLINK(\"\"http://x/\"\")\"\n")
        self.configure("sources:\n  own: {enabled: true, format: csv, columns: {isin: ISIN, name: Name},"
                       f" url: 'file://{file}'}}\n")
        self.assertEqual(self.call("run").status, 0)
        for words in (["export", "own"], ["changes", "--since", "2000-01-01", "-o", "csv"]):
            with self.subTest(words):
                self.assertIn(',"=HYPERLINK', self.call(*words).out)
                safe = self.call(*words, "--spreadsheet-safe")
                self.assertEqual((safe.status, safe.out.count("=HYPERLINK"), safe.out.count("\"'=HYPERLINK")),
                                 (0, 1, 1), safe)
        for words in (["export", "--format", "jsonl"], ["changes", "--since", "2000-01-01", "-o", "json"]):
            refused = self.call(*words, "--spreadsheet-safe")
            self.assertEqual(refused.status, 64)
            self.assertIn("--spreadsheet-safe is for csv", refused.err)

    def test_an_exported_file_comes_with_where_it_is_from(self):
        self.use("    title: A list\n    terms: none\n    attribution: Made by nobody.\n")
        self.load()
        target, beside = self.dir / "out.csv", self.dir / "out.csv.metadata.json"
        self.assertEqual(self.call("export", "--country", "US", "--output", target).status, 0)
        told = json.loads(beside.read_text())
        self.assertEqual((told["file"], told["format"], told["selection"]), ("out.csv", "csv", {"country": "US"}))
        self.assertEqual(told["sha256"], hashlib.sha256(target.read_bytes()).hexdigest())
        source = told["sources"][0]
        self.assertEqual((source["source"], source["rows"], source["terms"], source["attribution"]),
                         ("mine", 2, "none", "Made by nobody."))
        self.assertRegex(source["published"], r"^20\d\d-\d\d-\d\dT")
        self.assertIn("Made by nobody.", self.call("sources").out)
        self.assertEqual(self.call("sources", "mine", "-o", "json").json()[0]["attribution"], "Made by nobody.")

    def test_metadata_goes_where_it_is_told_to(self):
        self.load()
        target, other = self.dir / "out.csv", self.dir / "about.json"
        self.assertEqual(self.call("export", "-o", target, "--metadata", "none").status, 0)
        self.assertEqual([path.name for path in self.dir.glob("*.metadata.json")], [])
        listed = self.call("export", "--metadata", other).out.encode()
        told = json.loads(other.read_text())
        self.assertEqual((told["file"], told["sha256"]), (None, hashlib.sha256(listed).hexdigest()))
        result = self.call("export", "--force", "-o", target, "--metadata", "/no/such/dir/x")
        self.assertEqual(result.status, 73, result)
        self.assertIn("/no/such/dir/x", result.err)

    def test_lookup_shows_whether_lists_agree_on_the_issuer(self):
        leis = ["529900T8BM49AURSDO55", "7LTWFZYICNSX8D621K86"]
        for name, rows in (("one", [(ISINS[0], leis[0]), (ISINS[1], leis[0])]),
                           ("two", [(ISINS[0], leis[1]), (ISINS[1], leis[0]), (ISINS[1], leis[1])])):
            text = "ISIN,LEI\n" + "".join(f"{isin},{lei}\n" for isin, lei in rows)
            self.publisher.answers[f"/{name}"] = status(200, text.encode())
        self.configure(FAST + "sources:\n" + "".join(
            f"  {name}:\n    enabled: true\n    format: csv\n    url: {self.publisher.url('/' + name)}\n"
            "    columns: {isin: ISIN, lei: LEI, venue: LEI}\n" for name in ("one", "two")))
        self.load()
        self.assertIn("one and two do not agree", self.call("lookup", ISINS[0]).out)
        self.assertNotIn("do not agree", self.call("lookup", ISINS[1]).out)
        found = self.call("lookup", "-o", "json", *ISINS[:2]).json()
        self.assertEqual([entry["leis_agree"] for entry in found], [False] * 2 + [True] * 3)
        self.assertEqual(found[2]["issuer_leis"][0], {"lei": leis[0], "sources": ["one", "two"]})

    def test_a_full_standard_output_is_noticed(self):
        self.load()
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "--config", self.config, "export"], stdout=full,
                                  stderr=subprocess.PIPE, env=self.environment, timeout=60)
        self.assertEqual(done.returncode, 74)

    def test_differences_and_history_are_told(self):
        self.load()
        changed = LIST.replace(b"JP3633400001\n", b"") + b"XS0971721450\n"
        self.publisher.answers["/list"] = status(200, changed)
        self.load()
        kinds = {c["isin"]: c["kind"] for c in self.call("diff", "mine", "-o", "json").json()}
        self.assertEqual(kinds, {"JP3633400001": "removed", "XS0971721450": "added"})
        text = self.call("diff", "mine").out
        self.assertTrue(text.startswith("- JP3633400001"), text)
        self.assertEqual(len(self.call("history", "mine", "-o", "json").json()), 2)
        gone = self.call("history", "JP3633400001", "-o", "json").json()
        self.assertEqual([v["closed_as"] for v in gone], ["removed"])

    # --- configuration --------------------------------------------------------------------------

    def test_mistakes_in_the_configuration_are_named_by_line(self):
        self.configure("sources:\n  mine:\n    enabeld: true\n    every: soon\n")
        for arguments in (["run"], ["config", "check"], ["list"]):
            result = self.call(*arguments)
            self.assertEqual(result.status, 78)
            self.assertIn(f"{self.config}:4: ", result.err)
            self.assertIn("did you mean 'enabled'?", result.err)
            self.assertIn(f"{self.config}:5: ", result.err)

    def test_the_effective_configuration_can_be_shown(self):
        tree = self.call("config", "show", "--origin", "-o", "json").json()
        self.assertEqual(tree["sources"]["mine"]["format"],
                         {"value": "lines", "origin": f"{self.config}:6"})
        self.assertEqual(tree["jobs"]["origin"], "default")
        shown = self.call("config", "show", "--set", "jobs=7").out
        self.assertIn("jobs: 7\n", shown)
        other = self.dir / "shown.yaml"
        other.write_text(shown)
        self.assertEqual(self.call("--config", other, "config", "show", config=False).out,
                         shown)
        self.assertEqual(self.call("config", "check").status, 0)
        self.assertIn(str(self.config), self.call("config", "path").out)

    def test_the_shipped_configuration_is_correct(self):
        for folder in (SOURCE_DIR / "config/sources.d", None):
            environment = {"ISINFETCH_CATALOGUE": str(folder)} if folder else {}
            result = self.call("--config", SOURCE_DIR / "config/isinfetch.yaml", "config", "check",
                               config=False, environment=environment)
            self.assertEqual(result.status, 0, result)

    def test_formats_and_sources_are_listed(self):
        names = {(e["family"], e["name"]) for e in self.call("formats", "-o", "json").json()}
        self.assertLessEqual({("format", "csv"), ("format", "lines"), ("discovery", "direct"),
                              ("store", "sqlite"), ("store", "postgresql"), ("export", "jsonl")}, names)
        sources = {e["source"] for e in self.call("sources", "-o", "json").json()}
        self.assertLessEqual({"nse-equity", "bse-equity", "xetra", "euronext-shares", "moex",
                              "spb", "mine"}, sources)


if __name__ == "__main__":
    unittest.main(verbosity=2)
