"""Real files of real publishers, served by a real nginx, through the shipped catalogue.

STATS.md beside the files is the truth for counts; Python's csv module, an independent reader, is
the truth for which ISINs a file lists.
"""

import csv
import gzip
import io
import json
import pathlib
import re
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import Nginx, ProgramTest, real_data  # noqa: E402
from isin_cells import cells_of, is_isin  # noqa: E402

REAL = real_data()

# source: files in the order of their dates, the delimiter and encoding for the independent reader.
SERIES = {
    "nse-equity": (["nse/20160725_EQUITY_L.csv", "nse/20220721_EQUITY_L.csv",
                    "nse/20231201_EQUITY_L.csv", "nse/20240515_EQUITY_L.csv",
                    "nse/20250225_EQUITY_L.csv", "nse/20251015_EQUITY_L.csv",
                    "nse/20260517_EQUITY_L.csv"], ",", "utf-8"),
    "bse-equity": (["bse/20150713_ListOfScrips.csv", "bse/20190614_ListOfScripsFull.csv",
                    "bse/20201030_Equity.csv", "bse/20231230_Equity_renamed_header.csv"],
                   ",", "utf-8"),
    "xetra": (["xetra/20190418_t7-xetr-allTradableInstruments.csv"], ";", "utf-8"),
    "euronext-shares": (["euronext/modified/20230601_Euronext_Equities_excel_fr.csv",
                         "euronext/modified/20250904_euronext_equities_all_preamble_stripped.csv",
                         "euronext/20250908_euronext_equities_all.csv"], ";", "utf-8-sig"),
    "moex": (["moex/20181130_ListingSecurityList.csv"], ",", "cp1251"),
    "moex-rates": (["moex/20230901_iss_rates_shares.csv"], ";", "cp1251"),
    "spb": (["others/spb_exchange/20191006_ListingSecurityList_utf8.csv",
             "others/spb_exchange/20200411_ListingSecurityList.csv",
             "others/spb_exchange/20201126_ListingSecurityList.csv",
             "others/spb_exchange/20210308_ListingSecurityList.csv",
             "others/spb_exchange/20210516_ListingSecurityList.csv",
             "others/spb_exchange/20210517_ListingSecurityList.csv",
             "others/spb_exchange/20210710_ListingSecurityList.csv",
             "others/spb_exchange/20230901_ListingSecurityList.csv"], ";", "cp1251"),
}

WORKBOOKS = {
    "asx": ["asx/202206_ISIN.xls"],
    "hkex": ["hkex/20191206_ListOfSecurities.xlsx", "hkex/20211011_ListOfSecurities.xlsx",
             "hkex/modified/2022_ListOfSecurities_resorted.xlsx",
             "hkex/20250711_ListOfSecurities.xlsx",
             "hkex/modified/2026_ListOfSecurities_title_rows_removed.xlsx"],
    "lse-instruments": ["lse/20211031_Instrument_list_16.xlsx",
                        "lse/20220930_Instrument_list_30.xlsx"],
    "nse-permitted": ["nse/20260517_Permitted_Securities_20260421162554.xlsx"],
}

# Where STATS.md is not the truth. It counts the column's name that was sorted in among the rows; and it
# lacks the two ISINs of an old workbook that lie over the border of two records.
OTHER_COUNTS = {"hkex/modified/2022_ListOfSecurities_resorted.xlsx": (-1, 0),
                "asx/202206_ISIN.xls": (2, 2)}

# The sibling lists of one publisher load with the entry of the main one too.
SIBLINGS = ["nse/20260517_IDR_W9.csv", "nse/20260517_INVITS_L.csv", "nse/20260517_REITS_L.csv",
            "nse/20260517_SME_EQUITY_L.csv", "nse/20260517_eq_etfseclist.csv",
            "nse/20260517_mf_close-end.csv", "nse/20250225_ind_niftytotalmarket_list.csv"]

# Files whose layout their keeper changed, or that an entry reads only with further settings: what is
# rejected, and the settings.
KEPT_OTHERWISE = [
    ("nse-equity", "nse/modified/EQUITY_L_excel_dates_20250818.csv", 0, ""),
    ("nse-equity", "nse/modified/EQUITY_L_header_spaces_stripped_20250225.csv", 0, ""),
    ("nse-equity", "nse/modified/EQUITY_L_no_header.csv", 0, ""),
    ("nse-equity", "nse/modified/EQUITY_L_with_2_placeholder_rows_20221010.csv", 2, ""),
    ("nse-illiquid", "nse/20260517_eq_ilseclist.csv", 0, ""),
    ("nse-mf-closed", "nse/20260517_mf_close-end.csv", 0, ""),
    ("bse-equity", "bse/20160919_ListOfScrips_noheader.csv", 1, ""),
    ("lse-instruments", "lse/20160928_list-of-all-securities-ex-debt.csv", 0,
     ", format: csv, discovery: direct"),
    ("frankfurt", "xetra/20190418_t7-xetr-allTradableInstruments.csv", 0, ", discovery: direct"),
    ("euronext-etfs", "small_fixtures/euronext_sample.csv", 1, ""),
    ("six-etf", "small_fixtures/six_sample.csv", 1, ", discovery: direct"),
    ("xetra", "small_fixtures/xetra_sample.csv", 1, ""),
    ("gleif-isin-lei", "transcribed/gleif_lei_isin_rows_from_readmes.csv", 0,
     ", discovery: direct"),
]

# Columns by bytes: the ISINs of a file are those of these bytes of its records.
FIXED = {"b3-cotahist": ("b3/COTAHIST_D04012016.TXT", b"01", slice(230, 242))}


def stats():
    """file: (rows, distinct valid ISINs), from the table of STATS.md."""
    table = {}
    for line in (REAL / "STATS.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 6 and cells[2].isdigit():
            table[cells[1]] = (int(cells[2]), int(cells[5]))
    return table


def cell_stats():
    """file: (cells with an ISIN, distinct valid ISINs), from the table of STATS.md."""
    rows = ([cell.strip() for cell in line.split("|")]
            for line in (REAL / "STATS.md").read_text().splitlines())
    return {cells[1]: (int(cells[3]), int(cells[5]))
            for cells in rows if len(cells) > 6 and cells[3].isdigit() and cells[5].isdigit()}


def listed(path, delimiter, encoding):
    """The valid ISINs of a file's ISIN column."""
    if path.suffix in (".xls", ".xlsx"):
        return {cell for cell in cells_of(path) if is_isin(cell)}
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(encoding)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    names = {"isin", "isinnumber", "isinno", "sisincode", "isincode"}
    for number, row in enumerate(rows):
        plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in row]
        column = next((i for i, name in enumerate(plain) if name in names), None)
        if column is not None:
            cells = (r[column].strip() for r in rows[number + 1:] if len(r) > column)
            return {cell for cell in cells if is_isin(cell)}
    raise AssertionError(f"{path}: no ISIN column")


def is_line_end(data, offset):
    return data[offset - 1:offset] == b"\n"


@unittest.skipUnless(REAL, "no real files")
class RealData(ProgramTest):
    def setUp(self):
        super().setUp()
        self.nginx = Nginx(self.dir / "nginx")
        self.addCleanup(self.nginx.stop)

    def use(self, source, tls=False):
        url = self.nginx.tls_url("list.csv") if tls else self.nginx.url("list.csv")
        self.configure(f'sources: {{{source}: {{enabled: true, url: "{url}"}}}}\n')
        if tls:
            self.environment["ISINFETCH_NETWORK__CA_FILE"] = str(self.nginx.certificate)

    def stored(self):
        return {row[0] for row in self.sql("SELECT DISTINCT isin FROM listing_current")}

    def check_series(self, source, tls):
        files, delimiter, encoding = SERIES[source]
        table = stats()
        self.use(source, tls)
        before = set()
        for name in files:
            with self.subTest(file=name):
                self.nginx.serve("list.csv", (REAL / name).read_bytes())
                result = self.run_json("--force", "--accept-shrink", source)
                self.assertEqual(result.status, 0, result)
                self.assertEqual(result.err, "")
                entry = result.source()
                rows, valid = table[name]
                now = listed(REAL / name, delimiter, encoding)
                self.assertEqual(entry["status"], "updated")
                self.assertEqual(entry["seen"], rows)
                self.assertEqual(entry["isins"], valid)
                self.assertEqual(len(now), valid)
                self.assertEqual(self.stored(), now)
                self.check_changes(source, before, now)
                before = now
        self.check_every_past_list(source, files, delimiter, encoding)

    def check_changes(self, source, before, now):
        """An ISIN appears in the difference exactly when it came or went."""
        changes = self.call("diff", source, "-o", "json").json()
        kinds = {}
        for change in changes:
            kinds.setdefault(change["isin"], set()).add(change["kind"])
        came = {isin for isin, seen in kinds.items() if "added" in seen and isin not in before}
        went = {isin for isin, seen in kinds.items() if "removed" in seen and isin not in now}
        self.assertEqual(came, now - before)
        self.assertEqual(went, before - now)

    def check_every_past_list(self, source, files, delimiter, encoding):
        """History: each list can be had back as it was."""
        versions = self.sql("SELECT published FROM run_source WHERE status='updated' ORDER BY id")
        for (published,), name in zip(versions, files):
            out = self.call("export", source, "--format", "csv", "--as-of", published).out
            isins = {row["isin"] for row in csv.DictReader(io.StringIO(out))}
            self.assertEqual(isins, listed(REAL / name, delimiter, encoding), name)

    def test_every_series_over_http(self):
        for source in SERIES:
            with self.subTest(source=source):
                self.state = self.dir / ("state-" + source)
                self.check_series(source, tls=False)

    def check_workbooks(self, source):
        table = cell_stats()
        self.use(source)
        before = set()
        for name in WORKBOOKS[source]:
            with self.subTest(file=name):
                self.nginx.serve("list.csv", (REAL / name).read_bytes())
                result = self.run_json("--force", "--accept-shrink", source)
                self.assertEqual(result.status, 0, result)
                self.assertEqual(result.err, "")
                entry = result.source()
                cells, valid = map(sum, zip(table[name], OTHER_COUNTS.get(name, (0, 0))))
                now = listed(REAL / name, None, None)
                self.assertEqual(entry["status"], "updated")
                self.assertEqual(entry["accepted"] + entry["rejected"], cells)
                self.assertEqual(entry["isins"], valid)
                self.assertEqual(len(now), valid)
                self.assertEqual(self.stored(), now)
                self.check_changes(source, before, now)
                before = now
        self.check_every_past_list(source, WORKBOOKS[source], None, None)

    def test_workbooks(self):
        for source in WORKBOOKS:
            with self.subTest(source=source):
                self.state = self.dir / ("state-" + source)
                self.check_workbooks(source)

    def test_a_workbook_packed_once_more(self):
        name = "hkex/20250711_ListOfSecurities.xlsx"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(REAL / name, "ListOfSecurities.xlsx")
        self.use("hkex")
        for data in (gzip.compress((REAL / name).read_bytes()), packed.getvalue()):
            self.nginx.serve("list.csv", data)
            result = self.run_json("--force")
            self.assertEqual(result.status, 0, result)
            self.assertEqual(self.stored(), listed(REAL / name, None, None))

    def test_dates_and_texts_of_workbooks(self):
        self.use("lse-instruments")
        self.nginx.serve("list.csv", (REAL / WORKBOOKS["lse-instruments"][1]).read_bytes())
        self.assertEqual(self.run_json().status, 0)
        rows = self.sql("SELECT venue, name, currency, first_trade, maturity FROM listing_current "
                        "WHERE isin IN ('GB00BFZ45C84', 'XS0357789345')")
        self.assertEqual(sorted(rows), [
            ["34GI", "PUT & CALL NTS 10/06/31", "USD", "2008-05-15", "2031-06-10"],
            ["SPA", "ORD 10P", "GBX", "2018-08-21", ""]])

    def test_a_workbook_that_says_more_than_it_has_is_refused(self):
        """The number of instruments above a sheet of the LSE's, and one row taken out."""
        data = io.BytesIO()
        with zipfile.ZipFile(REAL / WORKBOOKS["lse-instruments"][1]) as book, \
                zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as changed:
            for part in book.namelist():
                text = book.read(part)
                if part == "xl/worksheets/sheet2.xml":
                    text = re.sub(rb'<row r="500".*?</row>', b"", text, flags=re.S)
                changed.writestr(part, text)
        self.use("lse-instruments")
        self.nginx.serve("list.csv", data.getvalue())
        result = self.run_json()
        self.assertEqual(result.status, 65, result)
        self.assertIn("'1.1 Shares': it announces 2002 rows and has 2001",
                      result.source()["error"]["message"])

    def others(self, source, name):
        """What is stored beside the fields: [(isin, name, {…})]."""
        self.state = self.dir / ("state-" + source)
        self.use(source)
        self.nginx.serve("list.csv", (REAL / name).read_bytes())
        self.assertEqual(self.run_json().status, 0)
        return [(isin, title, json.loads(other)) for isin, title, other in
                self.sql("SELECT isin, coalesce(name, ''), other FROM listing_current")]

    def test_decimal_commas(self):
        rows = self.others("moex-rates", "moex/20230901_iss_rates_shares.csv")
        values = {isin: other.get("face_value", "0") for isin, _, other in rows}
        self.assertEqual(values["RU000A0JS5T7"], "1.0")
        for isin, value in values.items():
            self.assertRegex(value, r"^\d+(\.\d+)?$", isin)

    def test_entities(self):
        name = "bse/20150713_ListOfScrips.csv"
        self.assertGreater((REAL / name).read_bytes().count(b"&amp;"), 2000)
        rows = self.others("bse-equity", name)
        texts = [text for _, title, other in rows for text in (title, *other.values())]
        self.assertIn("Iron & Steel Products", texts)
        self.assertFalse([text for text in texts if "&amp;" in text])

    def test_columns_of_bytes(self):
        """The one file was shortened by who kept it: its last line says so, and is believed."""
        for source, (name, mark, place) in FIXED.items():
            self.use(source)
            data = (REAL / name).read_bytes()
            self.nginx.serve("list.csv", data)
            refused = self.run_json(source)
            self.assertEqual(refused.status, 65, refused)
            self.assertIn("line 506 announces 00000001745 lines, the file has 506", refused.err)
            result = self.run_json("--force", "--accept-shrink", source)
            self.assertEqual((result.status, result.err), (0, ""), result)
            entry = result.source()
            self.assertEqual((entry["seen"], entry["isins"]), stats()[name])
            isins = {line[place].decode() for line in data.splitlines() if line.startswith(mark)}
            self.assertEqual(self.stored(), isins)

    def test_a_file_of_fixed_columns_cut_anywhere_is_refused(self):
        data = (REAL / "b3/COTAHIST_D04012016.TXT").read_bytes()
        whole = data.replace(b"00000001745", b"00000000506")
        self.check_cuts("b3-cotahist", whole, whole,
                        lambda data: [1, 100, 247, 248, 494, len(data) // 2, len(data) - 247,
                                      len(data) - 100, len(data) - 3])

    def test_a_series_over_https(self):
        self.check_series("nse-equity", tls=True)

    def test_an_unknown_certificate_is_refused(self):
        self.use("nse-equity", tls=True)
        del self.environment["ISINFETCH_NETWORK__CA_FILE"]
        self.nginx.serve("list.csv", (REAL / "nse/20220721_EQUITY_L.csv").read_bytes())
        self.assertEqual(self.run_json().status, 76)

    def test_sibling_lists_load_with_the_same_entry(self):
        table = stats()
        for name in SIBLINGS:
            with self.subTest(file=name):
                self.state = self.dir / ("state-" + pathlib.Path(name).stem)
                self.use("nse-equity")
                self.nginx.serve("list.csv", (REAL / name).read_bytes())
                result = self.run_json("--set", "sources.nse-equity.guards.min_records=0")
                self.assertEqual(result.status, 0, result)
                self.assertEqual(result.source()["isins"], table[name][1])

    def test_files_that_somebody_changed(self):
        table = stats()
        for source, name, rejected, settings in KEPT_OTHERWISE:
            with self.subTest(file=name):
                self.state = self.dir / ("state-" + source + pathlib.Path(name).stem)
                self.nginx.serve("list.csv", (REAL / name).read_bytes())
                self.configure(f'sources: {{{source}: {{enabled: true, url: "'
                               f'{self.nginx.url("list.csv")}"{settings},'
                               ' guards: {min_records: 0, max_rejected: 50%}}}\n')
                result = self.run_json()
                self.assertEqual((result.status, result.err), (0, ""), result)
                entry = result.source()
                self.assertEqual((entry["isins"], entry["rejected"]),
                                 (table[name][1], rejected), entry)
                self.assertEqual(entry["seen"], table[name][0])

    def test_an_unnamed_column_is_found_by_its_place(self):
        self.use("nse-warrants")
        self.nginx.serve("list.csv", (REAL / "nse/20260517_WARRANT.csv").read_bytes())
        result = self.run_json()
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.stored(), {"INE086A13016"})

    def test_the_same_file_again_changes_nothing(self):
        self.use("nse-equity")
        data = (REAL / "nse/20260517_EQUITY_L.csv").read_bytes()
        self.nginx.serve("list.csv", data)
        self.assertEqual(self.run_json("--force").source()["http"]["status"], 200)
        rows = self.sql("SELECT count(*), max(id) FROM listing")
        again = self.run_json("--force").source()
        self.assertEqual((again["status"], again["http"]["status"]), ("unchanged", 304))
        self.nginx.serve("list.csv", data)  # a new date, the same content
        again = self.run_json("--force").source()
        self.assertEqual((again["status"], again["http"]["status"]), ("unchanged", 200))
        self.assertEqual(self.sql("SELECT count(*), max(id) FROM listing"), rows)
        self.assertEqual(self.run_json().source()["status"], "current")

    def check_cuts(self, source, old, data, offsets):
        self.use(source)
        self.nginx.serve("list.csv", old)
        self.assertEqual(self.run_json("--force", "--accept-shrink", source).status, 0)
        served = self.stored()
        for offset in offsets(data):
            self.nginx.serve("list.csv", data[:offset])
            result = self.run_json("--force")
            self.assertEqual(self.stored(), served, f"cut at {offset}")
            harmless = result.status == 0 and is_line_end(data, offset)  # only rows without ISIN
            self.assertTrue(harmless or result.status in (65, 76),
                            f"cut at {offset} of {len(data)}: {result}")
        self.nginx.serve("list.csv", data)
        self.assertEqual(self.run_json("--force", "--accept-shrink", source).status, 0)

    def test_a_file_cut_anywhere_is_refused_and_the_old_list_kept(self):
        def offsets(data):
            size = len(data)
            spread = [size * part // 23 for part in range(1, 23)]
            lines = [i + 1 for i in range(size - 4000, size - 1) if data[i:i + 1] == b"\n"]
            return [0, 1, 100, *spread, *lines[-8:], *range(size - 30, size, 3), size - 1]

        for source, name in [("nse-equity", "nse/20260517_EQUITY_L.csv"),
                             ("euronext-shares", "euronext/20250908_euronext_equities_all.csv"),
                             ("xetra", "xetra/20190418_t7-xetr-allTradableInstruments.csv"),
                             ("moex", "moex/20181130_ListingSecurityList.csv"),
                             ("spb", "others/spb_exchange/20210710_ListingSecurityList.csv")]:
            with self.subTest(source=source):
                self.state = self.dir / ("state-" + source)
                data = (REAL / name).read_bytes()
                self.check_cuts(source, data, data, offsets)


if __name__ == "__main__":
    unittest.main(verbosity=2)
