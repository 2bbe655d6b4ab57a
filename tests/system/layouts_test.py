"""Layouts of other years, languages and programs: the same entry of the catalogue reads them.

The rows are made up, or single rows that publishers' documentation quotes.
"""

import gzip
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import Nginx, ProgramTest  # noqa: E402
from workbook import workbook  # noqa: E402

BOM = "\ufeff"


def lines(*rows, end="\n"):
    return end.join(rows) + end


NSE = "SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT, ISIN NUMBER, FACE VALUE"
MICRONS = ["INE144J01027", "EQ", "20MICRONS", "20 Microns Limited", "2008-10-06"]
SAP = ["DE0007164600", "XETR", "SAP", "SAP SE O.N.", "1988-11-04"]
CKH = ["KYG217651051", "00001", "00001", "CKH HOLDINGS", ""]
APPLE = ["US0378331005", "", "AAPL", "Apple Inc.", "2023-05-19"]
ACWI = ["IE00B4L5Y983", "Euronext Amsterdam", "IWDA", "iShares Core MSCI World UCITS ETF", ""]
SPATIAL = ["GB00BFZ45C84", "SPA", "SPA", "ORD 10P", "2018-08-21"]

# source: [(why, the file, rows of (isin, venue, symbol, name, first_trade), further settings)].
LAYOUTS = {
    "nse-equity": [
        ("a byte order mark, CR LF and quotes of a spreadsheet",
         BOM + lines(NSE, '"20MICRONS","20 Microns Limited","EQ","06-Oct-08","5","1",INE144J01027,"5"',
                     end="\r\n"), [MICRONS], ""),
        ("names in lower case with underscores, another order, ISO dates",
         lines("isin_number,symbol,series,name_of_company,date_of_listing",
               "INE144J01027,20MICRONS,EQ,20 Microns Limited,2008-10-06"), [MICRONS], ""),
        ("semicolons and no-break blanks",
         lines(NSE.replace(",", ";").replace(" ISIN NUMBER", "\u00a0ISIN\u00a0NUMBER"),
               "20MICRONS;20 Microns Limited;EQ;06/10/2008;5;1;\u00a0INE144J01027\u00a0;5"),
         [MICRONS], ""),
        ("no header", "20MICRONS,20 Microns Limited,EQ,06-OCT-2008,5,1,INE144J01027,5\n",
         [MICRONS], ""),
        ("a list that was saved as UTF-16",
         (BOM + lines(NSE.replace(",", "\t"),
                      "20MICRONS\t20 Microns Limited\tEQ\t06-OCT-2008\t5\t1\tINE144J01027\t5",
                      end="\r\n")).encode("utf-16-le"), [MICRONS], ""),
        ("a column inserted, the ISIN's name changed",
         lines(NSE.replace("SYMBOL,", "SR,SYMBOL,").replace("ISIN NUMBER", "ISIN NO."),
               "1,20MICRONS,20 Microns Limited,EQ,06-OCT-2008,5,1,INE144J01027,5"), [MICRONS], ""),
    ],
    "nse-preference": [
        ("no header", "TATASTLPP,Tata Steel Limited,P1" + 11 * ",x" + ",INE154A03021\n",
         [["INE154A03021", "P1", "TATASTLPP", "Tata Steel Limited", ""]], ""),
        ("a header that is one column short",
         lines("SYMBOL, NAME OF COMPANY, SERIES" + 11 * ", DIVIDEND",
               "TATASTLPP,Tata Steel Limited,P1" + 11 * ",x" + ",INE154A03021"),
         [["INE154A03021", "P1", "TATASTLPP", "Tata Steel Limited", ""]], ""),
    ],
    "bse-equity": [
        ("nine columns and no header",
         "500002,ABB,ABB India Limited,Active,A ,2,INE117A01022,Heavy Electrical Equipment,Equity\n",
         [["INE117A01022", "500002", "ABB", "ABB India Limited", ""]], ""),
        ("more columns, hyphens in the names, placeholders in quotes",
         lines("Security-Code,Issuer-Name,Security-Id,Security-Name,Status,Group,Face-Value,ISIN-No,Industry",
               "500002,x,ABB,ABB India Limited,Active,A ,2.00, INE117A01022 ,-,",
               '500003,x,NEW,New Limited,Active,B ,10.00,"NA",-,'),
         [["INE117A01022", "500002", "ABB", "ABB India Limited", ""]], ""),
    ],
    "spb": [
        ("names in Russian, UTF-8 with a byte order mark",
         BOM + lines("№;Раздел Списка;Полное наименование эмитента;ИНН эмитента;Вид, категория (тип);"
                     "Торговый код;ISIN код;Дата включения",
                     "1;Некотировальная часть;Apple Inc.;;Акции;AAPL;US0378331005;19.05.2023 0:00:00"),
         [APPLE[:4] + [""]], ""),
        ("names in Russian, windows-1251, the ISIN's behind",
         lines("№;Наименование эмитента;Торговый код ценной бумаги;Код ISIN;Код CFI",
               "1;Apple Inc.;AAPL;US0378331005;ESVUFR").encode("cp1251"), [APPLE[:4] + [""]], ""),
        ("the names of 2021 with one more column in front",
         lines("x;Row;s_level_name;e_full_name;s_RTS_code;s_ISIN_code;s_quot_list_in_date",
               ";1;a;Apple Inc.;AAPL;US0378331005;19.05.2023"), [APPLE], ""),
    ],
    "xetra": [
        ("the columns of 2026",
         lines("Market:;XETR", "Date Last Update:;10.08.2026",
               "Product Status;Instrument Status;Instrument;ISIN;WKN;Mnemonic;MIC Code;Currency;"
               "First Trading Date", "Active;Active;SAP SE O.N.;DE0007164600;716460;SAP;XETR;EUR;1988-11-04"),
         [SAP], ""),
        ("dates with dots, CR LF, another line above",
         BOM + lines("Deutsche Börse Cash Market", "Market:;XETR", "Date Last Update:;10.08.2026", "",
                     "ISIN;instrument;MIC Code;Mnemonic;Settlement Currency;First Trading Date",
                     "DE0007164600;SAP SE O.N.;XETR;SAP;EUR;04.11.1988", end="\r\n"), [SAP], ""),
    ],
    "euronext-etfs": [
        ("seventeen columns, three lines below the header",
         BOM + lines('"Instrument Fullname";"ESG Classification";Name;ISIN;Symbol;Market;Currency;"Open Price"',
                     '"European Trackers"', '"10 Aug 2026"', '"All datapoints provided as of end of day."',
                     '"iShares Core MSCI World UCITS ETF";-;"ISH MSCI";IE00B4L5Y983;IWDA;'
                     '"Euronext Amsterdam";EUR;107.2'), [ACWI], ""),
        ("as a spreadsheet saves it again",
         lines("Instrument Fullname;ESG Classification;Name;ISIN;Symbol;Market;Currency;Open Price",
               "European Trackers;;;;;;;", "10-août-26;;;;;;;",
               "iShares Core MSCI World UCITS ETF;-;ISH MSCI;IE00B4L5Y983;IWDA;Euronext Amsterdam;EUR;107,2",
               end="\r\n")[:-2], [ACWI], ""),
    ],
    "euronext-shares": [
        ("the names of older pages, commas",
         lines("Name,ISIN,Symbol,Market,Trading Currency,Open,High,Low,Last,Last Date/Time",
               "ADYEN,NL0012969182,ADYEN,Euronext Amsterdam,EUR,1,1,1,1,01/06/23 17:35"),
         [["NL0012969182", "Euronext Amsterdam", "ADYEN", "ADYEN", ""]], "csv: {delimiter: auto}"),
    ],
    "hkex": [
        ("the ISIN in the sixth column",
         workbook(("ListOfSecurities", [["List of Securities"], ["Updated as at 15/12/2025"],
                                        ["Stock Code", "Name of Securities", "Category", "Sub-Category",
                                         "Board Lot", "ISIN", "Subject to\nStamp Duty"],
                                        ["00001", "CKH HOLDINGS", "Equity", "Main Board", "500",
                                         "KYG217651051", "Y"],
                                        ["09999", "NONE", "Equity", "Main Board", "500", "   ", ""]])),
         [CKH], ""),
        ("another sheet in front, the names lower down",
         workbook(("Notes", [["This workbook lists all securities."]]),
                  ("Securities", 6 * [[""]] + [["List of Securities"],
                                              ["Stock Code", "Name of Securities", "ISIN Code"],
                                              ["00001", "CKH HOLDINGS", "KYG217651051"]])),
         [CKH], ""),
    ],
    "lse-instruments": [
        ("the header in the ninth row",
         workbook(("1.0 All Equity", [["TIDM", "ISIN"], ["SPA", "GB00BFZ45C84"]]),
                  ("1.1 Shares", 6 * [["x"]] + [["Number of Instruments: 1"], [""],
                                               ["TIDM", "Issuer Name", "Instrument Name", "ISIN", "Start Date"],
                                               ["SPA", "1SPATIAL PLC", "ORD 10P", "GB00BFZ45C84",
                                                "21/08/2018"]])), [SPATIAL], ""),
        ("the list of 2016 as text",
         lines("Security Start Date,Company Name,ISIN,Security Name,TIDM,Mkt Cap £m,Trading Currency,,",
               "21-Aug-18,1SPATIAL PLC      ,GB00BFZ45C84,ORD 10P       ,SPA  ,32.2,GBX,,"),
         [SPATIAL], "format: csv"),
    ],
    "ecb-eligible": [
        ("as it is today: a gzip of UTF-16 with tabs",
         gzip.compress((BOM + lines("ISIN_CODE\tOTHER_REG_NUMBER\tTYPE\tDENOMINATION\tMATURITY_DATE\tISSUER_NAME ",
                                    "NL0010273215\t\tAT01\tEUR\t15/05/2030 00:00:00\tASML Holding",
                                    end="\r\n")).encode("utf-16-le")),
         [["NL0010273215", "", "", "ASML Holding", ""]], ""),
        ("the plain file of 2021, without a byte order mark",
         lines("ISIN_CODE\tHAIRCUT_CATEGORY\tISSUER_NAME", "NL0010273215\tL1B\tASML Holding",
               end="\r\n").encode("utf-16-le"), [["NL0010273215", "", "", "ASML Holding", ""]], ""),
        ("saved again as UTF-8 with commas",
         lines("ISIN_CODE,OTHER_REG_NUMBER,ISSUER_NAME", 'NL0010273215,,"ASML Holding"'),
         [["NL0010273215", "", "", "ASML Holding", ""]], "csv: {delimiter: auto}"),
    ],
    "gleif-isin-lei": [
        ("columns the other way round, in quotes",
         lines('"ISIN","LEI"', '"US0378331005","HWUPKR0MPOU8FGXBT394"'),
         [["US0378331005", "HWUPKR0MPOU8FGXBT394", "", "", ""]], ""),
    ],
    "moex-rates": [
        ("a title and a blank line in front",
         lines("rates", "", "SECID;SHORTNAME;NAME;TYPENAME;ISIN;REGNUMBER;LISTLEVEL;FACEVALUE;FACEUNIT",
               "ABRD;АбрауДюрсо;Абрау-Дюрсо ПАО ао;Акции;RU000A0JS5T7;1-02-12500-A;3;1,0;RUB",
               end="\r\n").encode("cp1251"), [["RU000A0JS5T7", "MISX", "ABRD", "Абрау-Дюрсо ПАО ао", ""]], ""),
    ],
    "moex": [
        ("UTF-8, an empty ISIN in quotes",
         lines('"DATESTAMP","TRADE_CODE","ISIN","EMITENT_FULL_NAME","CURRENCY"',
               '"x","SU26205RMFS3","","Минфин","Рубль"',
               '"x","ABRD","RU000A0JS5T7","Абрау, Дюрсо","Рубль"', end="\r\n"),
         [["RU000A0JS5T7", "MISX", "ABRD", "Абрау, Дюрсо", ""]], ""),
    ],
    "us-treasury": [
        ("an auction, and one of a security that there was before",
         json.dumps([{"cusip": "912810TM0", "issueDate": "2023-02-15T00:00:00", "securityType": "Bond",
                      "securityTerm": "30-Year", "maturityDate": "2053-02-15T00:00:00"},
                     {"cusip": "912810TM0", "issueDate": "2023-03-15T00:00:00", "securityType": "Bond",
                      "securityTerm": "30-Year", "maturityDate": "2053-02-15T00:00:00"}]),
         [["US912810TM09", "2023-02-15T00:00:00", "", "30-Year", "2023-02-15"],
          ["US912810TM09", "2023-03-15T00:00:00", "", "30-Year", "2023-03-15"]], ""),
    ],
    "twse": [
        ("the English page",
         "<html><head><meta charset=MS950></head><body><table><tr><td>Last Update</td></tr></table><table>"
         "<tr><td>Security Code &amp; Security Name</td><td>ISIN Code</td><td>Date Listed</td>"
         "<td>Market</td><td>Industrial Group</td><td>CFICode</td><td>Remarks</td></tr>"
         "<tr><td colspan=7><B> STOCKS <B></td></tr>"
         "<tr><td>1101 TCC Group</td><td>TW0001101004</td><td>1962/02/09</td><td>TSE</td>"
         "<td>Cement</td><td>ESVUFR</td><td></td></tr></table></body></html>",
         [["TW0001101004", "XTAI", "1101", "TCC Group", "1962-02-09"]], ""),
    ],
}


class Layouts(ProgramTest):
    def setUp(self):
        super().setUp()
        self.nginx = Nginx(self.dir / "nginx")
        self.addCleanup(self.nginx.stop)

    def test_every_layout_loads_with_the_entry_of_its_publisher(self):
        for source, layouts in LAYOUTS.items():
            for number, (why, data, rows, settings) in enumerate(layouts):
                with self.subTest(source=source, layout=why):
                    self.state = self.dir / f"state-{source}-{number}"
                    data = data if isinstance(data, bytes) else data.encode()
                    self.nginx.serve("list", data)
                    self.configure(f"sources:\n  {source}:\n    enabled: true\n"
                                   f"    url: {self.nginx.url('list')}\n    discovery: direct\n"
                                   "    guards: {min_records: 1}\n"
                                   + (f"    {settings}\n" if settings else ""))
                    result = self.run_json()
                    self.assertEqual(result.status, 0, result)
                    self.assertEqual(result.source()["rejected"], 0, result)
                    stored = self.sql(
                        "SELECT isin, coalesce(venue, ''), coalesce(symbol, ''), coalesce(name, ''),"
                        " coalesce(first_trade, '') FROM listing_current ORDER BY isin, venue")
                    self.assertEqual([(row + [""] * 5)[:5] for row in stored], rows)


if __name__ == "__main__":
    unittest.main(verbosity=2)
