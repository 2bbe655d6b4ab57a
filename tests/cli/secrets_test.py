"""No secret leaves the program: planted in every place that may hold one, and looked for in every word
that it prints or stores, over every path that fails and over those that do not."""

import json
import pathlib
import shutil
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import FaultyPublisher, ProgramTest, many_isins, raw, status  # noqa: E402

LIST = "".join(f"{isin}\n" for isin in many_isins(20)).encode()

# One for each place; no two have eight letters in common.
PLANTED = {"password": "pw-Ahorn!77", "token": "tk_Birke%21x", "header": "hd.Ceder/99==", "body": "bd-Douglasie-5",
           "proxy": "px-Eiche:1", "short": "sq9"}
LIST_PATH = f"/list?token={PLANTED['token']}"
MORE = (["status"], ["doctor"], ["doctor", "-o", "json"], ["config", "show", "-o", "json"], ["config", "check"], ["sources"],
        ["sources", "own", "-o", "json"], ["verify"], ["-vv", "run", "--dry-run", "--force"])


def spellings(secret):
    quoted = json.dumps(secret)[1:-1]
    encoded = "".join(c if c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in secret)
    return {secret, quoted, encoded, encoded.replace("%2F", "%2f")}


class Secrets(ProgramTest):
    def setUp(self):
        super().setUp()
        self.publisher = FaultyPublisher()
        self.addCleanup(self.publisher.stop)
        self.publisher.answers[LIST_PATH] = status(200, LIST)

    def url(self, path="/list"):
        """With a password and a token in it."""
        place = self.publisher.url(path).split("://", 1)[1]
        return f"http://reader:{PLANTED['password']}@{place}?token={PLANTED['token']}"

    def plant(self, url=None, extra="", top=""):
        network = top if "network:" in top else "network: {}\n" + top
        network = network.replace("network: {", "network: {retry: {attempts: 1, first_delay: 0s}, ").replace(", }", "}")
        shutil.rmtree(self.state, ignore_errors=True)  # no cool-down of what was tried before
        self.configure(network + "sources:\n  own:\n    enabled: true\n    format: lines\n"
                       f"    url: '{url or self.url()}'\n"
                       f"    headers: {{X-Api-Key: '{PLANTED['header']}', Cookie: 'sid={PLANTED['short']}'}}\n"
                       + extra)

    def assert_clean(self, text, where):
        for place, secret in PLANTED.items():
            for spelling in spellings(secret):
                at = text.find(spelling)
                self.assertEqual(at, -1, f"{place} in {where}: {text[max(at - 200, 0):at + 100]!r}")

    def look_everywhere(self, expected=None, environment=None, run_options=(), more=0):
        """Every command that tells about runs and the configuration, then every file below the state."""
        result = self.call("-vv", "run", "--force", *run_options, environment=environment)
        if expected is not None:
            self.assertEqual(result.status, expected, result)
        for words in (["-vv", "run", "--force", "-o", "json", *run_options], ["status", "-o", "json"],
                      ["config", "show"], ["sources", "test", "own"]) + MORE[:more]:
            other = self.call(*words, environment=environment)
            self.assert_clean(other.out + other.err, " ".join(words))
        self.assert_clean(result.out + result.err, "run")
        for file in self.dir.rglob("*"):
            is_ours = file.is_file() and file not in (self.config, self.dir / "secret")
            if is_ours and "archive" not in file.parts:  # where each byte is the publisher's
                self.assert_clean(file.read_bytes().decode("latin-1"), file)
        return result

    def test_nothing_fails(self):
        self.plant()
        self.look_everywhere(0, more=len(MORE))

    def test_what_a_publisher_repeats(self):
        """Of the request, in its refusal, its page and where it leads to."""
        secrets = " ".join(PLANTED[place] for place in ("password", "token", "header", "short"))
        page = f"<html><title>No access for {secrets}</title><p>{secrets}</p></html>".encode()
        for what, answer, expected in (
                ("401", status(401, page), 77),
                ("403", status(403, page), 77),
                ("404", status(404, page), 66),
                ("503", status(503, page), 75),
                ("page", status(200, page, Content_Type="text/html"), 76),
                ("binary", status(200, secrets.encode() + b"\0\0\0"), None),
                ("elsewhere", status(302, b"", Location=f"https://other.example/?x={PLANTED['header']}"), 76),
                ("no URL", status(302, b"", Location=f"htp://{PLANTED['header']}:{PLANTED['password']}@/"), 76),
                ("header", raw(f"HTTP/1.1 200 OK\r\n{PLANTED['header']}\r\n\r\n".encode()), None),
                ("coding", status(200, b"x", Content_Encoding=PLANTED["header"]), None)):
            with self.subTest(what):
                self.plant()
                self.publisher.answers[LIST_PATH] = answer
                self.look_everywhere(expected, more=len(MORE) if what == "page" else 0)

    def test_what_libcurl_says(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            bad_proxies = (f"htp://u:{PLANTED['proxy']}@127.0.0.1:{port}", f"u:{PLANTED['proxy']}@127.0.0.1:{port}",
                           f"http://u:{PLANTED['proxy']}@127.0.0.1:99999", f"socks9://{PLANTED['proxy']}@h",
                           f"http://u:{PLANTED['proxy']}@[::1")
            for proxy in bad_proxies:
                with self.subTest(proxy):
                    self.plant(url=self.url().replace("127.0.0.1", "list.example").replace("http:", "https:"),
                               top=f"network: {{proxy: '{proxy}'}}\n")
                    self.assertNotEqual(self.look_everywhere().status, 0)
                    self.plant(url=self.url().replace("127.0.0.1", "list.example").replace("http:", "https:"))
                    self.assertNotEqual(self.look_everywhere(environment={"https_proxy": proxy}, more=3).status, 0)
            self.plant(url=f"http://reader:{PLANTED['password']}@127.0.0.1:{port}/?token={PLANTED['token']}")
            self.look_everywhere(75)

    def test_bodies(self):
        for body in (f"user=a&pin={PLANTED['body']}", json.dumps({"user": "a", "pin": PLANTED["body"]})):
            with self.subTest(body):
                self.plant(extra=f"    post: '{body}'\n")
                self.look_everywhere(0)
                self.publisher.answers[LIST_PATH] = status(400, f"<title>{body}</title>".encode())
                self.look_everywhere()
                self.publisher.answers[LIST_PATH] = status(200, LIST)

    def test_the_store_on_a_server(self):
        password = PLANTED["password"]
        for location in (f"postgresql://u:{password}@127.0.0.1:1/x", f"host=127.0.0.1 port=1 password={password}",
                         f"host=127.0.0.1 port=1 password='{password}", f"postgresql://u:{password}@[::1/x",
                         f"postgresql://u:{password}%zz@127.0.0.1:1/x", f"postgrsql://u:{password}@h/x"):
            with self.subTest(location):
                text = location.replace("'", "''")
                self.plant(url="https://list.example/", top=f"store: '{text}'\n")
                self.assertNotEqual(self.look_everywhere().status, 0)

    def test_a_password_file(self):
        file = self.dir / "secret"
        for text in (f"{PLANTED['password']}\nsecond-{PLANTED['proxy']}\n", f"\t{PLANTED['password']}\0x\n"):
            with self.subTest(text):
                file.write_text(text)
                self.plant(url="https://list.example/", top="store: postgresql://u@127.0.0.1:1/x\n")
                result = self.look_everywhere(78, environment={"ISINFETCH_STORE_PASSWORD_FILE": str(file)})
                self.assertIn("control character", result.err)

    def test_mistakes_in_the_configuration(self):
        header = PLANTED["header"]
        for text in (f"sources:\n  own:\n    headers:\n      X-Key: {header}: x\n",
                     f"sources:\n  own:\n    headers:\n      X-Key: '{header}\n",
                     f"sources:\n  own:\n    headers:\n      X-Key:\n      {header}\n",
                     f"sources:\n  own:\n    headers: {header}\n",
                     f"sources:\n  own:\n    headers: {{X-Key: [{header}]}}\n",
                     f"sources:\n  own:\n    headers: {{'X Key': {header}}}\n",
                     f"sources:\n  own:\n    headers: {{X-Key: \"{header}\\n\"}}\n",
                     f"sources:\n  own:\n    url: 'htps://u:{PLANTED['password']}@h/'\n    format: lines\n",
                     f"sources:\n  own:\n    url: 'https://u:{PLANTED['password']}@h:x/'\n    format: lines\n",
                     f"sources:\n  own:\n    url: 'https://u:{PLANTED['password']}@h/: x\n",
                     f"store_password: [{header}]\n", f"store_password: {{a: {header}}}\n",
                     f"network: {{proxy: [\"http://u:{PLANTED['proxy']}@h\"]}}\n"):
            with self.subTest(text):
                self.configure(text)
                for words in (["config", "check"], ["run"], ["run", "-o", "json"], ["doctor"], ["config", "show"]):
                    result = self.call(*words)
                    self.assert_clean(result.out + result.err, words)

    def test_settings_of_one_call(self):
        self.configure("network: {retry: {attempts: 1}}\n"
                       "sources:\n  own: {enabled: true, format: lines, url: 'https://127.0.0.1:1/'}\n")
        for setting in (f"store_password={PLANTED['password']}\n",
                        f"sources.own.headers={{X-Key: {PLANTED['header']}}}",
                        f"sources.own.url=htp://u:{PLANTED['password']}@h/",
                        f"network.proxy=htp://u:{PLANTED['proxy']}@h/"):
            with self.subTest(setting):
                for words in (["config", "show"], ["run", "-o", "json"], ["status"]):
                    result = self.call("--set", setting, *words)
                    self.assert_clean(result.out + result.err, words)

    def test_records_stay_as_they_were_published(self):
        isins = list(many_isins(3))
        self.plant(extra=f"    post: 'password={isins[1]}'\n    guards: {{min_records: 1}}\n")
        self.publisher.answers[LIST_PATH] = status(200, "".join(f"{isin}\n" for isin in isins).encode())
        self.assertEqual(self.call("run").status, 0)
        for words in (["export", "own"], ["lookup", isins[1]], ["check", isins[1]]):
            self.assertIn(isins[1], self.call(*words).out)

    def test_kubernetes_keeps_what_another_file_overrides(self):
        folder = self.dir / ".config/isinfetch"
        (folder / "conf.d").mkdir(parents=True)
        entry = "sources: {own: {enabled: true, format: lines, url: 'https://list.example/', headers: {X-Key: %s}}}\n"
        (folder / "isinfetch.yaml").write_text(entry % PLANTED["header"])
        (folder / "conf.d/10.yaml").write_text("sources: {own: {headers: {X-Key: ''}}}\n")
        (folder / "conf.d/20.yaml").write_text(f"jobs: 2\n# headers:\n#   X-Key: {PLANTED['token']}\n")
        out = self.dir / "out"
        done = self.as_person("schedule", "kubernetes", "--output-dir", out)
        self.assertEqual(done.returncode, 0, done)
        for file in out.iterdir():
            if file.name != "isinfetch-secret.yaml":
                self.assert_clean(file.read_text(), file.name)
        self.assertIn(PLANTED["header"], (out / "isinfetch-secret.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
