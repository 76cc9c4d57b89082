"""The rules of the IATI ruleset (2.03) that apply to what we write, each under its own number.

From IATI-Rulesets, standard.json, MIT. A rule is an XPath that holds for every element of its context; `$today` is the
date as a number, and dates are compared as such. Rules about what we never write (transactions, budgets, regions,
several sectors) are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

ACTIVITY = "/iati-activities/iati-activity"
INDICATOR = f"{ACTIVITY}/result/indicator"
COUNTED = f"{INDICATOR}[@measure='1' or @measure='2' or @measure='3' or @measure='4']"
IN_WORDS = f"{INDICATOR}[@measure='5']"
SETTINGS = _l("Complete the entry below.")
DATES = _l("Correct the dates of the programme.")
LOGFRAME = _l("Correct this indicator in the logframe.")
CLEAN = "not(contains({0}, '/') or contains({0}, '&') or contains({0}, '|') or contains({0}, '?')) and {0} != ''"
TRIMMED = "not(starts-with({0}, ' ') or substring({0}, string-length({0})) = ' ')"


@dataclass(frozen=True)
class Rule:
    """`says` tells what is wrong, `mend` what to do about it."""

    number: str
    context: str
    holds: str
    says: Any
    mend: Any


def _day(path: str) -> str:
    return f"number(translate(substring({path}, 1, 10), '-', ''))"


def _in_order(less: str, more: str) -> str:
    return f"not({less}) or not({more}) or {_day(less)} <= {_day(more)}"


def _not_in_future(path: str) -> str:
    return f"not({path}) or {_day(path)} <= $today"


def _values(number: int, element: str, name: Any) -> list[Rule]:
    """The three rules about the value of a baseline, a target or an actual."""
    return [
        Rule(f"8.{number}.1", f"{COUNTED}/{element}", "@value", name, LOGFRAME),
        Rule(f"8.{number}.2", f"{COUNTED}/{element}", "not(@value) or number(@value) = number(@value)", name, LOGFRAME),
        Rule(f"8.{number}.3", f"{IN_WORDS}/{element}", "not(@value)", name, LOGFRAME),
    ]


IDENTIFIER, REPORTING = "iati-identifier", "reporting-org/@ref"
RULES = [
    Rule(
        "1.1.3",
        ACTIVITY,
        "reporting-org/@ref != iati-identifier",
        _l("The identifier of the activity must differ from that of the organisation."),
        SETTINGS,
    ),
    Rule(
        "1.1.21",
        ACTIVITY,
        "starts-with(iati-identifier, concat(reporting-org/@ref, '-'))",
        _l("The identifier of the activity must begin with that of the organisation and a hyphen."),
        SETTINGS,
    ),
    Rule(
        "1.3.1", ACTIVITY, TRIMMED.format(IDENTIFIER), _l("The identifier of the activity has a space around it."),
        SETTINGS,
    ),
    Rule(
        "1.3.13", ACTIVITY, CLEAN.format(IDENTIFIER),
        _l("The identifier of the activity is missing or holds one of / & | ?"), SETTINGS,
    ),
    Rule(
        "1.14.1", ACTIVITY, TRIMMED.format(REPORTING), _l("The identifier of the organisation has a space around it."),
        SETTINGS,
    ),
    Rule(
        "1.14.13", ACTIVITY, CLEAN.format(REPORTING),
        _l("The identifier of the organisation is missing or holds one of / & | ?"), SETTINGS,
    ),
    Rule("3.7.1", ACTIVITY, "recipient-country", _l("A country is missing."), _l("Enter the programme’s country.")),
    Rule("4.1.1", ACTIVITY, "@xml:lang", _l("The language of the activity is missing."), _l("Set the language.")),
    Rule("6.2.2", ACTIVITY, "sector", _l("The sector of the activity is missing."), SETTINGS),
    Rule(
        "6.10.1", f"{ACTIVITY}/participating-org", "@ref or narrative", _l("A partner has no name."),
        _l("Give every partner a name."),
    ),
    Rule(
        "6.11.1", ACTIVITY, "activity-date[@type='1' or @type='2']", _l("The activity has no day on which it starts."),
        DATES,
    ),
    Rule(
        "8.6.1", f"{INDICATOR}/period", _in_order("period-start/@iso-date", "period-end/@iso-date"),
        _l("A period ends before it starts."), DATES,
    ),
    Rule("8.11.1", INDICATOR, "not(reference and ../reference)", _l("Result and indicator each have codes."), LOGFRAME),
    *_values(8, "baseline", _l("A counted baseline needs a number, one in words has none.")),
    *_values(9, "period/target", _l("A counted target needs a number, one in words has none.")),
    *_values(10, "period/actual", _l("A counted value needs a number, one in words has none.")),
    Rule("11.1.1", ACTIVITY, _not_in_future("@last-updated-datetime"), _l("The file is of a day to come."), DATES),
    Rule(
        "11.1.2", ACTIVITY, _in_order("activity-date[@type='1']/@iso-date", "activity-date[@type='3']/@iso-date"),
        _l("The programme ends before it starts."), DATES,
    ),
    Rule(
        "11.1.3", ACTIVITY, _in_order("activity-date[@type='2']/@iso-date", "activity-date[@type='4']/@iso-date"),
        _l("The programme ends before it starts."), DATES,
    ),
    Rule(
        "11.1.4", ACTIVITY, _not_in_future("activity-date[@type='2']/@iso-date"),
        _l("What has actually begun cannot begin in the future."), DATES,
    ),
    Rule(
        "11.1.5", ACTIVITY, _not_in_future("activity-date[@type='4']/@iso-date"),
        _l("What has actually ended cannot end in the future."), DATES,
    ),
]  # fmt: skip
