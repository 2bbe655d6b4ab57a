"""Bytes become records without loss: small files with the habits and faults of publishers, as a user
loads and reads them back.
"""

import csv
import io
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest  # noqa: E402
from postgres import Postgres, binaries  # noqa: E402

NAMES = {"US0378331005": "Apple Inc.", "GB0002634946": "BAE Systems plc", "CH0038863350": "Nestle S.A.",
         "DE0007164600": "SAP SE", "FR0000120271": "TotalEnergies SE", "NL0010273215": "ASML Holding",
         "JP3633400001": "Toyota Motor", "IE00B4L5Y983": "iShares World"}
ISINS = list(NAMES)
COLUMNS = "columns: {isin: ISIN, name: Name}"
LIST = "ISIN;Name\n" + "".join(f"{isin};{name}\n" for isin, name in NAMES.items())
NUL_IN_NAME = LIST.replace("SAP SE", "SAP\0SE").encode()
CONTROLS = (b'ISIN;Name\nUS0378331005;"App\nle"\nGB0002634946;\x1b[31mBAE\x1b[0m\x07\n'
            b'DE0007164600;SAP\tSE\nCH0038863350;"Nes\r\ntle\xc2\x9b"\n')


def packed(files, stored=False):
    data = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def workbook(sheets):
    """A workbook of {name: (state, rows)}; a cell that begins with = is a formula without result."""
    def cell(text):
        if text.startswith("="):
            return f"<c><f>{text[1:]}</f><v></v></c>"
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"'
                    + (f' state="{state}"' if state else "") + "/>"
                    for i, (name, (state, _)) in enumerate(sheets.items(), 1))
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                       f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets>{names}</sheets>'
                           '</workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{package}/relationships">' + "".join(
                f'<Relationship Id="r{i}" Type="{kind}/worksheet" Target="worksheets/s{i}.xml"/>'
                for i in range(1, len(sheets) + 1)) + "</Relationships>",
    }
    for i, (_, rows) in enumerate(sheets.values(), 1):
        body = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
        files[f"xl/worksheets/s{i}.xml"] = \
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    return packed(files)


class Bytes(ProgramTest):
    def load(self, data, extra=COLUMNS, format="csv", *arguments):
        (self.dir / "list").write_bytes(data if isinstance(data, bytes) else data.encode())
        self.configure(f'sources: {{mine: {{enabled: true, url: "file://{self.dir}/list", '
                       f"format: {format}, {extra}}}}}\n")
        return self.run_json("--force", *arguments)

    def fresh(self):
        self.state = pathlib.Path(tempfile.mkdtemp(dir=self.dir)) / "state"

    def stored(self):
        return {row["isin"]: row["name"] or "" for row in self.call("list", "-o", "json").json()}

    def refused(self, status, words, *load):
        """Refused with that status; the message has the source, the URL and the words."""
        self.fresh()
        result = self.load(*load)
        self.assertEqual(result.status, status, result)
        for word in ("mine: ", f"file://{self.dir}/list", words):
            self.assertIn(word, result.err)
        return result

    def taken(self, count, *load):
        self.fresh()
        result = self.load(*load)
        self.assertEqual((result.status, result.err), (0, ""), result)
        self.assertEqual(len(self.stored()), count, result)
        return result.source()

    def test_line_ends_of_every_kind(self):
        for ends in ("\n", "\r\n", "\r"):
            with self.subTest(ends=ends):
                self.taken(8, LIST.replace("\n", ends))
                self.assertEqual(self.stored(), NAMES)
        self.taken(8, LIST.replace("Systems plc\n", "Systems plc\r"))
        self.assertEqual(self.stored(), NAMES)

    def test_the_end_of_a_text_of_dos(self):
        for end in ("\x1a", "\x1a\x1a", "\x1a\r\n"):
            self.taken(8, LIST + end)
        self.load(LIST)
        self.assertEqual(self.load(LIST.replace("SAP SE", "SAP") + "\x1a").status, 0)

    def test_cells_that_are_texts_for_spreadsheets(self):
        for change in (lambda isin: f'="{isin}"', lambda isin: f'"=""{isin}"""',
                       lambda isin: "'" + isin, lambda isin: f"'{isin}'"):
            text = "ISIN;Name\n" + "".join(f"{change(i)};{name}\n" for i, name in NAMES.items())
            self.taken(8, text)
            self.assertEqual(self.stored(), NAMES)

    def test_nul_has_one_rule(self):
        place = NUL_IN_NAME.index(b"\0")
        for text, line, byte in ((NUL_IN_NAME, 5, place),
                                 (b"x" * 600 + b"\n" + NUL_IN_NAME, 6, 601 + place)):
            entry = self.taken(8, text)
            self.assertIn(f"text has NUL bytes, the first in line {line}, byte {byte}: U+FFFD stands "
                          "for them", entry["warnings"])
            self.assertEqual(self.stored()["DE0007164600"], "SAP\ufffdSE")
        for padding in (1, 512, 100_000, 3_000_000):
            result = self.refused(65, "NUL" if padding > 1_000_000 else "padded with NUL from here",
                                  LIST.encode() + bytes(padding))
            self.assertIn(f"line 10, byte {len(LIST)}", result.err)

    def test_nul_is_the_same_in_json_and_in_workbooks(self):
        rows = json.dumps([{"ISIN": isin, "Name": "SAP\0SE"} for isin in ISINS])
        entry = self.taken(8, rows, COLUMNS, "json")
        self.assertEqual(entry["warnings"], {"NUL in a text": 8})
        self.assertEqual(self.stored()["DE0007164600"], "SAP\ufffdSE")
        book = workbook({"a": ("", [["ISIN", "Name"], ["US0378331005", "A_x0000_B"]])})
        self.assertEqual(self.taken(1, book, COLUMNS, "xlsx")["warnings"], {"NUL in a text": 1})

    @unittest.skipUnless(binaries(), "no PostgreSQL server here")
    def test_both_stores_keep_the_same(self):
        server = Postgres()
        self.addCleanup(server.remove)
        for data in (NUL_IN_NAME, CONTROLS):
            server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            found = []
            for store in (f"sqlite:{self.dir}/{len(data)}.db", server.location()):
                self.fresh()
                self.environment["ISINFETCH_STORE"] = store
                result = self.load(data)
                self.assertEqual((result.status, result.err), (0, ""), result)
                listed = self.call("list", "-o", "json").json()
                for row in listed:
                    del row["published"]
                found.append((result.source()["warnings"], listed))
            self.assertEqual(found[0], found[1])

    def test_control_characters_are_counted_and_never_reach_a_terminal(self):
        entry = self.taken(4, CONTROLS)
        self.assertEqual(entry["warnings"], {"control character in a text": 4})
        self.load(CONTROLS.replace(b"le\"", b"les\"").replace(b"SAP", b"SA\x1bP"))
        texts = [self.call(*command).out for command in
                 (["list"], ["diff", "mine"], ["changes", "--since", "7d"], ["history", "US0378331005"],
                  ["lookup", *ISINS[:4]], ["status"], ["history"])]
        for text in texts:
            bad = [c for c in text if (c < " " and c != "\n") or "\x7f" <= c < "\xa0"]
            self.assertEqual(bad, [], text)
        self.assertEqual(len(texts[0].splitlines()), 4, texts[0])
        self.assertEqual(len(texts[2].splitlines()), 6, texts[2])
        self.assertIn(r"\x1B[31mBAE\x1B[0m\x07", texts[0])
        name = "\x1b[31mBAE\x1b[0m\x07"
        exported = self.call("export", "--format", "csv").out
        self.assertIn(name, [row["name"] for row in csv.DictReader(io.StringIO(exported, newline=""))])
        self.assertIn(name, [row["name"] for row in self.call("list", "-o", "json").json()])

    def test_messages_have_no_control_characters(self):
        result = self.refused(76, "no column named 'ISIN'", b"\x1b[31m;Name\nA;b\n")
        self.assertNotIn("\x1b", result.err)
        result = self.load(b"ISIN;Name\n\x1b]0;x\x07;Name\n")
        self.assertEqual(result.status, 65)
        self.assertNotIn("\x1b", result.err)
        self.assertIn("the first one rejected: line 2, byte 10", result.err)

    def test_a_header_that_may_be_meant_otherwise_is_refused(self):
        self.refused(76, "two columns are named 'ISIN'",
                     "ISIN,ISIN,Name\nUS0378331005,US5949181045,A\n")
        two = "Name;Underlying ISIN;ISIN\nApple;US5949181045;US0378331005\n"
        self.refused(76, "matches two columns, 'Underlying ISIN' and 'ISIN'", two,
                     'columns: {isin: "*ISIN*"}')
        self.taken(1, two)
        self.taken(1, "ISIN,ISIN,Name\nUS0378331005,US5949181045,A\n",
                   'columns: {isin: "#2", name: Name}')
        self.assertEqual(list(self.stored()), ["US5949181045"])
        self.refused(76, "csv.delimiter is ';', but line 1 has ','", LIST.replace(";", ","),
                     COLUMNS + ', csv: {delimiter: ";"}')
        self.taken(3, "ISIN;Name (Company, Inc.);Sector, Industry, Sub\n"
                   + "".join(f"{isin};A, Inc.;x\n" for isin in ISINS[:3]), 'columns: {isin: ISIN}')

    def test_encodings_are_judged_or_said_to_be_assumed(self):
        for encoding, found, names in (
                ("cp1251", "windows-1251", ["Сбербанк", "Газпром", "Лукойл"]),
                ("euc_kr", "euc-kr", ["삼성전자", "현대차", "카카오"]),
                ("big5", "big5", ["台積電", "鴻海", "中華電信"]),
                ("cp932", "shift_jis", ["トヨタ自動車", "ソニー", "任天堂"]),
                ("gb18030", "gb18030", ["中国平安", "贵州茅台", "招商银行"])):
            with self.subTest(encoding=encoding):
                text = "ISIN,Name\n" + "".join(f"{i},{n}\n" for i, n in zip(ISINS, names))
                entry = self.taken(3, text.encode(encoding))
                self.assertEqual((entry["encoding"], entry["warnings"]), (found, {}))
                self.assertEqual(sorted(self.stored().values()), sorted(names))
        entry = self.taken(8, LIST.replace("Nestle", "Nestlé").encode("cp1252"))
        self.assertIn("taken for windows-1252, which is but assumed", "".join(entry["warnings"]))
        self.assertEqual(self.stored()["CH0038863350"], "Nestlé S.A.")

    def test_another_format_is_76_and_says_which(self):
        book = workbook({"a": ("", [["ISIN", "Name"], ["US0378331005", "A"]])})
        document = packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                           "content.xml": "<x/>"}, stored=True)
        squeezed = packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                           "content.xml": "<x/>"})
        for data, format, words in (
                (squeezed, "xlsx", "an OpenDocument file (ods) where xlsx was expected"),
                (book, "csv", "an Excel workbook where csv was expected: set 'format: xlsx'"),
                (book, "xls", "an Excel workbook where xls was expected: set 'format: xlsx'"),
                (LIST, "xlsx", "text where a workbook (xlsx) was expected: set 'format: csv'"),
                (document, "xlsx", "an OpenDocument file (ods) where xlsx was expected"),
                (document, "csv", "an OpenDocument file (ods) where csv was expected"),
                ('[{"ISIN": "US0378331005"}]', "csv", "it looks like JSON: set 'format: json'")):
            with self.subTest(words=words):
                result = self.refused(76, words, data, COLUMNS, format)
                self.assertNotIn("archive/", result.err)

    def test_the_list_in_a_zip_file(self):
        text = LIST.encode()
        self.taken(8, packed({"README.txt": "read me first", "a.csv": text}))
        self.taken(8, packed({"data/a.csv": text, "data/.DS_Store": "x", "terms.pdf": "%PDF"}))
        two = packed({"old.csv": "ISIN;Name\n", "new.csv": text})
        self.refused(76, "say which with open.member", two)
        self.taken(8, two, COLUMNS + ', open: {member: "new*"}')
        self.refused(76, "no file in the zip file is like open.member 'c*'", two,
                     COLUMNS + ', open: {member: "c*"}')
        whole = packed({"a.csv": text})
        for name in ("a.csv", "b.csv"):
            cut = packed({"a.csv": text, name + "2": text})
            self.refused(65, "the directory at its end is missing: was it cut?",
                         cut[:cut.index(b"PK\1\2")])
        self.refused(65, "the directory at its end is missing", whole[:whole.index(b"PK\1\2")])

    def test_hidden_sheets_and_formulas_without_results(self):
        old = [["ISIN", "Name"], ["US5949181045", "Microsoft"]]
        rows = [["ISIN", "Name"]] + [[isin, "x"] for isin in ISINS[:4]]
        for state in ("hidden", "veryHidden"):
            book = workbook({"Now": ("", rows), "Old": (state, old)})
            self.assertIn("hidden sheets were not read: 'Old'",
                          "".join(self.taken(4, book, COLUMNS, "xlsx")["warnings"]))
            self.taken(5, book, COLUMNS + ", sheets: {only: [Now, Old]}", "xlsx")
            self.assertEqual(
                self.taken(4, book, COLUMNS + ", sheets: {except: [Old]}", "xlsx")["warnings"], {})
        self.refused(76, "'Old' is hidden in the workbook", workbook({"Old": ("hidden", old)}),
                     COLUMNS, "xlsx")
        formulas = [["ISIN", "Name"], ["=A1&amp;A2", "x"], ["=A3", "y"]]
        self.refused(65, "the first of 2 formulas without a stored result",
                     workbook({"a": ("", formulas)}), COLUMNS, "xlsx")
        entry = self.taken(5, workbook({"a": ("", rows + [["DE0007164600", "=A1"],
                                                          ["FR0000120271", "x"]])}),
                           COLUMNS, "xlsx")
        self.assertIn("sheet 'a', row 6: the first of 1 formulas", "".join(entry["warnings"]))

    def test_several_isins_of_a_row(self):
        text = ("Code;ISIN;ISIN Reinvestment;Name\n1;US0378331005;GB0002634946;A\n"
                "2;CH0038863350;-;B\n3;;DE0007164600;C\n4;-;;D\n")
        for keys in ("columns: {isin: ISIN, name: Name}, isin_columns: [ISIN Reinvestment]",
                     "columns: {name: Name}, isin_columns: [ISIN, [Reinvested, ISIN Reinvestment]]",
                     "columns: {isin: ISIN, name: Name}, isin_columns: [ISIN, ISIN Reinvestment]"):
            entry = self.taken(4, text, keys)
            self.assertEqual((entry["seen"], entry["accepted"], entry["rejected"], entry["no_isin"]),
                             (4, 4, 0, 1))
            self.assertEqual(self.stored(), {"US0378331005": "A", "GB0002634946": "A",
                                             "CH0038863350": "B", "DE0007164600": "C"})
            shown = self.call("config", "show").out
            self.assertEqual("[Reinvested, " in shown.replace('"', ""), "Reinvested" in keys)
        self.taken(2, text, "columns: {isin: [ISIN, ISIN Reinvestment]}")
        self.refused(76, "no column named 'Gone' beside that of the other ISINs", text,
                     "columns: {isin: ISIN}, isin_columns: [Gone]")

    def test_the_last_rows_of_a_short_list_may_go(self):
        def rows(isins):
            return "ISIN;Name\n" + "".join(f"{isin};x\n" for isin in isins)

        self.taken(3, rows(ISINS[:3]))
        result = self.load(rows([*ISINS[:2], *ISINS[3:5]]))
        self.assertEqual((result.status, result.err), (0, ""), result)
        result = self.load(rows(ISINS[:3]), COLUMNS + ", guards: {max_shrink: 50%}")
        self.assertEqual((result.status, result.err), (0, ""), result)


if __name__ == "__main__":
    unittest.main(verbosity=2)
