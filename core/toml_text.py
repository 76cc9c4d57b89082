"""Writing TOML, which Python only reads: values, inline tables, and lists of tables, in the order they are given."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any


def document(values: dict[str, Any], remarks: list[str]) -> str:
    """A whole file with remarks above; keys whose value is None are left out, lists of tables stand below the rest."""
    lines = [f"# {remark}" for remark in remarks] + [""]
    lines += _table(values, "")
    return "\n".join(lines).strip() + "\n"


def _table(values: dict[str, Any], where: str) -> list[str]:
    known = {key: value for key, value in values.items() if value is not None}
    lists = {key: value for key, value in known.items() if _is_tables(value)}
    lines = [f"{key} = {_value(value)}" for key, value in known.items() if key not in lists]
    for key, tables in lists.items():
        name = f"{where}{key}"
        for table in tables:
            lines += ["", f"[[{name}]]", *_table(table, f"{name}.")]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return str(value)


def _text(value: str) -> str:
    # JSON escapes what TOML's basic strings escape, but for this one control character.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
