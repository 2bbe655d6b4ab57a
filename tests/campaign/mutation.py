"""Changes the pure decisions and the publish path, one small change at a time, and has the tests notice each.

Each change is tried with the unit tests of its home first, then with all of them, then with the black-box test that
is named for its home. What none of them notices is printed as file:line with the change: write a test that does,
or give the reason why nobody could notice in equivalent.tsv, which names lines by what stands on them.

Without --long: the list of reasons still fits the code, some changes of three homes are noticed, and one that nobody
can notice is not. --only HOME: only that. ISINFETCH_TEST_MUTANTS=N: no more than N of each home, chosen by the seed.
"""

import concurrent.futures
import csv
import dataclasses
import os
import pathlib
import sys
import tempfile
import threading

import frame
import mutants
import mutation_build as build

EQUIVALENT = pathlib.Path(__file__).resolve().with_name("equivalent.tsv")


@dataclasses.dataclass(frozen=True)
class Home:
    name: str
    sources: tuple
    tests: tuple  # files of tests/, tried before all the others, those that know most first
    black_box: str = ""  # one of tests/cli/, for what only a whole process shows


HOMES = [
    Home("guard", ("job/guard.cpp",), ("job/guard_test.cpp",)),
    Home("retry", ("fetch/retry.cpp", "fetch/redirect.cpp", "fetch/response_headers.cpp"),
         ("fetch/retry_test.cpp", "fetch/redirect_test.cpp", "fetch/response_headers_test.cpp")),
    Home("freshness", ("core/freshness.cpp", "job/freshness.cpp", "job/schedule.cpp", "job/offer.cpp",
                       "job/outcome.cpp"),
         ("core/freshness_test.cpp", "job/freshness_test.cpp", "job/offer_test.cpp", "job/decisions_test.cpp",
          "job/schedule_test.cpp")),
    Home("plan", ("discover/plan.cpp",), ("discover/plan_test.cpp",)),
    Home("sets", ("discover/sets.cpp",), ("discover/plan_test.cpp",)),
    Home("rules", ("core/validate.cpp", "store/match.cpp", "store/merge.cpp", "store/merge_events.cpp",
                   "store/history_editor.cpp"),
         ("core/validate_test.cpp", "store/match_test.cpp", "store/merge_test.cpp", "store/merge_events_test.cpp",
          "store/history_test.cpp", "store/rollback_test.cpp")),
    Home("lease", ("store/lease.cpp", "job/source_claim.cpp", "job/source_lease.cpp", "job/lease_keeper.cpp"),
         ("store/lease_test.cpp", "job/hosts_test.cpp", "job/lease_keeper_test.cpp", "job/insist_test.cpp",
          "job/lost_connection_test.cpp")),
    Home("header", ("parse/header.cpp",), ("parse/header_test.cpp", "parse/csv_test.cpp")),
    Home("dates", ("core/date.cpp",), ("core/date_test.cpp",)),
    Home("publish", ("job/event_run.cpp", "job/list_run.cpp", "job/list_fetch.cpp", "job/source_job.cpp",
                     "job/commit.cpp", "job/insist.cpp", "job/publication.cpp"),
         ("job/event_run_test.cpp", "job/event_traces_test.cpp", "job/list_run_test.cpp", "job/job_test.cpp",
          "job/received_list_test.cpp", "job/hosts_test.cpp", "job/lost_connection_test.cpp",
          "job/insist_test.cpp"), "operations_test.py"),
]



def known_equivalents():
    """{(file, line as it is, line as changed): reason}; a change of `*` stands for all changes of that line."""
    with EQUIVALENT.open(newline="") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(file, before, after): reason for file, before, after, reason in rows}


def is_equivalent(known, path, mutant):
    return (path, mutant.before, mutant.after) in known or (path, mutant.before, "*") in known


def mutants_in(path):
    return mutants.mutants_of((build.ROOT / "src" / path).read_text())


def check_reasons(known):
    """Each reason is about a change that can still be made, and is one."""
    changes = {}
    for (path, before, after), reason in known.items():
        if not (build.ROOT / "src" / path).exists():
            return f"{path} is gone"
        if path not in changes:
            changes[path] = {(one.before, new) for one in mutants_in(path) for new in (one.after, "*")}
        if (before, after) not in changes[path]:
            return f"{path}: no such change any more: {before} -> {after}"
        if len(reason.split()) < 3:
            return f"{path}: no reason for {before} -> {after}"
    return None


class Stage:
    """Some tests, and how long they take."""

    def __init__(self, tests):
        self.tests = tests
        self.seconds = 0.0  # of processor time that a change may take

    def notices(self, program, number):
        return bool(self.tests.run(program, number, self.seconds))

    def link(self, changed, program):
        self.tests.link(changed, program)
        if not self.seconds:
            self.seconds = self.tests.measure(program)
        return program


class Attempt:
    """The changes of one source file, tried with the tests that are quickest to notice them first."""

    def __init__(self, tree, path, stages, folder):
        self.stages, self.folder = stages, folder
        self.source = build.Source(tree, path)
        self.programs = {}
        self.lock = threading.Lock()

    def prepare(self, changes):
        """Compiles all that stand in functions at once; gives pairs of a change and its number, or 0."""
        places = list(mutants.bodies(self.source.text))
        inside = [change for change in changes if mutants.home_of(change, places)]
        built = self.source.compile(inside, f"{self.folder}/changed.o")
        return [(change, number) for number, change in built.items()] + [
            (change, 0) for change in changes if change not in inside]

    def program(self, place):
        """That of a stage, with all changes in it."""
        with self.lock:
            if place not in self.programs:
                program = f"{self.folder}/tests-{place}"
                self.programs[place] = self.stages[place].link(f"{self.folder}/changed.o", program)
            return self.programs[place]

    def is_noticed(self, change, number):
        if number:
            return any(stage.notices(self.program(place), number) for place, stage in enumerate(self.stages))
        with tempfile.TemporaryDirectory(dir=self.folder) as own:
            try:
                self.source.compile_one(change, f"{own}/changed.o")
            except build.Unbuilt:
                return True
            return any(stage.notices(stage.link(f"{own}/changed.o", f"{own}/tests"), 0) for stage in self.stages)

    def try_one(self, change, number):
        if not self.is_noticed(change, number):
            return (f"src/{self.source.path}:{change.line}: no test notices\n"
                    f"  - {change.before}\n  + {change.after}")
        return None


def try_all(campaign, tree, home, chosen, more=()):
    """Tries the changes of one home, two at a time; `chosen` is {path: [change]}."""
    for path, changes in chosen.items():
        if not changes:
            continue
        with tempfile.TemporaryDirectory(dir=tree.scratch) as folder:
            own_first = sorted(home.tests, key=lambda test: not test.startswith(path.removesuffix(".cpp") + "_"))
            attempt = Attempt(tree, path, [Stage(build.Tests(tree, tree.objects_of(own_first))), *more], folder)
            pairs = attempt.prepare(changes)
            with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
                answers = [(pair[0], pool.submit(attempt.try_one, *pair)) for pair in pairs]
                for change, answer in answers:
                    campaign.case(home.name, f"{path}:{change.line}", answer.result)


def wanted_changes(campaign, home, known):
    """{path: [change]} of a home, and how many more have a reason."""
    changes = [(path, one) for path in home.sources for one in mutants_in(path)]
    fit = [pair for pair in changes if not is_equivalent(known, *pair)]
    most = int(os.environ.get("ISINFETCH_TEST_MUTANTS", "0"))
    chosen = campaign.random.sample(fit, most) if 0 < most < len(fit) else fit
    return {path: [one for where, one in chosen if where == path] for path in home.sources}, len(changes) - len(fit)


def long(campaign, tree, known):
    everything = Stage(build.Tests(tree, tree.tests))
    for home in HOMES:
        if campaign.wants(home.name):
            chosen, explained = wanted_changes(campaign, home, known)
            more = [everything]
            if home.black_box:
                more.append(Stage(build.BlackBox(tree, home.black_box)))
            try_all(campaign, tree, home, chosen, more)
            campaign.note(home.name, f"{explained} more are explained")


def smoke(campaign, tree, known):
    """A handful of changes, and one that the tests cannot notice: they are not all that fail anyway."""
    for home in (each for each in HOMES if each.name in ("guard", "plan", "header")):
        path = home.sources[0]
        fit = [one for one in mutants_in(path) if not is_equivalent(known, path, one)]
        try_all(campaign, tree, home, {path: campaign.random.sample(fit, 5)})
        if home.name == "guard":
            control = next(one for one in mutants_in(path) if is_equivalent(known, path, one))
            campaign.case("control", f"{path}:{control.line}", lambda: must_survive(tree, home, path, control))


def must_survive(tree, home, path, control):
    with tempfile.TemporaryDirectory(dir=tree.scratch) as folder:
        attempt = Attempt(tree, path, [Stage(build.Tests(tree, tree.objects_of(home.tests)))], folder)
        (pair,) = attempt.prepare([control])
        return "a change that means nothing was noticed" if attempt.is_noticed(*pair) else None


def part(campaign):
    known = known_equivalents()
    campaign.case("reasons", EQUIVALENT.name, lambda: check_reasons(known))
    # In memory: what a store syncs, many times, is not what is looked at here.
    room = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=room, prefix="isinfetch-mutation-") as scratch:
        tree = build.Tree(build.built_tree(), scratch)
        (long if campaign.long else smoke)(campaign, tree, known)


if __name__ == "__main__":
    sys.exit(frame.main(part))
