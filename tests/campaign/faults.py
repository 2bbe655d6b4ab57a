"""Publishers who err, by one table: what they do, how the run ends and what it says, and what is stored.

Each row is a case for every protocol that it names, with real sockets and a store of its own, which one good
run has filled. Then the publisher errs. Beside what its row says, all cases demand: the other source of the run
comes through; what is exported and looked up is the old list or the new one, never a mixture; `verify` finds
nothing; memory has a bound; no bytes are left behind that nobody will use; and when the publisher is right
again, one run ends with its list, and the past says still what was published then.

Runs in a network namespace of its own, where private addresses have a server and nothing leads elsewhere.
"""

import concurrent.futures
import contextlib
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile

import frame
import fault_scene
from fault_table import FAULTS
from harness import FaultyPublisher, is_sanitized, status

WORKERS = 6
SMOKE_STEP = 5  # the smoke plays one row in so many
PEAK = 80 * fault_scene.MIB  # of memory; what is unpacked and sorted is the most of it


def expectations(scene, entry, code):
    """What is wrong about the report, by the row."""
    fault = scene.fault
    error = (entry["error"] or {}).get("message", "")
    said = " ".join([error, *entry["waiting"], *entry["notices"]])
    if code != fault.exit:
        yield f"exit status {code}, not {fault.exit}"
    if entry["status"] != fault.stored[0]:
        yield f"the report says {entry['status']}, not {fault.stored[0]}"
    if fault.words not in said:
        yield f"'{fault.words}' is not said"
    if bool(error) != (code not in (0, 80)) and not (code == 75 and entry["waiting_for"]):
        yield "an error without a status or a status without an error"
    if fault.then:
        yield from filter(None, [fault.then(scene, entry)])


def leftovers(scene, entry):
    """Bytes that no run will go on with, and files that are none of the program's."""
    state = scene.dir / "state"
    temporary = (entry["error"] or {}).get("kind") in ("temporary", "permission", "busy")
    for path in state.rglob("*"):
        if path.is_file() and path.parent.name == "partial" and not temporary:
            yield f"{path.name} was left behind"
        if path.is_file() and path.name.startswith((".", "tmp")) and not path.name.endswith(".lock"):
            yield f"{path} was left behind"


def intact(scene, version):
    """The store holds exactly this list, and nothing is wrong in it."""
    truth = scene.shape.truth(version)
    if (stored := scene.stored()) != truth:
        yield f"{len(stored - truth)} listings too many, {len(truth - stored)} too few; {sorted(stored - truth)[:2]}"
    name = next(name for isin, _, name in sorted(truth) if isin == scene.shape.known)
    looked_up = scene.call("lookup", scene.shape.known)
    if looked_up.returncode != 0 or name not in looked_up.stdout:
        yield f"lookup says {looked_up.stdout}{looked_up.stderr}"
    verified = scene.call("verify")
    if verified.returncode != 0:
        yield f"verify: {verified.returncode} {verified.stdout}{verified.stderr}"


def first_run(scene):
    scene.shape.publish(1)
    code, report, _ = scene.run()
    assert code == 0, report
    assert scene.stored() == scene.shape.truth(1), "the first list"


def entries(report):
    sources = {entry["source"]: entry for entry in json.loads(report)["sources"]}
    return sources["bad"], sources["good"]


def err(scene):
    """The publisher errs."""
    scene.shape.publish(2)
    instead = scene.fault.fault(scene)
    if isinstance(instead, dict):
        scene.answers.update(instead)
    elif instead:
        scene.answers[scene.shape.path] = instead


def recovery(scene):
    """The publisher is right again."""
    scene.door.unlock()
    scene.answers.clear()
    scene.shape.publish(1)
    scene.shape.publish(2)
    code, report, _ = scene.run("--ignore-cooldown")
    if code != 0 or scene.stored() != scene.shape.truth(2):
        yield f"when all is well again: {code} {report}"
    if scene.shape.between and scene.stored("--as-of", scene.shape.between) != scene.shape.truth(1):
        yield "the past has changed"


def play(scene):
    """Everything that is wrong, and the peak of memory."""
    with scene.cleanup:
        first_run(scene)
        err(scene)
        code, report, peak = scene.run()
        entry, other = entries(report)
        wrong = [*expectations(scene, entry, code), *leftovers(scene, entry),
                 *intact(scene, 1 if scene.fault.stored[1] == "old" else 2)]
        if other["status"] != "unchanged":
            wrong.append(f"the other source is {other['status']}")
        if peak > PEAK and not is_sanitized():
            wrong.append(f"{peak // fault_scene.MIB} MiB of memory")
        wrong += recovery(scene)
        return "\n".join([*wrong, report] if wrong else []), peak


class Worker:
    """One process that plays cases: its memory is small, and so the program's can be measured."""
    certificates = other = launcher = None

    @classmethod
    def begin(cls, folder):
        own = pathlib.Path(tempfile.mkdtemp(dir=folder))
        cls.certificates = fault_scene.Certificates(own)
        cls.other = FaultyPublisher()
        cls.launcher = fault_scene.Launcher()
        cls.other.answers["/good"] = status(200, b"US0378331005\nUS5949181045\n")

    @classmethod
    def play(cls, name, over):
        fault = next(fault for fault in FAULTS if fault.name == name)
        return play(fault_scene.Scene(fault, over, cls.certificates, cls.other, cls.launcher))


def faults(campaign):
    cases = [(fault.name, over) for fault in FAULTS for over in fault.over if campaign.wants(fault.name)]
    if not campaign.long and not campaign.only:  # some of every group, each over another protocol
        cases = [(fault.name, fault.over[number % len(fault.over)]) for number, fault in enumerate(FAULTS[::SMOKE_STEP])]
    campaign.random.shuffle(cases)
    peaks = [0]

    def check(future):
        wrong, peak = future.result()
        peaks.append(peak)
        return wrong

    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="isinfetch-faults-"))
        pool = stack.enter_context(concurrent.futures.ProcessPoolExecutor(
            WORKERS, multiprocessing.get_context("spawn"), Worker.begin, (folder,)))
        results = [(*case, pool.submit(Worker.play, *case)) for case in cases]
        for name, over, future in results:
            campaign.case(name, over, lambda future=future: check(future))
    names = {name for name, _ in cases}
    print("\n".join(fault.row() for fault in FAULTS if fault.name in names))
    print(f"{len(names)} of {len(FAULTS)} classes; the highest peak of memory was {max(peaks) // fault_scene.MIB} MiB", flush=True)


def enter():
    """Becomes this script in a network namespace. Returns where none can be made."""
    wrapper = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode != 0:
        print("\n*** no namespace can be made here: rows about private addresses may reach a network ***\n",
              file=sys.stderr, flush=True)
        return
    furnish = "ip link set lo up && ip address add 10.1.2.3 dev lo && ip address add 169.254.169.254 dev lo && exec \"$@\""
    os.execvp(wrapper[0], [*wrapper, "sh", "-c", furnish, "sh", sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
    else:
        enter()
    sys.exit(frame.main(faults))
