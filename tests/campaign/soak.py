"""A year of twelve lists and a feed, with faults, kills, wrong clocks and full disks: the store ends in the truth.

The clock of the program is a simulated one, from before one change to summer time to after the next, over a
leap day. --long: the year; else four weeks around the leap day. At the end the list of each source as of
each day is what its publisher said, and no memory, descriptor or file was left over.
"""

import contextlib
import datetime
import json
import os
import pathlib
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import frame
from harness import PROGRAM, cut_after, raw, reset_after, status
from simulated_world import FORMATS, World
from stage import HIDDEN, workplace

YEAR = datetime.date(2027, 10, 1), 400
WEEKS = datetime.date(2028, 2, 20), 24
DESCRIPTORS = 48  # as many as a run may ever have open
DISK = "512m"
HAS_DISK = "OWN_DISK" in os.environ
OLDER = """DROP INDEX run_open; ALTER TABLE source DROP COLUMN lease_since;
    UPDATE schema_info SET version = version - 1"""


class Host:
    """The program on a host whose clock is what it is told."""

    def __init__(self, world, directory):
        self.world, self.directory = world, directory
        self.disk, self.tmp = directory / "disk", directory / "tmp"
        self.state = self.disk / "state"
        self.disk.mkdir()
        self.tmp.mkdir()
        if HAS_DISK:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "none", self.disk], check=True)
        self.config = directory / "isinfetch.yaml"
        self.config.write_text(f"state_dir: {self.state}\nlock_wait: 20s\nkeep: {{archive: 30d}}\n"
                               "network: {retry: {attempts: 1}}\nsources:\n" + world.configuration())
        self.library = subprocess.run(["faketime", "-f", "+1s", "sh", "-c", "echo $LD_PRELOAD"], check=True,
                                      capture_output=True, text=True).stdout.strip()
        self.peak = 0

    def environment(self, moment):
        ahead = int(moment.timestamp() - datetime.datetime.now().timestamp())
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.directory), "TMPDIR": str(self.tmp),
                "TZ": "Europe/Berlin", "LD_PRELOAD": self.library, "FAKETIME": f"{ahead:+}s",
                "NO_FAKE_STAT": "1", "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}

    def close(self):
        if HAS_DISK:
            subprocess.run(["umount", self.disk], check=True)

    @contextlib.contextmanager
    def room(self, left):
        """So many bytes are left of the disk; None where the host has none of its own."""
        if not HAS_DISK:
            yield left
            return
        free = os.statvfs(self.disk)
        ballast = self.disk / "ballast"
        with open(ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - left))
        yield None
        ballast.unlink()

    def begin(self, moment, *words, limit=None):
        def limits():
            resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return subprocess.Popen([PROGRAM, "--config", str(self.config), *map(str, words)],
                                env=self.environment(moment), preexec_fn=limits, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, moment, *words, limit=None):
        process = self.begin(moment, *words, limit=limit)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def ok(self, moment, *words):
        code, out, err = self.call(moment, *words)
        if code != 0:
            raise AssertionError(f"{words} at {moment}: {code}\n{out[-2000:]}{err}")
        return out

    def sql(self, query):
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            rows = store.execute(query).fetchall()
            store.commit()
            return rows

    def script(self, text):
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            store.executescript(text)


class Soak:
    def __init__(self, campaign, directory):
        self.campaign, self.dice = campaign, random.Random(campaign.seed)
        first, self.days = YEAR if campaign.long else WEEKS
        self.first, self.upgrade = first, 200 if campaign.long else 4
        self.world = World(directory, first, self.dice)
        self.host = Host(self.world, directory)
        self.said = {name: [] for name in FORMATS}  # (published, what the list said), as it was stored
        self.peaks = []
        self.now = datetime.datetime.combine(first, datetime.time(), datetime.timezone.utc)
        self.troubles = [self.publisher_fails, self.is_killed, self.disk_is_full, self.clock_is_wrong,
                         self.is_taken_back, self.index_is_late]

    def moment(self, hour):
        """Of today, and later than the one before; where the program runs, clocks change at 1:00 UTC."""
        asked = datetime.datetime.combine(self.world.day, datetime.time(hour, self.dice.randrange(60)),
                                          datetime.timezone.utc)
        self.now = max(asked, self.now + datetime.timedelta(minutes=1))
        return self.now

    # What goes wrong. Whatever comes of it, a run later that day heals it.

    def publisher_fails(self):
        faults = self.world.publisher.faults
        for path in self.dice.sample(self.world.paths(), 5):
            body = self.world.publisher.files[path][0]
            faults[path] = self.dice.choice([status(500), status(404), status(503, Retry_After="3600"), status(200),
                                             cut_after(body, len(body) // 2), reset_after(body, len(body) // 3),
                                             raw(b"nonsense"), status(200, b"<html>maintenance</html>")])
        self.run_anyhow(self.moment(0))
        faults.clear()

    def is_killed(self):
        process = self.host.begin(self.moment(0), "run", "--force")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=self.dice.random() * 0.4)
        process.kill()
        process.communicate()

    def disk_is_full(self):
        """Without a disk of its own: no file may be longer."""
        most = max(2, (self.host.state / "isinfetch.db").stat().st_size)
        with self.host.room(self.dice.randrange(most)) as limit:
            self.run_anyhow(self.moment(0), limit=limit)

    def clock_is_wrong(self):
        """After the run of the day, when there is nothing new that a wrong clock could date."""
        self.heal()
        jump = self.dice.choice([-40, -1, 1, 40, 4000]) * datetime.timedelta(days=1)
        self.run_anyhow(self.moment(17) + jump)

    def is_taken_back(self):
        self.heal()
        name = self.dice.choice(list(FORMATS))
        if self.host.call(self.moment(17), "rollback", name)[0] == 0:
            self.said[name].pop()  # and it is said again, by a list that tells no time of its own from now on

    def index_is_late(self):
        today = self.world.day.isoformat()
        self.world.index.published = lambda file: file["publication_date"] < today
        self.run_anyhow(self.moment(0))
        self.world.index.published = lambda file: True

    def run_anyhow(self, moment, **limits):
        code, out, err = self.host.call(moment, "run", "--force", **limits)
        if code < 0 or code == 70:
            raise AssertionError(f"run at {moment} with {limits}: {code}\n{out}{err}")

    # What has to hold.

    def heal(self):
        moment = self.moment(self.dice.choice([0, 1, 2, 16]))
        report = json.loads(self.host.ok(moment, "run", "--force", "--ignore-cooldown", "-o", "json"))
        for entry in report["sources"]:
            if entry["status"] not in ("updated", "unchanged"):
                raise AssertionError(f"{entry['source']} is {entry['status']} at {moment}")
        for name, published in self.host.sql("SELECT name, published FROM source"):
            if name in FORMATS:
                said = self.world.said(name)
                while self.said[name] and self.said[name][-1][0] >= published:
                    self.said[name].pop()
                self.said[name].append((published, said))

    def look_after(self):
        """As a person or a timer does, now and then."""
        day, at = self.world.day, self.moment(20)
        if day.weekday() == 0:
            self.host.ok(at, "verify")
            self.host.ok(at, "export", "-o", self.host.directory / "all.csv")
        if day.day == 1:
            self.host.ok(at, "prune")
            self.host.ok(at, "backup", "--force", self.host.directory / "copy.db")

    def live(self, number):
        if number:
            self.world.next_day()
        if number == self.upgrade:
            self.host.script(OLDER)
        if number and self.dice.random() < 0.06:
            return  # the host is off
        if number and self.dice.random() < 0.7:
            self.dice.choice(self.troubles)()
        self.heal()
        self.look_after()

    def expected(self, name, day):
        found = {}
        for published, said in self.said[name]:
            if published[:10] <= day:
                found = said
        return found

    def wrong_on(self, day):
        """Sources whose list as of this day is not what its publisher said."""
        out = self.host.ok(self.moment(22), "export", "--as-of", day, "--format", "jsonl")
        found = {name: {} for name in [*FORMATS, "feed"]}
        for line in out.splitlines():
            row = json.loads(line)
            key = (row["isin"], row["mic"]) if row["source"] == "feed" else row["isin"]
            found[row["source"]][key] = row.get("name") or ""
        wrong = [name for name in FORMATS if found[name] != self.expected(name, day)]
        return ", ".join(wrong + ["feed"] * (found["feed"] != self.world.events[day]))

    def garbage(self):
        known = {digest for digest, in self.host.sql("SELECT DISTINCT sha256 FROM file WHERE pruned IS NULL")}
        kept = {path.name for path in self.host.state.glob("archive/*/*")}
        left = [path for folder in ("partial", "received", "quarantine")
                for path in (self.host.state / folder).rglob("*") if path.is_file()]
        left += [path for path in self.host.directory.rglob("*") if HIDDEN.search(str(path))]
        left += list(self.host.tmp.iterdir())
        open_runs = self.host.sql("SELECT count(*) FROM run WHERE finished IS NULL")[0][0]
        return "\n".join(map(str, [*left, *(kept - known)])) + (f"{open_runs} open runs" if open_runs else "")

    def memory(self):
        month = max(1, min(30, len(self.peaks) // 3))
        early, late = max(self.peaks[:month]), max(self.peaks[-month:])
        return f"{early} kB grew to {late} kB" if late > early * 1.25 else ""


def measured(soak, number):
    """The most memory of a run of this day."""
    process = soak.host.begin(soak.moment(21), "run", "--force", "-o", "none")
    process.stdout.close()
    process.stderr.close()
    _, code, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    soak.peaks.append(usage.ru_maxrss)


def part(campaign):
    if shutil.which("faketime") is None:
        sys.exit("no faketime here")
    with tempfile.TemporaryDirectory(prefix="isinfetch-soak-", dir=workplace()) as folder:
        soak = Soak(campaign, pathlib.Path(folder))
        with contextlib.closing(soak.world), contextlib.closing(soak.host):
            for number in range(soak.days):
                if not campaign.has_time(frame.SMOKE_SECONDS * 2 / 3):
                    soak.days = number
                    break
                campaign.case("days lived", soak.world.day, lambda: soak.live(number))
                if number % 3 == 0:
                    measured(soak, number)
            soak.heal()
            for number in range(soak.days):
                day = (soak.first + datetime.timedelta(days=number)).isoformat()
                campaign.case("days as they were", day, lambda: soak.wrong_on(day))
            campaign.case("verify", "at the end", lambda: soak.host.ok(soak.moment(23), "verify") and "")
            soak.host.ok(soak.moment(23), "prune", "--set", "keep.archive=0s")
            campaign.case("garbage", "at the end", soak.garbage)
            campaign.case("memory", "of runs", soak.memory)
            campaign.note("memory", f"{soak.peaks[0]} kB at first, {soak.peaks[-1]} kB at last")
            campaign.note("days lived", f"{soak.host.sql('SELECT count(*) FROM run')[0][0]} runs")


def with_own_disk():
    """Becomes this script in a mount namespace, where the state can lie on a small file system of its own."""
    wrapper = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0:
        os.execvpe(wrapper[0], [*wrapper, sys.executable, *sys.argv], {**os.environ, "OWN_DISK": "yes"})
    print("no disk of its own can be made here: files that grow too large stand for a full one", file=sys.stderr)


if __name__ == "__main__":
    if not HAS_DISK:
        with_own_disk()
    sys.exit(frame.main(part))
