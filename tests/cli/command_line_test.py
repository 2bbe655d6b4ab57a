"""The command line as people type it: what is wrong is named, and what was meant."""

import json
import random
import re
import shlex
import sys
import pathlib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest  # noqa: E402

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
     " reconciled, missing_in_full, new; did you mean 'new'?"),
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
     "--from: '2026-11-20T00:00:00Z' is not a day such as 2026-05-17."),
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

    def commands(self):
        """The paths of all commands, "" among them."""
        paths, todo = [], [""]
        while todo:
            path = todo.pop()
            paths.append(path)
            words = self.call("help", *path.split(), config=False).out
            listed = [part for part in words.split("\n\n")[1:]
                      if part.startswith("Commands:") or not path]
            for part in listed:
                if not part.startswith(("Options", "Examples")):
                    todo += [f"{path} {name}".strip()
                             for name in re.findall(r"^  ([a-z]+)  ", part, re.M)]
        return paths

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
                                (["diff", "mine", "yesterday"], "diff ")):
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
        for _ in range(250):
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
        self.assertEqual([json.loads(line)["input"] for line in result.out.splitlines()], texts)

    # --- help -------------------------------------------------------------------------------

    def test_help_fits_a_terminal_and_shows_how(self):
        for path in self.commands():
            text = self.call(*path.split(), "--help", config=False).out
            self.assertEqual(text, self.call("help", *path.split(), config=False).out)
            self.assertEqual([line for line in text.splitlines() if len(line) >= 80], [], path)
            self.assertIn("\nUsage: isinfetch " + path, text)

    def test_every_command_that_does_something_for_people_has_an_example(self):
        for path in self.commands():
            top = path.split()[0] if path else ""
            if top not in ("completion", "version") and path not in ("config check", "config path",
                                                                     "config keys"):
                self.assertIn("\nExamples:\n",
                              self.call("help", *(path.split() if top not in (
                                  "store", "schedule") else [top])).out, path)

    def test_examples_are_right(self):
        found = 0
        for path in self.commands():
            text = self.call("help", *path.split(), config=False).out
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
        for command in self.JSON:
            for wrong in (["-o", "json", "--colour"], ["--jsno", "--output-format=json"],
                          ["-ojson", "--set", "jobs"]):
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


if __name__ == "__main__":
    unittest.main()
