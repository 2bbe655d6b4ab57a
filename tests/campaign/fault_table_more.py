"""A part of the table of faults: lists that are taken up where they were cut, certificates and TLS, HTTP/2."""

import ssl
import struct
import time

import fault_answers as a
import http2
from certificates import make_certificate
from fault_scene import H1, H2, KEPT, REFUSED, TAKEN, TLS, UNCHANGED, Fault
from fault_shapes import NEW_DATE, Checked, Shape, csv, rows
from harness import FaultyPublisher, respond

THRICE = "retry: {attempts: 3, first_delay: 0s, max_delay: 0s}"
ONCE = "retry: {attempts: 1}"
STALL = "stall_timeout: 1s, " + ONCE


def ranges(*expected):
    """Which of the requests for the list asked for the rest: the newest ones."""
    def then(scene, entry):
        asked = ["range" in (name.lower() for name in headers) for path, headers in scene.publisher.requests
                 if path == scene.shape.path][-len(expected):]
        return None if asked == list(expected) else f"asked for the rest: {asked}"
    return then


AT_ALL = ranges(False, True)
AND_AGAIN = ranges(False, True, False)


def taken_up(name, does, rest, exit=0, words="", stored=TAKEN, then=AND_AGAIN, **more):
    """The first answer is cut; this is what comes on the request for the rest."""
    return Fault(name, "cuts, then " + does, a.resumed(rest), exit, words, stored, then=then, **more)


RESUMED = [
    taken_up("rest", "sends the rest", a.piece(), then=AT_ALL),
    taken_up("rest: all", "sends all of it", a.rightly, then=AT_ALL),
    taken_up("rest: of another version", "sends a piece of the next version", a.piece(ETag='"3"')),
    taken_up("rest: of no version", "sends a piece without ETag", a.piece(ETag="")),
    taken_up("rest: too late a start", "sends a piece that begins 10 bytes later", a.piece(begin=lambda first: first + 10)),
    taken_up("rest: too early a start", "sends a piece that begins 10 bytes earlier", a.piece(begin=lambda first: first - 10)),
    taken_up("rest: from the start", "sends all of it as 206", a.piece(begin=lambda first: 0)),
    taken_up("rest: of no place", "sends 206 without Content-Range", a.piece(content_range="")),
    taken_up("rest: of a place that is none", "sends Content-Range: bytes all/of it", a.piece(
        content_range=lambda *_: "bytes all/of it")),
    taken_up("rest: in lines", "sends Content-Range: lines", a.piece(
        content_range=lambda first, last, total: f"lines {first}-{last}/{total}")),
    taken_up("rest: of a longer file", "says that the file is longer now", a.piece(
        content_range=lambda first, last, total: f"bytes {first}-{last}/{total + 9}")),
    taken_up("rest: beyond the end", "sends a Content-Range that ends beyond the file", a.piece(
        content_range=lambda first, last, total: f"bytes {first}-{total + 9}/{total}")),
    taken_up("rest: of 2^64 bytes", "sends a Content-Range of numbers that are too large", a.piece(
        content_range=lambda first, last, total: f"bytes {first}-{2**64}/{2**64 + 1}")),
    taken_up("rest: in parts", "sends multipart/byteranges", a.piece(
        content_range="", Content_Type="multipart/byteranges; boundary=x")),
    taken_up("rest: fewer bytes than said", "sends 10 bytes fewer than its Content-Range says", a.piece(
        begin=lambda first: first + 10, content_range=lambda first, last, total: f"bytes {first - 10}-{last}/{total}"),
        75, "got ", KEPT, then=AT_ALL),
    taken_up("rest: more bytes than said", "sends 10 bytes more than there are", a.piece(
        begin=lambda first: first - 10, content_range=lambda first, last, total: f"bytes {first + 10}-{last}/{total}"),
        network=THRICE),
    taken_up("rest: a piece of it", "sends the next 500 bytes only, then the others", lambda s: a.in_turn(
        a.piece(end=lambda total: 3500), a.piece())(s), then=ranges(False, True, True), network=THRICE),
    taken_up("rest: cut again", "cuts the rest too", lambda s: lambda request: respond(
        request, 206, a.new(s)[3000:5000], {"ETag": '"2"', "Content-Range":
                                            f"bytes 3000-{len(a.new(s)) - 1}/{len(a.new(s))}"}, length=len(a.new(s)) - 3000),
        75, "", KEPT, then=AT_ALL),
    taken_up("rest: 416", "answers 416", a.says(416), then=AND_AGAIN),
    taken_up("rest: 416 of a shorter file", "answers 416 and has half of the list", a.says(416, Content_Range="bytes */10"),
             then=None),
    taken_up("rest: 404", "answers 404", a.says(404), 66, "HTTP 404", KEPT, then=AT_ALL),
    taken_up("rest: 403", "answers 403", a.says(403), 77, "HTTP 403", KEPT, then=AT_ALL),
    taken_up("rest: 500", "answers 500, then sends the rest", lambda s: a.in_turn(a.says(500), a.piece())(s),
             then=ranges(False, True, True), network=THRICE),
    taken_up("rest: 304", "answers 304, there is nothing new", a.says(304), stored=UNCHANGED, then=AT_ALL),
    taken_up("rest: a page", "sends a page", a.sends(b"<html><title>Sorry</title></html>"), 76,
             "HTML where a list was expected (title 'Sorry')", KEPT, then=AT_ALL),
    taken_up("rest: elsewhere", "redirects to a place that sends the rest", lambda s: lambda request: respond(
        request, 302, b"", {"Location": s.url("/rest.csv")}) if not s.answers.update({"/rest.csv": a.piece()(s)}) else None,
        then=None),
    taken_up("rest: other bytes", "sends a rest of other bytes, as if they were the same", a.piece(
        body=lambda s: a.new(s).replace(b" v2", b" v3")), shape=Checked, then=None),
    Fault("taken up by the next run", "cuts, and is asked for the rest by the next run", a.cut(3000, ETag='"2"'), 75, "",
          network=ONCE, then=lambda s, e: None if list((s.dir / "state").rglob("*.meta")) else "nothing to go on with"),
    Fault("no rest by a weak ETag", "cuts; its ETag is weak", lambda s: a.resumed(a.piece(), etag='W/"2"')(s), 0, stored=TAKEN,
          then=ranges(False, False)),
    Fault("no rest without ETag", "cuts; it has no ETag", lambda s: a.resumed(a.piece(), etag=None)(s), 0, stored=TAKEN,
          then=ranges(False, False)),
    Fault("rest by date", "cuts, then sends the rest by Last-Modified", a.in_turn(
        a.cut(3000, Last_Modified=NEW_DATE), a.piece(ETag="", Last_Modified=NEW_DATE)), 0, stored=TAKEN, then=AT_ALL),
    Fault("rest by another date", "cuts, then sends a piece of another day's list", a.in_turn(
        a.cut(3000, Last_Modified=NEW_DATE), a.piece(ETag="", Last_Modified="Tue, 06 Oct 2026 05:17:02 GMT"), a.rightly), 0,
        stored=TAKEN, then=AND_AGAIN),
    Fault("rest of a gzip file", "cuts a gzip file, then sends other bytes as its rest", a.in_turn(
        lambda s: lambda r: respond(r, 200, a.half(a.gzipped(s)), {"ETag": '"2"'}, length=len(a.gzipped(s))),
        a.piece(body=lambda s: a.gzipped(s)[:-50] + bytes(50))), 65, "damaged", then=AT_ALL),
]


def behind(make_context, over=None):
    """Another server stands behind the door, with certificates or settings of its own."""
    def fault(scene):
        publisher = scene.make_publisher(make_context(scene.certificates), over)
        publisher.answers = scene.answers
        scene.door.behind = int(publisher.url("").rsplit(":", 1)[1])
    return fault


def certified(name, **settings):
    """A certificate of this kind, made once for all scenes."""
    def make(certificates):
        pair = (certificates.folder / f"{name}.pem", certificates.folder / f"{name}.key")
        with certificates.lock:
            if not pair[0].exists():
                own = settings.pop("own", False)
                make_certificate(certificates.folder, name, issuer=None if own else certificates.trusted, **settings)
        return certificates.context(pair)
    return behind(make)


def answering(data, wait=0):
    """What the door says to the client's first words instead of TLS."""
    def fault(scene):
        def act(connection):
            connection.recv(4096)
            connection.sendall(data)
            time.sleep(wait)
        scene.door.act = act
    return fault


def reset_door(scene):
    def act(connection):
        connection.recv(100)
        connection.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: closing resets
    scene.door.act = act


def close_behind(part, notify):
    """A body that ends with the connection: with close_notify, or as if it were cut."""
    def answer(scene):
        def reply(request):
            body = a.new(scene)
            request.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body[:int(len(body) * part)])
            if notify:
                request.connection.unwrap()
        return reply
    return answer


def no_tls_13(certificates, **settings):
    return certificates.context(minimum_version=ssl.TLSVersion.TLSv1, **settings)


def old_tls(certificates):
    context = no_tls_13(certificates, maximum_version=ssl.TLSVersion.TLSv1_1)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def who_are_you(certificates):
    context = certificates.context(verify_mode=ssl.CERT_REQUIRED)
    context.load_verify_locations(certificates.trusted[0])
    return context


def spoiled(scene):
    """A byte of the publisher's is changed on its way."""
    scene.door.spoil = 4000


SECURE = (TLS, H2)
CERTIFICATES = [
    Fault("certificate: expired", "has a certificate that has expired", certified("expired", clock="-9d"), 76,
          "is that right?", over=SECURE),
    Fault("certificate: not yet valid", "has a certificate of next week", certified("future", clock="+9d"), 76,
          "is that right?", over=SECURE),
    Fault("certificate: another host", "has a certificate of another host", certified("other", host="other.example"), 76,
          "subject name", over=SECURE),
    Fault("certificate: its own", "has signed its certificate itself", certified("own", own=True), 76,
          "self-signed certificate", over=SECURE),
    Fault("TLS 1.1", "speaks TLS 1.1 and nothing newer", behind(old_tls), 76, "", over=SECURE),
    Fault("client certificate", "asks for a certificate that nobody has", behind(who_are_you), 75, "", over=SECURE),
    Fault("TLS: plain HTTP", "speaks HTTP on the port of HTTPS", answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), 76,
          "does not speak TLS on port", over=SECURE),
    Fault("TLS: garbage", "answers the first words with garbage", answering(b"\x16\x03\x03\x40\x00" + b"\xA5" * 0x4000), 76,
          "", over=SECURE),
    Fault("TLS: alert", "refuses to agree on anything", answering(b"\x15\x03\x03\0\x02\x02\x28"), 76, "alert handshake failure",
          over=SECURE),
    Fault("TLS: no answer", "says nothing to the first words", answering(b"", 20), 75, "", over=SECURE, network=ONCE),
    Fault("TLS: half a record", "stops within its first record", answering(b"\x16\x03\x03\x40\0\x02", 20), 75, "", over=SECURE,
          network=ONCE),
    Fault("TLS: closed", "closes while TLS is agreed on", answering(b""), 75, "while TLS was agreed on", over=SECURE),
    Fault("TLS: reset", "resets while TLS is agreed on", reset_door, 75, "", over=SECURE),
    Fault("TLS: spoiled", "has a byte changed by somebody on the way", spoiled, 75, "", over=SECURE),
    Fault("TLS: all, without its end", "ends the list with the connection, without close_notify", close_behind(1, False), 0,
          stored=TAKEN, over=(TLS,)),
    Fault("TLS: cut, without its end", "ends half of the list with the connection, without close_notify",
          close_behind(0.5, False), 65, "looks cut", stored=REFUSED, over=(TLS,)),
    Fault("TLS: all, with its end", "ends the list with close_notify and no length", close_behind(1, True), 0, stored=TAKEN,
          over=(TLS,)),
]


def head(*fields):
    return (http2.HEADERS, http2.END_HEADERS, b"".join((http2.OK, *fields)))


def rst(code):
    return (http2.RST_STREAM, 0, code.to_bytes(4, "big"))


SOME = (http2.DATA, 0, csv(rows(2))[:3000])
ONLY = (H2,)
# 100 fields of 4 kB, of two bytes each: one that is put into the table, and references to it (RFC 7541 §6.1).
BOMB = http2.OK + b"\x40" + http2.number(1) + b"x" + http2.number(3900) + b"y" * 3900 + b"\xbe" * 16_000
HTTP2 = [
    Fault("HTTP/2: stream refused", "refuses the stream", a.frames(rst(7)), 75, "", over=ONLY),
    Fault("HTTP/2: stream cancelled", "gives the stream up within the list", a.frames(head(), SOME, rst(8)), 75, "", over=ONLY),
    Fault("HTTP/2: too much at once", "says ENHANCE_YOUR_CALM", a.frames(rst(11)), 75, "", over=ONLY),
    Fault("HTTP/2: wants HTTP/1.1", "says HTTP_1_1_REQUIRED, and hangs up when asked by it", a.frames(rst(13)), 76, "", over=ONLY),
    Fault("HTTP/2: goes", "says GOAWAY instead of answering", a.frames((http2.GOAWAY, 0, bytes(8), 0)), 75, "", over=ONLY),
    Fault("HTTP/2: cut", "closes the connection within the list", a.frames(head(), SOME), 75, "", over=ONLY),
    Fault("HTTP/2: ends too early", "ends the stream before its length", a.frames(
        head(http2.field(b"content-length", b"9000")), SOME, (http2.DATA, http2.END_STREAM, b"")), 76, "", over=ONLY),
    Fault("HTTP/2: ends early", "ends the stream within the list, and told no length", a.frames(
        head(), SOME, (http2.DATA, http2.END_STREAM, b"")), 65, "", stored=REFUSED, over=ONLY),
    Fault("HTTP/2: header of 64 MB", "sends 16,000 fields of 4 kB in 20 kB", a.frames(
        (http2.HEADERS, 0, BOMB[:16_000]), (http2.CONTINUATION, http2.END_HEADERS, BOMB[16_000:])), 76, "", over=ONLY),
    Fault("HTTP/2: header without end", "sends CONTINUATION without end", lambda s: a.flood(
        http2.CONTINUATION, 0, http2.field(b"x", b"y" * 100), 1)(s), 76, "", over=ONLY),
    Fault("HTTP/2: pushes", "pushes what nobody asked for", a.frames((5, http2.END_HEADERS, bytes(3) + b"\x02" + http2.OK)), 76, "",
          over=ONLY),
    Fault("HTTP/2: ping", "sends PING without end and no answer", a.flood(6, 0, bytes(8)), 75, "", over=ONLY,
          network=f"{ONCE}, total_timeout: 3s"),
    Fault("HTTP/2: settings", "sends SETTINGS without end and no answer", a.flood(http2.SETTINGS, 0, b""), 75, "", over=ONLY,
          network=f"{ONCE}, total_timeout: 3s"),
    Fault("HTTP/2: empty frames", "sends empty DATA without end", lambda s: lambda request: (
        request.send(*head()), a.flood(http2.DATA, 0, b"", request.stream)(s)(request)), 75, "", over=ONLY,
        network=f"{ONCE}, total_timeout: 3s"),
    Fault("HTTP/2: unknown frames", "sends frames of a kind that is not known, and the list", a.with_frames(
        http2.frame(0x42, 0, b"?" * 100, 0), http2.frame(0x42, 0xFF, b"?" * 100), http2.frame(0x42, 0, b"", 0)), 0, stored=TAKEN,
        over=ONLY),
    Fault("HTTP/2: goes behind the list", "says GOAWAY behind a list that is whole", a.with_frames(
        behind=http2.frame(http2.GOAWAY, 0, (1).to_bytes(4, "big") + bytes(4), 0)), 0, stored=TAKEN, over=ONLY),
    Fault("HTTP/2: a frame of nobody's", "sends DATA of a stream that is none", a.frames(head(), (http2.DATA, 0, b"x", 7)), 76, "",
          over=ONLY),
    Fault("HTTP/2: HTTP/1.1", "agrees on HTTP/2 and speaks HTTP/1.1", behind(lambda c: with_alpn(c), TLS), 76, "", over=ONLY),
]


def with_alpn(certificates):
    context = certificates.context()
    context.set_alpn_protocols(["h2"])
    return context
