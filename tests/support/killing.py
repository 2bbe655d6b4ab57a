"""Kills the program at each of its system calls that change anything, one after the other."""

import pathlib
import shutil
import subprocess

TRACER = shutil.which("strace")

# What leaves a trace on a disk, and the syncs in between. The call itself is not made any more: what an
# open() has made is there at the next one of these.
CHANGING = ("write", "pwrite64", "pwritev", "fsync", "fdatasync", "link", "linkat", "rename", "renameat",
            "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "ftruncate", "fallocate", "fchmod",
            "chmod", "fchmodat", "fchown", "symlink", "symlinkat")


def may_trace():
    """Not everywhere: some containers forbid it."""
    return TRACER is not None and subprocess.run(
        [TRACER, "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def killed_at(command, environment, call, number, *options, **keywords):
    """Runs the program until it is about to make this call for the n-th time, and kills it there. False
    when it ended before."""
    done = subprocess.run(
        [TRACER, "-f", "-o", "/dev/null", *(options or ["-e", f"trace={call}"]),
         "-e", f"inject={call}:signal=KILL:when={number}", *map(str, command)],
        env={**environment, "ASAN_OPTIONS": "detect_leaks=0"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **keywords)
    return done.returncode in (-9, 137)


def count_calls(command, environment, log):
    """{call: how often it is made when nothing happens}."""
    subprocess.run([TRACER, "-f", "--seccomp-bpf", "-o", str(log), "-e", "trace=" + ",".join(CHANGING),
                    *map(str, command)], env={**environment, "ASAN_OPTIONS": "detect_leaks=0"},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    counts = {}
    for line in pathlib.Path(log).read_text(errors="replace").splitlines():
        call = line.split(None, 1)[-1].partition("(")[0]
        if call in CHANGING:
            counts[call] = counts.get(call, 0) + 1
    return counts


def chosen(count, most):
    """All of 1 to count, or so many of them: the first, the last, and some in between."""
    if count <= most:
        return range(1, count + 1)
    ends = most // 3
    between = [round(1 + (count - 1) * i / (most - 2 * ends)) for i in range(most - 2 * ends)]
    return sorted({*range(1, ends + 1), *between, *range(count - ends + 1, count + 1)})


def every_kill(command, environment, prepare, log, most=1000, calls=CHANGING):
    """(call, number) after each kill; `prepare` comes before every start."""
    prepare()
    counts = count_calls(command, environment, log)
    for call, count in counts.items():
        if call not in calls:
            continue
        for number in chosen(count, most):
            prepare()
            if killed_at(command, environment, call, number):
                yield call, number
