"""A publisher over HTTP/2 that sends the frames it is told to, right or wrong.

Source of the frames: RFC 9113 §4.1 and §6; of the header blocks: RFC 7541 §6, without Huffman codes.
"""

import contextlib
import pathlib
import socket
import ssl
import subprocess
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, CONTINUATION = 0, 1, 3, 4, 7, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4

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


class Http2Publisher:
    """Sends the pieces of `answer` for every request; each connection is for one."""

    def __init__(self, directory):
        self.certificate = pathlib.Path(directory) / "http2.pem"
        key = pathlib.Path(directory) / "http2.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", str(key), "-out", str(self.certificate)],
                       check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.context.set_alpn_protocols(["h2"])
        self.answer = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path):
        return f"https://localhost:{self.listener.getsockname()[1]}{path}"

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        # A client that leaves in the middle is what some answers are for.
        with contextlib.suppress(OSError, EOFError), \
                self.context.wrap_socket(connection, server_side=True) as stream:
            self.connections += 1
            assert self._read(stream, len(PREFACE)) == PREFACE
            stream.sendall(frame(SETTINGS, 0, b"", 0))
            while True:
                kind, flags = self._read_frame(stream)
                if kind == SETTINGS and not flags & ACK:
                    stream.sendall(frame(SETTINGS, ACK, b"", 0))
                elif kind == HEADERS:
                    for piece in self.answer:
                        stream.sendall(piece)

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
        self._read(stream, int.from_bytes(head[:3], "big"))
        return head[3], head[4]
