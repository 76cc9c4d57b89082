"""Texts sealed on a phone that only the server opens: whoever takes the phone, its owner included, reads nothing.

An ephemeral P-256 key agrees with the installation's (ECDH), HKDF-SHA256 makes of it an AES-256-GCM key used once. A
sealed text is version (1 byte), ephemeral public key (65), nonce (12), ciphertext; it is bound to the id it came under.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privacy.crypto import Unreadable, key_ring

VERSION = b"\x01"
POINT = 65
NONCE = 12
PURPOSE = b"muster sealed on a phone"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_key() -> str:
    """What phones seal with, in base64: an uncompressed point of P-256."""
    return base64.b64encode(_public_bytes(key_ring().secret("sealed on phones"))).decode()


def open_sealed(sealed: str, bound_to: str) -> str:
    """The text of a sealed one in base64. Refuses Unreadable what is damaged, foreign or came under another id."""
    try:
        content = base64.b64decode(sealed, validate=True)
        if content[:1] != VERSION:
            raise Unreadable
        point, nonce = content[1 : 1 + POINT], content[1 + POINT : 1 + POINT + NONCE]
        secret = key_ring().secret("sealed on phones")
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _private_key(secret).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, salt=point + _public_bytes(secret), info=PURPOSE).derive(shared)
        return AESGCM(key).decrypt(nonce, content[1 + POINT + NONCE :], bound_to.encode()).decode()
    except (ValueError, binascii.Error, InvalidTag):
        raise Unreadable from None


@lru_cache(maxsize=4)
def _private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big") % (ORDER - 1) + 1, ec.SECP256R1())


@lru_cache(maxsize=4)
def _public_bytes(secret: bytes) -> bytes:
    return _private_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
