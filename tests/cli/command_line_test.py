"""The command line as people type it: what is wrong is named, and what was meant."""

import json
import os
import pathlib
import pty
import random
import re
import shlex
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, PROGRAM, ProgramTest, status  # noqa: E402

LIST = ("ISIN,MIC,CFI,LEI\n"
        "DE0007164600,XETR,ESVUFR,529900D6BF99LW9R2E68\n"
        "US0378331005,XNAS,ESVUFR,HWUPKR0MPOU8FGXBT394\n")

# (command line, what standard error says before "See …")
WRONG = [
    (["statsu"], "'statsu' is no command; did you mean 'status'?"),
    (["statsu", "--help-me"], "'statsu' is no command; did you mean 'status'?"),
    (["STATUS"], "'STATUS' is no command; did you mean 'status'?"),
    (["config", "chek"], "'config chek' is no command; did you mean 'config check'?"),
    (["schedule", "systmd"], "'schedule systmd' is no command; did you mean 'schedule systemd'?"),
    (["config"], "config: needs one of check, show, path, keys."),
    (["help", "statsu"], "'statsu' is no command; did you mean 'status'?"),
    (["list", "--contry", "DE"], "'--contry' is no option of 'list'; did you mean '--country'?"),
    (["list", "--since", "7d"], "'--since' is no option of 'list': it is one of 'changes'."),
    (["run", "-x"], "'-x' is no option of 'run'."),
    (["run", "-fx"], "'-x' (in '-fx') is no option of 'run'."),
    (["run", "-ö"], r"'-\xC3' (in '-ö') is no option of 'run'."),
    (["--force", "run"], "'--force' is no option of 'isinfetch': it is one of 'run'."),
    (["run", "-j", "0"], "--jobs: '0' is not a whole number from 1 to 64."),
    (["run", "-j", "x"], "--jobs: 'x' is not a whole number from 1 to 64."),
    (["run", "-j"], "--jobs: N is missing."),
    (["run", "-j", "--force"], "--jobs: N is missing before '--force'."),
    (["run", "--jobs", "99999999999999999999"],
     "--jobs: '99999999999999999999' is not a whole number from 1 to 64."),
    (["run", "-o", "2"], "--output-format: '2' is none of text, json, none."),
    (["run", "-o", "yaml"], "--output-format: 'yaml' is none of text, json, none."),
    (["status", "-o", "csv"], "--output-format: 'csv' is none of text, json."),
    (["status", "-o", "none"], "--output-format: 'none' is none of text, json."),
    (["run", "-o", "text", "-o", "none"],
     "--output-format: given twice, as 'text' and 'none'."),
    (["run", "--force=yes"], "--force: takes no value: 'yes'."),
    (["run", "--exit-unchanged=0"], "--exit-unchanged: '0' is not a whole number from 1 to 125."),
    (["run", "--exit-unchanged=126"],
     "--exit-unchanged: '126' is not a whole number from 1 to 125."),
    (["run", "--lock-wait", "soon"], "--lock-wait: 'soon' is not a duration such as 30s, 5m or 7d."),
    (["run", "--deadline="], "--deadline: the value is empty."),
    (["run", ""], "SOURCE: the value is empty."),
    (["run", "--set", "jobs"],
     "--set: 'jobs' is not KEY=VALUE, such as network.proxy=http://proxy.example:3128."),
    (["-c", "", "run"], "--config: the value is empty."),
    (["history", "--limit", "0"], "--limit: '0' is not a whole number of at least 1."),
    (["history", "--limit", "-5"], "--limit: '-5' is not a whole number of at least 1."),
    (["lookup"], "lookup: ISIN is missing: isinfetch lookup [OPTION]... ISIN..."),
    (["changes"],
     "changes: --since WHEN is missing: isinfetch changes --since WHEN [OPTION]... [SOURCE]..."),
    (["changes", "--since", "7d", "--kind", "newer"],
     "--kind: 'newer' is none of added, changed, cosmetic, removed, terminated, cancelled,"
     " reconciled, missing_in_full, new."),
    (["changes", "--since", "7d", "--kind", "aded"],
     "--kind: 'aded' is none of added, changed, cosmetic, removed, terminated, cancelled,"
     " reconciled, missing_in_full, new; did you mean 'added'?"),
    (["doctor", "now"], "doctor: takes no arguments: 'now'."),
    (["backup", "a", "b"], "backup: takes no further argument: 'b'."),
    (["sources", "hkex", "--enable", "asx"], "--enable: not together with the argument 'hkex'."),
    (["list", "--country", "DEU"],
     "--country: 'DEU' is not the two letters that an ISIN begins with, such as DE or XS; did you"
     " mean 'DE' (Germany)?"),
    (["export", "--country", "UK"],
     "--country: 'UK' is not the two letters that an ISIN begins with, such as DE or XS; did you"
     " mean 'GB' (United Kingdom)?"),
    (["list", "--mic", "XETRA"],
     "--mic: 'XETRA' is not a MIC, which has four letters or digits; did you mean 'XETR'?"),
    (["export", "--lei", "abc"], "--lei: 'abc' is not an LEI: it has 3 characters, and an LEI has 20."),
    (["list", "--cfi", "XYZ"], "--cfi: 'XYZ' is not a CFI code: none begins with its first letter."),
    (["list", "--as-of", "17.05.2026"],
     "--as-of: '17.05.2026' is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z); did you"
     " mean '2026-05-17'?"),
    (["lookup", "--as-of", "2026-02-30", "US0378331005"],
     "--as-of: '2026-02-30' is neither a day (2026-05-17) nor a time (2026-05-17T08:00:00Z)."),
    (["backfill", "--from", "2026-11-20T00:00:00Z"],
     "--from: '2026-11-20T00:00:00Z' is not a day such as 2026-05-17; did you mean '2026-11-20'?"),
    (["backfill", "--from", "2026-11-20", "--to", "2026-11-10"],
     "--to 2026-11-10 is before --from 2026-11-20."),
    (["changes", "--since", "2026-06-01", "--until", "2026-05-01"],
     "--until 2026-05-01 is before --since 2026-06-01."),
    (["convert", "--country", "GER", "--from", "wkn", "716460"],
     "--country: 'GER' is not the two letters that an ISIN begins with, such as DE or XS."),
]


class CommandLine(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file = self.dir / "list.csv"
        self.file.write_text(LIST)
        self.configure("sources:\n  mine:\n    enabled: true\n    format: csv\n"
                       f"    url: file://{self.file}\n"
                       "    columns: {isin: ISIN, mic: MIC, cfi: CFI, lei: LEI}\n")

    helps = {}  # of every command by its path, "" among them: asked for once

    def commands(self):
        todo = [] if self.helps else [""]
        while todo:
            path = todo.pop()
            text = self.helps[path] = self.call("help", *path.split(), config=False).out
            for part in text.split("\n\n")[1:]:
                if part.startswith("Commands:") or not (
                        path or part.startswith(("Options", "Examples"))):
                    todo += [f"{path} {name}".strip()
                             for name in re.findall(r"^  ([a-z]+)  ", part, re.M)]
        return list(self.helps)

    def load(self):
        self.assertEqual(self.call("run", "--force").status, 0)

    # --- what is wrong ----------------------------------------------------------------------

    def test_mistakes_are_named_with_what_was_meant_and_where_it_is_explained(self):
        paths = self.commands()
        for arguments, said in WRONG:
            with self.subTest(arguments):
                result = self.call(*arguments)
                self.assertEqual((result.status, result.out), (64, ""), result)
                text, _, reference = result.err.rpartition(" See ")
                self.assertEqual(text, "isinfetch: error: " + said)
                command = re.fullmatch(r"'isinfetch (.*?) ?--help'\n", reference).group(1)
                self.assertIn(command, paths, "a command that explains itself")

    def test_the_command_that_was_meant_explains_the_mistake(self):
        for arguments, path in ((["statsu"], ""), (["list", "-x"], "list "),
                                (["config", "chek"], "config "),
                                (["config", "show", "x"], "config show "),
                                (["changes", "--since", "7d", "--until", "1999-01-01"], "changes ")):
            self.assertTrue(self.call(*arguments).err.endswith(f"See 'isinfetch {path}--help'\n"),
                            arguments)

    def test_no_command_is_a_mistake_that_says_how_to_begin(self):
        for arguments in ([], ["-v"]):
            result = self.call(*arguments)
            self.assertEqual((result.status, result.out), (64, ""))
            self.assertIn("'isinfetch help' lists them", result.err)

    def test_whatever_is_typed_is_understood_in_one_way(self):
        """Random words: a line that is read as right is never refused further on."""
        words = ["", "-", "--", "-5", "-o", "json", "text", "csv", "--output-format=json", "-ojson",
                 "--country", "DE", "--as-of", "2026-05-17", "[a,b]", "[DE]", "{x}", "mine", "-n",
                 "-vq", "--set", "jobs=1", "--set=jobs=[1]", "--jobs", "3", "-j3", "-h", "--limit=2",
                 "US0378331005", "--since", "7d", "--kind", "new", "--enable", "--from", "sedol",
                 "--exit-unchanged", "--exit-unchanged=9", "--max-age=1h", "++", "/x", "@x", "ä"]
        commands = [path.split() for path in self.commands()
                    if path.split()[:1] not in (["run"], ["doctor"], ["backfill"])]
        dice = random.Random(16)
        seen = set()
        for _ in range(120):
            line = dice.choice(commands) + dice.choices(words, k=dice.randrange(4))
            dice.random() < 0.3 and dice.shuffle(line)
            result = self.call("--config", self.dir / "none.yaml", *line, config=False,
                               input="US0378331005\n")
            self.assertIn(result.status, (0, 64, 65, 66, 73, 78), f"{line}: {result}")
            seen.add(result.status)
            if result.status == 64:
                self.assertRegex(result.err, r"See 'isinfetch [a-z ]*--help'\n\Z", line)
        self.assertTrue({0, 64, 78} <= seen, seen)

    def test_texts_are_taken_as_they_are(self):
        texts = ["[US0378331005]", "[a,b]", "-5", "", "a,b"]
        result = self.call("check", "-o", "json", "--", *texts)
        self.assertEqual([json.loads(line)["text"] for line in result.out.splitlines()], texts)

    # --- help -------------------------------------------------------------------------------

    def test_help_fits_a_terminal_and_shows_how(self):
        for path in self.commands():
            text = self.helps[path]
            if path in ("", "run", "config show"):
                self.assertEqual(text, self.call(*path.split(), "-h", config=False).out)
            self.assertEqual([line for line in text.splitlines() if len(line) >= 80], [], path)
            self.assertIn("\nUsage: isinfetch " + path, text)

    def test_every_command_that_does_something_for_people_has_an_example(self):
        plain = ("version", "config check", "config path", "config keys")
        for path in self.commands():
            top = path.partition(" ")[0]
            told_above = top in ("store", "schedule", "completion") and path != top
            if path not in plain and not told_above:
                self.assertIn("\nExamples:\n", self.helps[path], path)

    def test_examples_are_right(self):
        found = 0
        for path in self.commands():
            text = self.helps[path]
            for line in re.findall(r"^  (?:source <\()?(isinfetch .+)", text.partition(
                    "\nExamples:\n")[2], re.M):
                words = shlex.split(re.split(r"[|>)]", line)[0])[1:]
                found += 1
                with self.subTest(line):
                    result = self.call("--config", self.dir / "none.yaml", *words, config=False)
                    self.assertNotIn(result.status, (64, 70), result)
        self.assertGreater(found, 40)

    def test_the_version_has_two_names(self):
        flag, command = self.call("--version"), self.call("version")
        self.assertRegex(flag.out, r"\Aisinfetch \d+\.\d+\.\d+\n\Z")
        self.assertEqual((flag.out, flag.status), (command.out, command.status))

    def test_help_wins_over_mistakes(self):
        for arguments in (["run", "--jobs", "x", "--help"], ["changes", "-h"], ["run", "-x", "-h"]):
            result = self.call(*arguments)
            self.assertEqual((result.status, result.err), (0, ""), arguments)
            self.assertIn(f"Usage: isinfetch {arguments[0]} ", result.out)

    # --- filters ----------------------------------------------------------------------------

    def test_filters_take_what_is_right_in_any_case(self):
        self.load()
        for arguments in (["--country", "de"], ["--mic", "xetr"], ["--cfi", "es", "--country=DE"],
                          ["--lei", "529900d6bf99lw9r2e68"]):
            for command in ("list", "export"):
                result = self.call(command, *arguments)
                self.assertEqual((result.status, result.err), (0, ""), arguments)
                self.assertIn("DE0007164600", result.out)
                self.assertNotIn("US0378331005", result.out)

    def test_what_is_not_there_is_said(self):
        self.load()
        for arguments, said in (
                (["--mic", "XETA"], "no listing has --mic 'XETA'; did you mean 'XETR'?"),
                (["--mic", "NYSE"], "no listing has --mic 'NYSE'"),
                (["--country", "FR"], "no listing has --country 'FR'"),
                (["--cfi", "DB"], "no listing has --cfi 'DB'"),
                (["--lei", "529900D6BF99LW9R2E69"],
                 "no listing has --lei '529900D6BF99LW9R2E69': its check digits are wrong"),
                (["--country", "DE", "--mic", "XNAS"],
                 "no listing satisfies all of the options together")):
            for command in (["list"], ["list", "-o", "json"], ["export"]):
                with self.subTest([*command, *arguments]):
                    result = self.call(*command, *arguments)
                    self.assertEqual(result.status, 0, result)
                    self.assertEqual(result.err, f"isinfetch: warning: nothing found: {said}\n")

    def test_days_before_the_first_list_are_said(self):
        self.load()
        for arguments in (["list", "--as-of", "1999-01-01"], ["export", "--as-of", "1999-01-01"],
                          ["lookup", "--as-of", "1999-01-01", "DE0007164600"],
                          ["diff", "mine", "1999-01-01"],
                          ["diff", "mine", "1999-01-01", "1999-02-01"],
                          ["changes", "--since", "1998-01-01", "--until", "1999-01-01"]):
            with self.subTest(arguments):
                result = self.call(*arguments)
                self.assertEqual((result.status, result.out), (66, ""), result)
                self.assertIn("1999-0", result.err)
                self.assertRegex(result.err, "the first (one|list that is stored) is (that )?of 20")

    def test_a_day_that_lies_ahead_is_said(self):
        self.load()
        result = self.call("list", "--as-of", "2199-01-01")
        self.assertEqual((result.status, len(result.out.splitlines())), (0, 2))
        self.assertIn("lies ahead", result.err)

    def test_reversed_days_are_refused(self):
        self.load()
        result = self.call("diff", "mine", "2026-05-31", "2026-05-01")
        self.assertEqual(result.status, 64, result)
        self.assertIn("2026-05-01 is before 2026-05-31: the older day comes first", result.err)

    # --- JSON -------------------------------------------------------------------------------

    JSON = [["run"], ["backfill", "--from", "2026-05-01"], ["status"], ["lookup", "US0378331005"],
            ["list"], ["diff", "mine"], ["changes", "--since", "7d"], ["history"],
            ["rollback", "mine"], ["verify"], ["prune"], ["store", "info"], ["sources"],
            ["sources", "test"], ["config", "show"], ["doctor", "--offline"], ["formats"],
            ["check", "US0378331005"], ["convert", "--to", "cusip", "US0378331005"]]

    def test_json_is_complete_when_the_command_line_is_wrong(self):
        ways = (["-o", "json", "--colour"], ["--jsno", "--output-format=json"],
                ["-ojson", "--set", "jobs"])
        for number, command in enumerate(self.JSON):
            wrong = ways[number % len(ways)]
            with self.subTest([*command, *wrong]):
                result = self.call(*command, *wrong)
                self.assertEqual(result.status, 64, result)
                document = result.json()
                self.assertEqual(document["exit_status"], 64)
                self.assertEqual(document["error"]["kind"], "usage")
                self.assertIn(document["error"]["message"], result.err)
        self.assertEqual(self.call("statsu", "-o", "json").json()["error"]["exit_status"], 64)
        self.assertEqual(self.call("export", "-o", "json", "--colour").out, "", "a file's name")

    def test_json_is_complete_when_the_configuration_is_wrong(self):
        self.config.write_text("sources: {mine: {frmat: csv}}\n")
        for command in self.JSON:
            if command[0] in ("check", "convert", "formats"):
                continue  # they need none
            with self.subTest(command):
                result = self.call(*command, "-o", "json")
                self.assertEqual(result.status, 78, result)
                self.assertEqual(result.json()["exit_status"], 78)
                self.assertTrue("findings" in result.json() or
                                result.json()["error"]["kind"] == "config", result)

    def test_json_is_complete_when_there_is_no_store(self):
        for command in (["list"], ["lookup", "US0378331005"], ["diff", "mine"], ["history"],
                        ["verify"], ["prune"], ["rollback", "mine"], ["store", "info"],
                        ["changes", "--since", "7d"]):
            with self.subTest(command):
                result = self.call(*command, "-o", "json")
                self.assertEqual(result.status, 66, result)
                self.assertEqual(result.json()["error"]["kind"], "gone")

    def test_a_document_is_printed_once(self):
        self.config.write_text("state_dir: " + str(self.state) + "\n")
        result = self.call("status", "--max-age", "1h", "-o", "json")
        self.assertEqual((result.status, result.json()), (78, []), result)
        missing = self.call("history", "US0378331013", "-o", "json")
        self.assertIsInstance(missing.json(), dict, "no store")

    def test_json_lines_end_with_what_went_wrong(self):
        (self.dir / "folder").mkdir()
        result = self.call("check", "-o", "json", "-f", self.dir / "folder")
        self.assertNotIn(result.status, (0, 65), result)
        self.assertEqual(json.loads(result.out.splitlines()[-1])["exit_status"], result.status)


class Progress(ProgramTest):
    """What a person sees on a terminal while a run goes on."""

    LINES = b"ISIN\n" + b"US0378331005\n" * 40_000

    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/list"] = self.slowly
        self.configure("sources: {mine: {enabled: true, format: lines,"
                       f" url: '{self.publisher.url('/list')}'}}}}\n")

    def slowly(self, request):
        request.send_response(200)
        request.send_header("Content-Length", str(len(self.LINES)))
        request.end_headers()
        piece = len(self.LINES) // 8
        for start in range(0, len(self.LINES), piece):
            request.wfile.write(self.LINES[start:start + piece])
            request.wfile.flush()
            time.sleep(0.25)

    def on_terminal(self, *arguments, term="xterm"):
        """What arrives on the terminal that standard error is."""
        master, slave = pty.openpty()
        process = subprocess.Popen([PROGRAM, "--config", self.config, *arguments],
                                   env={**self.environment, "TERM": term}, stderr=slave,
                                   stdout=subprocess.PIPE)
        os.close(slave)
        seen = b""
        try:
            while piece := os.read(master, 65536):
                seen += piece
        except OSError:
            pass  # the other end is closed
        os.close(master)
        out = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0, (seen, out))
        return seen.decode(), out.decode()

    def test_a_download_says_how_far_it_is(self):
        seen, _ = self.on_terminal("run")
        self.assertRegex(seen, r"\r\x1b\[Kmine: downloading \d+ of 508 KiB, [\d.]+ (KiB|bytes)/s,"
                               r" \d+ s left")
        self.assertIn("mine: reading and checking the records", seen)
        self.assertNotIn("warning", seen)
        self.assertTrue(seen.endswith("\r\x1b[K"), "nothing stays")

    def test_lines_that_are_logged_stand_above_it(self):
        seen, _ = self.on_terminal("run", "-v")
        self.assertRegex(seen, r"\r\x1b\[K(isinfetch: [^\r\n]+\r\n)+")

    def test_who_cannot_see_it_gets_none(self):
        for arguments, term in ((["run", "-q", "--force"], "xterm"), (["run", "--force"], "dumb")):
            self.publisher.answers["/list"] = status(200, self.LINES)
            self.assertEqual(self.on_terminal(*arguments, term=term)[0], "", arguments)

    def test_the_result_on_standard_output_is_not_disturbed(self):
        self.publisher.answers["/list"] = status(200, self.LINES)
        seen, out = self.on_terminal("run", "-o", "json")
        self.assertEqual(json.loads(out)["sources"][0]["status"], "updated")


class Remedies(ProgramTest):
    """A failed run says what a person does about it."""

    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers["/list"] = status(200, LIST.encode())
        self.configure("sources:\n  mine:\n    enabled: true\n    format: csv\n"
                       "    homepage: https://lists.example/\n"
                       f"    url: {self.publisher.url('/list')}\n    columns: {{isin: ISIN}}\n")

    def test_after_404_where_to_look(self):
        self.publisher.answers["/list"] = status(404)
        result = self.call("run")
        self.assertEqual(result.status, 66)
        self.assertIn("what to do: look for its new address on https://lists.example/ and set"
                      " 'sources.mine.url'", result.err)

    def test_after_a_refusal_the_file_and_how_to_compare(self):
        self.assertEqual(self.call("run").status, 0)
        self.publisher.answers["/list"] = status(200, LIST.encode()[:60])
        result = self.call("run", "--force")
        self.assertEqual(result.status, 65, result)
        file = re.search(r"  the file: (\S+)$", result.err, re.M).group(1)
        self.assertEqual(pathlib.Path(file).read_bytes(), LIST.encode()[:60])
        compare = re.search(r"  compare: isinfetch (.+)$", result.err, re.M).group(1)
        self.assertEqual(compare, "run -n -o text --accept-shrink mine mine")
        compared = self.call(*compare.split(), "--force")
        self.assertEqual(compared.status, 0, compared)
        self.assertRegex(compared.out, r"mine +updated")

    def test_after_a_rollback_what_is_served_and_what_comes(self):
        self.assertEqual(self.call("run").status, 0)
        would = self.call("rollback", "-n", "mine").out
        self.assertRegex(would, r"2 versions to be removed, .*: nothing would be served now\n\Z")
        out = self.call("rollback", "mine").out
        self.assertIn("2 versions removed, 0 as they were before: nothing is served now\n", out)
        self.assertIn("mend the source first, or set 'sources.mine.enabled: false'\n", out)

    def test_somebody_else_is_told_whose_store_it_is(self):
        self.assertEqual(self.call("run").status, 0)
        if os.geteuid() != 0:
            self.skipTest("only root can be somebody else")
        for folder in (self.dir, self.state):
            folder.chmod(0o755)
        self.config.chmod(0o644)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, **nobody)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("nobody cannot reach the program")
        done = subprocess.run([PROGRAM, "-c", self.config, "run", "--force"], text=True,
                              env=self.environment, capture_output=True, **nobody)
        self.assertEqual(done.returncode, 77, done)
        self.assertRegex(done.stderr, rf"{self.state} belongs to 'root'; you are '\w+': run as that"
                                      " user, or give --state-dir")


if __name__ == "__main__":
    unittest.main()
