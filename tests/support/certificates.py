"""Certificates of publishers who are not whom they claim to be, or whose time has passed."""

import pathlib
import subprocess


def make_certificate(folder, name="certificate", host="localhost", clock=None, issuer=None):
    """Certificate and key of a host, as paths; signed by itself, or by `issuer`, which is such a pair.
    `clock` is faketime's offset of the day on which it is made, such as "-9d"; it lasts two days."""
    folder = pathlib.Path(folder)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    before = ["faketime", "-f", clock] if clock else []
    signed = ["-CA", issuer[0], "-CAkey", issuer[1]] if issuer else []
    extensions = ["-addext", f"subjectAltName=DNS:{host}"]
    if issuer:
        extensions += ["-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run([*before, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", f"/CN={host}", *extensions, *signed, "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key
