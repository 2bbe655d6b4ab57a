"""A place for the program to be disturbed at: a directory, a publisher that counts what it sends, the
commands that change anything, and what has to hold after whatever happened to one of them.

The truth is kept as three things: what all history says, by source; the names of all files; and what the
publisher has sent. Used by the tests of kills and by the campaign.
"""

import collections
import contextlib
import dataclasses
import datetime
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from firds_files import Market
from firds_index import FirdsIndex
from harness import PROGRAM, many_isins

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215"]
LETTERS = "EDR"
DAYS = 4
HIDDEN = re.compile(r"/\.[^/]*isinfetch-\w{6}$")
HISTORY = """SELECT s.name, l.isin, l.venue, l.name, l.published, l.superseded, l.valid_from, l.valid_to,
    l.cancelled, l.opened_as, l.closed_as FROM listing l JOIN run_source r ON r.id = l.added_run
    JOIN source s ON s.id = r.source_id ORDER BY 1, 2, 3, 5, l.id"""


def workplace():
    """In memory where there is room: what is lost with it is none of the disk's business here."""
    shared = pathlib.Path("/dev/shm")
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 2**30
    return shared if roomy else None


class Publisher:
    """Files by path, each with an ETag and a time; answers conditions and ranges, and counts the bodies
    that it sent."""

    def __init__(self):
        self.files, self.sent = {}, []
        self.faults = {}  # path: an answer of harness.py instead
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer._answer(self)

            def do_HEAD(self):
                outer._answer(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{path}"

    def publish(self, path, body, day, hour=6):
        moment = datetime.datetime.combine(day, datetime.time(hour), datetime.timezone.utc)
        self.files[path] = (body, moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, request):
        path = request.path.lstrip("/")
        if path in self.faults:
            return self.faults[path](request)
        body, modified = self.files.get(path, (None, ""))
        if body is None:
            return self._send(request, 404, b"", {})
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        about = {"ETag": tag, "Last-Modified": modified, "Accept-Ranges": "bytes"}
        if request.headers.get("If-None-Match") == tag:
            return self._send(request, 304, b"", about)
        span = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if span and request.headers.get("If-Range", tag) == tag:
            first = int(span[1])
            if first >= len(body):
                return self._send(request, 416, b"", {"Content-Range": f"bytes */{len(body)}"})
            about["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            return self._send(request, 206, body[first:], about)
        self.sent.append(path)
        return self._send(request, 200, body, about)

    @staticmethod
    def _send(request, status, body, headers):
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if status != 304:
            request.send_header("Content-Length", str(len(body)))
        try:
            request.end_headers()
            if request.command != "HEAD":
                request.wfile.write(body)
        except OSError:
            request.close_connection = True


@dataclasses.dataclass(frozen=True)
class Command:
    """What is called, from where, and what is looked at: of old and new, one has to be there."""

    words: tuple
    scene: str
    aside: str = ""  # a path whose bytes are the outcome beside the history
    again: tuple = (0,)  # how the same call may end once the first one has done it all
    names_only: bool = False  # it makes files alone
    steps: tuple = ()  # calls that end where this one may be found in between


class Stage:
    """Scenes are states to begin from, made once and copied before each act."""

    def __init__(self, records=30, rows=40):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-stage-", dir=workplace()))
        self.dir.chmod(0o755)
        self.program = pathlib.Path(shutil.copy(PROGRAM, self.dir / "isinfetch"))
        self.program.chmod(0o755)
        self.here, self.out, self.state = self.dir / "here", self.dir / "here/out", self.dir / "here/state"
        self.config, self.tmp = self.dir / "here/isinfetch.yaml", self.dir / "here/tmp"
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.dir), "TMPDIR": str(self.tmp),
                            "ASAN_OPTIONS": "detect_leaks=0"}
        self.rows = [f"{isin},Example {number}" for number, isin in enumerate([*ISINS, *many_isins(rows)])]
        self.publisher, self.index = Publisher(), FirdsIndex(most=50)
        first = datetime.date.today() - datetime.timedelta(days=9)
        self.market = Market(self.dir / "files", first, records, 1, LETTERS)
        self.index.files = self.market.files
        self.local = self.dir / "local.txt"
        self.days, self._lists, self._scenes = [], [], {}
        try:
            self._make_scenes()
        except BaseException:
            self.close()
            raise

    def close(self):
        self.publisher.stop()
        self.index.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    # What is published, and the states that are made of it.

    def _configure(self):
        for folder in (self.out, self.tmp):
            folder.mkdir(parents=True)
        self.config.write_text(f"""state_dir: {self.state}
jobs: 1
lock_wait: 20s
network: {{retry: {{attempts: 2, first_delay: 1s}}}}
keep: {{versions: 0s, archive: 0s, runs: 0s}}
sources:
  events: {{enabled: true, discovery: firds-index, format: firds,
    url: '{self.index.url("/solr/esma_registers_firds_files/select")}'}}
  list: {{enabled: true, format: csv, url: '{self.publisher.url("list.csv")}', allow_http: true,
    columns: {{isin: ISIN, name: Name}}, guards: {{max_shrink: 100%, detect_cut: false}}}}
  local: {{enabled: true, format: lines, url: 'file://{self.local}',
    guards: {{max_shrink: 100%, detect_cut: false}}}}
  other: {{url: 'file:///nowhere', format: lines}}
""")

    def _publish(self, day):
        if day == 0:
            self.market.publish_full(parts=2)
        else:
            self.market.next_day(8)
            self.market.publish_delta(parts=2)
        self.days.append(self.market.date)
        rows = [row + " plc" * (number % 5 < day) for number, row in enumerate(self.rows)][day:]
        self._lists.append((("ISIN,Name\n" + "\n".join(rows) + "\n").encode(),
                            "\n".join(ISINS[:len(ISINS) - day]) + "\n"))

    def show(self, day):
        """What there is on the n-th day."""
        date = datetime.date.fromisoformat(self.days[day])
        table, lines = self._lists[day]
        self.publisher.publish("list.csv", table, date)
        self.local.write_text(lines)
        stamp = datetime.datetime.combine(date, datetime.time(6)).timestamp()
        os.utime(self.local, (stamp, stamp))
        self.index.published = lambda file: file["publication_date"] <= self.days[day]

    def _keep(self, name, day):
        """The state that there is, on a day that may be a later one."""
        shutil.copytree(self.here, self.dir / "scenes" / name, symlinks=True)
        self._scenes[name] = day

    def enter(self, name):
        """This scene, as it was."""
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(self.dir / "scenes" / name, self.here, symlinks=True)
        self.show(self._scenes[name])

    def day_of(self, scene):
        return self._scenes[scene]

    def _make_scenes(self):
        for day in range(DAYS):
            self._publish(day)
        self._configure()
        self._keep("empty", 0)
        self._run(0)
        self._keep("second day", 1)
        self._keep("late", DAYS - 1)
        self._run(1)
        self.newest_run = json.loads(self.call("history", "-o", "json").stdout)[0]["run_id"]
        self._keep("two days", 1)
        time.sleep(1.1)  # what ended within this second is not older than 0s: nothing to prune yet
        for name in ("old.csv", "old.db"):
            (self.out / name).write_text("old")
        self._keep("with outputs", 1)
        for file in (self.state / "archive").rglob("*"):
            os.utime(file, (1e9, 1e9))
        self._keep("old archive", 1)

    def _run(self, day):
        self.show(day)
        done = self.call("run", "--force")
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    # The program.

    def words(self, *arguments):
        return [str(self.program), "--config", str(self.config), *map(str, arguments)]

    def call(self, *arguments, **keywords):
        return subprocess.run(self.words(*arguments), env=self.environment, capture_output=True, text=True,
                              timeout=120, **keywords)

    def commands(self):
        """All that change anything, by name."""
        out, days = str(self.out), self.days
        copy = f"sqlite:{self.out}/copy.db"
        back = ("backfill", "--from", days[1], "--to", days[2], "events")
        return {
            "first run": Command(("run", "--force"), "empty"),
            "run": Command(("run", "--force"), "second day"),
            "backfill": Command(back, "late", steps=(("backfill", "--from", days[1], "--to", days[1],
                                                           "events"),)),
            "rollback": Command(("rollback", "list", self.newest_run), "two days", again=(0, 64, 66)),
            "prune": Command(("prune",), "old archive"),  # of the archive and of what ended
            "backup": Command(("backup", f"{out}/copy.db"), "two days", f"{out}/copy.db", again=(0, 73)),
            "backup --force": Command(("backup", "--force", f"{out}/old.db"), "with outputs", f"{out}/old.db"),
            "store copy": Command(("store", "copy", f"sqlite:{self.state}/isinfetch.db", copy), "two days",
                                  f"{out}/copy.db", again=(0, 64)),
            "export": Command(("export", "-o", f"{out}/new.csv"), "two days", f"{out}/new.csv"),
            "export again": Command(("export", "--force", "-o", f"{out}/old.csv"), "with outputs",
                                    f"{out}/old.csv"),
            "enable": Command(("sources", "--enable", "other"), "two days", str(self.config)),
            "schedule": Command(("schedule", "systemd", "--output-dir", f"{out}/units"), "two days",
                                names_only=True),
        }

    # What is there.

    def history(self, store=None):
        """{source: its versions}, as another program reads them; None without a store."""
        store = store or self.state / "isinfetch.db"
        if not store.is_file() or not store.stat().st_size:
            return {}
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=20)) as database:
            versions = collections.defaultdict(list)
            for source, *row in database.execute(HISTORY):
                versions[source].append(tuple(row))
            return dict(versions)

    def outcome(self, command):
        """All that this command may change, by name: each is old or new."""
        found = self.history()
        if command.aside.endswith(".db"):
            found["aside"] = self._copy_at(pathlib.Path(command.aside))
        elif command.aside:
            path = pathlib.Path(command.aside)
            found["aside"] = path.read_bytes() if path.exists() else None
        return found

    def _copy_at(self, path):
        if not path.exists() or path.read_bytes() == b"old":
            return None
        with contextlib.closing(sqlite3.connect(path)) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return "damaged"
        return self.history(path) or None

    def names(self):
        """Of all files, but for what is called as the run was."""
        return sorted(str(path.relative_to(self.here)) for path in self.here.rglob("*"))

    def hidden(self):
        return [name for name in self.names() if HIDDEN.search("/" + name)]

    def received(self):
        """Paths and names that are in the archive whole, of what is published now."""
        held = {path.name for path in (self.state / "archive").rglob("*")}
        bodies = {path: body for path, (body, _) in self.publisher.files.items()}
        bodies |= {file["file_name"]: file["path"].read_bytes() for file in self.market.files}
        return {name for name, body in bodies.items() if hashlib.sha256(body).hexdigest() in held}

    def asked_for(self):
        """What was sent since the last time."""
        sent, self.publisher.sent = self.publisher.sent, []
        return {*sent, *self.index.downloads()}
