"""Sealing as a phone does it (static/js/door/sealing.js), for tests that have no phone."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIZE = 600


def seal(details: Any, public_key: str, item_id: str) -> str:
    """Details of a person under the key of a snapshot, for the item of this id."""
    point = base64.b64decode(public_key)
    ours = ec.generate_private_key(ec.SECP256R1())
    ephemeral = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    key = HKDF(SHA256(), 32, salt=ephemeral + point, info=b"muster sealed on a phone").derive(shared)
    nonce = os.urandom(12)
    content = json.dumps(details).encode().ljust(SIZE)
    return base64.b64encode(
        b"\x01" + ephemeral + nonce + AESGCM(key).encrypt(nonce, content, item_id.encode())
    ).decode()
