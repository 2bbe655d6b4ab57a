"""The ISIN cells of real published files, by independent readers: Python's csv, zipfile, xlrd."""

import csv
import io
import re
import zipfile
from xml.sax.saxutils import unescape

FORM = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")


def is_isin(text):
    """ISO 6166's form and check digit, without a list of prefixes."""
    if not FORM.fullmatch(text):
        return False
    digits = "".join(str(int(character, 36)) for character in text)
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10))
               for place, digit in enumerate(reversed(digits))) % 10 == 0


def isin_column(rows):
    """The cells of the column that holds most ISINs, without its name and empty ones."""
    columns = {}
    for row in rows:
        for place, cell in row:
            columns.setdefault(place, []).append(cell.strip())
    best = max(columns.values(), default=[], key=lambda cells: sum(map(is_isin, cells)))
    if not any(map(is_isin, best)):
        return []
    named = "ISIN" in best[0].upper() or "ISIN" in "".join(best[:5]).upper()
    start = next(i for i, cell in enumerate(best) if "ISIN" in cell.upper()) + 1 if named else 0
    return [cell for cell in best[start:] if cell]


def csv_cells(data, delimiter):
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return isin_column(enumerate(row) for row in rows)


def xlsx_text(xml):
    return unescape("".join(re.findall(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</", xml)))


def xlsx_cells(path, skipped):
    """The cells of all sheets but those whose name `skipped` matches."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = book.read("xl/sharedStrings.xml").decode()
            shared = [xlsx_text(item) for item in re.findall(r"<(?:\w+:)?si>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si/>", strings, re.S)]
        targets = {}
        for entry in re.findall(r"<Relationship [^>]*>", book.read("xl/_rels/workbook.xml.rels").decode()):
            targets[re.search(r'Id="([^"]*)"', entry)[1]] = re.search(r'Target="([^"]*)"', entry)[1]
        cells = []
        for sheet in re.findall(r"<(?:\w+:)?sheet [^>]*>", book.read("xl/workbook.xml").decode()):
            if re.search(skipped, re.search(r'name="([^"]*)"', sheet)[1]):
                continue
            target = targets[re.search(r':id="([^"]*)"', sheet)[1]].lstrip("/")
            name = target if target.startswith("xl/") else "xl/" + target
            cells += isin_column(xlsx_rows(book.read(name).decode(), shared))
        return cells


def xlsx_rows(xml, shared):
    for row in re.findall(r"<(?:\w+:)?row [^>]*>(.*?)</(?:\w+:)?row>", xml, re.S):
        cells = []
        for attributes, text in re.findall(r"<(?:\w+:)?c ([^>]*[^/])>(.*?)</(?:\w+:)?c>", row, re.S):
            column = re.search(r'r="([A-Z]+)', attributes)[1]
            value = re.search(r"<(?:\w+:)?v>([^<]*)</", text)
            if 't="s"' in attributes and value:
                cells.append((column, shared[int(value[1])]))
            elif 't="inlineStr"' in attributes:
                cells.append((column, xlsx_text(text)))
            elif value:
                cells.append((column, unescape(value[1])))
        yield cells


def xls_cells(path):
    import xlrd
    book = xlrd.open_workbook(path)
    return [cell for sheet in book.sheets() for cell in isin_column(
        [(i, str(value)) for i, value in enumerate(sheet.row_values(row))]
        for row in range(sheet.nrows))]


def cotahist_cells(data):
    """B3's fixed-width file: records of type 01 have the ISIN in columns 231 to 242."""
    return [line[230:242].decode() for line in data.splitlines() if line.startswith(b"01")]


def firds_cells(path):
    """The identifiers of the records of a FIRDS delta."""
    with zipfile.ZipFile(path) as packed:
        data = packed.read(packed.namelist()[0])
    return [cell.decode() for cell in
            re.findall(rb"<FinInstrmGnlAttrbts><Id>([^<]*)</Id>", data)]


def cells_of(path, note=""):
    """All non-empty ISIN cells, blanks at their ends cut off. `note` is the file's last column in
    STATS.md."""
    if path.suffix == ".xlsx":
        return xlsx_cells(path, r"^[12]\.0")
    if path.suffix == ".xls":
        return xls_cells(path)
    if path.suffix == ".TXT":
        return cotahist_cells(path.read_bytes())
    if path.suffix == ".zip":
        return firds_cells(path)
    delimiter = re.search(r"delim '(.)'", note)
    return csv_cells(path.read_bytes(), delimiter[1] if delimiter else ",")
