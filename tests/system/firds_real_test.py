"""Real FIRDS files: the counts of STATS.md, every value as Python's XML parser reads it, and the
table of fields against the schema."""

import collections
import os
import pathlib
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest, SOURCE_DIR, real_data  # noqa: E402

REAL = real_data()
FILES = REAL / "esma_firds" if REAL else None
DELTA = "DLTINS_20171027_01of01.zip"
HEAD = "DLTINS_20210119_01of02.head4000.xml"
RECORDS = {"ModfdRcrd": 90_387, "TermntdRcrd": 10_558, "NewRcrd": 11_373}
ISINS = 104_862
XS = "{http://www.w3.org/2001/XMLSchema}"


def table():
    """path: (name, how its value is made), from the source."""
    source = (SOURCE_DIR / "src/parse/firds_fields.cpp").read_text()
    return {path: (name, value) for path, name, value in
            re.findall(r'\{"([^"]+)",\s*"(\w+)",\s*\d+,\s*(\w+),', source)}


def columns(*arguments):
    done = subprocess.run([os.environ["ISINFETCH_FACTS"], "firds-columns", *arguments],
                          capture_output=True, text=True, timeout=600)
    return done.returncode, done.stderr, {
        name: (int(values), int(checksum)) for name, values, checksum in
        (line.split("\t") for line in done.stdout.splitlines())}


def local(element):
    return element.tag.partition("}")[2]


def leaves(element, path=""):
    """Pairs of a path as in the table and its text, attributes included."""
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    if not len(element):
        yield path, element.text or ""
    for child in element:
        yield from leaves(child, f"{path}/{local(child)}".lstrip("/"))


def plain(path):
    """Without the names of commodities, which are "*" in the table."""
    start, found, end = path.partition("/Cmmdty/Pdct/")
    return f"{start}{found}{re.sub('[^/]+/', '*/', end)}" if found else path


def values_of(record, fields):
    values = {}
    for path, text in leaves(record):
        name, value = fields[plain(path)]
        if value in ("day", "end_day"):
            text = text[:10]
        if value == "end_day" and text.startswith("9999") or not text:
            continue
        values[name] = f"{values[name]} {text}" if value == "list" and name in values else text
    values["venue"] = values["mic"]
    values["event"] = local(record)
    return values


def schema_paths(schema):
    """The paths of all leaves below a record of the schema; of commodities only once."""
    types = {entry.get("name"): entry for entry in schema.iter(XS + "complexType")}

    def walk(name, path):
        if name in types and types[name].find(f"{XS}simpleContent") is not None:
            yield path + "@Ccy"
        elements = list(types[name].iter(XS + "element")) if name in types else []
        for element in elements:
            yield from walk(element.get("type"), f"{path}/{element.get('name')}".lstrip("/"))
        if not elements:
            yield path

    return {plain(path) for path in walk("SecuritiesReferenceDataReport6__1", "")}


@unittest.skipUnless(REAL, "no real files")
class RealFirds(ProgramTest):
    def test_the_table_is_the_schema(self):
        schema = ElementTree.parse(next((FILES / "schema").glob("*.xsd")))
        known = set(table())
        self.assertEqual(schema_paths(schema) - known, set())
        # Plain commodities may have all levels; the flag is of deltas.
        self.assertEqual(known - schema_paths(schema), {"TechAttrbts/NvrPblshd"})

    def test_every_value_is_what_another_parser_reads(self):
        fields, sums = table(), collections.defaultdict(lambda: [0, 0])
        with zipfile.ZipFile(FILES / DELTA) as packed, packed.open(packed.namelist()[0]) as file:
            for _, element in ElementTree.iterparse(file):
                if local(element) == "FinInstrm":
                    for name, value in values_of(element[0], fields).items():
                        sums[name][0] += 1
                        sums[name][1] += zlib.crc32(value.encode())
                    element.clear()
        status, error, found = columns(str(FILES / DELTA))
        self.assertEqual((status, error), (0, ""))
        self.assertGreater(len(sums), 50)
        for name, (values, checksum) in sums.items():
            self.assertEqual(found[name], (values, checksum), name)
        for name in ("DLTINS_20171027_01of01", "DRAFT6auth.036.001.01", "2017-10-27"):
            self.assertIn(name, found)
        self.assertEqual({name: found[name][0] for name in RECORDS}, RECORDS)
        self.assertEqual(found["isin"][0], sum(RECORDS.values()))
        self.assertEqual(found["never_published"][0], 17)
        self.assertEqual(found["isin"][0] - found["valid_from"][0], 58)

    def test_both_paths_agree(self):
        self.assertEqual(columns(str(FILES / DELTA)), columns(str(FILES / DELTA), "general"))

    def test_a_cut_file_is_refused(self):
        for way in ("quick", "general"):
            status, error, _ = columns(str(FILES / HEAD), way)
            self.assertEqual(status, 65)
            self.assertEqual(error, "data: byte 4000: the XML ends too early: the file is"
                                    " incomplete\n")

    def test_the_program_takes_every_record(self):
        self.configure(f"sources: {{delta: {{enabled: true, url: 'file://{FILES / DELTA}',"
                       " format: firds}}\n")
        result = self.run_json(timeout=600)
        self.assertEqual(result.status, 0, result)
        entry = result.source()
        self.assertEqual((entry["seen"], entry["accepted"], entry["rejected"], entry["isins"],
                          entry["listings"]),
                         (112_318, 112_318, 0, ISINS, 112_318))


if __name__ == "__main__":
    unittest.main(verbosity=2)
