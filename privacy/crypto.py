"""Encryption of personal fields: AES-256-GCM, bound to the row, padded, under a key ring outside the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

BUCKETS = (124, 508, 2044, 8188, 32764)  # sizes a text is padded to; four bytes more hold its length
BLOCK = 65536  # longer ones (a staged list) are padded to a multiple of this
VERSION = b"\x01"
# Of the digests that contacts are found by. A ring keeps the cost it was made with, or nobody would be found again.
INDEX_COST = 256
INDEX_COST_BEFORE = 512  # of rings that were made before they said it


class KeyRingProblem(Exception):
    """The key ring cannot be used; the message says what to do."""


class Unreadable(Exception):
    """A stored value that this key ring does not open, or that was moved from another row."""


class KeyRing:
    """The keys of an installation: one for each generation of encryption, and secrets derived from a root."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._keys = {bytes.fromhex(name): base64.b64decode(key) for name, key in document["keys"].items()}
        self._current = bytes.fromhex(document["current"])
        self._root = base64.b64decode(document["root"])
        self._index_cost = int(document.get("index_cost", INDEX_COST_BEFORE))
        self._ciphers = {name: AESGCM(key) for name, key in self._keys.items()}

    @staticmethod
    def create(path: Path) -> None:
        """Write a new key ring, readable by its owner only; an existing one is left alone."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(4)
        document = {
            "about": "Muster key ring. Keep a copy apart from the database: without it no name is readable.",
            "current": name,
            "keys": {name: base64.b64encode(secrets.token_bytes(32)).decode()},
            "root": base64.b64encode(secrets.token_bytes(32)).decode(),
            "index_cost": INDEX_COST,
        }
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "w") as file:
            json.dump(document, file, indent=1)

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the key ring; refuses a missing, open or damaged one with KeyRingProblem."""
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise KeyRingProblem(
                f"The key ring {path} is not there, but the database is, and without it no name can be read. "
                "Put your copy of the key ring back there, or set MUSTER_KEY_RING to where it is."
            ) from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyRingProblem(f"Others can read the key ring {path}. Run: chmod 600 {path}")
        try:
            return cls(json.loads(path.read_text()))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise KeyRingProblem(
                f"The key ring {path} is damaged ({type(problem).__name__}). Put your copy back."
            ) from None

    def secret(self, purpose: str) -> bytes:
        """A 32-byte secret of its own for one purpose, always the same."""
        return hmac.digest(self._root, purpose.encode(), "sha256")

    def seal(self, text: str, bound_to: str) -> bytes:
        """Encrypt a text so that it opens only where it belongs."""
        return self.seal_bytes(text.encode(), bound_to)

    def unseal(self, sealed: bytes, bound_to: str) -> str:
        """Decrypt; refuses with Unreadable what was changed, moved, or sealed by a key we do not hold."""
        return self.unseal_bytes(sealed, bound_to).decode()

    def holds_key_of(self, sealed: bytes) -> bool:
        """Whether this ring is the one by which something was sealed."""
        return sealed[:1] == VERSION and sealed[1:5] in self._keys

    def seal_bytes(self, content: bytes, bound_to: str) -> bytes:
        """seal() for what is no text: a file that was made here."""
        nonce = secrets.token_bytes(12)
        sealed = self._ciphers[self._current].encrypt(nonce, _padded(content), bound_to.encode())
        return b"".join((VERSION, self._current, nonce, sealed))

    def unseal_bytes(self, sealed: bytes, bound_to: str) -> bytes:
        """unseal() of what seal_bytes() made."""
        cipher = self._ciphers.get(sealed[1:5]) if sealed[:1] == VERSION else None
        if cipher is None:
            raise Unreadable
        try:
            plain = cipher.decrypt(sealed[5:17], sealed[17:], bound_to.encode())
        except InvalidTag:
            raise Unreadable from None
        return plain[4 : 4 + int.from_bytes(plain[:4], "big")]

    @cached_property
    def index_secret(self) -> bytes:
        return self.secret("contact index")

    def index(self, value: str, scope: str) -> bytes:
        """A keyed, slow, scoped digest to find equal contacts by: 16 bytes, of no use without the key ring."""
        salt = self.index_secret + scope.encode()
        slow = hashlib.scrypt(value.encode(), salt=salt, n=self._index_cost, r=8, p=1, dklen=32)
        return hmac.digest(self.index_secret, slow, "sha256")[:16]

    def indexes(self, values: Iterable[str], scope: str) -> Iterator[tuple[str, bytes]]:
        """(value, its index) of many, as they are ready: slow on purpose, so two processors share the work."""
        wanted = list(values)
        pieces = [wanted[start : start + 50] for start in range(0, len(wanted), 50)]
        with ThreadPoolExecutor(2) as pool:
            for found in pool.map(lambda piece: [(value, self.index(value, scope)) for value in piece], pieces):
                yield from found


def key_ring() -> KeyRing:
    """The key ring of the running application."""
    return cast(KeyRing, current_app.extensions["key_ring"])


def _padded(plain: bytes) -> bytes:
    size = next((size for size in BUCKETS if len(plain) <= size), -(-(len(plain) + 4) // BLOCK) * BLOCK - 4)
    return b"".join((len(plain).to_bytes(4, "big"), plain, bytes(size - len(plain))))


class Ciphertext(sa.TypeDecorator[bytes]):
    """The column type of everything encrypted; tests find personal columns by it."""

    impl = sa.LargeBinary
    cache_ok = True


def sealed_column() -> Mapped[bytes | None]:
    """The column under a Sealed field."""
    return mapped_column(Ciphertext, default=None)


class Sealed:
    """A personal field of a model: reads and writes a text, keeps it encrypted in `<name>_sealed`.

    `name_sealed: Mapped[bytes | None] = sealed_column()` and `name = Sealed()`.
    """

    def __init__(self, column: str | None = None) -> None:
        self.column = column or ""
        self.owner: Any = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.column, self.owner = self.column or f"{name}_sealed", owner

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else key_ring().unseal(sealed, self._place(row))

    def __set__(self, row: Any, text: str | None) -> None:
        setattr(row, self.column, key_ring().seal(text, self._place(row)) if text else None)

    def sealed_for(self, uid: str, text: str | None) -> bytes | None:
        """What the row of this uid keeps of a text: for rows that are written many at once."""
        return key_ring().seal(text, f"{self.owner.__tablename__}.{self.column}:{uid}") if text else None

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.column}:{row.uid}"


class SealedBytes(Sealed):
    """A Sealed field that holds a file and not a text."""

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else key_ring().unseal_bytes(sealed, self._place(row))

    def __set__(self, row: Any, content: bytes | None) -> None:  # type: ignore[override]
        setattr(row, self.column, key_ring().seal_bytes(content, self._place(row)) if content else None)
