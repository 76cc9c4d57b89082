"""A paired phone, as tests have one: what it asks, what it hands in, and sealing as its JavaScript does it."""

from __future__ import annotations

import base64
import json
import os
import uuid
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from werkzeug.test import TestResponse

from core import clock
from core.db import db
from door import devices
from tests import make
from tests.pages import Visitor
from trainings.models import Event, EventSession

JSON = {"Accept": "application/json"}
ANNA = {"family": "Новикова", "given": "Анна", "sector": "cso", "sex": "female", "organisation": "Центр «Право»"}
SEALED_SIZE = 600


class Phone:
    """A phone that has been paired to an event."""

    def __init__(self, app: Flask, event: Event, name: str = "red phone") -> None:
        self.visitor = Visitor(app)
        self.device, self.token = devices.pair(devices.offer(event, make.user("manager", event.programme)), name)
        self.headers = {**JSON, "Authorization": f"Bearer {self.token}"}
        db.session.commit()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.visitor.ask("get", path, headers=self.headers | headers)

    def post(self, path: str, body: Any) -> TestResponse:
        return self.visitor.ask("post", path, json=body, headers=self.headers)

    def hand_in(self, session: EventSession, *items: dict, **more: Any) -> list[dict]:
        answer = self.post(f"/sessions/{session.uid}/scans", {"scans": items, **more})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["answers"]

    def outcomes(self, session: EventSession, *items: dict) -> list[str]:
        return [answer["outcome"] for answer in self.hand_in(session, *items)]

    def end(self) -> None:
        """As a manager ends it."""
        devices.revoke(self.device)
        db.session.commit()


def read(code: str, **more: Any) -> dict:
    return {"id": str(uuid.uuid4()), "code": code, "happened_at": clock.now().isoformat(), "source": "camera", **more}


def undo(scan: dict, after: timedelta = timedelta(seconds=5)) -> dict:
    happened_at = datetime.fromisoformat(scan["happened_at"]) + after
    return {"id": str(uuid.uuid4()), "undoes": scan["id"], "happened_at": happened_at.isoformat()}


def walk_in(phone: Phone, details: Any = None, code: str = "", **more: Any) -> dict:
    key = phone.get("/door/snapshot").get_json()["seal_with"]
    item = read(code, source="manual", **more)
    return item | {"walk_in": seal(ANNA if details is None else details, key, item["id"])}


def seal(details: Any, public_key: str, item_id: str) -> str:
    """Details of a person for the item of this id, sealed as static/js/door/sealing.js does it."""
    point = base64.b64decode(public_key)
    ours = ec.generate_private_key(ec.SECP256R1())
    ephemeral = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    key = HKDF(SHA256(), 32, salt=ephemeral + point, info=b"muster sealed on a phone").derive(shared)
    nonce = os.urandom(12)
    content = json.dumps(details).encode().ljust(SEALED_SIZE)
    return base64.b64encode(
        b"\x01" + ephemeral + nonce + AESGCM(key).encrypt(nonce, content, item_id.encode())
    ).decode()
