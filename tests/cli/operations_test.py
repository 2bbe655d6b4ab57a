"""Commands on the history of the store: what changed, undoing, and what keeps it in order."""

import contextlib
import csv
import datetime
import fcntl
import io
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215",
         "JP3633400001", "DE0007164600", "FR0000120271", "INE002A01018", "AU0000XVGZA3"]
DAY = datetime.datetime(2024, 3, 1, 6, tzinfo=datetime.timezone.utc)


class Operations(ProgramTest):
    """Lists in files, published a day after another."""

    def setUp(self):
        super().setUp()
        self.days = 0
        self.use()

    def use(self, extra=""):
        self.configure(extra + "sources:\n" + "".join(
            f"  {name}: {{enabled: true, format: csv, url: 'file://{self.dir}/{name}.csv',"
            " columns: {isin: ISIN, name: Name}, guards: {max_shrink: 100%, detect_cut: false}}\n"
            for name in ("mine", "other")))

    def publish(self, rows, name="mine"):
        """Another day's list, {isin: name}, and a run that applies it."""
        file = self.dir / f"{name}.csv"
        file.write_text("ISIN,Name\n" + "".join(f"{isin},{title}\n" for isin, title in rows.items()))
        stamp = (DAY + datetime.timedelta(days=self.days)).timestamp()
        self.days += 1
        os.utime(file, (stamp, stamp))
        result = self.run_json("--force", name)
        self.assertEqual(result.status, 0, result)
        return result.source()

    def three_days(self):
        first = {isin: "x" for isin in ISINS[:4]}
        self.publish(first)
        second = {**first, ISINS[0]: "Y", ISINS[4]: "x"}
        del second[ISINS[1]]
        self.publish(second)
        self.publish({**second, ISINS[0]: "y"})
        return first, second

    def dump(self):
        """All that a merge may change."""
        return [self.sql(f"SELECT * FROM {table} ORDER BY id")
                for table in ("listing", "gap", "undo", "source")]

    def store(self, sql):
        subprocess.run(["sqlite3", self.state / "isinfetch.db", sql], check=True)

    def seconds(self, *arguments):
        """How long a call takes that goes well."""
        start = time.monotonic()
        self.assertEqual(self.call(*arguments).status, 0)
        return time.monotonic() - start

    def kill_along_the_way(self, times, *arguments):
        """Calls the program again and again, kills it ever later, up to self.whole and a half, and
        yields after each call."""
        for attempt in range(times):
            process = subprocess.Popen([PROGRAM, "--config", self.config, *map(str, arguments)],
                                       env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.5 * self.whole * attempt / (times - 1))
            process.kill()
            process.wait()
            yield attempt

    def on_full_disk(self, script):
        """Runs `script` in a mount name space where the state is on a tmpfs of 16 MiB."""
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", f"set -e; mkdir -p {self.state};"
             f" mount -t tmpfs -o size=16m tmpfs {self.state}; {script}"],
            capture_output=True, text=True, env=self.environment, timeout=240)

    def foreign_store(self):
        self.state.mkdir()
        self.store("CREATE TABLE theirs (x)")


class Changes(Operations):
    def changes(self, *arguments):
        result = self.call("changes", *arguments)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def kinds(self, *arguments):
        lines = self.changes(*arguments, "-o", "json").splitlines()
        return [(entry["kind"], entry["isin"]) for entry in map(json.loads, lines)]

    def test_changes_come_by_publication_and_key(self):
        self.three_days()
        self.assertEqual(self.kinds("--since", "2024-03-02"),
                         [("added", ISINS[4]), ("changed", ISINS[0]), ("removed", ISINS[1]),
                          ("cosmetic", ISINS[0])])
        self.assertEqual(len(self.kinds("--since", "2000-01-01")), 8)
        self.assertEqual(len(self.kinds("--since", "2024-03-01", "--until", "2024-03-01")), 4)
        self.assertEqual(self.kinds("--since", "2024-03-02T06:00:01Z"), [("cosmetic", ISINS[0])])
        self.assertEqual(self.kinds("--since", "1d"), [])
        self.assertEqual(len(self.kinds("--since", "1d", "--by-run")), 8)

    def test_kinds_and_sources_select(self):
        self.three_days()
        self.publish({ISINS[9]: "x"}, "other")
        self.assertEqual(self.kinds("--since", "2024-03-02", "--kind", "new", "mine"),
                         [("added", ISINS[4])])
        self.assertEqual(self.kinds("--since", "2024-03-02", "--kind", "new"),
                         [("added", ISINS[4]), ("added", ISINS[9])])
        self.assertEqual(self.kinds("--since", "2024-03-02", "--kind", "removed",
                                    "--kind", "cosmetic"),
                         [("removed", ISINS[1]), ("cosmetic", ISINS[0])])

    def test_all_formats_say_the_same(self):
        self.three_days()
        text = self.changes("--since", "2024-03-01").splitlines()
        rows = list(csv.DictReader(io.StringIO(self.changes("--since", "2024-03-01", "-o", "csv"))))
        entries = list(map(json.loads,
                           self.changes("--since", "2024-03-01", "-o", "json").splitlines()))
        self.assertEqual(len(text), 8)
        for line, row, entry in zip(text, rows, entries, strict=True):
            self.assertEqual(row, {name: "" if value is None else value
                                   for name, value in entry.items()})
            for name in ("published", "kind", "source", "isin"):
                self.assertIn(entry[name], line)

    def test_wrong_arguments_are_64(self):
        for arguments in ([], ["--since", "soon"], ["--since", "1d", "--until", "7d"],
                          ["--since", "1d", "--kind", "odd"], ["--since", "1d", "nobody"],
                          ["--since", "1d", "-o", "xml"], ["--since"]):
            result = self.call("changes", *arguments)
            self.assertEqual((result.status, result.out), (64, ""), f"{arguments}: {result}")

    def test_without_a_store_there_is_nothing(self):
        self.assertEqual(self.call("changes", "--since", "1d").status, 66)

    def test_the_past_can_be_looked_up(self):
        self.three_days()
        found = self.call("lookup", "--as-of", "2024-03-02", "-o", "json", ISINS[0]).json()
        self.assertEqual([entry["name"] for entry in found], ["Y"])
        self.assertEqual(self.call("lookup", "--as-of", "2024-03-02", ISINS[1]).status, 66)
        self.assertEqual(self.call("lookup", "--as-of", "then", ISINS[1]).status, 64)


class Rollback(Operations):
    def test_the_newest_run_is_undone_and_can_be_done_again(self):
        first, second = self.three_days()
        self.publish({ISINS[8]: "x"})
        expected = self.sql("SELECT isin, name FROM listing_current ORDER BY isin")
        report = self.call("rollback", "mine", "-o", "json")
        self.assertEqual(report.status, 0, report)
        self.assertEqual((report.json()["removed"], report.json()["listings"]), (1, 4))
        self.assertEqual(dict(self.sql("SELECT isin, name FROM listing_current")),
                         {**second, ISINS[0]: "y"})
        statuses = [entry["status"] for entry in self.call("history", "-o", "json").json()]
        self.assertEqual(statuses, ["rollback", "undone", "updated", "updated", "updated"])
        again = self.run_json("--force", "mine").source()
        self.assertEqual((again["status"], again["added"]), ("updated", 1))
        self.assertEqual(self.sql("SELECT isin, name FROM listing_current ORDER BY isin"), expected)

    def test_everything_is_as_before(self):
        self.publish({ISINS[0]: "x", ISINS[1]: "x"})
        before = self.dump()
        runs = []
        for rows in ({ISINS[0]: "y", ISINS[2]: "x"}, {ISINS[2]: "x"}, {ISINS[1]: "x"}):
            self.publish(rows)
            runs.append(self.call("history", "-o", "json").json()[0]["run_id"])
        result = self.call("rollback", "mine", runs[0][:20])
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.dump(), before)
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])

    def test_a_dry_run_changes_nothing(self):
        self.three_days()
        before = self.dump()
        rows = self.sql("SELECT count(*) FROM run_source")
        result = self.call("rollback", "-n", "mine")
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertIn("would undo", result.out)
        self.assertEqual((self.dump(), self.sql("SELECT count(*) FROM run_source")),
                         (before, rows))

    def test_wrong_arguments_are_64(self):
        self.three_days()
        for arguments in ([], ["nobody"], ["mine", "no-such-run"], ["mine", "x", "y"],
                          ["mine", "--lock-wait", "soon"]):
            result = self.call("rollback", *arguments)
            self.assertEqual((result.status, result.out), (64, ""), f"{arguments}: {result}")

    def test_what_cannot_be_undone_is_refused(self):
        self.assertEqual(self.call("rollback", "mine").status, 66)
        self.assertFalse((self.state / "isinfetch.db").exists())
        self.three_days()
        self.assertEqual(self.call("rollback", "other").status, 66)
        self.store("UPDATE run_source SET previous = NULL")
        before = self.dump()
        result = self.call("rollback", "mine")
        self.assertEqual(result.status, 66, result)
        self.assertIn("cannot be undone", result.err)
        self.assertEqual(self.dump(), before)

    def test_the_store_of_another_program_is_left_alone(self):
        self.foreign_store()
        self.assertEqual(self.call("rollback", "mine").status, 78)
        self.assertEqual(self.sql("SELECT name FROM sqlite_master"), [["theirs"]])

    def test_a_run_of_the_source_is_waited_for(self):
        self.three_days()
        with open(self.state / "locks/mine.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.call("rollback", "--lock-wait", "0", "mine")
        self.assertEqual(result.status, 75, result)
        self.assertIn("mine.lock", result.err)

    def test_killed_at_any_moment_it_is_done_or_not(self):
        self.publish({ISINS[0]: "x"})
        before = self.sql("SELECT isin, name FROM listing_current")
        self.publish({ISINS[1]: "x"})
        after = self.sql("SELECT isin, name FROM listing_current")
        self.whole = self.seconds("rollback", "-n", "mine")
        for _ in self.kill_along_the_way(12, "rollback", "mine"):
            now = self.sql("SELECT isin, name FROM listing_current")
            self.assertIn(now, (before, after))
            if now == before:
                self.run_json("--force", "mine")
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small file system")
    def test_a_full_disk_undoes_nothing(self):
        (self.dir / "mine.csv").write_text("ISIN,Name\n" + "".join(f"{i},x\n" for i in ISINS))
        (self.dir / "other.csv").write_text(
            "ISIN,Name\n" + "".join(f"{i},{'long' * 2000}\n" for i in ISINS))
        call = f"{PROGRAM} --config {self.config}"
        done = self.on_full_disk(f"""
            {call} run -f mine; cp {self.dir}/other.csv {self.dir}/mine.csv; {call} run -f mine
            head -c 16m /dev/zero >{self.state}/filler 2>/dev/null || true
            set +e; {call} rollback mine; echo $?; rm {self.state}/filler; {call} rollback mine
            echo $?; sqlite3 -readonly {self.state}/isinfetch.db \
                'SELECT count(*), max(length(name)) FROM listing_current'""")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line for line in done.stdout.split() if line[0].isdigit()][0], "74",
                         done.stdout + done.stderr)
        self.assertTrue(done.stdout.endswith("0\n10|1\n"), done.stdout)


class Verify(Operations):
    def verify(self, *arguments):
        result = self.call("verify", "-o", "json", *arguments)
        names = [entry["finding"] for entry in result.json()]
        self.assertEqual(result.status, 65 if names else 0, result)
        return names

    def archived(self):
        return sorted((self.state / "archive").glob("*/*"))

    def test_a_sound_store_has_no_findings(self):
        self.three_days()
        self.publish({ISINS[9]: "x"}, "other")
        result = self.call("verify")
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        self.assertEqual(self.verify("mine"), [])
        self.call("rollback", "mine")
        self.assertEqual(self.verify(), [])

    def test_files_are_compared_with_their_digests_and_rows(self):
        self.three_days()
        first, second, _ = self.archived()
        text = first.read_text()
        first.chmod(0o644)
        first.write_text(text.replace("x", "z", 1))
        self.assertEqual(self.verify(), ["wrong_digest"])
        self.assertEqual(self.verify("--quick"), [])
        self.assertEqual(self.verify("other"), [])
        first.write_text(text + "more")
        self.assertEqual(self.verify("--quick"), ["wrong_size"])
        first.write_text(text)
        second.unlink()
        result = self.call("verify")
        self.assertEqual(result.status, 65)
        self.assertTrue(result.out.startswith("missing_file "), result)
        self.assertIn(second.name, result.out)
        self.assertIn("1 finding", result.err)

    def test_an_archive_that_is_gone_is_not_missed(self):
        self.three_days()
        host = self.sql("SELECT DISTINCT host FROM run")[0][0]
        shutil.rmtree(self.state / "archive")
        self.assertEqual(self.call("verify").status, 65)
        self.assertEqual(self.call("verify", "--archive-gone", "another").status, 65)
        self.assertEqual(self.call("verify", "--archive-gone", host).status, 0)

    def test_leases_are_for_stores_that_hosts_share(self):
        self.three_days()
        shown = self.call("store", "lease")
        self.assertEqual((shown.status, shown.out[:9]), (0, "no leases"), shown)
        self.assertEqual(self.call("store", "lease", "-o", "json").json(), [])
        broken = self.call("store", "lease", "--break", "mine")
        self.assertEqual(broken.status, 64, broken)
        self.assertIn("only stores that hosts share have leases", broken.err)

    def test_damage_in_the_store_is_named(self):
        self.three_days()
        self.store("UPDATE source SET records = 9")
        self.assertEqual(self.verify(), ["wrong_count"])
        self.store("UPDATE source SET records = 4;"
                   f"UPDATE listing SET isin = 'US0378331006' WHERE isin = '{ISINS[0]}'")
        self.assertIn("wrong_check_digit", self.verify())

    def test_failures(self):
        self.assertEqual(self.call("verify").status, 66)
        self.assertEqual(self.call("verify", "nobody").status, 64)
        self.foreign_store()
        self.assertEqual(self.call("verify").status, 78)
        (self.state / "isinfetch.db").write_bytes(b"no database" * 1000)
        self.assertEqual(self.call("verify").status, 74)

    def test_a_store_that_nobody_may_write_is_verified(self):
        self.three_days()
        self.state.chmod(0o555)
        self.addCleanup(self.state.chmod, 0o755)
        self.assertEqual(self.verify(), [])


class Prune(Operations):
    def prune(self, *arguments):
        result = self.call("prune", "-o", "json", *arguments)
        self.assertEqual((result.status, result.err), (0, ""), result)
        report = result.json()
        return {name: value for name, value in report.items()
                if value and name not in ("dry_run", "free_bytes") and not name.endswith("_bytes")}

    def partial(self, source="mine", age=30):
        folder = self.state / "partial" / source
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("0123.part", "0123.part.meta"):
            (folder / name).write_text("x" * 100)
            self.age(folder / name, age)

    def age(self, path, days):
        stamp = datetime.datetime.now().timestamp() - 86400 * days
        os.utime(path, (stamp, stamp))

    def make_runs_older(self, days):
        """All runs of the store, and its files."""
        self.store(f"UPDATE run SET started = strftime('%Y-%m-%dT%H:%M:%SZ', started, '-{days} days')")
        for file in (self.state / "archive").glob("*/*"):
            self.age(file, days)

    def archived(self):
        return {path.name for path in (self.state / "archive").glob("*/*")}

    def test_without_a_policy_only_stale_downloads_go(self):
        self.three_days()
        self.make_runs_older(1000)
        self.partial()
        self.partial("other", age=2)
        before = self.dump()
        self.assertEqual(self.prune("--dry-run"), {"partial_files": 2})
        self.assertEqual(self.prune(), {"partial_files": 2})
        self.assertEqual(self.prune(), {})
        self.assertEqual(len(list((self.state / "partial/other").iterdir())), 2)
        self.assertEqual(self.dump(), before)
        self.assertEqual(len(self.archived()), 3)

    def test_downloads_of_a_source_that_runs_are_kept(self):
        self.three_days()
        self.partial()
        with open(self.state / "locks/mine.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = self.call("prune", "-o", "json")
        self.assertEqual((result.status, result.json()["partial_files"]), (0, 0), result)
        self.assertIn("mine: unfinished downloads kept", result.err)
        self.assertEqual(self.prune(), {"partial_files": 2})

    def test_archived_files_go_when_nothing_needs_them(self):
        self.use("keep: {archive: 30d}\n")
        self.three_days()
        digests = [row[0] for row in self.sql("SELECT sha256 FROM file ORDER BY id")]
        self.assertEqual(self.prune(), {})
        self.make_runs_older(31)
        waiting = self.state / "received/mine/note"
        waiting.parent.mkdir(parents=True)
        waiting.write_text(f"{digests[0]} 10 file.zip\n")
        orphan = self.state / "archive/ab" / ("ab" + "0" * 62)
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_text("a run died")
        self.assertEqual(self.prune("--dry-run"), {"archive_files": 1})
        self.assertEqual(self.prune(), {"archive_files": 1})
        self.assertEqual(self.archived(), {digests[0], digests[2], orphan.name})
        waiting.unlink()
        self.age(orphan, 40)
        self.assertEqual(self.prune(), {"archive_files": 2})
        self.assertEqual(self.archived(), {digests[2]})
        self.assertEqual(self.call("verify").status, 0)
        self.assertEqual(self.run_json("--offline", "mine").source()["status"], "unchanged")

    def test_a_file_that_was_undone_or_refused_is_kept(self):
        self.use("keep: {archive: 0s}\n")
        self.three_days()
        self.call("rollback", "mine")
        self.make_runs_older(100)
        kept = {row[0] for row in self.sql("SELECT sha256 FROM file WHERE id > 1")}
        self.assertEqual(self.prune(), {"archive_files": 1})
        self.assertEqual(self.archived(), kept)
        quarantine = self.state / "quarantine/mine"
        quarantine.mkdir(parents=True)
        (quarantine / ("0" * 64)).write_text("look at me")
        self.age(quarantine / ("0" * 64), 1000)
        self.assertEqual(self.prune(), {})
        self.assertTrue((quarantine / ("0" * 64)).exists())

    def test_old_runs_go_but_no_list(self):
        self.use("keep: {runs: 2y}\n")
        self.three_days()
        for _ in range(5):
            self.run_json("mine")
            self.run_json("--force", "other")
        self.make_runs_older(731)
        self.run_json("mine")
        lists = self.dump()[0]
        self.assertEqual(self.prune("--dry-run"), {"runs": 9})
        self.assertEqual(self.prune(), {"runs": 9})
        self.assertEqual(self.prune(), {})
        self.assertEqual(self.dump()[0], lists)
        self.assertEqual(self.sql("SELECT count(*) FROM run_source WHERE status = 'updated'"), [["3"]])
        self.assertEqual(self.sql("SELECT count(*) FROM run r WHERE NOT EXISTS (SELECT 1 FROM"
                                  " run_source v WHERE v.run_id = r.id)"), [["0"]])
        self.assertEqual(self.sql("PRAGMA foreign_key_check"), [])
        self.assertEqual(self.call("rollback", "mine").status, 66)
        self.assertEqual(self.call("verify").status, 0)

    def test_old_versions_go_but_nothing_current(self):
        self.use("keep: {versions: 90d}\n")
        self.three_days()
        self.make_runs_older(91)
        self.publish({ISINS[0]: "z"})
        current = self.sql("SELECT isin, name FROM listing_current ORDER BY isin")
        self.assertEqual(self.prune("--dry-run"), {"versions": 3})
        self.assertEqual(self.prune(), {"versions": 3})
        self.assertEqual(self.prune(), {})
        self.assertEqual(self.sql("SELECT isin, name FROM listing_current ORDER BY isin"), current)
        self.assertEqual(self.call("verify").status, 0)
        past = self.call("list", "--as-of", "2024-03-02")
        self.assertEqual(past.status, 0)
        self.assertIn("were pruned", past.err)
        self.assertNotIn("pruned", self.call("list", "--as-of", "2099-01-01").err)
        self.assertEqual(self.call("rollback", "mine").status, 0)
        self.assertEqual(self.call("rollback", "mine").status, 66)
        self.assertEqual(self.call("verify").status, 0)

    def test_space_is_given_back(self):
        self.use("keep: {versions: 1d}\n")
        long = "long " * 1500
        for number in range(4):
            self.publish({isin: f"{number} {long}" for isin in ISINS})
        for number in range(40):
            self.store("INSERT INTO listing (source_id, isin, venue, name, published, superseded,"
                       " added_run, closed_run, opened_as, closed_as) SELECT source_id, isin,"
                       f" 'V{number}', name, published, superseded, added_run, closed_run, opened_as,"
                       " 'removed' FROM listing WHERE closed_run IS NOT NULL AND venue = ''")
        self.make_runs_older(30)
        file = self.state / "isinfetch.db"
        before = file.stat().st_size
        self.assertGreater(self.prune()["versions"], 1000)
        self.assertLess(file.stat().st_size, before / 4)
        self.assertEqual(self.sql("PRAGMA freelist_count"), [["0"]])
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])

    def test_killed_at_any_moment_it_goes_on(self):
        self.use("keep: {archive: 1d, runs: 1d, versions: 1d}\n")
        self.three_days()
        for _ in range(3):
            self.run_json("mine")
        self.make_runs_older(30)
        current = self.sql("SELECT isin, name FROM listing_current ORDER BY isin")
        self.whole = self.seconds("prune", "-n")
        for _ in self.kill_along_the_way(12, "prune"):
            pass
        self.assertEqual(self.call("prune").status, 0)
        self.assertEqual(self.prune(), {})
        self.assertEqual(self.sql("SELECT isin, name FROM listing_current ORDER BY isin"), current)
        self.assertEqual(self.call("verify").status, 0)
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])

    def test_failures(self):
        self.assertEqual(self.call("prune").status, 66)
        self.assertEqual(self.call("prune", "mine").status, 64)
        self.foreign_store()
        self.assertEqual(self.call("prune").status, 78)
        self.use("keep:\n  archive: 30\n  run: 2y\n")
        result = self.call("prune")
        self.assertEqual(result.status, 78)
        self.assertIn(f"{self.config}:3: keep.archive: '30' is not an age such as 30d or 2y", result.err)
        self.assertIn(f"{self.config}:4: ", result.err)


class Backup(Operations):
    def test_a_copy_is_whole_and_can_be_read_anywhere(self):
        self.three_days()
        copy = self.dir / "copies/copy.db"
        copy.parent.mkdir()
        result = self.call("backup", copy)
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        self.assertEqual([path.name for path in copy.parent.iterdir()], ["copy.db"])
        self.assertEqual(copy.stat().st_mode & 0o777, 0o644)
        rows = self.dump()
        copy.parent.chmod(0o555)
        self.addCleanup(copy.parent.chmod, 0o755)
        shown = self.call("export", "--set", f"store=sqlite:{copy}")
        self.assertEqual((shown.status, shown.out), (0, self.call("export").out))
        copy.parent.chmod(0o755)
        self.store("DELETE FROM listing")
        os.replace(copy, self.state / "isinfetch.db")
        for name in ("isinfetch.db-wal", "isinfetch.db-shm"):
            (self.state / name).unlink(missing_ok=True)
        self.assertEqual(self.dump(), rows)
        self.assertEqual(self.call("verify").status, 0)
        self.assertEqual(self.run_json("mine").status, 0)

    def test_what_is_there_is_kept_unless_forced(self):
        self.three_days()
        copy = self.dir / "copy.db"
        copy.write_text("precious")
        result = self.call("backup", copy)
        self.assertEqual(result.status, 73, result)
        self.assertIn("--force", result.err)
        self.assertEqual(copy.read_text(), "precious")
        self.assertEqual(self.call("backup", "--force", copy).status, 0)
        self.assertTrue(copy.read_bytes().startswith(b"SQLite format 3"))

    def test_it_is_one_moment_while_others_write(self):
        self.three_days()
        with sqlite3.connect(self.state / "isinfetch.db") as writer:
            writer.execute("UPDATE source SET records = 99")
            self.assertEqual(self.call("backup", self.dir / "copy.db").status, 0)
        with sqlite3.connect(self.dir / "copy.db") as copy:
            self.assertEqual(copy.execute("SELECT records FROM source").fetchall(), [(4,)])

    def test_failures_leave_nothing_behind(self):
        self.assertEqual(self.call("backup", self.dir / "copy").status, 66)
        self.assertEqual(self.call("backup").status, 64)
        self.foreign_store()
        self.assertEqual(self.call("backup", self.dir / "copy").status, 78)
        (self.state / "isinfetch.db").unlink()
        self.three_days()
        for target, expected in ((self.state / "isinfetch.db", 64), (self.dir, 73),
                                 (self.dir / "no/such/folder", 73), ("", 64)):
            result = self.call("backup", "--force", target)
            self.assertEqual(result.status, expected, f"{target}: {result}")
        self.assertEqual(self.call("verify").status, 0)
        self.assertEqual(list(self.dir.glob(".*")), [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small file system")
    def test_a_full_disk_is_told_and_relieved(self):
        self.three_days()
        target = self.dir / "small"
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", f"mkdir {target}; mount -t tmpfs -o size=64k tmpfs {target};"
             f" {PROGRAM} --config {self.config} backup {target}/copy; echo $?; ls -A {target}"],
            capture_output=True, text=True, env=self.environment, timeout=60)
        self.assertEqual(done.stdout, "74\n", done.stderr)

    def test_killed_it_leaves_no_copy_that_looks_whole(self):
        self.three_days()
        copy = self.dir / "copy.db"
        self.whole = self.seconds("backup", copy)
        for _ in self.kill_along_the_way(10, "backup", "--force", copy):
            if copy.exists():
                done = subprocess.run(["sqlite3", "-readonly", copy, "PRAGMA integrity_check"],
                                      capture_output=True, text=True)
                self.assertEqual(done.stdout, "ok\n")


del Operations

if __name__ == "__main__":
    unittest.main(verbosity=2)
