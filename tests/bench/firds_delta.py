"""How long does a day's delta of FIRDS take, into a store that has all of FIRDS?

    firds_delta.py [KEYS [EVENTS]]      5,000,000 and 760,000 without; takes some ten minutes

Beside it, in the same run: the parts that nobody can do without (unpack, look at each byte, insert the
versions that the delta makes in the order of their keys into a plain table of those 5 million;
firds_floor.cpp). Exits with 1 when it takes more than 3 times as long as those together, or either load
takes 400 MiB of memory beside the cache of SQLite, or when the store does not end with what is listed.
The ratio to inserts into an empty table is told too: closing what was listed is not in it.
"""

import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from firds_index import FirdsIndex  # noqa: E402
from firds_load import FLOOR, MOST_MEMORY, configure, run_measured  # noqa: E402

KEYS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
EVENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 760_000
PARTS = 5  # of the letter that has nearly half of all records
ROUNDS = 1
MOST_OF_FLOOR = 3
CACHE = 64 * 1024  # KiB, as configured without a word


def make_files(folder):
    """In a process of its own: the memory of this one would count as that of its children. A day adds
    a quarter to the listings that it changes."""
    listing = folder.with_suffix(".jsonl")
    if not listing.exists():
        command = [sys.executable, HERE.parent / "support/firds_files.py", folder, "--parts", str(PARTS),
                   "--records", str(KEYS), "--days", "1", "--changes", str(EVENTS * 4 // 5), "--seed", "7"]
        partial = listing.with_suffix(".partial")
        with open(partial, "w", encoding="utf-8") as out:
            subprocess.run(command, check=True, stdout=out)
        partial.rename(listing)
    files = [json.loads(line) for line in listing.read_text(encoding="utf-8").splitlines()]
    return [{**file, "path": pathlib.Path(file["path"])} for file in files]


def floor_of(archive, store, folder, day):
    (folder / "floor.db").unlink(missing_ok=True)
    out = subprocess.run([FLOOR, archive, store, folder / "floor.db", f"{day}T00:00:00Z"], check=True,
                         capture_output=True, text=True).stdout.split()
    return {name: float(value) for name, value in zip(out[::2], out[1::2])}


def main():
    with tempfile.TemporaryDirectory(prefix="isinfetch-bench-") as name:
        folder = pathlib.Path(name)
        files = make_files(pathlib.Path(os.environ.get("FIRDS_FILES", folder)) / "files")
        index = FirdsIndex()
        index.files = [file for file in files if file["file_type"] == "FULINS"]
        config, state = configure(folder, index)
        seconds, report, full_memory = run_measured(folder, config)
        print(f"first load of {KEYS} keys: {seconds:.1f} s {report['durations_ms']},"
              f" {full_memory / 1024:.0f} MiB")
        assert report["added"] == KEYS, report
        index.files = files
        delta = files[-1]
        whole = folder / "whole"
        state.rename(whole)
        rounds = []
        for _ in range(ROUNDS):
            shutil.rmtree(state, ignore_errors=True)
            shutil.copytree(whole, state)
            seconds, report, memory = run_measured(folder, config)
            assert (report["accepted"], report["rejected"]) == (EVENTS, 0), report
            store = state / "isinfetch.db"
            parts = floor_of(delta["path"], store, folder, delta["publication_date"])
            parts.pop("rows")
            alone = parts.pop("insert")
            rounds.append((seconds, sum(parts.values()), memory,
                           parts["unpack"] + parts["scan"] + alone))
            print(f"{seconds:6.2f} s  {report['durations_ms']}  floor {parts}")
        index.stop()
        listed = sqlite3.connect(store).execute("SELECT count(*) FROM listing WHERE closed_run IS NULL")
        assert listed.fetchone()[0] == report["listings"]
    ours = statistics.median(each[0] for each in rounds)
    floor = statistics.median(each[1] for each in rounds)
    empty = statistics.median(each[3] for each in rounds)
    memory = max(each[2] for each in rounds)
    print(f"{EVENTS} events into {KEYS} keys: {ours:.2f} s; the unavoidable parts {floor:.2f} s, ratio"
          f" {ours / floor:.2f} (at most {MOST_OF_FLOOR}), with an empty table {empty:.2f} s, ratio"
          f" {ours / empty:.1f}; {memory / 1024:.0f} MiB")
    bounded = max(memory, full_memory) < MOST_MEMORY + CACHE
    return 0 if ours <= MOST_OF_FLOOR * floor and bounded else 1


if __name__ == "__main__":
    sys.exit(main())
