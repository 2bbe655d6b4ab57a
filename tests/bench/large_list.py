"""A generated CSV of five million rows: time, and peak memory beyond SQLite's configured cache.

Loads it, loads the next day (1 % changed), and for comparison does what a script would: Python's csv
module and executemany into a table with the same key. Exits with 1 when peak memory exceeds
100 MiB beyond the cache. `--rows N` for a smaller list, `--no-peer` without the comparison.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

LIMIT_MIB = 100
CACHE_MIB = 16
OPTIONS = argparse.Namespace(rows=5_000_000, peer=True)


def check_digit(body):
    digits = "".join(str(int(c, 36)) for c in body)
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - i % 2)
        total += value // 10 + value % 10
    return str(-total % 10)


def write_list(path, rows, day):
    """Rows in no particular order, as publishers have them; one in a hundred differs per day."""
    step = 7_368_787  # coprime to the number of bodies: every body once, scattered
    with open(path, "w") as out:
        out.write("LEI,ISIN,Name\n")
        for i in range(rows):
            number = i * step % 999_999_937
            body = f"US{number:09d}"
            name = f"INSTRUMENT {number} DAY {day}" if i % 100 == day else f"INSTRUMENT {number}"
            out.write(f"00EHHQ2ZHDCFXJCPCL46,{body}{check_digit(body)},{name}\n")


def run_measured(command, environment):
    """(seconds, peak MiB, standard output) of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, env=environment)
    with process.stdout:
        out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        raise RuntimeError(out.decode())
    return time.perf_counter() - start, usage.ru_maxrss / 1024, out


PEER = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.execute("PRAGMA synchronous=FULL")
db.execute("CREATE TABLE t (isin TEXT PRIMARY KEY, lei TEXT, name TEXT) WITHOUT ROWID")
with open(sys.argv[1], newline="") as f:
    rows = csv.reader(f); next(rows)
    db.executemany("INSERT INTO t VALUES (?2, ?1, ?3)", rows)
db.commit()
"""


class Bench(ProgramTest):
    def runTest(self):
        day1, day2 = self.dir / "day1.csv", self.dir / "day2.csv"
        write_list(day1, OPTIONS.rows, 1)
        write_list(day2, OPTIONS.rows, 2)
        size = day1.stat().st_size / 2**20
        print(f"{OPTIONS.rows} rows, {size:.0f} MiB")
        current = self.dir / "list.csv"
        self.configure(f"""
store_cache: {CACHE_MIB}MiB
sources:
  big:
    enabled: true
    url: file://{current}
    format: csv
    columns: {{isin: ISIN, lei: LEI, name: Name}}
""")
        worst = 0
        for label, source in (("first load", day1), ("next day", day2), ("unchanged", day2)):
            current.unlink(missing_ok=True)
            os.link(source, current)
            seconds, peak, out = run_measured(
                [PROGRAM, "--config", self.config, "run", "--force", "-o", "json"],
                self.environment)
            entry = json.loads(out)["sources"][0]
            stages = ", ".join(f"{k} {v / 1000:.1f}" for k, v in entry["durations_ms"].items())
            print(f"{label:11} {seconds:6.1f} s  peak {peak:5.0f} MiB  +{entry['added']} "
                  f"~{entry['changed']} -{entry['removed']}  ({stages})")
            worst = max(worst, peak)
        if OPTIONS.peer:
            seconds, peak, _ = run_measured([sys.executable, "-c", PEER, day1, self.dir / "peer.db"],
                                            self.environment)
            print(f"csv+sqlite3 {seconds:6.1f} s  peak {peak:5.0f} MiB  (first load only, no checks)")
        print(f"peak beyond the cache of {CACHE_MIB} MiB: {worst - CACHE_MIB:.0f} MiB "
              f"(limit {LIMIT_MIB})")
        self.assertLessEqual(worst - CACHE_MIB, LIMIT_MIB)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=OPTIONS.rows)
    parser.add_argument("--no-peer", dest="peer", action="store_false")
    OPTIONS = parser.parse_args()
    unittest.main(argv=sys.argv[:1])
