"""The published ruleset of IATI, evaluated by its specification: a second reader beside the rules of the product."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

RULES = json.loads((Path(__file__).parent / "standard.json").read_text())["rules"]


def broken(content: bytes, today: date) -> list[str]:
    """The numbers of the rules that a file breaks."""
    tree = etree.fromstring(content).getroottree()
    found = []
    for context, kinds in RULES.items():
        for element in tree.xpath(context):
            for kind, body in kinds.items():
                for case in body["cases"]:
                    applies = "condition" not in case or element.xpath(f"boolean({case['condition']})")
                    if applies and not CHECKS[kind](element, case, today):
                        found.append(case["id"])
    return found


def texts(element: Any, paths: list[str]) -> list[str]:
    found = [item for path in paths for item in element.xpath(path)]
    return [item if isinstance(item, str) else "".join(item.itertext()) for item in found]


def day(element: Any, path: str, today: date) -> str:
    return today.isoformat() if path == "NOW" else next(iter(texts(element, [path])), "")[:10]


def in_order(element: Any, case: Any, today: date) -> bool:
    less, more = day(element, case["less"], today), day(element, case["more"], today)
    return not less or not more or less <= more


def one_or_all(element: Any, case: Any, today: date) -> bool:
    """Of the three there are only the language can be broken here: amounts of money are never written."""
    if element.xpath(case["one"]):
        return True
    wanted = {"lang": ".//narrative[not(@xml:lang)]", "sector": "transaction", "currency": ".//value"}[case["all"]]
    return not element.xpath(wanted)


def starts_with(element: Any, case: Any, today: date) -> bool:
    prefixes = [prefix + case.get("separator", "") for prefix in texts(element, case["prefix"])]
    return all(any(text.startswith(prefix) for prefix in prefixes) for text in texts(element, case["paths"]))


def in_range(element: Any, case: Any, today: date) -> bool:
    return all(case["min"] <= float(text) <= case["max"] for text in texts(element, case["paths"]))


CHECKS: dict[str, Callable[[Any, Any, date], bool]] = {
    "unique": lambda element, case, today: len(set(t := texts(element, case["paths"]))) == len(t),
    "atleast_one": lambda element, case, today: bool(texts(element, case["paths"])),
    "no_more_than_one": lambda element, case, today: len(texts(element, case["paths"])) <= 1,
    "one_or_all": one_or_all,
    "startswith": starts_with,
    "regex_matches": lambda e, case, today: all(re.search(case["regex"], text) for text in texts(e, case["paths"])),
    "no_spaces": lambda e, case, today: all(text == text.strip() for text in texts(e, case["paths"])),
    "date_now": lambda element, case, today: day(element, case["date"], today) <= today.isoformat(),
    "date_order": in_order,
    "if_then": lambda e, case, today: not e.xpath(f"boolean({case['if']})") or e.xpath(f"boolean({case['then']})"),
    "strict_sum": lambda e, case, today: sum(float(text) for text in texts(e, case["paths"])) == case["sum"],
    "range": in_range,
    "time_limit": lambda element, case, today: not texts(element, [case["start"]]),
}
