"""What publishers, and what stands between them and us, do wrong: answers that are none, caches, versions
that change in the middle of a download, certificates and clocks."""

import email.utils
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from caching_proxy import CachingProxy  # noqa: E402
from certificates import make_certificate  # noqa: E402
from harness import FaultyPublisher, ProgramTest, cut_after, raw, respond, status  # noqa: E402

ISINS = ["US0378331005", "US5949181045", "GB0002634946", "CH0038863350", "NL0010273215"]
MORE = ISINS + ["JP3633400001"]
FAST = "network: {retry: {attempts: 2, first_delay: 0s, max_delay: 0s}, stall_timeout: 2s}\n"


def lines(isins):
    return ("\n".join(isins) + "\n").encode()


class Publishers(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.answers = self.publisher.answers

    def use(self, *names, extra="", top=FAST):
        self.configure(top + "sources:\n" + "".join(
            f"  {name}:\n    enabled: true\n    format: lines\n    url: {self.publisher.url('/' + name)}\n"
            f"    guards: {{max_shrink: 90%, detect_cut: false}}\n{extra}"
            for name in names))

    def listed(self, source):
        return [isin for isin, in self.sql("SELECT isin FROM listing_current"
                                           f" WHERE source='{source}' ORDER BY isin")]

    def run_status(self, expected, *arguments, **keywords):
        result = self.run_json("--force", *arguments, **keywords)
        self.assertEqual(result.status, expected, result)
        return result


class Headers(Publishers):
    BAD = {"fold": b" folded first", "tab": b"\tfolded first", "cr": b"X-A\rb: c", "blank": b"   : x",
           "ctl": b"\x01: x", "long": b"X-Long: " + b"x" * 300_000, "nul": b"X-A\0b: c",
           "colon": b": x", "many": b"\r\n".join(b"X-%d: y" % n for n in range(20_000))}

    def test_a_malformed_header_is_76_and_the_other_sources_run(self):
        for what, line in self.BAD.items():
            for redirected in (False, True):
                with self.subTest(what=what, redirected=redirected):
                    self.state = self.dir / f"{what}-{redirected}"
                    self.use("bad", "good", top=FAST + "jobs: 1\n")
                    answer = raw(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nContent-Length: 3\r\n\r\nabc")
                    self.answers["/bad"] = status(302, Location="/elsewhere") if redirected else answer
                    self.answers["/elsewhere"] = answer
                    self.answers["/good"] = status(200, lines(ISINS))
                    result = self.run_json("--force")
                    # What libcurl puts up with is a list without one record.
                    self.assertIn(result.status, (65, 76), result)
                    if result.status == 76:
                        self.assertIn("of the header of its answer is", result.source("bad")["error"]["message"])
                    self.assertEqual(self.listed("good"), sorted(ISINS))
                    if what in ("fold", "tab", "cr", "blank", "long"):
                        self.assertEqual(result.status, 76, result)

    def test_a_coding_that_nobody_asked_for_is_named(self):
        self.use("mine")
        for coding in ("br", "zstd", "deflate"):
            self.answers["/mine"] = status(200, b"\x8b\x02\x80packed", Content_Encoding=coding)
            result = self.run_status(76)
            self.assertIn(f"packed by '{coding}'", result.source()["error"]["message"])


class Caches(Publishers):
    def setUp(self):
        super().setUp()
        self.cache = CachingProxy()
        self.addCleanup(self.cache.stop)

    def serve(self, isins, etag):
        self.answers["/mine"] = status(200, lines(isins), ETag=etag, Cache_Control="max-age=259200")

    def through_cache(self, extra=""):
        self.use("mine", extra=extra, top=f"network: {{proxy: '{self.cache.url}'}}\n")

    def test_a_cache_that_has_an_old_list_is_made_to_ask(self):
        self.through_cache()
        self.serve(ISINS, '"1"')
        self.assertEqual(self.run_status(0).source()["status"], "updated")
        self.serve(MORE, '"2"')
        self.assertEqual(self.run_status(0).source()["status"], "updated")
        self.assertEqual(self.listed("mine"), sorted(MORE))
        self.assertEqual(self.cache.hits, 0)

    def test_who_says_otherwise_in_headers_is_obeyed(self):
        self.through_cache(extra="    headers: {Cache-Control: max-stale=600}\n")
        self.serve(ISINS, '"1"')
        self.run_status(0)
        self.serve(MORE, '"2"')
        self.assertEqual(self.run_status(0).source()["status"], "unchanged")
        self.assertEqual(self.cache.hits, 1)


class Pieces(Publishers):
    """A list that is replaced while it is being downloaded: a mixture is never committed."""
    DAY = "Mon, 23 Nov 2026 05:17:02 GMT"
    NEXT_DAY = "Tue, 24 Nov 2026 05:17:02 GMT"

    @staticmethod
    def old_then(body, etag, modified, total):
        """A server that ignores If-Range: its piece is of whatever is there now."""
        def answer(request):
            first = int(re.search(r"bytes=(\d+)-", request.headers["Range"]).group(1)) \
                if "Range" in request.headers else None
            headers = {"ETag": etag, "Last-Modified": modified}
            headers = {name: value for name, value in headers.items() if value}
            if first is None:
                return respond(request, 200, body, headers)
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{total or len(body)}"
            return respond(request, 206, body[first:], headers)
        return answer

    def test_a_piece_of_another_version_is_never_spliced(self):
        old = lines(ISINS * 600)
        new = lines((MORE * 600)[:3000])
        grown = lines(MORE * 600)
        for what, first, second in (
                ("etag", {"ETag": '"1"', "Last-Modified": self.DAY}, (new, '"2"', self.DAY, None)),
                ("modified", {"ETag": '"1"', "Last-Modified": self.DAY}, (new, '"1"', self.NEXT_DAY, None)),
                ("date only", {"Last-Modified": self.DAY}, (new, None, self.NEXT_DAY, None)),
                ("weak", {"ETag": 'W/"1"', "Last-Modified": self.DAY}, (new, 'W/"2"', self.DAY, None)),
                ("length", {"ETag": '"1"'}, (grown, '"1"', None, None)),
                ("nothing said", {"ETag": '"1"', "Last-Modified": self.DAY}, (new, None, None, None))):
            for runs in (1, 2):
                with self.subTest(what=what, runs=runs):
                    self.state = self.dir / f"{what}-{runs}"
                    attempts = 2 if runs == 1 else 1
                    self.use("mine", top=f"network: {{retry: {{attempts: {attempts}, first_delay: 0s}}}}\n")
                    then = self.old_then(*second)

                    def cut(request, first=first, then=then):
                        self.answers["/mine"] = then
                        respond(request, 200, old[:20_000], first, length=len(old))

                    self.answers["/mine"] = cut
                    if runs == 2:
                        self.run_status(75)
                    report = self.run_status(0).source()
                    self.assertEqual((report["bytes"], report["rejected"]), (len(second[0]), 0))
                    self.assertEqual(self.listed("mine"), sorted(MORE))


class Backwards(Publishers):
    """Publishers and clocks that go back."""
    OLD, NEW, NEWEST = (email.utils.formatdate(time.time() - days * 86400, usegmt=True) for days in (9, 6, 5))

    def setUp(self):
        super().setUp()
        self.use("mine")

    def serve(self, isins, modified=None):
        self.answers["/mine"] = status(200, lines(isins), **({"Last_Modified": modified} if modified else {}))

    def clock(self, offset):
        """The environment of a run whose clock is so far ahead; by libfaketime, found as faketime finds it."""
        text = subprocess.run(["faketime", "-f", offset, "env"], capture_output=True, text=True, check=True).stdout
        return {name: value for name, _, value in (line.partition("=") for line in text.splitlines())
                if name in ("LD_PRELOAD", "FAKETIME")}

    def run_at(self, offset, expected=0):
        environment = {**self.clock(offset), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        return self.run_status(expected, environment=environment)

    def check_history(self):
        """Every version lasts, and the store agrees."""
        self.assertEqual(self.sql("SELECT isin FROM listing WHERE superseded <= published"), [])
        self.assertEqual(self.call("verify").status, 0)

    def test_an_older_file_is_not_news(self):
        self.serve(MORE, self.NEW)
        self.run_status(0)
        self.serve(ISINS, self.OLD)
        for _ in range(3):
            result = self.run_status(0)
            report = result.source()
            self.assertEqual((report["status"], report["removed"]), ("unchanged", 0))
            self.assertIn("older than the list that is there (20", report["notices"][0])
            self.assertIn("accept_older", result.err)
        self.assertEqual(self.listed("mine"), sorted(MORE))
        self.serve(ISINS, self.NEWEST)
        self.assertEqual(self.run_status(0).source()["removed"], 1)
        self.check_history()

    @unittest.skipIf(shutil.which("faketime") is None, "no faketime here")
    def test_who_goes_back_for_good_is_believed_in_the_end(self):
        self.serve(MORE, self.NEW)
        self.run_status(0)
        self.serve(ISINS, self.OLD)
        self.assertEqual(self.run_status(0).source()["status"], "unchanged")
        self.assertEqual(self.run_at("+20h").source()["status"], "unchanged")
        self.serve(MORE, self.NEW)
        self.assertEqual(self.run_at("+22h").source()["notices"], [])  # once seen, all begins anew
        self.serve(ISINS, self.OLD)
        self.assertEqual(self.run_at("+30h").source()["status"], "unchanged")
        report = self.run_at("+55h").source()
        self.assertEqual((report["status"], report["removed"]), ("updated", 1))
        self.assertEqual(self.listed("mine"), sorted(ISINS))
        self.check_history()

    def test_at_once_where_the_source_says_so(self):
        self.use("mine", extra="    accept_older: 0s\n")
        self.serve(MORE, self.NEW)
        self.run_status(0)
        self.serve(ISINS, self.OLD)
        self.assertEqual(self.run_status(0).source()["status"], "updated")
        self.check_history()

    @unittest.skipIf(shutil.which("faketime") is None, "no faketime here")
    def test_a_run_at_a_wrong_future_date_spoils_nothing(self):
        self.serve(ISINS)
        self.run_at("+1000d")
        self.serve(MORE)
        result = self.run_status(0)
        self.assertIn("the clock was wrong", result.source()["notices"][0])
        self.serve(ISINS)
        self.run_status(0)
        self.check_history()

    def test_lists_of_one_second_last(self):
        for isins in (ISINS, MORE, ISINS, MORE):
            self.serve(isins)
            self.run_status(0)
        self.check_history()

    @unittest.skipIf(shutil.which("faketime") is None, "no faketime here")
    def test_an_impossible_clock_ends_the_run(self):
        self.serve(ISINS)
        result = self.run_at("-9000d", 71)
        self.assertIn("before this program was built", result.json()["error"]["message"])
        self.assertEqual(self.publisher.requests, [])
        self.assertEqual(self.run_status(0).source()["status"], "updated")


class Secrets(Publishers):
    """What a query holds is sent, and kept nowhere."""

    def test_they_are_in_no_store_report_or_message(self):
        path = "/mine?apikey=hunter2&day=1"
        self.configure(FAST + "sources: {mine: {enabled: true, format: lines, "
                       f"url: '{self.publisher.url(path)}'}}}}\n")
        self.answers[path] = status(200, lines(ISINS), ETag='"1"')
        out = [self.run_status(0)]
        out.append(self.run_status(0))
        self.assertEqual(self.publisher.requests[1][1].get("If-None-Match"), '"1"')
        self.answers[path] = cut_after(lines(ISINS), 20)
        out.append(self.run_status(75))
        self.answers[path] = status(404)
        out.append(self.run_status(66))
        out += [self.call("status"), self.call("history", "mine"), self.call("sources", "test", "mine")]
        self.assertNotIn("hunter2", "".join(result.out + result.err for result in out))
        for file in self.state.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"hunter2", file.read_bytes(), file)
        self.assertIn("apikey=***&day=1", self.sql("SELECT url FROM source")[0][0])
        self.assertIn("apikey=***&day=1", self.sql("SELECT url FROM file")[0][0])


class Certificates(Publishers):
    """A certificate that is out of date, or a clock that is wrong: the message mentions both."""

    def serve_tls(self, offset):
        certificate, key = make_certificate(tempfile.mkdtemp(dir=self.dir), clock=offset)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        publisher = FaultyPublisher(context)
        self.addCleanup(publisher.stop)
        self.configure(FAST + "sources: {mine: {enabled: true, format: lines, "
                       f"url: '{publisher.url('/mine')}', ca_file: {certificate}}}}}\n")

    @unittest.skipIf(shutil.which("faketime") is None, "no faketime here")
    def test_the_clock_is_mentioned(self):
        for offset, word in (("-9d", "expired"), ("+9d", "not yet valid")):
            with self.subTest(word):
                self.serve_tls(offset)
                message = self.run_status(76).source()["error"]["message"]
                self.assertIn(word, message)
                self.assertRegex(message, r"this host's clock says 20\d\d-.*: is that right\?")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
