"""A TCP proxy between a client and a PostgreSQL server that cuts connections as told."""

import socket
import threading


class CuttingProxy:
    """`cut(data)` sees every piece from client to server: None passes it on, "before" cuts without
    passing it on, "after" passes it on, waits for the server's answer, and cuts before the client
    gets it; "mute" passes it on and nothing back any more, while the connection stays."""

    def __init__(self, port, cut=lambda data: None, host="127.0.0.1"):
        self.target = ("127.0.0.1", port)
        self.cut = cut
        self.cuts = 0
        self._pairs = []
        self._listener = socket.create_server((host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.close()
        self.cut_all()

    def cut_all(self):
        """Every connection there is, as a router that is switched off and on again."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            self._close(pair)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            pair = (client, server)
            self._pairs.append(pair)
            muted, deaf = threading.Event(), threading.Event()
            for job in (self._to_server, self._to_client):
                threading.Thread(target=job, args=(pair, muted, deaf), daemon=True).start()

    def _to_server(self, pair, muted, deaf):
        client, server = pair
        try:
            while data := client.recv(65536):
                decision = self.cut(data)
                if decision:
                    self.cuts += 1
                    (deaf if decision == "mute" else muted).set()
                if decision == "after":
                    server.sendall(data)
                    server.settimeout(10)
                    return  # _to_client closes both once the answer is there
                if decision == "before":
                    break
                server.sendall(data)
        except OSError:
            pass
        self._close(pair)

    def _to_client(self, pair, muted, deaf):
        client, server = pair
        try:
            while data := server.recv(65536):
                if muted.is_set():
                    break
                if not deaf.is_set():
                    client.sendall(data)
        except OSError:
            pass
        self._close(pair)

    @staticmethod
    def _close(pair):
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
