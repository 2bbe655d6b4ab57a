"""Files made to exhaust whoever reads them: each is refused within limits of time and memory, and nothing is lost.

One file each, of many megabytes or of some kilobytes that unpack to them, in place of a list that is stored.
--long: six times as large, which must need no more memory.
"""

import contextlib
import dataclasses
import gzip
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

import frame
from harness import PROGRAM
from stage import workplace

ISINS = ("US0378331005", "GB0002634946", "DE0007164600")
MIB = 1 << 20
SECONDS = 60  # ends a hang, and judges no speed
MOST = 160  # MiB of memory, of most formats; a store is opened and a list is staged besides
REFUSED = (65, 76)


@dataclasses.dataclass(frozen=True)
class Bomb:
    """`write(path, size)` makes the file; `size` is in MiB, of what it is or unpacks to."""

    name: str
    format: str
    write: object
    most: int = MOST
    keys: str = "columns: {isin: ISIN, name: Name}"


def pieces(path, begin, piece, size, end=b""):
    """A file of so many MiB in the middle."""
    with open(path, "wb") as file:
        file.write(begin)
        block = piece * max(1, MIB // len(piece))
        for _ in range(size):
            file.write(block)
        file.write(end)


def text(begin, piece, end=b""):
    return lambda path, size: pieces(path, begin, piece, size, end)


def packed(begin, piece, end=b"", name="list.csv"):
    def write(path, size):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(begin)
                block = piece * max(1, MIB // len(piece))
                for _ in range(size):
                    file.write(block)
                file.write(end)
    return write


def zipped_by_gzip(path, size):
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"ISIN,Name\n")
        for _ in range(size):
            file.write(b"x" * MIB)


def many_members(path, size):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200 * size):
            archive.writestr(f"{number}.txt", b"")


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(sheet=(b"<worksheet><sheetData>", b"<row/>", b"</sheetData></worksheet>"), strings=None):
    """A workbook of which one part is endless: (begin, piece, end)."""
    parts = {"_rels/.rels": f'<Relationships><Relationship Id="w" Type="{RELATIONS}/officeDocument"'
                            ' Target="xl/workbook.xml"/></Relationships>',
             "xl/_rels/workbook.xml.rels":
                 f'<Relationships><Relationship Id="r" Type="{RELATIONS}/worksheet" Target="sheet.xml"/>'
                 f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="strings.xml"/></Relationships>',
             "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="List" sheetId="1" r:id="r"/></sheets>'
                                '</workbook>'}

    def write(path, size):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
            for name, endless in (("xl/sheet.xml", sheet), ("xl/strings.xml", strings)):
                if endless is None:
                    continue
                with archive.open(name, "w", force_zip64=True) as file:
                    file.write(endless[0])
                    block = endless[1] * max(1, MIB // len(endless[1]))
                    for _ in range(size if strings is None or name == "xl/strings.xml" else 0):
                        file.write(block)
                    file.write(endless[2])
    return write


HEAD = b"ISIN,Name\nUS0378331005,"
FIRDS = (b'<BizData xmlns="urn:iso:std:iso:20022:tech:xsd:head.003.001.01"><Pyld>'
         b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:auth.017.001.02"><FinInstrmRptgRefDataRpt>')
CELL = b'<row><c t="inlineStr"><is><t>'
BOMBS = (
    Bomb("a cell without end", "csv", text(HEAD, b"x")),
    Bomb("a quoted cell without end", "csv", text(HEAD + b'"', b"x\n")),
    Bomb("quotes without end", "csv", text(HEAD + b'"', b'""')),
    Bomb("a header without end", "csv", text(b"ISIN,Name", b",column")),
    Bomb("a row without end", "csv", text(b"ISIN,Name\nUS0378331005", b",")),
    Bomb("NUL without end", "csv", text(b"", b"\0")),
    Bomb("empty lines without end", "csv", text(b"ISIN,Name\n", b"\n")),
    Bomb("nothing but rejections", "csv", text(b"ISIN,Name\n", b"US0378331006,x\n")),
    Bomb("rows of ever other columns", "csv", text(b"ISIN,Name\n", b"a,b,c,d,e\n")),
    Bomb("a line without end", "lines", text(b"", b"U"), keys=""),
    Bomb("a line of fixed columns without end", "fixed", text(b"", b"U"),
         keys="columns: {isin: 1-12, name: 13-40}"),
    Bomb("arrays in arrays", "json", text(b"", b"[")),
    Bomb("objects in objects", "json", text(b"", b'{"a":')),
    Bomb("a text without end", "json", text(b'[{"ISIN":"', b"x")),
    Bomb("members without end", "json", text(b'[{"ISIN":"US0378331005"', b',"a":1')),
    Bomb("a number without end", "json", text(b'[{"ISIN":', b"1")),
    Bomb("rows without an ISIN", "json", text(b'[{"ISIN":""}', b',{"ISIN":""}', b"]")),
    Bomb("elements in elements", "html-table", text(b"<html><table><tr><td>ISIN<td>Name", b"<div>"), 400),
    Bomb("a cell without end", "html-table", text(b"<html><table><tr><td>ISIN<td>", b"x"), 400),
    Bomb("attributes without end", "html-table", text(b"<html><table><tr><td", b" a=b"), 400),
    Bomb("elements in elements", "xml", text(b"<?xml version='1.0'?>", b"<a>"),
         keys="xml: {rows: Row}, columns: {isin: ISIN}"),
    Bomb("a text without end", "xml", text(b"<List><Row><ISIN>", b"x"),
         keys="xml: {rows: Row}, columns: {isin: ISIN}"),
    Bomb("attributes without end", "xml", text(b"<List", b" a='b'"),
         keys="xml: {rows: Row}, columns: {isin: ISIN}"),
    Bomb("entities in entities", "xml", text(
        b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
            b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(20)) + b"]><List><Row><ISIN>&u;",
        b" "), keys="xml: {rows: Row}, columns: {isin: ISIN}"),
    Bomb("a cell that unpacks without end", "csv", packed(HEAD, b"x")),
    Bomb("a cell that unpacks without end, by gzip", "csv", zipped_by_gzip),
    Bomb("members of an archive without end", "csv", many_members),
    Bomb("rows of a sheet without cells", "xlsx", workbook()),
    Bomb("a cell of a sheet without end", "xlsx", workbook((b"<worksheet><sheetData>" + CELL, b"x", b""))),
    Bomb("elements in elements of a sheet", "xlsx", workbook((b"<worksheet><sheetData>", b"<row>", b""))),
    Bomb("a shared text without end", "xlsx", workbook(strings=(b"<sst><si><t>", b"x", b"")), 600),
    Bomb("shared texts without end", "xlsx", workbook(strings=(b"<sst>", b"<si><t>x</t></si>", b"</sst>")), 600),
    Bomb("an old workbook of zeros", "xls", text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16), b"\0")),
    Bomb("an old workbook that leads to itself", "xls", text(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0\6\0" + bytes(10)
        + b"\1\0\0\0\0\0\0\0" + bytes(4) + b"\0\x10\0\0" + b"\0" * 8, b"\0\0\0\0")),
    Bomb("a text without end", "firds", packed(FIRDS + b"<RefData><FinInstrmGnlAttrbts><Id>", b"x", name="a.xml"), keys=""),
    Bomb("elements in elements", "firds", packed(FIRDS, b"<RefData>", name="a.xml"), keys=""),
    Bomb("records without content", "firds", packed(FIRDS, b"<RefData></RefData>", name="a.xml"), keys=""),
)


class Place:
    """A state directory in which a list is stored, whose file is then another one."""

    def __init__(self, directory, bomb):
        self.state, self.file = directory / "state", directory / "list"
        self.config = directory / "isinfetch.yaml"
        self.bomb = bomb
        self.configure("lines", "")
        self.file.write_text("\n".join(ISINS))
        code, _, err = self.run()
        if code != 0:
            raise RuntimeError(err)
        self.configure(bomb.format, bomb.keys)

    def configure(self, format, keys):
        self.config.write_text(f"state_dir: {self.state}\nsources:\n  mine: {{enabled: true, format: {format},"
                               f" url: 'file://{self.file}'{', ' if keys else ''}{keys}}}\n")

    def run(self):
        """(status, MiB of memory at its peak, what it said)."""
        with subprocess.Popen([PROGRAM, "--config", self.config, "run", "--force", "--deadline", f"{SECONDS}s"],
                              env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            err = process.stderr.read()
            _, code, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(code)
        return process.returncode, usage.ru_maxrss // 1024, err

    def served(self):
        with contextlib.closing(sqlite3.connect(self.state / "isinfetch.db")) as store:
            return tuple(isin for isin, in store.execute("SELECT isin FROM listing_current ORDER BY isin"))


def wrong_of(bomb, size, peaks):
    with tempfile.TemporaryDirectory(prefix="isinfetch-bombs-", dir=workplace()) as folder:
        place = Place(pathlib.Path(folder), bomb)
        bomb.write(place.file, size)
        code, peak, err = place.run()
        peaks.append(peak)
        wrong = []
        if code not in REFUSED:
            wrong.append(f"ends with {code}")
        if peak > bomb.most:
            wrong.append(f"needs {peak} MiB")
        if place.served() != tuple(sorted(ISINS)):
            wrong.append(f"leaves {place.served()}")
        if "mine" not in err:
            wrong.append("names no source")
        return "; ".join(wrong) + (f"\n{err[-600:]}" if wrong else "")


def part(campaign):
    size = 400 if campaign.long else 64
    for format in dict.fromkeys(bomb.format for bomb in BOMBS):
        peaks, began = [], time.monotonic()
        for bomb in BOMBS:
            if bomb.format == format and campaign.wants(format):
                campaign.case(format, bomb.name, lambda: wrong_of(bomb, size, peaks))
        if peaks:
            campaign.note(format, f"{max(peaks)} MiB at most, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(frame.main(part))
