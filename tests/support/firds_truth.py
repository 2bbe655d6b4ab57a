"""What a store has to hold once FIRDS files were applied: a reference model, from the files alone.

Reads them with Python's own XML parser and keeps every key's versions by the rules that
isinfetch-schema(7) documents, in the order of publication: of one day the delta, the full list, what
was cancelled. Knows nothing of how the program does it.
"""

import collections
import dataclasses
import datetime
import re
import xml.etree.ElementTree as ElementTree
import zipfile

ROLES = ("DLTINS", "FULINS", "FULCAN")  # as they are applied


@dataclasses.dataclass
class Version:
    name: str
    content: tuple  # all that a record says, but for its period
    published: str
    opened_as: str
    valid_from: str
    valid_to: str = ""
    superseded: str = ""
    closed_as: str = ""
    cancelled: str = ""

    @property
    def is_open(self):
        return not self.superseded

    def row(self):
        return (self.name, self.published, self.superseded, self.opened_as, self.closed_as,
                self.valid_from, self.valid_to, self.cancelled)


def local(element):
    return element.tag.partition("}")[2] or element.tag


def leaves(element, path=""):
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    if not len(element):
        yield path, (element.text or "").strip()
    for child in element:
        yield from leaves(child, f"{path}/{local(child)}".lstrip("/"))


def records(path):
    """Kind of record, key, name, content, first and last day, of one file."""
    with zipfile.ZipFile(path) as packed:
        root = ElementTree.fromstring(packed.read(packed.namelist()[0]))
    for element in root.iter():
        if local(element) not in ("RefData", "NewRcrd", "ModfdRcrd", "TermntdRcrd", "CancRcrd", "CxlData"):
            continue
        values = list(leaves(element))
        days = {path.rsplit("/", 1)[1]: text[:10] for path, text in values if "/PblctnPrd/" in path}
        named = dict(values)
        key = named["FinInstrmGnlAttrbts/Id"], named["TradgVnRltdAttrbts/Id"]
        content = tuple(sorted(pair for pair in values if "/PblctnPrd" not in pair[0]))
        yield (local(element), key, named.get("FinInstrmGnlAttrbts/FullNm", ""), content,
               days.get("FrDt", ""), days.get("ToDt", ""))


def day_before(day):
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat() if day else ""


class Truth:
    """Publications in the order of `files`, which are dictionaries as firds_files.Market makes them."""

    def __init__(self, files):
        self.keys = collections.defaultdict(list)
        self._had_full = False
        sets = collections.defaultdict(list)
        for file in files:
            sets[file["publication_date"], ROLES.index(file["file_type"])].append(file["path"])
        for (day, role), paths in sorted(sets.items()):
            said = [record for path in paths for record in records(path)]
            if ROLES[role] == "FULINS":
                self._list_all(day, said)
            else:
                for record in said:
                    self._take(day, *record)

    def rows(self):
        """Every version that there ever was."""
        return sorted((*key, *version.row()) for key, versions in self.keys.items() for version in versions)

    def listed(self):
        return {key: versions[-1].name for key, versions in self.keys.items()
                if versions and versions[-1].is_open}

    def _close(self, version, day, closed_as, next_from):
        version.superseded = day
        version.closed_as = closed_as
        version.valid_to = day_before(next_from)

    def _take(self, day, kind, key, name, content, first, last):
        versions = self.keys[key]
        before = versions[-1] if versions else None
        if before and (before.superseded, before.closed_as) == (day, "missing_in_full"):
            before.superseded = before.closed_as = ""  # events of its day win over a full list
        if kind in ("CancRcrd", "CxlData"):
            self._cancel(day, versions, before)
        elif kind == "TermntdRcrd":
            self._terminate(day, versions, before, Version(name, content, day, "terminated",
                                                           first or day, last, day, "terminated"))
        else:
            self._say(day, versions, before, Version(name, content, day, "added", first or day))

    def _say(self, day, versions, before, version):
        if before and before.is_open:
            if (before.content, before.valid_from) == (version.content, version.valid_from):
                return
            version.opened_as = "cosmetic" if plain(before) == plain(version) else "changed"
            self._close(before, day, version.opened_as, version.valid_from)
        versions.append(version)

    def _terminate(self, day, versions, before, version):
        if before and before.opened_as == "terminated" and (before.content, before.valid_from, before.valid_to) == (
                version.content, version.valid_from, version.valid_to):
            return
        if before and before.is_open:
            self._close(before, day, "terminated", version.valid_from)
        versions.append(version)

    def _cancel(self, day, versions, before):
        if before and before.opened_as == "cancelled":
            before.superseded = day
            return
        if before and before.is_open:
            self._close(before, day, "cancelled", "")
        versions.append(Version("", (), day, "cancelled", "", "", day, "cancelled"))
        for version in versions:
            version.cancelled = version.cancelled or day

    def _list_all(self, day, said):
        listed = {key: (name, content, first) for _, key, name, content, first, _ in said}
        for key in set(self.keys) | set(listed):
            versions = self.keys[key]
            before = versions[-1] if versions else None
            is_open = before is not None and before.is_open
            if before is not None and before.published == day:
                continue
            if key not in listed:
                if is_open:
                    self._close(before, day, "missing_in_full", "")
                continue
            name, content, first = listed[key]
            if is_open and before.content == content:
                continue
            if is_open:
                self._close(before, day, "changed", first)
            is_first = not versions and not self._had_full
            versions.append(Version(name, content, day, "added" if is_first else "reconciled", first))
        self._had_full = True


def plain(version):
    """Without what is cosmetic: case and blanks."""
    return [(path, re.sub(r"\s+", " ", text).strip().lower()) for path, text in version.content]
