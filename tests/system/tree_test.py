"""The source tree as a newcomer finds it: what lies at its top, and that no install changes it."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests" / "support"))
import changed_sources  # noqa: E402
import ctest_report  # noqa: E402

# The layout that README and ARCHITECTURE describe; a name that is not here came by accident.
TOP_LEVEL = {
    ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes", ".gitignore",
    "ARCHITECTURE.md", "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "LICENSE",
    "README.md", "SECURITY.md", "cmake", "config", "man", "packaging", "src", "systemd", "tests",
}


def run(*command, cwd=None, **env):
    return subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **env},
                          capture_output=True, text=True)


def git(*arguments):
    # A tree of somebody else's is read all the same: nothing of it is run.
    return run("git", "-c", f"safe.directory={SOURCE}", "-C", SOURCE, *arguments)


class Layout(unittest.TestCase):
    def test_the_top_level_is_as_designed(self):
        if not (SOURCE / ".git").exists():
            self.skipTest("not a checkout: nothing tells what is committed")
        listed = git("ls-files")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        top = {name.split("/")[0] for name in listed.stdout.splitlines()}
        self.assertGreater(len(top), 10)
        self.assertEqual(top - TOP_LEVEL, set())


class Map(unittest.TestCase):
    def test_the_map_names_what_is_there(self):
        text = (SOURCE / "ARCHITECTURE.md").read_text()
        named = {name for name in re.findall(r"`([a-z_]+/[a-z_./]*|src/[a-z_]+)`", text)
                 if name not in ("partial/", "received/")}  # of the state directory
        self.assertGreater(len(named), 30)
        gone = [name for name in sorted(named) if not (SOURCE / name).exists() and not (SOURCE / "src" / name).exists()]
        self.assertEqual(gone, [])

    def test_no_folder_is_left_out(self):
        text = (SOURCE / "ARCHITECTURE.md").read_text()
        folders = {f"src/{path.name}" for path in (SOURCE / "src").iterdir() if path.is_dir()}
        self.assertEqual({name for name in folders if f"| `{name}` |" not in text}, set())


class InstallPlaces(unittest.TestCase):
    """The decision of cmake/guard_source_tree.cmake over places, without a build."""

    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.tree = pathlib.Path(self.work.name).resolve() / "tree ü"
        (self.tree / ".git").mkdir(parents=True)
        (self.tree / "build" / "release").mkdir(parents=True)

    def guard(self, prefix, sysconf="/etc", destdir="", binary=None):
        return run("cmake", f"-Dsource_dir={self.tree}",
                   f"-Dbinary_dir={binary or self.tree / 'build' / 'release'}",
                   f"-Dsysconf_dir={sysconf}", f"-DCMAKE_INSTALL_PREFIX={prefix}",
                   "-P", SOURCE / "cmake" / "guard_source_tree.cmake", DESTDIR=destdir)

    def test_places_in_the_tree_are_refused(self):
        for name, arguments in {
            "prefix": {"prefix": self.tree},
            "below": {"prefix": self.tree / "usr"},
            "sysconf": {"prefix": "/usr", "sysconf": self.tree / "etc"},
            "destdir": {"prefix": "/usr", "destdir": str(self.tree)},
            "relative sysconf": {"prefix": self.tree, "sysconf": "etc"},
            "a name that begins like build": {"prefix": self.tree / "build2"},
        }.items():
            with self.subTest(name):
                result = self.guard(**arguments)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("source tree", result.stderr.replace("\n", " "))

    def test_places_elsewhere_are_fair(self):
        outside = pathlib.Path(self.work.name) / "elsewhere"
        for name, arguments in {
            "usual": {"prefix": "/usr"},
            "relative sysconf": {"prefix": outside, "sysconf": "etc"},
            "destdir": {"prefix": "/usr", "destdir": str(outside)},
            "build folder": {"prefix": self.tree / "build" / "release" / "stage"},
            "another build folder": {"prefix": "/usr",
                                     "destdir": str(self.tree / "build" / "stage")},
            "build folder of another name": {"prefix": self.tree / "out" / "stage",
                                             "binary": self.tree / "out"},
            "sibling": {"prefix": pathlib.Path(str(self.tree) + "2")},
        }.items():
            with self.subTest(name):
                result = self.guard(**arguments)
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_copy_without_git_may_hold_the_stage_of_a_package(self):
        (self.tree / ".git").rmdir()
        self.assertEqual(self.guard("/usr", destdir=str(self.tree / "debian")).returncode, 0)


class SourceCopies(unittest.TestCase):
    """What packages are built from: packaging/source-tree.sh."""

    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.tree = pathlib.Path(self.work.name) / "ein Baum's ü"
        self.copy = pathlib.Path(self.work.name) / "copy"
        (self.tree / "build").mkdir(parents=True)
        (self.tree / "CMakeLists.txt").write_text("# of a tree\n")
        (self.tree / "build" / "object").write_text("")

    def copied(self):
        """Status, messages, and the names of what was copied."""
        done = run("sh", "-euc", '. "$1"; copy_source_tree "$2" "$3"; echo whole', "sh",
                   SOURCE / "packaging" / "source-tree.sh", self.tree, self.copy)
        self.assertEqual("whole" in done.stdout, done.returncode == 0)
        names = {str(file.relative_to(self.copy)) for file in self.copy.rglob("*") if file.is_file()}
        return done.returncode, done.stderr, names

    def make_checkout(self):
        self.assertEqual(run("git", "init", "-q", self.tree).returncode, 0)
        (self.tree / ".gitignore").write_text("build/\n")
        (self.tree / "gone").write_text("")
        self.assertEqual(run("git", "-C", self.tree, "add", ".").returncode, 0)
        (self.tree / "gone").unlink()
        (self.tree / "new ü").write_text("")

    def test_a_checkout_is_copied_with_what_is_new_and_without_what_is_ignored(self):
        self.make_checkout()
        self.assertEqual(self.copied(), (0, "", {"CMakeLists.txt", ".gitignore", "new ü"}))

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give a tree away")
    def test_a_checkout_of_somebody_else_is_copied_whole(self):
        self.make_checkout()
        for path in [self.tree, *self.tree.rglob("*")]:
            os.lchown(path, 12345, 12345)
        self.assertEqual(self.copied(), (0, "", {"CMakeLists.txt", ".gitignore", "new ü"}))

    def test_an_unpacked_release_is_copied_without_its_builds(self):
        self.assertEqual(self.copied(), (0, "", {"CMakeLists.txt"}))

    def test_a_tree_that_git_cannot_read_is_an_error(self):
        (self.tree / ".git").write_text("gitdir: nowhere\n")
        status, message, _ = self.copied()
        self.assertNotEqual(status, 0)
        self.assertIn("git cannot tell", message)

    def test_nothing_is_no_source_tree(self):
        (self.tree / "CMakeLists.txt").unlink()
        status, message, _ = self.copied()
        self.assertNotEqual(status, 0)
        self.assertIn("no source tree", message)


class Tools(unittest.TestCase):
    def test_lint_looks_at_what_a_change_touches(self):
        src = SOURCE / "src"
        files = [src / name for name in ("core/isin.cpp", "core/lei.cpp", "job/job.cpp", "util/text.cpp")]
        for changed, expected in (
                (["core/isin.cpp"], ["core/isin.cpp"]),
                (["core/isin.hpp"], ["core/isin.cpp"]),
                (["core/isin.hpp", "core/isin.cpp", "util/text.cpp"], ["core/isin.cpp", "util/text.cpp"]),
                (["util/time.hpp", "job/job.cpp"], ["job/job.cpp"]),  # which sees that header
                (["job/run_context.hpp"], ["job/job.cpp"]),  # the only one that does
                (["parse/firds.hpp"], []),
                ([], [])):
            with self.subTest(changed):
                chosen = changed_sources.chosen(files, {src / name for name in changed})
                self.assertEqual(chosen, [src / name for name in expected])
        with tempfile.TemporaryDirectory() as folder:
            unity = pathlib.Path(folder) / "unity.cxx"
            unity.write_text(f'#include "{src}/cli/cli.cpp"\n')
            self.assertEqual(changed_sources.chosen([unity], {src / "cli/cli.cpp"}), [unity])
            self.assertEqual(changed_sources.chosen([unity], {src / "cli/table.cpp"}), [])

    def test_the_slowest_tests_are_told_by_ctests_own_lines(self):
        for line, seen in (
                ("12/80 Test #12: contract_test ......   Passed   31.08 sec", ("contract_test", "31.08")),
                (" 2/3 Test  #2: a name, with words ....***Failed    0.24 sec",
                 ("a name, with words", "0.24")),
                ("3/3 Test #3: c ..........***Timeout  2400.01 sec", ("c", "2400.01")),
                ("3/3 Test #3: c ..........***Exception: SegFault  0.01 sec", ("c", "0.01")),
                ("    Start 3: c", None)):
            with self.subTest(line):
                found = ctest_report.FINISHED.match(line)
                self.assertEqual(found and found.groups(), seen)
        self.assertEqual(ctest_report.slowest([("a", 1.0), ("b", 3.0), ("c", 2.0)], 2),
                         ["     3.0 s  b\n", "     2.0 s  c\n"])


class Configured(unittest.TestCase):
    def test_relative_folders_stay_relative_to_the_prefix(self):
        with tempfile.TemporaryDirectory() as work:
            # From the source tree, as the tarball's script is called.
            configured = run("cmake", "-S", SOURCE, "-B", work, "-G", "Ninja",
                             "-DBUILD_TESTING=OFF", "-DCMAKE_INSTALL_SYSCONFDIR=etc",
                             "-DISINFETCH_UNIT_DIR=lib/units", cwd=SOURCE)
            self.assertEqual(configured.returncode, 0, configured.stderr)
            script = (pathlib.Path(work) / "cmake_install.cmake").read_text()
        self.assertIn("${CMAKE_INSTALL_PREFIX}/etc/isinfetch", script)
        self.assertIn("${CMAKE_INSTALL_PREFIX}/lib/units", script)
        self.assertNotIn(f"{SOURCE}/etc", script)


if __name__ == "__main__":
    unittest.main()
