"""Root in a place of somebody else: whatever the command, nothing of root's is left in the way of
the user to whom the place belongs."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

USER = 12_345
ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350"]

# Words that make each command do what it can do; {there} is a folder of the user's. What is not
# named here fails the test.
CALLS = {
    "run": [["--force"], ["-n"]],
    "backfill": [["--from", "2024-01-01", "events"]],
    "status": [[]],
    "schedule anacron": [["--output-dir", "{there}/anacron"]],
    "schedule celery": [["--output-dir", "{there}/celery"]],
    "schedule cron": [["--output-dir", "{there}/cron"]],
    "schedule kubernetes": [["--image", "x", "--output-dir", "{there}/kubernetes"]],
    "schedule nomad": [["--image", "x", "--output-dir", "{there}/nomad"]],
    "schedule systemd": [["--output-dir", "{there}/systemd"]],
    "lookup": [[ISINS[0]]],
    "list": [[]],
    "diff": [["mine"]],
    "changes": [["--since", "2000-01-01"]],
    "history": [[]],
    "export": [["-o", "{there}/a.csv"], ["--metadata", "{there}/m.json"]],
    "check": [[ISINS[0]]],
    "convert": [["--to", "sedol", ISINS[2]]],
    "rollback": [["-n", "mine"], ["mine"]],
    "verify": [[], ["--quick"]],
    "prune": [["-n"], []],
    "backup": [["{there}/copy.db"], ["--force", "{there}/copy.db"]],
    "store info": [[]],
    "store lease": [[]],
    "store migrate": [[], ["sqlite:{there}/made.db"]],
    "store copy": [["sqlite:{state}/isinfetch.db", "sqlite:{there}/copied.db"]],
    "sources": [[], ["--enable", "other"]],
    "sources test": [["mine"]],
    "formats": [[]],
    "config check": [[]],
    "config show": [[]],
    "config path": [[]],
    "config keys": [[]],
    "doctor": [["--offline"]],
    "completion bash": [[]],
    "completion zsh": [[]],
    "completion fish": [[]],
    "help": [[]],
    "version": [[]],
}


@unittest.skipUnless(os.geteuid() == 0, "plays root")
class Root(ProgramTest):
    def setUp(self):
        super().setUp()
        self.dir.chmod(0o755)
        self.there = self.dir / "there"
        self.state = self.there / "state"
        self.config = self.there / "isinfetch.yaml"
        self.there.mkdir()
        self.use()
        for path in (self.there, self.config):
            os.chown(path, USER, USER)

    def use(self):
        file = self.dir / "mine.csv"
        file.write_text("ISIN,Name\n" + "".join(f"{isin},x\n" for isin in ISINS))
        self.configure("sources:\n" + "".join(
            f"  {name}: {{enabled: {enabled}, format: csv, url: 'file://{file}',"
            " columns: {isin: ISIN, name: Name}}\n"
            for name, enabled in (("mine", "true"), ("other", "false"))))

    def of_root(self):
        return sorted(str(path) for path in [self.there, *self.there.rglob("*")]
                      if path.lstat().st_uid != USER)

    def commands(self):
        """Every command that does something itself, from the program's own help."""
        found, todo = set(), [[]]
        while todo:
            command = todo.pop()
            text = self.call(*command, "--help", config=False).out
            usage, *sections = text.partition("\nUsage: ")[2].split("\n\n")
            if command and not usage.endswith(" COMMAND"):
                found.add(" ".join(command))
            lists = [each for each in sections
                     if each.startswith("Commands:") or not command and "Options" not in each]
            todo += [command + [name] for each in lists
                     for name in re.findall(r"^  ([a-z-]+)  ", each, re.M)]
        return found

    def test_no_command_is_forgotten(self):
        self.assertEqual(self.commands(), set(CALLS))

    def test_nothing_of_roots_is_left(self):
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.of_root(), [])
        for command, calls in CALLS.items():
            for words in calls:
                with self.subTest(command=command, words=words):
                    words = [word.format(there=self.there, state=self.state) for word in words]
                    result = self.call(*command.split(), *words)
                    accepted = (64,) if command == "backfill" else (0, 1)
                    self.assertIn(result.status, accepted, result)
                    self.assertEqual(self.of_root(), [])
        for made in ("cron", "a.csv", "a.csv.metadata.json", "m.json", "copy.db", "made.db",
                     "copied.db"):
            self.assertTrue((self.there / made).exists(), made)

    def test_the_first_run_of_all_makes_the_users_directory(self):
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.state.stat().st_uid, USER)
        self.assertEqual(self.of_root(), [])

    def test_the_configuration_is_read_before(self):
        self.config.chmod(0o600)
        os.chown(self.config, 0, 0)
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.of_root(), [str(self.config)])

    def test_root_stays_root_where_all_is_roots(self):
        os.chown(self.there, 0, 0)
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.state.stat().st_uid, 0)

    def test_places_of_two_users_are_refused(self):
        other = self.dir / "other"
        other.mkdir()
        os.chown(other, USER + 1, USER + 1)
        self.assertEqual(self.call("run").status, 0)
        result = self.call("export", "-o", self.there / "a.csv", "--metadata", other / "m.json")
        self.assertEqual(result.status, 77, result)
        self.assertIn(f"user {USER}", result.err)
        self.assertEqual(list(other.iterdir()), [])
        self.assertFalse((self.there / "a.csv").exists())

    def test_root_that_may_become_nobody_is_refused(self):
        self.assertEqual(self.call("run").status, 0)
        before = {path: path.stat().st_mtime_ns for path in self.state.rglob("*")}
        for words in (["run", "--force"], ["store", "migrate"], ["prune"], ["rollback", "mine"]):
            caged = subprocess.run(
                ["setpriv", "--bounding-set=-setuid", PROGRAM, "--config", str(self.config), *words],
                env=self.environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(caged.returncode, 77, caged)
            self.assertIn(f"setpriv --reuid={USER}", caged.stderr)
            self.assertEqual({path: path.stat().st_mtime_ns for path in self.state.rglob("*")},
                             before)


if __name__ == "__main__":
    unittest.main()
