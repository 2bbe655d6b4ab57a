"""How long do questions about the past take, in a store of many listings and 30 days?

    history.py [LISTINGS]     1,000,000 without; 10,000,000 take 5 GB in the folder for temporary files

Each day changes one listing of a hundred. Whole processes are timed; a question about one ISIN may take
10 ms longer than a command that does not open the store. What `diff` and `changes` print comes unsorted
from the order of an index: the first line is there at once, and memory is that of a small list. Exits
with 1 when one of these does not hold.
"""

import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ["ISINFETCH_BIN"]
LISTINGS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
DAYS = 30
ROUNDS = 15
MOST_SECONDS = 0.010
MOST_MEMORY = 120 * 1024  # KiB: the store's cache is 64 MiB


def isin(number):
    body = f"US{number:09d}"
    total = 0
    for place, letter in enumerate(reversed("3028" + body[2:])):
        digit = int(letter) * (2 - place % 2)
        total += digit // 10 + digit % 10
    return body + str(-total % 10)


def day(number):
    return f"2026-01-{number + 1:02d}T06:00:00Z"


def fill(store):
    """As merges would have left it: what a day opened is in key order."""
    base = sqlite3.connect(store)
    base.execute("PRAGMA synchronous = OFF")
    base.execute("INSERT OR IGNORE INTO source (name) VALUES ('list')")
    source, = base.execute("SELECT id FROM source WHERE name = 'list'").fetchone()
    versions = []
    for number in range(DAYS):
        run = base.execute("INSERT INTO run (run_id, host, pid, version, started, dry_run)"
                           " VALUES (?, 'h', 1, 'v', ?, 0)", (f"run-{number}", day(number))).lastrowid
        versions.append(base.execute(
            "INSERT INTO run_source (run_id, source_id, status, listings, published)"
            " VALUES (?, ?, 'updated', ?, ?)", (run, source, LISTINGS, day(number))).lastrowid)
    base.executemany(
        "INSERT INTO listing (source_id, isin, venue, mic, name, cfi, currency, published, added_run,"
        " opened_as) VALUES (?, ?, 'XNAS', 'XNAS', ?, 'ESVUFR', 'USD', ?, ?, 'added')",
        ((source, isin(n), f"Some instrument of the number {n}", day(0), versions[0])
         for n in range(LISTINGS)))
    for number in range(1, DAYS):
        base.execute("UPDATE listing SET superseded = ?, closed_run = ?, closed_as = 'changed'"
                     " WHERE closed_run IS NULL AND id <= ? AND id % 100 = ?",
                     (day(number), versions[number], LISTINGS, number))
        base.execute(
            "INSERT INTO listing (source_id, isin, venue, mic, name, cfi, currency, published,"
            " added_run, opened_as) SELECT source_id, isin, venue, mic, name || '!', cfi, currency, ?, ?,"
            " 'changed' FROM listing WHERE closed_run = ? ORDER BY isin, venue",
            (day(number), versions[number], versions[number]))
    base.execute("UPDATE source SET head = ?, records = ? WHERE id = ?", (versions[-1], LISTINGS, source))
    base.commit()
    base.close()


def run(config, *arguments):
    """Seconds to the first line and to the end, lines, KiB of memory."""
    start = time.perf_counter()
    process = subprocess.Popen([PROGRAM, "--config", config, *arguments], stdout=subprocess.PIPE)
    process.stdout.readline()
    first = time.perf_counter() - start
    lines = 1
    while block := process.stdout.read(1 << 20):
        lines += block.count(b"\n")
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return first, time.perf_counter() - start, lines, usage.ru_maxrss


def main():
    with tempfile.TemporaryDirectory(prefix="isinfetch-bench-") as name:
        folder = pathlib.Path(name)
        config = folder / "isinfetch.yaml"
        (folder / "list").write_text("US0378331005\n")
        config.write_text(f"state_dir: {folder}/state\n"
                          f"sources: {{list: {{format: lines, url: 'file://{folder}/list'}}}}\n")
        subprocess.run([PROGRAM, "--config", config, "run", "list"], check=True)
        subprocess.run([PROGRAM, "--config", config, "rollback", "list"], check=True,
                       stdout=subprocess.DEVNULL)
        start = time.perf_counter()
        fill(folder / "state/isinfetch.db")
        size = (folder / "state/isinfetch.db").stat().st_size
        print(f"{LISTINGS} listings, {DAYS} days, {size / 2**30:.1f} GiB,"
              f" made in {time.perf_counter() - start:.0f} s")
        is_good = True
        nothing = statistics.median(run(config, "config", "path")[1] for _ in range(ROUNDS))
        wanted = [isin(LISTINGS * n // ROUNDS + 1) for n in range(ROUNDS)]
        for question in (["lookup"], ["lookup", "--history"], ["lookup", "--as-of", "2026-01-15"],
                         ["history"]):
            seconds = statistics.median(run(config, *question, one)[1] for one in wanted) - nothing
            is_good = is_good and seconds < MOST_SECONDS
            print(f"{' '.join(question):32} {1000 * seconds:7.1f} ms beyond the {1000 * nothing:.1f} ms"
                  f" of any command (less than {1000 * MOST_SECONDS:.0f})")
        for question in (["diff", "list", "2026-01-29", "2026-01-30"],
                         ["diff", "list", "2026-01-10", "2026-01-30"],
                         ["changes", "--since", "2026-01-29"],
                         ["changes", "--since", "2026-01-02"]):
            first, whole, lines, memory = run(config, *question)
            is_good = is_good and memory < MOST_MEMORY and first < 0.1 + nothing
            print(f"{' '.join(question):40} first line after {1000 * first:6.1f} ms, {lines} lines in"
                  f" {whole:6.2f} s, {memory / 1024:.0f} MiB (less than {MOST_MEMORY / 1024:.0f})")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
