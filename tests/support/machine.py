"""Whole Debian machines to install packages on: a cached root made by debootstrap, an overlay of
its own for each machine, and systemd-nspawn with systemd (or nothing) as the first process.

Needs root and Debian's debootstrap and systemd-container. A machine has no network but loopback.
Everything that is started here is ended here, by process id.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("ISINFETCH_MACHINE_CACHE", "/var/cache/isinfetch-machines"))
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# What the tests use inside: the service manager, a bus for systemctl, a publisher, a reader, the
# other scheduler (not started where systemd is), and a manager for the other kind of package.
PACKAGES = "ca-certificates,cron,dbus,nginx-light,rpm,sqlite3,systemd,systemd-sysv"

# Hosts with the old control groups have the new ones beside them; systemd 256 and newer want those,
# and only those. A mount namespace of our own shows them to the machine and changes nothing else.
WITH_CGROUP2 = """
mount --make-rprivate /
if ! [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    umount -R /sys/fs/cgroup 2>/dev/null || true
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
shift 4
exec "$@"
"""


def why_not():
    """What keeps machines from being booted here; None when nothing does."""
    if os.geteuid() != 0:
        return "not root"
    missing = [p for p in ("debootstrap", "systemd-nspawn", "unshare") if not shutil.which(p)]
    return f"{', '.join(missing)} is not installed" if missing else None


def skip_unless_possible():
    reason = why_not()
    if reason:
        print(f"\n*** SKIPPED: no machines can be booted: {reason} ***\n", file=sys.stderr, flush=True)
        raise unittest.SkipTest(reason)


def run_logged(command, **keywords):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **keywords)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: status {done.returncode}\n{done.stdout[-4000:]}")


def image(suite, dependencies=""):
    """A root directory of that release with what a package depends on; made once."""
    done = CACHE / suite
    if not done.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix=f"{suite}.", dir=CACHE))
        run_logged(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(work)])
        (work / "etc/machine-id").write_text("")
        work.chmod(0o755)
        work.rename(done)
    if dependencies:
        run_logged(["chroot", str(done), "apt-get", "satisfy", "-qq", "-y",
                    "--no-install-recommends", dependencies],
                   env={"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"})
    return done


class Answer:
    def __init__(self, process):
        self.status, self.out, self.err = process.returncode, process.stdout, process.stderr

    def __repr__(self):
        return f"status {self.status}\nstdout: {self.out}\nstderr: {self.err}"


class Machine:
    """One machine. What is written to it outlives stop() and start(), until remove()."""

    def __init__(self, suite, dependencies="", init=None):
        self.image = image(suite, dependencies)
        self.init = init  # a command instead of systemd
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-machine-"))
        self.upper, self.work, self.root = (self.dir / d for d in ("upper", "work", "root"))
        for directory in (self.upper, self.work, self.root):
            directory.mkdir()
        self.dir.chmod(0o755)
        self.process = self.leader = None

    def start(self):
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network",
                   "--console=pipe", f"--directory={self.root}", "--machine=isinfetch-test"]
        command += ["--boot"] if self.init is None else ["--as-pid2", *self.init]
        self.log = open(self.dir / "console.log", "ab")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "unchanged", "sh", "-ec", WITH_CGROUP2, "sh",
             str(self.image), str(self.upper), str(self.work), str(self.root), *command],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env={"PATH": PATH})
        wait_for(self._find_leader, 30, "the machine's first process")
        if self.init is None:
            wait_for(lambda: self.run("systemctl is-system-running").out.strip()
                     in ("running", "degraded"), 90, "the end of booting")
        return self

    def _find_leader(self):
        if self.process.poll() is not None:
            raise RuntimeError("the machine ended: " + (self.dir / "console.log").read_text())
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = children.read_text().split()
        if not pids or os.readlink(f"/proc/{pids[0]}/ns/pid") == os.readlink("/proc/self/ns/pid"):
            return False
        self.leader = pids[0]
        return self.run("test -d /usr").status == 0

    def run(self, script, check=False, timeout=120, input=None):
        """A shell script on the machine, as root, with nothing of our environment."""
        process = subprocess.run(
            ["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-C", "env", "-i",
             f"PATH={PATH}", "HOME=/root", "LC_ALL=C.UTF-8", "sh", "-c", script],
            capture_output=True, text=True, timeout=timeout, input=input)
        answer = Answer(process)
        if check and answer.status != 0:
            raise AssertionError(f"{script}\n{answer}")
        return answer

    def out(self, script, **keywords):
        return self.run(script, check=True, **keywords).out.strip()

    def write(self, path, text, mode=0o644):
        self.run(f"mkdir -p $(dirname '{path}') && cat > '{path}' && chmod {mode:o} '{path}'",
                 check=True, input=text)

    def copy_in(self, file):
        """Puts a file of ours into /root of the machine."""
        target = f"/root/{pathlib.Path(file).name}"
        with open(file, "rb") as source:
            subprocess.run(["nsenter", "-t", self.leader, "-m", "sh", "-c", f"cat > '{target}'"],
                           stdin=source, check=True)
        return target

    def show(self, unit, name):
        """One property of a unit."""
        return self.out(f"systemctl show -P {name} '{unit}'")

    def journal(self, unit):
        """What one unit's processes wrote (not what systemd says of it), oldest first."""
        lines = self.out(f"journalctl -q -o json _SYSTEMD_UNIT='{unit}' "
                         "_TRANSPORT=stdout").splitlines()
        return [json.loads(line) for line in lines]

    def stop(self):
        """Powers the machine off; what it wrote stays."""
        if self.process is None:
            return
        try:
            if self.init is None:
                self.run("systemctl poweroff")
            else:
                self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def wait_for(condition, seconds, what):
    """Polls until the condition holds and returns what it gave."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.2)
