"""Lists whose address changes: found, missed, moved, walked back to, paged; against a publisher on the
loopback interface who answers from a table. What a run of a source finds, `sources test` tells before."""

import datetime
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, ProgramTest, status  # noqa: E402

FAST = "network: {retry: {attempts: 2, first_delay: 0s}}\n"
ISINS = ("US0378331005", "GB0002634946", "CH0038863350", "DE0007164600", "FR0000120271", "NL0010273215")


def csv(*isins):
    return ("ISIN;Name\n" + "".join(f"{isin};{isin[:2]} Corp\n" for isin in isins)).encode()


def page(*links, base=""):
    anchors = "".join(f"<p><a href='{link}'>list</a>" for link in links)
    return f"<!DOCTYPE html><html><head>{base}<title>Lists</title></head>{anchors}".encode()


class Discovery(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.answers = self.publisher.answers

    def use(self, method, path, find="", extra=""):
        self.configure(FAST + f"""sources:
  mine:
    enabled: true
    url: '{self.publisher.url(path)}'
    discovery: {method}
    find: {{{find}}}
    format: csv
    columns: {{isin: ISIN, name: Name}}
    guards: {{max_shrink: 90%}}
{extra}""")

    def serve(self, path, *isins):
        self.answers[path] = status(200, csv(*isins), Content_Type="text/csv")

    def paths(self):
        return [path for path, _ in self.publisher.requests]

    def run_ok(self):
        result = self.run_json("--force")
        self.assertEqual(result.status, 0, result)
        return result.source()

    def fails(self, code, *words):
        """The run and the test of the source end so; nothing changes."""
        before = self.listed()
        result = self.run_json("--force")
        self.assertEqual(result.status, code, result)
        for word in words:
            self.assertIn(word, result.source()["error"]["message"])
        self.assertEqual(self.listed(), before)
        return result.source()

    def listed(self):
        if not (self.state / "isinfetch.db").exists():
            return []
        return [row[0] for row in self.sql("SELECT isin FROM listing_current ORDER BY isin")]

    def failures(self):
        return int(self.sql("SELECT failures FROM source")[0][0])

    def try_source(self, *arguments):
        return self.call("sources", "test", "-o", "json", *arguments)


class LinkPage(Discovery):
    def setUp(self):
        super().setUp()
        self.use("link-page", "/lists/", 'link: "*/all*.csv*"')
        self.answers["/lists/"] = status(200, page("/about", "data/a31c/all.csv?v=1&amp;w=2#x"))
        self.serve("/lists/data/a31c/all.csv?v=1&w=2", *ISINS[:3])

    def test_the_link_is_followed_wherever_it_leads(self):
        self.assertEqual(self.run_ok()["status"], "updated")
        self.assertEqual(self.run_ok()["status"], "unchanged")
        self.answers["/lists/"] = status(200, page("data/b52e/all.csv", base="<base href='/new/'>"))
        self.serve("/new/data/b52e/all.csv", *ISINS[:4])
        report = self.run_ok()
        self.assertEqual((report["status"], report["fallback"]), ("updated", False))
        self.assertIn("/new/data/b52e/all.csv", report["url"])
        self.assertEqual(len(self.listed()), 4)

    def test_the_newest_of_several_is_taken_and_gives_its_day(self):
        self.use("link-page", "/lists/", 'link: "*/all_{%Y%m%d}.csv"')
        self.answers["/lists/"] = status(200, page("/all_20260102.csv", "/all_20261101.csv",
                                                   "/all_20260930.csv", "/all_99999999.csv"))
        self.serve("/all_20261101.csv", *ISINS[:2])
        self.assertEqual(self.run_ok()["published"], "2026-11-01T00:00:00Z")

    def test_a_page_that_moves_is_followed_on_its_host_only(self):
        self.answers["/lists/"] = status(301, Location="/new/")
        self.answers["/new/"] = status(200, page("all.csv"))
        self.serve("/new/all.csv", *ISINS[:2])
        self.run_ok()
        self.answers["/lists/"] = status(301, Location="https://elsewhere.example/")
        self.state = self.dir / "other"
        self.use("link-page", "/lists/", 'link: "*/all*.csv*"')
        self.fails(76, "redirect to https://elsewhere.example/", "is not allowed")

    def test_a_link_to_another_host_is_refused(self):
        self.answers["/lists/"] = status(200, page("https://elsewhere.example/all.csv"))
        self.fails(76, "link to https://elsewhere.example/all.csv", "add it to redirect_hosts")

    def test_a_link_whose_file_is_not_there_leads_to_the_next_older(self):
        self.use("link-page", "/lists/", 'link: "*/all_{%Y%m%d}.csv", missing: [403]')
        self.answers["/lists/"] = status(200, page("/all_20261101.csv", "/all_20261102.csv", "/all_20261031.csv"))
        self.serve("/all_20261101.csv", *ISINS[:2])
        for answer in (status(404), status(403), status(200, page())):
            self.answers["/all_20261102.csv"] = answer
            self.assertIn("all_20261101.csv", self.run_ok()["url"])

    def test_links_in_other_attributes(self):
        self.use("link-page", "/lists/", 'link: "*/all-{%Y%m%d}.csv", attributes: [data-file]')
        self.answers["/lists/"] = status(200, b"<html><button data-file='/all%2D20261101.csv'>x</button>")
        self.serve("/all%2D20261101.csv", *ISINS[:2])
        self.assertEqual(self.run_ok()["published"], "2026-11-01T00:00:00Z")

    def test_html_instead_of_the_list(self):
        self.answers["/lists/data/a31c/all.csv?v=1&w=2"] = status(200, page())
        self.fails(76, "HTML where a list was expected")

    def test_an_address_of_a_list_in_place_of_a_page(self):
        self.serve("/lists/", *ISINS[:2])
        self.run_ok()
        self.assertEqual(len(self.listed()), 2)

    def test_without_a_link_the_last_address_is_a_fallback_that_is_said(self):
        self.run_ok()
        for answer, code, word in ((page("/about", "/x.pdf"), 76, "none of its 2 links is like"),
                                   (None, 66, "HTTP 404")):
            self.answers["/lists/"] = status(200, answer) if answer else status(404)
            report = self.fails(code, word, "its address of the last time was used instead")
            self.assertEqual((report["status"], report["fallback"]), ("unchanged", True))
            self.assertIn("address not found", " ".join(report["warnings"]))
        self.assertEqual(self.failures(), 2)
        self.serve("/lists/data/a31c/all.csv?v=1&w=2", *ISINS[:5])
        result = self.run_json("--force")
        self.assertEqual((result.status, result.source()["status"]), (66, "updated"), result)
        self.assertEqual(len(self.listed()), 5)
        self.assertEqual(self.failures(), 3)  # an update, but no success
        self.answers["/lists/"] = status(200, page("data/a31c/all.csv?v=1&amp;w=2"))
        self.assertEqual(self.run_ok()["fallback"], False)
        self.assertEqual(self.failures(), 0)

    def test_when_the_last_address_is_gone_too_both_are_told(self):
        self.run_ok()
        self.answers["/lists/"] = status(200, page())
        del self.answers["/lists/data/a31c/all.csv?v=1&w=2"]
        self.fails(76, "none of its 0 links", "a31c/all.csv", "HTTP 404")

    def test_nothing_to_fall_back_on_and_no_fallback_while_waiting_helps(self):
        self.answers["/lists/"] = status(200, page())
        self.fails(76, "none of its 0 links is like '*/all*.csv*'")
        self.answers["/lists/"] = status(200, page("data/a31c/all.csv?v=1&amp;w=2"))
        self.run_ok()
        self.answers["/lists/"] = status(503)
        report = self.fails(75, "HTTP 503")
        self.assertEqual((report["status"], report["fallback"]), ("failed", False))

    def test_headers_stay_with_the_page(self):
        self.publisher.answers["/lists/"] = status(200, page("/all.csv"))
        self.use("link-page", "/lists/", 'link: "*/all*.csv*"', "    headers: {X-Key: secret}\n")
        self.serve("/all.csv", *ISINS[:2])
        self.run_ok()
        self.assertTrue(all(headers.get("X-Key") == "secret" for _, headers in self.publisher.requests))


class Dated(Discovery):
    def setUp(self):
        super().setUp()
        self.use("dated", "/list_{%Y%m%d}.csv", "days_back: 4")
        self.today = datetime.datetime.now(datetime.timezone.utc).date()

    def path(self, back):
        return f"/list_{self.today - datetime.timedelta(days=back):%Y%m%d}.csv"

    def test_holidays_are_walked_over(self):
        self.serve(self.path(3), *ISINS[:2])
        self.serve(self.path(4), *ISINS[:1])
        report = self.run_ok()
        day = self.today - datetime.timedelta(days=3)
        self.assertEqual(report["published"], f"{day}T00:00:00Z")
        self.assertEqual(self.paths()[:4], [self.path(back) for back in range(4)])
        self.assertEqual(self.run_ok()["status"], "unchanged")
        self.serve(self.path(1), *ISINS[:3])
        self.assertEqual(self.run_ok()["status"], "updated")
        self.assertEqual(len(self.listed()), 3)

    def test_every_day_is_missing(self):
        self.fails(66, "or the 4 days before (404 for each of 5 URLs)")

    def test_what_is_not_404_ends_the_walk(self):
        self.serve(self.path(1), *ISINS[:2])
        for code, answer in ((75, status(503)), (77, status(403)), (76, status(400)),
                             (76, status(302, Location="https://elsewhere.example/"))):
            self.answers[self.path(0)] = answer
            self.state = self.dir / f"state-{code}-{len(self.publisher.requests)}"
            self.use("dated", "/list_{%Y%m%d}.csv", "days_back: 4")
            self.fails(code)

    def test_html_instead_of_the_list(self):
        self.answers[self.path(0)] = status(200, page())
        self.fails(76, "HTML where a list was expected")

    def test_a_server_that_knows_no_head(self):
        self.publisher.head_status = 405
        self.serve(self.path(1), *ISINS[:2])
        self.run_ok()


class Numbered(Discovery):
    def setUp(self):
        super().setUp()
        self.use("numbered", "/list%20{n}.csv", "first: 79, gap: 2, limit: 20")

    def test_gaps_are_walked_over_and_the_walk_goes_on(self):
        self.serve("/list%2079.csv", *ISINS[:2])
        self.serve("/list%2082.csv", *ISINS[:3])
        self.assertIn("/list%2082.csv", self.run_ok()["url"])
        self.publisher.requests.clear()
        self.assertEqual(self.run_ok()["status"], "unchanged")
        self.assertEqual(self.paths()[0], "/list%2082.csv")
        del self.answers["/list%2079.csv"], self.answers["/list%2082.csv"]
        self.serve("/list%2084.csv", *ISINS[:4])
        self.run_ok()
        self.assertEqual(len(self.listed()), 4)

    def test_nothing_in_reach(self):
        self.serve("/list%2082.csv", *ISINS[:3])
        self.fails(66, "none of the numbers 79 to 81 is there")

    def test_numbers_without_end(self):
        for number in range(79, 120):
            self.serve(f"/list%20{number}.csv", *ISINS[:2])
        self.fails(76, "20 numbers from 79 on were tried")
        self.assertEqual(len(self.publisher.requests), 20)


class Paged(Discovery):
    def setUp(self):
        super().setUp()
        self.use("paged", "/list.csv?page={page}", "limit: 10")
        for number in range(3):
            self.serve(f"/list.csv?page={number + 1}", *ISINS[2 * number:2 * number + 2])
        self.serve("/list.csv?page=4")

    def test_all_pages_are_one_list(self):
        report = self.run_ok()
        self.assertEqual((report["status"], report["listings"]), ("updated", 6))
        self.assertEqual(len(self.listed()), 6)
        self.assertEqual([row[0] for row in self.sql("SELECT name FROM file ORDER BY id")],
                         [f"list.csv, page {number}" for number in (1, 2, 3)])
        again = self.run_ok()
        self.assertEqual((again["status"], again["sha256"]), ("unchanged", report["sha256"]))
        self.assertEqual(self.run_json("--offline").source()["status"], "unchanged")
        self.serve("/list.csv?page=1", ISINS[1])
        changed = self.run_ok()
        self.assertEqual((changed["status"], changed["removed"]), ("updated", 1))

    def test_a_page_that_is_missing_is_no_list(self):
        self.run_ok()
        for code, answer in ((66, status(404)), (75, status(500)), (76, status(200, page())),
                             (76, status(200, csv(*ISINS[:2])))):
            self.answers["/list.csv?page=2"] = answer
            self.fails(code, "page=2")

    def test_pages_without_end(self):
        for number in range(4, 15):
            self.answers[f"/list.csv?page={number}"] = status(200, csv(ISINS[number % 6]))
        self.fails(76, "10 pages and no end")

    def test_a_rejected_row_says_on_which_page_it_was(self):
        self.answers["/list.csv?page=2"] = status(200, csv(*ISINS[2:4]) + b"US0378331006;Wrong\n")
        self.config.write_text(self.config.read_text().replace("max_shrink: 90%", "max_rejected: 50%"))
        rejection = self.run_ok()["rejections"][0]
        self.assertEqual((rejection["file"], rejection["line"]), ("list.csv, page 2", 4))


class SourcesTest(Discovery):
    def test_what_would_be_found(self):
        self.use("dated", "/list_{%Y%m%d}.csv")
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.answers[f"/list_{today:%Y%m%d}.csv"] = status(
            200, csv(*ISINS), Content_Type="text/csv", ETag='"1"',
            Last_Modified="Mon, 23 Nov 2026 05:17:02 GMT")
        result = self.try_source("mine")
        self.assertEqual((result.status, result.err), (0, ""), result)
        entry = result.json()[0]
        self.assertEqual((entry["source"], entry["discovery"], entry["error"]), ("mine", "dated", None))
        file = entry["files"][0]
        self.assertEqual((file["bytes"], file["content_type"], file["published"], file["part"]),
                         (len(csv(*ISINS)), "text/csv", f"{today}T00:00:00Z", 1))
        self.assertEqual(set(self.publisher.methods), {"HEAD"})
        self.assertFalse(self.state.exists())
        text = self.call("sources", "test").out
        self.assertRegex(text, rf"mine +dated +1/1 +{today}\S+ +\d+B? .* text/csv .*list_{today:%Y%m%d}")

    def test_pages_are_told_and_not_kept(self):
        self.use("paged", "/list.csv?page={page}")
        self.serve("/list.csv?page=1", *ISINS[:2])
        self.serve("/list.csv?page=2")
        file, = self.try_source().json()[0]["files"]
        self.assertEqual((file["bytes"], file["parts"]), (len(csv(*ISINS[:2])), 1))
        self.assertFalse(self.state.exists())

    def test_how_it_ends_when_nothing_is_found(self):
        self.use("link-page", "/lists/", 'link: "*.csv"')
        for answer, code in ((status(404), 66), (status(200, page()), 76), (status(500), 75),
                             (status(200, page("/gone.csv")), 66)):
            self.answers["/lists/"] = answer
            result = self.try_source("mine")
            self.assertEqual(result.status, code, result)
            self.assertEqual(result.json()[0]["error"]["exit_status"], code)
            self.assertIn("mine: ", result.err)

    def test_sources_that_are_not_known_and_none(self):
        self.use("link-page", "/lists/", 'link: "*.csv"')
        result = self.try_source("mina")
        self.assertEqual(result.status, 64, result)
        self.assertIn("mine", result.err)
        self.configure("")
        self.assertEqual(self.try_source().status, 78)

    def test_a_pattern_that_is_none_is_a_mistake_with_its_line(self):
        for find, word in (("", "needs find: {link: PATTERN}"), ('link: "*{%Q}"', "'%Q' is none of")):
            self.use("link-page", "/lists/", find)
            result = self.call("config", "check")
            self.assertEqual(result.status, 78, result)
            self.assertRegex(result.err, rf"{self.config}:\d+: .*")
            self.assertIn(word, result.err)


class Enable(Discovery):
    def test_the_named_file_is_edited_and_keeps_what_it_says(self):
        text = (f"# all mine\nstate_dir: {self.state}\nsources:\n  # Moscow\n  moex: # at night\n"
                "    every: 1h # often\n")
        self.config.write_text(text)
        self.config.chmod(0o600)
        result = self.call("sources", "--enable", "moex", "--enable", "spb")
        self.assertEqual(result.status, 0, result)
        lines = self.config.read_text().splitlines()
        self.assertEqual([line for line in lines if "enabled" not in line], text.splitlines())
        self.assertEqual(self.config.stat().st_mode & 0o777, 0o600)
        enabled = [s["source"] for s in self.call("sources", "-o", "json").json() if s["enabled"]]
        self.assertEqual(enabled, ["moex", "spb"])

    def enable_as_person(self, name):
        """System users configure /etc; persons their home."""
        person = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() < 1000 else {}
        home = {**self.environment, "XDG_CONFIG_HOME": str(self.dir / "xdg")}
        return subprocess.run([self.program_for_all(), "sources", "--enable", name], env=home,
                              cwd=self.dir, text=True, capture_output=True, **person)

    @unittest.skipUnless(os.geteuid() in (0, *range(1000, 65536)), "neither root nor a person")
    def test_persons_have_a_file_for_each_source_and_keep_what_they_wrote_in_it(self):
        drop_ins = self.dir / "xdg/isinfetch/conf.d"
        drop_ins.mkdir(parents=True)
        self.program_for_all()
        for folder in (self.dir, drop_ins):
            folder.chmod(0o777)
        own = drop_ins / "our-exchange.yaml"
        own.write_text("# ours\nsources:\n  our-exchange:\n    url: https://exchange.example/list\n"
                       "    format: lines  # one a line\n")
        (drop_ins / "late.yaml").write_text("sources: {spb: {enabled: false}} # too early\n")
        for file in drop_ins.iterdir():
            file.chmod(0o666)
            if os.geteuid() == 0:
                os.chown(file, 65534, 65534)
        for name, file in (("our-exchange", own), ("spb", drop_ins / "late.yaml"),
                           ("moex", drop_ins / "moex.yaml")):
            done = self.enable_as_person(name)
            self.assertEqual((done.returncode, done.stdout), (0, f"enabled in {file}\n"), done)
        self.assertEqual(own.read_text(),
                         "# ours\nsources:\n  our-exchange:\n    enabled: true\n"
                         "    url: https://exchange.example/list\n    format: lines  # one a line\n")
        self.assertEqual((drop_ins / "late.yaml").read_text(),
                         "sources: {spb: {enabled: true}} # too early\n")
        self.assertEqual((drop_ins / "moex.yaml").read_text(), "sources:\n  moex:\n    enabled: true\n")

    def test_a_file_that_cannot_be_edited_is_left_alone(self):
        self.config.write_text(f"{{state_dir: {self.state}}}\n")
        before = self.config.read_text()
        result = self.call("sources", "--enable", "moex")
        self.assertEqual(result.status, 78, result)
        self.assertEqual(self.config.read_text(), before)
        self.assertEqual(self.call("sources", "--enable", "moxe").status, 64)


del Discovery

if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
