"""The rpm, as far as it goes without a Fedora: rpmlint, its scriptlets on a real root, and every
file and mode beside the deb's.

Needs root, ISINFETCH_DEB_DIR and ISINFETCH_RPM_DIR.
"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.installed import SUITE, dependencies, package  # noqa: E402
from support.machine import SOURCE_DIR, Machine, skip_unless_possible  # noqa: E402

# A Fedora enables nothing that is not on its list (90-default.preset).
FEDORA_PRESET = "disable *\n"


# Debian's rpm wants to be told; what the package requires is there under Debian's names.
RPM = "rpm --force-debian --nodeps --nosignature"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rpm_file():
    [file] = pathlib.Path(os.environ["ISINFETCH_RPM_DIR"]).glob("isinfetch-*.rpm")
    return file


def comparable(path):
    """The same file under the name of either distribution; None for what only one has."""
    if re.search(r"/\.build-id|/licenses/|/changelog\.gz$|/copyright$", path):
        return None
    path = re.sub(r"^/lib/", "/usr/lib/", path)
    path = path.replace("/etc/default/", "/etc/sysconfig/")
    path = path.replace("/zsh/vendor-completions", "/zsh/site-functions")
    return re.sub(r"(/man/man\d/[^/]+?|/README\.md)\.gz$", r"\1", path)


def deb_modes(file):
    modes = {}
    for line in output("dpkg-deb", "-c", file).splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        path = comparable(path.split(" -> ")[0].lstrip(".").rstrip("/"))
        if path and not mode.startswith("d"):
            modes[path] = (mode, owner)
    return modes


def rpm_modes(file):
    modes = {}
    form = "[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\\n]"
    for line in output("rpm", "-qp", "--qf", form, file).splitlines():
        mode, owner, path = line.split(None, 2)
        path = comparable(path)
        if path and not mode.startswith("d"):
            modes[path] = (mode, owner)
    return modes


class Rpm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        skip_unless_possible()
        cls.deb, cls.rpm = package(), rpm_file()

    def test_rpmlint_finds_no_error(self):
        answer = subprocess.run(["rpmlint", "-r", SOURCE_DIR / "packaging/isinfetch.rpmlintrc",
                                 self.rpm, SOURCE_DIR / "packaging/isinfetch.spec"],
                                capture_output=True, text=True)
        self.assertRegex(answer.stdout, r"\b0 errors, 0 warnings")

    def test_files_and_modes_are_those_of_the_deb(self):
        self.assertEqual(rpm_modes(self.rpm), deb_modes(self.deb))

    def test_configuration_files_are_those_of_the_deb(self):
        conffiles = output("dpkg-deb", "--ctrl-tarfile", self.deb) and subprocess.run(
            f"dpkg-deb --ctrl-tarfile '{self.deb}' | tar xO ./conffiles", shell=True, check=True,
            capture_output=True, text=True).stdout.split()
        form = "[%{FILEFLAGS:fflags} %{FILENAMES}\\n]"
        flags = dict(reversed(line.split(" ", 1))
                     for line in output("rpm", "-qp", "--qf", form, self.rpm).splitlines())
        kept = {path for path, flag in flags.items() if "c" in flag and "n" in flag}
        self.assertEqual(kept, {comparable(path) for path in conffiles})

    def test_versions_agree(self):
        versions = {output("rpm", "-qp", "--qf", "%{VERSION}", self.rpm),
                    output("dpkg-deb", "-f", self.deb, "Version").strip()}
        self.assertEqual(len(versions), 1, versions)
        self.assertIn(f"project(isinfetch VERSION {versions.pop()} ",
                      (SOURCE_DIR / "CMakeLists.txt").read_text())

    def test_installing_and_removing_run_the_scriptlets(self):
        machine = Machine(SUITE, dependencies(self.deb))
        self.addCleanup(machine.remove)
        machine.start()
        machine.write("/etc/systemd/system-preset/99-default.preset", FEDORA_PRESET)
        machine.run(f"{RPM} -i {machine.copy_in(self.rpm)}", check=True)
        self.assertEqual(machine.out("stat -c '%U:%G %a' /var/lib/isinfetch"),
                         "isinfetch:isinfetch 755")
        self.assertEqual(machine.run("systemctl is-enabled isinfetch.timer").out, "disabled\n")
        self.assertEqual(machine.out(f"{RPM} -V isinfetch"), "")

        machine.run("systemctl enable --now isinfetch.timer isinfetch@list.timer", check=True)
        self.end_of_upgrade(machine)
        self.assertEqual(self.active_timers(machine), 2)
        machine.run("echo '# mine' >> /etc/isinfetch/isinfetch.yaml", check=True)
        machine.run(f"{RPM} -e isinfetch", check=True)
        self.assertEqual(self.active_timers(machine), 0)
        self.assertEqual(machine.out("tail -n 1 /etc/isinfetch/isinfetch.yaml.rpmsave"), "# mine")
        self.assertEqual(machine.run("find /usr /etc/systemd -name '*isinfetch*'").out, "")

    def end_of_upgrade(self, machine):
        """What rpm runs of the older package when a newer one is in place already."""
        for tag in ("PREUN", "POSTUN"):
            text = output("rpm", "-qp", "--qf", "%{" + tag + "}", self.rpm)
            machine.write("/root/scriptlet", text)
            machine.run("sh -e /root/scriptlet 1", check=True)

    def active_timers(self, machine):
        names = ("isinfetch.timer", "isinfetch@list.timer")
        return sum(machine.run(f"systemctl is-active {name}").status == 0 for name in names)


if __name__ == "__main__":
    unittest.main(verbosity=2)
