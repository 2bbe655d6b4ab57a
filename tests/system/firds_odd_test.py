"""FIRDS deltas as publishers have written them over the years, or may yet; and as attackers would."""

import datetime
import hashlib
import io
import os
import pathlib
import re
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from firds_files import Market  # noqa: E402
from firds_index import FirdsIndex  # noqa: E402
from harness import ProgramTest  # noqa: E402


def replaced(*pairs):
    """Every pattern must be there."""
    def change(text):
        for pattern, by in pairs:
            text, count = re.subn(pattern, by, text)
            assert count, pattern
        return text
    return change


ACCEPTED = (
    ("the schema of 2021", replaced(("auth.036.001.03", "auth.036.001.02"))),
    ("the draft of 2017", replaced(("auth.036.001.03", "DRAFT6auth.036.001.01"), ("0Z</Frst", "0</Frst"))),
    ("days with a zone", replaced((r"(<(?:Dt|FrDt|ToDt)>[\d-]+)<", r"\1Z<"))),
    ("fractions of seconds", replaced(("T08:00:00Z", "T08:00:00.999Z"))),
    ("places of schemas", replaced(("<BizData ", '<BizData xsi:schemaLocation="a b" xmlns:xsi="http://x" '))),
    ("prefixes", replaced(("<(/?)([A-Z])", r"<\1f:\2"), ("<f:BizData ", '<f:BizData xmlns:f="urn:f" '))),
    ("indented", replaced(("><", ">\r\n  <"))),
    ("a byte order mark", lambda text: "\ufeff" + text),
    ("UTF-16", lambda text: text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")),
    ("fields of the future", replaced(
        ("<TechAttrbts>", "<FrstAdmssn><Vn>XPAR</Vn></FrstAdmssn><TechAttrbts><Nw>1</Nw>"))),
    ("attributes of the future", replaced(("<Issr>", '<Issr scheme="LEI">'))),
    ("comments", replaced(("<(ModfdRcrd|NewRcrd)>", r"<!-- </FinInstrm> --><\1><!--<Id>x</Id>-->"))),
    ("CDATA", replaced(("<FullNm>([^<&]*)", r"<FullNm><![CDATA[\1]]>"))),
    ("instructions", replaced(("<FinInstrm>", "<?x </FinInstrm> ?><FinInstrm>"))),
    ("numeric references", replaced(("<FullNm>E", "<FullNm>&#69;"))),
)


def with_doctype(inner):
    return lambda text: text.replace("<BizData", f"<!DOCTYPE BizData [{inner}]><BizData", 1)


def without_end(text):
    return text[:text.rindex("</FinInstrm>")]


def two_files(text):
    return pack(("a.xml", text), ("b.xml", text))


def wrong_checksum(text):
    data = bytearray(pack(("a.xml", text)))
    for header, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        data[data.index(header) + offset] ^= 1
    return bytes(data)


def zip_in_zip(text):
    return pack(("a.zip", pack(("a.xml", text))))


REFUSED = (
    ("entities that grow", with_doctype('<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'), 76, "document type"),
    ("a file as entity", with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), 76, "document type"),
    ("an unknown entity", replaced(("<FullNm>", "<FullNm>&x;")), 65, "undefined entity"),
    ("another day", replaced(("<RptgPrd><Dt>[^<]*", "<RptgPrd><Dt>2020-01-01")), 65, "dated 2020-01-01"),
    ("no day", replaced(("<RptgPrd>.*</RptgPrd>", "")), 65, "dated"),
    ("another message", replaced(("auth.036.001.03", "auth.017.001.02")), 76, "auth.017"),
    ("an unknown message", replaced(("auth.036.001.03", "auth.099.001.01")), 76, "auth.099"),
    ("no message", replaced(("<MsgDefIdr>.*</MsgDefIdr>", "")), 76, "no MsgDefIdr"),
    ("no end", without_end, 65, "ends too early"),
    ("something after the end", lambda text: text + "x", 65, "damaged"),
    ("a second root", lambda text: text + text[text.index("<BizData"):], 65, "damaged"),
    ("a cut tag", replaced(("</FullNm>", "</FullN>")), 65, "damaged"),
    ("elements without end", replaced(("<TechAttrbts>", "<x>" * 300 + "<TechAttrbts>")), 65, "nested"),
    ("a name without end", replaced(("<FullNm>", "<FullNm>" + "x" * 3_000_000)), 65, "record of more than"),
    ("a comment without end", replaced(("<FinInstrm>", "<!--" + "x" * 3_000_000 + "--><FinInstrm>")), 65, "comment"),
    ("NUL", replaced(("<FullNm>", "<FullNm>\0")), 65, "damaged"),
    ("windows-1252", lambda text: text.replace("<FullNm>", "<FullNm>é").encode("cp1252"), 65, "damaged"),
    ("another encoding", replaced(('encoding="UTF-8"', 'encoding="ISO-8859-1"')), 76, "ISO-8859-1"),
    ("a web page", lambda text: "<html><title>Busy</title></html>", 76, "HTML"),
    ("nothing", lambda text: "", 76, "empty"),
    ("two files", two_files, 76, "2 files that may be the list, 'a.xml', 'b.xml'"),
    ("a wrong checksum", wrong_checksum, 65, "damaged"),
    ("a zip in the zip", zip_in_zip, 76, "begins with 'PK"),
    ("half a zip", lambda text: pack(("a.xml", text))[:700], 65, "damaged"),
    ("an empty zip", lambda text: pack(), 65, "nothing is packed"),
)


def pack(*entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return file.getvalue()


class Odd(ProgramTest):
    def setUp(self):
        super().setUp()
        self.index = FirdsIndex(most=50)
        self.addCleanup(self.index.stop)
        day = datetime.date.today() - datetime.timedelta(days=len(ACCEPTED) + 5)
        self.market = Market(self.dir / "files", day, 60, letters="ED")
        self.index.files = self.market.files
        self.configure("sources:\n  firds:\n    enabled: true\n    discovery: firds-index\n    format: firds\n"
                       f"    url: {self.index.url('/solr/esma_registers_firds_files/select')}\n")
        self.market.publish_full()
        self.assertEqual(self.run_json("--force").status, 0)

    def publish(self, change):
        """The newest file, changed: a text is packed as it should be, and so are bytes that are no zip."""
        file = self.market.files[-1]
        with zipfile.ZipFile(file["path"]) as archive:
            text = archive.read(archive.namelist()[0]).decode()
        data = change(text)
        is_zip = isinstance(data, bytes) and data.startswith(b"PK")
        data = data if is_zip else pack((file["file_name"][:-3] + "xml", data))
        self.index.broken[file["file_name"]] = data
        file["checksum"] = hashlib.md5(data).hexdigest()

    def current(self):
        return {(isin, mic): (name, since) for isin, mic, name, since in
                self.sql("SELECT isin, mic, name, valid_from FROM listing_current")}

    def test_as_publishers_write_it(self):
        for what, change in ACCEPTED:
            with self.subTest(what):
                self.market.next_day(12)
                self.market.publish_delta()
                self.publish(change)
                result = self.run_json("--force")
                self.assertEqual(result.status, 0, result)
                self.assertEqual(result.source()["rejected"], 0)
                self.assertEqual(self.current(), {key: (each.name, each.since) for key, each in
                                                  self.market.listed.items()})

    def test_as_nobody_should_write_it(self):
        self.market.next_day(12)
        self.market.publish_delta()
        before = self.current()
        for what, change, status, word in REFUSED:
            with self.subTest(what):
                self.publish(change)
                result = self.run_json("--force")
                self.assertEqual(result.status, status, result)
                self.assertIn(word, result.err)
                self.assertIn(self.market.files[-1]["file_name"], result.err)
                self.assertEqual(self.current(), before)
        self.publish(lambda text: text)
        self.assertEqual(self.run_json("--force").status, 0)
        self.assertNotEqual(self.current(), before)

    def test_many_parts(self):
        self.market.next_day(40)
        self.market.publish_delta(parts=22)
        report = self.run_json("--force").source()
        self.assertEqual([entry["files"] for entry in report["publications"]], [22])
        self.assertEqual(set(self.current()), set(self.market.listed))


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
