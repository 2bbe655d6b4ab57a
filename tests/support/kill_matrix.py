"""Each command that changes anything, killed at each of its system calls that do: what has to hold then,
and after the same command was called once more."""

import collections
import contextlib
import subprocess
import time

from killing import count_calls, killed_at

# What is there has one of two states, but for a backfill, which goes from day to day.
Expected = collections.namedtuple("Expected", "allowed new names counts seconds")


class Matrix:
    def __init__(self, stage, look=lambda: []):
        """`look` finds more faults in what a kill has left, before anything else sees it."""
        self.stage, self.look = stage, look
        self.commands = stage.commands()
        self.outcomes = collections.Counter()  # (command, "old" or "new")
        self._expected = {}

    def places(self, name):
        """All [(call, number)] at which this command can be killed."""
        return [(call, number) for call, count in self.expected(name).counts.items()
                for number in range(1, count + 1)]

    def expected(self, name):
        if name not in self._expected:
            self._expected[name] = self._learn(self.commands[name])
        return self._expected[name]

    def _learn(self, command):
        stage = self.stage
        stage.enter(command.scene)
        allowed = [stage.outcome(command)]
        for words in command.steps:
            self._call(words)
            allowed.append(stage.outcome(command))
        stage.enter(command.scene)
        counts = count_calls(stage.words(*command.words), stage.environment, stage.dir / "trace")
        stage.enter(command.scene)
        began = time.monotonic()
        self._call(command.words)
        seconds = time.monotonic() - began
        allowed.append(stage.outcome(command))
        if allowed[-1] == allowed[0] and command.names_only is False:
            raise RuntimeError(f"{command.words} changes nothing")
        return Expected(allowed, allowed[-1], stage.names(), counts, seconds)

    def _call(self, words):
        done = self.stage.call(*words)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")

    def kill(self, name, call, number):
        """The words of what is wrong, or None when nothing is, or when it ended before that call."""
        command, stage = self.commands[name], self.stage
        self.expected(name)
        stage.enter(command.scene)
        stage.asked_for()
        if not killed_at(stage.words(*command.words), stage.environment, call, number):
            return None
        return self.judge(name)

    def kill_after(self, name, seconds):
        """Killed by time, wherever it is then."""
        command, stage = self.commands[name], self.stage
        self.expected(name)
        stage.enter(command.scene)
        stage.asked_for()
        with subprocess.Popen(stage.words(*command.words), env=stage.environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.kill()
        return self.judge(name)

    def judge(self, name, must_be_new=False):
        """What there is after something happened to the command, and after it is called again."""
        wrong = self.look_at_state(name, must_be_new)
        received = self.stage.received()
        self.stage.asked_for()
        wrong += self.call_again(name)
        if twice := received & self.stage.asked_for():
            wrong.append(f"asked for again: {twice}")
        if names := set(self.stage.names()) ^ set(self.expected(name).names):
            wrong.append(f"names of files differ: {sorted(names)}")
        return "\n".join(wrong) or None

    def look_at_state(self, name, must_be_new=False):
        return [*self.look(), *self._look_at_store(), *self._look_at_outcome(name, must_be_new)]

    def call_again(self, name):
        command, expected = self.commands[name], self.expected(name)
        again = self.stage.call(*command.words)
        wrong = []
        if again.returncode not in command.again:
            wrong.append(f"again: {again.returncode}\n{again.stdout}{again.stderr}")
        outcome = self.stage.outcome(command)
        for part in {*outcome, *expected.new}:
            if outcome.get(part) != expected.new.get(part):
                wrong.append(f"{part} is not the new one after the second call")
        return wrong

    def _look_at_store(self):
        """A reader finds all or nothing, and nothing is damaged."""
        exported = self.stage.call("export", "--all", "--format", "jsonl")
        verified = self.stage.call("verify")
        wrong = []
        if exported.returncode not in (0, 66):
            wrong.append(f"export: {exported.returncode}\n{exported.stderr}")
        if verified.returncode != 0 and not exported.returncode == verified.returncode == 66:
            wrong.append(f"verify: {verified.returncode}\n{verified.stdout}{verified.stderr}")
        return wrong

    def _look_at_outcome(self, name, must_be_new):
        expected, outcome = self.expected(name), self.stage.outcome(self.commands[name])
        is_new = outcome == expected.new
        self.outcomes[name, "new" if is_new else "old"] += 1
        allowed = [expected.new] if must_be_new else expected.allowed
        parts = {part for state in expected.allowed for part in state} | set(outcome)
        return [f"{part} is {'lost' if must_be_new else 'neither old nor new'}" for part in parts
                if outcome.get(part) not in [state.get(part) for state in allowed]]


def spread(places, most):
    """So many of them: the first, the last, and what lies between, as evenly as can be."""
    if len(places) <= most:
        return places
    return [places[round(i * (len(places) - 1) / (most - 1))] for i in range(most)]
