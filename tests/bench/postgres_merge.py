"""PostgreSQL: first load and next day (1 % changed) of a large list, beside what a script would do.

The script's way: \\copy into a staging table with the same columns, then INSERT … ON CONFLICT DO
UPDATE of every row into a table with one unique key and no history. The merge is held against the
upsert alone, without the \\copy, and its bytes of write-ahead log against the upsert's.

The limits hold for a day whose changes are scattered over the whole list, the worst case. Days after
a night, with vacuum and a checkpoint, are printed beside it: then the server logs each page whole
when it is first touched, and changes here and there touch nearly every page, whoever makes them;
changes of neighbours touch few.
Exits with 1 unless the merge is five times as fast and writes a twentieth. `--rows N` (5000000).
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import PROGRAM  # noqa: E402
from large_list import check_digit  # noqa: E402
from postgres import Postgres  # noqa: E402

PEER = """
CREATE TABLE peer (LIKE listing);
ALTER TABLE peer ALTER id DROP NOT NULL, ALTER source_id SET DEFAULT 1, ALTER venue SET DEFAULT '',
    ALTER published SET DEFAULT '2026-01-01T00:00:00Z', ALTER added_run SET DEFAULT 1,
    ALTER opened_as SET DEFAULT 'added';
CREATE UNIQUE INDEX peer_key ON peer (source_id, isin, venue);
CREATE UNLOGGED TABLE staging (LIKE peer INCLUDING DEFAULTS);
"""
UPSERT = """
INSERT INTO peer SELECT * FROM staging ON CONFLICT (source_id, isin, venue)
DO UPDATE SET lei = excluded.lei, name = excluded.name, published = excluded.published
"""


BODIES = 999_999_937


def write_list(path, rows, day):
    """Rows in no particular order. Every day changes one in a hundred, and keeps what was changed
    before: on odd days here and there, on even ones all that are next to each other."""
    step = 7_368_787  # coprime to the number of bodies: every body once, scattered
    with open(path, "w") as out:
        out.write("LEI,ISIN,Name\n")
        for i in range(rows):
            number = i * step % BODIES
            body = f"US{number:09d}"
            changed = max((d for d in range(1, day + 1) if place(i, number, d) == d), default=0)
            name = f"INSTRUMENT {number}{f' DAY {changed}' if changed else ''}"
            out.write(f"00EHHQ2ZHDCFXJCPCL46,{body}{check_digit(body)},{name}\n")


def place(i, number, day):
    return i % 100 if day % 2 else number * 100 // BODIES


def wal(server):
    return int(server.sql("SELECT pg_current_wal_lsn() - '0/0'")[0][0])


def measured(server, action):
    """(seconds, bytes of write-ahead log, what `action` gave)."""
    before, start = wal(server), time.perf_counter()
    result = action()
    return time.perf_counter() - start, wal(server) - before, result


class Bench:
    def __init__(self, rows):
        self.rows = rows
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="isinfetch-bench-"))
        self.server = Postgres("fsync = on\nmax_wal_size = 32GB\ncheckpoint_timeout = 1h\n"
                               "shared_buffers = 256MB\nautovacuum = off")
        self.config = self.dir / "isinfetch.yaml"
        self.config.write_text(f"""
state_dir: {self.dir}/state
store: {self.server.location()}
sources:
  big:
    url: file://{self.dir}/list.csv
    format: csv
    columns: {{isin: ISIN, lei: LEI, name: Name}}
""")

    def run(self):
        out = subprocess.run([PROGRAM, "--config", self.config, "run", "big", "--force", "-o", "json"],
                             check=True, capture_output=True).stdout
        return json.loads(out)["sources"][0]

    def copy(self):
        self.server.sql("TRUNCATE staging")
        self.server.sql(f"\\copy staging (lei, isin, name) FROM '{self.dir}/list.csv' CSV HEADER")

    def upsert(self):
        self.server.sql(UPSERT)

    def day(self, number, what, night=False):
        """How many times as long the upsert takes; which share of its log the run writes."""
        write_list(self.dir / "list.csv", self.rows, number)
        if night:
            self.server.sql("VACUUM")
            self.server.sql("CHECKPOINT")
        seconds, log, report = measured(self.server, self.run)
        merge = report["durations_ms"]["merge"] / 1000
        changed = report["changed"]
        if night:
            self.server.sql("CHECKPOINT")
        copied, _, _ = measured(self.server, self.copy)
        peer, peer_log, _ = measured(self.server, self.upsert)
        print(f"{what}: {changed} changed: run {seconds:.1f} s, of which merge {merge:.1f} s, log"
              f" {log / 1e6:.1f} MB; script {copied + peer:.1f} s, of which upsert {peer:.1f} s, log"
              f" {peer_log / 1e6:.1f} MB: upsert {peer / merge:.1f} times as long, log"
              f" {100 * log / peer_log:.1f} %", flush=True)
        return peer / merge, log / peer_log

    def unchanged(self):
        with open(self.dir / "list.csv", "a") as out:
            out.write("\n")  # other bytes, the same list
        bloat = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables" \
                " WHERE relname = 'listing'"
        before = self.server.sql(bloat)
        seconds, log, _ = measured(self.server, self.run)
        written = int(self.server.sql(bloat)[0][0]) - int(before[0][0])
        print(f"unchanged: run {seconds:.1f} s, {log / 1e3:.0f} kB of log, {written} rows written")
        return written


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    bench = Bench(parser.parse_args().rows)
    try:
        subprocess.run([PROGRAM, "--config", bench.config, "store", "migrate"], check=True)
        bench.server.sql(PEER)
        bench.day(0, "first load")
        bench.server.sql("VACUUM ANALYZE")
        faster, log = bench.day(1, "next day, scattered")
        bench.day(2, "next day, neighbours, after a night", night=True)
        bench.day(3, "next day, scattered, after a night", night=True)
        written = bench.unchanged()
    finally:
        bench.server.remove()
        subprocess.run(["rm", "-r", str(bench.dir)])
    return 0 if faster >= 5 and log <= 0.05 and written == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
