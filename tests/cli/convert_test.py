"""Converting between ISINs and national numbers, as scripts do it."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest, is_sanitized  # noqa: E402

# ISIN, kind of number, the number, the country if it is not the number's own.
PAIRS = [("US0378331005", "cusip", "037833100", None),
         ("CA06849F1080", "cusip", "06849F108", "CA"),
         ("KYG217651051", "cusip", "G21765105", "KY"),
         ("GB0002634946", "sedol", "0263494", None),
         ("IE00BFXC1P95", "sedol", "BFXC1P9", "IE"),
         ("DE0007164600", "wkn", "716460", None),
         ("CH0038863350", "valor", "3886335", None),
         ("LI0024807526", "valor", "2480752", "LI"),
         ("XS2021448886", "common-code", "202144888", None),
         ("XTV15WLZJMF0", "dti", "V15WLZJMF", None)]
LINES = b"US0378331005\nUS0378331006\n\nGB0002634946\nCA06849F1080\n"
REASONS = ["no ISIN: wrong check digit, 5 would be right", "no ISIN: wrong length",
           "a GB ISIN holds a SEDOL, not a CUSIP"]


class Convert(ProgramTest):
    def convert(self, *arguments, input=b"", **keywords):
        """Its results are bytes, as its input may be any."""
        return subprocess.run([PROGRAM, "convert", *map(str, arguments)], input=input,
                              env=self.environment, capture_output=True, timeout=120, **keywords)

    def lines(self, *arguments, input):
        return self.convert(*arguments, "-f", "-", input=input).stdout.split(b"\n")[:-1]

    def test_both_ways(self):
        for isin, kind, number, country in PAIRS:
            there = self.convert("--to", kind, isin)
            self.assertEqual((there.returncode, there.stdout.decode(), there.stderr),
                             (0, number + "\n", b""), isin)
            home = ["--country", country] if country else []
            back = self.convert("--from", kind, *home, number)
            self.assertEqual((back.returncode, back.stdout.decode(), back.stderr),
                             (0, isin + "\n", b""), number)

    def test_usage(self):
        for arguments, word in ((["US0378331005"], "--from or --to"),
                                (["--from", "cusip", "--to", "sedol", "037833100"], "--from or --to"),
                                (["--to", "nsin", "US0378331005"], "nsin"),
                                (["--to", "cusip"], "--file"),
                                (["--to", "cusip", "-f", "-", "US0378331005"], "--file"),
                                (["--to", "cusip", "--country", "CA", "CA06849F1080"], "--country"),
                                (["--from", "cusip", "--country", "GB", "037833100"], "--country GB"),
                                (["--from", "cusip", "--country", "QZ", "037833100"], "--country QZ"),
                                (["--to", "cusip", "-o", "xml", "US0378331005"], "xml")):
            done = self.convert(*arguments)
            self.assertEqual((done.returncode, done.stdout), (64, b""), arguments)
            self.assertIn(word, done.stderr.decode(), arguments)

    def test_a_file_that_is_not_there_is_66(self):
        done = self.convert("--to", "cusip", "-f", self.dir / "none")
        self.assertEqual((done.returncode, done.stdout), (66, b""))
        self.assertIn(f"{self.dir}/none: ", done.stderr.decode())

    def test_each_line_gives_one_line_and_each_failure_a_reason(self):
        (self.dir / "list").write_bytes(LINES)
        for file, name in ((self.dir / "list", f"{self.dir}/list"), ("-", "standard input")):
            done = self.convert("--to", "cusip", "-f", file, input=LINES)
            self.assertEqual((done.returncode, done.stdout), (65, b"037833100\n\n\n\n06849F108\n"))
            self.assertEqual(done.stderr.decode().splitlines(), [
                f"isinfetch: error: {name}:2: US0378331006: {REASONS[0]}",
                f"isinfetch: error: {name}:3: '': {REASONS[1]}",
                f"isinfetch: error: {name}:4: GB0002634946: {REASONS[2]}"])

    def test_arguments_fail_like_lines(self):
        done = self.convert("--to", "cusip", "US0378331006", "US0378331005", "US-03")
        self.assertEqual((done.returncode, done.stdout), (65, b"\n037833100\n\n"))
        self.assertEqual(done.stderr.decode().splitlines(), [
            f"isinfetch: error: US0378331006: {REASONS[0]}", f"isinfetch: error: US-03: {REASONS[1]}"])

    def test_tsv(self):
        done = self.lines("--to", "cusip", "-o", "tsv", input=LINES + b"US\t\x00\xff\r\n")
        self.assertEqual([line.decode() for line in done], [
            "US0378331005\t037833100\t", f"US0378331006\t\t{REASONS[0]}", f"\t\t{REASONS[1]}",
            f"GB0002634946\t\t{REASONS[2]}", "CA06849F1080\t06849F108\t",
            "US\\x09\\x00\\xFF\\x0D\t\tno ISIN: wrong length"])

    def test_json(self):
        done = self.lines("--to", "cusip", "-o", "json", input=LINES + b"US\"\t\x00\xff\n")
        self.assertEqual([json.loads(line) for line in done], [
            {"input": "US0378331005", "output": "037833100", "error": None},
            {"input": "US0378331006", "output": None, "error": REASONS[0]},
            {"input": "", "output": None, "error": REASONS[1]},
            {"input": "GB0002634946", "output": None, "error": REASONS[2]},
            {"input": "CA06849F1080", "output": "06849F108", "error": None},
            {"input": "US\"\t\x00\ufffd", "output": None, "error": "no ISIN: wrong length"}])

    def test_lenient(self):
        for text in (b"us-037833100-5", b" US 0378331005\t", b"US0378331005\r",
                     "US\u00a00378331005".encode()):
            strict = self.convert("--to", "cusip", "-f", "-", input=text)
            self.assertEqual((strict.returncode, strict.stdout), (65, b"\n"), text)
            lenient = self.convert("--to", "cusip", "--lenient", "-f", "-", input=text)
            self.assertEqual((lenient.returncode, lenient.stdout), (0, b"037833100\n"), text)
        for text in ("ＵS0378331005".encode(), "US\u20070378331005".encode(), b"US0378331005\x00",
                     "US037833100５".encode()):
            self.assertEqual(self.convert("--to", "cusip", "--lenient", "-f", "-",
                                          input=text).returncode, 65, text)

    def test_line_ends_and_byte_order_mark(self):
        self.assertEqual(self.lines("--to", "wkn", input=b"\xef\xbb\xbfDE0007164600\r\n"
                                    b"DE000A0GNPZ3\r\n"), [b"716460", b"A0GNPZ"])
        self.assertEqual(self.lines("--to", "wkn", input=b"DE0007164600\nDE000A0GNPZ3\r\n"),
                         [b"716460", b""])
        self.assertEqual(self.lines("--to", "wkn", input=b"DE0007164600"), [b"716460"])
        self.assertEqual(self.lines("--to", "wkn", input=b""), [])

    def test_memory_does_not_grow_with_lines_nor_files(self):
        text = b"US0378331005\n" + b"x" * 300_000_000 + b"\nUS0378331005\n"
        limit = {} if is_sanitized() else {"preexec_fn": lambda: resource.setrlimit(
            resource.RLIMIT_AS, (100_000_000, 100_000_000))}
        done = self.convert("--to", "cusip", "-f", "-", input=text, **limit)
        self.assertEqual((done.returncode, done.stdout), (65, b"037833100\n\n037833100\n"))
        self.assertIn("standard input:2: " + 80 * "x" + "…: longer than 65536 bytes",
                      done.stderr.decode())

    def test_a_question_through_a_pipe_is_answered_at_once(self):
        with subprocess.Popen([PROGRAM, "convert", "--to", "cusip", "-f", "-"], bufsize=0,
                              env=self.environment, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as program:
            for isin, number in ((b"US0378331005\n", b"037833100\n"),
                                 (b"CA06849F1080\n", b"06849F108\n")):
                program.stdin.write(isin)
                self.assertEqual(program.stdout.read(len(number)), number)
            program.stdin.close()
            self.assertEqual(program.wait(20), 0)

    def test_a_full_disk_is_noticed(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "convert", "--to", "cusip", "US0378331005"], stdout=full,
                                  stderr=subprocess.PIPE, env=self.environment, timeout=60)
        self.assertEqual(done.returncode, 74, done.stderr)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
