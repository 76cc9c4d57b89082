"""Forgetting a person: whoever keeps personal fields registers how they are emptied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_FORGETTERS: dict[type[Any], Callable[[Any], None]] = {}


def forgets(model: type[Any]) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Register how one row of `model` loses what names a person."""

    def register(forget: Callable[[Any], None]) -> Callable[[Any], None]:
        _FORGETTERS[model] = forget
        return forget

    return register


def forget(row: Any) -> None:
    """Empty the personal fields of a row; what remains are numbers."""
    _FORGETTERS[type(row)](row)


def forgettable() -> set[type[Any]]:
    """The models that say how they are emptied."""
    return set(_FORGETTERS)
