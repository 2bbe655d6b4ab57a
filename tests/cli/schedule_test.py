"""What is printed for other schedulers is accepted by them, and fires when it should."""

import datetime
import importlib.util
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time
import unittest
import zoneinfo

import jsonschema
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

UTC = datetime.timezone.utc
YEAR = [datetime.date(2026, 11, 24) + datetime.timedelta(days=n) for n in range(366)]

PUBLISHED = {"berlin": ("02:30", "Europe/Berlin"), "kolkata": ("18:30", "Asia/Kolkata"),
             "york": ("20:00", "America/New_York"), "howe": ("08:00", "Australia/Lord_Howe"),
             "utc": ("00:05", "UTC")}
PLAIN = {"plain": "20h", "hourly": "1h", "quick": "10m", "weekly": "7d"}
CRON_ENVIRONMENT = {"HOME": "/", "LOGNAME": "x", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}

# From the published API of batch/v1 (Kubernetes 1.27 and later): what a CronJob may and must have
# as far as it matters here. A key that is not listed is a mistake.
NAME = {"type": "string", "maxLength": 63, "pattern": r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
LABELS = {"type": "object", "additionalProperties": {
    "type": "string", "maxLength": 63, "pattern": r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"}}


def exactly(required, **optional):
    return {"type": "object", "required": list(required), "additionalProperties": False,
            "properties": {**required, **optional}}


COUNT = {"type": "integer", "minimum": 0}
MOUNTS = {"type": "array", "items": exactly({"name": NAME, "mountPath": {"pattern": "^/"}},
                                            readOnly={"type": "boolean"})}
ITEMS = {"type": "array", "items": exactly(
    {"key": {"pattern": "^[-._a-zA-Z0-9]+$"}, "path": {"pattern": "^[^/]"}})}
PROJECTED = exactly({"sources": {"type": "array", "minItems": 1, "items": exactly(
    {}, configMap=exactly({"name": NAME}, items=ITEMS), secret=exactly({"name": NAME}, items=ITEMS))}},
                    defaultMode={"const": 0o440})
VOLUMES = {"type": "array", "items": exactly(
    {"name": NAME},
    persistentVolumeClaim=exactly({"claimName": NAME}),
    configMap=exactly({"name": NAME}, items=ITEMS),
    projected=PROJECTED,
    emptyDir=exactly({}))}
CONTAINER = exactly({
    "name": NAME, "image": {"type": "string", "minLength": 1},
    "command": {"type": "array", "items": {"type": "string"}},
    "args": {"type": "array", "items": {"type": "string"}},
    "securityContext": exactly({"allowPrivilegeEscalation": {"const": False},
                                "readOnlyRootFilesystem": {"const": True},
                                "capabilities": exactly({"drop": {"const": ["ALL"]}})}),
    "resources": {"type": "object"}, "volumeMounts": MOUNTS})
POD = exactly({
    "restartPolicy": {"const": "Never"}, "automountServiceAccountToken": {"const": False},
    "enableServiceLinks": {"const": False},
    "terminationGracePeriodSeconds": COUNT,
    "securityContext": exactly({"runAsNonRoot": {"const": True}, "runAsUser": {"minimum": 1},
                                "runAsGroup": COUNT, "fsGroup": COUNT,
                                "fsGroupChangePolicy": {"enum": ["OnRootMismatch", "Always"]},
                                "seccompProfile": {"const": {"type": "RuntimeDefault"}}}),
    "containers": {"type": "array", "items": CONTAINER, "minItems": 1}, "volumes": VOLUMES})
CRON_JOB = exactly({
    "apiVersion": {"const": "batch/v1"}, "kind": {"const": "CronJob"},
    "metadata": exactly({"name": {**NAME, "maxLength": 52}, "labels": LABELS}),
    "spec": exactly({
        "schedule": {"type": "string", "pattern": r"^[\d,]+ ([\d,]+|\*) \* \* \*$"},
        "timeZone": {"const": "Etc/UTC"}, "concurrencyPolicy": {"const": "Forbid"},
        "startingDeadlineSeconds": {"type": "integer", "minimum": 10},
        "successfulJobsHistoryLimit": COUNT, "failedJobsHistoryLimit": COUNT,
        "jobTemplate": exactly({"spec": exactly({
            "backoffLimit": {"const": 0}, "activeDeadlineSeconds": {"minimum": 1},
            "template": exactly({"metadata": exactly({"labels": LABELS}), "spec": POD})})})})})


def strikes(not_before, zone):
    """The moments of a year at which the list is there, by Python's reading of the time zones."""
    zone = zoneinfo.ZoneInfo(zone)
    for day in YEAR:
        local = datetime.datetime.combine(day, datetime.time.fromisoformat(not_before), zone)
        # In a gap: the offset from before the gap is the moment's distance behind its beginning.
        moment = local.astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            moment = moment.replace(minute=0)  # all gaps of these zones end at a full hour of UTC
        yield moment


def cron_slots(expression):
    minutes, hours, *rest = expression.split()
    assert rest == ["*", "*", "*"], expression
    hours = range(24) if hours == "*" else map(int, hours.split(","))
    return {(h, int(m)) for h in hours for m in minutes.split(",")}


class Schedule(ProgramTest):
    def setUp(self):
        super().setUp()
        entry = "enabled: true, format: lines, url: https://publisher.example/"
        text = "sources:\n"
        for name, (not_before, zone) in PUBLISHED.items():
            text += f"  {name}: {{{entry}, not_before: '{not_before}', zone: {zone}}}\n"
        for name, every in PLAIN.items():
            text += f"  {name}: {{{entry}, every: {every}}}\n"
        self.configure(text)

    def schedule(self, *arguments, **keywords):
        result = self.call("schedule", *arguments, **keywords)
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertRegex(result.out, r"(?s)\A# .*# Made by isinfetch [\d.]+ from " +
                         re.escape(str(self.config)))
        return result.out

    def files(self, *arguments):
        directory = self.dir / "out"
        listed = self.call("schedule", *arguments, "--output-dir", directory)
        self.assertEqual(listed.status, 0, listed)
        names = [pathlib.Path(line).relative_to(directory) for line in listed.out.splitlines()]
        self.assertEqual(sorted(names), sorted(p.relative_to(directory)
                                               for p in directory.rglob("*") if p.is_file()))
        return {str(name): (directory / name).read_text() for name in names}

    def assert_in_time(self, slots_of, slack=datetime.timedelta(minutes=75)):
        """Each day's list is asked for soon after it is there."""
        for name, (not_before, zone) in PUBLISHED.items():
            slots = slots_of(name)
            self.assertTrue(slots, name)
            for strike in strikes(not_before, zone):
                moment = strike
                while (moment.hour, moment.minute) not in slots:
                    moment += datetime.timedelta(minutes=1)
                self.assertLessEqual(moment - strike, slack, f"{name} {strike}")

    # --- the command ----------------------------------------------------------------------------

    def test_what_cannot_be_scheduled_is_refused(self):
        self.assertEqual(self.call("schedule").status, 64)
        self.assertEqual(self.call("schedule", "crno").status, 64)
        self.assertEqual(self.call("schedule", "cron", "--image", "x").status, 64)
        self.assertEqual(self.call("schedule", "cron", "plian").status, 64)
        self.configure("")
        result = self.call("schedule", "cron")
        self.assertEqual((result.status, result.out), (78, ""))

    def test_a_source_that_is_named_need_not_be_enabled(self):
        self.configure("sources: {mine: {format: lines, url: 'https://x.example/'}}\n")
        self.assertIn("isinfetch@mine.timer", self.schedule("systemd", "mine"))

    def test_sources_show_when_they_are_asked_for(self):
        shown = {e["source"]: e for e in self.call("sources", "-o", "json").json()}
        self.assertEqual((shown["berlin"]["not_before"], shown["berlin"]["zone"]),
                         ("02:30", "Europe/Berlin"))
        self.assertIsNone(shown["plain"]["not_before"])
        self.assertIn("02:30 Europe/Berlin", self.call("sources", "berlin").out)

    def test_a_setting_of_this_call_is_not_handed_on(self):
        result = self.call("schedule", "cron", "--set", "jobs=2")
        self.assertEqual(result.status, 0)
        self.assertIn("--set", result.err)

    # --- systemd --------------------------------------------------------------------------------

    def test_systemd_accepts_each_expression(self):
        expressions = re.findall(r"(?m)^OnCalendar=(.+)$", self.schedule("systemd"))
        self.assertGreater(len(expressions), 20)
        checked = subprocess.run(["systemd-analyze", "calendar", *expressions],
                                 capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertEqual(checked.stdout.count("Next elapse:"), len(expressions))

    def test_systemd_accepts_the_drop_ins(self):
        self.files("systemd")
        units = self.dir / "out"
        (units / "isinfetch@.timer").write_text(
            "[Unit]\nDescription=x\n[Timer]\nOnCalendar=*-*-* 00/6:17:00 UTC\n"
            "[Install]\nWantedBy=timers.target\n")
        (units / "isinfetch@.service").write_text(
            "[Unit]\nDescription=x\n[Service]\nType=oneshot\nExecStart=/bin/true\n")
        for name in [*PUBLISHED, *PLAIN]:
            (units / f"isinfetch@{name}.timer").symlink_to("isinfetch@.timer")
            checked = subprocess.run(
                ["systemd-analyze", "verify", "--man=no", units / f"isinfetch@{name}.timer"],
                capture_output=True, text=True, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"})
            ours = [line for line in checked.stderr.splitlines() if "isinfetch" in line]
            self.assertEqual((checked.returncode, ours), (0, []), checked.stderr)

    def test_systemd_fires_in_time(self):
        def slots(name):
            times = re.findall(r"(?m)^OnCalendar=\*-\*-\* (\d\d):(\d\d):00 UTC$",
                               self.schedule("systemd", name))
            return {(int(hour), int(minute)) for hour, minute in times}
        self.assert_in_time(slots)

    def test_systemd_does_not_leave_out_the_day_whose_hour_is_missing(self):
        # What 'OnCalendar=02:30 Europe/Berlin' of systemd 252 does.
        expressions = re.findall(r"(?m)^OnCalendar=(.+)$", self.schedule("systemd", "berlin"))
        checked = subprocess.run(["systemd-analyze", "calendar", "--base-time",
                                  "2026-03-29 00:59:59 UTC", *expressions],
                                 capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})
        self.assertIn("2026-03-29 01:30:00 UTC", checked.stdout)

    # --- cron and anacron -------------------------------------------------------------------------

    def assert_crontab(self, text):
        file = self.dir / "crontab"
        file.write_text(text)
        checked = subprocess.run(["crontab", "-n", file], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def jobs(self, text, columns):
        lines = [line for line in text.splitlines() if re.match(r"[\d*]", line)]
        return [line.split(None, columns) for line in lines]

    def test_cron_reads_the_file(self):
        text = self.schedule("cron")
        self.assertTrue(text.endswith("\n"))
        for setting in ("SHELL=/bin/sh\n", "PATH=/usr/bin:/bin\n", "MAILTO=root\n"):
            self.assertIn(setting, text)
        jobs = self.jobs(text, 6)
        self.assertTrue(jobs)
        named = []
        for *times, user, command in jobs:
            cron_slots(" ".join(times))
            self.assertEqual(user, "isinfetch")
            # A path with blanks is quoted.
            self.assertRegex(command, r"^\[ -d /run/systemd/system \] \|\| '?/", command)
            self.assertNotIn("%", command)
            self.assertLess(len(command), 1000)
            self.assertEqual(subprocess.run(["/bin/sh", "-n", "-c", command]).returncode, 0)
            named += re.search(r"--splay \S+ ([a-z ]+) \|\|", command).group(1).split()
        self.assertEqual(sorted(named), sorted([*PUBLISHED, *PLAIN]))
        self.assert_crontab(re.sub(r"(?m)^(\S+ \S+ \S+ \S+ \S+) isinfetch ", r"\1 ", text))

    def test_cron_reads_the_lines_for_a_user(self):
        text = self.schedule("cron", "--user")
        self.assert_crontab(text)
        self.assertNotIn("/run/systemd/system", text)

    def test_cron_asks_each_hour_for_what_is_published_at_some_hour(self):
        for name in PUBLISHED:
            (minute, hour, *_), = self.jobs(self.schedule("cron", name), 6)
            self.assertEqual((hour, minute.isdigit()), ("*", True), name)

    def test_the_line_of_cron_works_as_cron_runs_it(self):
        self.configure("sources: {mine: {enabled: true, format: lines, url: "
                       f"'file://{self.dir}/list'}}}}\n")
        (self.dir / "list").write_text("US0378331005\n")
        (*_, command), = self.jobs(self.schedule("cron", "--user"), 5)
        command = re.sub(r"--splay \S+", "--splay 1s", command)
        done = subprocess.run(["/usr/bin/env", "-i", *(f"{k}={v}" for k, v in CRON_ENVIRONMENT.items()),
                               "/bin/sh", "-c", command], capture_output=True, cwd="/", timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertEqual(self.sql("SELECT isin FROM listing_current"), [["US0378331005"]])

    def test_anacron_reads_the_lines(self):
        table = self.dir / "anacrontab"
        text = self.schedule("anacron")
        table.write_text(text)
        checked = subprocess.run(["/usr/sbin/anacron", "-T", "-t", table, "-S", self.dir],
                                 capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        periods = {job: int(days) for days, _, job, _ in self.jobs(text, 3)}
        self.assertEqual(periods, {"isinfetch": 1, "isinfetch-7d": 7})

    # --- Kubernetes and Nomad ---------------------------------------------------------------------

    def test_kubernetes_finds_what_its_schema_wants(self):
        documents = list(yaml.safe_load_all(self.schedule("kubernetes", "--image", "r.example/i:1")))
        self.assertEqual([d["kind"] for d in documents[:2]], ["ConfigMap", "PersistentVolumeClaim"])
        jobs = documents[2:]
        self.assertEqual(len(jobs), len(PUBLISHED) + len(PLAIN))
        for job in jobs:
            jsonschema.validate(job, CRON_JOB)
            spec = job["spec"]["jobTemplate"]["spec"]
            container, = spec["template"]["spec"]["containers"]
            self.assertEqual(container["image"], "r.example/i:1")
            self.assertGreater(spec["activeDeadlineSeconds"], 105 * 60)
            self.assertEqual({m["name"] for m in container["volumeMounts"]},
                             {v["name"] for v in spec["template"]["spec"]["volumes"]})
            # Fewer than 100 moments within the deadline, or it never starts again.
            self.assertLess(job["spec"]["startingDeadlineSeconds"] / 300, 100)

    def test_kubernetes_fires_in_time(self):
        def slots(name):
            *_, job = yaml.safe_load_all(self.schedule("kubernetes", name))
            return cron_slots(job["spec"]["schedule"])
        self.assert_in_time(slots, datetime.timedelta(minutes=90))

    def test_kubernetes_gets_the_configuration_byte_by_byte(self):
        original = self.config.read_text()
        for tail in ("", "\n", "\n\n", "# no end", "#\ttab\n", "# nul\x7f\n", "# Börse €\n", "   \n",
                     "# a: |2 \"quoted\" {b}\n", "# é\u2028line\n"):
            with self.subTest(tail=tail):
                self.config.write_text("   # indented\n" + original + tail)
                config = next(yaml.safe_load_all(self.schedule("kubernetes", "plain")))
                self.assertEqual(config["data"], {"isinfetch.yaml": self.config.read_text()})

    def test_kubernetes_keeps_credentials_in_a_secret(self):
        secret = ("sources:\n  plain:\n    enabled: true\n    format: lines\n"
                  "    url: https://x.example/\n    headers: {Authorization: Bearer abc}\n")
        self.config.write_text(secret)
        for call in (["--config", self.config], ["--config", self.config.name]):
            done = subprocess.run([PROGRAM, *call, "schedule", "kubernetes"], capture_output=True,
                                  text=True, env=self.environment, cwd=self.dir, timeout=60)
            kept, claim, job = yaml.safe_load_all(done.stdout)
            self.assertEqual((kept["kind"], kept["stringData"], claim["kind"]),
                             ("Secret", {"isinfetch.yaml": secret}, "PersistentVolumeClaim"))
            jsonschema.validate(job, CRON_JOB)
            self.assertNotIn("Bearer", json.dumps(job))
        own = self.dir / ".config/isinfetch"
        (own / "conf.d").mkdir(parents=True)
        plain = secret.replace("Authorization", "Accept")
        (own / "isinfetch.yaml").write_text(plain)
        (own / "conf.d/token.yaml").write_text("store_password: abc\n")
        folder = self.dir / "out"
        done = self.as_person("schedule", "kubernetes", "--output-dir", folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        files = {path.name: path for path in folder.iterdir()}
        open_, closed = (yaml.safe_load(files[name].read_text())
                         for name in ("isinfetch-configuration.yaml", "isinfetch-secret.yaml"))
        self.assertEqual((open_["kind"], open_["data"]),
                         ("ConfigMap", {"isinfetch.yaml": plain}))
        self.assertEqual((closed["kind"], closed["stringData"]),
                         ("Secret", {"001-token.yaml": "store_password: abc\n"}))
        self.assertEqual(files["isinfetch-secret.yaml"].stat().st_mode & 0o777, 0o600)
        job = yaml.safe_load(files["isinfetch-plain.yaml"].read_text())
        jsonschema.validate(job, CRON_JOB)
        volumes = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
        volume, = (v for v in volumes if v["name"] == "configuration")
        self.assertEqual([(kind, entry["name"], [item["path"] for item in entry["items"]])
                          for source in volume["projected"]["sources"] for kind, entry in source.items()],
                         [("configMap", "isinfetch-configuration", ["isinfetch.yaml"]),
                          ("secret", "isinfetch-secret", ["conf.d/001-token.yaml"])])

    def test_kubernetes_names_are_short_and_distinct(self):
        names = ["x" * 80 + end for end in "ab"] + ["ends-with-"]
        self.configure("sources:\n" + "".join(
            f"  {n}: {{enabled: true, format: lines, url: 'https://x.example/'}}\n" for n in names))
        jobs = list(yaml.safe_load_all(self.schedule("kubernetes")))[2:]
        for job in jobs:
            jsonschema.validate(job, CRON_JOB)
        self.assertEqual(len({job["metadata"]["name"] for job in jobs}), len(names))

    def test_each_file_stands_alone(self):
        files = self.files("kubernetes")
        self.assertEqual(len(files), 2 + len(PUBLISHED) + len(PLAIN))
        for name, text in files.items():
            self.assertIsNotNone(yaml.safe_load(text), name)
            self.assertTrue(text.startswith("# "), name)

    def test_nomad_gets_a_job_per_file(self):
        # Debian has neither Nomad nor a parser of HCL: the structure only.
        for image in ([], ["--image", "r.example/i:1"]):
            files = self.files("nomad", *image)
            self.assertEqual(len(files), len(PUBLISHED) + len(PLAIN))
            for name, text in files.items():
                code = re.sub(r"(?m)^\s*#.*$", "", text)
                bare = re.sub(r'"(\\.|[^"\\])*"', '""', code)
                self.assertNotIn('"', bare.replace('""', ""), name)
                depth = 0
                for line in filter(str.strip, bare.splitlines()):
                    self.assertRegex(line.strip(), r'^(\w+( "")? \{|\}|\w+ += (""|\d+|true|false|\[.*\]))$')
                    depth += line.count("{") - line.count("}")
                    self.assertGreaterEqual(depth, 0)
                self.assertEqual(depth, 0, name)
                self.assertIn('time_zone        = "UTC"', code)
                self.assertIn("prohibit_overlap = true", code)
            subprocess.run(["rm", "-r", self.dir / "out"], check=True)

    def test_nomad_fires_in_time(self):
        def slots(name):
            crons = re.search(r"crons += (\[.*\])", self.schedule("nomad", name)).group(1)
            return set().union(*map(cron_slots, json.loads(crons)))
        self.assert_in_time(slots, datetime.timedelta(minutes=90))

    # --- Celery -----------------------------------------------------------------------------------

    def module(self, *arguments):
        file = self.dir / "isinfetch_celery.py"
        file.write_text(self.schedule("celery", *arguments))
        spec = importlib.util.spec_from_file_location("isinfetch_celery", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_celery_sends_at_the_moments_of_the_plan_all_year(self):
        module = self.module()
        conf = module.app.conf
        self.assertEqual((conf.timezone, conf.enable_utc), ("UTC", True))
        text = (self.dir / "isinfetch_celery.py").read_text()
        planned = {name: {tuple(map(int, time.split(":"))) for time in times.split()}
                   for name, times in re.findall(r"(?m)^    # (\w+): .*?: ((?:\d\d:\d\d ?)+) UTC$", text)}
        self.assertLessEqual({*PUBLISHED, "plain", "weekly"}, set(planned))
        due = {}
        for entry in conf.beat_schedule.values():
            self.assertEqual(entry["task"], "isinfetch.run")
            source, = entry["args"]
            if source in planned:
                due.setdefault(source, set()).update(self.walk(entry["schedule"]))
        start = datetime.datetime.combine(YEAR[0], datetime.time(), UTC)
        for source, slots in planned.items():
            expected = {start + datetime.timedelta(days=n, hours=h, minutes=m)
                        for n in range(len(YEAR)) for h, m in slots}
            self.assertEqual(due[source], expected, source)
        self.assert_in_time(planned.get, datetime.timedelta(minutes=90))

    def walk(self, schedule):
        """The moments of a year at which beat finds the entry due."""
        clock = datetime.datetime.combine(YEAR[0], datetime.time(), UTC) - datetime.timedelta(seconds=1)
        end = clock + datetime.timedelta(days=len(YEAR))
        schedule.nowfun = lambda: clock
        while True:
            clock += schedule.remaining_estimate(clock)
            clock = clock.replace(microsecond=0)
            if clock > end:
                return
            yield clock

    def test_celery_tells_what_heals_by_waiting(self):
        module = self.module()
        self.assertEqual(module.run.acks_late, True)
        self.assertGreater(module.run.time_limit, module.run.soft_time_limit)
        self.assertGreater(module.run.soft_time_limit, 105 * 60)
        for statuses, calls, state in (([0], 1, "SUCCESS"), ([65], 1, "FAILURE"),
                                       ([75, 75, 0], 3, "SUCCESS"), ([75] * 9, 5, "FAILURE"),
                                       ([78], 1, "FAILURE")):
            with self.subTest(statuses=statuses):
                (self.dir / "statuses").write_text("".join(f"{s}\n" for s in statuses))
                (self.dir / "calls").write_text("")
                program = self.dir / "program"
                program.write_text(f"#!/bin/sh\ncd {self.dir}\necho \"$@\" >>calls\n"
                                   "echo '{\"ran\": true}'\nn=$(wc -l <calls)\n"
                                   "exit $(sed -n ${n}p statuses)\n")
                program.chmod(0o755)
                module.COMMAND[:] = [str(program)]
                result = module.run.apply(args=["berlin"])
                self.assertEqual(result.state, state, result)
                lines = (self.dir / "calls").read_text().splitlines()
                self.assertEqual(lines, ["run -o json --deadline 1h45m berlin"] * calls)
                if state == "SUCCESS":
                    self.assertEqual(result.result, {"ran": True})

    # --- time zones that are not there --------------------------------------------------------------

    def test_a_machine_without_tzdata_says_so_and_utc_still_works(self):
        (self.dir / "empty").mkdir()

        def call(*arguments):
            return subprocess.run(
                ["unshare", "-m", "sh", "-c",
                 'mount --bind "$0" /usr/share/zoneinfo && exec "$@"', self.dir / "empty",
                 PROGRAM, "--config", self.config, *arguments],
                capture_output=True, text=True, env=self.environment)
        if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"]).returncode != 0:
            self.skipTest("only root can take the time zones away")
        refused = call("config", "check")
        self.assertEqual(refused.returncode, 78, refused.stderr)
        self.assertRegex(refused.stderr, rf"{self.config}:\d+: time zone Europe/Berlin: .*install tzdata")
        entry = "format: lines, url: 'https://x.example/', not_before: '02:30'"
        self.configure(f"sources:\n  mine: {{enabled: true, {entry}, zone: Etc/UTC}}\n"
                       f"  other: {{{entry}, zone: Europe/Berlin}}\n")
        self.assertEqual(call("config", "check").returncode, 0)
        self.assertEqual(call("schedule", "systemd").returncode, 0)
        refused = call("schedule", "systemd", "other")
        self.assertEqual(refused.returncode, 78, refused.stderr)
        self.assertIn("install tzdata", refused.stderr)


class Splay(ProgramTest):
    """A delay that is the host's own, for schedulers that have none."""

    def setUp(self):
        super().setUp()
        (self.dir / "list").write_text("US0378331005\n")
        self.configure(f"sources: {{mine: {{enabled: true, format: lines, url: 'file://{self.dir}/list'}}}}\n")
        self.environment = CRON_ENVIRONMENT

    def delay(self, *arguments, **keywords):
        result = self.call("run", "-vv", *arguments, **keywords)
        self.assertEqual(result.status, 0, result)
        found = re.search(r"waiting (\d+)ms of at most", result.err)
        return found and int(found.group(1))

    def test_it_is_the_same_each_time(self):
        start = time.monotonic()
        delay = self.delay("--splay", "2s")
        self.assertGreaterEqual(time.monotonic() - start, delay / 1000)
        self.assertLess(delay, 2000)
        self.assertEqual(self.delay("--splay", "2s"), delay)

    def test_nobody_waits_who_need_not(self):
        self.assertIsNone(self.delay())
        self.assertIsNone(self.delay("--splay", "0"))
        self.assertIsNone(self.delay("--splay", "24h", environment={"INVOCATION_ID": "x"}))
        for stream in ("stdout", "stderr"):
            ours, theirs = pty.openpty()
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: theirs}
            done = subprocess.run([PROGRAM, "--config", self.config, "run", "--splay", "24h"],
                                  env=self.environment, timeout=60, **streams)
            self.assertEqual(done.returncode, 0, stream)
            os.close(ours)
            os.close(theirs)

    def test_it_can_be_interrupted(self):
        for number, expected in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            run = subprocess.Popen([PROGRAM, "--config", self.config, "-vv", "run", "-o", "json",
                                    "--splay", "24h"], env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertIn("waiting", run.stderr.readline())
            run.send_signal(number)
            out, err = run.communicate(timeout=30)
            self.assertEqual(run.returncode, expected, err)
            self.assertEqual(json.loads(out)["sources"][0]["source"], "mine")

    def test_a_wrong_duration_is_64(self):
        self.assertEqual(self.call("run", "--splay", "soon").status, 64)


if __name__ == "__main__":
    unittest.main(verbosity=2)
