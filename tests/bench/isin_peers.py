"""How long Debian's python3-stdnum takes to check ISINs, for comparison with `isinfetch check`.

One thread, a generated set that is the same in every run: prefixes and national numbers as in real
lists, one in a hundred broken. Prints seconds per million; the other benchmarks import
stdnum_seconds_per_isin() and measure it beside their own work, on the same data.
"""

import argparse
import random
import time

# Prefix: its weight in the sample, the characters that its national numbers begin with, of how many
# characters what follows is, and of which alphabet. As in ESMA FIRDS and the lists of exchanges.
DIGITS = "0123456789"
MIXED = DIGITS + "ABCDEFGHJKLMNPQRSTUVWXYZ"
SHAPES = {
    "DE": (50, "000", 6, MIXED),
    "US": (14, "", 9, DIGITS),
    "FR": (7, "00", 7, DIGITS),
    "CH": (5, "0", 8, DIGITS),
    "GB": (4, "00B", 6, MIXED),
    "XS": (4, "", 9, DIGITS),
    "IE": (4, "00B", 6, MIXED),
    "LU": (3, "", 9, DIGITS),
    "NL": (3, "00", 7, DIGITS),
    "IN": (3, "E", 8, MIXED),
    "JP": (2, "3", 8, DIGITS),
    "AU": (1, "0000", 5, MIXED),
}
BROKEN_SHARE = 0.01


def check_digit(body):
    """The loop that everybody writes: letters expanded into a string, Luhn over it."""
    digits = "".join(str(int(c, 36)) for c in body)
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - i % 2)
        total += value // 10 + value % 10
    return str(-total % 10)


def broken(isin, dice):
    """The ISIN with another character in one place: what remains may be of the wrong form."""
    place = dice.randrange(2, 12)
    other = dice.choice([c for c in MIXED if c != isin[place]])
    return isin[:place] + other + isin[place + 1:]


def sample_isins(count, seed=6166):
    """`count` ISINs, the same for the same arguments; one in a hundred has one wrong character."""
    dice = random.Random(seed)
    prefixes = dice.choices(list(SHAPES), [shape[0] for shape in SHAPES.values()], k=count)
    isins = []
    for prefix in prefixes:
        _, start, length, alphabet = SHAPES[prefix]
        body = prefix + start + "".join(dice.choices(alphabet, k=length))
        isin = body + check_digit(body)
        isins.append(broken(isin, dice) if dice.random() < BROKEN_SHARE else isin)
    return isins


def stdnum_seconds_per_isin(sample):
    """The mean over the sample, by the clock, with the module loaded and warm."""
    from stdnum import isin

    for text in sample[:1000]:
        isin.is_valid(text)
    start = time.perf_counter()
    for text in sample:
        isin.is_valid(text)
    return (time.perf_counter() - start) / len(sample)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    sample = sample_isins(parser.parse_args().count)
    from stdnum import __version__, isin
    good = sum(isin.is_valid(text) for text in sample)
    seconds = stdnum_seconds_per_isin(sample)
    print(f"python3-stdnum {__version__}: {1e6 * seconds:.2f} s per million ISINs "
          f"({len(sample)} checked, {good} found valid, {1 / seconds:.0f}/s)")


if __name__ == "__main__":
    main()
