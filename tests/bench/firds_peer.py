"""What is written again and again for FIRDS: zipfile, lxml.etree.iterparse, sqlite3.executemany.

    firds_peer.py ARCHIVE DATABASE

Streams, checks each ISIN, and keeps what isinfetch keeps: the usual columns, and all other fields as
a JSON object. Prints the seconds.
"""

import json
import sqlite3
import sys
import time
import zipfile

from lxml import etree

COLUMNS = {"FinInstrmGnlAttrbts/FullNm": "name", "FinInstrmGnlAttrbts/ShrtNm": "fisn",
           "FinInstrmGnlAttrbts/ClssfctnTp": "cfi", "FinInstrmGnlAttrbts/NtnlCcy": "currency",
           "Issr": "lei", "TradgVnRltdAttrbts/FrstTradDt": "first_trade",
           "TradgVnRltdAttrbts/TermntnDt": "termination", "DebtInstrmAttrbts/MtrtyDt": "maturity",
           "TechAttrbts/PblctnPrd/FrDt": "valid_from"}
ISIN, MIC = "FinInstrmGnlAttrbts/Id", "TradgVnRltdAttrbts/Id"


def is_isin(text):
    digits = "".join(str(int(c, 36)) for c in text)
    return sum(sum(divmod(int(digit) * (1 + i % 2), 10))
               for i, digit in enumerate(reversed(digits))) % 10 == 0


def leaves(element, path=""):
    for child in element:
        name = path + etree.QName(child).localname
        if len(child):
            yield from leaves(child, name + "/")
        else:
            yield name, child.text


def rows(path):
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        for _, record in etree.iterparse(file, tag="{*}RefData"):
            fields = dict(leaves(record))
            isin, mic = fields.pop(ISIN), fields.pop(MIC)
            if is_isin(isin):
                common = [fields.pop(name, None) for name in COLUMNS]
                yield (isin, mic, *common, json.dumps(fields))
            record.clear()
            while record.getprevious() is not None:
                del record.getparent()[0]


def main():
    archive, database = sys.argv[1:]
    start = time.perf_counter()
    store = sqlite3.connect(database)
    names = ["isin", "mic", *COLUMNS.values(), "other"]
    store.execute(f"CREATE TABLE listing ({', '.join(name + ' TEXT' for name in names)},"
                  " PRIMARY KEY (isin, mic))")
    with store:
        store.executemany(f"INSERT INTO listing VALUES ({', '.join('?' * len(names))})", rows(archive))
    store.close()
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
