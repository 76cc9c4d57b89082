"""Words that only their owner knows, kept as slow hashes (Argon2id)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()


def hashed(secret: str) -> str:
    """What is kept of a password or a passphrase. Slow by design: outside of a writing transaction."""
    return _hasher.hash(secret)


def matches(kept: str, secret: str) -> bool:
    """Whether a secret is the one that is kept; as slow as `hashed`."""
    try:
        return _hasher.verify(kept, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False
