"""How quick is checking ISINs, beside the loop that everybody writes, python3-stdnum and wc?

All on the same five million lines, one in a hundred broken, one thread, in one run. Exits with 1 when
- the quickest of our ways takes more than a 15th of the loop's time, or the portable one, for
  processors without AVX2, more than a 5th;
- python3-stdnum needs less than 500 times as long per ISIN as the quickest;
- `isinfetch check --quiet` takes more than six times as long as `wc -l`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from isin_peers import sample_isins, stdnum_seconds_per_isin

LINES = 5_000_000
ROUNDS = 7
PROGRAM = os.environ["ISINFETCH_BIN"]
LOOPS = os.environ["ISIN_LOOPS"]


def wall_seconds(command, expected):
    start = time.perf_counter()
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    seconds = time.perf_counter() - start
    assert status == expected, (command, status)
    return seconds


def program_ratio(path):
    """check --quiet to wc -l: medians of alternating runs, the file in the page cache."""
    times = {"wc -l": [], "check --quiet": []}
    for _ in range(ROUNDS):
        times["wc -l"].append(wall_seconds(["wc", "-l", path], 0))
        times["check --quiet"].append(wall_seconds([PROGRAM, "check", "--quiet", "-f", path], 65))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, seconds in medians.items():
        print(f"{name:14} {1000 * seconds:8.1f} ms for {LINES} lines, the process included")
    return medians["check --quiet"] / medians["wc -l"]


def loop_seconds(path):
    """Seconds per way, as isin_loops measures them."""
    out = subprocess.run([LOOPS, path], check=True, capture_output=True, text=True).stdout
    ways = {name: float(seconds) for name, seconds, _ in map(str.split, out.splitlines())}
    for name, seconds in ways.items():
        print(f"{name:14} {1000 * seconds:8.1f} ms for {LINES} ISINs, in memory")
    return ways


def main():
    sample = sample_isins(LINES // 10)
    with tempfile.TemporaryDirectory(prefix="isinfetch-bench-") as folder:
        path = os.path.join(folder, "isins")
        with open(path, "w", encoding="ascii") as file:
            for _ in range(10):
                file.write("\n".join(sample) + "\n")
        ways = loop_seconds(path)
        stdnum = stdnum_seconds_per_isin(sample[:200_000]) * LINES
        print(f"{'python3-stdnum':14} {1000 * stdnum:8.1f} ms for {LINES} ISINs, from 200000")
        program = program_ratio(path)
    best = min(seconds for name, seconds in ways.items() if name not in ("loop", "inspect"))
    results = [("loop / our quickest", ways["loop"] / best, 15, True),
               ("loop / portable", ways["loop"] / ways["portable"], 5, True),
               ("stdnum / our quickest", stdnum / best, 500, True),
               ("check --quiet / wc -l", program, 6, False)]
    failed = False
    for name, ratio, limit, at_least in results:
        good = ratio >= limit if at_least else ratio <= limit
        failed |= not good
        print(f"{name:22} {ratio:8.1f}  {'at least' if at_least else 'at most'} {limit}"
              f"{'' if good else '  TOO SLOW'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
