"""Lists in the shapes of publishers whose files are in nobody's reach, through the shipped catalogue.

The rows are made up; names of columns, nesting, encodings and requests are the publishers'.
"""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, Nginx, ProgramTest, real_data, respond  # noqa: E402

REAL = real_data()


def twse_page(rows):
    """As C_public.jsp writes it: a table for the heading, no end of the <B> in section rows."""
    cells = "".join(
        f"<tr><td bgcolor=#FAFAD2 colspan=7 ><B> {row} <B> </td></tr>" if isinstance(row, str)
        else "<tr>" + "".join(f"<td bgcolor=#FAFAD2>{cell}</td>" for cell in row) + "</tr>"
        for row in rows)
    names = ["有價證券代號及名稱 ", "國際證券辨識號碼(ISIN Code)", "上市日", "市場別", "產業別", "CFICode", "備註"]
    head = "<tr align=center>" + "".join(f"<td bgcolor=#D5FFD5>{n}</td>" for n in names) + "</tr>"
    return ('<link rel="stylesheet" href="http://isin.twse.com.tw/isin/style1.css" type="text/css">'
            '<meta http-equiv="Content-Type" content="text/html; charset=MS950"><body>'
            "<table  align=center><h2><strong><font class='h1'>本國上市證券國際證券辨識號碼一覽表</font>"
            "</strong></h2><h2>最近更新日期:2026/11/23  </h2></table>"
            f"<TABLE class='h4' align=center cellSpacing=3 width=750 border=0>{head}{cells}</table>"
            "<font color='red'><center>掛牌日以正式公告為準</center></font>").encode("cp950")


TWSE = twse_page([
    "股票",
    ["1101　台泥", "TW0001101004", "1962/02/09", "上市", "水泥工業", "ESVUFR", ""],
    ["2353　宏碁", "TW0002353000", "1996/09/18", "上市", "電腦及週邊設備業", "ESVUFR", ""],
    "ETF",
    ["0050　元大台灣50", "TW0000050004", "2003/06/30", "上市", "", "CEOGEU", ""],
])

NORDIC = json.dumps({"data": {"instrumentListing": {"rows": [
    {"symbol": "ERIC B", "fullName": "Ericsson B", "isin": "SE0000108656", "currency": "SEK",
     "assetClass": "SHARES", "lastSalePrice": "SEK 80.1"},
    {"symbol": "VOLV B", "fullName": "Volvo B", "isin": "SE0000115446", "currency": "SEK",
     "assetClass": "SHARES"}]}, "pagination": {"page": 1}}, "status": {"rCode": 200}}).encode()

SGX = json.dumps({"meta": {"code": "200"}, "data": [
    {"stockCode": "D05", "isinCode": "SG1L01001701", "issuerName": "DBS GROUP HOLDINGS LTD",
     "ibmCode": "1L01"},
    {"stockCode": "XYZ", "isinCode": None, "issuerName": "NOT YET", "ibmCode": ""}]}).encode()

KRX = json.dumps({"OutBlock_1": [
    {"ISU_CD": "KR7005930003", "ISU_SRT_CD": "005930", "ISU_NM": "삼성전자보통주",
     "ISU_ENG_NM": "SamsungElectronics", "LIST_DD": "1975/06/11", "MKT_TP_NM": "KOSPI"}],
    "CURRENT_DATETIME": "2026.11.24 PM 06:00:00"}, ensure_ascii=False).encode()

SEC = ("037833100*APPLE INC                     COM                         *A*\n"
       "037833900 APPLE INC                     CALL\n"
       "17275R102*CISCO SYS INC                 COM\n"
       "G0177J108*ALLERGAN PLC                  SHS\n").encode()

# source: the file, its rows (isin, symbol, name, first_trade), the rows without ISIN.
LISTS = {
    "twse": (TWSE, [["TW0000050004", "0050", "元大台灣50", "2003-06-30"],
                    ["TW0001101004", "1101", "台泥", "1962-02-09"],
                    ["TW0002353000", "2353", "宏碁", "1996-09-18"]], 0),
    "nasdaq-nordic-sto": (NORDIC, [["SE0000108656", "ERIC B", "Ericsson B", ""],
                                   ["SE0000115446", "VOLV B", "Volvo B", ""]], 0),
    "sgx": (SGX, [["SG1L01001701", "D05", "DBS GROUP HOLDINGS LTD", ""]], 1),
    "sec-13f": (SEC, [["US0378331005", "", "APPLE INC", ""],
                      ["US17275R1023", "", "CISCO SYS INC", ""]], 2),
}


class Shapes(ProgramTest):
    def setUp(self):
        super().setUp()
        self.nginx = Nginx(self.dir / "nginx")
        self.addCleanup(self.nginx.stop)

    def use(self, source, url):
        self.state = self.dir / ("state-" + source)
        self.configure(f'sources: {{{source}: {{enabled: true, url: "{url}",'
                       ' guards: {min_records: 1}}}\n')

    def rows(self):
        rows = self.sql("SELECT isin, coalesce(symbol, ''), coalesce(name, ''),"
                        " coalesce(first_trade, '') FROM listing_current ORDER BY isin")
        return [(row + [""] * 4)[:4] for row in rows]

    def test_every_list_loads(self):
        for source, (data, rows, without) in LISTS.items():
            with self.subTest(source=source):
                self.use(source, self.nginx.url("list"))
                self.nginx.serve("list", data)
                result = self.run_json()
                self.assertEqual((result.status, result.err), (0, ""), result)
                self.assertEqual(self.rows(), rows)
                entry = result.source()
                self.assertEqual((entry["no_isin"], entry["rejected"]), (without, 0), entry)

    def test_a_list_cut_anywhere_is_refused(self):
        for source in ("twse", "nasdaq-nordic-sto", "sgx"):
            data = LISTS[source][0]
            self.use(source, self.nginx.url("list"))
            self.nginx.serve("list", data)
            self.assertEqual(self.run_json().status, 0)
            rows = self.rows()
            end = data.rindex(b"</table>") + 7 if source == "twse" else len(data) - 1
            for offset in [1, 40, end // 3, end // 2, end - 30, end]:
                with self.subTest(source=source, offset=offset):
                    self.nginx.serve("list", data[:offset])
                    self.assertIn(self.run_json("--force").status, (65, 76))
                    self.assertEqual(self.rows(), rows)

    def test_sections_and_words_in_big5(self):
        self.use("twse", self.nginx.url("list"))
        self.nginx.serve("list", TWSE)
        entry = self.run_json().source()
        self.assertEqual((entry["encoding"], entry["footnotes"]), ("big5", 2))
        others = {isin: json.loads(other) for isin, other in
                  self.sql("SELECT isin, other FROM listing_current")}
        self.assertEqual(others["TW0001101004"],
                         {"section": "股票", "market": "上市", "industry": "水泥工業"})
        self.assertEqual(others["TW0000050004"], {"section": "ETF", "market": "上市"})

    def test_a_form_is_posted(self):
        publisher = FaultyPublisher()
        self.addCleanup(publisher.stop)
        publisher.answers["/krx"] = lambda request: respond(
            request, 200, KRX, {"Content-Type": "application/json", "ETag": '"1"'})
        self.use("krx", publisher.url("/krx"))
        self.assertEqual(self.run_json().status, 0)
        self.assertEqual(self.rows(),
                         [["KR7005930003", "005930", "SamsungElectronics", "1975-06-11"]])
        again = self.run_json("--force").source()
        self.assertEqual((again["status"], again["http"]["status"]), ("unchanged", 200))
        self.assertEqual(len(publisher.requests), 2)
        for _, headers in publisher.requests:
            self.assertEqual(headers["Content-Type"], "application/x-www-form-urlencoded")
            self.assertTrue(headers["Referer"].startswith("http://data.krx.co.kr/"))
            self.assertNotIn("If-None-Match", headers)
        self.assertEqual(publisher.bodies,
                         2 * [b"bld=dbms/MDC/STAT/standard/MDCSTAT01901&mktId=ALL&share=1"])

    def test_one_entry_reads_a_list_as_csv_and_as_json(self):
        rows = [{"SCRIP_CD": "500520", "Scrip_Name": "MAHINDRA &amp; MAHINDRA LTD.",
                 "Status": "Active", "GROUP": "A ", "FACE_VALUE": "5.00",
                 "ISIN_NUMBER": "INE101A01026", "scrip_id": "M&amp;M", "Segment": "Equity"},
                {"SCRIP_CD": "500000", "Scrip_Name": "NONE LTD.", "ISIN_NUMBER": "NA"}]
        self.use("bse-equity", self.nginx.url("list"))
        self.nginx.serve("list", json.dumps(rows).encode())
        result = self.run_json("--set", "sources.bse-equity.format=json")
        self.assertEqual((result.status, result.source()["no_isin"]), (0, 1), result)
        self.assertEqual(self.rows(), [["INE101A01026", "M&M", "MAHINDRA & MAHINDRA LTD.", ""]])

    @unittest.skipUnless(REAL, "no real files")
    def test_a_service_of_components(self):
        """London's price explorer: rows far inside, an announced total, a wrong ISIN among them."""
        self.configure(f"""
sources:
  explorer:
    enabled: true
    url: {self.nginx.url("list")}
    format: json
    json: {{rows: "*.content.*.value.content", total: "*.content.*.value.totalElements"}}
    columns: {{isin: isin, venue: tidm, symbol: tidm, name: name, currency: currency}}
    guards: {{max_rejected: 20%}}
""")
        data = (REAL / "small_fixtures/lse_sample.json").read_bytes()
        self.nginx.serve("list", data)
        result = self.run_json()
        self.assertEqual(result.status, 0, result)
        entry = result.source()
        self.assertEqual((entry["seen"], entry["accepted"], entry["rejected"]), (6, 5, 1))
        self.nginx.serve("list", data.replace(b'"totalElements": 6', b'"totalElements": 7'))
        result = self.run_json("--force")
        self.assertEqual(result.status, 65)
        self.assertIn("7 rows are announced, the file has 6", result.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
