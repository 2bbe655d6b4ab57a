"""GLEIF's list of ISINs and LEIs, the whole way: metadata, zip, several LEIs for an ISIN, the next day's
differences, and what a publisher can do wrong."""

import io
import json
import os
import pathlib
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from firds_files import check_digit, lei  # noqa: E402
from harness import FaultyPublisher, ProgramTest, cut_after, respond, status  # noqa: E402

LATEST = "/api/v2/isin-lei/latest"
FILE = "/api/v2/isin-lei/{}/download"


def isin(number):
    body = f"DE000{number:06d}"
    return body + check_digit(body)


def packed(rows, name="lei-isin-20261120T071513.csv"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "LEI,ISIN\n" + "".join(f"{a},{b}\n" for a, b in rows))
    return file.getvalue()


class Gleif(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.use()

    def use(self, extra=""):
        self.configure("sources:\n  gleif-isin-lei:\n    enabled: true\n    guards: {min_records: 10}\n"
                       f"    url: {self.publisher.url(LATEST)}\n{extra}")

    def announce(self, day, link=None):
        """The metadata of a day's file. Who asks for plain JSON gets nothing."""
        text = json.dumps({"data": {"type": "isin-lei", "id": f"uuid-{day}", "attributes": {
            "fileName": f"isin-lei-202611{day}T071513.zip", "uploadedAt": f"2026-11-{day}T07:15:13Z",
            "downloadLink": link or self.publisher.url(FILE.format(day))}}}).encode()

        def answer(request):
            plain = "application/json" in request.headers["Accept"].split(",")
            respond(request, 406 if plain else 200, b"" if plain else text,
                    {"Content-Type": "application/vnd.api+json"})
        self.publisher.answers[LATEST] = answer

    def publish(self, day, rows):
        self.announce(day)
        self.publisher.answers[FILE.format(day)] = status(200, packed(rows), Content_Type="application/zip")

    def run_ok(self):
        result = self.run_json("--force")
        self.assertEqual(result.status, 0, result)
        return result.source()

    def pairs(self):
        return {(lei, isin) for lei, isin in self.sql("SELECT lei, isin FROM listing_current")}

    def asked(self):
        paths = [path for path, _ in self.publisher.requests]
        self.publisher.requests.clear()
        return paths

    def test_day_by_day(self):
        first = {(lei(n), isin(n)) for n in range(40)} | {(lei(50 + n), isin(n)) for n in range(5)}
        wrong_lei = ("529900TEST0000000100", isin(41))
        wrong_isin = (lei(42), isin(42)[:-1] + str((int(isin(42)[-1]) + 1) % 10))
        self.publish(19, sorted(first | {wrong_lei, wrong_isin}))
        report = self.run_ok()
        self.assertEqual((report["status"], report["seen"], report["accepted"], report["rejected"]),
                         ("updated", 47, 46, 1))
        self.assertEqual((report["isins"], report["listings"]), (41, 46))
        self.assertEqual([count for what, count in report["warnings"].items() if "LEI" in what.upper()], [1])
        self.assertEqual(self.pairs(), first | {wrong_lei})
        self.assertEqual({venue for venue, in self.sql(f"SELECT venue FROM listing WHERE isin='{isin(3)}'")},
                         {lei(3), lei(53)})
        # An issuer takes another over, one ISIN ends, one comes, one gets a second LEI.
        second = first - {(lei(0), isin(0)), (lei(9), isin(9)), (lei(8), isin(8))}
        second |= {(lei(60), isin(9)), (lei(61), isin(70)), (lei(62), isin(7))}
        self.publish(20, sorted(second))
        report = self.run_ok()
        self.assertEqual((report["added"], report["changed"], report["removed"]), (2, 1, 3))
        self.assertEqual(self.pairs(), second)
        self.assertEqual(self.sql(f"SELECT lei, published, closed_as FROM listing WHERE isin='{isin(9)}'"
                                  " ORDER BY id"),
                         [[lei(9), "2026-11-19T07:15:13Z", "changed"], [lei(60), "2026-11-20T07:15:13Z", ""]])

    def test_a_file_that_is_known_is_not_asked_for(self):
        self.publish(19, [(lei(n), isin(n)) for n in range(20)])
        self.run_ok()
        self.assertEqual(self.asked(), [LATEST, FILE.format(19)])
        self.assertEqual(self.run_ok()["status"], "unchanged")
        self.assertEqual(self.asked(), [LATEST])

    def test_an_older_file_never_replaces_a_newer_one(self):
        newer = {(lei(n), isin(n)) for n in range(30)}
        self.publish(20, sorted(newer))
        self.run_ok()
        self.publish(19, [(lei(n), isin(n)) for n in range(20)])
        self.use("    accept_older: 0s\n")
        for _ in range(3):
            report = self.run_ok()
            self.assertEqual((report["status"], report["published"]), ("unchanged", "2026-11-20T07:15:13Z"))
            self.assertIn("older than the list that is there", report["notices"][0])
        self.assertEqual(self.pairs(), newer)
        self.publish(21, sorted(newer)[1:])  # the same bytes would be no new list
        self.run_ok()
        self.assertEqual(self.sql("SELECT published FROM source"), [["2026-11-21T07:15:13Z"]])

    def test_what_is_wrong_changes_nothing(self):
        good = [(lei(n), isin(n)) for n in range(20)]
        self.publish(19, good)
        self.run_ok()
        whole = packed([(lei(n), isin(n)) for n in range(5, 25)])
        for what, answer, expected, word in (
                ("cut", status(200, whole[:len(whole) // 2]), 65, "damaged"),
                ("a byte", status(200, whole[:80] + bytes([whole[80] ^ 1]) + whole[81:]), 65, "damaged"),
                ("HTML", status(200, b"<html><title>Maintenance</title></html>"), 76, "Maintenance"),
                ("no list", status(200, packed([])), 65, "not one valid record"),
                ("short", status(200, packed(good[:9])), 65, "min_records"),
                ("gone", status(404), 66, "404"),
                ("columns", status(200, packed([]).replace(b"LEI,ISIN", b"LEI;ISIN")), 65, "")):
            with self.subTest(what):
                self.announce(20)
                self.publisher.answers[FILE.format(20)] = answer
                result = self.run_json("--force")
                self.assertEqual(result.status, expected, result)
                self.assertIn(word, result.err)
                self.assertEqual(self.pairs(), set(good))

    def test_metadata_that_name_no_file(self):
        for text in (b"{}", b"[]", b'{"data":null}', b'{"data":[]}', b'{"data":{"attributes":{}}}',
                     b"<html></html>", b'{"data":{"attributes":{"downloadLink":7}}}', b'{"data":'):
            with self.subTest(text):
                self.publisher.answers[LATEST] = status(200, text)
                result = self.run_json("--force")
                self.assertEqual(result.status, 76, result)
                self.assertIn("names no file", result.err)

    def test_a_link_that_leads_nowhere(self):
        for link, expected in (("ftp://x/y.zip", 76), ("file:///etc/passwd", 76), ("x", 76)):
            with self.subTest(link):
                self.announce(19, link)
                self.assertEqual(self.run_json("--force").status, expected)

    def test_a_connection_that_breaks_is_taken_up_again(self):
        rows = [(lei(n), isin(n)) for n in range(900)]
        whole = packed(rows)
        self.announce(19)
        path = FILE.format(19)

        def broken(request):
            self.publisher.answers[path] = status(200, whole)
            cut_after(whole, len(whole) // 2)(request)

        self.publisher.answers[path] = broken
        self.run_ok()
        self.assertEqual(len(self.pairs()), 900)
        self.assertEqual(self.asked(), [LATEST, path, path])

    def test_a_file_larger_than_is_allowed_is_not_begun(self):
        self.use("    max_bytes: 1KiB\n")
        self.publish(19, [(lei(n), isin(n)) for n in range(900)])
        result = self.run_json("--force")
        self.assertEqual(result.status, 65, result)
        self.assertIn("larger than", result.err)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
