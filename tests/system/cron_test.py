"""Debian's cron on a machine whose first process is not systemd: the shipped line, once enabled,
fetches and says nothing; a failure reaches the system's log although nobody can send mail.

Needs root and ISINFETCH_DEB_DIR.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.installed import InstalledTest  # noqa: E402

# As small as an init can be: what cron says and what goes to the system's log is kept in files.
INIT = ["/usr/bin/perl", "-e", r"""
use Socket; unlink '/dev/log';
socket(my $log, AF_UNIX, SOCK_DGRAM, 0) or die; bind($log, sockaddr_un('/dev/log')) or die;
chmod 0666, '/dev/log'; open(my $out, '>>', '/var/log/messages') or die; $out->autoflush(1);
$SIG{TERM} = sub { exit 0 };
while (1) { recv($log, my $line, 65536, 0); print $out $line, "\n" if length $line; }
"""]

# The line as shipped but for its comment sign, the hours, and a splay that a test can wait for.
ENABLE = r"""sed -i -e 's/^#17 \*\/6 \* \* \* /* * * * * /' -e 's/--splay 40m/--splay 2s/' \
    /etc/cron.d/isinfetch && grep -q '^\* \* \* \* \* isinfetch \[ -d /run/systemd/system \] ||' \
    /etc/cron.d/isinfetch"""


class Cron(InstalledTest):
    init = INIT

    def set_up_cron(self, rules=""):
        self.set_up(rules)
        self.machine.run(ENABLE, check=True)
        self.machine.run("chmod 644 /etc/cron.d/isinfetch && cron", check=True)

    def logged(self, word):
        return self.machine.run(f"grep -i '{word}' /var/log/messages").out

    def test_the_line_fetches_and_says_nothing(self):
        self.set_up_cron()
        self.wait_until(lambda: self.stored() == 3, "the list", 90)
        self.assertEqual(self.machine.out("stat -c %U /var/lib/isinfetch/isinfetch.db"), "isinfetch")
        self.assertEqual(self.logged("isinfetch: run failed"), "")
        self.assertEqual(self.logged("discarding output"), "")

    def test_a_failure_reaches_the_log_of_a_host_that_cannot_send_mail(self):
        self.set_up_cron("location / { return 403; }")
        said = self.wait_until(lambda: self.logged("isinfetch: run failed"), "the message", 90)
        self.assertIn("isinfetch status", said)


class CronBesideSystemd(InstalledTest):
    def test_the_line_stands_aside(self):
        self.set_up()
        line = self.machine.out("grep '^#17' /etc/cron.d/isinfetch")
        command = line.split("isinfetch ", 1)[1]
        self.machine.write("/root/line.sh", command + "\n")
        self.assertEqual(self.machine.run("sh /root/line.sh").status, 0)
        self.assertIsNone(self.stored())


if __name__ == "__main__":
    unittest.main(verbosity=2)
