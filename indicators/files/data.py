"""The logframe as JSON in its public shape, and the JSON Schema of that shape."""

from __future__ import annotations

from typing import Any

import msgspec

from indicators import shape, shaping
from indicators.publication import Dashboard

SCHEMA_NAME = "muster-logframe-1"


def as_json(board: Dashboard) -> bytes:
    """Every text in all its languages; the same dashboard is the same bytes."""
    return msgspec.json.format(msgspec.json.encode(shaping.of(board)), indent=2) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA_NAME}",
        "title": "A logframe with its figures",
        "version": shape.VERSION,
        **msgspec.json.schema(shape.Logframe),
    }
