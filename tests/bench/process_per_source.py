"""What would it cost to fetch each source in a process of its own? SECURITY.md says why it is not done.

Twelve small lists, unchanged: by one run, and by a run for each, which is what a child that executes
the program would be. Shows CPU and wall time for each source and memory for each process; has no limit,
for it judges a design and no change.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, Nginx, ProgramTest  # noqa: E402

SOURCES, ROUNDS = 12, 15


class Bench(ProgramTest):
    def measured(self, *names):
        """Wall time and CPU time in ms, and the peak of memory in KiB."""
        start = time.perf_counter()
        process = subprocess.Popen([PROGRAM, "--config", self.config, "run", "--force", *names],
                                   env=self.environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        self.assertEqual(status, 0)
        return (1000 * (time.perf_counter() - start), 1000 * (usage.ru_utime + usage.ru_stime),
                usage.ru_maxrss)

    def runTest(self):
        nginx = Nginx(self.dir / "nginx")
        self.addCleanup(nginx.stop)
        nginx.serve("list", b"US0378331005\nUS5949181045\n" * 1000)
        names = [f"s{number}" for number in range(SOURCES)]
        self.configure("jobs: 1\nsources:\n" + "".join(
            f"  {name}: {{format: lines, url: '{nginx.url('list')}?{name}'}}\n" for name in names))
        self.measured(*names)
        together, apart = [], []
        for _ in range(ROUNDS):  # alternating, so that both see the same machine
            together.append(self.measured(*names))
            runs = [self.measured(name) for name in names]
            apart.append((sum(run[0] for run in runs), sum(run[1] for run in runs),
                          max(run[2] for run in runs)))
        for what, rows in (("one process", together), ("a process each", apart)):
            wall, cpu, memory = (statistics.median(column) for column in zip(*rows))
            print(f"{what:14} {wall / SOURCES:6.1f} ms, {cpu / SOURCES:6.1f} ms of CPU a source,"
                  f" {memory / 1024:5.1f} MiB a process")


if __name__ == "__main__":
    unittest.main()
