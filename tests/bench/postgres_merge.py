"""PostgreSQL: first load and next day (1 % changed) of a large list, beside what a script would do.

The script's way: \\copy into a staging table with the same columns, then INSERT … ON CONFLICT DO
UPDATE of every row into a table with one unique key and no history. Time and bytes of write-ahead log
of both. A checkpoint comes before each step, so that both write the pages that they touch whole.
Exits with 1 unless the merge is five times as fast and writes a twentieth. `--rows N` (1000000).
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
from large_list import write_list  # noqa: E402
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


def wal(server):
    return int(server.sql("SELECT pg_current_wal_lsn() - '0/0'")[0][0])


def measured(server, action):
    """(seconds, bytes of write-ahead log, what `action` gave)."""
    server.sql("CHECKPOINT")
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

    def script(self):
        self.server.sql("TRUNCATE staging")
        self.server.sql(f"\\copy staging (lei, isin, name) FROM '{self.dir}/list.csv' CSV HEADER")
        self.server.sql(UPSERT)

    def day(self, number):
        write_list(self.dir / "list.csv", self.rows, number)
        ours = measured(self.server, self.run)
        merge = ours[2]["durations_ms"]["merge"] / 1000 if "durations_ms" in ours[2] else ours[0]
        peer = measured(self.server, self.script)
        print(f"day {number}: run {ours[0]:.1f} s, of which merge {merge:.1f} s,"
              f" {ours[1] / 1e6:.0f} MB of log; script {peer[0]:.1f} s, {peer[1] / 1e6:.0f} MB:"
              f" {peer[0] / merge:.1f} times as long, log {100 * ours[1] / peer[1]:.1f} %",
              flush=True)
        return peer[0] / merge, ours[1] / peer[1]

    def unchanged(self):
        write_list(self.dir / "list.csv", self.rows, 1)
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
    parser.add_argument("--rows", type=int, default=1_000_000)
    bench = Bench(parser.parse_args().rows)
    try:
        subprocess.run([PROGRAM, "--config", bench.config, "store", "migrate"], check=True)
        bench.server.sql(PEER)
        bench.day(0)
        bench.server.sql("VACUUM ANALYZE")
        faster, log = bench.day(1)
        written = bench.unchanged()
    finally:
        bench.server.remove()
        subprocess.run(["rm", "-r", str(bench.dir)])
    return 0 if faster >= 5 and log <= 0.05 and written == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
