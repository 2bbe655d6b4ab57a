"""A network namespace that is joined to this one by a link which can be taken down."""

import os
import subprocess


class Namespace:
    """`wrapper` goes before a command that is to run inside; there, `outside` is this host. Raises
    OSError where namespaces cannot be made."""

    def __init__(self):
        self.name = f"isinfetch-{os.getpid()}"
        self.link = f"isf{os.getpid()}"
        self.outside = "10.213.77.1"
        self.wrapper = ("ip", "netns", "exec", self.name)
        self._ip("netns", "add", self.name)
        try:
            self._ip("link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.name)
            self._ip("address", "add", f"{self.outside}/30", "dev", self.link)
            self._ip("-n", self.name, "address", "add", "10.213.77.2/30", "dev", "eth0")
            self._ip("-n", self.name, "link", "set", "lo", "up")
            self._ip("-n", self.name, "link", "set", "eth0", "up")
            self.connect(True)
        except OSError:
            self.remove()
            raise

    def connect(self, is_up):
        self._ip("link", "set", self.link, "up" if is_up else "down")

    def remove(self):
        """The link goes with it."""
        subprocess.run(["ip", "netns", "delete", self.name], capture_output=True)

    @staticmethod
    def _ip(*arguments):
        result = subprocess.run(["ip", *arguments], capture_output=True, text=True)
        if result.returncode != 0:
            raise OSError(f"ip {' '.join(arguments)}: {result.stderr.strip()}")
