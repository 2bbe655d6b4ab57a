"""A disk that loses its power: what was written, named and synced, played again up to any moment, with
what had not been synced by then there, missing, or torn.

The rules are those of POSIX at their worst. Bytes of a file are safe once it was synced, in sectors of 512
until then, each old or new whatever came before it. A name is safe once its folder was synced; until then
names come and go one by one, but a rename is one thing, and what came later to the same name needs what
came before. What was synced stays.
"""

import dataclasses
import pathlib
import struct

SECTOR = 512
HEAD = struct.Struct("<c5Q")


@dataclasses.dataclass(eq=False)
class File:
    bytes: bytearray  # that are safe
    mode: int = 0o600
    pending: list = dataclasses.field(default_factory=list)  # (place, data), or (size, None)

    def apply(self, place, data):
        if data is None:
            del self.bytes[place:]
            self.bytes.extend(bytes(place - len(self.bytes)))
        else:
            self.bytes.extend(bytes(max(0, place - len(self.bytes))))
            self.bytes[place:place + len(data)] = data

    def sync(self):
        for change in self.pending:
            self.apply(*change)
        self.pending = []


@dataclasses.dataclass(eq=False)
class Folder:
    names: dict


@dataclasses.dataclass(eq=False)
class Naming:
    """One change of names: [(folder, name, what it becomes or None)]."""

    changes: list

    def touches(self, other):
        return any(a[:2] == b[:2] for a in self.changes for b in other.changes)

    def of(self, folder):
        return any(change[0] is folder for change in self.changes)

    def apply(self):
        for folder, name, becomes in self.changes:
            if becomes is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = becomes


class Disk:
    """The tree below `root` as it is now, and safe; `by_number` are all of its inodes."""

    def __init__(self, root):
        self.by_number = {}
        self.naming = []  # that is not safe yet
        self.root = self._load(pathlib.Path(root))

    def _load(self, path):
        status = path.lstat()
        if path.is_dir():
            made = Folder({})
            for child in path.iterdir():
                made.names[child.name] = self._load(child)
        else:
            made = self.by_number.get(status.st_ino) or File(bytearray(path.read_bytes()), status.st_mode & 0o777)
        self.by_number[status.st_ino] = made
        return made

    def play(self, what, a, b, one, two):
        """One record of the log."""
        subject = self.by_number.get(a)
        if what == b"T":
            self.by_number[a] = File(bytearray())
        elif subject is None:
            return
        elif what in b"CD":
            made = self.by_number[b] = File(bytearray()) if what == b"C" else Folder({})
            self._name([(subject, one.decode(), made)])
        elif what == b"L":
            self._name([(subject, one.decode(), self.by_number[b])])
        elif what == b"U":
            self._name([(subject, one.decode(), None)])
        elif what == b"R":
            moved = self._seen(subject)[one.decode()]
            self._name([(subject, one.decode(), None), (self.by_number[b], two.decode(), moved)])
        elif what == b"W":
            subject.pending.append((b, one))
        elif what == b"S":
            subject.pending.append((b, None))
        elif what == b"F":
            self._sync(subject)

    def _name(self, changes):
        self.naming.append(Naming(changes))

    def _sync(self, subject):
        if isinstance(subject, File):
            subject.sync()
        else:
            chosen = self._with_what_it_needs([each for each in self.naming if each.of(subject)])
            self.naming = [each for each in self.naming if each not in chosen]
            for each in chosen:
                each.apply()

    def _with_what_it_needs(self, chosen):
        result = list(chosen)
        for each in reversed(self.naming):
            if each not in result and any(each.touches(later) for later in result
                                          if self.naming.index(later) > self.naming.index(each)):
                result.append(each)
        return sorted(result, key=self.naming.index)

    def _seen(self, folder):
        """The names as processes see them."""
        names = dict(folder.names)
        for naming in self.naming:
            for where, name, becomes in naming.changes:
                if where is folder:
                    names.pop(name, None)
                    if becomes is not None:
                        names[name] = becomes
        return names

    def after_power_cut(self, keep_name, keep_data):
        """{path: bytes, or None of a folder}: of the names not safe yet, those that keep_name(naming) gives,
        with what they need; of the bytes, those that keep_data(file) gives: a list of changes."""
        chosen = self._with_what_it_needs([each for each in self.naming if keep_name(each)])
        names = {}
        for naming in chosen:
            for folder, name, becomes in naming.changes:
                names.setdefault(folder, dict(folder.names))
                names[folder].pop(name, None)
                if becomes is not None:
                    names[folder][name] = becomes
        found = {}
        self._collect(self.root, "", names, keep_data, found)
        return found

    def _collect(self, folder, path, names, keep_data, found):
        for name, what in names.get(folder, folder.names).items():
            place = f"{path}{name}"
            if isinstance(what, Folder):
                found[place] = None
                self._collect(what, place + "/", names, keep_data, found)
            else:
                copy = File(bytearray(what.bytes))
                for change in keep_data(what):
                    copy.apply(*change)
                found[place] = bytes(copy.bytes)


def records(log):
    """(what, number, number, text, text) of all that was written down."""
    data = pathlib.Path(log).read_bytes()
    place = 0
    while place < len(data):
        what, a, b, _, one, two = HEAD.unpack_from(data, place)
        place += HEAD.size
        yield what, a, b, data[place:place + one], data[place + one:place + one + two]
        place += one + two


def torn(dice, share):
    """Of the bytes of each write, some sectors."""
    def keep(file):
        kept = []
        for place, data in file.pending:
            if data is None:
                kept += [(place, data)] * (dice.random() < share)
                continue
            at = 0
            while at < len(data):
                end = min(len(data), (place + at) // SECTOR * SECTOR + SECTOR - place)
                if dice.random() < share:
                    kept.append((place + at, data[at:end]))
                at = end
        return kept
    return keep


def everything(file):
    return file.pending


def nothing(file):
    return ()


def write_tree(root, tree):
    root.mkdir(parents=True, exist_ok=True)
    for path, data in tree.items():
        if data is None:
            (root / path).mkdir(exist_ok=True)
        else:
            (root / path).write_bytes(data)


def read_tree(root):
    root = pathlib.Path(root)
    return {str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
            for path in sorted(root.rglob("*"))}


