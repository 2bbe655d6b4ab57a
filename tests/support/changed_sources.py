"""Filters compiled files, one path per line, to those that a change touches.

    changed_sources.py REVISION < FILES

A file is touched when it, or a file of src/ that it includes directly or through others, differs from
REVISION. What the build generated (a unity file) is read like any other: its includes are absolute.
"""

import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include "([^"]+)"', re.MULTILINE)
TOP = pathlib.Path(__file__).resolve().parents[2]


def includes(path, known={}):
    if path not in known:
        known[path] = []
        try:
            text = path.read_text()
        except OSError:
            text = ""
        for name in INCLUDE.findall(text):
            # Generated tables have no sources to compare; a change of theirs is one of the .tsv.
            found = [place for place in (TOP / "src" / name, path.parent / name) if place.is_file()]
            known[path] += found[:1]
    return known[path]


def reaches(path, changed):
    seen, todo = set(), [path]
    while todo:
        current = todo.pop()
        if current in changed:
            return True
        if current not in seen:
            seen.add(current)
            todo += includes(current)
    return False


def main():
    listed = subprocess.run(["git", "-C", TOP, "diff", "--name-only", sys.argv[1], "--", "src"],
                            check=True, capture_output=True, text=True).stdout.split()
    changed = {TOP / name for name in listed}
    for line in sys.stdin:
        path = pathlib.Path(line.strip())
        if reaches(path, changed):
            print(path)


if __name__ == "__main__":
    main()
