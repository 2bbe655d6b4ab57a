"""A cache between client and publisher that does what RFC 9111 allows: what it has, it gives out again
without asking, until it is asked to revalidate."""

import http.server
import threading
import urllib.error
import urllib.request


class CachingProxy:
    def __init__(self):
        self.stored = {}  # of each URL: status, headers, body
        self.hits = 0  # answers that the publisher was not asked for
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                cache_control = self.headers.get("Cache-Control", "")
                fresh = self.path in outer.stored and "max-age=0" not in cache_control \
                    and "no-cache" not in cache_control + self.headers.get("Pragma", "")
                if fresh:
                    outer.hits += 1
                else:
                    outer.ask(self.path)
                code, headers, body = outer.stored[self.path]
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    code, body = 304, b""
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                if code != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def ask(self, url):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(url, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            kept = {name: answer.headers[name] for name in ("ETag", "Last-Modified", "Content-Type")
                    if answer.headers[name]}
            self.stored[url] = (answer.status, kept, answer.read())

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
