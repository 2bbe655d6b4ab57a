"""Every command that changes anything, killed at its system calls: old or new, whole, and nothing left over.

--long: at every one of them, and 2,000 times anywhere. What has to hold is in tests/support/kill_matrix.py.
"""

import contextlib
import itertools
import sys

import frame
from kill_matrix import Matrix, spread
from killing import may_trace
from stage import Stage

RANDOM = 2_000
EACH = 5  # kills of each command in a smoke


def chosen(campaign, matrix, names):
    """(command, call, number): one of each command after the other, so that a slow smoke sees all."""
    places = [[(name, *place) for place in (matrix.places(name) if campaign.long else
                                            spread(matrix.places(name), EACH))] for name in names]
    return [place for row in itertools.zip_longest(*places) for place in row if place]


def at_every_call(campaign, matrix):
    names = [name for name in matrix.commands if campaign.wants(name)]
    for name, call, number in chosen(campaign, matrix, names):
        if campaign.has_time(frame.SMOKE_SECONDS - 3):
            campaign.case(name, f"killed at {call} no. {number}", lambda: matrix.kill(name, call, number))
    for name in names:
        old, new = (matrix.outcomes[name, age] for age in ("old", "new"))
        campaign.note(name, f"of {len(matrix.places(name))} calls; {old} times old, {new} times new")


def anywhere(campaign, matrix):
    """By time, and by call."""
    for number in range(RANDOM):
        name = campaign.random.choice(list(matrix.commands))
        seconds = campaign.random.random() * matrix.expected(name).seconds
        call, count = campaign.random.choice(matrix.places(name))
        if number % 2 and campaign.wants("by time"):
            campaign.case("by time", f"{name} after {seconds:.4f} s", lambda: matrix.kill_after(name, seconds))
        elif campaign.wants("by call"):
            campaign.case("by call", f"{name} at {call} no. {count}", lambda: matrix.kill(name, call, count))


def part(campaign):
    if not may_trace():
        sys.exit("strace may not trace here")
    with contextlib.closing(Stage()) as stage:
        matrix = Matrix(stage)
        at_every_call(campaign, matrix)
        if campaign.long:
            anywhere(campaign, matrix)


if __name__ == "__main__":
    sys.exit(frame.main(part))
