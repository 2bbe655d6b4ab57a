"""Twelve publishers and a feed of events, whose lists change from day to day, and the truth about them: what
each list said on which day. Knows nothing of how the program keeps it."""

import datetime
import gzip
import io
import json
import os
import zipfile
from xml.sax.saxutils import escape

from firds_files import Market
from firds_index import FirdsIndex
from harness import many_isins
from stage import Publisher
from workbook import workbook

COLUMNS = "columns: {isin: ISIN, name: Name}"


def table(rows, between=","):
    return "\n".join(between.join(row) for row in [("ISIN", "Name"), *rows]) + "\n"


def packed(rows):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("list.csv", (2027, 1, 1, 0, 0, 0)), table(rows))
    return data.getvalue()


def html(rows):
    cells = "".join(f"<tr><td>{isin}</td><td>{escape(name)}</td></tr>" for isin, name in rows)
    return f"<html><body><table><tr><th>ISIN</th><th>Name</th></tr>{cells}</table></body></html>"


def xml(rows):
    return "<list>" + "".join(f"<row><ISIN>{isin}</ISIN><Name>{escape(name)}</Name></row>"
                              for isin, name in rows) + "</list>"


# Source: (its format and settings, its file, how its rows become bytes). The way of discovery is direct
# unless `Source` says otherwise.
FORMATS = {
    "csv": (f"format: csv, {COLUMNS}", "a.csv", table),
    "tabs": (f"format: csv, {COLUMNS}", "b.txt", lambda rows: table(rows, "\t")),
    "gzip": (f"format: csv, {COLUMNS}", "c.csv.gz", lambda rows: gzip.compress(table(rows).encode(), mtime=0)),
    "zip": (f"format: csv, {COLUMNS}", "d.zip", packed),
    "json": (f"format: json, {COLUMNS}", "e.json",
             lambda rows: json.dumps([{"ISIN": isin, "Name": name} for isin, name in rows])),
    "xml": (f"format: xml, xml: {{rows: row}}, {COLUMNS}", "f.xml", xml),
    "html": (f"format: html-table, {COLUMNS}", "g.html", html),
    "fixed": ("format: fixed, columns: {isin: 1-12, name: 14-60}", "h.txt",
              lambda rows: "".join(f"{isin} {name:<47}\n" for isin, name in rows)),
    "xlsx": (f"format: xlsx, {COLUMNS}", "i.xlsx", lambda rows: workbook(("List", [("ISIN", "Name"), *rows]))),
    "paged": (f"discovery: paged, find: {{limit: 9}}, format: csv, {COLUMNS}", "j.csv?page={page}", None),
    "linked": (f"discovery: link-page, find: {{link: '*/k-*.csv'}}, format: csv, {COLUMNS}", "lists/", None),
    "local": ("format: lines", None, None),
}
PAGE = 20


class World:
    def __init__(self, directory, first, dice, rows=30):
        self.directory, self.dice, self.day = directory, dice, first
        self.publisher, self.index = Publisher(), FirdsIndex(most=100)
        numbers = list(many_isins(rows * len(FORMATS) * 40))
        self.fresh = {name: iter(numbers[at::len(FORMATS)]) for at, name in enumerate(FORMATS)}
        self.rows = {name: {next(self.fresh[name]): f"{name} {number} plc" for number in range(rows)}
                     for name in FORMATS}
        self.market = Market(directory / "files", first, rows, dice.randrange(1000), "EDR")
        self.index.files = self.market.files
        self.events = {}  # day: what the feed says is listed
        self.market.publish_full()
        self.begin()

    def close(self):
        self.publisher.stop()
        self.index.stop()

    def configuration(self):
        guards = "guards: {max_shrink: 100%, detect_cut: false}"
        text = ""
        for name, (settings, file, _) in FORMATS.items():
            url = self.publisher.url(file) if file else f"file://{self.directory}/local.txt"
            text += f"  {name}: {{enabled: true, allow_http: true, url: '{url}', {guards}, {settings}}}\n"
        feed = self.index.url("/solr/esma_registers_firds_files/select")
        return text + f"  feed: {{enabled: true, discovery: firds-index, format: firds, url: '{feed}'}}\n"

    def begin(self):
        """Everything of the first day."""
        for name in FORMATS:
            self._publish(name)
        self._remember()

    def next_day(self):
        self.day += datetime.timedelta(days=1)
        for name in FORMATS:
            if self.dice.random() < 0.6:
                self._change(name)
                self._publish(name)
        self.market.next_day(4)
        self.market.publish_delta(parts=1 + self.dice.randrange(2))
        if self.day.weekday() == 5:
            self.market.publish_full()
        self._remember()

    def _remember(self):
        self.events[self.day.isoformat()] = {key: each.name for key, each in self.market.listed.items()}

    def _change(self, name):
        rows = self.rows[name]
        for isin in self.dice.sample(sorted(rows), 3):
            rows[isin] = f"{name} renamed on {self.day}"
        del rows[self.dice.choice(sorted(rows))]
        rows[next(self.fresh[name])] = f"{name} new on {self.day}"

    def _publish(self, name):
        rows, (_, file, render) = list(self.rows[name].items()), FORMATS[name]

        def publish(path, body, day):
            self.publisher.publish(path, body, day, hour=0)
        if name == "local":
            path = self.directory / "local.txt"
            path.write_text("".join(f"{isin}\n" for isin, _ in rows))
            stamp = datetime.datetime.combine(self.day, datetime.time(), datetime.timezone.utc).timestamp()
            os.utime(path, (stamp, stamp))
        elif name == "paged":
            pages = [rows[at:at + PAGE] for at in range(0, len(rows), PAGE)] + [[]]
            for number, page in enumerate(pages, 1):
                publish(file.format(page=number), table(page).encode(), self.day)
        elif name == "linked":
            link = f"k-{self.day}.csv"
            publish(file + link, table(rows).encode(), self.day)
            publish(file, f"<html><a href='{link}'>the list</a></html>".encode(), self.day)
        else:
            body = render(rows)
            publish(file, body if isinstance(body, bytes) else body.encode(), self.day)

    def paths(self):
        """Of what is asked for, for a publisher to fail at."""
        return [path for path in self.publisher.files if not path.startswith("lists/k-")]

    def said(self, name):
        """What the list says today, {isin: name}."""
        return {isin: "" if name == "local" else title for isin, title in self.rows[name].items()}
