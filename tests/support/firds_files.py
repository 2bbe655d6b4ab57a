"""FIRDS files of a market that is made up: full lists, deltas and cancellations in the real shape,
with the truth about what is listed after each day.

    python3 tests/support/firds_files.py FOLDER --records N --days D --seed S

Records have the fields of the real ones, about as often, in about as many bytes (counted in a delta
of ESMA's from October 2017, with the relevant venue that later ones have): some 870 per record of a
full list. The same seed gives the same files.
"""

import argparse
import dataclasses
import datetime
import hashlib
import json
import pathlib
import random
import zipfile
import zlib

LETTERS = "CDEFHIJORS"
# CFI letter: its share of the records and a classification.
SHARES = {"C": (2, "CIOGBU"), "D": (12, "DBFTFB"), "E": (14, "ESVUFR"), "F": (8, "FFCCSX"),
          "H": (4, "HRCAVC"), "I": (1, "IFTXXX"), "J": (1, "JFTXFP"), "O": (8, "OCASCS"),
          "R": (45, "RFITCB"), "S": (5, "SRCCSP")}
# CFI letter: the percentage of its records that have a field; of options also the type alone.
FREQUENCIES = {
    "C": {"approval": 19, "request": 82, "end": 54},
    "D": {"approval": 74, "request": 89, "end": 90, "debt": 100},
    "E": {"approval": 95, "request": 94, "end": 97},
    "F": {"approval": 87, "request": 98, "end": 100, "expiry": 100, "underlying": 47, "delivery": 100},
    "O": {"approval": 49, "request": 50, "end": 100, "expiry": 100, "underlying": 100, "option": 100,
          "strike": 100, "delivery": 100},
    "R": {"approval": 98, "request": 95, "end": 88, "expiry": 14, "underlying": 37, "option": 96,
          "strike": 37, "delivery": 22}}
FREQUENCIES |= {"H": FREQUENCIES["O"], "I": FREQUENCIES["F"], "J": FREQUENCIES["F"],
                "S": FREQUENCIES["F"]}
MICS = ("XPAR", "XLON", "FRAA", "STUA", "MUNA", "XETA", "BERB", "DUSA", "HAMA", "XMIL")
PREFIXES = ("DE000", "FR00", "US", "GB00B", "CH", "XS", "IE00B", "LU")
MESSAGES = {"FULINS": ("auth.017.001.02", "FinInstrmRptgRefDataRpt"),
            "DLTINS": ("auth.036.001.03", "FinInstrmRptgRefDataDltaRpt"),
            "FULCAN": ("auth.102.001.01", "FinInstrmRptgCxlRpt")}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<BizData xmlns="urn:iso:std:iso:20022:tech:xsd:head.003.001.01"><Hdr><AppHdr xmlns="urn:iso:std:iso:20\
022:tech:xsd:head.001.001.01"><Fr><OrgId><Id><OrgId><Othr><Id>EU</Id></Othr></OrgId></Id></OrgId></Fr>\
<To><OrgId><Id><OrgId><Othr><Id>Public</Id></Othr></OrgId></Id></OrgId></To><BizMsgIdr>{name}</BizMsgI\
dr><MsgDefIdr>{message}</MsgDefIdr><CreDt>{date}T00:03:32Z</CreDt></AppHdr></Hdr><Pyld><Document xmlns\
="urn:iso:std:iso:20022:tech:xsd:{message}"><{report}><RptHdr><RptgNtty><NtlCmptntAuthrty>EU</NtlCmptn\
tAuthrty></RptgNtty><RptgPrd><Dt>{date}</Dt></RptgPrd></RptHdr>"""
TAIL = "</{report}></Document></Pyld></BizData>"
RECORD = """<FinInstrmGnlAttrbts><Id>{isin}</Id><FullNm>{name}</FullNm><ShrtNm>{fisn}</ShrtNm><Clssfct\
nTp>{cfi}</ClssfctnTp><NtnlCcy>{currency}</NtnlCcy><CmmdtyDerivInd>false</CmmdtyDerivInd></FinInstrmGn\
lAttrbts><Issr>{lei}</Issr><TradgVnRltdAttrbts><Id>{mic}</Id><IssrReq>true</IssrReq>{admission}<FrstTr\
adDt>{first}T08:00:00Z</FrstTradDt>{end}</TradgVnRltdAttrbts>{more}<TechAttrbts><RlvntCmptntAuthrty>{au\
thority}</RlvntCmptntAuthrty>{period}<RlvntTradgVn>{mic}</RlvntTradgVn></TechAttrbts>"""
DEBT = """<DebtInstrmAttrbts><TtlIssdNmnlAmt Ccy="{currency}">{nominal}</TtlIssdNmnlAmt><MtrtyDt>2031-\
05-17</MtrtyDt><NmnlValPerUnit Ccy="{currency}">1000</NmnlValPerUnit><IntrstRate><Fxd>4.25</Fxd></Intr\
stRate></DebtInstrmAttrbts>"""
# Field: how it is written where a record has it, in the order of the schema.
ADMISSION = {"approval": "<AdmssnApprvlDtByIssr>{first}T10:45:42Z</AdmssnApprvlDtByIssr>",
             "request": "<ReqForAdmssnDt>{first}T10:54:00Z</ReqForAdmssnDt>"}
DERIVATIVE = {
    "expiry": "<XpryDt>2097-12-17</XpryDt><PricMltplr>0.01</PricMltplr>",
    "underlying": "<UndrlygInstrm><Sngl><ISIN>{underlying}</ISIN></Sngl></UndrlygInstrm>",
    "option": "<OptnTp>CALL</OptnTp>",
    "strike": """<StrkPric><Pric><MntryVal><Amt Ccy="{currency}">{nominal}</Amt></MntryVal></Pric></St\
rkPric><OptnExrcStyle>AMER</OptnExrcStyle>""",
    "delivery": "<DlvryTp>CASH</DlvryTp>"}


def check_digit(body):
    digits = "".join(str(int(c, 36)) for c in body)
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - i % 2)
        total += value // 10 + value % 10
    return str(-total % 10)


def lei(number):
    body = f"529900TEST{number:08d}"
    return body + f"{98 - int(''.join(str(int(c, 36)) for c in body + '00')) % 97:02d}"


@dataclasses.dataclass
class Listing:
    isin: str
    mic: str
    letter: str
    number: int
    version: int = 0
    since: str = ""  # the day from which this version holds

    @property
    def name(self):
        return f"Example plc No. {self.number} Inh.-Ant. & Co, version {self.version}"

    def has(self, field):
        """The same answer for all versions."""
        place = f"{self.number} {field}".encode()
        return zlib.crc32(place) % 100 < FREQUENCIES[self.letter].get(field, 0)

    def texts(self, table):
        return "".join(text for field, text in table.items() if self.has(field))

    def xml(self, period, end=""):
        """One that was not terminated has often a date long hence."""
        values = {"currency": "EUR", "nominal": 1000 * (self.number + 1), "underlying": "DE0007164600",
                  "first": "2020-01-07"}
        end = end or ("2098-01-12" if self.has("end") else "")
        derivative = self.texts(DERIVATIVE)
        more = self.texts({"debt": DEBT}) + (
            derivative and f"<DerivInstrmAttrbts>{derivative}</DerivInstrmAttrbts>")
        return RECORD.format(isin=self.isin, name=self.name.replace("&", "&amp;"), mic=self.mic,
                             fisn=f"EXAMPLE/SH {self.number % 1000}", cfi=SHARES[self.letter][1],
                             lei=lei(self.number % 997), authority="DE", period=period,
                             admission=self.texts(ADMISSION).format(**values),
                             end=end and f"<TermntnDt>{end}T23:59:59Z</TermntnDt>",
                             more=more.format(**values), currency="EUR", first=values["first"])


def period_from(day):
    return f"<PblctnPrd><FrDt>{day}</FrDt></PblctnPrd>"


def period(first, last):
    return f"<PblctnPrd><FrDtToDt><FrDt>{first}</FrDt><ToDt>{last}</ToDt></FrDtToDt></PblctnPrd>"


class Market:
    """What is listed, day by day, and the files that say so."""

    def __init__(self, folder, first_day, records, seed=1, letters=LETTERS):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.day = first_day
        self.dice = random.Random(seed)
        self.letters = letters
        self.listed = {}
        self.gone = {}  # key: "terminated" or "cancelled"
        self.files = []  # name, type, day, path, MD5: what the index says
        self.events = []
        self._number = 0
        for _ in range(records):
            self._list(first_day)
        self.events = []

    @property
    def date(self):
        return self.day.isoformat()

    def _list(self, day):
        self._number += 1
        letter = self.dice.choices(self.letters, [SHARES[each][0] for each in self.letters])[0]
        start = PREFIXES[self._number % len(PREFIXES)]
        digits = str(self._number)
        start = start if len(start) + len(digits) <= 11 else start[:2]
        body = start + digits.zfill(11 - len(start))
        listing = Listing(body + check_digit(body), self.dice.choice(MICS), letter, self._number,
                          since=day.isoformat())
        self.listed[listing.isin, listing.mic] = listing
        self.events.append(("NewRcrd", listing.xml(period_from(listing.since))))

    def next_day(self, changes=20):
        """Some listings come, change and go. What is published of it: see publish_delta()."""
        self.day += datetime.timedelta(days=1)
        self.events = []
        before = (self.day - datetime.timedelta(days=1)).isoformat()
        keys = self.dice.sample(sorted(self.listed), min(changes, len(self.listed)))
        for key in keys:
            listing = self.listed[key]
            what = self.dice.choices(("modify", "terminate", "cancel"), (70, 25, 5))[0]
            if what == "modify":
                listing = dataclasses.replace(listing, version=listing.version + 1, since=self.date)
                self.listed[key] = listing
                self.events.append(("ModfdRcrd", listing.xml(period_from(self.date))))
            elif what == "terminate":
                del self.listed[key]
                self.gone[key] = "terminated"
                self.events.append(("TermntdRcrd", listing.xml(period(listing.since, before), before)))
            else:
                del self.listed[key]
                self.gone[key] = "cancelled"
                self.events.append(("CancRcrd", f"<FinInstrmGnlAttrbts><Id>{key[0]}</Id></FinInstrmGnl"
                                    f"Attrbts><TradgVnRltdAttrbts><Id>{key[1]}</Id></TradgVnRltdAttrbts>"))
        for _ in range(changes // 4):
            self._list(self.day)
        self.dice.shuffle(self.events)

    def reclassify(self, key, letter):
        """The next day, on which nothing but this happens."""
        self.next_day(0)
        listing = self.listed[key]
        self.listed[key] = dataclasses.replace(listing, letter=letter, version=listing.version + 1,
                                               since=self.date)
        self.events.append(("ModfdRcrd", self.listed[key].xml(period_from(self.date))))

    def publish_delta(self, parts=1):
        self._publish("DLTINS", "", parts, [f"<FinInstrm><{kind}>{xml}</{kind}></FinInstrm>"
                                            for kind, xml in self.events])

    def publish_full(self, parts=1):
        for letter in self.letters:
            self._publish("FULINS", letter, parts if letter == "R" else 1,
                          (f"<RefData>{each.xml(period_from(each.since))}</RefData>"
                           for each in self.listed.values() if each.letter == letter))

    def publish_cancellations(self):
        self._publish("FULCAN", "", 1, [
            f"<CxlData><FinInstrmGnlAttrbts><Id>{isin}</Id></FinInstrmGnlAttrbts><TradgVnRltdAttrbts>"
            f"<Id>{mic}</Id></TradgVnRltdAttrbts></CxlData>"
            for (isin, mic), how in self.gone.items() if how == "cancelled"])

    def _publish(self, kind, letter, parts, records):
        records = list(records)
        for part in range(1, parts + 1):
            place = f"{self.date.replace('-', '')}_{part:02d}of{parts:02d}"
            name = "_".join(filter(None, (kind, letter, place)))
            message, report = MESSAGES[kind]
            self._write(name, kind, HEAD.format(name=name, message=message, report=report, date=self.date)
                        + "".join(records[part - 1::parts]) + TAIL.format(report=report))

    def _write(self, name, kind, text):
        path = self.folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
            zip.writestr(zipfile.ZipInfo(f"{name}.xml", (2026, 1, 1, 0, 0, 0)), text,
                         zipfile.ZIP_DEFLATED)
        self.files.append({"file_name": path.name, "file_type": kind, "publication_date": self.date,
                           "path": path, "checksum": hashlib.md5(path.read_bytes()).hexdigest()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--changes", type=int, help="a day; a 20th of the records without")
    parser.add_argument("--parts", type=int, default=1, help="of the list of letter R")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--letters", default=LETTERS, help="of the CFI codes")
    arguments = parser.parse_args()
    market = Market(arguments.folder, datetime.date(2026, 11, 7), arguments.records, arguments.seed,
                    arguments.letters)
    market.publish_full(arguments.parts)
    for _ in range(arguments.days):
        market.next_day(arguments.records // 20 if arguments.changes is None else arguments.changes)
        market.publish_delta()
    for file in market.files:
        print(json.dumps({**file, "path": str(file["path"])}))


if __name__ == "__main__":
    main()
