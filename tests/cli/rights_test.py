"""Who may read and write what the program makes: whatever the umask, as `store_mode` says, and never
through a link that somebody else has put there."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

STRANGER = 54_321
LIST = b"US0378331005\nUS5949181045\nGB0002634946\n"
IS_ROOT = os.geteuid() == 0
MODES = {"0644": (0o644, 0o755), "0640": (0o640, 0o750), "0600": (0o600, 0o700)}


class RightsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.dir.chmod(0o755)
        self.list = self.dir / "list.txt"
        self.list.write_bytes(LIST)
        self.use()

    def use(self, mode=""):
        more = f"store_mode: {mode}\n" if mode else ""
        self.configure(more + "sources: {mine: {enabled: true, format: lines,"
                       f" url: 'file://{self.list}'}}}}\n")

    def with_umask(self, umask, *words):
        return subprocess.run([PROGRAM, "--config", self.config, *map(str, words)], umask=umask,
                              env=self.environment, capture_output=True, text=True, timeout=60)

    def modes(self):
        """Of folders, and of files that a run made; an unfinished download is its owner's alone."""
        paths = [self.state, *self.state.rglob("*")]
        return ({path.stat().st_mode & 0o7777 for path in paths if path.is_dir()},
                {path.stat().st_mode & 0o7777 for path in paths if path.is_file()})


class Modes(RightsTest):
    def test_whatever_the_umask(self):
        for umask in (0o000, 0o022, 0o077, 0o777):
            shutil.rmtree(self.state, ignore_errors=True)
            self.assertEqual(self.with_umask(umask, "run").returncode, 0)
            self.assertEqual(self.modes(), ({0o755}, {0o644}), oct(umask))

    def test_as_the_key_says(self):
        for umask in (0o000, 0o077):
            for name, (file, folder) in MODES.items():
                with self.subTest(mode=name, umask=oct(umask)):
                    shutil.rmtree(self.state, ignore_errors=True)
                    self.use(name)
                    self.assertEqual(self.with_umask(umask, "run").returncode, 0)
                    self.assertEqual(self.modes(), ({folder}, {file}))
                    copy = self.dir / f"copy-{name}"
                    self.assertEqual(self.with_umask(umask, "backup", "--force", copy).returncode, 0)
                    self.assertEqual(copy.stat().st_mode & 0o777, file)

    def test_readers_lose_their_right_at_the_next_run_and_get_none_back(self):
        self.assertEqual(self.call("run").status, 0)
        self.use("0600")
        self.assertEqual(self.call("run", "--force").status, 0)
        store = [path.stat().st_mode & 0o777 for path in self.state.glob("isinfetch.db*")]
        self.assertEqual((self.state.stat().st_mode & 0o777, set(store)), (0o700, {0o600}))
        self.use("0644")
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertEqual(self.state.stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.state / "isinfetch.db").stat().st_mode & 0o777, 0o600)

    def test_a_store_elsewhere(self):
        elsewhere = self.dir / "elsewhere"
        elsewhere.mkdir()
        self.use("0640")
        result = self.call("run", "--set", f"store=sqlite:{elsewhere}/lists.db")
        self.assertEqual(result.status, 0, result)
        self.assertEqual({path.stat().st_mode & 0o777 for path in elsewhere.iterdir()}, {0o640})

    def test_what_a_person_has_opened_stays_open(self):
        self.state.mkdir(mode=0o775)
        self.state.chmod(0o2775)
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(self.state.stat().st_mode & 0o7777, 0o2775)
        self.assertEqual((self.state / "locks").stat().st_mode & 0o777, 0o755)

    def test_another_mode_is_a_mistake(self):
        self.use("0666")
        result = self.call("run")
        self.assertEqual(result.status, 78)
        self.assertIn("'0666' is none of 0644, 0640, 0600", result.err)

    @unittest.skipUnless(IS_ROOT, "plays other users")
    def test_only_whom_it_says_can_read(self):
        program = self.program_for_all()
        for name, group, expected in (("0644", STRANGER, 0), ("0640", 0, 0), ("0640", STRANGER, 77),
                                      ("0600", 0, 77)):
            shutil.rmtree(self.state, ignore_errors=True)
            self.use(name)
            self.assertEqual(self.call("run").status, 0)
            done = subprocess.run([program, "--config", self.config, "list"], env=self.environment,
                                  user=STRANGER, group=group, extra_groups=[], capture_output=True)
            self.assertEqual(done.returncode, expected, (name, group, done))

    def test_doctor_says_what_everybody_may_write(self):
        self.assertEqual(self.call("run").status, 0)
        self.assertNotIn("may write", self.call("doctor", "--offline").out)
        (self.state / "locks").chmod(0o777)
        (self.state / "locks/mine.lock").chmod(0o666)
        out = self.call("doctor", "--offline").out
        self.assertIn("everybody may write", out)
        self.assertIn(f"fix: chmod -R o-w {self.state}", out)
        subprocess.run(["chmod", "-R", "o-w", self.state], check=True)
        self.assertNotIn("may write", self.call("doctor", "--offline").out)


@unittest.skipUnless(IS_ROOT, "plays other users")
class Links(RightsTest):
    """A state directory that everybody may write, as an earlier release could leave it."""

    def setUp(self):
        super().setUp()
        self.victim = self.dir / "victim"
        self.victim.write_text("precious")
        self.folder = self.dir / "folder"
        self.folder.mkdir()
        self.state.mkdir()
        self.state.chmod(0o777)

    def plant(self, name, target, user=STRANGER):
        path = self.state / name
        for folder in list(reversed(path.relative_to(self.state).parents))[1:]:
            (self.state / folder).mkdir(exist_ok=True)
        path.symlink_to(target)
        os.lchown(path, user, user)
        return path

    def assert_untouched(self):
        self.assertEqual(self.victim.read_text(), "precious")
        self.assertEqual(self.victim.stat().st_mode & 0o777, 0o644)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_locks(self):
        for name in ("locks/mine.lock", "locks/.archive.lock"):
            link = self.plant(name, self.victim)
            result = self.call("run")
            self.assertEqual(result.status, 77, result)
            self.assertIn(str(link), result.err)
            self.assert_untouched()
            shutil.rmtree(self.state)
            self.state.mkdir()
        self.assertEqual(self.call("run").status, 0)

    def test_folders(self):
        digest = hashlib.sha256(LIST).hexdigest()
        for name in ("locks", "archive", f"archive/{digest[:2]}", "partial", "partial/mine"):
            link = self.plant(name, self.folder)
            result = self.call("run")
            self.assertEqual(result.status, 77, (name, result))
            self.assertIn(f"{link}: a link that user {STRANGER} has made", result.err)
            self.assert_untouched()
            shutil.rmtree(self.state)
            self.state.mkdir()

    def test_unfinished_downloads(self):
        digest = hashlib.sha256(f"file://{self.list}".encode()).hexdigest()[:16]
        link = self.plant(f"partial/mine/{digest}.part", self.victim)
        self.assertIn(self.call("run").status, (0, 77))
        self.assert_untouched()
        self.assertNotEqual(os.path.realpath(link), str(self.victim) if link.exists() else "")

    def test_archived_files(self):
        digest = hashlib.sha256(LIST).hexdigest()
        link = self.plant(f"archive/{digest[:2]}/{digest}", self.victim)
        self.assertEqual(self.call("run").status, 0)
        self.assert_untouched()
        self.assertFalse(link.is_symlink())
        self.assertEqual(link.read_bytes(), LIST)

    def test_the_store(self):
        for target in (self.victim, self.folder / "new.db"):
            self.plant("isinfetch.db", target)
            result = self.call("run")
            self.assertEqual(result.status, 77, result)
            self.assertIn("isinfetch.db: a link that user", result.err)
            self.assert_untouched()
            (self.state / "isinfetch.db").unlink()

    def test_files_of_others(self):
        lock = self.state / "locks/mine.lock"
        lock.parent.mkdir()
        lock.touch()
        os.chown(lock, STRANGER, STRANGER)
        result = self.call("run")
        self.assertEqual(result.status, 77, result)
        self.assertIn(f"{lock}: belongs to user {STRANGER}", result.err)

    def test_a_pipe_instead_of_a_lock(self):
        (self.state / "locks").mkdir()
        os.mkfifo(self.state / "locks/mine.lock")
        result = self.call("run", "--deadline", "20s")
        self.assertEqual(result.status, 77, result)
        self.assertIn("no regular file", result.err)

    def test_links_of_ones_own_are_followed(self):
        other = self.dir / "disk"
        other.mkdir()
        self.plant("archive", other, 0)
        self.plant("isinfetch.db", self.dir / "lists.db", 0)
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual(len(list(other.glob("*/*"))), 1)
        self.assertTrue((self.dir / "lists.db").is_file())
        self.assertTrue((self.state / "isinfetch.db").is_symlink())
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertEqual(self.call("list").status, 0)


if __name__ == "__main__":
    unittest.main()
