"""Compiles changed source files, links them with tests that are already built, and runs those.

Takes a built tree with isinfetch_tests and changes nothing in it. What makes changes cheap: all of one file's are
compiled into one object, each function once for each of its changes, and which one a process runs is said by its
environment; and only the object files of a few tests are linked: the archive of the library brings what they
miss. The changed file comes before it, so that its functions are taken.
"""

import json
import os
import pathlib
import re
import resource
import shlex
import subprocess
import tempfile
import time

import mutants

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = "lib/libisinfetch_cases.a"
SPARED_MEMORY = 8 << 30  # bytes: a change can ask for memory without end
CHOICE = "ISINFETCH_TEST_MUTANT"
CHOOSER = f"""
#include <cstdlib>
namespace {{
const int the_mutant = std::getenv("{CHOICE}") != nullptr ? std::atoi(std::getenv("{CHOICE}")) : 0;
}}
"""


class Unbuilt(Exception):
    """A change that does not compile: none that a test could notice."""


def built_tree():
    """A tree whose tests are built, that of this test run first; else a tree of our own, built now."""
    programs = [os.environ[name] for name in ("ISINFETCH_FACTS", "ISINFETCH_BIN") if name in os.environ]
    for tree in (*(pathlib.Path(program).resolve().parents[1] for program in programs), ROOT / "build/dev"):
        if (tree / "compile_commands.json").exists() and (tree / "bin/isinfetch_tests").exists():
            return tree
    subprocess.run(["cmake", "--preset", "dev", "-G", "Ninja"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/dev", "--target", "isinfetch_tests"], cwd=ROOT, check=True)
    return ROOT / "build/dev"


def compiler_only(words):
    """A command without what stands before the compiler, such as ccache, and without what it writes."""
    start = next(i for i, word in enumerate(words) if word.endswith(("c++", "g++", "clang++")))
    words = words[start:words.index("&&", start)] if "&&" in words[start:] else words[start:]
    out = words.index("-o")
    return words[:out] + words[out + 2:]


def made_by(path, target):
    """The commands that make a target."""
    return subprocess.run(["ninja", "-C", path, "-t", "commands", target], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.splitlines()


class Tree:
    """What is built, and how."""

    def __init__(self, path, scratch):
        self.path, self.scratch = path, pathlib.Path(scratch)
        self.commands = {entry["file"]: shlex.split(entry["command"])
                         for entry in json.loads((path / "compile_commands.json").read_text())}
        made = made_by(path, "isinfetch_tests")
        archive = [shlex.split(line) for line in made if CASES + " " in line and " qc " in line][-1]
        self.tests = [word for word in archive if word.endswith(".cpp.o")]
        # The archive of the library is linked by what comes last but for the discovery of tests.
        words = compiler_only(shlex.split([line for line in made if "-o bin/isinfetch_tests" in line][-1]))
        self.linker = [word for word in words
                       if word not in ("-g", CASES) and not word.endswith(("-archive", "-state"))]
        program = [line for line in made_by(path, "isinfetch") if "-o bin/isinfetch " in line][-1]
        self.program = [word for word in compiler_only(shlex.split(program)) if word != "-g"]
        self.is_sanitized = any(word.startswith("-fsanitize") for word in words)
        self.environment = {**os.environ, "ISINFETCH_TEST_DATA": str(ROOT / "tests/data")}

    def command(self, source):
        """How a file of the library is compiled, be it together with others."""
        alike = [command for file, command in self.commands.items() if "/isinfetch_core.dir/Unity/" in file]
        return self.commands.get(str(source)) or alike[0]

    def link(self, linker, objects, out):
        words = list(linker)
        place = words.index("src/libisinfetch_core.a")
        words[place:place] = objects
        options = ["-fuse-ld=lld", "-Wl,-S", "-Wl,-z,muldefs"]  # of two functions the first is taken
        done = subprocess.run([*words, *options, "-o", out], cwd=self.path, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"cannot link: {done.stderr}")

    def objects_of(self, patterns):
        """The object files of those files of tests/ that match, such as job/*_test.cpp, and of what all share."""
        wanted = []
        for pattern in patterns:
            for path in sorted((ROOT / "tests").glob(pattern)):
                wanted += [test for test in self.tests if test.endswith(f"/{path.relative_to(ROOT / 'tests')}.o")]
        if not wanted:
            raise RuntimeError(f"no tests of {patterns} are built alone")
        return list(dict.fromkeys(wanted)) + [test for test in self.tests if "/support/" in test]


class Source:
    """One source file, whose changes are compiled."""

    def __init__(self, tree, path):
        self.tree, self.path = tree, path
        self.text = (ROOT / "src" / path).read_text()
        words = compiler_only(tree.command(ROOT / "src" / path))
        self.flags = [word for word in words[1:-2] if not word.startswith(("-g", "-Winvalid", "-fpch"))]
        self.compiler = words[0]
        if "-include" in self.flags:  # the precompiled header of the tree, made with other flags
            at = self.flags.index("-include")
            del self.flags[at:at + 2]
        self.flags += ["-O0", "-g0", "-w"]

    def compile(self, changes, out):
        """One object file with all of these changes but those that do not compile; gives those that do.

        A process runs change number N, from 1, when its environment says so.
        """
        chosen = dict(enumerate(changes, 1))
        while True:
            done = self._run(CHOOSER + mutants.switched(self.text, chosen), out)
            if done.returncode == 0:
                return chosen
            # Where a template of a library fails, who asked for it is wrong.
            for kind in ("(?:fatal )?error:", "  required from"):
                wrong = {int(number) for number in re.findall(rf"^mutant-(\d+):\d+:\d+: {kind}", done.stderr, re.M)}
                if wrong:
                    break
            if not wrong:
                raise RuntimeError(f"{self.path} does not compile:\n{done.stderr[:3000]}")
            chosen = {number: change for number, change in chosen.items() if number not in wrong}

    def compile_one(self, change, out):
        """An object file with this change of what stands outside of functions."""
        if self._run(mutants.apply(self.text, change), out).returncode != 0:
            raise Unbuilt

    def _run(self, text, out):
        changed = pathlib.Path(f"{out}.cpp")
        changed.write_text(f'#line 1 "{self.path}"\n{text}')
        command = [self.compiler, *self.flags, "-c", changed, "-o", out]
        return subprocess.run(command, cwd=self.tree.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


class Tests:
    """Some of the unit tests: those of some files, but for the slow ones."""

    def __init__(self, tree, objects):
        self.tree, self.objects = tree, objects

    def link(self, changed, out):
        self.tree.link(self.tree.linker, [*self.objects, changed], out)

    def run(self, program, number=0, seconds=300.0):
        """Nothing when all pass, else the last words of what failed; `seconds` of processor time are enough."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (SPARED_MEMORY, SPARED_MEMORY))
            if not self.tree.is_sanitized:  # that maps all there is
                resource.setrlimit(resource.RLIMIT_AS, (SPARED_MEMORY, SPARED_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))

        with tempfile.TemporaryDirectory(dir=self.tree.scratch) as folder:
            try:
                done = subprocess.run([program, "--abort", "~[slow]"], cwd=folder, timeout=60 + 10 * seconds,
                                      env={**self.tree.environment, "TMPDIR": folder, CHOICE: str(number)},
                                      preexec_fn=limit, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
            except subprocess.TimeoutExpired:
                return "does not end"
        words = done.stdout.decode(errors="replace")[-2000:]
        return (words or f"ended by {done.returncode}") if done.returncode != 0 else ""

    def measure(self, program):
        """How long a change may take, in seconds of processor time: all pass without one, or say nothing."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if wrong := self.run(program):
            raise RuntimeError(f"the tests fail without any change:\n{wrong}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 2 + 4 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class BlackBox:
    """A black-box test of tests/cli/, of a program with the changes in it."""

    def __init__(self, tree, name):
        self.tree, self.path = tree, ROOT / "tests/cli" / name

    def link(self, changed, out):
        self.tree.link(self.tree.program, [changed], out)

    def run(self, program, number=0, seconds=300.0):
        environment = {**self.tree.environment, "ISINFETCH_BIN": program, CHOICE: str(number)}
        try:
            done = subprocess.run(["/usr/bin/python3", self.path, "--failfast"], env=environment,
                                  timeout=60 + 10 * seconds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            return "does not end"
        return done.stdout.decode(errors="replace")[-2000:] or "failed" if done.returncode != 0 else ""

    def measure(self, program):
        if wrong := self.run(program):
            raise RuntimeError(f"{self.path} fails without any change:\n{wrong}")
        return 30.0
