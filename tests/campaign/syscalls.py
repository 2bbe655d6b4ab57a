"""Every system call of a run fails as disks, kernels and limits make it fail: the status says so, and nothing else.

After each: 0 only when all is stored, else the documented status with the true cause; old or new; verify
finds nothing; the next run does it all and leaves nothing over. Short reads and writes are made by a shim.
--long: every call with every error.
"""

import contextlib
import errno
import os
import re
import subprocess
import sys

import frame
import shim
from kill_matrix import Matrix, spread
from killing import TRACER, may_trace
from stage import Stage

EACH = 2  # of each error and call in a smoke
MAKING = ("openat", "mkdir", "mkdirat", "linkat", "renameat", "rename")
WRITING = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync")
REMOVING = ("unlink", "unlinkat", "fchmod", "fchown")
DESCRIPTORS = ("openat", "socket", "socketpair", "pipe2", "eventfd2", "epoll_create1", "dup")
# Error: the calls that it comes from, and how a run may end, besides 0.
ERRORS = {
    "ENOSPC": (MAKING + WRITING, {73, 74}),
    "EDQUOT": (MAKING + WRITING, {73, 74}),
    "EIO": ((*MAKING, *WRITING, *REMOVING, "read", "pread64", "getdents64", "close"), {73, 74, 75}),
    # SQLite does not sync again by itself, and no local file system interrupts one: that is told.
    "EINTR": (("openat", "read", "write", "pread64", "pwrite64", "fsync", "ftruncate", "flock", "poll", "sendto",
               "recvfrom", "connect"), set()),
    "EINTR of SQLite's sync": (("fdatasync",), {74}),
    "EMFILE": (DESCRIPTORS, {71}),
    "ENFILE": (DESCRIPTORS, {71}),
    "ENOMEM": (("mmap", "openat", "mkdirat", "linkat", "socket"), {71}),
    "EROFS": ((*MAKING, *REMOVING, "ftruncate"), {73, 74, 77}),
    "ENOLCK": (("flock", "fcntl"), {73, 74}),
}
TRACED = sorted({call for calls, _ in ERRORS.values() for call in calls})
# What the program may say besides the kernel's words.
SAYS = {"ENOSPC": "is full", "EDQUOT": "is full", "ENOMEM": "memory"}
FALSE = re.compile(r"damaged|please report|another (process|run)|\bgone\b|nothing is stored|no store yet|held"
                   r"|not found|newer program|is not a database|malformed|terminate called", re.I)


def is_told(error, told):
    return re.search(f"{os.strerror(getattr(errno, error))}|{SAYS.get(error, error)}", told)


class Faults:
    def __init__(self, stage):
        self.stage = stage
        self.matrix = Matrix(stage)
        self.library = shim.build(stage.dir)

    def counts(self, name):
        """{call: (how often it is made before the configuration is read, and in all)}."""
        stage, log = self.stage, self.stage.dir / "calls"
        stage.enter(self.matrix.commands[name].scene)
        subprocess.run([TRACER, "-f", "--seccomp-bpf", "-o", log, "-e", "trace=" + ",".join(TRACED),
                        *self.words(name)], env=stage.environment, capture_output=True, check=True)
        before, counts, begun = {}, {}, False
        for line in log.read_text(errors="replace").splitlines():
            call = line.split(None, 1)[-1].partition("(")[0]
            if not begun and str(stage.config) in line:
                begun, before = True, dict(counts)
            counts[call] = counts.get(call, 0) + 1
        return {call: (before.get(call, 0), count) for call, count in counts.items() if call in TRACED}

    def words(self, name):
        return self.stage.words(*self.matrix.commands[name].words)

    def judge(self, name, done, error, allowed):
        told = done.stdout + done.stderr
        over = done.returncode == 0
        wrong = []
        if not over and done.returncode not in allowed:
            wrong.append(f"status {done.returncode}")
        if not over and error and not is_told(error.partition(" ")[0], told):
            wrong.append("the cause is not told")
        if not over and FALSE.search(told):
            wrong.append("a false cause is told")
        if wrong:
            wrong.append(told)
        return wrong + self.matrix.look_at_state(name, must_be_new=over)

    def fails(self, name, error, call, when):
        """A call with this fault, and what is wrong afterwards."""
        stage = self.stage
        stage.enter(self.matrix.commands[name].scene)
        done = subprocess.run(
            [TRACER, "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}",
             "-e", f"inject={call}:error={error.partition(' ')[0]}:when={when}", *self.words(name)],
            env=stage.environment, capture_output=True, text=True, timeout=120)
        wrong = self.judge(name, done, error, ERRORS[error][1])
        return "\n".join(wrong + self.next_one(name))

    def is_short(self, name, call, number):
        stage = self.stage
        stage.enter(self.matrix.commands[name].scene)
        done = subprocess.run(self.words(name), capture_output=True, text=True, timeout=120, env=shim.preloaded(
            stage.environment, self.library, DISK_SHORT=f"{call}:{number}"))
        # SQLite takes a short write for a full disk, and says so.
        wrong = self.judge(name, done, None, {74} if call == "write" else set())
        return "\n".join(wrong + self.next_one(name))

    def next_one(self, name):
        wrong = self.matrix.call_again(name)
        if names := set(self.stage.names()) ^ set(self.matrix.expected(name).names):
            wrong.append(f"names of files differ: {sorted(names)}")
        return wrong


def cases(campaign, faults, name):
    """(class, words, check) of all that can fail in this command."""
    counts = faults.counts(name)

    def some(first, last):
        places = list(range(first + 1, last + 1))
        return places if campaign.long else spread(places, EACH)

    for error, (calls, _) in ERRORS.items():
        for call in calls:
            for number in some(*counts.get(call, (0, 0))):
                yield error, f"{name}: {call} no. {number}", (name, error, call, number)
    for call in ("fsync", "fdatasync", "pwrite64", "openat"):
        error = "ENOSPC" if call in ("pwrite64", "openat") else "EIO"
        for number in some(*counts.get(call, (0, 0))):
            yield f"{error} for ever", f"{name}: {call} from no. {number} on", (name, error, call, f"{number}+")
    for call, kernel in (("write", ("write", "pwrite64")), ("read", ("read", "pread64"))):
        total = sum(counts.get(each, (0, 0))[1] for each in kernel)
        for number in [0, *some(0, total)]:
            yield f"short {call}", f"{name}: no. {number}, 0 being all", (name, call, number)


def part(campaign):
    if not may_trace():
        sys.exit("strace may not trace here")
    with contextlib.closing(Stage()) as stage:
        faults = Faults(stage)
        names = list(faults.matrix.commands) if campaign.long else ["run"]
        everything = [case for name in names for case in cases(campaign, faults, name)
                      if campaign.wants(case[0]) or campaign.only in name]
        if not campaign.long:
            campaign.random.shuffle(everything)
        for kind, what, place in everything:
            if campaign.has_time(frame.SMOKE_SECONDS - 3):
                check = faults.is_short if kind.startswith("short") else faults.fails
                campaign.case(kind, what, lambda: check(*place))


if __name__ == "__main__":
    sys.exit(frame.main(part))
