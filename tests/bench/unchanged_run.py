"""How much longer than `curl -z` alone takes a run that finds one small list unchanged?

Both ask the same nginx in the same benchmark, from the start of the process to its end. Exits with
1 when the median run is more than 15 ms slower than the median curl.
"""

import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import Nginx, ProgramTest, PROGRAM  # noqa: E402

ROUNDS = 60
LIMIT_MS = 15


class Bench(ProgramTest):
    def runTest(self):
        nginx = Nginx(self.dir / "nginx")
        self.addCleanup(nginx.stop)
        nginx.serve("list", b"US0378331005\nUS5949181045\n" * 500)
        self.configure(f"sources: {{mine: {{enabled: true, format: lines, url: {nginx.url('list')}}}}}\n")
        self.assertEqual(self.call("run").status, 0)
        copy = self.dir / "copy"
        subprocess.run(["curl", "-sSo", copy, "-R", nginx.url("list")], check=True)
        ours = [PROGRAM, "--config", self.config, "run", "--force"]
        curl = ["curl", "-sS", "-z", copy, "-o", copy, nginx.url("list")]
        times = {"curl -z": [], "isinfetch run": []}
        for _ in range(ROUNDS):  # alternating, so that both see the same machine
            for name, command in (("curl -z", curl), ("isinfetch run", ours)):
                start = time.perf_counter()
                subprocess.run(command, check=True, env=self.environment)
                times[name].append(1000 * (time.perf_counter() - start))
        medians = {name: statistics.median(values) for name, values in times.items()}
        more = medians["isinfetch run"] - medians["curl -z"]
        for name, values in times.items():
            print(f"{name:14} median {medians[name]:6.2f} ms  best {min(values):6.2f} ms")
        print(f"difference     {more:6.2f} ms (limit {LIMIT_MS} ms), "
              f"ratio {medians['isinfetch run'] / medians['curl -z']:.2f}")
        self.assertLessEqual(more, LIMIT_MS)


if __name__ == "__main__":
    import unittest
    unittest.main()
