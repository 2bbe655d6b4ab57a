"""Answers that no web server gives: headers and trailers without end or form, over HTTP/1.1 and HTTP/2,
and those that come a byte at a time. Whose fault it is, what the report says, what it costs, and that
the other source of the run comes through.
"""

import itertools
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import http2  # noqa: E402
from harness import PROGRAM, FaultyPublisher, ProgramTest, raw, status  # noqa: E402

LIST = b"ISIN,Name\nUS0378331005,Apple\nGB0002634946,BAE\n"
OTHER = b"ISIN,Name\nUS5949181045,Microsoft\n"
MIB = 1024 * 1024

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(LIST), LIST)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(LIST)


def endless(start, *pieces):
    """`start`, then the pieces again and again until the client leaves."""
    def answer(request):
        request.wfile.write(start)
        for piece in itertools.cycle(pieces):
            request.wfile.write(piece * 100)
    return answer


class AnswersTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/good.csv"] = status(200, LIST)

    def sources(self, url, network="retry: {attempts: 1}", keys=""):
        self.configure(f"network: {{{network}}}\njobs: 1\nsources:\n" + "".join(f"""
  {name}:
    url: {address}
    format: csv
    every: 0s
    columns: {{isin: ISIN, name: Name}}
{keys}""" for name, address in (("bad", url), ("good", self.publisher.url("/good.csv")))))

    def run_both(self):
        """The report, the status and the peak of memory in bytes of a run of both sources."""
        with open(self.dir / "report", "w+") as out:
            process = subprocess.Popen([PROGRAM, "--config", self.config, "run", "-o", "json", "bad", "good"],
                                       env=self.environment, stdout=out, stderr=subprocess.DEVNULL)
            _, code, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(code)
            out.seek(0)
            process.stdout, process.stderr = out.read(), ""
        from harness import Result
        return Result(process), usage.ru_maxrss * 1024

    def refused(self, expected, *words):
        result, peak = self.run_both()
        self.assertEqual(result.status, expected, result)
        for word in words:
            self.assertIn(word, result.source("bad")["error"]["message"])
        self.assertIn(result.source("good")["status"], ("updated", "unchanged"), result)
        return peak


class Http1(AnswersTest):
    def answers(self, answer):
        self.publisher.answers["/bad.csv"] = answer
        self.sources(self.publisher.url("/bad.csv"))

    def test_headers_and_trailers_have_one_limit(self):
        """Without it a run takes all memory there is, at 25 MB/s."""
        self.answers(status(404))
        ordinary = self.refused(66)
        for what, answer in {
            "header": endless(HEAD, b"X-Filler: 0123456789abcdef\r\n"),
            "trailer": endless(CHUNKED, b"X-Filler: 0123456789abcdef\r\n"),
            "early answers": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
            "trailers that are short": endless(CHUNKED, b"a: b\r\n"),
            "headers of a redirect": endless(b"HTTP/1.1 302 Found\r\nLocation: /good.csv\r\n", b"a: b\r\n"),
            "trailers of an error": endless(CHUNKED.replace(b"200 OK", b"500 Oops"), b"a: b\r\n"),
        }.items():
            with self.subTest(what=what):
                self.answers(answer)
                peak = self.refused(76, "header and trailers of the answer are larger than 256KiB: raise"
                                        " network.max_header")
                self.assertLess(peak, ordinary + 16 * MIB)

    def test_the_limit_is_a_key(self):
        line = b"X-Filler: 0123456789abcdef\r\n"
        self.answers(raw(HEAD + line * (270 * 1024 // len(line)) + b"\r\n" + LIST))
        self.refused(76, "raise network.max_header")
        self.sources(self.publisher.url("/bad.csv"), "max_header: 300KiB, retry: {attempts: 1}")
        result, _ = self.run_both()
        self.assertEqual(result.status, 0, result)
        self.answers(raw(HEAD + line * (310 * 1024 // len(line)) + b"\r\n" + LIST))
        self.sources(self.publisher.url("/bad.csv"), "max_header: 300KiB, retry: {attempts: 1}")
        self.refused(76)

    def test_what_is_malformed_is_the_publishers_fault(self):
        long = b"x" * 200_000
        for what, answer in {
            "a first line that is folded": b"HTTP/1.1 200 OK\r\n Folded: yes\r\n\r\n",
            "a line without a colon": HEAD + b"no colon at all\r\n\r\n" + LIST,
            "a line without a name": HEAD + b": no name\r\n\r\n" + LIST,
            "a line that is too long": HEAD + b"X: " + long + b"\r\n\r\n" + LIST,
            "a zero in a line": HEAD + b"X: a\0b\r\n\r\n" + LIST,
            "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + LIST,
            "a length that is negative": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + LIST,
            "no status": b"HTTP/1.1 OK\r\n\r\n" + LIST,
            "no HTTP": LIST * 100,
            "a trailer without a colon": CHUNKED + b"no colon at all\r\n\r\n",
            "a trailer without a name": CHUNKED + b": no name\r\n\r\n",
            "a trailer that is folded": CHUNKED + b" folded: yes\r\n\r\n",
            "a trailer that is too long": CHUNKED + b"X: " + long + b"\r\n\r\n",
            "a trailer with a zero": CHUNKED + b"X: a\0b\r\n\r\n",
        }.items():
            with self.subTest(what=what):
                self.answers(raw(answer))
                result, _ = self.run_both()
                self.assertEqual(result.source("good")["status"] in ("updated", "unchanged"), True, result)
                # What libcurl puts up with is a list, or no list; never a bug, never this host's fault.
                self.assertIn(result.status, (0, 65, 76), (what, result))
                if not any(word in what for word in ("folded", "zero", "without a name")):
                    self.assertEqual(result.status, 76, (what, result))

    def test_a_redirect_to_an_answer_that_is_folded(self):
        """A double free in libcurl 7.88 where a handle is used again (curl's issue 11101), which took
        the reports of all sources with it."""
        for code in (301, 302, 307):
            self.publisher.answers["/list.csv"] = raw(b"HTTP/1.1 200 OK\r\n X: folded\r\n\r\n" + LIST)
            self.answers(status(code, b"", Location=self.publisher.url("/list.csv"), X_Long="x" * 1000))
            with self.subTest(code=code):
                self.refused(76, "line 2 of the header of its answer is malformed")

    # -- time -------------------------------------------------------------------------------------

    def drip(self, body):
        """A byte at a time, from where it is asked to go on; no stall, and no end within hours."""
        self.ranges = []
        stop = threading.Event()
        self.addCleanup(stop.set)

        def answer(request):
            begin = request.headers.get("Range", "")
            self.ranges.append(begin)
            first = int(begin.removeprefix("bytes=").removesuffix("-") or 0)
            length = 1_000_000
            head = f"HTTP/1.1 {206 if begin else 200} OK\r\nETag: \"1\"\r\nContent-Length: {length - first}\r\n"
            if begin:
                head += f"Content-Range: bytes {first}-{length - 1}/{length}\r\n"
            request.wfile.write(head.encode() + b"\r\n")
            for position in itertools.count(first):
                request.wfile.write(body[position % len(body):][:1])
                request.wfile.flush()
                if stop.wait(0.2):
                    return
        return answer

    def test_a_drip_ends_with_the_time_for_a_request(self):
        self.publisher.answers["/bad.csv"] = self.drip(LIST)
        self.sources(self.publisher.url("/bad.csv"),
                     "total_timeout: 2s, retry: {attempts: 2, first_delay: 0s}")
        self.refused(75, "(network.total_timeout is 2s), 2 attempts")
        self.assertEqual(len(self.ranges), 2)
        self.assertRegex(self.ranges[1], "^bytes=[1-9]", "what came is not asked for again")

    def test_a_drip_ends_with_the_budget_of_the_file(self):
        self.publisher.answers["/bad.csv"] = self.drip(LIST)
        self.sources(self.publisher.url("/bad.csv"), "total_timeout: 10s, retry: {budget: 2s}")
        self.refused(75, "(network.retry.budget is 2s)")
        self.assertEqual(len(self.ranges), 1)

    def test_a_drip_of_header_ends_too(self):
        def answer(request):
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.2)
        self.publisher.answers["/bad.csv"] = answer
        self.sources(self.publisher.url("/bad.csv"), "total_timeout: 2s, retry: {attempts: 1}")
        self.refused(75, "(network.total_timeout is 2s)")


class Http2(AnswersTest):
    def setUp(self):
        super().setUp()
        self.other = http2.Http2Publisher(self.dir)
        self.addCleanup(self.other.stop)

    def answers(self, *pieces):
        self.other.answer = pieces
        self.sources(self.other.url("/bad.csv"), keys=f"    ca_file: {self.other.certificate}\n")

    def test_a_list(self):
        """The control: this server speaks HTTP/2."""
        self.answers(http2.frame(http2.HEADERS, http2.END_HEADERS, http2.OK + http2.field(b"etag", b'"1"')),
                     http2.frame(http2.DATA, 0, LIST),
                     http2.frame(http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, http2.field(b"a", b"b")))
        result, _ = self.run_both()
        self.assertEqual(result.status, 0, result)
        self.assertEqual(result.source("bad")["status"], "updated")

    def test_what_is_malformed_is_the_publishers_fault(self):
        def head(*fields):
            return http2.frame(http2.HEADERS, http2.END_HEADERS, b"".join(fields))

        field, body = http2.field, http2.frame(http2.DATA, http2.END_STREAM, LIST)
        most = http2.frame(http2.DATA, 0, LIST)

        def trailer(block):
            return http2.frame(http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, block)

        for what, pieces in {
            "a name in capitals": [head(http2.OK, field(b"ETag", b"1")), body],
            "a name with a blank": [head(http2.OK, field(b"e tag", b"1")), body],
            "a value with a line end": [head(http2.OK, field(b"etag", b"1\r\nx: y")), body],
            "a value with a zero": [head(http2.OK, field(b"etag", b"1\0")), body],
            "no status": [head(field(b"etag", b"1")), body],
            "a status behind the fields": [head(field(b"etag", b"1"), http2.OK), body],
            "a status that is no number": [head(field(b":status", b"ok")), body],
            "two statuses": [head(http2.OK, http2.OK), body],
            "a field of HTTP/1": [head(http2.OK, field(b"connection", b"close")), body],
            "a length that is wrong": [head(http2.OK, field(b"content-length", b"5")), body],
            "a length that is none": [head(http2.OK, field(b"content-length", b"many")), body],
            "an index that is not there": [head(http2.OK, b"\xff\xff\xff\x7f"), body],
            "a block that is cut": [head(http2.OK, b"\0\x7f"), body],
            "a body before the header": [body],
            "a frame that is too long": [head(http2.OK), http2.frame(http2.DATA, 0, b"x" * 20_000)],
            "a frame of a stream that is none": [head(http2.OK), most, http2.frame(http2.DATA, 0, LIST, 0)],
            "a trailer with an index that is not there": [head(http2.OK), most, trailer(b"\xff\xff\xff\x7f")],
            "a trailer with a status": [head(http2.OK), most, trailer(http2.OK)],
            "a trailer in capitals": [head(http2.OK), most, trailer(field(b"ETag", b"1"))],
        }.items():
            with self.subTest(what=what):
                self.answers(*pieces)
                self.refused(76)

    def test_who_goes_behind_a_good_answer_has_given_it(self):
        goaway = http2.frame(http2.GOAWAY, 0, (1).to_bytes(4, "big") + bytes(4), 0)
        head = http2.frame(http2.HEADERS, http2.END_HEADERS, http2.OK)
        body = http2.frame(http2.DATA, http2.END_STREAM, LIST)
        for pieces in ([head, body, goaway], [head, goaway, body]):
            self.answers(*pieces)
            result, _ = self.run_both()
            self.assertEqual(result.status, 0, result)

    def test_a_connection_that_ends_in_the_body(self):
        """Is no list, however good what came looks, and may be over soon."""
        def pieces():
            yield http2.frame(http2.HEADERS, http2.END_HEADERS, http2.OK)
            yield http2.frame(http2.DATA, 0, LIST)
            raise EOFError
        self.answers()
        self.other.answer = pieces()
        self.refused(75)

    def test_headers_without_end(self):
        block = http2.OK + b"".join(http2.field(b"x-filler", b"x" * 100) for _ in range(100))

        def pieces():
            yield http2.frame(http2.HEADERS, 0, block)
            for _ in range(10_000):
                yield http2.frame(http2.CONTINUATION, 0, block[1:])
        self.other.answer = pieces()
        self.sources(self.other.url("/bad.csv"), keys=f"    ca_file: {self.other.certificate}\n")
        self.refused(76)

    def test_what_may_be_over_soon(self):
        head = http2.frame(http2.HEADERS, http2.END_HEADERS, http2.OK)
        for what, pieces in {
            "refused": [http2.frame(http2.RST_STREAM, 0, (7).to_bytes(4, "big"))],
            "an error inside": [http2.frame(http2.RST_STREAM, 0, (2).to_bytes(4, "big"))],
            "one in the middle": [head, http2.frame(http2.DATA, 0, LIST),
                                  http2.frame(http2.RST_STREAM, 0, (2).to_bytes(4, "big"))],
            "too much at once": [http2.frame(http2.RST_STREAM, 0, (11).to_bytes(4, "big"))],
            "it goes": [http2.frame(http2.GOAWAY, 0, bytes(8), 0)],
        }.items():
            with self.subTest(what=what):
                self.answers(*pieces)
                self.sources(self.other.url("/bad.csv"), "stall_timeout: 2s, retry: {attempts: 1}",
                             f"    ca_file: {self.other.certificate}\n")
                self.refused(75)


if __name__ == "__main__":
    unittest.main()
