"""ESMA's FITRS, the whole way: the index, the newest set that is complete, XML from its zip archives."""

import datetime
import pathlib
import sqlite3
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from firds_files import check_digit  # noqa: E402
from firds_index import FirdsIndex  # noqa: E402
from harness import ProgramTest  # noqa: E402

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<BizData xmlns="urn:iso:std:iso:20022:tech:xsd:head.003.001.01"><Pyld><Document xmlns="urn:iso:std:iso:2\
0022:tech:xsd:auth.044.001.02"><FinInstrmRptgEqtyTradgActvtyRslt><RptHdr><RptgNtty><NtlCmptntAuthrty>EU\
</NtlCmptntAuthrty></RptgNtty></RptHdr>"""
TAIL = "</FinInstrmRptgEqtyTradgActvtyRslt></Document></Pyld></BizData>"
RESULT = """<EqtyTrnsprncyData><TechRcrdId>{number}</TechRcrdId><Id>{isin}</Id><FinInstrmClssfctn>SHRS</FinI\
nstrmClssfctn><RptgPrd><FrDtToDt><FrDt>{year}-01-01</FrDt><ToDt>{year}-12-31</ToDt></FrDtToDt></RptgPrd><Lq\
dty>{liquid}</Lqdty><Mthdlgy>YEAR</Mthdlgy><Sttstcs><AvrgDalyTrnvr>1234.5</AvrgDalyTrnvr><LrgInScale>1000<\
/LrgInScale></Sttstcs><RlvntMkt><Id>XPAR</Id></RlvntMkt></EqtyTrnsprncyData>"""


def isin(number):
    body = f"FR00{number:07d}"
    return body + check_digit(body)


class Fitrs(ProgramTest):
    def setUp(self):
        super().setUp()
        self.index = FirdsIndex()
        self.addCleanup(self.index.stop)
        path = "/solr/esma_registers_fitrs_files/select"
        self.configure("sources:\n  esma-fitrs:\n    enabled: true\n    guards: {min_records: 1}\n"
                       f"    url: {self.index.url(path)}\n")

    def publish(self, age, part, parts, numbers, letter="E", year=2025, text=None):
        """A file of so many days ago."""
        day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=age)
        name = f"FULECR_{day:%Y%m%d}_{letter}_{part}of{parts}"
        path = self.dir / f"{name}.zip"
        rows = "".join(RESULT.format(number=n, isin=isin(n), year=year, liquid=str(n % 2 == 0).lower())
                       for n in numbers)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.xml", HEAD + rows + TAIL if text is None else text)
        self.index.files.append({"file_name": path.name, "file_type": "FULECR", "path": path,
                                 "publication_date": day.isoformat(), "checksum": ""})
        return path.name

    def run_to(self, expected):
        result = self.run_json("--force")
        self.assertEqual(result.status, expected, result)
        return result.source()

    def assert_waited_for(self, report):
        """The newer set is known; when it stays as it is, that is no longer fresh."""
        self.assertIn("part 2 of 2 is missing", report["waiting_for"]["reason"])
        self.assertEqual((report["freshness"], len(report["waiting"])), ("due", 1))
        with sqlite3.connect(self.state / "isinfetch.db") as connection:
            connection.execute("UPDATE source SET waiting_since = '2026-01-01T00:00:00Z'")
        report = self.run_to(75)
        self.assertEqual((report["status"], report["freshness"]), ("unchanged", "held"))
        self.assertEqual(report["waiting_for"]["since"], "2026-01-01T00:00:00Z")

    def test_newest_complete_set(self):
        old = [self.publish(9, 1, 1, range(40))]
        new = [self.publish(2, 1, 2, range(30)), self.publish(2, 2, 2, range(30, 60), year=2024),
               self.publish(2, 1, 1, range(60, 65), letter="R")]
        self.index.published = lambda file: file["file_name"] not in new[1:2]
        report = self.run_to(0)  # a part of the newest is not there yet
        self.assertEqual((report["accepted"], report["listings"]), (40, 40))
        self.assertEqual(self.index.downloads(), old)
        self.assert_waited_for(report)
        self.index.published = lambda file: True
        report = self.run_to(0)
        self.assertEqual((report["accepted"], report["listings"]), (65, 65))
        self.assertEqual((report["waiting_for"], report["freshness"]), (None, "fresh"))
        self.assertEqual(sorted(self.index.downloads()[-3:]), sorted(new))
        self.assertEqual(self.run_to(0)["status"], "unchanged")
        rows = self.sql("SELECT isin, venue, json_extract(other, '$.liquid'),"
                        " json_extract(other, '$.relevant_market'), json_extract(other, '$.class')"
                        f" FROM listing_current WHERE isin IN ('{isin(0)}', '{isin(31)}') ORDER BY isin")
        self.assertEqual(rows, [[isin(0), "2025-01-01 2025-12-31", "true", "XPAR", "SHRS"],
                                [isin(31), "2024-01-01 2024-12-31", "false", "XPAR", "SHRS"]])

    def test_what_is_wrong_changes_nothing(self):
        self.publish(9, 1, 1, range(40))
        self.run_to(0)
        name = self.publish(2, 1, 1, range(50))
        whole = (self.dir / name).read_bytes()
        xml = HEAD + RESULT.format(number=1, isin=isin(1), year=2025, liquid="true")
        for what, broken, word in (("cut", whole[:len(whole) // 2], "damaged"),
                                   ("no end", self.packed(name, xml), "XML"),
                                   ("an entity", self.packed(name, '<!DOCTYPE a [<!ENTITY b "c">]>' + xml + TAIL),
                                    "document type"),
                                   ("no rows", self.packed(name, HEAD + TAIL), "no rows"),
                                   ("a page", self.packed(name, "<html><title>Sorry</title></html>"), "HTML")):
            with self.subTest(what):
                self.index.broken[name] = broken
                report = self.run_json("--force").source()
                self.assertEqual(report["status"], "failed", report)
                self.assertIn(word, report["error"]["message"])
                self.assertEqual(self.sql("SELECT count(*) FROM listing_current"), [["40"]])

    def packed(self, name, text):
        path = self.dir / "packed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name.replace(".zip", ".xml"), text)
        return path.read_bytes()


if __name__ == "__main__":
    unittest.main()
