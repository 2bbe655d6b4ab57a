"""Publishers who lead elsewhere: into private networks, to this host, to the metadata service of a
provider, by redirects, links and names that change what they mean.

Runs in network and mount namespaces of its own, where every address is one of loopback's and
/etc/hosts is a file of the test's. Nothing here talks to any network.
"""

import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import ProgramTest  # noqa: E402

LIST = b"ISIN,Name\nUS0378331005,Apple\nGB0002634946,BAE\n"
OTHER = b"ISIN,Name\nUS5949181045,Microsoft\nGB0002634946,BAE\n"

PUBLIC, PUBLIC_6 = "93.184.216.34", "2606:2800:220:1::1"
HIDDEN = {  # what a name leads to, and what the program calls it
    "10.1.2.3": "10.1.2.3 (private address, RFC 1918)",
    "172.16.9.9": "172.16.9.9 (private address, ",
    "192.168.7.7": "192.168.7.7 (private address, ",
    "100.64.1.1": "100.64.1.1 (shared address, ",
    "127.0.0.1": "127.0.0.1 (loopback address, ",
    "127.8.8.8": "127.8.8.8 (loopback address, ",
    "0.0.0.0": "0.0.0.0 (unspecified address, ",
    "169.254.1.1": "169.254.1.1 (link-local address, ",
    "169.254.169.254": "169.254.169.254 (metadata address, ",
    "192.0.2.1": "192.0.2.1 (documentation address, ",
    "198.18.0.1": "198.18.0.1 (benchmark address, ",
    "224.0.0.1": "224.0.0.1 (multicast address, ",
    "255.255.255.255": "255.255.255.255 (broadcast address, ",
    "::1": "::1 (loopback address, ",
    "::": ":: (unspecified address, ",
    "fd00:ec2::254": "fd00:ec2::254 (metadata address, ",
    "fd12::1": "fd12::1 (private address, RFC 4193)",
    "::ffff:10.1.2.3": "10.1.2.3 (private address, ",
    "64:ff9b::a01:203": "10.1.2.3 by 64:ff9b::a01:203 (private address, ",
    "2002:7f00:1::1": "127.0.0.1 by 2002:7f00:1::1 (loopback address, ",
    "ff02::1": "ff02::1 (multicast address, ",
}


class Publisher:
    """Serves all addresses of this namespace on two ports and keeps connections open.
    `answers[host, path]` is status, body and further headers; a host is written as asked for."""

    def __init__(self):
        self.answers, self.requests, self.connections = {}, [], 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                outer.connections += 1
                super().setup()

            def do_GET(self):
                host = self.headers["Host"]
                outer.requests.append((host, self.path, dict(self.headers)))
                path = self.path.split("?")[0]
                code, body, headers = outer.answers.get((host, path), (404, b"", {}))
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6
            daemon_threads = True

        self.servers = [Server(("::", port), Handler) for port in (80, 8080)]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def hosts(self):
        return {host for host, *_ in self.requests}


def redirect(url):
    return 302, b"", {"Location": url}


class AddressesTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = Publisher()
        self.addCleanup(self.publisher.stop)
        self.names = {}
        self.name("site.example", PUBLIC)
        self.name("cdn.example", PUBLIC_6)
        self.name("files.example", "10.1.2.3")
        self.answer("site.example", "/list.csv", (200, LIST, {}))
        self.answer("cdn.example", "/list.csv", (200, LIST, {}))
        self.answer("files.example", "/list.csv", (200, OTHER, {}))

    def name(self, host, address):
        """From now on the name leads there."""
        self.names[host] = address
        pathlib.Path("/etc/hosts").write_text(
            "".join(f"{address} {host}\n" for host, address in self.names.items()))

    def answer(self, host, path, answer):
        self.publisher.answers[host, path] = answer

    def sources(self, network="", **sources):
        text = f"jobs: 1\nnetwork: {{retry: {{attempts: 1}}{network}}}\nsources:\n"
        for name, keys in sources.items():
            keys = {"format": "csv", "allow_http": True, "every": "0s", **keys}
            if keys["format"] == "csv":
                keys["columns"] = {"isin": "ISIN", "name": "Name"}
            text += f"  {name}:\n"
            text += "".join(f"    {key}: {json.dumps(value)}\n" for key, value in keys.items())
        self.configure(text)

    def refused(self, name, *words, **keywords):
        result = self.run_json(name, **keywords)
        self.assertEqual(result.status, 76, result)
        for word in words:
            self.assertIn(word, result.source(name)["error"]["message"])
        return result

    def accepted(self, name, **keywords):
        result = self.run_json(name, **keywords)
        self.assertEqual(result.status, 0, result)
        return result

    # -- what a redirect leads to -----------------------------------------------------------------

    def test_a_redirect_into_a_network_that_is_nobodys_business(self):
        self.sources(mine={"url": "http://site.example/list.csv", "redirect_hosts": ["*.example"]})
        self.accepted("mine")
        self.answer("site.example", "/list.csv", redirect("http://inside.example/list.csv"))
        self.answer("inside.example", "/list.csv", (200, OTHER, {}))
        for address, words in HIDDEN.items():
            with self.subTest(address=address):
                self.name("inside.example", address)
                self.refused("mine", f"http://inside.example/list.csv: leads to {words}",
                             "add it to allow_addresses")
        self.assertNotIn("inside.example", self.publisher.hosts())
        self.assertIn("US0378331005", self.call("export", "mine").out)
        for address in (PUBLIC, PUBLIC_6):
            with self.subTest(address=address):
                self.name("inside.example", address)
                self.accepted("mine")

    def test_an_address_instead_of_a_name(self):
        for host in ("169.254.169.254", "[fd00:ec2::254]", "[::ffff:127.0.0.1]", "2130706433", "localhost"):
            with self.subTest(host=host):
                self.sources(mine={"url": "http://site.example/go.csv", "redirect_hosts":
                                   ["169.254.169.254", "fd00:ec2::254", "::ffff:127.0.0.1",
                                    "::ffff:7f00:1", "127.0.0.1", "localhost"]})
                self.answer("site.example", "/go.csv", redirect(f"http://{host}/list.csv"))
                self.refused("mine", " address, ")
        self.assertEqual(self.publisher.hosts(), {"site.example"})

    def test_a_chain_of_redirects_is_looked_at_at_every_step(self):
        self.sources(mine={"url": "http://site.example/a.csv", "redirect_hosts": ["*.example"]})
        self.answer("site.example", "/a.csv", redirect("http://cdn.example/b.csv"))
        self.answer("cdn.example", "/b.csv", redirect("http://files.example/list.csv"))
        self.refused("mine", "http://files.example/list.csv: leads to 10.1.2.3")
        self.assertEqual(self.publisher.hosts(), {"site.example", "cdn.example"})

    def test_one_of_several_addresses_is_enough(self):
        """As long as it is a public one: the others are passed over."""
        self.sources(mine={"url": "http://site.example/a.csv", "redirect_hosts": ["*.example"]})
        self.answer("site.example", "/a.csv", redirect("http://both.example/list.csv"))
        self.answer("both.example", "/list.csv", (200, LIST, {}))
        with open("/etc/hosts", "a") as hosts:
            hosts.write(f"10.1.2.3 both.example\n{PUBLIC} both.example\n")
        self.accepted("mine")

    # -- what a link leads to ---------------------------------------------------------------------

    def link_page(self, link):
        self.answer("site.example", "/page", (200, f'<html><a href="{link}">list</a></html>'.encode(),
                                              {"Content-Type": "text/html"}))
        return {"url": "http://site.example/page", "discovery": "link-page", "find": {"link": "*list.csv"}}

    def gleif(self, link):
        index = {"data": {"attributes": {"fileName": "list.csv", "downloadLink": link,
                                         "uploadedAt": "2026-11-20T07:15:13Z"}}}
        self.answer("site.example", "/index", (200, json.dumps(index).encode(), {}))
        return {"url": "http://site.example/index", "discovery": "gleif"}

    def fitrs(self, link):
        document = {"file_name": "FULECR_20261120_E_1of1.zip", "download_link": link,
                    "publication_date": "2026-11-20T00:00:00Z"}
        index = {"response": {"numFound": 1, "start": 0, "docs": [document]}}
        self.answer("site.example", "/select", (200, json.dumps(index).encode(), {}))
        return {"url": "http://site.example/select", "discovery": "fitrs-index"}

    def firds(self, link):
        document = {"file_name": "FULINS_E_20261128_01of01.zip", "download_link": link,
                    "checksum": "0" * 32, "publication_date": "2026-11-28T00:00:00Z"}
        index = {"response": {"numFound": 1, "start": 0, "docs": [document]}}
        self.answer("site.example", "/firds", (200, json.dumps(index).encode(), {}))
        return {"url": "http://site.example/firds", "discovery": "firds-index", "format": "firds"}

    def fca(self, link):
        source = {"file_name": "FULINS_E_20261128_01of01.zip", "download_link": link}
        index = {"hits": {"total": 1, "hits": [{"_id": "1", "_source": source}]}}
        self.answer("site.example", "/fca", (200, json.dumps(index).encode(), {}))
        return {"url": "http://site.example/fca", "discovery": "fca-index", "format": "firds"}

    def test_links_of_every_index_obey_alike(self):
        for index in (self.link_page, self.gleif, self.fitrs, self.firds, self.fca):
            with self.subTest(index=index.__name__):
                source = index("http://files.example/list.csv")
                self.sources(mine=source)
                self.refused("mine", "'files.example' is not allowed: add it to redirect_hosts")
                self.sources(mine={**source, "redirect_hosts": ["files.example"]})
                self.refused("mine", "://files.example/list.csv: leads to 10.1.2.3")
                self.sources(mine=index("http://site.example:8080/list.csv"))
                self.refused("mine", "'site.example:8080' is not allowed: add it to redirect_hosts")
                self.sources(mine=index("file:///etc/passwd/list.csv"))
                self.refused("mine", "list" if index == self.link_page else "scheme 'file'")
        self.assertEqual(self.publisher.hosts(), {"site.example"})
        self.assertFalse([path for _, path, _ in self.publisher.requests if path == "/list.csv"])

    def test_headers_do_not_go_to_the_hosts_of_links(self):
        for index in (self.firds, self.gleif, self.link_page):
            with self.subTest(index=index.__name__):
                self.sources(mine={**index("http://127.0.0.1/list.csv"), "headers": {"X-Key": "hunter2"},
                                   "redirect_hosts": ["127.0.0.1"], "allow_addresses": "127.0.0.1"})
                self.publisher.requests.clear()
                self.run_json("mine")
                seen = {host: headers.get("X-Key") for host, _, headers in self.publisher.requests}
                self.assertEqual(seen, {"site.example": "hunter2", "127.0.0.1": None})

    # -- what the user says -----------------------------------------------------------------------

    def test_a_host_that_the_user_wrote_may_be_anywhere(self):
        for address in ("10.1.2.3", "127.0.0.1", "169.254.169.254", "fd12::1"):
            with self.subTest(address=address):
                self.name("site.example", address)
                self.sources(mine={"url": "http://site.example/list.csv"})
                self.accepted("mine")

    def test_but_only_on_the_port_that_is_written(self):
        self.name("site.example", "10.1.2.3")
        self.answer("site.example", "/go.csv", redirect("http://site.example:8080/list.csv"))
        self.answer("site.example:8080", "/list.csv", (200, OTHER, {}))
        source = {"url": "http://site.example/go.csv"}
        self.sources(mine=source)
        self.refused("mine", "'site.example:8080' is not allowed: add it to redirect_hosts")
        source["redirect_hosts"] = ["site.example:8080"]
        self.sources(mine=source)
        self.refused("mine", "http://site.example:8080/list.csv: leads to 10.1.2.3")
        self.assertEqual(self.publisher.hosts(), {"site.example"})
        self.sources(mine={**source, "allow_addresses": ["10.1.2.3"]})
        self.accepted("mine")

    def test_addresses_that_are_allowed(self):
        self.answer("site.example", "/list.csv", redirect("http://files.example/list.csv"))
        source = {"url": "http://site.example/list.csv", "redirect_hosts": ["files.example"]}
        for network, allowed in (("private", True), ("10.0.0.0/8", True), ("10.1.2.3", True),
                                 ("::ffff:10.1.2.0/120", True), ("10.1.2.4", False), ("fd00::/8", False)):
            with self.subTest(network=network):
                self.sources(network=f", allow_addresses: ['{network}']", mine=source,
                             other={**source, "allow_addresses": []}, third={**source, "allow_addresses": [network]})
                (self.accepted if allowed else self.refused)("mine")
                self.refused("other", "leads to 10.1.2.3")
                (self.accepted if allowed else self.refused)("third")

    # -- names that change what they mean ---------------------------------------------------------

    def test_a_name_that_leads_elsewhere_the_second_time(self):
        self.sources(mine={"url": "http://site.example/list.csv", "redirect_hosts": ["cdn.example"]})
        self.answer("site.example", "/list.csv", redirect("http://cdn.example/list.csv"))
        self.accepted("mine")
        self.answer("cdn.example", "/list.csv", (200, OTHER, {}))
        self.name("cdn.example", "127.0.0.1")
        before = len(self.publisher.requests)
        self.refused("mine", "leads to 127.0.0.1")
        self.assertEqual([host for host, *_ in self.publisher.requests[before:]], ["site.example"])
        self.assertIn("US0378331005", self.call("export", "mine").out)

    def test_a_connection_of_another_source_is_no_way_around(self):
        """The first one may go there, and leaves its connection open."""
        self.answer("files.example", "/secret.csv", (200, OTHER, {}))
        self.answer("site.example", "/go.csv", redirect("http://files.example/secret.csv"))
        own = {"url": "http://files.example/list.csv"}
        other = {"url": "http://site.example/go.csv", "redirect_hosts": ["files.example"]}
        self.sources(a=own, b=other)
        result = self.run_json("a", "b")
        self.assertEqual(result.source("a")["status"], "updated", result)
        self.assertIn("leads to 10.1.2.3", result.source("b")["error"]["message"])
        self.assertNotIn("/secret.csv", [path for _, path, _ in self.publisher.requests])
        # The control: where it is allowed, it is that connection which is used again.
        self.sources(a=own, b={**other, "allow_addresses": ["private"]})
        before = self.publisher.connections
        self.assertEqual(self.run_json("a", "b").status, 0)
        self.assertEqual(self.publisher.connections - before, 2)

    # -- proxies ----------------------------------------------------------------------------------

    def test_a_proxy_may_be_private_and_decides_itself(self):
        self.answer("files.example", "http://files.example/list.csv", (200, OTHER, {}))
        for source, environment in (({"proxy": "http://127.0.0.1:8080"}, {}),
                                    ({}, {"http_proxy": "http://127.0.0.1:8080"})):
            with self.subTest(source=source):
                self.answer("site.example", "http://site.example/go.csv",
                            redirect("http://files.example/list.csv"))
                source = {**source, "url": "http://site.example/go.csv",
                          "redirect_hosts": ["files.example", "10.1.2.3", "localhost"]}
                self.sources(mine=source)
                self.accepted("mine", environment=environment)
                for host in ("10.1.2.3", "localhost"):
                    self.answer("site.example", "http://site.example/go.csv", redirect(f"http://{host}/list.csv"))
                    self.refused("mine", " address, ", environment=environment)
                self.assertFalse({"10.1.2.3", "localhost"} & self.publisher.hosts())

    def test_no_proxy_means_that_we_decide(self):
        self.answer("site.example", "/go.csv", redirect("http://files.example/list.csv"))
        self.sources(mine={"url": "http://site.example/go.csv", "redirect_hosts": ["files.example"]})
        environment = {"http_proxy": "http://127.0.0.1:8080", "no_proxy": "site.example,files.example"}
        self.refused("mine", "leads to 10.1.2.3", environment=environment)


def enter():
    """Becomes this script in namespaces where it may do what it wants."""
    wrapper = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode != 0:
        print("\n*** SKIPPED: no namespaces can be made here ***\n", file=sys.stderr, flush=True)
        return
    os.execvp(wrapper[0], [*wrapper, sys.executable, __file__, "--inside", *sys.argv[1:]])


def furnish():
    number, hosts = tempfile.mkstemp()
    os.close(number)
    os.chmod(hosts, 0o644)
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    os.unlink(hosts)  # it stays where it is mounted
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (PUBLIC, PUBLIC_6, *HIDDEN):
        if address not in ("0.0.0.0", "::", "::1", "224.0.0.1", "255.255.255.255", "ff02::1") \
                and not address.startswith(("127.", "::ffff:")):
            subprocess.run(["ip", "address", "add", address, "dev", "lo"], check=True)


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        furnish()
        unittest.main()
    else:
        enter()
