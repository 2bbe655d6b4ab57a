"""What operating systems do to programs: devices and pipes as files, closed descriptors, locks and disks
that refuse, limits. Each has its documented status, names the thing, and blames nobody else."""

import contextlib
import errno
import fcntl
import json
import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, FaultyPublisher, ProgramTest, Result, is_sanitized, status  # noqa: E402

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215"]
LIST = ("\n".join(ISINS) + "\n").encode()
TRACER = shutil.which("strace")
IS_ROOT = os.geteuid() == 0


def may_trace():
    """Not everywhere: some containers forbid it."""
    return TRACER is not None and subprocess.run(
        [TRACER, "-o", "/dev/null", "true"], capture_output=True).returncode == 0


class Faults(ProgramTest):
    def setUp(self):
        super().setUp()
        self.list = self.dir / "list.txt"
        self.list.write_bytes(LIST)
        self.configure("sources: {mine: {enabled: true, format: lines, guards: {max_shrink: 100%},"
                       f" url: 'file://{self.list}'}}}}\n")

    def load(self):
        result = self.run_json("--force")
        self.assertEqual(result.status, 0, result)
        return result

    protected = []  # what protects the machine from the program

    def command(self, *arguments):
        return [*self.protected, PROGRAM, "--config", str(self.config), *map(str, arguments)]

    def call(self, *arguments, **keywords):
        if not self.protected:
            return super().call(*arguments, **keywords)
        done = self.execute(self.command(*arguments), **keywords)
        return Result(done)

    def execute(self, command, **keywords):
        return subprocess.run(list(map(str, command)), env=self.environment, capture_output=True,
                              text=True, timeout=120, **keywords)

    def look_for_no_leaks(self):
        """The sanitizer's search needs a thread, and no other tracer."""
        self.environment["ASAN_OPTIONS"] = "detect_leaks=0"

    def injected(self, fault, path, *arguments):
        """A call while a system call on that path fails: "flock:error=ENOLCK"."""
        if not may_trace():
            self.skipTest("no strace here")
        self.look_for_no_leaks()
        return self.execute([TRACER, "-f", "-o", "/dev/null", "-e", f"trace={fault.split(':')[0]}",
                             "-e", f"inject={fault}", "-P", path, *self.command(*arguments)])

    def limited(self, limit, value, *arguments):
        def limit_it():
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))
        return self.execute(self.command(*arguments), preexec_fn=limit_it)

    def archived(self):
        return sorted((self.state / "archive").glob("*/*"))

    def assert_told(self, done, expected, *words):
        self.assertEqual(done.returncode, expected, f"{done.stdout}\n{done.stderr}")
        for word in words:
            self.assertIn(str(word), done.stdout + done.stderr)


# A mount of /dev in which devices work as ever, but nothing can be made, replaced or removed.
READ_ONLY_DEV = "mount --bind /dev /dev && mount -o remount,ro,bind /dev"


def may_protect_dev():
    return subprocess.run(["unshare", "-m", "sh", "-c", READ_ONLY_DEV], capture_output=True).returncode == 0


class Outputs(Faults):
    """As root, each call gets a /dev that it cannot harm: a program with the fault that is looked for
    here replaces the devices of the machine that it is tested on."""

    protected = ["unshare", "-m", "sh", "-c", READ_ONLY_DEV + ' && exec "$@"', "sh"] if IS_ROOT else []

    def setUp(self):
        super().setUp()
        if IS_ROOT and not may_protect_dev():
            self.skipTest("as root, only where /dev can be protected")
        self.load()
        self.rows = self.call("export").out

    def test_a_device_is_written_into(self):
        null = self.dir / "null"
        null.symlink_to("/dev/null")
        before = os.stat("/dev/null")
        for target in ("/dev/null", null):
            result = self.call("export", "-o", target)
            self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        self.assertEqual(self.call("export", "--metadata", "/dev/null").out, self.rows)
        after = os.stat("/dev/null")
        self.assertTrue(stat.S_ISCHR(after.st_mode))
        self.assertEqual((before.st_ino, before.st_mode), (after.st_ino, after.st_mode))
        self.assertFalse(os.path.exists("/dev/null.metadata.json"))
        self.assertTrue(null.is_symlink())
        self.assertEqual(self.call("export", "-o", "/dev/full").status, 74)

    def test_standard_output_by_any_name(self):
        for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            self.assertEqual(self.call("export", "-o", name).out, self.rows, name)
        told = self.call("export", "--metadata", "-", "-o", self.dir / "file.csv")
        self.assertEqual(told.json()["file"], "file.csv")
        self.assertEqual(self.call("export", "--metadata", "-").status, 64)

    def test_a_descriptor_goes_on_where_it_stands(self):
        file = self.dir / "all"
        with open(file, "w") as out:
            for name in ("/dev/stdout", "-"):
                done = subprocess.run(self.command("export", "-o", name), stdout=out,
                                      env=self.environment, timeout=60)
                self.assertEqual(done.returncode, 0)
        self.assertEqual(file.read_text(), 2 * self.rows)
        reading, writing = os.pipe()
        done = subprocess.run(self.command("export", "-o", f"/dev/fd/{writing}"), pass_fds=[writing],
                              env=self.environment, timeout=60)
        os.close(writing)
        with open(reading) as rest:
            self.assertEqual((done.returncode, rest.read()), (0, self.rows))

    def test_a_fifo_is_written_into(self):
        fifo, about = self.dir / "fifo", self.dir / "about"
        os.mkfifo(fifo)
        os.mkfifo(about)
        with subprocess.Popen(self.command("export", "-o", fifo, "--metadata", about),
                              env=self.environment) as program:
            # One after the other, as a script reads them.
            self.assertEqual(self.execute(["cat", fifo]).stdout, self.rows)
            self.assertEqual(json.loads(self.execute(["cat", about]).stdout)["format"], "csv")
            self.assertEqual(program.wait(60), 0)
        self.assertTrue(fifo.is_fifo() and about.is_fifo())

    def test_links_are_followed(self):
        folder = self.dir / "elsewhere"
        folder.mkdir()
        link = self.dir / "latest.csv"
        link.symlink_to("elsewhere/today.csv")
        for _ in range(2):
            self.assertEqual(self.call("export", "-o", link).status, 0)
            self.assertTrue(link.is_symlink())
            self.assertEqual((folder / "today.csv").read_text(), self.rows)

    def test_a_file_that_no_export_made_is_kept(self):
        for name, about in (("mine.csv", None), ("out.csv", "about.json")):
            precious = self.dir / (about or name)
            precious.write_text("precious")
            call = ["export", "-o", self.dir / name, *(["--metadata", precious] if about else [])]
            refused = self.call(*call)
            self.assertEqual(refused.status, 73, refused)
            self.assertIn(str(precious), refused.err)
            self.assertIn("--force", refused.err)
            self.assertEqual(precious.read_text(), "precious")
            self.assertEqual(self.call(*call, "--force").status, 0)
            self.assertEqual(self.call(*call).status, 0)
        empty = self.dir / "empty.csv"
        empty.touch()
        self.assertEqual(self.call("export", "-o", empty).status, 0)

    def test_metadata_of_another_file_vouch_for_nothing(self):
        self.assertEqual(self.call("export", "-o", self.dir / "a.csv").status, 0)
        (self.dir / "a.csv.metadata.json").rename(self.dir / "b.csv.metadata.json")
        (self.dir / "b.csv").write_text("precious")
        self.assertEqual(self.call("export", "-o", self.dir / "b.csv").status, 73)

    def test_the_format_follows_the_ending(self):
        for name, first in (("a.csv", "source"), ("a.jsonl", "{"), ("a.NDJSON", "{"), ("a", "source"),
                            ("a.2026-05", "source")):
            self.assertEqual(self.call("export", "-o", self.dir / name).status, 0, name)
            self.assertTrue((self.dir / name).read_text().startswith(first), name)
        self.assertEqual(self.call("export", "-o", self.dir / "b.csv", "--format", "jsonl").status, 0)
        self.assertTrue((self.dir / "b.csv").read_text().startswith("{"))

    def test_a_name_that_is_a_mistake_is_refused(self):
        for name in ("json", "csv", "JSONL", "text", "x.json", "x.csv.gz", "x.xlsx"):
            done = self.execute(self.command("export", "-o", name), cwd=self.dir)
            self.assert_told(done, 64, name, "--format")
            self.assertFalse((self.dir / name).exists(), name)
        done = self.execute(self.command("export", "-o", "./json"), cwd=self.dir)
        self.assertEqual((done.returncode, (self.dir / "json").read_text()), (0, self.rows))
        same = self.dir / "same"
        self.assertEqual(self.call("export", "-o", same, "--metadata", same).status, 64)

    def test_a_backup_through_a_pipe_is_whole(self):
        copy = self.dir / "copy.db"
        with open(copy, "wb") as out:
            done = subprocess.run(self.command("backup", "/dev/stdout"), stdout=out,
                                  env=self.environment, timeout=60)
        self.assertEqual(done.returncode, 0)
        checked = self.execute(["sqlite3", "-readonly", copy, "PRAGMA integrity_check"])
        self.assertEqual(checked.stdout, "ok\n")
        link = self.dir / "link.db"
        link.symlink_to("elsewhere.db")
        self.assertEqual(self.call("backup", link).status, 0)
        self.assertTrue(link.is_symlink() and (self.dir / "elsewhere.db").is_file())
        self.assertEqual(self.call("backup", "--force", "/dev/null").status, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_texts_for_schedulers_follow_links(self):
        folder = self.dir / "out"
        folder.mkdir()
        (folder / "isinfetch-state.yaml").symlink_to(self.dir / "state.yaml")
        self.assertEqual(self.call("schedule", "kubernetes", "--output-dir", folder).status, 0)
        self.assertTrue((folder / "isinfetch-state.yaml").is_symlink())
        self.assertIn("PersistentVolumeClaim", (self.dir / "state.yaml").read_text())


class Descriptors(Faults):
    def closed(self, numbers, *arguments):
        """Calls the program with these descriptors closed, as daemons and cron jobs may be started."""
        closing = " ".join(f"{number}>&-" for number in numbers)
        return self.execute(["sh", "-c", f'exec "$@" {closing}', "sh", *self.command(*arguments)])

    def test_a_closed_descriptor_becomes_nobody_elses_file(self):
        for numbers in ((0,), (1,), (2,), (1, 2), (0, 1, 2)):
            with self.subTest(closed=numbers):
                done = self.closed(numbers, "-vv", "run", "--force")
                self.assertEqual(done.returncode, 0, done)
                files = [path for path in self.state.rglob("*") if path.is_file()]
                self.assertEqual([path for path in files if b"isinfetch: " in path.read_bytes()], [])
                for lock in (self.state / "locks").glob("mine.lock"):
                    self.assertRegex(lock.read_text(), r"\Apid \d+, run \S+, since \S+\n\Z")
                self.assertEqual(self.call("verify").status, 0)

    def test_what_is_asked_for_and_cannot_be_written_is_an_error(self):
        self.load()
        self.assertEqual(self.closed((1,), "export").returncode, 74)
        self.assertEqual(self.closed((0, 1, 2), "list").returncode, 74)
        self.assertEqual(self.closed((0,), "check", "-f", "-").returncode, 74)


class Locks(Faults):
    def test_a_file_system_without_locks_is_named(self):
        self.load()
        for code in ("ENOLCK", "EOPNOTSUPP"):
            done = self.injected(f"flock:error={code}", self.state / "locks/mine.lock", "run", "--force")
            self.assert_told(done, 73, "mine.lock: cannot be locked", os.strerror(getattr(errno, code)))
            self.assertNotIn("another", done.stderr)
        done = self.injected("flock:error=EIO", self.state / "locks/mine.lock", "run", "--force")
        self.assert_told(done, 74, "mine.lock: cannot be locked")

    def test_nobody_holds_a_lock_that_cannot_be_had(self):
        self.load()
        done = self.injected("flock:error=ENOLCK", self.state / "locks/mine.lock", "doctor", "--offline")
        self.assertNotIn("held: mine", done.stdout)

    def test_a_lock_is_asked_for_again_after_a_signal(self):
        self.load()
        done = self.injected("flock:error=EINTR:when=1..3", self.state / "locks/mine.lock", "run",
                             "--force", "--no-wait")
        self.assertEqual(done.returncode, 0, done.stderr)


class Prune(Faults):
    def hold(self, how):
        lock = open(self.state / "locks/.archive.lock", "a")
        self.addCleanup(lock.close)
        fcntl.flock(lock, how)
        return lock

    def prune(self):
        return self.call("prune", "-o", "json", "--set", "keep.archive=0s")

    def two_days(self):
        self.load()
        self.list.write_bytes(LIST + b"XS0971721450\n")
        self.load()
        for file in self.archived():
            os.utime(file, (1e9, 1e9))

    def test_files_that_a_run_may_need_are_kept(self):
        self.two_days()
        with self.hold(fcntl.LOCK_SH):
            kept = self.prune()
        self.assertEqual((kept.status, kept.json()["archive_files"]), (0, 0), kept)
        self.assertIn("runs are at work", kept.err)
        self.assertEqual(len(self.archived()), 2)
        done = self.prune()
        self.assertEqual((done.status, done.json()["archive_files"], done.err), (0, 1, ""), done)

    def test_a_run_counts_on_the_archive_until_its_end(self):
        publisher = FaultyPublisher()
        self.addCleanup(publisher.stop)
        asked, go_on = threading.Event(), threading.Event()

        def answer(request):
            asked.set()
            go_on.wait(60)
            status(200, LIST)(request)
        publisher.answers["/list"] = answer
        self.load()
        with subprocess.Popen(self.command("run", "--force", "--set", "sources.mine.allow_http=true", "--set",
                                           f"sources.mine.url={publisher.url('/list')}"),
                              env=self.environment) as run:
            self.assertTrue(asked.wait(60))
            with self.assertRaises(BlockingIOError):
                self.hold(fcntl.LOCK_EX | fcntl.LOCK_NB)
            go_on.set()
            self.assertEqual(run.wait(60), 0)
        self.hold(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_a_run_waits_while_files_go(self):
        self.load()
        lock = self.hold(fcntl.LOCK_EX)
        with subprocess.Popen(self.command("run", "--force", "--no-wait"), env=self.environment) as run:
            time.sleep(0.5)
            self.assertIsNone(run.poll())
            lock.close()
            self.assertEqual(run.wait(60), 0)

    def test_a_note_that_was_forgotten_meanwhile_is_no_error(self):
        self.two_days()
        note = self.state / "received/mine/note"
        note.parent.mkdir(parents=True)
        note.write_text(f"{self.archived()[0].name} 10 file.zip\n")
        done = self.injected("openat:error=ENOENT", note, "prune", "--set", "keep.archive=0s")
        self.assertEqual(done.returncode, 0, done.stderr)


class System(Faults):
    def test_a_file_larger_than_the_limit_is_an_io_error(self):
        self.list.write_bytes(LIST * 40_000)
        done = self.limited(resource.RLIMIT_FSIZE, 1_000_000, "run")
        self.assert_told(done, 74, os.strerror(errno.EFBIG), self.state)
        done = self.limited(resource.RLIMIT_FSIZE, 1_000, "export", "-o", self.dir / "x.csv")
        self.assertIn(done.returncode, (66, 74), done)

    @unittest.skipIf(is_sanitized(), "the sanitizer asks pipes of its own what memory may be read")
    def test_no_more_descriptors_are_the_systems_refusal(self):
        self.load()
        before = self.call("list").out
        for count in range(4, 16):
            with self.subTest(descriptors=count):
                done = self.limited(resource.RLIMIT_NOFILE, count, "run", "--force", "-o", "json")
                self.assertIn(done.returncode, (0, 71), done)
                document = json.loads(done.stdout)  # one, and whole, wherever the run ended
                self.assertEqual((document["error"] or document)["exit_status"], done.returncode)
                if done.returncode == 71:
                    self.assertIn(os.strerror(errno.EMFILE), done.stdout + done.stderr)
        self.assertEqual(self.call("list").out, before)

    @unittest.skipUnless(IS_ROOT, "needs another user's limits")
    def test_threads_that_are_refused_are_the_systems_refusal(self):
        # Of a user of its own: the limit counts all processes of a user.
        self.list.write_bytes("".join(f"{isin}\n" for isin in ISINS).encode() * 40_000)
        user = 54_321
        os.chown(self.dir, user, user)
        self.dir.chmod(0o755)

        def become():
            os.setgid(user)
            os.setuid(user)
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        self.look_for_no_leaks()
        program = shutil.copy(PROGRAM, self.dir / "isinfetch")
        done = self.execute([program, *self.command("run", "-o", "json")[1:]], preexec_fn=become)
        self.assert_told(done, 71, "thread")
        document = json.loads(done.stdout)
        self.assertEqual((document["error"] or document)["exit_status"], 71)

    def test_an_archive_on_another_file_system(self):
        if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(self.dir).st_dev:
            self.skipTest("no second file system here")
        other = pathlib.Path(f"/dev/shm/{self.dir.name}")
        other.mkdir()
        self.addCleanup(shutil.rmtree, other)
        self.state.mkdir()
        for name in ("archive", "quarantine"):
            (other / name).mkdir()
            (self.state / name).symlink_to(other / name if name == "archive" else self.dir / "aside")
        (self.dir / "aside").mkdir()
        self.load()
        self.assertEqual(len(self.archived()), 1)
        self.assertEqual([path for path in self.state.rglob("*.part")], [])
        self.list.write_bytes(b"no ISIN\n")
        self.assertEqual(self.run_json("--force").status, 65)
        self.assertEqual(len(list((self.dir / "aside/mine").iterdir())), 1)

    def test_a_disk_that_fails_is_not_the_publishers_damage(self):
        self.load()
        archived, = self.archived()
        done = self.injected("read:error=EIO", archived, "run", "--force", "--offline", "--set",
                             "sources.mine.decimal=comma")
        self.assert_told(done, 74, archived.name, os.strerror(errno.EIO))
        self.assertNotIn("damaged", done.stderr)

    def test_a_write_that_a_signal_interrupts_goes_on(self):
        self.load()
        target = self.dir / "out.csv"
        rows = self.call("export").out
        done = self.injected("fsync:error=EINTR:when=1", self.dir, "export", "-o", target)
        self.assertEqual((done.returncode, target.read_text()), (0, rows), done.stderr)

    @unittest.skipUnless(IS_ROOT, "hides /proc")
    @unittest.skipIf(is_sanitized(), "the sanitizer reads its options in /proc")
    def test_without_proc(self):
        script = "mount -t tmpfs none /proc && exec \"$@\""
        done = self.execute(["unshare", "-m", "sh", "-c", script, "sh",
                             *self.command("run", "-o", "json")])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(json.loads(done.stdout)["run_id"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        done = self.execute(["unshare", "-m", "sh", "-c", f"{READ_ONLY_DEV} && {script}", "sh",
                             *self.command("export", "-o", "/dev/stdout")])
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (0, 6), done.stderr)

    @unittest.skipUnless(IS_ROOT, "becomes another user")
    def test_the_home_of_another_user_is_named(self):
        home = tempfile.mkdtemp(prefix="isinfetch-test-")  # for its owner alone
        self.addCleanup(shutil.rmtree, home)
        done = self.as_person("config", "check", HOME=home)
        self.assert_told(done, 77, "HOME is", home)


class Memory(Faults):
    def peak(self, rows, name):
        """The most memory that a run of such a list needed, in bytes."""
        with open(self.list, "w") as out:
            out.write("ISIN,Name\n")
            out.writelines(f"{isin},{name}\n" for isin in self.isins(rows))
        process = subprocess.Popen(self.command("run", "--force"), env=self.environment)
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss * 1024

    @staticmethod
    def isins(count):
        for number in range(count):
            body = f"US{number:09d}"
            digits = "".join(str(int(letter, 36)) for letter in body)
            total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(digits[::-1]))
            yield body + str(-total % 10)

    @unittest.skipIf(is_sanitized(), "counts the sanitizer's memory")
    def test_it_does_not_grow_with_the_length_of_rows(self):
        self.configure("store_cache: 4MiB\nsort_memory: 8MiB\nsources: {mine: {enabled: true, format: csv,"
                       f" url: 'file://{self.list}', columns: {{isin: ISIN, name: Name}}}}}}\n")
        short = self.peak(1200, "x")
        for letter in "ab":  # the first list, and one in which all has changed
            long = self.peak(1200, 60_000 * letter)
            self.assertLess(long - short, 64e6)
        self.assertEqual(self.sql("SELECT count(*), sum(length(name)) FROM listing_current"),
                         [["1200", "72000000"]])


class ConfigFiles(Faults):
    def setUp(self):
        super().setUp()
        self.folder = self.dir / ".config/isinfetch/conf.d"
        self.folder.mkdir(parents=True)
        (self.folder / "a.yaml").write_text("jobs: 3\n")

    def jobs(self):
        return self.as_person("config", "show", "-o", "json")

    def test_conf_d_is_read_as_a_shell_reads_it(self):
        before = self.jobs()
        self.assertEqual(before.returncode, 0, before.stderr)
        (self.folder / ".hidden.yaml").write_text("jobs: 4\n")
        (self.folder / ".#a.yaml").symlink_to("nobody@nowhere:1234")  # as editors leave it
        (self.folder / "folder.yaml").mkdir()
        (self.folder / "z.yaml").symlink_to("/dev/null")  # as units are masked
        os.mkfifo(self.folder / "fifo.yaml")
        self.assertEqual(self.jobs().stdout, before.stdout)

    def test_what_cannot_be_read_is_78(self):
        link = self.folder / "b.yaml"
        link.symlink_to("nowhere")
        self.assert_told(self.jobs(), 78, link)
        link.unlink()
        link.write_text("jobs: 4\n")
        link.chmod(0)
        self.assert_told(self.jobs(), 78, link)

    def test_a_configuration_through_a_pipe_is_read_once(self):
        text = self.config.read_text()
        for name, expected in (("mine", 0), ("mien", 64)):
            with contextlib.ExitStack() as stack:
                reading, writing = os.pipe()
                stack.callback(os.close, reading)
                os.write(writing, text.encode())
                os.close(writing)
                done = subprocess.run([PROGRAM, "--config", f"/dev/fd/{reading}", "run", "--force", name],
                                      pass_fds=[reading], env=self.environment, capture_output=True,
                                      text=True, timeout=60)
            self.assertEqual(done.returncode, expected, done.stderr)
            self.assertEqual("did you mean 'mine'" in done.stderr, expected != 0, done.stderr)

    def test_variables_of_kubernetes_are_passed_over(self):
        links = {"ISINFETCH_SERVICE_HOST": "10.0.0.1", "ISINFETCH_PORT": "tcp://10.0.0.1:8080",
                 "ISINFETCH_PORT_8080_TCP_ADDR": "10.0.0.1"}
        result = self.call("config", "check", environment=links)
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertIn("ISINFETCH_JOSB", self.call("config", "check",
                                                  environment={"ISINFETCH_JOSB": "1"}).err)


del Faults

if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main(verbosity=2)
