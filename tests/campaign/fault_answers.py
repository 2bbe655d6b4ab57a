"""What publishers answer instead of their list: each function here makes a Fault.fault of a table's row."""

import gzip
import io
import itertools
import re
import struct
import time
import socket
import zipfile

import fault_shapes
import http2
from harness import cut_after, raw, respond, reset_after, stall_after, status

MIB = 1024 * 1024
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def new(scene):
    """The bytes of the new list."""
    return scene.shape.body(2)


def half(data):
    return data[:len(data) // 2]


def says(code, body=b"", **headers):
    return lambda scene: status(code, body, **headers)


def sends(body, **headers):
    """These bytes as the list; `body` may be a function of the scene."""
    return lambda scene: status(200, body(scene) if callable(body) else body, **headers)


def bytes_of(data):
    """Exactly these bytes on the connection; `data` may be a function of the new list."""
    return lambda scene: raw(data(new(scene)) if callable(data) else data)


def head_of(*lines):
    """A good status, these lines of header, and the list."""
    return bytes_of(lambda body: b"\r\n".join((b"HTTP/1.1 200 OK", b"Connection: close",
                                               b"Content-Length: %d" % len(body), *lines, b"", body)))


def endless(start, piece):
    """`start`, then the piece again and again until the client leaves."""
    def answer(request):
        request.wfile.write(start)
        while True:
            request.wfile.write(piece * 100)
    return lambda scene: answer


def endless_body(piece, **headers):
    """Over HTTP/2 too: no length is announced. A client that wants no more resets the stream or leaves."""
    def answer(request):
        request.send_response(200)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        for _ in range(400):  # 26 MB, less than libcurl's window
            request.wfile.write(piece * (65_536 // len(piece)))
    return lambda scene: answer


def nothing(scene):
    """The connection is closed, and there was no answer."""
    return lambda request: None


def reset_at_once(scene):
    def answer(request):
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()
    return answer


def hold(seconds=30):
    def answer(request):
        time.sleep(seconds)
    return lambda scene: answer


def hold_in_header(scene):
    def answer(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nETag: \"2")
        time.sleep(30)
    return answer


def cut(at, **headers):
    """Announces the new list and closes the connection after so many bytes."""
    def answer(scene):
        body = new(scene)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return lambda request: respond(request, 200, body[:at], named, length=len(body))
    return answer


def drip(scene):
    """A byte every 0.1 s: no stall, and no end for ten minutes."""
    def answer(request):
        body = new(scene)
        respond(request, 200, b"", {"ETag": '"2"'}, length=len(body))
        for byte in body:
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(0.1)
    return answer


def drip_of_header(scene):
    def answer(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.1)
    return answer


def stall(at):
    return lambda scene: stall_after(new(scene), at)


def reset(at):
    return lambda scene: reset_after(new(scene), at)


def too_short_a_length(by):
    """The length is less than what is sent: an HTTP client takes no more than that."""
    def answer(scene):
        body = new(scene)
        return lambda request: respond(request, 200, body, length=len(body) - by)
    return answer


def in_turn(*faults):
    """Each request is answered by the next one; the last one stays."""
    def answer(scene):
        answers = [fault(scene) for fault in faults]
        number = itertools.count()
        return lambda request: answers[min(next(number), len(answers) - 1)](request)
    return answer


def rightly(scene):
    """As the publisher would."""
    return scene.answers[scene.shape.path]


# -- what comes on a request for the rest -------------------------------------------------------------

def first_byte(request):
    found = re.search(r"bytes=(\d+)-", request.headers.get("Range") or "")
    return int(found.group(1)) if found else 0


def piece(code=206, begin=lambda first: first, end=lambda total: total, content_range=None, body=new, **headers):
    """A piece of the list, from `begin(what was asked for)` to `end(length)`; its Content-Range is right for
    that unless given as a function of first, last and total, or as ""."""
    def answer(scene):
        data = body(scene)

        def reply(request):
            first, stop = begin(first_byte(request)), end(len(data))
            named = {"ETag": '"2"', **{name.replace("_", "-"): value for name, value in headers.items()}}
            said = f"bytes {first}-{stop - 1}/{len(data)}" if content_range is None \
                else content_range and content_range(first, stop - 1, len(data))
            named = {name: value for name, value in (*named.items(), ("Content-Range", said)) if value}
            respond(request, code, data[first:stop], named)
        return reply
    return answer


def resumed(rest, at=3000, etag='"2"', whole=rightly):
    """Cut at first; then `rest` is the answer to a request for the rest, and `whole` to one for all."""
    def answer(scene):
        cut_short = cut(at, **({"ETag": etag} if etag else {}))(scene)
        of_rest, of_all = rest(scene), whole(scene)
        number = itertools.count()

        def reply(request):
            if next(number) == 0:
                cut_short(request)
            else:
                (of_rest if request.headers.get("Range") else of_all)(request)
        return reply
    return answer


# -- redirects ----------------------------------------------------------------------------------------

def redirect(to, code=302, **headers):
    """`to` may be a function of the scene."""
    return lambda scene: status(code, b"", Location=to(scene) if callable(to) else to, **headers)


def redirect_then(to, answer, code=302):
    """To another path, where this is answered."""
    return lambda scene: {scene.shape.path: status(code, b"", Location=scene.url(to)), to: answer(scene)}


# -- bodies -------------------------------------------------------------------------------------------

def gzipped(scene):
    return gzip.compress(new(scene), mtime=0)


def bomb(scene, mebibytes=300):
    """So much of a list in a gzip file of a hundredth of it, made a block at a time."""
    block = (fault_shapes.csv(fault_shapes.rows(2)) * 150)[:MIB]
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=1) as out:
        for _ in range(mebibytes):
            out.write(block)
    return file.getvalue()


def zip_bomb(scene, mebibytes=300):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("list.csv", "w") as out:
        out.write(b"ISIN;Name\n")
        for _ in range(mebibytes):
            out.write(bytes(MIB))
    return file.getvalue()


def zip_of(*entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


# -- HTTP/2 -------------------------------------------------------------------------------------------

OK_HEAD = (http2.HEADERS, http2.END_HEADERS, http2.OK)


def frames(*pieces):
    """Each is kind, flags, payload and, if not the request's, the stream."""
    def answer(request):
        for kind, flags, payload, *stream in pieces:
            request.connection.sendall(http2.frame(kind, flags, payload, *(stream or [request.stream])))
        time.sleep(0.1)
        raise EOFError
    return lambda scene: answer


def flood(kind, flags, payload, stream=0):
    """The same frame again and again, and no answer."""
    def answer(request):
        piece = http2.frame(kind, flags, payload, stream) * 500
        while True:
            request.connection.sendall(piece)
    return lambda scene: answer


def with_frames(before=b"", between=b"", behind=b"", end=True):
    """The list, rightly, with frames of other kinds around it."""
    def answer(scene):
        body = new(scene)

        def reply(request):
            head = http2.OK + http2.field(b"etag", b'"2"')
            request.connection.sendall(
                before + http2.frame(http2.HEADERS, http2.END_HEADERS, head, request.stream) + between
                + http2.frame(http2.DATA, http2.END_STREAM if end else 0, body, request.stream) + behind)
            time.sleep(0.2)
            raise EOFError
        return reply
    return answer
