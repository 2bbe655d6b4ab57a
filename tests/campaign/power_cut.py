"""The power goes at any moment of a command: what was not synced is there, missing or torn, and the store whole.

One call is written down with all its writes, names and syncs, and played again up to each moment
(tests/support/power.py). Then the store is old or new, verify finds nothing, the next call succeeds; and once
the program had ended with 0, all of it is there. --long: at every moment, with more chance.
"""

import contextlib
import hashlib
import shutil
import subprocess
import sys

import frame
import power
import shim
from kill_matrix import Matrix, spread
from stage import Stage

MOMENTS, TORN, TORN_LONG = 3, 1, 4
OWN = "tmp"  # what is aside for a moment, and made by the C library inside


class Recording:
    """What one call changed, in its order."""

    def __init__(self, matrix, name, library):
        self.matrix, self.name, stage = matrix, name, matrix.stage
        matrix.expected(name)
        stage.enter(matrix.commands[name].scene)
        self.start = stage.dir / "start"
        shutil.rmtree(self.start, ignore_errors=True)
        self.disk = power.Disk(stage.here)
        log = stage.dir / "log"
        log.unlink(missing_ok=True)
        done = subprocess.run(
            stage.words(*matrix.commands[name].words), capture_output=True, text=True,
            env=shim.preloaded(stage.environment, library, DISK_LOG=str(log), DISK_ROOT=str(stage.here)))
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.returncode}\n{done.stdout}{done.stderr}")
        self.records = list(power.records(log))
        self.end = power.read_tree(stage.here)

    def complete(self):
        """Nothing escaped the shim: played to its end, it is what there is."""
        played = self.disk.after_power_cut(lambda naming: True, power.everything)
        different = {path for path in {*played, *self.end} if played.get(path, 0) != self.end.get(path, 0)}
        return {path for path in different if not path.endswith("-shm") and not path.startswith(OWN)}


def states(disk, dice, torn):
    """(how it looks, the tree) after the power went now."""
    every, none = (lambda naming: True), (lambda naming: False)
    yield "all of it", disk.after_power_cut(every, power.everything)
    yield "what was synced", disk.after_power_cut(none, power.nothing)
    yield "names without bytes", disk.after_power_cut(every, power.nothing)
    yield "bytes without names", disk.after_power_cut(none, power.everything)
    for _ in range(torn):
        share = dice.random()
        some = {id(each): dice.random() < share for each in disk.naming}
        yield "torn", disk.after_power_cut(lambda naming: some[id(naming)], power.torn(dice, share))


def digest(tree):
    named = sorted((path, data) for path, data in tree.items() if not path.endswith("-shm"))
    return hashlib.sha256(repr(named).encode()).digest()


def judge(matrix, name, tree, is_over, twice):
    stage = matrix.stage
    shutil.rmtree(stage.here)
    power.write_tree(stage.here, tree)
    (stage.here / OWN).mkdir(exist_ok=True)
    stage.show(stage.day_of(matrix.commands[name].scene))
    wrong = matrix.look_at_state(name, must_be_new=is_over)
    if twice:
        wrong += matrix.call_again(name)
    return "\n".join(wrong)


def cut(campaign, matrix, name, library):
    recording = Recording(matrix, name, library)
    last = len(recording.records)
    moments = range(last + 1) if campaign.long else spread(list(range(last + 1)), MOMENTS)
    seen = set()
    for moment in range(last + 1):
        if moment:
            recording.disk.play(*recording.records[moment - 1])
        if moment not in moments or not campaign.has_time(frame.SMOKE_SECONDS - 3):
            continue
        for how, tree in states(recording.disk, campaign.random, TORN_LONG if campaign.long else TORN):
            is_over = moment == last
            key = digest(tree), is_over
            if key not in seen:
                seen.add(key)
                campaign.case(name, f"after {moment} of {last} changes: {how}", lambda: judge(
                    matrix, name, tree, is_over, campaign.random.random() < 0.2 or is_over))
    if escaped := recording.complete():
        campaign.case(name, "the recording", lambda: f"not seen by the shim: {sorted(escaped)}")
    old, new = (matrix.outcomes[name, age] for age in ("old", "new"))
    campaign.note(name, f"{last} changes; {old} times old, {new} times new")


def part(campaign):
    with contextlib.closing(Stage()) as stage:
        matrix = Matrix(stage)
        library = shim.build(stage.dir)
        for name in matrix.commands:
            if campaign.wants(name) and campaign.has_time(frame.SMOKE_SECONDS - 3):
                cut(campaign, matrix, name, library)


if __name__ == "__main__":
    sys.exit(frame.main(part))
