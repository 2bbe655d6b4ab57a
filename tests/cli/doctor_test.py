"""`isinfetch doctor` as its users meet it: what it finds on machines that are broken in known ways,
and whether its fixes mend them. As root it also plays other users; else those tests are skipped."""

import fcntl
import json
import os
import pathlib
import pwd
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, ProgramTest, many_isins, status  # noqa: E402


NOBODY = pwd.getpwnam("nobody").pw_uid


class DoctorTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.list = self.dir / "list.txt"
        self.list.write_text("US0378331005\nDE0007164600\n")
        self.configure(f"sources: {{list: {{enabled: true, url: 'file://{self.list}', format: lines}}}}\n")

    def examine(self, status=0, *arguments, **keywords):
        """What was found, by subject."""
        answer = self.call("doctor", "--offline", "-o", "json", *arguments, **keywords)
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.json()["exit_status"], status)
        found = {finding["subject"]: finding for finding in answer.json()["findings"]}
        for finding in found.values():
            self.assertEqual(finding["fix"] is None, finding["health"] == "ok", finding)
        return found


class Doctor(DoctorTest):
    def test_before_the_first_run(self):
        found = self.examine()
        for subject in ("state directory", "store", "list: freshness"):
            self.assertEqual(found[subject]["health"], "warning", found)
        self.assertEqual(found["list: freshness"]["fix"], "isinfetch run list")

    def test_after_a_good_run(self):
        self.assertEqual(self.call("run").status, 0)
        found = self.examine()
        for subject in ("configuration", "state directory", "store", "locks", "list: freshness"):
            self.assertEqual(found[subject]["health"], "ok", found)

    def test_text_has_a_fix_below_each_complaint(self):
        lines = self.call("doctor", "--offline").out.splitlines()
        self.assertTrue(lines)
        for line, following in zip(lines, lines[1:] + [""]):
            if not line.startswith(" "):
                self.assertRegex(line, r"^(ok|warning|failed) +\S")
                self.assertEqual(following.startswith("         fix: "), not line.startswith("ok"))

    def test_a_file_in_the_way_of_the_state_directory(self):
        self.state.write_text("in the way")
        found = self.examine(73)
        self.assertIn("is no directory", found["state directory"]["text"])
        self.assertEqual(self.call("run").status, 73)

    def test_no_source_is_enabled(self):
        self.configure("")
        self.assertEqual(self.examine()["configuration"]["health"], "warning")

    def test_a_wrong_configuration_is_a_finding(self):
        self.configure("jbos: 3\n")
        found = self.examine(78)
        self.assertIn("isinfetch.yaml:2", found["configuration"]["text"])
        self.assertEqual(found["configuration"]["fix"], "isinfetch config check")

    def test_every_mistake_is_a_finding_and_does_not_end_the_other_checks(self):
        self.configure("jbos: 3\njobs: many\n")
        answer = self.call("doctor", "--offline")
        self.assertEqual(answer.status, 78, answer)
        for line in (2, 3):
            self.assertRegex(answer.out, f"(?m)^failed   configuration: .*isinfetch.yaml:{line}: ")
        self.assertRegex(answer.out, r"(?m)^\w+ +clock: ")
        self.assertRegex(answer.out, r"(?m)^\w+ +next run: ")

    def test_a_damaged_store(self):
        self.assertEqual(self.call("run").status, 0)
        store = self.state / "isinfetch.db"
        with sqlite3.connect(store) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(store.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        store.write_bytes(content)
        found = self.examine(74)
        self.assertEqual(found["store"]["health"], "failed")
        self.assertNotIn("list: freshness", found)  # nobody knows
        # What it says to type, with the program that is not in PATH.
        command = (f"isinfetch() {{ \"$ISINFETCH_BIN\" --config {self.config} \"$@\"; }}\n"
                   + found["store"]["fix"])
        subprocess.run(["sh", "-c", command], check=True,
                       env={**self.environment, "ISINFETCH_BIN": os.environ["ISINFETCH_BIN"]})
        self.assertEqual(self.examine()["store"]["health"], "ok")

    def test_who_holds_a_lock(self):
        self.assertEqual(self.call("run").status, 0)
        with open(self.state / "locks/list.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("list by ", self.examine()["locks"]["text"])
        self.assertEqual(self.examine()["locks"]["text"], "none is held")

    def test_no_certificates(self):
        self.configure("network: {ca_file: /nowhere/ca.pem}\nsources: {xetra: {enabled: true}}\n")
        self.assertEqual(self.examine(78)["certificates"]["text"], "/nowhere/ca.pem: cannot be read")

    def test_secrets_that_others_may_read(self):
        self.configure(f"sources: {{list: {{enabled: true, url: 'file://{self.list}', format: lines,"
                       " headers: {Authorization: Bearer s3cr3t}}}\n")
        self.config.chmod(0o644)
        answer = self.call("doctor", "--offline")
        self.assertIn(f"secrets: {self.config}: holds secrets", answer.out)
        self.assertNotIn("s3cr3t", answer.out)
        self.config.chmod(0o600)
        self.assertEqual(self.examine()["secrets"]["health"], "ok")

    def test_the_proxy_is_shown_without_its_password(self):
        self.configure("sources: {xetra: {enabled: true}}\n")
        found = self.examine(environment={"https_proxy": "http://me:s3cr3t@proxy.example:3128"})
        text = found["way to the publisher"]["text"]
        self.assertIn("through http://***@proxy.example:3128", text)

    def test_what_a_proxy_serves_is_one_finding(self):
        self.configure("sources:\n" + "".join(
            f"  {name}: {{enabled: true, url: 'https://{name}.invalid/a', format: lines}}\n"
            for name in ("one", "two")))
        answer = self.call("doctor", "-o", "json", environment={"all_proxy": "localhost:3128"})
        ways = [f["text"] for f in answer.json()["findings"]
                if f["subject"] == "way to the publisher"]
        self.assertEqual(ways, ["one.invalid, two.invalid: through localhost:3128"], answer)
        self.assertEqual(answer.status, 0, answer)  # only the proxy's address matters

    def test_the_way_is_the_one_that_libcurl_takes(self):
        for no_proxy, way in (("10.0.0.0/8", "10.1.2.3: directly"),
                              ("11.0.0.0/8", "10.1.2.3: through http://p.invalid:1"),
                              ("10.1.2.3", "10.1.2.3: directly")):
            self.configure("sources: {x: {enabled: true, url: 'https://10.1.2.3/a', format: lines}}\n")
            found = self.examine(environment={"https_proxy": "http://p.invalid:1",
                                              "no_proxy": no_proxy})
            self.assertEqual(found["way to the publisher"]["text"], way)

    def test_a_name_server_that_does_not_answer(self):
        self.configure("sources: {x: {enabled: true, url: 'https://no-such-host.invalid/a.txt',"
                       " format: lines}}\n")
        answer = self.call("doctor", "-o", "json")
        self.assertEqual(answer.status, 75, answer)
        failed = [f["subject"] for f in answer.json()["findings"] if f["health"] == "failed"]
        self.assertEqual(failed, ["way to the publisher"])

    def test_a_list_that_has_become_old(self):
        self.assertEqual(self.call("run").status, 0)
        with sqlite3.connect(self.state / "isinfetch.db") as connection:
            connection.execute("UPDATE source SET last_success = '2026-01-05T00:00:00Z'")
        self.assertEqual(self.examine(65)["list: freshness"]["health"], "failed")

    def test_a_quick_look_does_not_read_through_the_store(self):
        self.list.write_text("".join(isin + "\n" for isin in many_isins(20000)))
        self.assertEqual(self.call("run").status, 0)
        store = self.state / "isinfetch.db"
        with sqlite3.connect(store) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page, = connection.execute("SELECT rootpage FROM sqlite_schema"
                                       " WHERE name = 'listing_key'").fetchone()
            size, = connection.execute("PRAGMA page_size").fetchone()
        content = bytearray(store.read_bytes())
        content[(page - 1) * size:page * size] = b"\xff" * size
        store.write_bytes(content)
        self.assertEqual(self.examine(74)["store"]["health"], "failed")
        self.assertEqual(self.examine(0, "--quick")["store"]["health"], "ok")

    def test_a_refused_list_leads_to_its_file_and_the_figures(self):
        self.list.write_text("".join(isin + "\n" for isin in many_isins(100)))
        self.assertEqual(self.call("run").status, 0)
        self.list.write_text("US0378331005\nDE0007164600\n")
        self.assertEqual(self.call("run", "--force").status, 65)
        found = self.examine()["list: freshness"]
        self.assertEqual(found["health"], "warning", found)
        self.assertIn("refused", found["text"])
        self.assertIn("max_shrink", found["text"])
        file, = (self.state / "quarantine/list").iterdir()
        self.assertEqual(found["fix"], f"look at {file}; if it is right: "
                                       "isinfetch run --accept-shrink list list")
        self.assertEqual(self.call("run", "--force", "--accept-shrink", "list", "list").status, 0)
        self.assertEqual(self.examine()["list: freshness"]["health"], "ok")

    def test_a_list_that_is_gone_leads_to_its_publisher(self):
        publisher = FaultyPublisher()
        self.addCleanup(publisher.stop)
        answers = publisher.answers
        for name, code in (("gone", 404), ("secret", 403), ("legal", 451)):
            answers[f"/{name}"] = status(code)
        self.configure("network: {retry: {attempts: 1}}\nsources:\n" + "".join(
            f"  {name}: {{enabled: true, format: lines, homepage: 'https://home.example/{name}',"
            f" url: '{publisher.url('/' + name)}'}}\n" for name in ("gone", "secret", "legal")))
        self.call("run")
        found = self.examine()
        self.assertEqual(found["gone: freshness"]["fix"],
                         "look for its new address on https://home.example/gone and set "
                         "sources.gone.url")
        self.assertIn("sources.secret.headers", found["secret: freshness"]["fix"])
        self.assertIn("--ignore-cooldown secret", found["secret: freshness"]["fix"])
        self.assertIn("https://home.example/legal", found["legal: freshness"]["fix"])

    def test_one_cause_is_one_finding(self):
        names = [f"list-{n:02d}" for n in range(17)]
        self.configure("network: {retry: {attempts: 1}}\nsources:\n" + "".join(
            f"  {name}: {{enabled: true, format: lines, url: 'http://127.0.0.1:1/{name}'}}\n"
            for name in names))
        never = self.examine()["freshness"]
        self.assertEqual((never["about"], never["fix"]), (names, "isinfetch run"))
        self.assertEqual(self.call("run").status, 75)
        answer = self.call("doctor", "--offline", "-o", "json").json()["findings"]
        about_lists = [f for f in answer if f["subject"].endswith("freshness")]
        self.assertEqual(len(about_lists), 1, about_lists)
        self.assertEqual(about_lists[0]["about"], names)
        self.assertIn("list-00, list-01, list-02 and 14 more: ", about_lists[0]["text"])
        ways = [f for f in answer if f["subject"] == "way to the publisher"]
        self.assertEqual([way["text"] for way in ways], ["127.0.0.1: directly"])

    def test_locks_that_do_not_work(self):
        self.assertEqual(self.call("run").status, 0)
        trace = [shutil.which("strace") or "strace", "-f", "-qq", "-o", "/dev/null",
                 "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"]
        try:
            subprocess.run([*trace, "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("strace cannot trace here")
        # The sanitizer's search for leaks cannot work under a tracer.
        answer = subprocess.run([*trace, os.environ["ISINFETCH_BIN"], "--config", self.config,
                                 "doctor", "--offline"],
                                env={**self.environment, "ASAN_OPTIONS": "detect_leaks=0"},
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 73, answer)
        self.assertIn(f"failed   locks: {self.state}: they do not work there: No locks available",
                      answer.stdout)

    def test_it_changes_nothing(self):
        self.assertEqual(self.call("run").status, 0)
        state = lambda: {path: path.stat().st_mtime_ns for path in self.state.rglob("*")
                         if not path.name.endswith(("-shm", "-wal"))}
        before = state()
        self.examine()
        self.assertEqual(state(), before)
        shutil.rmtree(self.state)
        self.examine()
        self.assertFalse(self.state.exists())

    def test_certificates_from_the_environment(self):
        self.configure("sources: {xetra: {enabled: true}}\n")
        empty = self.dir / "empty.pem"
        empty.write_text("no certificate\n")
        found = self.examine(78, environment={"SSL_CERT_FILE": str(empty)})
        self.assertEqual(found["certificates"]["text"], f"{empty}: none in it")
        self.assertIn("ca-certificates", found["certificates"]["fix"])

    def test_a_store_of_a_newer_program(self):
        self.assertEqual(self.call("run").status, 0)
        with sqlite3.connect(self.state / "isinfetch.db") as connection:
            connection.execute("UPDATE schema_info SET version = 999")
        self.assertEqual(self.examine(78)["store"]["health"], "failed")

    def test_failures_and_cool_downs_are_warnings(self):
        self.assertEqual(self.call("run").status, 0)
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        for assignment, words in (("failures = 2, last_error = 'out of order'", "out of order"),
                                  (f"cooldown_until = '{until}'", until)):
            with sqlite3.connect(self.state / "isinfetch.db") as connection:
                connection.execute(f"UPDATE source SET {assignment}")
            found = self.examine()["list: freshness"]
            self.assertEqual(found["health"], "warning", found)
            self.assertIn(words, found["text"])

    def test_a_clock_behind_the_newest_run(self):
        self.assertEqual(self.call("run").status, 0)
        with sqlite3.connect(self.state / "isinfetch.db") as connection:
            connection.execute("UPDATE run SET started = '2099-01-01T00:00:00Z'")
        answer = self.call("doctor", "--offline", "-o", "json")
        clock, = [f for f in answer.json()["findings"] if f["subject"] == "clock"]
        # What the kernel says of this clock decides whose mistake it was.
        self.assertIn(clock["health"], ("warning", "failed"), clock)
        self.assertIn("2099-01-01T00:00:00Z", clock["text"])
        self.assertIn("isinfetch run", clock["fix"])
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertNotIn("2099", self.call("doctor", "--offline").out)

    def test_it_runs_without_any_environment(self):
        answer = subprocess.run([os.environ["ISINFETCH_BIN"], "doctor", "--offline"], env={},
                                capture_output=True, text=True, timeout=60)
        self.assertIn(answer.returncode, (0, 65, 77), answer)
        self.assertIn("configuration", answer.stdout)


@unittest.skipUnless(os.geteuid() == 0, "plays other users")
class OtherUsers(DoctorTest):
    def setUp(self):
        super().setUp()
        self.dir.chmod(0o755)
        self.state.mkdir()
        os.chown(self.state, NOBODY, NOBODY)
        # The program may lie where another user may not look.
        self.program = self.dir / "isinfetch"
        shutil.copy(os.environ["ISINFETCH_BIN"], self.program)

    def as_nobody(self, *arguments):
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                   str(self.program), "--config", str(self.config), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              timeout=60)

    def test_root_leaves_nothing_in_the_way_of_the_user(self):
        self.assertEqual(self.call("run").status, 0)
        self.assertEqual({path.stat().st_uid for path in self.state.rglob("*")}, {NOBODY})
        self.assertEqual(self.as_nobody("run", "--force").returncode, 0)

    def test_files_that_root_left(self):
        self.assertEqual(self.as_nobody("run").returncode, 0)
        left = self.state / "archive/left"
        left.write_text("")
        answer = self.as_nobody("doctor", "--offline")
        self.assertEqual(answer.returncode, 77, answer)
        self.assertIn(str(left), answer.stdout)
        self.assertIn(f"fix: chown -R nobody: {self.state}", answer.stdout)
        subprocess.run(["chown", "-R", "nobody:", str(self.state)], check=True)
        self.assertEqual(self.as_nobody("doctor", "--offline").returncode, 0)

    def test_a_directory_of_somebody_else(self):
        os.chown(self.state, 0, 0)
        answer = self.as_nobody("doctor", "--offline")
        self.assertEqual(answer.returncode, 77, answer)
        self.assertIn("user 'nobody' cannot write there", answer.stdout)

    def test_a_directory_that_cannot_be_made(self):
        self.state.rmdir()
        answer = self.as_nobody("doctor", "--offline")
        self.assertEqual(answer.returncode, 73, answer)
        self.assertIn(f"fix: install -d -o nobody {self.state}", answer.stdout)

    def test_a_link_belongs_to_whom_it_leads_to(self):
        self.state.rename(self.dir / "elsewhere")
        self.state.symlink_to("elsewhere")
        self.assertEqual(self.as_nobody("run").returncode, 0)
        answer = self.as_nobody("doctor", "--offline")
        self.assertEqual(answer.returncode, 0, answer)
        self.assertEqual(self.call("run", "--force").status, 0)
        self.assertEqual({path.stat().st_uid for path in self.state.resolve().rglob("*")}, {NOBODY})

    def test_a_disk_that_is_nearly_full(self):
        os.chown(self.state, 0, 0)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", self.state], check=True)
        self.addCleanup(subprocess.run, ["umount", self.state], check=True)
        self.assertEqual(self.examine(74)["disk space"]["health"], "failed")

    def test_a_disk_without_room_for_another_file(self):
        os.chown(self.state, 0, 0)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2g,nr_inodes=10", "tmpfs", self.state],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", self.state], check=True)
        self.assertEqual(self.examine(74)["disk space"]["health"], "failed")

    def test_a_file_system_that_cannot_be_written(self):
        os.chown(self.state, 0, 0)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", self.state], check=True)
        self.addCleanup(subprocess.run, ["umount", self.state], check=True)
        found = self.examine(73)["disk space"]
        self.assertIn("mounted read-only", found["text"])
        self.assertNotEqual(self.call("run").status, 0)

    def test_each_file_system_is_looked_at_once(self):
        os.chown(self.state, 0, 0)
        archive = self.state / "archive"
        archive.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", archive], check=True)
        self.addCleanup(subprocess.run, ["umount", archive], check=True)
        answer = self.call("doctor", "--offline", "-o", "json")
        self.assertEqual(answer.status, 74, answer)
        disks = [f for f in answer.json()["findings"] if f["subject"] == "disk space"]
        self.assertEqual(len(disks), 2, disks)
        self.assertIn(f"{self.state} (state, partial, quarantine, store): ", disks[0]["text"])
        self.assertIn(f"{archive} (archive): ", disks[1]["text"])
        self.assertEqual(disks[1]["health"], "failed")

    def test_a_person_is_shown_a_crontab_of_their_own(self):
        answer = self.as_nobody("doctor", "--offline")
        self.assertIn("fix: (crontab -l; isinfetch schedule cron --user) | crontab -",
                      answer.stdout)

    def test_a_configuration_that_may_not_be_read(self):
        self.config.chmod(0o600)
        answer = self.as_nobody("doctor", "--offline")
        self.assertEqual(answer.returncode, 77, answer)
        self.assertIn(str(self.config), answer.stdout)


@unittest.skipUnless(os.geteuid() == 0, "plays the service manager")
class NextRun(DoctorTest):
    """In a mount namespace of its own, with a systemctl that prints what it is told."""

    def next_run(self, shown, cron=""):
        """The finding where `systemctl show` prints `shown`; None: where cron alone runs."""
        commands = self.dir / "bin"
        commands.mkdir(exist_ok=True)
        (commands / "shown").write_text(shown or "")
        (commands / "systemctl").write_text(f"#!/bin/sh\nexec cat {commands}/shown\n")
        (commands / "systemctl").chmod(0o755)
        (self.dir / "crontab").write_text(cron + "\n")
        script = f"""set -e
            mount -t tmpfs tmpfs /run
            {'mkdir -p /run/systemd/system' if shown is not None else ''}
            mkdir -p /etc/cron.d; mount -t tmpfs tmpfs /etc/cron.d
            cp {self.dir}/crontab /etc/cron.d/isinfetch
            PATH={commands}:$PATH
            exec {os.environ['ISINFETCH_BIN']} --config {self.config} doctor -o json --offline"""
        answer = subprocess.run(["unshare", "-m", "sh", "-c", script], env=self.environment,
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer)
        return next(f for f in json.loads(answer.stdout)["findings"] if f["subject"] == "next run")

    def test_timers(self):
        for enabled, active, following, health, fix in (
                ("enabled", "active", "Tue 2026-11-24 00:17:00 UTC", "ok", None),
                ("enabled", "inactive", "", "warning", "systemctl start isinfetch.timer"),
                ("enabled", "active", "", "warning", "systemctl cat isinfetch.timer"),
                ("enabled", "active", "infinity", "warning", "systemctl cat isinfetch.timer"),
                ("disabled", "inactive", "", "warning",
                 "systemctl enable --now isinfetch.timer")):
            with self.subTest(enabled=enabled, active=active, following=following):
                found = self.next_run("Id=isinfetch.timer\nLoadState=loaded\n"
                                      f"ActiveState={active}\nUnitFileState={enabled}\n"
                                      f"NextElapseUSecRealtime={following}\n")
                self.assertEqual(found["health"], health, found)
                self.assertIn(fix or "", found["fix"] or "")

    def test_cron(self):
        line = "17 * * * * root /usr/bin/isinfetch run"
        for cron, health in (("", "warning"), ("# " + line, "warning"), (line, "ok")):
            self.assertEqual(self.next_run(None, cron)["health"], health, cron)
        self.assertIn("/etc/cron.d/isinfetch", self.next_run(None, line)["text"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
