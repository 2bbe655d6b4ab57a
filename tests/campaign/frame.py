"""What the parts of the campaign share: their command line, one seed for all chance, one table at the end.

A part is a script PART.py of this folder that ends with `sys.exit(frame.main(PART_FUNCTION))`. Its function
takes a Campaign, tells it every case, and returns nothing. By hand:

    python3 tests/campaign/PART.py [--long] [--seed N] [--only TEXT]
"""

import argparse
import collections
import os
import pathlib
import random
import secrets
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

# A part of the smoke that runs with every change ends by itself after so long, in seconds.
SMOKE_SECONDS = 30


class Campaign:
    """Counts the cases of one part by class, and keeps what went wrong."""

    def __init__(self, name, seed, long, only):
        self.name, self.seed, self.long, self.only = name, seed, long, only
        self.random = random.Random(seed)
        self.began = time.monotonic()
        self.cases = collections.Counter()
        self.failures = collections.defaultdict(list)
        self.notes = {}

    def wants(self, kind):
        """Is this class of cases among those asked for by --only?"""
        return self.only in kind

    def has_time(self, seconds=SMOKE_SECONDS):
        """False once a smoke has used its time; the long mode goes through all of its cases."""
        return self.long or time.monotonic() - self.began < seconds

    def case(self, kind, what, check):
        """One case: `check()` returns nothing, or raises or returns the words of what is wrong."""
        self.cases[kind] += 1
        try:
            wrong = check()
        except Exception:  # a case that fails must not end the others
            wrong = traceback.format_exc()
        if wrong:
            self.failures[kind].append((what, str(wrong)))
            print(f"FAILED {kind}: {what}\n{wrong}", file=sys.stderr, flush=True)
        return not wrong

    def note(self, kind, text):
        """A measured figure beside the counts of this class, such as a peak of memory."""
        self.notes[kind] = text

    def table(self):
        width = max(map(len, self.cases), default=5)
        lines = [f"{'class':{width}}  {'cases':>6}  {'failed':>6}"]
        for kind, count in self.cases.items():
            lines.append(f"{kind:{width}}  {count:6}  {len(self.failures[kind]):6}  {self.notes.get(kind, '')}".rstrip())
        failed = sum(map(len, self.failures.values()))
        lines.append(f"{self.name}: {sum(self.cases.values())} cases, {failed} failed, "
                     f"{time.monotonic() - self.began:.0f} s, --seed {self.seed}")
        return "\n".join(lines)


def main(part):
    """Runs one part and returns its exit status: 1 when a case failed or there was none."""
    reader = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__.splitlines()[0])
    reader.add_argument("--long", action="store_true", help="all of its cases, for as long as they take")
    reader.add_argument("--seed", type=int, default=None, help="what all chance follows; printed at the end")
    reader.add_argument("--only", default="", help="only classes of cases whose name has this text")
    options = reader.parse_args()
    # A smoke repeats the same cases each time: a change that fails it failed it, not chance.
    seed = options.seed if options.seed is not None else secrets.randbelow(2**32) if options.long else 1
    name = pathlib.Path(sys.modules["__main__"].__file__).stem
    campaign = Campaign(name, seed, options.long, options.only)
    part(campaign)
    print(campaign.table(), flush=True)
    return 0 if campaign.cases and not any(campaign.failures.values()) else 1


if os.environ.get("ISINFETCH_BIN") is None:
    os.environ["ISINFETCH_BIN"] = str(pathlib.Path(__file__).resolve().parents[2] / "build/release/bin/isinfetch")
