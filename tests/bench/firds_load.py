"""How long does a part of a full list of FIRDS take, from its zip archive to a committed store?

    firds_load.py [RECORDS]     500,000 without; some 480 MB of XML

Beside it, in the same run: the parts that nobody can do without (unpack, look at each byte, insert the
same rows in the order of their keys; firds_floor.cpp) and a pipeline of lxml and sqlite3
(firds_peer.py). Exits with 1 when it takes more than 2.5 times as long as those parts together, or more
than a 12th of the pipeline, or 400 MiB of memory, or when the store does not have every record.
"""

import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from firds_index import FirdsIndex  # noqa: E402

PROGRAM = os.environ["ISINFETCH_BIN"]
FLOOR = os.environ["FIRDS_FLOOR"]
RECORDS = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
ROUNDS = 3
MOST_OF_FLOOR = 2.5
LEAST_OF_PEER = 12
MOST_MEMORY = 400 * 1024  # KiB


def make_files(folder):
    """In a process of its own: the memory of this one would count as that of its children."""
    command = [sys.executable, HERE.parent / "support/firds_files.py", folder, "--letters", "R",
               "--records", str(RECORDS), "--days", "0", "--seed", "7"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    files = [json.loads(line) for line in out.splitlines()]
    return [{**file, "path": pathlib.Path(file["path"])} for file in files]


def configure(folder, index):
    """Paths of the configuration and of the state directory."""
    config, state = folder / "isinfetch.yaml", folder / "state"
    config.write_text(f"state_dir: {state}\nsources:\n  esma-firds:\n    enabled: true\n"
                      f"    url: {index.url('/solr/esma_registers_firds_files/select')}\n")
    return config, state


def run_measured(folder, config):
    """Seconds, report of the source, and peak memory in KiB of one run."""
    start = time.perf_counter()
    with open(folder / "report.json", "w+", encoding="utf-8") as out:
        process = subprocess.Popen([PROGRAM, "--config", config, "run", "--force", "-o", "json"],
                                   stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        report = json.load(out)["sources"][0]
    assert process.returncode == 0, report
    return seconds, report, usage.ru_maxrss


def measure(folder, index, archive):
    """Seconds of one round: ours, the floor's parts."""
    config, state = configure(folder, index)
    subprocess.run(["rm", "-rf", state, folder / "floor.db"], check=True)
    seconds, report, memory = run_measured(folder, config)
    assert (report["accepted"], report["added"], report["rejected"]) == (RECORDS, RECORDS, 0), report
    floor = subprocess.run([FLOOR, archive, state / "isinfetch.db", folder / "floor.db"], check=True,
                           capture_output=True, text=True).stdout.split()
    parts = {name: float(value) for name, value in zip(floor[::2], floor[1::2])}
    assert parts.pop("rows") == RECORDS, floor
    return seconds, parts, report["durations_ms"], memory


def main():
    with tempfile.TemporaryDirectory(prefix="isinfetch-bench-") as name:
        folder = pathlib.Path(name)
        files = make_files(folder / "files")
        archive = files[0]["path"]
        index = FirdsIndex()
        index.files = files
        rounds = [measure(folder, index, archive) for _ in range(ROUNDS)]
        index.stop()
        peer = float(subprocess.run([sys.executable, HERE / "firds_peer.py", archive, folder / "peer.db"],
                                    check=True, capture_output=True, text=True).stdout)
        count = sqlite3.connect(folder / "peer.db").execute("SELECT count(*) FROM listing").fetchone()
        assert count == (RECORDS,), count
    ours = statistics.median(each[0] for each in rounds)
    floor = statistics.median(sum(each[1].values()) for each in rounds)
    memory = max(each[3] for each in rounds)
    for seconds, parts, durations, _ in rounds:
        print(f"{seconds:6.2f} s  {durations}  floor {parts}")
    print(f"{RECORDS} records: {ours:.2f} s; the unavoidable parts {floor:.2f} s, ratio {ours / floor:.2f}"
          f" (at most {MOST_OF_FLOOR}); lxml and sqlite3 {peer:.1f} s, ratio {peer / ours:.1f}"
          f" (at least {LEAST_OF_PEER}); {memory / 1024:.0f} MiB (less than {MOST_MEMORY / 1024:.0f})")
    is_quick = ours <= MOST_OF_FLOOR * floor and peer >= LEAST_OF_PEER * ours
    return 0 if is_quick and memory < MOST_MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
