"""Every binary that ships is hardened, by whatever way it was built; secrets stay in memory."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, SOURCE_DIR, ProgramTest, is_sanitized  # noqa: E402

IS_X86 = platform.machine() in ("x86_64", "i686")


def readelf(*words):
    return subprocess.run(["readelf", "-W", *map(str, words)], capture_output=True, text=True,
                          check=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}).stdout


def flaws(binary):
    """What a binary lacks, in words."""
    header, segments, dynamic = (readelf(option, binary) for option in ("-h", "-l", "-d"))
    symbols = readelf("--dyn-syms", binary)
    found = []
    if not re.search(r"Type:\s+DYN", header) or "PIE" not in dynamic:
        found.append("no PIE")
    if "GNU_RELRO" not in segments:
        found.append("no RELRO")
    if not re.search(r"BIND_NOW|Flags:.*\bNOW\b", dynamic):
        found.append("symbols are bound lazily")
    if re.search(r"GNU_STACK.*RWE", segments):
        found.append("stack can be executed")
    if "__stack_chk_fail" not in symbols:
        found.append("no stack protector")
    # Calls that are checked, or the word of src/main.cpp where there is nothing to check.
    if not re.search(r"__(mem|str|v?s?n?printf)\w*_chk", symbols) and \
            not re.search(rb"isinfetch: FORTIFY [23]\0", binary.read_bytes()):
        found.append("no FORTIFY")
    if re.search(r"\b(RUNPATH|RPATH)\b", dynamic) and "$ORIGIN" not in dynamic:
        found.append("looks for libraries in a folder of the builder's")
    if IS_X86:
        found += code_flaws(binary)
    return found


def code_flaws(binary):
    """What only the instructions tell: how functions begin (CET), and how they take a large stack."""
    code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", str(binary)], capture_output=True,
                          text=True, check=True).stdout
    found = []
    if code.count("endbr64") < 100:
        found.append("no CET")
    # Page after page is touched: gcc's probe is an or of nothing.
    if not re.search(r"\bor[qlb]?\s+\$0x0,(0x[0-9a-f]+)?\(%rsp", code):
        found.append("no stack clash protection")
    return found


class Hardened(unittest.TestCase):
    def assert_hardened(self, binary):
        self.assertEqual(flaws(binary), [], binary)

    def test_the_program_under_test(self):
        cache = pathlib.Path(PROGRAM).resolve().parents[1] / "CMakeCache.txt"
        kind = re.search(r"CMAKE_BUILD_TYPE:\w+=(\w+)", cache.read_text()) if cache.exists() else None
        if is_sanitized() or not kind or kind[1] == "Debug":
            self.skipTest("no build that ships")
        self.assert_hardened(pathlib.Path(PROGRAM))

    def test_the_packages(self):
        folders = [os.environ.get(name) for name in ("ISINFETCH_DEB_DIR", "ISINFETCH_RPM_DIR")]
        packages = [file for folder in folders if folder
                    for file in sorted(pathlib.Path(folder).glob("isinfetch[-_]*.[dr][ep][bm]"))
                    if not re.search("dbgsym|debuginfo|debugsource", file.name)]
        if not packages:
            self.skipTest("no packages here")
        for package in packages:
            with tempfile.TemporaryDirectory() as folder, self.subTest(package=package.name):
                if package.suffix == ".deb":
                    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
                else:
                    subprocess.run(f"rpm2cpio '{package}' | cpio -idm --quiet", shell=True, check=True,
                                   cwd=folder)
                self.assert_hardened(pathlib.Path(folder) / "usr/bin/isinfetch")

    def test_the_tarball(self):
        folder = pathlib.Path(os.environ.get("ISINFETCH_TARBALL_DIR", SOURCE_DIR / "build/tarball"))
        tarballs = sorted(folder.glob("isinfetch-*.tar.xz"))
        if not tarballs:
            self.skipTest("no tarball here: sh packaging/build-tarball.sh")
        with tempfile.TemporaryDirectory() as folder, tarfile.open(tarballs[-1]) as archive:
            archive.extractall(folder)
            [top] = pathlib.Path(folder).iterdir()
            for program in (top / "bin").iterdir():
                self.assert_hardened(program)
            libraries = list((top / "lib/isinfetch").iterdir())
            self.assertTrue(libraries)
            for library in libraries:  # Debian's own
                self.assertIn("GNU_RELRO", readelf("-l", library), library)
                self.assertNotRegex(readelf("-l", library), r"GNU_STACK.*RWE", library)


class EveryWayToBuild(unittest.TestCase):
    """The flags, without the hour that building everything takes: one file of the program's folder."""

    SOURCE = """
    #include <cstdio>
    #include <cstring>
    int fill(const char* text, unsigned long size) {
        char small[8]; char large[60000];
        std::memset(large, 1, size); std::strncpy(small, text, size);
        return std::snprintf(large, size, "%s", small) + large[size / 2];
    }
    int main(int count, char** words) { return fill(words[0], static_cast<unsigned long>(count)); }
    """

    def build(self, folder, kind):
        (folder / "main.cpp").write_text(self.SOURCE)
        (folder / "CMakeLists.txt").write_text(f"""
            cmake_minimum_required(VERSION 3.25)
            project(small LANGUAGES CXX)
            add_library(isinfetch_flags INTERFACE)
            include({SOURCE_DIR}/cmake/hardening.cmake)
            add_executable(small main.cpp)
            target_link_libraries(small PRIVATE isinfetch_flags)
        """)
        for command in (["cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_BUILD_TYPE={kind}",
                         *(["-DCMAKE_CXX_FLAGS=-O2"] if kind == "None" else [])],
                        ["cmake", "--build", folder / "build"]):
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return folder / "build/small"

    def test_each_type(self):
        if shutil.which("cmake") is None:
            self.skipTest("no cmake here")
        for kind in ("Release", "RelWithDebInfo", "None"):
            with tempfile.TemporaryDirectory() as folder, self.subTest(kind=kind):
                lacking = set(flaws(self.build(pathlib.Path(folder), kind)))
                # So small a program has few functions; that they begin right is looked at below.
                self.assertLessEqual(lacking, {"no CET"})
                code = subprocess.run(["objdump", "-d", pathlib.Path(folder) / "build/small"],
                                      capture_output=True, text=True, check=True).stdout
                if IS_X86:
                    self.assertRegex(code, r"(?s)<_Z4fillPKcm>:\s+[0-9a-f]+:[^\n]*endbr64")

    def test_a_debug_build_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("no FORTIFY", flaws(self.build(pathlib.Path(folder), "Debug")))


class Memory(ProgramTest):
    def test_nobody_may_look_into_it(self):
        fifo = self.dir / "list"
        os.mkfifo(fifo)
        program = self.program_for_all()
        person = {"user": 65_534, "group": 65_534, "extra_groups": []} if os.geteuid() == 0 else {}
        waiting = subprocess.Popen([program, "check", "--file", fifo], env=self.environment,
                                   stdin=subprocess.DEVNULL, **person)
        self.addCleanup(waiting.wait)
        self.addCleanup(waiting.kill)
        maps = pathlib.Path(f"/proc/{waiting.pid}/environ")
        deadline = time.monotonic() + 30
        while maps.stat().st_uid != 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(maps.stat().st_uid, 0)

    def test_the_units_leave_no_core(self):
        sandbox = (SOURCE_DIR / "systemd/sandbox.in").read_text()
        self.assertRegex(sandbox, r"(?m)^LimitCORE=0$")
        for unit in (SOURCE_DIR / "systemd").glob("*.service.in"):
            self.assertRegex(unit.read_text() + (SOURCE_DIR / "systemd/service-common.in").read_text(),
                             "@ISINFETCH_SANDBOX@", unit)


if __name__ == "__main__":
    unittest.main()
