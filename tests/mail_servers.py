"""Real mail servers that listen on this machine."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message as Mail
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask


class Server:
    """A mail server that says what it is told to say."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.greeting = ""
        self.to_recipient: dict[str, str] = {}
        self.to_content = "250 OK"
        self.breaks_after_content = False

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, answers: Any) -> Any:
        self.greeting = session.host_name = hostname
        return answers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.to_recipient.get(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.to_content.startswith("250"):
            self.taken.append(email.message_from_bytes(envelope.content))
        if self.breaks_after_content:
            server.transport.abort()
        return self.to_content

    @property
    def addresses(self) -> list[str]:
        return [str(letter["To"]) for letter in self.taken]


@contextmanager
def listening(server: Server, **ways: Any) -> Iterator[dict[str, Any]]:
    """The server listens, in the ways that aiosmtpd knows; settings that lead to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port, **ways)
    controller.start()
    try:
        yield {"mail_host": "127.0.0.1", "mail_port": port, "mail_tls": "none", "mail_sender": "post@example.net"}
    finally:
        controller.stop()


@contextmanager
def mail_server(app: Flask, **settings: Any) -> Iterator[Server]:
    """A server that listens, and the application told about it."""
    server, before = Server(), app.extensions["settings"]
    with listening(server) as values:
        app.extensions["settings"] = replace(before, **(values | {"mail_per_minute": 1000} | settings))
        try:
            yield server
        finally:
            app.extensions["settings"] = before
