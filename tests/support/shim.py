"""The library that comes between the program and its files: tests/campaign/disk_shim.cpp."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "campaign/disk_shim.cpp"


def build(folder):
    """ISINFETCH_TEST_SHIM, or compiled here, which takes a second."""
    given = os.environ.get("ISINFETCH_TEST_SHIM")
    if given:
        return given
    library = pathlib.Path(folder) / "disk_shim.so"
    if not library.exists():
        subprocess.run(["c++", "-std=c++20", "-O1", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    return str(library)


def preloaded(environment, library, **settings):
    """The environment of a program that runs with it."""
    return {**environment, **settings, "LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0"}


