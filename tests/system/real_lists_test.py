"""Real files found in public repositories, read through the shipped catalogue.

PROVENANCE.md beside the files is the truth for their counts.
"""

import pathlib
import re
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest, real_data  # noqa: E402
from isin_cells import is_isin  # noqa: E402

REAL = real_data() and real_data().parent / "real_2026_11"
if REAL and not (REAL / "PROVENANCE.md").is_file():
    REAL = None

# What an entry does not read as it is: further settings of the source.
SETTINGS = {
    "euronext/20201215_Euronext_Equities_part.csv": ", guards: {min_records: 1}",
    "euronext/modified/20220215_Euronext_Equities_comma.csv": ', csv: {delimiter: ","}',
    "hkex/modified/20230301_ListOfSecurities_2582_rows_3_sheets.xlsx": ", guards: {min_records: 1}",
    "euronext/20260116_Euronext_Equities.xlsx":
        ", format: xlsx, columns: {isin: ISIN, name: Name, venue: Market}",
    "twse_derived/20170702_twse_equities.csv":
        ", format: csv, columns: {isin: ISIN, name: name, symbol: code}",
    "twse_derived/20170702_tpex_equities.csv":
        ", format: csv, columns: {isin: ISIN, name: name, symbol: code}",
}

# The files that are no lists of their entry: (file, entry, status, words of the message).
REFUSED = [
    ("euronext/modified/20210307_Euronext_Equities_row_quoted_by_excel.csv", "euronext-shares", 76,
     "no column named 'ISIN'"),
    ("euronext/modified/20220215_Euronext_Equities_comma.csv", "euronext-shares", 76,
     "csv.delimiter is ';', but line 1 has ','"),
    ("xetra/modified/20211231_t7-xetr-allTradableInstruments_comma_unquoted.csv", "xetra", 76,
     "csv.delimiter is ';', but line 1 has ','"),
    ("b3/modified/COTAHIST_A2022_first_50_lines.TXT", "b3-cotahist", 65, "looks cut"),
    ("amfi/20250916_NAVAll_is_HTML_Document_Moved.txt", "amfi", 76, "HTML where"),
]


def entry_of(name):
    """The entry of the catalogue for a file, or a source of a user's own."""
    if name.startswith("twse_derived/") or name.endswith("Euronext_Equities.xlsx"):
        return "mine"
    if "SME_EQUITY_L" in name:
        return "nse-sme"
    return {"euronext": "euronext-shares", "xetra": "xetra", "hkex": "hkex", "nse": "nse-equity",
            "bse": "bse-equity", "b3": "b3-cotahist", "amfi": "amfi"}[name.split("/")[0]]


def counts():
    """file: distinct valid ISINs, from the table of PROVENANCE.md."""
    rows = ([cell.strip() for cell in line.split("|")]
            for line in (REAL / "PROVENANCE.md").read_text().splitlines())
    return {cells[1]: int(cells[9]) for cells in rows if len(cells) > 9 and cells[9].isdigit()}


def amfi_isins(name):
    """Of both columns; the table counts the first one alone."""
    lines = (REAL / name).read_text(encoding="utf-8").splitlines()
    cells = [cell.strip() for line in lines for cell in line.split(";")[1:3]]
    return {cell for cell in cells if is_isin(cell)}


@unittest.skipUnless(REAL, "no real files")
class RealLists(ProgramTest):
    def load(self, name, entry, settings=""):
        self.state = self.dir / re.sub(r"\W", "-", name + settings)
        self.file = self.dir / pathlib.Path(name).name
        shutil.copyfile(REAL / name, self.file)  # published now
        self.configure(f'sources: {{{entry}: {{enabled: true, url: "file://{self.file}"'
                       f"{settings}}}}}\n")
        return self.run_json()

    def stored(self):
        return {row[0] for row in self.sql("SELECT DISTINCT isin FROM listing_current")}

    def test_every_list_has_its_count(self):
        refused = {name for name, *_ in REFUSED}
        loaded = 0
        for name, count in counts().items():
            if name in refused and name not in SETTINGS:
                continue
            with self.subTest(file=name):
                result = self.load(name, entry_of(name), SETTINGS.get(name, ""))
                self.assertEqual((result.status, result.err), (0, ""), result)
                expected = amfi_isins(name) if name.startswith("amfi/") else count
                if name.startswith("amfi/"):
                    self.assertEqual(self.stored(), expected)
                    expected = len(expected)
                self.assertEqual(result.source()["isins"], expected)
                loaded += 1
        self.assertGreater(loaded, 20)

    def test_the_second_column_of_amfi(self):
        name = "amfi/20260820_NAVAll.txt"
        self.assertEqual(len(amfi_isins(name)), counts()[name] + 4526)

    def test_what_is_no_list_is_refused_with_its_cause(self):
        for name, entry, status, words in REFUSED:
            with self.subTest(file=name):
                result = self.load(name, entry, ", guards: {min_records: 1}")
                self.assertEqual(result.status, status, result)
                for word in (f"file://{self.file}", f"source: {entry}, ", words):
                    self.assertIn(word, result.err)

    def test_lines_that_end_with_cr_alone(self):
        name = "euronext/20210307_Euronext_Equities_lone_cr_preamble.csv"
        self.assertEqual(self.load(name, "euronext-shares").status, 0)
        names = [row[0] for row in
                 self.sql("SELECT name FROM listing_current WHERE isin = 'FR0010285965'")]
        self.assertEqual([n for n in names if "\r" in n or "European" in n], [])
        self.assertEqual(len(names), 1)

    def test_no_entry_warns_of_its_own_encoding(self):
        for name in ("bse/20240130_Equity.csv", "nse/20251113_EQUITY_L.csv",
                     "euronext/20210307_Euronext_Equities_lone_cr_preamble.csv",
                     "amfi/20260820_NAVAll.txt"):
            with self.subTest(file=name):
                warnings = self.load(name, entry_of(name)).source()["warnings"]
                self.assertEqual([w for w in warnings if w.startswith("text ")], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
