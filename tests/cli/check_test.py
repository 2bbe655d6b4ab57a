"""Checking ISINs and their relatives, as people and scripts do it."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest, is_sanitized  # noqa: E402

GOOD = "US0378331005"
TSV = ("text", "verdict", "defect", "position", "character", "expected", "isin", "warnings", "note",
       "suggestions")
# Text, defect, position of the fault, the character there, what should be there.
FAULTS = [("US0378331006", "check_digit", "12", "6", "5"),
          ("US03783310O5", "check_digit", "12", "5", "8"),
          ("us0378331005", "character", "1", "u", ""),
          ("1S0378331005", "prefix", "1", "1", ""),
          ("US037833100", "length", "12", "", ""),
          ("US03783310055", "length", "13", "5", ""),
          ("", "length", "1", "", ""),
          ("US03783310-5", "character", "11", "-", ""),
          (" US0378331005", "character", "1", " ", ""),
          ("US0378331005\x00", "character", "13", "\\x00", ""),
          ("US037833100\u0415", "character", "12", "\u0415", ""),
          ("\u2067US0378331005", "character", "1", "\\u2067", ""),
          ("QZ0378331002", "unknown_prefix", "1", "Q", "")]
OTHERS = [("lei", "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT395"), ("cusip", "037833100", "037833101"),
          ("sedol", "0263494", "0263495"), ("cfi", "ESVUFR", "QSVUFR"), ("mic", "XNAS", "XNA"),
          ("currency", "EUR", "EUQ"), ("dti", "X9J9K872S", "X9J9K872T")]


class Check(ProgramTest):
    def check(self, *arguments, input=b"", **keywords):
        """Its results are bytes, as its input may be any."""
        return subprocess.run([PROGRAM, "check", *map(str, arguments)], input=input,
                              env=self.environment, capture_output=True, timeout=120, **keywords)

    def rows(self, *arguments, input):
        """The lines of -o tsv, each as a dictionary."""
        lines = self.check("-o", "tsv", *arguments, "-f", "-", input=input).stdout.decode().split("\n")
        return [dict(zip(TSV, line.split("\t"), strict=True)) for line in lines[:-1]]

    def verdicts(self, *arguments, input):
        return [row["verdict"] for row in self.rows(*arguments, input=input)]

    def test_good_ones_are_named_and_the_status_is_0(self):
        done = self.check(GOOD, "GB0002634946")
        self.assertEqual((done.returncode, done.stdout),
                         (0, b"US0378331005: valid\nGB0002634946: valid\n"))
        self.assertEqual(done.stderr, b"isinfetch: 2 checked: 2 valid, 0 invalid\n")

    def test_one_bad_among_good_ones_is_65(self):
        done = self.check(GOOD, "US0378331006", "US037833100", "US03783310")
        self.assertEqual(done.returncode, 65)
        self.assertEqual(done.stdout.decode().splitlines(), [
            "US0378331005: valid", "US0378331006: wrong check digit 6 at 12, should be 5",
            "US037833100: wrong length: 11 characters are no ISIN",
            "US03783310: wrong length: 10 characters are no ISIN"])
        self.assertEqual(done.stderr.decode(), "isinfetch: 4 checked: 1 valid, 3 invalid: "
                         "2 wrong length, 1 wrong check digit\n")

    def test_usage(self):
        for arguments, word in (([], "--file"), (["-f", "-", GOOD], "--file"),
                                (["-o", "xml", GOOD], "xml"), (["--as", "isbn", GOOD], "isbn"),
                                (["--as", "lei", "--suggest", "x"], "ISINs"),
                                (["--as", "lei", "--national", "x"], "ISINs"),
                                (["--lax", GOOD], "--lax")):
            done = self.check(*arguments)
            self.assertEqual((done.returncode, done.stdout), (64, b""), arguments)
            self.assertIn(word, done.stderr.decode(), arguments)

    def test_a_file_that_cannot_be_read(self):
        done = self.check("-f", self.dir / "none")
        self.assertEqual((done.returncode, done.stdout), (66, b""))
        self.assertIn(f"{self.dir}/none: ", done.stderr.decode())
        self.assertNotEqual(self.check("-f", self.dir).returncode, 0)

    def test_each_defect_has_its_place_and_character(self):
        for text, defect, place, character, expected in FAULTS:
            row, = self.rows(input=text.encode() + b"\n")
            self.assertEqual([row[name] for name in TSV[1:7]],
                             ["invalid", defect, place, character, expected, ""], repr(text))

    def test_bytes_that_are_no_text(self):
        row, = self.rows(input=b"US03\xff8331005\n")
        self.assertEqual((row["text"], row["position"], row["character"]),
                         ("US03\\xFF8331005", "5", "\\xFF"))
        report = json.loads(self.check("-o", "json", "-f", "-", input=b"US03\xff8331005").stdout)
        self.assertEqual((report["position"], report["defect"]), (5, "character"))

    def test_brackets_and_commas_are_part_of_the_text(self):
        done = self.check("[US0378331005]", "[a,b]", "a,b")
        self.assertEqual(done.stdout.decode().splitlines(), [
            "[US0378331005]: wrong character '[' (U+005B) at 1",
            "[a,b]: wrong length: 5 characters are no ISIN",
            "a,b: wrong length: 3 characters are no ISIN"])

    def test_a_fault_is_named_by_file_and_line(self):
        (self.dir / "list").write_bytes(b"US0378331005\nUS0378331006\n")
        for file, name in ((self.dir / "list", f"{self.dir}/list"), ("-", "standard input")):
            done = self.check("-f", file, input=b"US0378331005\nUS0378331006\n")
            self.assertEqual(done.stdout.decode().splitlines(), [
                f"{name}:1: US0378331005: valid",
                f"{name}:2: US0378331006: wrong check digit 6 at 12, should be 5"])

    def test_json_is_one_object_per_line(self):
        done = self.check("-o", "json", "-f", "-", input=b"US0378331005\nUS0378331006\n")
        good, bad = map(json.loads, done.stdout.splitlines())
        self.assertEqual((good["text"], good["valid"], good["isin"]), (GOOD, True, GOOD))
        self.assertEqual((bad["valid"], bad["defect"], bad["position"], bad["character"],
                          bad["expected"], bad["line"]), (False, "check_digit", 12, "6", "5", 2))

    def test_line_ends_and_byte_order_mark(self):
        for text, verdicts in ((b"\xef\xbb\xbfUS0378331005\r\nGB0002634946\r\n", ["valid"] * 2),
                               (b"US0378331005\nGB0002634946\r\n", ["valid", "invalid"]),
                               (b"US0378331005", ["valid"]), (b"", []), (b"\n", ["invalid"]),
                               (b"US0378331005\n\xef\xbb\xbfUS0378331005\n", ["valid", "invalid"])):
            self.assertEqual(self.verdicts(input=text), verdicts, text)

    def test_lenient_passes_over_blanks_hyphens_and_case_only(self):
        for text in (b"us-037833-100-5", b" US 0378331005\t", "US\u00a00378331005".encode()):
            self.assertEqual(self.verdicts(input=text), ["invalid"], text)
            row, = self.rows("--lenient", input=text)
            self.assertEqual((row["verdict"], row["isin"]), ("valid", GOOD), text)
        # Unicode calls the long s a small S, and a full-width digit a digit.
        for text in ("U\u017f0378331005", "US037833100\uff15", "US\u20070378331005"):
            self.assertEqual(self.verdicts("--lenient", input=text.encode()), ["invalid"], text)

    def test_quiet_says_what_is_wrong_and_nothing_else(self):
        done = self.check("--quiet", GOOD)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        done = self.check("--quiet", "-f", "-", input=b"US0378331005\nUS0378331006\n")
        self.assertEqual((done.returncode, done.stdout), (65, b""))

    def test_national_notes_do_not_make_invalid(self):
        done = self.check("--national", "-o", "tsv", "US0378331096")
        plain = self.check("-o", "tsv", "US0378331096")
        self.assertEqual((done.returncode, plain.returncode), (0, 0))
        self.assertEqual((done.stdout.decode().split("\t")[8], plain.stdout.decode().split("\t")[8]),
                         ("CUSIP check digit", ""))

    def test_warnings_are_about_valid_ones(self):
        row, = self.rows(input=b"XF0000000004\n")
        self.assertEqual((row["verdict"], row["warnings"]), ("valid", "unofficial prefix"))

    def test_the_relatives(self):
        for kind, good, bad in OTHERS:
            self.assertEqual(self.verdicts("--as", kind, input=f"{good}\n{bad}\n".encode()),
                             ["valid", "invalid"], kind)

    def test_suggestions(self):
        row, = self.rows("--suggest", input=b"USO378331005\n")
        self.assertEqual(row["suggestions"].split(",")[0], GOOD)
        text = self.check("--suggest", "USO378331005").stdout.decode()
        self.assertIn("did you mean US0378331005 (O for 0 at 3, which look alike)", text)
        row, = self.rows("--suggest", input=GOOD.encode())
        self.assertEqual(row["suggestions"], "")

    def test_what_the_store_has_comes_first(self):
        alone = self.rows("--suggest", input=b"GB0002643946\n")[0]["suggestions"].split(",")
        listed = alone[-1]
        self.assertNotEqual(alone[0], listed)
        (self.dir / "list.csv").write_text(f"ISIN,Name\n{listed},Example plc\n")
        self.configure(f"sources: {{list: {{enabled: true, url: 'file://{self.dir}/list.csv',"
                       " format: csv, columns: {isin: ISIN, name: Name}}}\n")
        result = self.call("run")
        self.assertEqual(result.status, 0, result)
        found = self.call("check", "--suggest", "GB0002643946").out
        self.assertIn(f"did you mean {listed} (", found)
        self.assertIn("in the store: Example plc", found)

    def test_memory_does_not_grow_with_lines_nor_files(self):
        text = b"US0378331005\n" + b"x" * 300_000_000 + b"\nUS0378331005\n"
        limit = {} if is_sanitized() else {
            "preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (100_000_000, 100_000_000))}
        done = self.check("-f", "-", input=text, **limit)
        self.assertEqual(done.returncode, 65)
        first, long, last = done.stdout.splitlines()
        self.assertEqual((first, last), (b"standard input:1: US0378331005: valid",
                                         b"standard input:3: US0378331005: valid"))
        self.assertTrue(long.endswith("…: longer than 65536 bytes".encode()), long[-60:])

    def test_a_question_through_a_pipe_is_answered_at_once(self):
        with subprocess.Popen([PROGRAM, "check", "-f", "-"], bufsize=0, env=self.environment,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as program:
            for number in (1, 2):
                answer = f"standard input:{number}: {GOOD}: valid\n".encode()
                program.stdin.write(GOOD.encode() + b"\n")
                self.assertEqual(program.stdout.read(len(answer)), answer)
            program.stdin.close()
            self.assertEqual(program.wait(20), 0)

    def test_a_full_disk_is_noticed(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "check", GOOD], stdout=full, stderr=subprocess.PIPE,
                                  env=self.environment, timeout=60)
        self.assertEqual(done.returncode, 74, done.stderr)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
