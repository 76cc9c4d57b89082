"""A line to a server that can be cut and mended, for a browser and its workers alike."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Line:
    """Passes on what comes to its own port, while it is not cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """End what is open, and let nothing through."""
        self._is_cut = True
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def _listen(self) -> None:
        while True:
            caller, _address = self._door.accept()
            if self._is_cut:
                caller.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._to))
            self._open |= {caller, server}
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        self._open.discard(one)
