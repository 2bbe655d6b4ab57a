"""The verdicts of `isinfetch check` on published vectors, and on every ISIN in real files."""

import csv
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, real_data  # noqa: E402
from isin_cells import cells_of, is_isin  # noqa: E402

REAL = real_data()
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(\\))")
TABLE = re.compile(r"\| (\S+\.(?:csv|xlsx|xls|TXT|json)) \| [^|]+\| (\d+) \| (\d+) \| (\d+) \|.*\| ([^|]*)\|")
# ISINs more than the table says, which took them from the strings of this file without reading it
# as a workbook.
EXTRA = {"asx/202206_ISIN.xls": 2}


def unescaped(text):
    """The bytes that a vector stands for."""
    out, end = b"", 0
    for found in ESCAPE.finditer(text):
        out += text[end:found.start()].encode()
        point, byte = found[1] or found[2], found[3]
        out += chr(int(point, 16)).encode() if point else bytes([int(byte, 16)]) if byte else b"\\"
        end = found.end()
    return out + text[end:].encode()


def check(texts, *options, by_line):
    """Verdicts, (valid, defect) each, of texts given as lines of a file or as arguments."""
    command = [PROGRAM, "check", "-o", "tsv", *options]
    if by_line:
        done = subprocess.run(command + ["-f", "-"], input=b"".join(t + b"\n" for t in texts),
                              capture_output=True, timeout=600)
    else:
        done = subprocess.run(command + ["--", *texts], capture_output=True, timeout=600)
    assert done.returncode in (0, 65), (done.returncode, done.stderr[-300:])
    rows = [line.split(b"\t") for line in done.stdout.split(b"\n")[:-1]]
    assert len(rows) == len(texts), (len(rows), len(texts))
    return [(row[1] == b"valid", row[2].decode()) for row in rows]


@unittest.skipIf(REAL is None, "no real published files")
class Vectors(unittest.TestCase):
    def verdicts(self, mode):
        options = ["--lenient"] if mode == "lenient" else []
        with open(REAL.parent / "isin_vectors.csv", newline="", encoding="utf-8") as file:
            vectors = [(unescaped(row["isin"]), row) for row in csv.DictReader(file)]
        self.assertGreater(len(vectors), 500)
        judged = 0
        for by_line, fits in ((True, lambda text: not re.search(rb"[\r\n]", text)),
                              (False, lambda text: b"\0" not in text)):
            some = [(text, row) for text, row in vectors if fits(text)]
            for (text, row), (valid, defect) in zip(
                    some, check([text for text, _ in some], *options, by_line=by_line)):
                expected = row["expected"] == "valid" or (
                    mode == "lenient" and "lenient=valid" in row["reason"])
                self.assertEqual(valid, expected, (text, row, defect))
            judged += len(some)
        self.assertGreaterEqual(judged, len(vectors))

    def test_strict(self):
        self.verdicts("strict")

    def test_lenient(self):
        self.verdicts("lenient")


@unittest.skipIf(REAL is None, "no real published files")
class RealFiles(unittest.TestCase):
    def judge(self, path, cells, distinct, valid):
        texts = sorted({cell.encode() for cell in cells})
        self.assertEqual(len(texts), distinct, path)
        verdicts = check(texts, by_line=True)
        unknown = [t.decode() for t, v in zip(texts, verdicts) if v[1] == "unknown_prefix"]
        good = sum(verdict[0] for verdict in verdicts) + len(unknown)
        self.assertEqual(good, valid, path)
        for text, (is_good, defect) in zip(texts, verdicts):
            self.assertEqual(is_good or defect == "unknown_prefix", is_isin(text.decode()), text)
        return unknown

    def test_every_file_of_the_table(self):
        files = 0
        for name, cells, distinct, valid, note in TABLE.findall((REAL / "STATS.md").read_text()):
            if "no ISIN column" in note or int(distinct) == 0:
                continue
            with self.subTest(name):
                found = cells_of(REAL / name, note)
                extra = EXTRA.get(name, 0)
                self.assertEqual(len(found), int(cells) + extra, name)
                unknown = self.judge(name, found, int(distinct) + extra, int(valid) + extra)
                # A strict check knows no QQ, which London gives to what has no ISIN.
                unknown = [isin for isin in unknown if not isin.startswith("QQ")]
                self.assertLessEqual(len(unknown), 3, unknown)
                files += 1
        self.assertGreater(files, 40)

    def test_the_firds_delta(self):
        cells = cells_of(REAL / "esma_firds/DLTINS_20171027_01of01.zip")
        self.assertEqual(len(cells), 112318)
        print("unknown prefixes:", self.judge("DLTINS_20171027", cells, 104862, 104862))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + os.environ.get("ISINFETCH_TESTS", "").split())
