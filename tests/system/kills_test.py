"""Killed at every system call that changes anything: a first run leaves a store that is whole or none,
and no command leaves a hidden copy of what it was writing."""

import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest, many_isins  # noqa: E402
from kill_matrix import Matrix, spread  # noqa: E402
from killing import TRACER, every_kill, killed_at, may_trace  # noqa: E402
from stage import Stage  # noqa: E402

NOBODY = 65_534
LONG = 101_000  # listings; of so many, the first load goes without the log
ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215"]
READERS = (["list"], ["export"])


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it never came so far")
        time.sleep(0.01)


@unittest.skipUnless(may_trace(), "no strace here")
class Kills(ProgramTest):
    def setUp(self):
        super().setUp()
        self.program = self.program_for_all()
        (self.dir / "list.txt").write_text("\n".join(ISINS) + "\n")
        self.use()

    def use(self, more=""):
        self.configure(more + "sources: {mine: {enabled: true, format: lines,"
                       f" url: 'file://{self.dir}/list.txt'}}, other: {{url: 'file:///x', format: lines}}}}\n")

    def command(self, *words):
        return [self.program, "--config", self.config, *words]

    def as_somebody(self, *words):
        """By who may read the store, but not write beside it."""
        switch = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.run(list(map(str, self.command(*words))), env=self.environment,
                              capture_output=True, text=True, timeout=60, **switch)

    def hidden(self, folder):
        return sorted(str(path) for path in pathlib.Path(folder).rglob("*")
                      if re.search(r"/\.[^/]*isinfetch-\w{6}$", str(path)))


@unittest.skipUnless(may_trace(), "no strace here")
class Everywhere(unittest.TestCase):
    """Some of what tests/campaign/kills.py does whole, each time."""

    def setUp(self):
        self.stage = Stage()
        self.addCleanup(self.stage.close)

    def somebody(self, *words):
        """By who may read the store, but not write beside it."""
        switch = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return self.stage.call(*words, **switch).returncode

    def readers_differ(self):
        """Who cannot write comes first: the other one may mend something."""
        theirs = {self.somebody(*words) for words in READERS}
        own = {self.stage.call(*words).returncode for words in READERS}
        self.seen |= theirs
        agree = len(theirs | own) == 1 and theirs <= {0, 66}
        return [] if agree and not self.stage.hidden() else [f"{theirs} {own} {self.stage.hidden()}"]

    def kill(self, matrix, name, most):
        for call, number in spread(matrix.places(name), most):
            with self.subTest(command=name, call=call, number=number):
                self.assertIsNone(matrix.kill(name, call, number))

    def test_a_first_run_stores_nothing_or_all_of_it(self):
        self.seen = set()
        matrix = Matrix(self.stage, self.readers_differ)
        self.kill(matrix, "first run", 16)
        self.assertEqual(self.seen, {0, 66})

    def test_nothing_hidden_stays_for_longer_than_a_moment(self):
        def hidden():
            left.extend(self.stage.hidden())
            return []
        matrix = Matrix(self.stage, hidden)
        for name in ("export", "export again", "backup", "backup --force", "enable", "schedule", "run"):
            left = []
            self.kill(matrix, name, 12)
            # Between the name and the rename alone, where a file is replaced.
            self.assertLessEqual(len(left), 2, name)


class FirstRun(Kills):
    def test_a_long_list_is_stored_without_a_log_and_as_safely(self):
        (self.dir / "list.txt").write_text("\n".join([*ISINS, *many_isins(LONG)]) + "\n")
        calls = ("pwrite64", "fdatasync", "ftruncate", "unlink", "fchmod")
        kills, seen = 0, set()
        for call, number in every_kill(self.command("run"), self.environment,
                                       lambda: shutil.rmtree(self.state, ignore_errors=True),
                                       self.dir / "trace", 3, calls):
            kills += 1
            with self.subTest(call=call, number=number):
                found = self.as_somebody("list").returncode
                self.assertIn(found, (0, 66))
                self.assertEqual(self.call("list").status, found)
                seen.add(found)
                self.assertEqual(self.hidden(self.state), [])
                again = self.call("run", "--force")
                self.assertEqual(again.status, 0, again)
                self.assertEqual(self.as_somebody("list").returncode, 0)
        self.assertEqual(seen, {0, 66})
        self.assertGreater(kills, 6)

    def test_an_empty_file_is_no_store(self):
        self.state.mkdir()
        (self.state / "isinfetch.db").touch()
        self.assertEqual(self.as_somebody("list").returncode, 66)
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.as_somebody("list").returncode, 0)

    def test_what_a_lost_store_left_is_not_taken_for_the_new_ones(self):
        self.assertEqual(self.call("run").status, 0)
        log = self.state / "isinfetch.db-wal"
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            store.execute("PRAGMA wal_autocheckpoint = 0")
            store.execute("CREATE TABLE of_the_lost_store (x)")
            left = log.read_bytes()
        self.assertIn(b"of_the_lost_store", left)
        log.write_bytes(left)
        (self.state / "isinfetch.db").unlink()
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertEqual(self.sql("PRAGMA integrity_check"), [["ok"]])
        self.assertEqual(self.sql("SELECT name FROM sqlite_master WHERE name LIKE '%lost%'"), [])


class Leftovers(Kills):
    """Where the file system has files without a name, and where it has none."""

    def setUp(self):
        super().setUp()
        self.assertEqual(self.call("run").status, 0)
        self.out = self.dir / "out"
        self.out.mkdir()

    def commands(self):
        out = self.out
        return {
            "export": (["export", "-o", out / "a.csv"], out),
            "again": (["export", "--force", "-o", out / "there.csv"], out),
            "backup": (["backup", out / "copy.db"], out),
            "backup --force": (["backup", "--force", out / "old.db"], out),
            "enable": (["sources", "--enable", "other"], self.dir),
            "schedule": (["schedule", "systemd", "--output-dir", out / "units"], out),
        }

    def fresh(self):
        shutil.rmtree(self.out)
        self.out.mkdir()
        self.use()
        for name in ("there.csv", "old.db"):
            (self.out / name).write_text("old")

    def place_of_unnamed(self, words):
        """Which of the openat() calls asks for a file without a name: (first, count)."""
        self.fresh()
        log = self.dir / "trace"
        subprocess.run([TRACER, "-o", log, "-e", "trace=openat", *map(str, self.command(*words))],
                       env=self.environment, stdout=subprocess.DEVNULL, check=True)
        lines = [line for line in log.read_text().splitlines() if line.startswith("openat(")]
        return [i + 1 for i, line in enumerate(lines) if "O_TMPFILE" in line and '"."' in line]

    def test_a_named_copy_is_removed_by_the_next_call(self):
        for name, (words, folder) in self.commands().items():
            [*places] = self.place_of_unnamed(words)
            self.assertTrue(places, name)
            none = ["-e", f"inject=openat:error=EOPNOTSUPP:when={places[0]}"]
            self.fresh()
            with self.subTest(command=name):
                self.assertTrue(killed_at(self.command(*words), self.environment, "fchmod", 1, *none))
                self.assertEqual(len(self.hidden(folder)), 1)
                self.assertEqual(self.call(*words).status, 0)
                self.assertEqual(self.hidden(folder), [])

    def test_the_copy_of_another_process_stays(self):
        words, folder = self.commands()["export"]
        [place, *_] = self.place_of_unnamed(words)
        self.fresh()
        alive = subprocess.Popen(
            [TRACER, "-o", "/dev/null", "-e", f"inject=openat:error=EOPNOTSUPP:when={place}",
             "-e", "inject=fsync:delay_enter=4000000:when=1", *map(str, self.command(*words))],
            env=self.environment)
        try:
            wait_until(lambda: self.hidden(folder))
            self.assertEqual(self.call(*words).status, 0)
            self.assertEqual(len(self.hidden(folder)), 1)
        finally:
            self.assertEqual(alive.wait(60), 0)
        self.assertEqual(self.hidden(folder), [])

    def test_names_that_only_look_like_it_stay(self):
        mine = self.out / ".a.csv.isinfetch-backups"
        other = self.out / ".a.csv.isinfetch-mylink"
        mine.write_text("mine")
        other.symlink_to(self.config)
        self.assertEqual(self.call("export", "-o", self.out / "a.csv").status, 0)
        self.assertTrue(mine.exists() and other.is_symlink())


if __name__ == "__main__":
    unittest.main()
