"""A part of the table of faults: indexes that move or never end, sets with parts that are missing, late, in
conflict or corrected, pages, links, days and numbers."""

import hashlib
import json
import re
import zipfile

import fault_answers as a
from fault_scene import H1, H2, KEPT, REFUSED, TAKEN, TLS, UNCHANGED, Fault
from fault_shapes import Counted, Dated, Fca, Firds, Gleif, Links, Numbered, Paged, csv, packed, rows
from harness import respond, status

ONLY_H1 = (H1,)
SORRY = b"<!DOCTYPE html><html><head><title>Sorry</title></head></html>"


def index(answer):
    """This instead of every page of the index."""
    def fault(scene):
        reply = answer(scene)
        scene.shape.index.instead = lambda request, page: reply(request)
    return fault


def pages(change, host="response", list_name="docs", total_name="numFound"):
    """What `change(pages asked for before, total, documents)` makes of a page: another total, other documents."""
    def fault(scene):
        asked = []

        def instead(request, page):
            page = json.loads(page)
            total, documents = change(len(asked), page[host][total_name], page[host][list_name])
            page[host] = {**page[host], total_name: total, list_name: documents}
            asked.append(request.path)
            respond(request, 200, json.dumps(page).encode())
        scene.shape.index.instead = instead
    return fault


def elastic(change):
    return pages(change, "hits", "hits", "total")


def documents(change):
    """Every document of the new day's parts is changed; none is there where that gives None."""
    def of_page(number, total, docs):
        changed = [change(dict(doc)) if doc.get("file_name", "").startswith("DLTINS") else doc for doc in docs]
        return total, [doc if doc is not None else {} for doc in changed]
    return pages(of_page)


def many(number, total, docs):
    return 200_000, [{"file_name": f"x{number}-{i}.zip", "download_link": "https://x.example/"} for i in range(50)]


def parts(change):
    """What `change(first part, second part)` does to the dictionaries of the new day's files."""
    def fault(scene):
        change(*scene.shape.parts)
    return fault


def file_is(data, told=True):
    """The second part has these bytes, by its checksum or against it; `data` may be a function of the right
    ones."""
    def fault(scene):
        part = scene.shape.parts[1]
        bad = data(part["path"].read_bytes()) if callable(data) else data
        scene.shape.index.broken[part["file_name"]] = bad
        if told:
            part["checksum"] = hashlib.md5(bad).hexdigest()
    return fault


def text_is(pattern, by):
    """As file_is(): the text of the second part is another one."""
    def change(data):
        with zipfile.ZipFile(a.io.BytesIO(data)) as archive:
            name, = archive.namelist()
            text = archive.read(name)
        changed, count = re.subn(pattern, by, text)
        assert count, pattern
        return packed(changed, name)
    return file_is(change)


def without(*numbers):
    def fault(scene):
        names = [scene.shape.parts[number]["file_name"] for number in numbers]
        scene.shape.index.published = lambda file: file["file_name"] not in names
    return fault


def listed_too(change):
    """The index lists another file, which is the second part but for what changes."""
    def fault(scene):
        scene.shape.index.files.append({**scene.shape.parts[1], **change(scene.shape.parts[1])})
    return fault


def part_gone(scene):
    scene.shape.index.broken[scene.shape.parts[1]["file_name"]] = None


def corrected_past(scene):
    """A file of the full list that is stored has other bytes now."""
    first = scene.shape.index.files[0]
    scene.shape.index.broken[first["file_name"]] = b"corrected"
    first["checksum"] = hashlib.md5(b"corrected").hexdigest()


def set_row(name, does, fault, exit, words="", stored=KEPT, shape=Firds, over=(H1, H2), **more):
    return Fault(name, does, fault, exit, words, stored, over, shape, **more)


MISSING = "part 2 of 2 is missing"
INDEXES = [
    set_row("index: rightly", "lists two parts of a new day", lambda s: None, 0, stored=TAKEN, over=(H1, TLS, H2)),
    set_row("index: moves", "has another number of files on each page", pages(lambda n, total, docs: (total + n, docs)), 75,
            "changed 5 times while it was read"),
    set_row("index: moves once", "has another number of files on one page", pages(
        lambda n, total, docs: (total + (n == 1), docs)), 0, stored=TAKEN),
    set_row("index: announces a billion", "announces a billion files", pages(lambda n, total, docs: (10**9, docs)), 76,
            "an index without end"),
    set_row("index: pages without end", "announces 200,000 files that are none, page by page", pages(many), 76,
            "an index without end", keys="", over=(H1,)),
    set_row("index: the same page", "gives its first page again and again", pages(
        lambda n, total, docs: (total, docs[:1] and [{"file_name": "x"}])), 76, "is the same as the one before"),
    set_row("index: gives less", "announces more files than it gives", pages(
        lambda n, total, docs: (total + 1, docs)), 75, "documents and gives"),
    set_row("index: empty", "lists nothing at all", pages(lambda n, total, docs: (0, [])), 0, stored=UNCHANGED),
    set_row("index: a page", "sends a page instead of its index", index(a.sends(SORRY)), 76, "not an answer of Solr"),
    set_row("index: an error", "sends an error as JSON", index(a.sends(b'{"error": {"code": 500}}')), 76, "not an answer of Solr"),
    set_row("index: cut JSON", "sends half of its index", index(a.sends(b'{"response": {"numFound": 4, "docs": [{"file_')), 76,
            "not an answer of Solr"),
    set_row("index: minus one", "announces -1 files", pages(lambda n, total, docs: (-1, docs)), 76, "not an answer of Solr"),
    set_row("index: half a file", "announces 4.5 files", pages(lambda n, total, docs: (4.5, docs)), 76, "not an answer of Solr"),
    set_row("index: deep", "sends 100,000 arrays in each other", index(a.sends(b'{"response":' + b"[" * 100_000)), 76,
            "not an answer of Solr"),
    set_row("index: entities", "sends XML whose entities grow", index(a.sends(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><response>&b;</response>')), 76, "not an answer of Solr"),
    set_row("index: 2 MiB", "sends a page of 2 MiB", index(a.sends(b" " * (2 << 20))), 65, "larger than 1MiB"),
    set_row("index: no end", "sends a page without end", index(a.endless_body(b" " * 64)), 65, "larger than 1MiB"),
    set_row("index: 404", "has no index any longer", index(a.says(404)), 66, "HTTP 404"),
    set_row("index: 503", "answers 503 for its index", index(a.says(503)), 75, "HTTP 503"),
    set_row("index: packed", "packs its index though nobody asked", index(a.sends(b"\x1f\x8b", Content_Encoding="gzip")), 76,
            "packed by 'gzip'"),
    set_row("index: link elsewhere", "links to a host that nobody named", documents(
        lambda doc: {**doc, "download_link": "https://elsewhere.example/x.zip"}), 76, "add it to redirect_hosts"),
    set_row("index: link to a file", "links to file:///etc/passwd", documents(
        lambda doc: {**doc, "download_link": "file:///etc/passwd"}), 76, ""),
    set_row("index: link inside", "links to 10.1.2.3", documents(
        lambda doc: {**doc, "download_link": "http://10.1.2.3/x.zip"}), 76, "is not allowed"),
    set_row("index: no URL", "links to what is no URL", documents(lambda doc: {**doc, "download_link": "http://["}), 76, ""),
    set_row("index: no link", "lists files without a link", documents(lambda doc: {**doc, "download_link": ""}), 0,
            stored=UNCHANGED),
    set_row("index: odd names", "lists ../../DLTINS_20261101_01of02.zip", documents(
        lambda doc: {**doc, "file_name": "../../" + doc["file_name"]}), 0, stored=UNCHANGED),
    set_row("index: part 3 of 2", "lists a part that cannot be", documents(
        lambda doc: {**doc, "file_name": doc["file_name"].replace("02of02", "03of02")}), 0, MISSING, UNCHANGED),
    set_row("index: 31 February", "lists files of a day that is none", documents(
        lambda doc: {**doc, "file_name": re.sub(r"_\d{8}_", "_20260231_", doc["file_name"])}), 0, stored=UNCHANGED),
]

FILES = [
    set_row("set: part missing", "lists the first of two parts", without(1), 0, MISSING, UNCHANGED),
    set_row("set: part not there yet", "lists a part that is not there", part_gone, 66, "HTTP 404"),
    set_row("set: two of one part", "lists two files as the same part", listed_too(
        lambda part: {"checksum": "0" * 32}), 0, "two files claim to be part 2 of 2", UNCHANGED),
    set_row("set: listed twice", "lists a part twice", listed_too(lambda part: {}), 0, stored=TAKEN),
    set_row("set: two generations", "lists a part of three besides", listed_too(lambda part: {
        "file_name": part["file_name"].replace("02of02", "03of03")}), 0, "part 1, 2 of 3 is missing", UNCHANGED),
    set_row("set: wrong checksum", "sends other bytes than it announced", file_is(lambda data: data[:-9] + b"x" * 9, False), 65,
            "as announced"),
    set_row("set: cut", "sends half of a part, rightly announced", file_is(lambda data: data[:len(data) // 2]), 65, "damaged"),
    set_row("set: a page", "sends a page instead of a part", file_is(SORRY), 76, "HTML where a list was expected (title 'Sorry')"),
    set_row("set: empty", "sends a part of no bytes", file_is(b""), 65, "empty"),
    set_row("set: another day's", "sends the part of another day", text_is(rb"<RptgPrd><Dt>[^<]*", rb"<RptgPrd><Dt>2020-01-01"), 65,
            "dated 2020-01-01"),
    set_row("set: another message", "sends a full list as a delta", text_is(rb"auth\.036\.001\.03", rb"auth.017.001.02"), 76,
            "auth.017"),
    set_row("set: XML cut", "sends a part whose XML is cut", text_is(rb"</FinInstrm>(?!.*</FinInstrm>).*", b""), 65,
            "ends too early"),
    set_row("set: wrong ISINs", "sends a part without one right ISIN", text_is(
        rb"<FinInstrmGnlAttrbts><Id>[A-Z]{2}[A-Z0-9]{9}[0-9]</Id>", rb"<FinInstrmGnlAttrbts><Id>none</Id>"), 65, "", REFUSED),
    set_row("set: corrected past", "corrects a full list that is stored", corrected_past, 0, stored=TAKEN),
    set_row("FCA: rightly", "lists two parts of a new day", lambda s: None, 0, stored=TAKEN, shape=Fca),
    set_row("FCA: moves", "has another number of files on each page", elastic(lambda n, total, docs: (
        {"value": total["value"] + n}, docs)), 75, "changed 5 times while it was read", shape=Fca),
    set_row("FCA: announces a billion", "announces a billion files", elastic(lambda n, total, docs: (10**9, docs)), 76,
            "an index without end", shape=Fca),
    set_row("FCA: minus one", "announces -1 files", elastic(lambda n, total, docs: ({"value": -1}, docs)), 76,
            "not an answer of Elasticsearch", shape=Fca),
    set_row("FCA: a page", "sends a page instead of its index", index(a.sends(SORRY)), 76, "not an answer of Elasticsearch",
            shape=Fca),
    set_row("FCA: part missing", "lists the first of two parts", without(1), 0, MISSING, UNCHANGED, Fca),
]


def metadata(**changed):
    return lambda scene: scene.shape.announce(2, **changed)


def links(*to):
    """The page leads there; the list's address of the last time is still there."""
    return lambda scene: {"/lists/": status(200, scene.shape.page(*to))}


def at(path, fault):
    """This is answered there, and all else rightly; `path` may be a function of the scene."""
    return lambda scene: {path(scene) if callable(path) else path: fault(scene)}


def all_pages(make):
    return lambda scene: {scene.shape.path.replace("{page}", str(number)): status(200, make(number)) for number in range(1, 15)}


def totals(total):
    """Pages that say that there are so many rows in all: a function of how often one was asked for."""
    def fault(scene):
        asked = []

        def answer(number):
            def reply(request):
                asked.append(number)
                respond(request, 200, scene.shape.page(2, number, total(len(asked))))
            return reply
        return {f"/list.json?page={number}": answer(number) for number in range(1, 5)}
    return fault


def new_day(scene):
    return Dated.path_of(2)


FALLBACK = "its address of the last time was used instead"
OTHERS = [
    set_row("GLEIF: no link", "names no file", metadata(downloadLink=""), 76, "names no file to download", shape=Gleif),
    set_row("GLEIF: a page", "sends a page instead of metadata", at(Gleif.path, a.sends(SORRY)), 76, "names no file", shape=Gleif),
    set_row("GLEIF: an array", "sends an empty array of files", at(Gleif.path, a.sends(b'{"data": []}')), 76, "names no file",
            shape=Gleif),
    set_row("GLEIF: elsewhere", "links to a host that nobody named", metadata(downloadLink="https://elsewhere.example/x"), 76,
            "add it to redirect_hosts", shape=Gleif),
    set_row("GLEIF: a file", "links to file:///etc/passwd", metadata(downloadLink="file:///etc/passwd"), 76, "", shape=Gleif),
    set_row("GLEIF: older", "names a file of before", metadata(uploadedAt="2020-01-01T00:00:00Z"), 0, "older than the list",
            UNCHANGED, Gleif),
    set_row("GLEIF: gone", "names a file that is not there", at("/file/2", a.says(404)), 66, "HTTP 404", shape=Gleif),
    set_row("GLEIF: cut", "sends half of the file", at("/file/2", a.sends(lambda s: a.half(a.new(s)))), 65, "damaged", shape=Gleif),
    set_row("GLEIF: a way out", "names ../../../etc/cron.d/x", metadata(fileName="../../../etc/cron.d/x"), 0, stored=TAKEN,
            shape=Gleif),
    set_row("page: no link", "has taken the link from its page", links(), 76, FALLBACK, UNCHANGED, Links),
    set_row("page: gone", "has no page any longer", at("/lists/", a.says(404)), 66, FALLBACK, UNCHANGED, Links),
    set_row("page: 503", "answers 503 for its page", at("/lists/", a.says(503)), 75, "HTTP 503", shape=Links),
    set_row("page: elsewhere", "links to a host that nobody named", links("https://elsewhere.example/all.csv"), 76, FALLBACK,
            UNCHANGED, Links),
    set_row("page: script", "links to javascript:", links("javascript:all.csv"), 76, FALLBACK, UNCHANGED, Links),
    set_row("page: 5 MB", "sends a page of 5 MB", at("/lists/", a.sends(SORRY + b"<p>" * 1_700_000)), 65, FALLBACK, UNCHANGED,
            Links),
    set_row("page: nested", "sends a page of 100,000 elements in each other", at("/lists/", a.sends(
        b"<!DOCTYPE html>" + b"<div>" * 100_000)), 65, FALLBACK, UNCHANGED, Links),
    set_row("page: soft 404", "sends a page where its link leads", at("/data/2/all.csv", a.sends(SORRY)), 76,
            "HTML where a list was expected (title 'Sorry')", shape=Links),
    set_row("page: all gone", "has neither the link nor the list of the last time", lambda s: {
        "/lists/": a.sends(s.shape.page())(s), "/data/1/all.csv": a.says(404)(s)}, 76, "HTTP 404", shape=Links),
    set_row("pages: one gone", "has no second page", at("/list.csv?page=2", a.says(404)), 66, "page=2", shape=Paged),
    set_row("pages: one is HTML", "sends a page that says sorry", at("/list.csv?page=2", a.sends(SORRY)), 76, "page=2", shape=Paged),
    set_row("pages: one again", "sends the first page again and again", all_pages(lambda number: csv(rows(2)[:90])), 76,
            "the same as the page before", shape=Paged),
    set_row("pages: no end", "sends pages without end", all_pages(lambda number: csv(rows(2)[number:number + 90])), 76,
            "10 pages and no end", shape=Paged),
    set_row("pages: end too early", "sends an empty second page", at("/list.csv?page=2", a.sends(csv([]))), 65, "max_shrink",
            REFUSED, Paged),
    set_row("count: moves", "says another number of rows on each page", totals(lambda asked: 248 + asked), 75,
            "changed 3 times while it was read", shape=Counted),
    set_row("count: too many", "says more rows than there are", totals(lambda asked: 300), 75, "announces 300 rows and gives 248",
            shape=Counted),
    set_row("count: minus one", "says that there are -1 rows", totals(lambda asked: -1), 76, "no number at 'total'", shape=Counted),
    set_row("days: none", "has no list of any day", lambda s: s.answers.clear(), 66, "no file of", shape=Dated),
    set_row("days: soft 404", "sends a page where there is no list", at(new_day, a.sends(SORRY, Content_Type="text/html")), 0,
            stored=UNCHANGED, shape=Dated),
    set_row("days: 503", "answers 503 for the newest day", at(new_day, a.says(503)), 75, "HTTP 503", shape=Dated),
    set_row("days: 403", "answers 403 for the newest day", at(new_day, a.says(403)), 77, "HTTP 403", shape=Dated),
    set_row("numbers: without end", "has a list of every number", lambda s: {
        f"/list{number}.csv": s.answers["/list8.csv"] for number in range(7, 60)}, 76, "20 numbers from", shape=Numbered),
    set_row("numbers: none", "has no list of any number", lambda s: s.answers.clear(), 66, "is there", shape=Numbered),
]

SETS = [*INDEXES, *FILES, *OTHERS]
