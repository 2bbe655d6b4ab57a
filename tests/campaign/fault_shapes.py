"""The ways in which publishers publish, each with an old list and a new one that differs in every record: a
mixture of both is neither."""

import datetime
import email.utils
import hashlib
import io
import json
import time
import zipfile

from firds_files import Market, lei
from firds_index import FirdsIndex
from harness import many_isins, status

DAY = 86400
OLD_TIME, NEW_TIME = (time.time() - days * DAY for days in (6, 2))
BETWEEN = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 4 * DAY))
OLD_DATE, NEW_DATE = (email.utils.formatdate(when, usegmt=True) for when in (OLD_TIME, NEW_TIME))
OLD_DAY, NEW_DAY = (datetime.datetime.fromtimestamp(when, datetime.timezone.utc).date() for when in (OLD_TIME, NEW_TIME))
ISINS = list(many_isins(260))


def rows(version):
    """(ISIN, name) of the old list, 1, or the new one, 2: two are gone, some have come."""
    isins = ISINS[:240] if version == 1 else ISINS[2:250]
    return [(isin, f"Company {isin[4:9]} v{version}") for isin in isins]


def csv(pairs):
    return b"ISIN;Name\n" + "".join(f"{isin};{name}\n" for isin, name in pairs).encode()


def packed(data, name="list.csv"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


class Shape:
    """`publish(1)` and `publish(2)` make it answer rightly with the old and the new list."""
    path = "/list.csv"
    keys = "    format: csv\n    columns: {isin: ISIN, name: Name}\n"
    known = ISINS[5]  # an ISIN of both lists
    between = BETWEEN  # when the old list was the newest one; "": it tells no time

    def __init__(self, scene):
        self.scene, self.answers = scene, scene.publisher.answers

    def truth(self, version):
        return {(isin, "", name) for isin, name in rows(version)}

    def publish(self, version):
        raise NotImplementedError

    @staticmethod
    def body(version):
        return csv(rows(version))

    def send(self, path, version, body=None):
        """The list in one file, with validators."""
        body = self.body(version) if body is None else body
        self.answers[path] = status(200, body, ETag=f'"{version}"', Last_Modified=[OLD_DATE, NEW_DATE][version - 1],
                                    Content_Type="text/csv")


class List(Shape):
    def publish(self, version):
        self.send(self.path, version)


class Plain(List):
    """A list of which nothing is told."""
    between = ""

    def publish(self, version):
        self.answers[self.path] = status(200, self.body(version))


class Checked(List):
    """A list beside which its checksum is published."""

    def __init__(self, scene):
        super().__init__(scene)
        self.keys = Shape.keys + f"    checksum: '{scene.url('/list.md5')}'\n"

    def publish(self, version):
        super().publish(version)
        self.answers["/list.md5"] = status(200, f"{hashlib.md5(self.body(version)).hexdigest()}  list.csv\n".encode())


class Links(Shape):
    """A page leads to the list."""
    path = "/lists/"
    keys = Shape.keys + "    discovery: link-page\n    find: {link: '*/all*.csv'}\n"

    def publish(self, version):
        self.answers[self.path] = status(200, self.page(f"/data/{version}/all.csv"))
        self.send(f"/data/{version}/all.csv", version)

    @staticmethod
    def page(*links):
        anchors = "".join(f"<p><a href='{link}'>list</a>" for link in ("/about", *links))
        return f"<!DOCTYPE html><html><head><title>Lists</title></head>{anchors}".encode()


class Paged(Shape):
    between = ""
    path = "/list.csv?page={page}"
    keys = Shape.keys + "    discovery: paged\n    find: {limit: 10}\n"

    def publish(self, version):
        pairs = rows(version)
        for number in range(1, 5):
            self.answers[f"/list.csv?page={number}"] = status(200, csv(pairs[(number - 1) * 90:number * 90]))


class Counted(Shape):
    """Pages of JSON that say how many rows there are."""
    between = ""
    path = "/list.json?page={page}"
    keys = ("    format: json\n    json: {rows: data}\n    columns: {isin: ISIN, name: Name}\n    discovery: paged\n"
            "    find: {limit: 10, total: total}\n")

    def publish(self, version):
        for number in range(1, 4):
            self.answers[f"/list.json?page={number}"] = status(200, self.page(version, number))

    @staticmethod
    def page(version, number, total=None):
        pairs = rows(version)
        part = [{"ISIN": isin, "Name": name} for isin, name in pairs[(number - 1) * 90:number * 90]]
        return json.dumps({"total": len(pairs) if total is None else total, "data": part}).encode()


class Dated(Shape):
    path = "/list_{%Y%m%d}.csv"
    keys = Shape.keys + "    discovery: dated\n    find: {days_back: 9}\n"

    def publish(self, version):
        self.send(self.path_of(version), version)

    @staticmethod
    def path_of(version):
        return f"/list_{[OLD_DAY, NEW_DAY][version - 1]:%Y%m%d}.csv"


class Numbered(Shape):
    path = "/list{n}.csv"
    keys = Shape.keys + "    discovery: numbered\n    find: {first: 7, gap: 2, limit: 20}\n"

    def publish(self, version):
        self.send(f"/list{6 + version}.csv", version)


class Gleif(Shape):
    path = "/api/v2/isin-lei/latest"
    keys = "    discovery: gleif\n    format: csv\n    columns: {isin: ISIN, lei: LEI, name: Name}\n"

    def publish(self, version):
        self.announce(version)
        self.answers[f"/file/{version}"] = status(200, self.body(version))

    def body(self, version):
        return packed("LEI,ISIN,Name\n" + "".join(f"{lei(int(isin[4:10]))},{isin},{name}\n"
                                                  for isin, name in rows(version)))

    def announce(self, version, **changed):
        attributes = {"fileName": f"isin-lei-{version}.zip", "uploadedAt":
                      f"{[OLD_DAY, NEW_DAY][version - 1]}T07:15:13Z", "downloadLink": self.scene.url(f"/file/{version}")}
        self.answers[self.path] = status(200, json.dumps({"data": {"attributes": {**attributes, **changed}}}).encode())


class Firds(Shape):
    """A full list on the old day, a delta in two parts on the new one. `market.files` is what the index lists."""
    path = "/solr/esma_registers_firds_files/select"
    between = OLD_DAY.isoformat()
    method = "firds-index"

    def __init__(self, scene):
        super().__init__(scene)
        self.keys = f"    discovery: {self.method}\n    format: firds\n"
        self.index = FirdsIndex(most=2, publisher=scene.publisher)
        self.index.url = scene.url
        self.market = Market(scene.dir / "files", OLD_DAY, 60, letters="ED", seed=6166)
        self.market.publish_full()
        self.old = self._listed()
        first = list(self.market.files)
        self.market.next_day(25)
        self.day = self.market.date
        self.market.publish_delta(parts=2)
        self.new = self._listed()
        self.known = next(isin for isin, mic, _ in sorted(self.old) if isin in {each[0] for each in self.new})
        self.parts = [file for file in self.market.files if file not in first]
        self.right = [dict(file) for file in self.market.files]

    def _listed(self):
        return {(isin, mic, each.name) for (isin, mic), each in self.market.listed.items()}

    def truth(self, version):
        return self.old if version == 1 else self.new

    def publish(self, version):
        for file, right in zip(self.market.files, self.right):
            file.update(right)
        self.index.files = [file for file in self.market.files if version == 2 or file not in self.parts]
        self.index.broken.clear()
        self.index.instead = None
        self.index.published = lambda file: True
        self.answers.clear()


class Fca(Firds):
    path = "/fca_data_firds_files"
    method = "fca-index"
