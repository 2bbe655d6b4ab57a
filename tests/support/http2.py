"""A publisher over HTTP/2 that sends the frames it is told to, right or wrong.

Source of the frames: RFC 9113 §4.1 and §6; of the header blocks: RFC 7541 §6, without Huffman codes.
"""

import contextlib
import email.message
import socket
import ssl
import threading

import hpack

from certificates import make_certificate

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, CONTINUATION = 0, 1, 3, 4, 7, 9
END_STREAM, ACK, END_HEADERS, PRIORITY = 1, 1, 4, 0x20

OK = b"\x88"  # ":status: 200", of the static table


def frame(kind, flags, payload, stream=1):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def field(name, value):
    """A header field that is not put into any table."""
    return b"".join((b"\0", *(part for text in (name, value) for part in (number(len(text)), text))))


def number(value):
    """Of seven bits and more. Source: RFC 7541 §5.1."""
    if value < 127:
        return bytes([value])
    rest, octets = value - 127, [127]
    while rest >= 128:
        octets.append(rest % 128 + 128)
        rest //= 128
    return bytes([*octets, rest])


class Request:
    """One request, with as much of http.server's as harness.respond() and its like use: who answers
    there can answer here. What is announced and not sent ends with the connection, as it does there."""

    def __init__(self, connection, stream, fields, body):
        self.connection, self.stream, self.body = connection, stream, body
        self.command, self.path = fields.pop(":method"), fields.pop(":path")
        self.headers = email.message.Message()
        for name, value in fields.items():
            self.headers[name] = value
        self.wfile = self
        self._fields, self._missing, self._has_head, self._wants_more = [], None, False, False

    def send_response(self, code):
        self._fields = [(":status", str(code))]

    def send_header(self, name, value):
        if name.lower() == "content-length":
            self._missing = int(value)
        if name.lower() != "connection":  # RFC 9113 §8.2.2
            self._fields.append((name.lower(), value))

    def end_headers(self):
        block = b"".join(field(name.encode(), value.encode()) for name, value in self._fields)
        self.send(HEADERS, END_HEADERS, block)

    def write(self, data):
        size = 16_384  # of a frame, RFC 9113 §4.2
        for begin in range(0, len(data), size):
            self.send(DATA, 0, data[begin:begin + size])
        if self._missing is not None:
            self._missing -= len(data)

    def flush(self):
        pass

    def send(self, kind, flags, payload=b""):
        self.connection.sendall(frame(kind, flags, payload, self.stream))

    def finish(self):
        """The end of an answer that was given. Raises EOFError where it was not given whole."""
        if self._missing is None or (self._missing > 0 and self.command != "HEAD"):
            raise EOFError
        self.send(DATA, END_STREAM)


class Http2Publisher:
    """Sends the pieces of `answer` for every request; without any, what `answers` has for the path, or
    `otherwise`, as harness.FaultyPublisher does. A connection is for one request."""

    def __init__(self, directory=None, tls=None):
        self.certificate = None
        self.context = tls or self._own_context(directory)
        self.context.set_alpn_protocols(["h2"])
        self.answer = []
        self.answers, self.otherwise = {}, None
        self.requests, self.methods = [], []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path):
        return f"https://localhost:{self.listener.getsockname()[1]}{path}"

    def stop(self):
        self.listener.close()

    def _own_context(self, directory):
        self.certificate, key = make_certificate(directory, "http2")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        return context

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        # A client that leaves in the middle is what some answers are for.
        with contextlib.suppress(OSError), self.context.wrap_socket(connection, server_side=True) as stream:
            self.connections += 1
            with contextlib.suppress(EOFError):
                self._speak(stream)
            # Else what the client has said, and nobody read, resets the connection before it has read all.
            stream.shutdown(socket.SHUT_WR)
            stream.settimeout(5)
            while stream.recv(65_536):
                pass

    def _speak(self, stream):
        if self._read(stream, len(PREFACE)) != PREFACE:
            raise EOFError
        stream.sendall(frame(SETTINGS, 0, b"", 0))
        decoder, block, body = hpack.Decoder(), b"", b""
        while True:
            kind, flags, number, payload = self._read_frame(stream)
            if kind == SETTINGS and not flags & ACK:
                stream.sendall(frame(SETTINGS, ACK, b"", 0))
            elif kind == HEADERS:
                # Behind the priority that some clients send: RFC 9113 §6.2.
                block = payload[5:] if flags & PRIORITY else payload
            elif kind == DATA:
                body += payload
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                self._reply(Request(stream, number, dict(decoder.decode(block)), body))
                body = b""

    def _reply(self, request):
        if self.answer or not (self.answers or self.otherwise):
            for piece in self.answer:
                request.connection.sendall(piece)
            return
        self.requests.append((request.path, dict(request.headers)))
        self.methods.append(request.command)
        self.answers.get(request.path, self.otherwise)(request)
        request.finish()

    @staticmethod
    def _read(stream, count):
        data = b""
        while len(data) < count:
            more = stream.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def _read_frame(self, stream):
        head = self._read(stream, 9)
        payload = self._read(stream, int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:], "big") & 0x7FFFFFFF, payload
