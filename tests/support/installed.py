"""A machine with the package under test installed and a publisher beside it."""

import json
import os
import pathlib
import platform
import subprocess
import unittest

from support.machine import Machine, skip_unless_possible, wait_for

# This machine's own release of Debian: what was compiled here runs there.
SUITE = os.environ.get("ISINFETCH_TEST_SUITE") or platform.freedesktop_os_release().get(
    "VERSION_CODENAME", "bookworm")

NGINX = """
user www-data;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {}
http {
    access_log /var/log/nginx/access.log;
    server {
        listen 127.0.0.1:8080;
        root /srv/www;
        include /etc/nginx/publisher.conf;
    }
}
"""

GOOD_LIST = "US0378331005\nDE0007164600\nIE00BLS09M33\n"

# One request and no second thoughts: what is tested is what systemd does with the exit status.
CONFIG = """
network: {retry: {attempts: 1}}
sources:
  list: {enabled: true, url: "http://127.0.0.1:8080/list.txt", format: lines, every: 1s}
"""


def package():
    """The deb under test, made by packaging/build-deb.sh."""
    folder = pathlib.Path(os.environ["ISINFETCH_DEB_DIR"])
    [file] = folder.glob("isinfetch_*.deb")
    return file


def dependencies(file):
    return subprocess.check_output(["dpkg-deb", "-f", file, "Depends"], text=True).strip()


class InstalledTest(unittest.TestCase):
    """Every test has a fresh machine; it takes about a second."""

    init = None

    @classmethod
    def setUpClass(cls):
        skip_unless_possible()
        if not pathlib.Path(os.environ["ISINFETCH_DEB_DIR"]).exists():
            raise unittest.SkipTest(f"no package for {SUITE}: see what building it said")
        cls.deb = package()

    def setUp(self):
        self.machine = Machine(SUITE, dependencies(self.deb), self.init)
        self.addCleanup(self.machine.remove)
        self.machine.start()

    def install(self):
        self.machine.run(f"dpkg -i {self.machine.copy_in(self.deb)}", check=True)

    def configure(self, text=CONFIG):
        self.machine.write("/etc/isinfetch/conf.d/test.yaml", text)

    def publish(self, rules="", text=GOOD_LIST):
        """Serves the list, by these rules of nginx if any."""
        self.machine.write("/srv/www/list.txt", text)
        self.machine.write("/etc/nginx/nginx.conf", NGINX)
        self.machine.write("/etc/nginx/publisher.conf", rules)
        self.machine.run("nginx -s reload 2>/dev/null || nginx", check=True)

    def set_up(self, rules=""):
        self.install()
        self.configure()
        self.publish(rules)

    def drop_in(self, unit, text):
        self.machine.write(f"/etc/systemd/system/{unit}.d/test.conf", text)
        self.machine.run("systemctl daemon-reload", check=True)

    def requests(self):
        return int(self.machine.out("wc -l < /var/log/nginx/access.log"))

    def stored(self, source="list"):
        """How many listings of the source there are; None before the first run."""
        answer = self.machine.run(f"isinfetch list --source {source} -o json")
        return len(json.loads(answer.out)) if answer.status == 0 else None

    def wait_until(self, condition, what, seconds=30):
        return wait_for(condition, seconds, what)
