"""The manual says what the program does, and all of it: both are compared, in both directions."""

import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest, SOURCE_DIR  # noqa: E402

PAGES = sorted((SOURCE_DIR / "man").glob("*.[1-9]"))
ISINFETCH, YAML, SCHEMA, SOURCES = (SOURCE_DIR / "man" / name for name in
                                    ("isinfetch.1", "isinfetch.yaml.5", "isinfetch-schema.7",
                                     "isinfetch-sources.7"))
ESCAPES = {r"\(:o": "ö", r"\(ti": "~", r"\(dq": '"', r"\(em": "—", r"\-": "-", r"\e": "\\",
           r"\&": ""}

# libcurl reads them itself: they are in no source of ours.
READ_BY_LIBCURL = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
                   "NO_PROXY"}


def plain(text):
    for escape, meaning in ESCAPES.items():
        text = text.replace(escape, meaning)
    return text


def words(lines):
    """The text of some lines of mdoc, without macros and the blanks before punctuation."""
    text = " ".join(re.sub(r"^\.\w+ ?", "", line) for line in lines)
    text = re.sub(r"\b(Cm|Ar|Fl|Ic|Li|Va|Ns|Pq|Sq|No) ", "", text)
    return re.sub(r" ([.,:;])", r"\1", plain(text))


def split_at(lines, macro):
    """What stands below each line that begins with `macro`: pairs of its text and the lines."""
    parts = []
    for line in lines:
        if line.startswith(macro + " "):
            parts.append((line[len(macro) + 1:], []))
        elif parts:
            parts[-1][1].append(line)
    return parts


def section(page, name):
    found = dict(split_at(page.read_text().splitlines(), ".Sh")).get(name)
    assert found is not None, f"{page.name}: no section {name}"
    return found


def subsections(page, name):
    return {plain(title): lines for title, lines in split_at(section(page, name), ".Ss")}


def items(lines):
    """Entries of lists, .It Xo … .Xc among them: pairs of the macros in the heading, the lines."""
    entries = []
    for heading, body in split_at(lines, ".It"):
        if heading == "Xo":
            end = body.index(".Xc")
            heading, body = " ".join(line[1:] for line in body[:end]), body[end + 1:]
        entries.append((heading, body))
    return entries


def displays(lines):
    """The texts of literal displays."""
    return [plain("\n".join(body[:body.index(".Ed")])) + "\n"
            for _, body in split_at(lines, ".Bd")]


def options_of(lines):
    """Of a list of options in the manual: {"-n": takes a value, …}."""
    found = {}
    for heading, _ in items(lines):
        if heading.startswith("Fl "):
            for name in re.findall(r"\bFl (\S+)", heading):
                found["-" + name] = bool(re.search(r"(?<!Ns )(?<!= Ns )\bAr\b", heading))
    return found


class ManualTest(ProgramTest):
    def help(self, *command):
        result = self.call(*command, "--help", config=False)
        self.assertEqual(result.status, 0, result)
        return result.out

    def assert_same(self, documented, real, what):
        """Both are sets of names."""
        missing, invented = sorted(set(real) - set(documented)), sorted(set(documented) - set(real))
        self.assertFalse(missing, f"{what}: not in the manual")
        self.assertFalse(invented, f"{what}: in the manual, but not in the program")


class Pages(ManualTest):
    def test_mandoc_has_nothing_to_say(self):
        for page in PAGES:
            done = subprocess.run(["mandoc", "-Tlint", "-Wstyle", str(page)], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            # Whether the pages of other packages are installed is not this page's fault.
            said = [line for line in done.stdout.splitlines()
                    if "referenced manual not found" not in line]
            self.assertEqual(said, [])

    def test_pages_that_are_referred_to_exist(self):
        for page in PAGES:
            for name, number in re.findall(r"^\.Xr (isinfetch\S*) (\d)", page.read_text(), re.M):
                self.assertTrue((SOURCE_DIR / f"man/{name}.{number}").is_file(),
                                f"{page.name}: {name}({number})")
        for page in PAGES:
            see = " ".join(section(page, "SEE ALSO"))
            for other in PAGES:
                name, _, number = other.name.rpartition(".")
                self.assertTrue(other == page or f"Xr {name} {number}" in see,
                                f"{page.name}: SEE ALSO lacks {name}({number})")

    def test_nothing_is_wider_than_a_terminal(self):
        for page in PAGES:
            done = subprocess.run(["mandoc", "-Tutf8", "-Owidth=80", str(page)], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for line in re.sub(".\b", "", done.stdout).splitlines():
                self.assertTrue(len(line) <= 80 or "https://" in line, f"{page.name}: {line}")


class CommandLine(ManualTest):
    def commands(self):
        """{"config show": its --help} of every command that has none below it; "" the program's."""
        texts, todo = {"": self.help()}, [[]]
        while todo:
            command = todo.pop()
            text = self.help(*command)
            usage, *sections = text.partition("\nUsage: ")[2].split("\n\n")
            if not usage.endswith(" COMMAND"):  # `sources` is a command, and has one below it
                texts[" ".join(command)] = text
            lists = [each for each in sections
                     if each.startswith("Commands:") or not command and "Options" not in each]
            todo += [command + [name] for each in lists
                     for name in re.findall(r"^  ([a-z-]+)  ", each, re.M)]
        return texts

    def real_options(self, text):
        found = {}
        for short, long, value in re.findall(r"^  (-\w)?(?:, | {4})?(--[\w-]+)?( [A-Z][A-Z=]*)?", text,
                                               re.M):
            found.update({name: bool(value) for name in (short, long) if name})
        return found

    def test_commands(self):
        real = self.commands()
        del real[""]
        self.assert_same(subsections(ISINFETCH, "COMMANDS"), real, "isinfetch(1), COMMANDS")

    def test_options(self):
        documented = {command: options_of(lines)
                      for command, lines in subsections(ISINFETCH, "COMMANDS").items()}
        documented[""] = options_of(section(ISINFETCH, "OPTIONS"))
        for command, text in self.commands().items():
            real = self.real_options(text)
            if command:
                real = {name: value for name, value in real.items() if name not in ("-h", "--help")}
            where = f"isinfetch(1), isinfetch {command}"
            self.assert_same(documented.get(command, {}), real, where)
            for name, takes_value in real.items():
                self.assertEqual(documented[command][name], takes_value,
                                 f"{where}: {name}: has it a value?")

    def test_arguments(self):
        others = {"subject": "source"}
        for command, text in self.commands().items():
            _, has_some, list_ = text.partition("\nArguments:\n")
            for name in re.findall(r"^  ([A-Z]+)", list_.partition("\n\n")[0], re.M) if has_some else []:
                synopsis = " ".join(subsections(ISINFETCH, "COMMANDS")[command]).partition(".Pp")[0]
                name = name.lower()
                self.assertRegex(synopsis, rf"\bAr {others.get(name, name)}\b",
                                 f"isinfetch(1), isinfetch {command}: its synopsis")

    def test_choices(self):
        script = self.call("completion", "bash", config=False).out
        found = re.findall(r"^ +(.+)\) kind='choice (.+)' ;;", script, re.M)
        self.assertTrue(found)
        for patterns, choices in found:
            command, _, option = patterns.rpartition("'")[0].rpartition("'")[2].rpartition(" ")
            lines = subsections(ISINFETCH, "COMMANDS")[command]
            body = next(body for heading, body in items(lines) if f"Fl {option[1:]}" in heading)
            named = set(re.findall(r"\.Cm ([\w-]+)", "\n".join(body)))
            self.assert_same(named, choices.split(), f"isinfetch(1), isinfetch {command} {option}")


    def test_json_shapes(self):
        """Every command that prints JSON is named once."""
        documented = []
        for _, body in items(section(ISINFETCH, "JSON")):
            for line in body[:body.index("So does") if "So does" in body else None]:
                if line.startswith(".Cm "):
                    documented.append(line[4:].rstrip(" ,;."))
        real = [command for command, text in self.commands().items()
                if re.search(r"^  -o, --output-format", text, re.M)]
        self.assertEqual(sorted(documented), sorted(real))


class ExitStatus(ManualTest):
    def documented(self):
        statuses = {}
        for heading, body in items(section(ISINFETCH, "EXIT STATUS")):
            statuses.update({int(number): body for number in re.findall(r"\d+", heading)})
        return statuses

    def real(self):
        text = (SOURCE_DIR / "src/util/error.hpp").read_text()
        enum = re.search(r"enum class ExitCode : int \{(.*?)\};", text, re.S).group(1)
        return {int(number) for number in re.findall(r"= (\d+),", enum)}

    def test_the_manual(self):
        self.assert_same(self.documented(), self.real(), "isinfetch(1), EXIT STATUS")

    def test_the_readme(self):
        rows = re.findall(r"^\| (\d+(?:, \d+)*) \|", (SOURCE_DIR / "README.md").read_text(), re.M)
        self.assert_same({int(n) for row in rows for n in row.split(", ")}, self.real(), "README.md")

    def test_the_units(self):
        unit = SOURCE_DIR / "systemd/service-common.in"
        prevented = re.search(r"^RestartPreventExitStatus=(.*)", unit.read_text(), re.M).group(1)
        for number, body in self.documented().items():
            if 64 <= number < 80:
                self.assertEqual(".Pq again" in "\n".join(body),
                                 str(number) not in prevented.split(),
                                 f"isinfetch(1), EXIT STATUS: {number}: is it tried again?")


class Environment(ManualTest):
    def test_variables(self):
        source = "\n".join(path.read_text() for path in (SOURCE_DIR / "src").rglob("*.cpp"))
        reads = r'(?:getenv|variable|user_directory)\((?:inputs, )?"(\w+)"|name == "([A-Z][A-Z0-9_]+)"'
        real = {one or other for one, other in re.findall(reads, source)}
        self.assertTrue({"HOME", "JOURNAL_STREAM", "STATE_DIRECTORY"} <= real, real)
        documented = set()
        for heading, _ in items(section(ISINFETCH, "ENVIRONMENT")):
            if heading.startswith("Ev ") and "Ar KEY" not in heading:
                documented.update(heading[3:].replace(" ,", "").split())
        self.assert_same(documented, real | READ_BY_LIBCURL, "isinfetch(1), ENVIRONMENT")


class Configuration(ManualTest):
    SECTIONS = {"": "KEYS OF THE TOP LEVEL", "sources.NAME.": "KEYS OF A SOURCE"}
    EXAMPLES = {"store_mode": "0640", "text": "x", "url": "https://www.example/", "path": "/x", "flag": "true",
                "count": "1", "duration": "1s", "age": "2y", "size": "1", "percentage": "1%", "character": ";",
                "time of day": "18:30", "time zone": "Europe/Berlin",
                "list of texts": "[x]", "MIC": "XETR", "currency": "EUR", "mapping of texts": "{x: y}",
                "mapping of lists": "{name: [x, y]}", "store": "sqlite:/x", "format": "csv",
                "sources.NAME.format": "csv", "sources.NAME.discovery": "direct",
                "sources.NAME.csv.encoding": "utf-8", "sources.NAME.dates": "mdy",
                "sources.NAME.html.encoding": "big5", "sources.NAME.isin_from": "cusip",
                "sources.NAME.decimal": "comma",
                "sources.NAME.fixed.encoding": "utf-8", "sources.NAME.fixed.total": "32-42",
                "sources.NAME.select.cfi": "ES", "sources.NAME.select.mic": "XETR",
                "sources.NAME.select.country": "DE", "sources.NAME.select.authority": "DE",
                "sources.NAME.find.missing": "403", "sources.NAME.checksum": "md5:" + 32 * "0",
                "network.max_header": "64KiB", "network.allow_addresses": "[private]",
                "sources.NAME.allow_addresses": "[10.0.0.0/8]",
                "sources.NAME.columns": "{isin: x}", "sources.NAME.other_columns": "{z: y}"}

    def real(self):
        """{path: (type, default)}."""
        lines = self.call("config", "keys", config=False).out.splitlines()[1:]
        rows = [re.split("  +", line, maxsplit=3) for line in lines]
        return {row[0]: (row[1], "" if row[2] == "-" else row[2]) for row in rows}

    def documented(self):
        """{path: (type, default, variable)}."""
        keys = {}
        for prefix, name in self.SECTIONS.items():
            lines = section(YAML, name)
            lines = lines[:lines.index(".Ss Columns")] if ".Ss Columns" in lines else lines
            for heading, body in items(lines):
                text = "\n".join(body)
                type_ = re.search(r"^\.Vt (.+) ,$", text, re.M)
                default = re.search(r'^\.Li "?(.+?)"? [,;]\n\.Ev', text, re.M)
                variable = re.search(r"^\.Ev (\w+)\n\.br$", text, re.M)
                if heading != "Ic sources":
                    keys[prefix + heading.removeprefix("Ic ")] = (
                        type_ and type_.group(1), plain(default.group(1)) if default else "",
                        variable and variable.group(1))
        return keys

    def test_keys(self):
        documented, real = self.documented(), self.real()
        self.assert_same(documented, real, "isinfetch.yaml(5)")
        for key, (type_, default) in real.items():
            self.assertEqual(documented[key][:2], (type_, default), f"isinfetch.yaml(5): {key}")

    def test_types(self):
        lines = section(YAML, "DESCRIPTION")
        documented = {heading[3:] for heading, _ in items(lines) if heading.startswith("Vt ")}
        self.assert_same(documented, {type_ for type_, _ in self.real().values()},
                         "isinfetch.yaml(5), Types")

    def test_every_variable_sets_its_key(self):
        variables = {}
        for key, (type_, _, variable) in self.documented().items():
            variables[variable] = self.EXAMPLES.get(key) or self.EXAMPLES.get(type_)
            self.assertTrue(variables[variable], f"{key}: no example for {type_}")
        self.config.write_text("sources: {name: {url: 'https://www.example/', format: lines}}\n")
        result = self.call("config", "show", "--origin", environment=variables)
        self.assertEqual((result.status, result.err), (0, ""), result)
        for variable in variables:
            self.assertRegex(result.out, rf"# environment {variable}\n",
                             f"isinfetch.yaml(5): {variable} sets nothing")

    def test_columns(self):
        lines = subsections(YAML, "KEYS OF A SOURCE")["Columns"]
        documented = [heading[3:] for heading, _ in items(lines)]
        self.configure("sources: {mine: {url: 'file:///x', format: lines}}\n")
        wrong = self.call("config", "check", "--set", "sources.mine.columns={qqqqq: x}")
        self.assertEqual(wrong.status, 78)
        for field in documented:
            right = self.call("config", "check", "--set", f"sources.mine.columns={{{field}: x}}")
            self.assertEqual(right.status, 0, f"isinfetch.yaml(5), Columns: {field}: {right}")

    def test_the_complete_example_is_correct(self):
        self.config.write_text(displays(section(YAML, "EXAMPLES"))[0])
        result = self.call("config", "check")
        self.assertEqual((result.status, result.err), (0, ""), result)

    def test_formats_and_other_families(self):
        families = {}
        for entry in self.call("formats", "-o", "json", config=False).json():
            families.setdefault(entry["family"], {})[entry["name"]] = entry["summary"]
        source_keys = dict(items(section(YAML, "KEYS OF A SOURCE")))
        for family in ("format", "discovery"):
            body = source_keys.pop(f"Ic {family}")
            documented = set(re.findall(r"^\.Cm (\S+) :$", "\n".join(body), re.M))
            self.assert_same(documented, families[family], f"isinfetch.yaml(5), {family}")
            for name, summary in families[family].items():
                self.assertIn(summary, words(body), f"isinfetch.yaml(5), {family}: {name}")
        body = "\n".join(dict(items(section(YAML, "KEYS OF THE TOP LEVEL")))["Ic store"])
        documented = set(re.findall(r"^\.Ql (\w+):", body, re.M))
        self.assert_same(documented, families["store"], "isinfetch.yaml(5), store")
        lines = dict(items(subsections(ISINFETCH, "COMMANDS")["export"]))["Fl -format Ar format"]
        documented = set(re.findall(r"^\.Cm (\w+)", "\n".join(lines), re.M))
        self.assert_same(documented, families["export"], "isinfetch(1), export --format")
        for name, summary in families["export"].items():
            self.assertIn(summary, words(lines), f"isinfetch(1), export --format: {name}")


class Catalogue(ManualTest):
    def setUp(self):
        super().setUp()
        self.environment["ISINFETCH_CATALOGUE"] = str(SOURCE_DIR / "config/sources.d")

    def documented(self):
        """{publisher: (text before the list, {name: text})}."""
        return {publisher: (words(lines[:lines.index(".Bl -tag -width Ds")]),
                            {heading[3:]: words(body) for heading, body in items(lines)})
                for publisher, lines in subsections(SOURCES, "CATALOGUE").items()}

    def test_sources(self):
        tree = self.call("config", "show", "-o", "json", config=False).json()["sources"]
        documented = self.documented()
        names = [name for _, entries in documented.values() for name in entries]
        self.assert_same(names, tree, "isinfetch-sources(7)")
        self.assert_same(documented, {entry["publisher"] for entry in tree.values()},
                         "isinfetch-sources(7), publishers")
        for name, entry in tree.items():
            about, entries = documented[entry["publisher"]]
            self.assertIn(name, entries, f"isinfetch-sources(7), {entry['publisher']}")
            for key in ("title", "schedule", "homepage"):
                self.assertIn(entry[key].lower(), entries[name].lower(),
                              f"isinfetch-sources(7), {name}: {key}")
            self.assertIn(entry["terms"], about, f"isinfetch-sources(7), {name}: terms")

    def test_the_example_works(self):
        csv, entry, session, *others = displays(section(SOURCES, "ADDING A SOURCE"))
        (self.dir / "listed.csv").write_text(csv)
        url = re.search(r"url: (\S+)", entry).group(1)
        self.configure(entry.replace(url, f"file://{self.dir}/listed.csv"))
        for call in re.findall(r"^\$ isinfetch (.*)", session, re.M):
            result = self.call(*call.split())
            self.assertEqual((result.status, result.err), (0, ""), f"{call}: {result}")
        self.assertEqual(result.out, session.partition("list --source our-exchange\n")[2])
        self.assertEqual(len(others), 3)
        for other in others:
            self.configure("sources:\n  other:\n    url: https://www.exchange.example/\n" + other)
            result = self.call("config", "check")
            self.assertEqual((result.status, result.err), (0, ""), f"{other}: {result}")


class Schema(ManualTest):
    def setUp(self):
        super().setUp()
        (self.dir / "list").write_text("ISIN,Venue\nUS0378331005,XNAS\nGB0002634946,XLON\nUS0,X\n")
        self.configure(f"sources:\n  mine: {{enabled: true, url: 'file://{self.dir}/list',"
                       " format: csv, columns: {isin: ISIN, venue: Venue},"
                       " guards: {max_rejected: 50%}}\n")
        self.assertEqual(self.call("run").status, 0)
        self.store = sqlite3.connect(f"file:{self.state}/isinfetch.db?mode=ro", uri=True)
        self.addCleanup(self.store.close)

    def documented(self, name):
        """{table: {column: is it an integer?}}."""
        return {table: {column: heading.endswith("No (integer)")
                        for heading, _ in items(lines) if heading.startswith("Va ")
                        for column in heading.replace("No (integer)", "").replace(" ,", " ").split()
                        if column != "Va"}
                for table, lines in subsections(SCHEMA, name).items()}

    def real(self, kind):
        names = self.store.execute("SELECT name FROM sqlite_master WHERE type = ? AND"
                                   " name NOT LIKE 'sqlite%'", (kind,)).fetchall()
        # What a view computes has no declared type: the three counts of instrument.
        return {name: {column[1]: column[2] in ("INTEGER", "")
                       for column in self.store.execute(f"PRAGMA table_info({name})")}
                for (name,) in names}

    def test_tables_and_views(self):
        for kind, heading in (("table", "TABLES"), ("view", "TABLE VIEWS")):
            documented, real = self.documented(heading), self.real(kind)
            self.assert_same(documented, real, f"isinfetch-schema(7), {heading}")
            for name, columns in real.items():
                where = f"isinfetch-schema(7), {name}"
                self.assert_same(documented[name], columns, where)
                for column, is_integer in columns.items():
                    self.assertEqual(documented[name][column], is_integer,
                                     f"{where}: {column}: is it an integer?")

    def test_words_of_columns(self):
        """What a CHECK allows is what the manual lists."""
        sql = dict(self.store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        for table, column in (("run_source", "status"), ("file", "role"), ("file", "state"),
                              ("listing", "opened_as"), ("listing", "closed_as")):
            definition = re.search(rf"^    {column} TEXT(.*?)\n(?:    \w|\)|,)", sql[table], re.M | re.S)
            body = dict(items(subsections(SCHEMA, "TABLES")[table]))[f"Va {column}"]
            documented = set(re.findall(r"\w+", " ".join(
                line[4:] for line in body if line.startswith(".Li "))))
            self.assert_same(documented, re.findall(r"'(\w+)'", definition.group(1)),
                             f"isinfetch-schema(7), {table}.{column}")

    def test_firds_fields(self):
        """The table is in no output of the program: its source is read instead."""
        source = (SOURCE_DIR / "src/parse/firds_fields.cpp").read_text()
        rows = re.findall(r'\{"[^"]+",\s*"(\w+)",\s*(\d+),\s*\w+,\s*"([^"]+)"\}', source)
        self.assertGreater(len(rows), 60)
        summaries = {name: (int(number), summary) for name, number, summary in rows}
        lines = section(SCHEMA, "FIRDS")
        about = words(lines[:lines.index(".Bl -tag -width Ds")])
        columns = {name for name in summaries if re.search(rf"\b{name}\b", about)}
        columns |= {"valid_from", "valid_to"}
        documented = {}
        for heading, body in items(lines):
            name, _, number = heading[3:].partition(" No ")
            documented[name] = (int(number.strip("()") or 0), words(body).strip())
        self.assert_same(documented, set(summaries) - columns, "isinfetch-schema(7), FIRDS")
        for name, (number, text) in documented.items():
            where = f"isinfetch-schema(7), FIRDS: {name}"
            self.assertEqual(number, summaries[name][0], where)
            self.assertEqual(text.lower(), summaries[name][1].lower() + ".", where)

    def test_the_queries_work(self):
        queries = displays(section(SCHEMA, "EXAMPLES"))
        self.assertGreater(len(queries), 5)
        for query in queries:
            self.store.execute(query).fetchall()
        everything = self.store.execute(queries[0]).fetchall()
        self.assertEqual(len(everything), 2, everything)


del ManualTest

if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
