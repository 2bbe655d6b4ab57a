"""A market where everything happens that FIRDS files have shown, and a program that is killed at chosen
places: as deterministic as the program is, without waiting for any time to pass."""

import dataclasses
import shutil
import subprocess

from firds_files import Market, period, period_from

TRACER = shutil.which("strace")


class StormMarket(Market):
    """Besides what comes, changes and goes: keys that come back, ends with a correction, ends of what
    was never published, changes of what was never listed."""

    def next_day(self, changes=20):
        ended = sorted(key for key, how in self.gone.items() if how == "terminated")
        super().next_day(changes)
        said = set(self.listed) | set(self.gone)
        for key in self.dice.sample(ended, min(2, len(ended))):
            self._list_again(key)
        for kind in ("correction", "never", "unknown"):
            for _ in range(2):
                getattr(self, f"_{kind}")(said)
        self.dice.shuffle(self.events)

    def _fresh(self):
        """A listing that nobody has heard of."""
        self._list(self.day)
        self.events.pop()
        return list(self.listed.values())[-1]

    def _list_again(self, key):
        listing = self._fresh()
        del self.listed[listing.isin, listing.mic], self.gone[key]
        self.listed[key] = dataclasses.replace(listing, isin=key[0], mic=key[1])
        self.events.append(("NewRcrd", self.listed[key].xml(period_from(self.date))))

    def _correction(self, said):
        untouched = [key for key in sorted(self.listed) if self.listed[key].since < self.date and key in said]
        key = self.dice.choice(untouched)
        listing = dataclasses.replace(self.listed.pop(key), version=77)
        self.gone[key] = "terminated"
        yesterday = self.day.fromordinal(self.day.toordinal() - 1).isoformat()
        self.events.append(("TermntdRcrd", listing.xml(period(yesterday, yesterday), "9999-12-31")))

    def _never(self, said):
        listing = self._fresh()
        del self.listed[listing.isin, listing.mic]
        self.gone[listing.isin, listing.mic] = "terminated"
        self.events.append(("TermntdRcrd", listing.xml("<NvrPblshd>true</NvrPblshd>", "2016-12-01")))

    def _unknown(self, said):
        self.events.append(("ModfdRcrd", self._fresh().xml(period_from(self.date))))


def kill_at(command, environment, call, path, number):
    """Runs the program until it is about to make this system call on this file for the n-th time, and
    kills it there. True when it came that far."""
    return traced(command, environment, "--inject", f"{call}:signal=KILL:when={number}",
                  "-e", f"trace={call}", "-P", path) in (-9, 137)


def count_calls(command, environment, call, path, log):
    """How often it makes the call on that file when nothing happens to it."""
    traced(command, environment, "-e", f"trace={call}", "-P", path, "-o", log)
    with open(log) as lines:
        return sum(f"{call}(" in line for line in lines)


def traced(command, environment, *options):
    quiet = [] if "-o" in options else ["-o", "/dev/null"]
    # The sanitizer's search for leaks cannot work under a tracer.
    done = subprocess.run([TRACER, "-f", *quiet, *map(str, options), *map(str, command)],
                          env={**environment, "ASAN_OPTIONS": "detect_leaks=0"},
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode
