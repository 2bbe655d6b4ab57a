"""Which share of single errors the check digit does not see, over the ISINs that are in use: real
ones, weighted so that each prefix counts as often as in the pool in which the facts were measured."""

import collections
import csv
import os
import pathlib
import re
import subprocess
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import real_data  # noqa: E402
from isin_cells import is_isin  # noqa: E402

REAL = real_data()
PER_PREFIX = 1500  # ISINs of each prefix that are tried, evenly spaced
TOO_FEW = 10  # as many ISINs say nothing about the others of their prefix

# Per cent unseen, and how far the measurement may be away from it.
FACTS = {
    "digit for digit": (0, 0), "letters swapped": (100, 0),
    "digits swapped": (2.55, 0.2), "letter for letter": (6.85, 0.2),
    "digit for letter or back": (10, 0.2), "letter and digit swapped": (10.4, 0.2),
    "look-alike": (20, 2),  # given without a fraction; 35 for O instead of 0, 0 for I instead of L
}


def pool():
    """prefix: sorted real ISINs."""
    with zipfile.ZipFile(REAL / "esma_firds/DLTINS_20171027_01of01.zip") as packed:
        texts = [packed.read(packed.namelist()[0])]
    texts += [path.read_bytes() for path in REAL.rglob("*.csv")]
    isins = {found.decode() for text in texts
             for found in re.findall(rb"\b[A-Z]{2}[A-Z0-9]{9}[0-9]\b", text)}
    prefixes = collections.defaultdict(list)
    for isin in sorted(filter(is_isin, isins)):
        prefixes[isin[:2]].append(isin)
    return prefixes


@unittest.skipIf(REAL is None, "no real published files")
class ErrorTable(unittest.TestCase):
    def test_shares(self):
        with open(REAL.parent / "isin_prefixes.csv", newline="", encoding="utf-8") as file:
            seen = {row["code"]: int(row["seen_in_pool_294157"]) for row in csv.DictReader(file)}
        lines = []
        for prefix, isins in pool().items():
            if len(isins) < TOO_FEW:
                continue
            some = isins[::-(-len(isins) // PER_PREFIX)]
            lines += [f"{isin} {seen.get(prefix, 0) / len(some)}\n" for isin in some]
        self.assertGreater(len(lines), 10_000)
        done = subprocess.run([os.environ["ISINFETCH_FACTS"], "error-table"], input="".join(lines),
                              capture_output=True, text=True, check=True, timeout=600)
        print(done.stdout)
        table = {row[0]: float(row[2]) for row in
                 (line.split("\t") for line in done.stdout.splitlines())}
        self.assertEqual(set(table), set(FACTS))
        for error, (share, tolerance) in FACTS.items():
            self.assertLessEqual(abs(table[error] - share), tolerance, error)


if __name__ == "__main__":
    unittest.main()
