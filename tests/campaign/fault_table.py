"""The table of what publishers do wrong: connections, statuses, headers, bodies. In tables of their own, but
part of this one: fault_table_more (a list taken up again, certificates, HTTP/2) and fault_table_sets (indexes,
pages, sets)."""

import email.utils
import gzip
import time

import fault_answers as a
from fault_scene import H1, H2, KEPT, REFUSED, TAKEN, TLS, UNCHANGED, Fault
from fault_shapes import OLD_DATE, Checked, Plain, csv, packed, rows
from fault_table_more import CERTIFICATES, HTTP2, RESUMED
from fault_table_sets import SETS

SOON = "network.total_timeout is 2s"
IN_2_SECONDS = "total_timeout: 2s"
ONCE = "retry: {attempts: 1}"
STALL = "stall_timeout: 1s, " + ONCE


def cooldown(low, high):
    """Nobody is asked again for so many hours, and the next run says so without asking."""
    def then(scene, entry):
        until = entry["cooldown_until"]
        hours = (time.mktime(time.strptime(until, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone - time.time()) / 3600 \
            if until else 0
        if not low <= hours <= high:
            return f"asked again after {hours:.2f} h"
        asked = len(scene.publisher.requests)
        code, report, _ = scene.run()
        if code != 75 or "cooldown" not in report or len(scene.publisher.requests) != asked:
            return f"the next run asked again, {code}"
        return None
    return then


def attempts(count):
    return lambda scene, entry: None if entry["http"]["attempts"] == count else f"{entry['http']['attempts']} attempts"


def nobody_asked(*paths):
    """No request came for these, and none to the servers inside."""
    def then(scene, entry):
        asked = [path for path, _ in scene.publisher.requests if path in paths]
        return f"asked for {asked}" if asked else None
    return then


def late(seconds):
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def at_port(host, scheme="http"):
    """The publisher itself, by another address, where the list is served."""
    return lambda scene: scene.url("/list.csv").replace("127.0.0.1", host).replace("localhost", host)


def lock(scene):
    scene.door.lock()


def acting(act):
    """Something happens at the door, before any HTTP."""
    def fault(scene):
        scene.door.act = act
    return fault


def limited(count):
    """The network ends after so many bytes that came from the publisher."""
    def fault(scene):
        scene.door.limit = count
    return fault


def slowly(scene):
    scene.door.pause = 0.0001


def hold(connection):
    time.sleep(20)


CONNECTIONS = [
    Fault("refused", "is not at home: its port is closed", lock, 75, "Failed to connect"),
    Fault("unknown host", "has no address any longer", a.redirect("http://nowhere.invalid/list.csv"), 75,
          "Could not resolve host", keys="    allow_http: true\n    redirect_hosts: [nowhere.invalid]\n"),
    Fault("no answer", "closes the connection instead of answering", a.nothing, 75, "2 attempts"),
    Fault("reset", "resets the connection instead of answering", a.reset_at_once, 75, "2 attempts"),
    Fault("silence", "takes the request and says nothing", a.hold(), 75, "", network=STALL),
    Fault("silence in the header", "says half of its header and nothing more", a.hold_in_header, 75, "",
          over=(H1, TLS), network=STALL),
    Fault("silence in the body", "sends 3000 bytes and nothing more", a.stall(3000), 75, "", network=STALL),
    Fault("silence before anything", "accepts the connection and says nothing", acting(hold), 75, "", network=STALL),
    Fault("drip", "sends a byte every 0.1 s", a.drip, 75, SOON, network=f"{IN_2_SECONDS}, {ONCE}"),
    Fault("drip of a header", "sends a byte of its header every 0.1 s", a.drip_of_header, 75, SOON, over=(H1, TLS),
          network=f"{IN_2_SECONDS}, {ONCE}"),
    Fault("drip within the budget", "sends a byte every 0.1 s, for all of the time of a file", a.drip, 75,
          "network.retry.budget is 2s", network="retry: {budget: 2s}"),
    Fault("reset in the body", "resets the connection after 3000 bytes", a.reset(3000), 75, ""),
    Fault("cut", "announces all and closes after 3000 bytes", a.cut(3000), 75, ""),
    Fault("cut at once", "announces all and closes before the first byte", a.cut(0), 75, ""),
    Fault("network cut", "is cut off within a packet", limited(2500), 75, ""),
    Fault("a byte at a time", "sends each byte by itself", slowly, 0, stored=TAKEN),
]

STATUSES = [
    *(Fault(f"status {code}", f"answers {code}", a.says(code), exit, f"HTTP {code}", then=then)
      for code, exit, then in (
          (400, 76, None), (401, 77, None), (403, 77, cooldown(23.9, 24.1)), (404, 66, None), (405, 76, None),
          (406, 76, None), (407, 77, None), (408, 75, attempts(2)), (410, 66, None), (418, 76, None),
          (425, 75, attempts(2)), (451, 69, attempts(1)), (500, 75, attempts(2)), (501, 76, attempts(1)),
          (502, 75, attempts(2)), (504, 75, attempts(2)), (505, 76, None), (599, 75, attempts(2)))),
    Fault("status 204", "answers 204 No Content", a.says(204), 76, "HTTP 204"),
    Fault("status 300", "answers 300 and leads nowhere", a.says(300), 76, "HTTP 300"),
    Fault("status 302 to nowhere", "redirects without Location", a.says(302), 76, "HTTP 302"),
    Fault("status 999", "answers 999", a.says(999), 76, "HTTP 999", over=(H1, TLS)),
    Fault("early hints without end", "says 103 again and again", a.endless(
        b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), 76, "raise network.max_header", over=(H1, TLS)),
    Fault("404 with the list", "answers 404 and sends the new list", lambda s: a.says(404, a.new(s))(s), 66, "HTTP 404"),
    Fault("304 unasked", "answers 304 to who has nothing to compare", a.says(304), 76,
          "304 Not Modified without having been asked", shape=Plain),
    Fault("304 for ever", "answers 304 though there is a new list", a.says(304), 0, stored=UNCHANGED),
    Fault("206 unasked", "answers 206 to a request for all", a.piece(), 76, "not asked for"),
    Fault("416 unasked", "answers 416 to a request for all", a.says(416), 76, "HTTP 416"),
    Fault("429", "answers 429 and not for how long", a.says(429), 75, "HTTP 429", then=cooldown(3.9, 4.1)),
    Fault("429 for 2 hours", "answers 429, Retry-After: 7200", a.says(429, Retry_After="7200"), 75, "not asked again",
          then=cooldown(1.9, 2.1)),
    Fault("429 until a date", "answers 429, Retry-After: a date in 3 hours", lambda s: a.says(
        429, Retry_After=late(3 * 3600))(s), 75, "not asked again", then=cooldown(2.9, 3.1)),
    Fault("429 for ever", "answers 429, Retry-After: 99999999999999999999999", a.says(
        429, Retry_After="9" * 23), 75, "not asked again", then=cooldown(167.9, 168.1)),
    Fault("429 until 9999", "answers 429, Retry-After: a date in the year 9999", a.says(
        429, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), 75, "not asked again", then=cooldown(167.9, 168.1)),
    Fault("429 since yesterday", "answers 429, Retry-After: a date that has passed", a.says(
        429, Retry_After=late(-86400)), 75, "HTTP 429", then=lambda s, e: e["cooldown_until"] and "waits for nothing"),
    Fault("429 for no time", "answers 429, Retry-After: -5", a.says(429, Retry_After="-5"), 75, "HTTP 429",
          then=cooldown(3.9, 4.1)),
    Fault("503", "answers 503", a.says(503), 75, "HTTP 503 Service Unavailable, 2 attempts",
          then=lambda s, e: e["cooldown_until"] and "waits"),
    Fault("503 for 2 hours", "answers 503, Retry-After: 7200", a.says(503, Retry_After="7200"), 75, "not asked again",
          then=cooldown(1.9, 2.1)),
    Fault("503 for a second", "answers 503, Retry-After: 1, then the list", a.in_turn(
        a.says(503, Retry_After="1"), a.rightly), 0, stored=TAKEN, then=attempts(2)),
    Fault("500 once", "answers 500, then the list", a.in_turn(a.says(500), a.rightly), 0, stored=TAKEN),
]

REDIRECTS = [
    Fault("redirect", "moves the list on its own host", a.redirect_then("/moved.csv", a.rightly, 301), 0, stored=TAKEN),
    Fault("redirect to itself", "redirects to the same place", a.redirect("/list.csv", 301), 76, "more than 5 redirects"),
    Fault("redirects in a circle", "redirects there and back", lambda s: {
        "/list.csv": a.redirect("/b.csv", 307)(s), "/b.csv": a.redirect("/list.csv", 308)(s)}, 76, "more than 5 redirects"),
    Fault("redirect to another host", "redirects to a host that nobody named", a.redirect(
        "https://elsewhere.example/list.csv"), 76, "add it to redirect_hosts"),
    Fault("redirect to http", "redirects to where anybody can read and change it", a.redirect(
        "http://elsewhere.example/list.csv"), 76, "http can be read and changed on its way",
        keys="    redirect_hosts: [elsewhere.example]\n"),
    Fault("redirect to another port", "redirects to another port of its host", a.redirect(
        lambda s: s.other.url("/good")), 76, "is not allowed"),
    Fault("redirect inside", "redirects to 10.1.2.3", a.redirect("http://10.1.2.3/list.csv"), 76, "private address",
          keys="    allow_http: true\n    redirect_hosts: ['10.1.2.3']\n"),
    Fault("redirect to this host", "redirects to 127.0.0.2", a.redirect(at_port("127.0.0.2")), 76, "loopback address",
          over=(H1,), keys="    redirect_hosts: ['127.0.0.2:PORT']\n"),
    Fault("redirect to metadata", "redirects to 169.254.169.254", a.redirect(
        "http://169.254.169.254/latest/meta-data/"), 76, "metadata address",
        keys="    allow_http: true\n    redirect_hosts: ['169.254.169.254']\n"),
    Fault("redirect to a file", "redirects to file:///etc/passwd", a.redirect("file:///etc/passwd"), 76, "'file'"),
    Fault("redirect to gopher", "redirects to gopher:", a.redirect("gopher://127.0.0.1:25/xHELO"), 76, "'gopher'"),
    Fault("redirect to no URL", "redirects to http://[", a.redirect("http://["), 76, ""),
    Fault("redirect to a folded answer", "redirects to an answer whose header begins with a blank", lambda s: {
        "/list.csv": a.says(302, Location="/folded", X_Long="x" * 1000)(s),
        "/folded": a.bytes_of(b"HTTP/1.1 200 OK\r\n X: folded\r\n\r\nISIN\n")(s)}, 76,
        "line 2 of the header of its answer is malformed", over=(H1, TLS)),
    Fault("redirect to a page", "redirects to a page that says sorry", a.redirect_then("/sorry", a.sends(
        b"<!DOCTYPE html><title>Sorry</title>")), 76, "HTML where a list was expected (title 'Sorry')"),
]

FILLER = b"X-Filler: 0123456789abcdef\r\n"
HEADERS = [
    Fault("header: a folded first line", "begins its header with a blank", a.bytes_of(
        lambda body: b"HTTP/1.1 200 OK\r\n Folded: yes\r\n\r\n" + body), 76, "line 2 of the header of its answer is malformed",
        over=(H1, TLS)),
    *(Fault(f"header: {name}", f"sends a header with {name}", a.head_of(line), 76, words, over=(H1, TLS)) for name, line, words in (
        ("no colon", b"no colon at all", "of the header of its answer is"),
        ("a line of 200 kB", b"X: " + b"x" * 200_000, "of the header of its answer is"),
        ("a length that is none", b"Content-Length: many", ""),
        ("a negative length", b"Content-Length: -5", ""))),
    Fault("header without end", "sends lines of header and no end", a.endless(b"HTTP/1.1 200 OK\r\n", FILLER), 76,
          "raise network.max_header", over=(H1, TLS)),
    Fault("trailers without end", "sends the list, then trailers without end", lambda s: a.endless(
        a.CHUNKED + a.chunk(a.new(s)) + b"0\r\n", FILLER)(s), 76, "raise network.max_header", over=(H1, TLS)),
    Fault("no HTTP", "sends the list and no header", a.bytes_of(lambda body: body), 76, "", over=(H1, TLS)),
    Fault("another protocol", "greets as a mail server", acting(lambda c: c.sendall(b"220 mail ESMTP\r\n" * 40)), 76, "",
          over=(H1, TLS, H2)),
    Fault("chunks: no size", "sends chunks of size 'zz'", a.bytes_of(a.CHUNKED + b"zz\r\nISIN;Name\r\n"), 75, "",
          over=(H1, TLS)),
    Fault("chunks: too large", "sends a chunk of size ffffffffffffffffff", a.bytes_of(
        a.CHUNKED + b"f" * 18 + b"\r\nISIN;Name\r\n"), 75, "", over=(H1, TLS)),
    Fault("chunks: cut", "closes within a chunk", a.bytes_of(lambda body: a.CHUNKED + a.chunk(body)[:3000]), 75, "",
          over=(H1, TLS)),
    Fault("chunks: no last one", "closes behind the last byte, without the chunk that ends them", a.bytes_of(
        lambda body: a.CHUNKED + a.chunk(body)), 75, "", over=(H1, TLS)),
    Fault("chunks: garbage between", "sends garbage between two chunks", a.bytes_of(
        lambda body: a.CHUNKED + a.chunk(body[:3000]) + b"garbage\r\n" + a.chunk(body[3000:]) + b"0\r\n\r\n"), 75, "",
        over=(H1, TLS)),
    Fault("chunks and a length", "announces chunks and a length that is wrong", a.bytes_of(
        lambda body: a.CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 10\r\n\r\n") + a.chunk(body) + b"0\r\n\r\n"), 0,
        stored=TAKEN, over=(H1, TLS)),
    Fault("a length that is too short", "announces 100 bytes fewer than it sends", a.too_short_a_length(100), 65,
          "looks cut", stored=REFUSED, over=(H1, TLS)),
    Fault("packed by br", "sends what nobody asked for: Content-Encoding: br", a.sends(
        b"\x8b\x02\x80packed", Content_Encoding="br"), 76, "packed by 'br'"),
    Fault("packed by gzip", "sends the list by gzip, and says so", a.sends(a.gzipped, Content_Encoding="gzip"), 0,
          stored=TAKEN),
]

WRONG_ISIN = [(isin[:-1] + str((int(isin[-1]) + 1) % 10), name) for isin, name in rows(2)]
BODIES = [
    Fault("empty", "sends nothing, with 200", a.sends(b""), 65, "empty"),
    Fault("soft 404", "sends a page instead of the list, with 200", a.sends(
        b"<html><head><title>Page not found</title></head></html>"), 76, "HTML where a list was expected (title 'Page not found')"),
    Fault("soft 404 behind blanks", "sends such a page with a byte order mark and blank lines", a.sends(
        b"\xef\xbb\xbf\r\n\r\n  <!doctype HTML><TITLE>Log in</TITLE>"), 76, "HTML where a list was expected (title 'Log in')"),
    Fault("an error in JSON", "sends {\"error\": …} instead, with 200", a.sends(b'{"error": "maintenance"}'), 76, ""),
    Fault("an error in XML", "sends <error/> instead, with 200", a.sends(b"<?xml version='1.0'?><error>busy</error>"), 76, ""),
    Fault("a line of text", "says that it is busy, with 200", a.sends(b"Too many requests, try again later.\n"), 76, ""),
    Fault("only a header", "sends the names of the columns and no rows", a.sends(csv([])), 65, "not one valid record",
          stored=REFUSED),
    Fault("other columns", "has renamed the ISIN's column", a.sends(lambda s: a.new(s).replace(b"ISIN;", b"Code;")), 76, "ISIN"),
    Fault("lost 6 %", "sends 6 % fewer rows", a.sends(lambda s: csv(rows(2)[25:])), 65, "max_shrink is 5%", stored=REFUSED),
    Fault("cut at a line end", "sends the first 97 % of the rows", a.sends(lambda s: csv(rows(1)[:233])), 65,
          "the file looks cut", stored=REFUSED),
    Fault("cut in a line", "sends all but the last 20 bytes", a.sends(lambda s: a.new(s)[:-20]), 65, "looks cut", stored=REFUSED),
    Fault("wrong ISINs", "sends ISINs whose check digits are wrong", a.sends(csv(WRONG_ISIN)), 65, "not one valid record",
          stored=REFUSED),
    Fault("6 % wrong ISINs", "sends some ISINs whose check digits are wrong", a.sends(csv(rows(2) + WRONG_ISIN[:17])), 65,
          "max_rejected is 5%", stored=REFUSED),
    Fault("zeros", "sends zeros in place of the second half, as file systems do after a power cut", a.sends(
        lambda s: a.new(s)[:4000] + bytes(len(a.new(s)) - 4000)), 65, ""),
    Fault("a row without end", "sends a row of 30 MB", a.endless_body(b"ISIN;Name\nUS0378331005;x" + b"x" * 41), 65, "",
          keys="    max_bytes: 20MiB\n"),
    Fault("5 GB announced", "announces 5 GB", lambda s: lambda r: a.respond(r, 200, a.new(s), length=5 * 10**9), 65,
          "larger than 4GiB"),
    Fault("no end", "sends rows without end", a.endless_body(csv(rows(2))), 65, "raise max_bytes",
          keys="    max_bytes: 2MiB\n"),
    Fault("gzip", "packs the list by gzip", a.sends(a.gzipped), 0, stored=TAKEN),
    Fault("gzip, cut", "sends the first half of a gzip file", a.sends(lambda s: a.half(a.gzipped(s))), 65, "damaged"),
    Fault("gzip, its end missing", "sends a gzip file without its checksum", a.sends(lambda s: a.gzipped(s)[:-8]), 65, "damaged"),
    Fault("gzip and garbage", "sends a gzip file with something behind it", a.sends(lambda s: a.gzipped(s) + b"garbage"), 65, ""),
    Fault("gzip bomb", "packs 300 MB into 1 MB", a.sends(a.bomb), 65, "", keys="    max_bytes: 20MiB\n"),
    Fault("zip bomb", "packs 300 MB of zeros into a zip file", a.sends(a.zip_bomb), 65, "",
          keys="    max_bytes: 20MiB\n"),
    Fault("zip, cut", "sends the first half of a zip file", a.sends(lambda s: a.half(packed(a.new(s)))), 65, "damaged"),
    Fault("zip of several", "sends a zip file of two lists", a.sends(lambda s: a.zip_of(("a.csv", a.new(s)), ("b.csv", a.new(s)))),
          76, "2 files that may be the list"),
    Fault("zip of a zip", "sends a zip file in a zip file", a.sends(lambda s: packed(packed(a.new(s)), "list.zip")), 76, ""),
    Fault("zip of nothing", "sends an empty zip file", a.sends(a.zip_of()), 65, "nothing is packed"),
    Fault("zip with a way out", "packs the list as ../../etc/cron.d/x", a.sends(lambda s: packed(a.new(s), "../../../etc/cron.d/x.csv")),
          0, stored=TAKEN),
    Fault("wrong checksum", "announces the checksum of another file", lambda s: {
        "/list.md5": a.says(200, b"0" * 32 + b"  list.csv\n")(s)}, 65, "checksum is md5:", shape=Checked),
    Fault("a page for a checksum", "sends a page instead of the checksum", lambda s: {
        "/list.md5": a.says(200, b"<html><title>Sorry</title></html>")(s)}, 76, "HTML where a checksum was expected", shape=Checked),
    Fault("no checksum", "has no checksum any longer", lambda s: {"/list.md5": a.says(404)(s)}, 66, "HTTP 404", shape=Checked),
    Fault("checksum without one", "sends a text without a checksum", lambda s: {"/list.md5": a.says(200, b"none today\n")(s)}, 65,
          "no MD5 or SHA-256", shape=Checked),
    Fault("checksum before the list", "publishes the checksum first: the list is the old one", lambda s: a.says(
        200, s.shape.body(1), ETag='"1"')(s), 65, "checksum is md5:", shape=Checked),
    Fault("damaged once", "sends a damaged list, then the right one", a.in_turn(a.sends(lambda s: a.new(s)[:-9] + b"x" * 9),
          a.rightly), 0, stored=TAKEN, shape=Checked),
    Fault("older", "sends a list of a day before", a.sends(lambda s: csv(rows(2)), Last_Modified="Tue, 06 Oct 2026 05:17:02 GMT"),
          0, "older than the list that is there", stored=UNCHANGED),
    Fault("same bytes, other ETag", "sends the same list as a new one", lambda s: a.says(
        200, s.shape.body(1), ETag='"9"', Last_Modified=late(-4 * 86400))(s), 0, stored=UNCHANGED),
    Fault("other bytes, same ETag", "sends a new list by its old name", lambda s: a.says(
        200, a.new(s), ETag='"1"', Last_Modified=OLD_DATE)(s), 0, stored=TAKEN, then=None),
    Fault("from the future", "says that the list is of the year 2040", lambda s: a.says(
        200, a.new(s), Last_Modified="Sun, 01 Jan 2040 00:00:00 GMT")(s), 0, stored=TAKEN),
    Fault("of no day", "says that the list is of the 45th of May", lambda s: a.says(
        200, a.new(s), Last_Modified="Wed, 45 May 2026 99:00:00 GMT")(s), 0, stored=TAKEN),
]

FAULTS = [fault for fault in (*CONNECTIONS, *STATUSES, *REDIRECTS, *HEADERS, *BODIES, *RESUMED, *CERTIFICATES, *HTTP2, *SETS)
          if fault.over]
assert len({fault.name for fault in FAULTS}) == len(FAULTS)
