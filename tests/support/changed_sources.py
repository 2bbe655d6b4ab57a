"""Filters compiled files, one path per line, to those that a change touches.

    changed_sources.py REVISION < FILES

Those are the files that differ from REVISION themselves, and for each header that differs and that none
of them includes one file that does: what is wrong in a header shows in any of them, and a header that
everybody includes would else have everything looked at. What the build generated (a unity file) is read
like any other: its includes are absolute, and it differs when one of its sources does.
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


def reached(path):
    """The file and all that it includes, directly or through others."""
    seen, todo = set(), [path]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += includes(current)
    return seen


def chosen(paths, changed):
    """Which of the compiled files `paths` are to be looked at, in their order."""
    within = {path: reached(path) for path in paths}
    picked = {path for path in paths
              if path in changed or any(file in changed for file in includes(path) if file.suffix == ".cpp")}
    for header in sorted(file for file in changed if file.suffix == ".hpp"):
        includers = [path for path in paths if header in within[path]]
        if includers and not picked & set(includers):
            picked.add(min(includers, key=lambda path: (path.stem != header.stem, len(within[path]), str(path))))
    return [path for path in paths if path in picked]


def main():
    listed = subprocess.run(["git", "-C", TOP, "diff", "--name-only", sys.argv[1], "--", "src"],
                            check=True, capture_output=True, text=True).stdout.split()
    changed = {TOP / name for name in listed}
    for path in chosen([pathlib.Path(line.strip()) for line in sys.stdin], changed):
        print(path)


if __name__ == "__main__":
    main()
