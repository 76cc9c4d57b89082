"""A dashboard as an activity file of IATI 2.03. The order of elements is the schema's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core.forms import is_email
from core.i18n import LANGUAGES, Texts, day, speaking
from indicators import figures, wording
from indicators.figures import Reached
from indicators.models import Accumulation, BaselineKind, Direction, Measure, ResultLevel, TargetOrigin
from indicators.publication import Chapter, Dashboard, Line, Milestone, State
from indicators.publication_heads import IatiHead
from trainings.models import PartnerRole

VERSION = "2.03"
RESULT_TYPES = {ResultLevel.OUTPUT: "1", ResultLevel.OUTCOME: "2", ResultLevel.IMPACT: "3"}
MEASURES = {
    Measure.UNIT: "1",
    Measure.PERCENTAGE: "2",
    Measure.NOMINAL: "3",
    Measure.ORDINAL: "4",
    Measure.QUALITATIVE: "5",
}
ROLES = {PartnerRole.DONOR: "1", PartnerRole.LEAD: "2", PartnerRole.PARTNER: "4"}  # funding, accountable, implementing
ADDITIVE = (Accumulation.SUM, Accumulation.DISTINCT)
OWN_VOCABULARY, NATIONAL, DAC = "99", "4", "1"
UNKNOWN = IatiHead("", "", "", "")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(board: Dashboard) -> bytes:
    """The file, valid or not: what is missing in the settings stays empty, for the check to find."""
    return _Writer(board).document()


class _Writer:
    """One activity. `narratives` are in the programme's language first, then in the others there are."""

    def __init__(self, board: Dashboard) -> None:
        from lxml import etree  # memory that only this file needs

        self.board, self.programme = board, board.programme
        self.iati = board.programme.iati or UNKNOWN
        self.etree = etree

    def document(self) -> bytes:
        root = self.etree.Element("iati-activities", version=VERSION)
        activity = self._under(root, "iati-activity")
        activity.set("last-updated-datetime", self._updated().isoformat())
        activity.set(XML_LANG, self.programme.language)
        self._introduce(activity)
        for chapter in self.board.chapters:
            if chapter.lines:  # a result without indicators is none to the schema
                self._result(activity, chapter)
        self.etree.indent(root)
        return bytes(self.etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

    def _updated(self) -> datetime:
        begins = datetime.combine(self.board.on_day, time(), ZoneInfo(self.programme.time_zone))
        return self.board.locked_at or begins

    def _introduce(self, activity: Any) -> None:
        programme, iati = self.programme, self.iati
        self._under(activity, "iati-identifier").text = _legal(iati.identifier)
        reporting = self._under(activity, "reporting-org", ref=iati.reporting, type=iati.reporting_type)
        lead = next((partner.name for partner in programme.partners if partner.role == PartnerRole.LEAD), None)
        self._narratives(reporting, lead or programme.title)
        self._narratives(self._under(activity, "title"), programme.title)
        self._narratives(self._under(activity, "description", type="1"), programme.summary or programme.title)
        for partner in programme.partners:
            self._narratives(self._under(activity, "participating-org", role=ROLES[partner.role]), partner.name)
        if not programme.partners:
            self._under(activity, "participating-org", ref=iati.reporting, role=ROLES[PartnerRole.LEAD])
        self._under(activity, "activity-status", code=_activity_status(self.board))
        for kind, on in _dates(self.board):
            self._under(activity, "activity-date", {"iso-date": on.isoformat(), "type": kind})
        if is_email(programme.contact):
            self._under(self._under(activity, "contact-info", type="1"), "email").text = _legal(programme.contact)
        self._under(activity, "activity-scope", code=NATIONAL)
        self._under(activity, "recipient-country", code=programme.country)
        if iati.sector:
            self._under(activity, "sector", vocabulary=DAC, code=iati.sector)

    def _result(self, activity: Any, chapter: Chapter) -> None:
        result = self._under(activity, "result", {"type": RESULT_TYPES[chapter.result.level]})
        result.set("aggregation-status", "0")  # of a result as a whole nothing is added up
        self._narratives(self._under(result, "title"), chapter.result.statement)
        for line in chapter.lines:
            self._indicator(result, line)

    def _indicator(self, result: Any, line: Line) -> None:
        head = line.indicator
        indicator = self._under(result, "indicator", measure=MEASURES[head.measure])
        if head.direction != Direction.NONE:
            indicator.set("ascending", "1" if head.direction == Direction.UP else "0")
        indicator.set("aggregation-status", "1" if _is_additive(line) else "0")
        self._narratives(self._under(indicator, "title"), head.statement)
        told = [head.definition, _in_all_languages(lambda: _withheld(self.board, line))]
        described = _joined([words for words in told if words])
        if described:
            self._narratives(self._under(indicator, "description"), described)
        self._under(indicator, "reference", vocabulary=OWN_VOCABULARY, code=head.code)
        self._baseline(indicator, line)
        for reached in figures.by_period(self.board, line):
            self._period(indicator, line, reached)

    def _baseline(self, indicator: Any, line: Line) -> None:
        head = line.indicator
        on = head.baseline_on or self.programme.starts_on
        dated = {"year": str(on.year), "iso-date": on.isoformat()}
        if head.baseline_kind == BaselineKind.NOT_APPLICABLE:
            return
        if head.measure == Measure.QUALITATIVE:
            words = head.baseline_text or _number_in_words(line.baseline)
            if words:
                self._comment(self._under(indicator, "baseline", dated), words)
        elif (value := figures.published(head, line.baseline)) is not None:
            self._under(indicator, "baseline", dated | {"value": _decimal(value)})

    def _period(self, indicator: Any, line: Line, reached: Reached) -> None:
        """From the beginning of the programme: targets and actuals are cumulative, and a period says since when."""
        period = self._under(indicator, "period")
        starts_on = min(self.programme.starts_on, reached.period.starts_on)
        self._under(period, "period-start", {"iso-date": starts_on.isoformat()})
        self._under(period, "period-end", {"iso-date": reached.period.ends_on.isoformat()})
        if reached.milestone is not None:
            self._target(period, line, reached.milestone)
        if reached.value is not None and not line.is_withheld:
            self._actual(period, line, reached)

    def _target(self, period: Any, line: Line, stone: Milestone) -> None:
        head, promised = line.indicator, stone.target
        proposed = _in_all_languages(lambda: _("Proposed, not agreed."))
        remark = [proposed] if promised.origin == TargetOrigin.PROPOSED else []
        if head.measure == Measure.QUALITATIVE:
            words = promised.text or _number_in_words(promised.value)
            if words:
                self._comment(self._under(period, "target"), _joined([words, *remark]))
        elif (value := figures.published(head, promised.value)) is not None:
            target = self._under(period, "target", value=_decimal(value))
            if remark:
                self._comment(target, proposed)

    def _actual(self, period: Any, line: Line, reached: Reached) -> None:
        """The total, which has no dimension, and beside it a cell for every number that may be shown."""
        assert reached.value is not None
        head, value = line.indicator, reached.value
        if head.measure == Measure.QUALITATIVE:
            words = value.text or _number_in_words(value.number)
            if words:
                self._comment(self._under(period, "actual"), words)
            return
        if figures.state_of(value) not in (State.NUMBER, State.ZERO):
            return
        total = self._under(period, "actual", value=_decimal(figures.published(head, value.number) or 0))
        then = replace(line, value=value)
        remarks = _in_all_languages(lambda: self._remarks(then, reached))
        if remarks:
            self._comment(total, remarks)
        for dimension, cells in value.cells.items():
            for name, count in cells.items():
                if count is not None:
                    cell = self._under(period, "actual", value=_decimal(count))
                    self._under(cell, "dimension", {"name": str(dimension), "value": str(name)})

    def _remarks(self, then: Line, reached: Reached) -> str:
        """So many of so many; of which day; that something is withheld."""
        said = []
        resting = wording.resting_on(then)
        if resting:
            said.append(resting + ".")
        if reached.is_running:
            said.append(_("As of %(day)s; the period is not over.", day=day(self.board.on_day)))
        if any(None in cells.values() for cells in then.cells.values()):
            said.append(_("Groups of fewer than %(number)s people are withheld.", number=self.board.k))
        return " ".join(said)

    def _comment(self, parent: Any, words: Texts) -> None:
        self._narratives(self._under(parent, "comment"), words)

    def _narratives(self, parent: Any, words: Texts) -> None:
        """One for each language; never none."""
        own = self.programme.language
        if not any(words.values()):
            words = Texts({own: "—"})
        for code in sorted(words, key=lambda code: (code != own, code)):
            if words[code]:
                narrative = self._under(parent, "narrative")
                narrative.text = _legal(words[code])
                if code != own:
                    narrative.set(XML_LANG, code)

    def _under(self, parent: Any, element: str, attributes: dict[str, str] | None = None, **more: str) -> Any:
        legal = {key: _legal(value) for key, value in {**(attributes or {}), **more}.items()}
        return self.etree.SubElement(parent, element, legal)


def _withheld(board: Dashboard, line: Line) -> str:
    """What is said where no value may be: of which period, and of a share less or more than what."""
    told = []
    if line.is_withheld and line.value.band is None:
        told.append(_("Value withheld: too few people."))
    for reached in figures.by_period(board, line):
        if reached.value is not None and reached.value.band is not None:
            told.append(f"{reached.period.key}: {wording.value_in_words(line, reached.value)}.")
    return " ".join(told)


def _activity_status(board: Dashboard) -> str:
    """Pipeline, implementation, or finalisation: over, but what it left is still being accounted for."""
    programme = board.programme
    if board.on_day < programme.starts_on:
        return "1"
    return "2" if board.on_day <= programme.ends_on else "3"


def _dates(board: Dashboard) -> list[tuple[str, date]]:
    """Planned start, actual start, planned end, actual end; actual ones only where they have come."""
    begins, ends = board.programme.starts_on, board.programme.ends_on
    found = [("1", begins), ("2", begins), ("3", ends), ("4", ends)]
    return [(kind, on) for kind, on in found if kind in "13" or on <= board.on_day]


def _is_additive(line: Line) -> bool:
    return line.indicator.accumulation in ADDITIVE and line.indicator.measure == Measure.UNIT


def _in_all_languages(say: Callable[[], str]) -> Texts:
    said = Texts()
    for code in LANGUAGES:
        with speaking(code):
            said[code] = say()
    return Texts({code: words for code, words in said.items() if words})


def _joined(texts: list[Texts]) -> Texts:
    """Several texts as one, in the languages that any of them has."""
    codes = dict.fromkeys(code for words in texts for code in words)
    return Texts({code: " ".join(words.in_language(code) for words in texts) for code in codes})


def _number_in_words(number: float | None) -> Texts | None:
    return None if number is None else Texts(dict.fromkeys(LANGUAGES, _decimal(number)))


def _decimal(number: float) -> str:
    """As the schema's decimals are written: never with an exponent."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def _legal(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return NOT_XML.sub("", text)
