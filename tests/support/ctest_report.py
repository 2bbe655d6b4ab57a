"""Runs a ctest command line and shows its ten slowest tests before its summary, which stays last.

    ctest_report.py ctest --test-dir DIR …

The exit status is ctest's.
"""

import re
import subprocess
import sys

# "12/80 Test #12: contract_test ......   Passed   31.08 sec"
FINISHED = re.compile(r"^\s*\d+/\d+ Test\s+#\d+: (.*?) ?\.+\s*(?:\*\*\*)?[A-Z][A-Za-z: ]*\s+([\d.]+) sec")
SUMMARY = re.compile(r"^\d+% tests passed")


def slowest(times, count=10):
    """Lines of text about [(name, seconds)]."""
    ranked = sorted(times, key=lambda entry: -entry[1])[:count]
    return [f"{seconds:8.1f} s  {name}\n" for name, seconds in ranked]


def main():
    times = []
    # Line by line, so that whoever waits sees how far it is.
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True, bufsize=1) as ctest:
        for line in ctest.stdout:
            finished = FINISHED.match(line)
            if finished:
                times.append((finished[1], float(finished[2])))
            if SUMMARY.match(line) and times:
                print(f"The {min(10, len(times))} slowest tests:")
                print("".join(slowest(times)))
            print(line, end="", flush=True)
    return ctest.returncode


if __name__ == "__main__":
    sys.exit(main())
