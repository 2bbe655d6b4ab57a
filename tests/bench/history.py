"""How long do questions about the past take, in a store of many listings and 30 days?

    history.py [LISTINGS] [--postgres]

1,000,000 listings without the argument; 10,000,000 take 5 GB in the folder for temporary files, and 10
more with --postgres, which copies the store to a server and asks that too.

Each day changes one listing of a hundred. Whole processes are timed; a question about one ISIN may take
10 ms longer than a command that does not open the store. What `diff` and `changes` print comes unsorted
from the order of an index: the first line is there at once, and memory is that of a small list. Exits
with 1 when one of these does not hold.
"""

import argparse
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from postgres import Postgres  # noqa: E402

PROGRAM = os.environ["ISINFETCH_BIN"]
parser = argparse.ArgumentParser()
parser.add_argument("listings", type=int, nargs="?", default=1_000_000)
parser.add_argument("--postgres", action="store_true")
OPTIONS = parser.parse_args()
LISTINGS = OPTIONS.listings
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
    """As merges would have left it: what a day opened is in key order. Indexes are made at the end."""
    base = sqlite3.connect(store)
    base.execute("PRAGMA synchronous = OFF")
    indexes = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND"
                           " tbl_name = 'listing' AND sql IS NOT NULL").fetchall()
    for name, _ in indexes:
        base.execute(f"DROP INDEX {name}")
    source, = base.execute("SELECT id FROM source WHERE name = 'list'").fetchone()
    versions = []
    for number in range(DAYS):
        run = base.execute("INSERT INTO run (run_id, host, pid, version, started, dry_run)"
                           " VALUES (?, 'h', 1, 'v', ?, 0)", (f"run-{number}", day(number))).lastrowid
        versions.append(base.execute(
            "INSERT INTO run_source (run_id, source_id, status, listings, published)"
            " VALUES (?, ?, 'updated', ?, ?)", (run, source, LISTINGS, day(number))).lastrowid)
    insert = ("INSERT INTO listing (source_id, isin, venue, mic, name, cfi, currency, published,"
              " added_run, opened_as) VALUES (?, ?, 'XNAS', 'XNAS', ?, 'ESVUFR', 'USD', ?, ?, ?)")
    base.executemany(insert, ((source, isin(n), f"Some instrument of the number {n}", day(0),
                               versions[0], "added") for n in range(LISTINGS)))
    first, = base.execute("SELECT min(id) FROM listing").fetchone()
    for number in range(1, DAYS):
        changed = range(number, LISTINGS, 100)
        base.executemany("UPDATE listing SET superseded = ?, closed_run = ?, closed_as = 'changed'"
                         " WHERE id = ?",
                         ((day(number), versions[number], first + n) for n in changed))
        base.executemany(insert, ((source, isin(n), f"Some instrument {n}, changed", day(number),
                                   versions[number], "changed") for n in changed))
    for _, sql in indexes:
        base.execute(sql)
    base.execute("UPDATE source SET head = ?, records = ? WHERE id = ?", (versions[-1], LISTINGS, source))
    base.commit()
    base.close()


def run(config, *arguments):
    """Seconds to the first line, to the end, and of the processor; lines, KiB of memory."""
    start = time.perf_counter()
    process = subprocess.Popen([PROGRAM, "--config", config, *arguments], stdout=subprocess.PIPE)
    process.stdout.readline()
    first = time.perf_counter() - start
    lines = 1
    while block := process.stdout.read(1 << 20):
        lines += block.count(b"\n")
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return (first, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, lines,
            usage.ru_maxrss)


def ask(config, question, isins):
    """The quickest answer, which others at the machine disturbed least, and the median of the
    processor's seconds."""
    answers = [run(config, *question, *one) for one in isins]
    return min(each[1] for each in answers), statistics.median(each[2] for each in answers)


def ask_all(config, base):
    """Whether all limits were kept; `base` is what a command that looks nothing up does."""
    is_good = True
    nothing = ask(config, base, ROUNDS * [[]])
    wanted = [[isin(LISTINGS * n // ROUNDS + 1)] for n in range(ROUNDS)]
    for question in (["lookup"], ["lookup", "--history"], ["lookup", "--as-of", "2026-01-15"],
                     ["history"]):
        whole, processor = (1000 * (one - other) for one, other in
                            zip(ask(config, question, wanted), nothing))
        is_good = is_good and max(whole, processor) < 1000 * MOST_SECONDS
        print(f"{' '.join(question):40} {whole:5.1f} ms, {processor:.1f} ms of the processor, beyond"
              f" the {1000 * nothing[0]:.0f} of '{' '.join(base)}' (less than {1000 * MOST_SECONDS:.0f})")
    for question in (["diff", "list", "2026-01-29", "2026-01-30"],
                     ["diff", "list", "2026-01-10", "2026-01-30"],
                     ["changes", "--since", "2026-01-29"],
                     ["changes", "--since", "2026-01-02"]):
        answers = [run(config, *question) for _ in range(3)]
        first, whole = min(each[0] for each in answers), min(each[1] for each in answers)
        memory = max(each[4] for each in answers)
        is_good = is_good and memory < MOST_MEMORY and first < 0.1 + nothing[0]
        print(f"{' '.join(question):40} first line after {1000 * first:.0f} ms, {answers[0][3]} lines"
              f" in {whole:.2f} s, {memory / 1024:.0f} MiB (less than {MOST_MEMORY / 1024:.0f})")
    return is_good


def ask_postgres(folder, config):
    server = Postgres("shared_buffers = 256MB\nmax_wal_size = 8GB")
    try:
        start = time.perf_counter()
        subprocess.run([PROGRAM, "--config", config, "store", "copy",
                        f"sqlite:{folder}/state/isinfetch.db", server.location()],
                       check=True, stdout=subprocess.DEVNULL)
        server.sql("VACUUM ANALYZE")
        print(f"PostgreSQL: copied in {time.perf_counter() - start:.0f} s")
        other = folder / "postgres.yaml"
        other.write_text(config.read_text() + f"store: {server.location()}\n")
        return ask_all(other, ["changes", "--since", "2099-01-01"])
    finally:
        server.remove()


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
        is_good = ask_all(config, ["config", "path"])
        if OPTIONS.postgres:
            is_good = ask_postgres(folder, config) and is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
