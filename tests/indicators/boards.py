"""Dashboards as plain data, without a register: one that has everything, and any there can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from core.i18n import Texts
from indicators import figures
from indicators.models import (
    Accumulation,
    BaselineKind,
    Direction,
    Measure,
    ResultLevel,
    TargetOrigin,
    Visibility,
)
from indicators.publication import Chapter, Dashboard, Line, Milestone, State, Status
from indicators.publication_heads import (
    IatiHead,
    IndicatorHead,
    PartnerHead,
    PeriodHead,
    ProgrammeHead,
    ResultHead,
    TargetHead,
)
from indicators.series import Value
from trainings.models import PartnerRole

START, END, TODAY = date(2026, 1, 1), date(2027, 12, 31), date(2026, 11, 27)
PERIODS = [
    PeriodHead("M6", START, date(2026, 6, 30)),
    PeriodHead("M12", date(2026, 7, 1), date(2026, 12, 31)),
    PeriodHead("M24", date(2027, 1, 1), END),
]
KNOWN = IatiHead("XX-1-A", "XX-1", "22", "15160")


def programme(iati: IatiHead | None = KNOWN, **values: object) -> ProgrammeHead:
    given = {
        "uid": "p" * 16, "key": "test", "title": Texts(en="Programme", ru="Программа"), "summary": Texts(en="Summary"),
        "country": "BY", "starts_on": START, "ends_on": END, "time_zone": "Europe/Minsk", "language": "ru",
        "contact": "office@example.org", "completion_percent": 80, "pass_mark": 70, "iati": iati,
        "partners": [PartnerHead(PartnerRole.LEAD, Texts(en="Lead")), PartnerHead(PartnerRole.DONOR, Texts(en="Fund"))],
    }  # fmt: skip
    return ProgrammeHead(**{**given, **values})


def indicator(code: str, measure: Measure = Measure.UNIT, **values: object) -> IndicatorHead:
    given = {
        "uid": f"{code:_<16}", "code": code, "statement": Texts(en=f"Indicator {code}"), "definition": None,
        "unit": None, "measure": measure, "direction": Direction.UP, "accumulation": Accumulation.SUM,
        "metric": "events.held", "metric_version": 1, "parameters": {}, "baseline_kind": BaselineKind.NUMBER,
        "baseline_value": 0.0, "baseline_text": None, "baseline_on": None, "source": Texts(en="Register"),
        "responsible": None, "limitations": None, "visibility": Visibility.DONOR,
    }  # fmt: skip
    return IndicatorHead(**{**given, **values})


def line(head: IndicatorHead, value: Value, targets: dict[str, float] | None = None, **values: object) -> Line:
    stones = [
        Milestone(
            period,
            TargetHead((targets or {})[period.key], None, TargetOrigin.PROPOSED),
            value if period.ends_on < TODAY else None,
        )
        for period in PERIODS
        if period.key in (targets or {})
    ]
    given = {"baseline": head.baseline_value, "milestones": stones, "status": Status.ON_TRACK}
    return Line(head, value, **{**given, "state": figures.state_of(value), **values})


def board(*lines: Line, **values: object) -> Dashboard:
    """A dashboard with one outcome that has these lines."""
    result = ResultHead("r" * 16, "Oc 1", ResultLevel.OUTCOME, Texts(en="Outcome"), None)
    given = {"chapters": [Chapter(result, 0, list(lines))], "periods": PERIODS, "audience": Visibility.DONOR, "k": 5}
    head = values.pop("head", None) or programme()
    return Dashboard(head, TODAY, **{**given, **values})


# Any dashboard there can be.

WORDS = st.text(max_size=20)
TEXTS = st.dictionaries(st.sampled_from(("en", "ru", "be")), WORDS, max_size=3).map(Texts)
MAYBE_TEXTS = st.none() | TEXTS
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(0, 5000).map(float)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CELLS = st.dictionaries(
    st.sampled_from(("sex", "sector")), st.dictionaries(WORDS, st.none() | st.integers(0, 300), max_size=4)
)
VALUES = st.builds(
    Value, number=st.none() | NUMBERS, numerator=st.none() | st.integers(0, 99),
    denominator=st.none() | st.integers(0, 99), cells=CELLS, text=MAYBE_TEXTS,
)  # fmt: skip
HEADS = st.builds(
    IndicatorHead, uid=st.just("i" * 16), code=WORDS, statement=TEXTS, definition=MAYBE_TEXTS, unit=MAYBE_TEXTS,
    measure=st.sampled_from(Measure), direction=st.sampled_from(Direction), accumulation=st.sampled_from(Accumulation),
    metric=st.sampled_from((None, "events.held", "test.gain")), metric_version=st.none(), parameters=st.just({}),
    baseline_kind=st.sampled_from(BaselineKind), baseline_value=st.none() | NUMBERS, baseline_text=MAYBE_TEXTS,
    baseline_on=st.none() | DAYS, source=MAYBE_TEXTS, responsible=MAYBE_TEXTS, limitations=MAYBE_TEXTS,
    visibility=st.just(Visibility.DONOR), frequency=st.none(),
)  # fmt: skip
TARGETS = st.builds(
    TargetHead, value=st.none() | NUMBERS, text=MAYBE_TEXTS, origin=st.sampled_from(TargetOrigin), reason=st.none()
)


@st.composite
def periods(draw: st.DrawFn) -> list[PeriodHead]:
    starts = sorted(draw(st.lists(DAYS, max_size=4, unique=True)))
    return [PeriodHead(f"P{n}", on, on + timedelta(days=draw(st.integers(1, 400)))) for n, on in enumerate(starts)]


@st.composite
def lines(draw: st.DrawFn, windows: list[PeriodHead]) -> Line:
    stones = [Milestone(window, draw(TARGETS), draw(st.none() | VALUES)) for window in windows if draw(st.booleans())]
    return Line(
        draw(HEADS), draw(VALUES), draw(st.none() | NUMBERS), stones, draw(st.sampled_from(Status)),
        state=draw(st.sampled_from(State)),
    )  # fmt: skip


@st.composite
def boards(draw: st.DrawFn) -> Dashboard:
    """Any programme on any day up to TODAY, whose results, indicators and periods are anything the types allow."""
    starts_on = draw(DAYS)
    windows = draw(periods())
    partners = draw(st.lists(st.builds(PartnerHead, role=st.sampled_from(PartnerRole), name=TEXTS), max_size=3))
    head = programme(
        title=draw(TEXTS), summary=draw(TEXTS), starts_on=starts_on, partners=partners, contact=draw(WORDS),
        ends_on=starts_on + timedelta(days=draw(st.integers(1, 2000))),
        language=draw(st.sampled_from(("en", "ru", "be"))),
    )  # fmt: skip
    results = st.builds(
        ResultHead, uid=st.just("r" * 16), code=WORDS, level=st.sampled_from(ResultLevel), statement=TEXTS,
        parent=st.none(), assumptions=st.just([]),
    )  # fmt: skip
    chapters = [
        Chapter(draw(results), 0, draw(st.lists(lines(windows), max_size=3))) for _ in range(draw(st.integers(0, 2)))
    ]
    locked_at = draw(st.none() | st.just(datetime(2026, 11, 1, tzinfo=UTC)))
    on_day = draw(st.dates(date(2020, 1, 1), TODAY))
    return Dashboard(head, on_day, chapters, windows, k=draw(st.sampled_from((0, 5, 10))), locked_at=locked_at)
