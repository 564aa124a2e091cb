"""A TCP proxy in front of ingest that understands HTTP/2 frames: it counts what passes and cuts where it is told."""
import socket
import threading
import time

PREFACE = 24
PING, GOAWAY, RST_STREAM = 6, 7, 3
ACKNOWLEDGEMENT = 1


class Wiretap:
    """Forwards connections from a free port to `target`."""

    # Seconds that a held connection waits at most.
    PATIENCE = 60

    def __init__(self, target, hold_after=None, until=None, then=None):
        """`hold_after`: client bytes after which the connection is held until `until()` is true; `then()` is called
        after that, or the connection is closed hard when it is None."""
        self.connections = 0
        self.client_bytes = 0
        self.server_bytes = 0
        self.frames = {"client": {}, "server": {}}
        self.goaways = []
        self._target, self._hold_after, self._until, self._then = target, hold_after, until, then
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def pings(self, side):
        """Pings that are questions, not answers."""
        return self.frames[side].get("ping", 0)

    def wait_for(self, side, kind):
        """Waits until a frame of this kind has passed; returns whether one has."""
        with self._changed:
            return self._changed.wait_for(lambda: self.frames[side].get(kind, 0) > 0, self.PATIENCE)

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._target))
            self.connections += 1
            for side, source, sink in (("client", client, server), ("server", server, client)):
                threading.Thread(target=self._pump, args=(side, source, sink), daemon=True).start()

    def _pump(self, side, source, sink):
        held = bytearray()
        skip = PREFACE if side == "client" else 0
        while True:
            try:
                data = source.recv(1 << 16)
                if not data:
                    break
                if side == "client" and self._cuts(len(data)):
                    for end in (source, sink):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                        end.shutdown(socket.SHUT_RDWR)
                    break
                # Counted before it is passed on: the other end may be gone already.
                held += data
                skip = self._parse(side, held, skip)
                sink.sendall(data)
                if side == "server":
                    self.server_bytes += len(data)
            except OSError:
                break
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _cuts(self, count):
        """Whether the connection is to be closed now."""
        self.client_bytes += count
        if self._hold_after is None or self.client_bytes < self._hold_after:
            return False
        self._hold_after = None
        end = time.monotonic() + self.PATIENCE
        while not self._until() and time.monotonic() < end:
            time.sleep(0.01)
        if self._then is None:
            return True
        self._then()
        return False

    def _parse(self, side, held, skip):
        if skip:
            taken = min(skip, len(held))
            del held[:taken]
            skip -= taken
        while len(held) >= 9:
            length = int.from_bytes(held[:3], "big")
            if len(held) < 9 + length:
                break
            self._count(side, held[3], held[4], bytes(held[9:9 + length]))
            del held[:9 + length]
        return skip

    def _count(self, side, kind, flags, payload):
        with self._changed:
            counts = self.frames[side]
            if kind == PING and not flags & ACKNOWLEDGEMENT:
                counts["ping"] = counts.get("ping", 0) + 1
            elif kind == RST_STREAM:
                counts["reset"] = counts.get("reset", 0) + 1
            elif kind == GOAWAY:
                code, text = int.from_bytes(payload[4:8], "big"), payload[8:].decode(errors="replace")
                self.goaways.append(f"{side}: {code} {text}")
            self._changed.notify_all()
