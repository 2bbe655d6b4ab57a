"""The indexes of FIRDS files on a local server: ESMA's Solr and register search, the FCA's
Elasticsearch; and the files that they list."""

import contextlib
import json
import random
import re
import urllib.parse
from xml.sax.saxutils import quoteattr

from harness import FaultyPublisher

NOISE = {"id": "lastModification", "timestamp": "2026-11-20T03:43:44.952Z"}


class FirdsIndex:
    """`files` are dictionaries as firds_files.Market makes them; `published` decides which of them
    are there. Fields come in any order, some documents are no files, and pages have the size that is
    asked for, but at most `most`. It answers what its `publisher` has no other answer for."""

    def __init__(self, most=7, xml=False, checksums=True, publisher=None):
        self.files = []
        self.published = lambda file: True
        self.most = most
        self.xml = xml
        self.checksums = checksums
        self.requests = []
        self.broken = {}  # file name: bytes to send instead
        self.before_file = lambda name: None  # called before a file is sent
        self.halfway = lambda name: None  # and when half of it is
        self.instead = None  # answers for a page of the index: a function of the request and the page
        self.publisher = publisher or FaultyPublisher()
        self.publisher.otherwise = self.answer
        self.url, self.stop = self.publisher.url, self.publisher.stop

    def downloads(self):
        """Names of the files that were asked for since the last call."""
        names = [path.rsplit("/", 1)[1] for path in self.requests if path.startswith("/firds/")]
        self.requests.clear()
        return names

    def answer(self, request):
        address = urllib.parse.urlsplit(request.path)
        self.requests.append(address.path)
        query = urllib.parse.parse_qs(address.query)
        if address.path.startswith("/firds/"):
            name = address.path.rsplit("/", 1)[1]
            self.before_file(name)
            data, kind = self._file(name), "application/zip"
        elif address.path.endswith("/doRelativeSearch"):
            asked = json.loads(request.body)
            data, kind = self._solr(asked["fq"], int(asked["start"]), int(asked["pagingSize"]))
        elif address.path.endswith("/select"):
            data, kind = self._solr(" ".join(query["fq"]), int(query["start"][0]),
                                    int(query["rows"][0]))
        elif address.path.endswith("/fca_data_firds_files"):
            data, kind = self._elastic(query["q"][0], int(query["from"][0]), int(query["size"][0]))
        else:
            data, kind = None, ""
        if self.instead and kind and not address.path.startswith("/firds/"):
            self.instead(request, data)
            return
        request.send_response(404 if data is None else 200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data or b"")))
        request.end_headers()
        data = data or b""
        half = len(data) // 2 if address.path.startswith("/firds/") else 0
        with contextlib.suppress(ConnectionError):
            request.wfile.write(data[:half])
            if half:
                self.halfway(name)
            request.wfile.write(data[half:])

    def _file(self, name):
        if name in self.broken:
            return self.broken[name]
        found = [file for file in self.files if file["file_name"] == name]
        return found[0]["path"].read_bytes() if found else None

    def _documents(self, query, extra):
        first, last = re.search(r"(?:publication|creation)_date:\[(\S{10})\S* TO (\S{10})", query).groups()
        chosen = [self._document(file) for file in self.files
                  if first <= file["publication_date"] <= last and self.published(file)]
        return chosen + extra

    def _document(self, file):
        document = {"file_name": file["file_name"], "file_type": file["file_type"],
                    "publication_date": file["publication_date"] + "T00:00:00Z",
                    "download_link": self.url("/firds/" + file["file_name"]),
                    "id": file["file_name"][:-4]}
        if self.checksums:
            document["checksum"] = file["checksum"]
        order = list(document.items())
        random.Random(file["file_name"]).shuffle(order)
        return dict(order)

    def _solr(self, query, start, rows):
        documents = self._documents(query, [NOISE])
        page = documents[start:start + min(rows, self.most)]
        if not self.xml:
            text = json.dumps({"responseHeader": {"status": 0},
                               "response": {"numFound": len(documents), "start": start, "docs": page}})
            return text.encode(), "application/json"
        docs = "".join("<doc>" + "".join(f"<str name={quoteattr(name)}>{value}</str>"
                                         for name, value in document.items()) + "</doc>"
                       for document in page)
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<response><result name="response" numFound='
                f'"{len(documents)}" start="{start}">{docs}</result></response>').encode(), "text/xml"

    def _elastic(self, query, start, size):
        documents = self._documents(query, [])
        page = documents[start:start + min(size, self.most)]
        return json.dumps({"hits": {"total": {"value": len(documents)},
                                    "hits": [{"_source": each} for each in page]}}).encode(), \
            "application/json"
