"""Hosts that share a PostgreSQL store: real processes, each with a state directory of its own, against
a real server.
"""

import datetime
import email.utils
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from harness import PROGRAM, FaultyPublisher, Result, respond
from postgres import Postgres, binaries

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215",
         "JP3633400001", "DE0007164600", "FR0000120271", "INE002A01018", "AU0000XVGZA3"]
DAY = datetime.datetime(2024, 3, 1, 6, tzinfo=datetime.timezone.utc)
LEASE = 2  # seconds


class Host:
    """A host with a state directory of its own."""

    def __init__(self, directory, name, store, url, extra=""):
        self.directory = directory / name
        self.directory.mkdir(exist_ok=True)
        self.config = self.directory / "isinfetch.yaml"
        self.config.write_text(f"""
state_dir: {self.directory}/state
store: {store}
store_lease: {LEASE}s
lock_wait: 60s
network: {{retry: {{attempts: 2, first_delay: 1s}}}}
{extra}
sources:
  mine:
    url: {url}
    format: csv
    columns: {{isin: ISIN, name: Name}}
    guards: {{max_shrink: 100%, detect_cut: false}}
""")
        # faketime comes before the sanitizer's library, which would mind.
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.directory),
                            "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def begin(self, *arguments, wrapper=()):
        return subprocess.Popen([*wrapper, PROGRAM, "--config", str(self.config),
                                 *map(str, arguments)], text=True, env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self, process):
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Result(subprocess.CompletedProcess(process.args, process.returncode, out, err))

    def call(self, *arguments, wrapper=()):
        return self.end(self.begin(*arguments, wrapper=wrapper))


class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if binaries() is None:
            raise unittest.SkipTest("no PostgreSQL server here")
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.remove)

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-shared-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.days = 0
        self.open_gate = threading.Event()
        self.open_gate.set()
        self.addCleanup(self.open_gate.set)
        self.a, self.b = self.host("a"), self.host("b")

    def host(self, name, store=None, extra=""):
        return Host(self.directory, name, store or self.server.location(),
                    self.publisher.url("/list.csv"), extra)

    def publish(self, rows):
        """What the publisher has from now on, {isin: name}."""
        body = ("ISIN,Name\n" + "".join(f"{isin},{title}\n" for isin, title in rows.items())).encode()
        stamp = email.utils.format_datetime(DAY + datetime.timedelta(days=self.days), usegmt=True)
        self.days += 1

        def answer(request):
            self.open_gate.wait(60)
            respond(request, 200, body, {"Last-Modified": stamp})
        self.publisher.answers["/list.csv"] = answer

    def run_on(self, host, rows):
        self.publish(rows)
        result = host.call("run", "--force", "mine")
        self.assertEqual(result.status, 0, result)

    def three_days(self, host=None):
        first = {isin: "x" for isin in ISINS[:4]}
        second = {**first, ISINS[0]: "Y", ISINS[4]: "x"}
        del second[ISINS[1]]
        third = {**second, ISINS[0]: "y"}
        for rows in (first, second, third):
            self.run_on(host or self.a, rows)
        return first, second, third

    def current(self):
        return dict(self.server.sql("SELECT isin, name FROM listing_current ORDER BY isin"))

    def lists(self):
        """How many lists there are that were not undone."""
        return int(self.server.sql("SELECT count(*) FROM run_source WHERE status = 'updated'"
                                   " AND undoes IS NULL AND undone_run IS NULL")[0][0])

    def wait_until(self, query):
        for _ in range(600):
            if self.server.sql(query):
                return
            time.sleep(0.05)
        self.fail("never: " + query)

    def check_sound(self):
        """But for the files of the other hosts: all have the same name here."""
        findings = self.b.call("verify", "--quick", "-o", "json").json()
        self.assertEqual([f for f in findings if f["finding"] != "missing_file"], [])
