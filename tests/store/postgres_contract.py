"""Runs the tests of the store's contract over PostgreSQL: the same cases that ctest runs over SQLite.

Usage: postgres_contract.py ISINFETCH_TESTS [FILTER…]. Starts a server and ends it.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from postgres import DATABASE, Postgres, binaries  # noqa: E402

if binaries() is None:
    sys.exit(77)  # ctest: SKIP_RETURN_CODE
server = Postgres()
try:
    location = f"host={server.directory} port={server.port} user=isin dbname={DATABASE}"
    sys.exit(subprocess.run([*sys.argv[1:2], *(sys.argv[2:] or ["[contract]"])],
                            env={**os.environ, "ISINFETCH_TEST_POSTGRES": location}).returncode)
finally:
    server.remove()
