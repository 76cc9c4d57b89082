"""Numbers as people read them: a value with its unit, a status, three sentences for a donor."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.i18n import number
from indicators import figures, restatements
from indicators.models import BaselineKind, Measure, ResultLevel, TargetOrigin
from indicators.publication import Line, Restatement, State, Status
from indicators.publication_heads import ProgrammeHead, TargetHead
from indicators.series import ASKED, Value
from indicators.tracing import Reason
from indicators.tracing_words import REASON_NAMES
from privacy.disclosure import Band

STATUS_NAMES = {
    Status.NOT_DUE: _l("not due yet"),
    Status.NOT_REPORTED: _l("not reported"),
    Status.TARGET_MISSING: _l("no target"),
    Status.BEHIND: _l("behind"),
    Status.ON_TRACK: _l("on track"),
    Status.AHEAD: _l("ahead"),
    Status.WITHHELD: _l("withheld"),
}
STATE_NAMES = {
    State.NUMBER: _l("number"),
    State.ZERO: _l("zero"),
    State.TEXT: _l("in words"),
    State.NOT_DUE: _l("not due yet"),
    State.NOT_REPORTED: _l("not reported"),
    State.NOT_RECORDED: _l("not recorded"),
    State.NOT_APPLICABLE: _l("not applicable"),
    State.WITHHELD: _l("withheld"),
}
ASSUMPTION_STATES = {"holds": _l("holds"), "at_risk": _l("at risk"), "broken": _l("broken")}
LEVEL_NAMES = {
    ResultLevel.IMPACT: _l("Impact"),
    ResultLevel.OUTCOME: _l("Outcome"),
    ResultLevel.OUTPUT: _l("Output"),
}
ORIGIN_NAMES = {TargetOrigin.GIVEN: _l("agreed"), TargetOrigin.PROPOSED: _l("proposed")}
DIMENSION_NAMES = {"sex": _l("Sex"), "sector": _l("Sector")}
CELL_NAMES = {
    "female": _l("Female"),
    "male": _l("Male"),
    "other": _l("Other"),
    "not_recorded": _l("Not recorded"),
    "police": _l("Police"),
    "lawyer": _l("Lawyer"),
    "cso": _l("Civil society"),
    "authority": _l("Legislative or other authority"),
}


def value_in_words(line: Line, value: Value | None = None, state: State | None = None) -> str:
    """The value of a line, or another one of its history with its state, with its unit."""
    if line.is_withheld or (value or line.value).is_withheld:
        return _withheld((value or line.value).band)
    state = state or (line.state if value is None else figures.state_of(value))
    value = value or line.value
    if value.text:
        return str(value.text)
    if value.number is None:
        return str(STATE_NAMES[state])
    if value.knowledge is not None:
        return _("%(points)s points", points=number(value.number, 1))
    if line.indicator.measure == Measure.PERCENTAGE:
        return f"{number(value.number)} %"
    return number(value.number, figures.digits_of(line.indicator, value.number))


def _withheld(band: Band | None) -> str:
    """What is said of a share that few people make up, or all but few; of anything else that is withheld, only that."""
    if band is None:
        return _("withheld: too few people")
    if band.is_less:
        return _("less than %(percent)s %%", percent=number(band.percent))
    return _("more than %(percent)s %%", percent=number(band.percent))


def figure_of(line: Line) -> tuple[str, str]:
    """The value of a line for large type, and its unit for small where it has one."""
    if line.is_withheld:
        return ("—", _("withheld: too few people")) if line.value.band is None else (value_in_words(line), "")
    if line.value.knowledge is not None and line.value.number is not None:
        return number(line.value.number, 1), _("points of 100")
    return value_in_words(line), ""


def figure_in_words(line: Line, value: Value) -> str:
    """A value of another time with what stands behind it."""
    behind = resting_on(line, value)
    return value_in_words(line, value) + (f" ({behind})" if behind else "")


def restated_in_words(line: Line, restatement: Restatement) -> str:
    """What a locked period said and what the register says about it today, in a line."""
    if line.indicator.measure == Measure.QUALITATIVE:
        return _("%(period)s restated since", period=restatement.period)
    if restatement.dimensions:
        return _("%(period)s restated since: %(how)s", period=restatement.period, how=broken_down_anew(restatement))
    return _(
        "%(period)s restated since: %(then)s → %(now)s",
        period=restatement.period,
        then=value_in_words(line, restatement.then),
        now=value_in_words(line, restatement.now),
    )


def broken_down_anew(restatement: Restatement) -> str:
    """Which breakdowns of a locked period are others under the same total; nothing where the total is another."""
    if not restatement.dimensions:
        return ""
    names = ", ".join(str(DIMENSION_NAMES[dimension]).lower() for dimension in restatement.dimensions)
    return _("another breakdown (%(names)s), the same total", names=names)


def cells_restated(restatement: Restatement) -> list[str]:
    """The cells of a locked period that are others now, a line each; none for people outside, who get no cells."""
    then, now = restatement.then, restatement.now
    return [
        f"{CELL_NAMES.get(cell, cell)}: {number(was)} → {number(became)}"
        for dimension in then.cells
        for cell, (was, became) in restatements.moved_cells(then, now, dimension).items()
    ]


def signed(delta: float) -> str:
    """An adjustment with its sign."""
    shown = number(abs(delta), 0 if delta == round(delta) else 1)
    return f"+{shown}" if delta > 0 else f"−{shown}"


def resting_on(line: Line, value: Value | None = None) -> str:
    """What stands behind a value: so many of so many, so many people, how sure."""
    value = value or line.value
    if line.is_withheld or value.is_withheld:
        return _answered(value) if value.band else ""
    if value.knowledge is not None and value.knowledge.n:
        found = value.knowledge
        people = tested(found.n)
        if found.low is None or found.high is None:
            return people
        return _(
            "%(people)s, 95 %% interval %(low)s to %(high)s",
            people=people,
            low=number(found.low, 1),
            high=number(found.high, 1),
        )
    if value.denominator is not None:
        words = _("%(number)s of %(out_of)s", number=value.numerator, out_of=value.denominator)
        if value.beside.get("not_assessed"):
            words += "; " + _(
                "%(number)s of %(issued)s not assessed",
                number=value.beside["not_assessed"],
                issued=value.beside["issued"],
            )
        response = _answered(value)
        return f"{words}; {response}" if response else words
    return ""


def _answered(value: Value) -> str:
    """How many answered, of how many who could have; nothing where that is not known or not told."""
    answers, asked = value.denominator, value.beside.get(ASKED)
    if answers is None or not asked or answers > asked:
        return ""
    return _(
        "answered by %(answers)s of %(asked)s (%(percent)s %%)",
        answers=number(answers),
        asked=number(asked),
        percent=number(100 * answers / asked),
    )


def target_in_words(line: Line, target: TargetHead | None) -> str:
    if target is None:
        return "—"
    if target.text:
        return str(target.text)
    if line.indicator.measure == Measure.PERCENTAGE:
        return f"{number(target.value)} %"
    if line.value.knowledge is not None or (line.is_withheld and line.indicator.metric == "test.gain"):
        return _("%(points)s points", points=_as_given(target.value))
    return _as_given(target.value)


def baseline_in_words(line: Line) -> str:
    kind = line.indicator.baseline_kind
    if kind == BaselineKind.NOT_APPLICABLE:
        return _("not applicable")
    if kind == BaselineKind.TEXT:
        return str(line.indicator.baseline_text)
    if line.baseline is None:
        return _("not reported")
    return f"{number(line.baseline)} %" if line.indicator.measure == Measure.PERCENTAGE else _as_given(line.baseline)


def _as_given(value: float | None) -> str:
    """A number that people set, with the decimal places it has, two at most."""
    places = next((n for n in (0, 1) if value is None or round(value, n) == round(value, 2)), 2)
    return number(value, places)


def assumption_state(state: str | None) -> str:
    """Whether an assumption holds, in a word; nothing where nobody has judged."""
    return str(ASSUMPTION_STATES.get(state or "", ""))


def not_counted(programme: ProgrammeHead, line: Line) -> list[tuple[str, int | None]]:
    """Why something that was looked at was not counted, and how many, None where that is withheld; zeros are left
    out."""
    left_out = sorted(line.exclusions.items(), key=lambda found: list(Reason).index(Reason(found[0])))
    return [(_exclusion(programme, line, reason), many) for reason, many in left_out if many != 0]


def nothing_left_out(line: Line) -> bool:
    """Whether it was looked at who is not counted, and there was nobody."""
    return bool(line.exclusions) and not any(people != 0 for people in line.exclusions.values())


def _exclusion(programme: ProgrammeHead, line: Line, reason: str) -> str:
    if reason == Reason.BELOW_SHARE:
        needed = line.indicator.parameters.get("threshold")
        percent = programme.completion_percent if needed is None else needed
        return _("present at fewer than %(percent)s %% of the sessions", percent=percent)
    return str(REASON_NAMES[Reason(reason)])


def tested(people: int) -> str:
    return ngettext("%(num)s person tested both times", "%(num)s people tested both times", people)
