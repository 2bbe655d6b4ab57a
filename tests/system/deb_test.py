"""The deb on a booted Debian: installing, upgrading, removing; what systemd makes of the units.

Needs root, and ISINFETCH_DEB_DIR with the package; ISINFETCH_TEST_SUITE chooses the release.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.installed import CONFIG, InstalledTest  # noqa: E402

SHORT = "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nRandomizedDelaySec=0\nAccuracySec=100ms\n"
IMPATIENT = "[Service]\nRestartSec=300ms\n"

# So slow that it is still going on when the test looks.
SLOW = "location / { limit_rate 4; }"
SLOW_A_WHILE = "location / { limit_rate 10; }"


class Package(InstalledTest):
    def test_lintian_has_nothing_to_say(self):
        answer = subprocess.run(["lintian", "-EI", "--pedantic", "--allow-root", self.deb],
                                capture_output=True, text=True)
        self.assertEqual((answer.returncode, answer.stdout), (0, ""), answer.stderr)

    def test_it_brings_the_manual_and_completions(self):
        content = subprocess.check_output(["dpkg-deb", "-c", self.deb], text=True)
        for file in ("man1/isinfetch.1.gz", "man5/isinfetch.yaml.5.gz", "man7/isinfetch-sources.7.gz",
                     "man7/isinfetch-schema.7.gz", "bash-completion/completions/isinfetch",
                     "zsh/vendor-completions/_isinfetch", "fish/vendor_completions.d/isinfetch.fish"):
            self.assertIn(f"/usr/share/{'man/' if file.startswith('man') else ''}{file}\n", content)


class Installing(InstalledTest):
    def test_nothing_runs_until_the_administrator_says_so(self):
        self.install()
        machine = self.machine
        self.assertEqual(machine.run("systemctl is-enabled isinfetch.timer").out, "disabled\n")
        self.assertEqual(machine.run("systemctl is-active isinfetch.timer").out, "inactive\n")
        self.assertEqual(machine.out("stat -c '%U:%G %a' /var/lib/isinfetch"),
                         "isinfetch:isinfetch 755")
        self.assertEqual(machine.out("getent passwd isinfetch | cut -d: -f6,7"),
                         "/var/lib/isinfetch:/usr/sbin/nologin")
        self.assertRegex(machine.out("sed '/^#/d;/^$/d' /etc/cron.d/isinfetch"),
                         r"(?s)\ASHELL=\S+\nPATH=\S+\nMAILTO=root\Z")
        self.assertEqual(machine.out("isinfetch config check").splitlines()[0][:24],
                         "configuration is correct")

    def test_units_pass_systemds_own_checks(self):
        self.install()
        self.machine.run("systemctl enable isinfetch.timer isinfetch@list.timer", check=True)
        units = "isinfetch.service isinfetch.timer isinfetch@list.service isinfetch@list.timer"
        answer = self.machine.run(f"systemd-analyze verify --man=no {units}", check=True)
        self.assertEqual(answer.out + answer.err, "")
        for unit in ("isinfetch.service", "isinfetch@list.service", "isinfetch-failure@x.service"):
            with self.subTest(unit):
                self.machine.run(f"systemd-analyze security --threshold=11 {unit}", check=True)

    def test_drop_ins_of_the_documentation_are_valid(self):
        self.install()
        folder = "/usr/share/doc/isinfetch/examples"
        for name, unit in (("container", "isinfetch.service"), ("laptop", "isinfetch.service"),
                           ("hourly", "isinfetch.timer")):
            with self.subTest(name):
                self.machine.run(f"install -m 644 -D {folder}/{name}.conf /etc/systemd/system/{unit}.d/x.conf"
                                 " && systemctl daemon-reload", check=True)
                answer = self.machine.run(f"systemd-analyze verify --man=no {unit}", check=True)
                self.assertEqual(answer.out + answer.err, "")

    def test_upgrade_keeps_edits_timers_and_the_run_that_is_under_way(self):
        self.set_up(SLOW_A_WHILE)
        machine = self.machine
        machine.run("echo '# mine' >> /etc/isinfetch/isinfetch.yaml", check=True)
        machine.run("systemctl enable --now isinfetch.timer isinfetch@list.timer", check=True)
        machine.run("systemctl start --no-block isinfetch@list.service", check=True)
        self.wait_until(lambda: machine.show("isinfetch@list.service", "ActiveState")
                        == "activating", "the run")
        run = machine.show("isinfetch@list.service", "InvocationID")

        machine.run("dpkg -i " + machine.copy_in(self.newer_package()), check=True)
        self.assertEqual(machine.out("dpkg-query -W -f '${Version}' isinfetch"), "9.9")
        self.assertEqual(machine.show("isinfetch@list.service", "InvocationID"), run)
        self.assertEqual(machine.show("isinfetch@list.service", "ActiveState"), "activating")
        self.assertEqual(machine.out("tail -n 1 /etc/isinfetch/isinfetch.yaml"), "# mine")
        for timer in ("isinfetch.timer", "isinfetch@list.timer"):
            with self.subTest(timer):
                self.assertEqual(machine.out(f"systemctl is-enabled {timer}"), "enabled")
                self.assertEqual(machine.out(f"systemctl is-active {timer}"), "active")
        self.wait_until(lambda: machine.show("isinfetch@list.service", "ActiveState")
                        == "inactive", "the end of the run")
        self.assertEqual(machine.show("isinfetch@list.service", "Result"), "success")
        self.assertEqual(self.stored(), 3)

    def newer_package(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-deb-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", folder])
        subprocess.run(["dpkg-deb", "-R", self.deb, folder / "tree"], check=True)
        control = folder / "tree/DEBIAN/control"
        lines = control.read_text().splitlines(keepends=True)
        control.write_text("".join("Version: 9.9\n" if line.startswith("Version:") else line
                                   for line in lines))
        shipped = folder / "tree/etc/isinfetch/isinfetch.yaml"
        shipped.write_text(shipped.read_text())
        subprocess.run(["dpkg-deb", "-b", folder / "tree", folder / "newer.deb"], check=True,
                       stdout=subprocess.DEVNULL)
        return folder / "newer.deb"

    def test_removing_stops_timers_and_purging_leaves_nothing(self):
        self.set_up()
        machine = self.machine
        machine.run("systemctl enable --now isinfetch.timer isinfetch@list.timer", check=True)
        machine.run("systemctl start isinfetch.service", check=True)
        machine.run("isinfetch sources --enable xetra", check=True)
        machine.run("dpkg -r isinfetch", check=True)
        for timer in ("isinfetch.timer", "isinfetch@list.timer"):
            self.assertNotEqual(machine.run(f"systemctl is-active {timer}").out, "active\n")
        self.assertEqual(machine.run("test -s /var/lib/isinfetch/isinfetch.db").status, 0)
        machine.run("dpkg -P isinfetch", check=True)
        left = machine.out("find /etc /usr /var /run /lib -xdev -name '*isinfetch*'"
                           " -not -path '/var/log/*' -not -path '/run/log/*'")
        self.assertEqual(left, "")


class Running(InstalledTest):
    def test_the_timer_fires_stores_and_says_nothing(self):
        self.set_up()
        machine = self.machine
        self.drop_in("isinfetch.timer", SHORT)
        machine.run("systemctl enable --now isinfetch.timer", check=True)
        self.wait_until(lambda: self.stored() == 3, "the list")
        self.wait_until(lambda: self.requests() > 1, "a second run")
        self.assertEqual(machine.journal("isinfetch.service"), [])
        self.assertEqual(machine.show("isinfetch.service", "Result"), "success")
        # None while the service runs.
        self.wait_until(lambda: machine.show("isinfetch.timer", "NextElapseUSecRealtime") not in ("", "infinity"),
                        "the next time of the timer")

    def test_the_store_can_be_read_by_everybody(self):
        self.set_up()
        self.machine.run("systemctl start isinfetch.service && useradd reader", check=True)
        count = "sqlite3 -readonly /var/lib/isinfetch/isinfetch.db 'SELECT count(*) FROM instrument'"
        self.assertEqual(self.machine.out(f"runuser -u reader -- {count}"), "3")
        self.assertIn("list", self.machine.out("runuser -u reader -- isinfetch lookup US0378331005"))

    def test_drop_ins_from_the_configuration_fire(self):
        self.install()
        self.configure(CONFIG.replace("every: 1s", 'not_before: "02:30", zone: Europe/Berlin'))
        self.publish()
        machine = self.machine
        machine.run("isinfetch schedule systemd --output-dir /etc/systemd/system && "
                    "systemctl daemon-reload && systemctl enable --now isinfetch@list.timer", check=True)
        verified = machine.run("systemd-analyze verify --man=no isinfetch@list.timer", check=True)
        self.assertEqual(verified.out + verified.err, "")
        calendar = machine.show("isinfetch@list.timer", "TimersCalendar")
        for hour in ("00:30", "01:30"):  # summer and winter
            self.assertIn(f"OnCalendar=*-*-* {hour}:00 UTC", calendar)
        self.assertNotIn("00/6", calendar)
        self.assertNotIn(machine.show("isinfetch@list.timer", "NextElapseUSecRealtime"), ("", "infinity"))

    def test_the_doctor_knows_what_starts_the_next_run(self):
        self.set_up()
        machine = self.machine
        ask = "runuser -u isinfetch -- isinfetch doctor --offline"
        self.assertIn("fix: systemctl enable --now isinfetch.timer", machine.out(ask))
        machine.run("systemctl enable isinfetch.timer", check=True)
        self.assertIn("fix: systemctl start isinfetch.timer", machine.out(ask))
        machine.run("systemctl start isinfetch.timer", check=True)
        self.assertIn("ok       next run: isinfetch.timer at ", machine.out(ask))

    def test_a_run_of_root_leaves_nothing_that_is_roots(self):
        self.set_up()
        machine = self.machine
        done = machine.run("isinfetch run")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(machine.out("find /var/lib/isinfetch -user root"), "")
        self.assertIn("isinfetch.db", machine.out("find /var/lib/isinfetch -user isinfetch"))

    def test_a_failure_is_reported_once_and_with_its_priority(self):
        self.set_up("location / { return 403; }")
        machine = self.machine
        self.assertNotEqual(machine.run("systemctl start isinfetch.service").status, 0)
        self.assertEqual(machine.show("isinfetch.service", "ExecMainStatus"), "77")
        self.assertEqual(machine.show("isinfetch.service", "NRestarts"), "0")
        entries = machine.journal("isinfetch.service")
        self.assertTrue(entries)
        for entry in entries:
            self.assertEqual(entry["PRIORITY"], "3", entry["MESSAGE"])
            self.assertNotRegex(entry["MESSAGE"], r"^<\d>|^20\d\d-|\x1b")
        hook = "isinfetch-failure@isinfetch.service.service"
        report = self.wait_until(lambda: machine.journal(hook), "the report")
        self.assertEqual(report[0]["PRIORITY"], "2")
        self.assertIn("isinfetch.service failed: exit-code, status 77", report[0]["MESSAGE"])

    def test_waiting_is_tried_again_and_reported_once_per_series(self):
        self.set_up("location / { return 503; }")
        machine = self.machine
        self.drop_in("isinfetch.service", IMPATIENT)
        self.count_reports()
        machine.run("systemctl start isinfetch.service")
        self.wait_until(lambda: machine.show("isinfetch.service", "ActiveState") == "failed"
                        and self.requests() == 4, "the end of the series")
        self.assertEqual(machine.show("isinfetch.service", "ExecMainStatus"), "75")
        self.wait_until(lambda: self.reports() == 1, "the report")
        machine.run("sleep 2")
        self.assertEqual(self.reports(), 1)

    def test_waiting_heals_by_trying_again(self):
        self.set_up("location / { return 503; }")
        machine = self.machine
        self.drop_in("isinfetch.service", IMPATIENT)
        self.count_reports()
        machine.run("systemctl start --no-block isinfetch.service", check=True)
        self.wait_until(lambda: self.requests() >= 1, "the first try")
        self.publish()
        self.wait_until(lambda: self.stored() == 3, "the list")
        self.wait_until(lambda: machine.show("isinfetch.service", "ActiveState") == "inactive",
                        "the end")
        self.assertEqual(machine.show("isinfetch.service", "Result"), "success")
        self.assertEqual(self.reports(), 0)

    def count_reports(self):
        """As an administrator adds a report of their own: a drop-in of the failure unit."""
        self.machine.run("touch /var/lib/isinfetch/reports && chown isinfetch: "
                         "/var/lib/isinfetch/reports", check=True)
        self.drop_in("isinfetch-failure@.service",
                     "[Service]\nExecStart=/bin/sh -c 'echo \"$$1\" >> /var/lib/isinfetch/reports' x %i\n")

    def reports(self):
        return int(self.machine.out("grep -c '^isinfetch.service$' /var/lib/isinfetch/reports; true"))

    def test_stopping_a_run_is_no_failure(self):
        self.set_up(SLOW)
        machine = self.machine
        machine.run("systemctl start --no-block isinfetch.service", check=True)
        self.wait_until(lambda: machine.show("isinfetch.service", "ActiveState") == "activating"
                        and self.is_downloading(), "the download")
        machine.run("systemctl stop isinfetch.service", check=True)
        self.assertEqual(machine.show("isinfetch.service", "ActiveState"), "inactive")
        self.assertEqual(machine.show("isinfetch.service", "Result"), "success")
        self.publish()
        machine.run("systemctl start isinfetch.service", check=True)
        self.assertEqual(self.stored(), 3)

    def is_downloading(self):
        established_to_8080 = ":1F90 [0-9A-F:]* 01 "
        return self.machine.run(f"grep -q '{established_to_8080}' /proc/net/tcp").status == 0

    def test_a_slot_missed_while_the_machine_was_down_is_caught_up(self):
        self.set_up()
        machine = self.machine
        daily = "[Timer]\nOnCalendar=\nOnCalendar=daily UTC\nRandomizedDelaySec=0\n"
        self.drop_in("isinfetch.timer", daily)
        self.drop_in("isinfetch.service", "[Unit]\nAfter=nginx.service\n")
        machine.run("systemctl enable --now isinfetch.timer", check=True)
        # The machine is off for two days, as far as anybody can tell from its files.
        machine.run("touch -d '2 days ago' /var/lib/systemd/timers/stamp-isinfetch.timer", check=True)
        machine.stop()
        machine.start()
        self.wait_until(lambda: self.stored() == 3, "the list")

    def test_two_sources_run_at_once_and_fail_alone(self):
        self.install()
        self.configure(CONFIG + """
  other: {enabled: true, url: "http://127.0.0.1:8080/other.txt", format: lines, every: 1s}
  gone: {enabled: true, url: "http://127.0.0.1:8080/gone.txt", format: lines, every: 1s}
""")
        self.machine.write("/srv/www/other.txt", "NL0000235190\nFR0000131104\n")
        self.publish(SLOW_A_WHILE)
        machine = self.machine
        units = ["isinfetch@list.service", "isinfetch@other.service"]
        machine.run(f"systemctl start --no-block {' '.join(units)}", check=True)
        self.wait_until(lambda: all(machine.show(unit, "ActiveState") == "activating"
                                    for unit in units), "both")
        self.assertNotEqual(machine.run("systemctl start isinfetch@gone.service").status, 0)
        self.assertEqual(machine.show("isinfetch@gone.service", "ExecMainStatus"), "66")
        for unit in units:
            self.wait_until(lambda: machine.show(unit, "ActiveState") == "inactive", unit)
            self.assertEqual(machine.show(unit, "Result"), "success")
        self.assertEqual((self.stored("list"), self.stored("other")), (3, 2))

    def test_a_credential_reaches_the_publisher_and_nobody_else(self):
        self.set_up('if ($http_authorization != "Bearer s3cr3t") { return 401; }')
        machine = self.machine
        self.assertNotEqual(machine.run("systemctl start isinfetch.service").status, 0)
        machine.write("/etc/credstore/isinfetch.credentials",
                      "sources: {list: {headers: {Authorization: Bearer s3cr3t}}}\n", 0o600)
        answer = machine.run("systemctl reset-failed; systemctl start isinfetch.service")
        self.assertEqual(answer.status, 0, machine.out("journalctl --no-pager -n 30"))
        self.assertEqual(self.stored(), 3)
        self.assertNotIn("s3cr3t", machine.out("journalctl --no-pager"))
        self.assertEqual(machine.run("grep -r s3cr3t /var/lib/isinfetch /etc/isinfetch").out, "")

    def test_the_sandbox_holds(self):
        self.install()
        machine = self.machine
        machine.write("/usr/local/bin/probe", PROBE, 0o755)
        machine.write("/home/somebody/secret", "x\n")
        self.drop_in("isinfetch.service", "[Service]\nExecStart=\nExecStart=/usr/local/bin/probe\n")
        answer = machine.run("systemctl start isinfetch.service")
        self.assertEqual(answer.status, 0, machine.out("journalctl -u isinfetch --no-pager -n 30"))
        said = [entry["MESSAGE"] for entry in machine.journal("isinfetch.service")]
        self.assertEqual(said, PROBE_SAYS)


# What a program that was taken over would try, with what every Debian has.
PROBE = r"""#!/usr/bin/perl
use strict; use Socket;
sub say_if { my ($what, $ok) = @_; print "$what: ", ($ok ? "yes" : "no"), "\n"; }
sub can_write { my $ok = open(my $file, '>', "$_[0]/probe"); unlink "$_[0]/probe" if $ok; $ok }
say_if("write $_", can_write($_)) for qw(/etc /usr /var /var/lib /var/log /var/lib/isinfetch);
say_if("read home", -e "/home/somebody/secret");
say_if("see others", -d "/proc/1/task");
say_if("family inet", socket(my $a, AF_INET, SOCK_STREAM, 0));
say_if("family inet6", socket(my $b, AF_INET6, SOCK_STREAM, 0));
say_if("family unix", socket(my $c, AF_UNIX, SOCK_STREAM, 0));
say_if("family netlink", socket(my $d, 16, SOCK_RAW, 0));
say_if("family packet", socket(my $e, 17, SOCK_RAW, 0));
say_if("raw socket", socket(my $f, AF_INET, SOCK_RAW, 1));
say_if("become root", ($> = 0, $> == 0)[1]);
say_if("mount", system("mount -t tmpfs none /tmp 2>/dev/null") == 0);
say_if("devices", -e "/dev/sda" || -e "/dev/mem");
"""
PROBE_SAYS = [
    "write /etc: no", "write /usr: no", "write /var: no", "write /var/lib: no",
    "write /var/log: no", "write /var/lib/isinfetch: yes", "read home: no", "see others: no",
    "family inet: yes", "family inet6: yes", "family unix: yes", "family netlink: no",
    "family packet: no", "raw socket: no", "become root: no", "mount: no", "devices: no",
]

if __name__ == "__main__":
    unittest.main(verbosity=2)
