"""A publication in whole sentences: how it stands, in short, by which rules it counts, and how it was made."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from core.i18n import day, number
from indicators.publication import Dashboard, Line
from indicators.wording import target_in_words, tested


def standing(board: Dashboard) -> str:
    """Whether the figures still move, in words."""
    if board.locked_at is None:
        return _("Provisional")
    return _(
        "Period %(period)s, locked on %(day)s",
        period=board.period,
        day=day(board.locked_at, board.programme.time_zone),
    )


def next_update(board: Dashboard) -> date | None:
    """The day after which the next report comes: the end of the period that is not over yet."""
    # A locked dashboard shows the last day of its own period, which is over.
    ends = [period.ends_on for period in board.periods if period.ends_on >= board.on_day and period.key != board.period]
    return min(ends, default=None)


def summary(board: Dashboard) -> list[str]:
    """Up to three sentences made from the values."""
    sentences = []
    by_metric = {line.indicator.metric: line for line in board.lines if line.indicator.metric and not line.is_withheld}
    events, people = _largest(board, "events.held"), _largest(board, "people.completed")
    if people is not None and people.value.number is not None:
        sentences.append(
            ngettext(
                "%(num)s person has completed a training so far, of %(target)s promised.",
                "%(num)s people have completed a training so far, of %(target)s promised.",
                round(people.value.number),
                target=target_in_words(people, people.target),
            )
        )
    elif events is not None and events.value.number is not None:
        sentences.append(ngettext("%(num)s event was held.", "%(num)s events were held.", round(events.value.number)))
    gain = by_metric.get("test.gain")
    if gain is not None and gain.value.knowledge is not None and gain.value.knowledge.gain is not None:
        sentences.append(_gain_sentence(gain))
    units, issued = by_metric.get("units.observed"), by_metric.get("recs.issued")
    if units is not None and issued is not None and units.value.number:
        observed = ngettext(
            "%(num)s police unit was observed.", "%(num)s police units were observed.", round(units.value.number)
        )
        made = round(issued.value.number or 0)
        recommended = ngettext("%(num)s recommendation was issued.", "%(num)s recommendations were issued.", made)
        sentences.append(f"{observed} {recommended}")
    return sentences


def headlines(board: Dashboard) -> list[Line]:
    """The lines of the tiles: people trained, events, units observed, recommendations, copies, gain."""
    wanted = ("events.held", "test.gain", "units.observed", "recs.issued", "copies.distributed")
    return [line for metric in ("people.completed", *wanted) if (line := _largest(board, metric)) is not None]


def rules(board: Dashboard) -> list[str]:
    """The rules that decide what counts and how it is judged."""
    programme = board.programme
    return [
        _(
            "A person completes an event by being present at %(percent)s %% of its sessions.",
            percent=programme.completion_percent,
        ),
        _("A quiz is passed with %(mark)s of 100 points.", mark=programme.pass_mark),
        _(
            "Targets and values are cumulative, from the first day of the programme. A status compares with the "
            "target of the last period that is over: within %(percent)s %% of the way is on track. No value is not "
            "zero: “not due yet”, “not reported”, “not applicable” and “withheld” are said in words.",
            percent=15,
        ),
        _("“Agreed” targets stand in the contract; “proposed” ones are the team’s and not confirmed."),
    ]


def outside_stands_apart() -> str:
    return _(
        "Recommendations of international bodies are followed here and never counted with those of our own reports."
    )


def method_note() -> str:
    """How the numbers are made, for the report and the page."""
    return _(
        "Numbers are computed from the register of events, attendance, quizzes, copies and visits. A person counts "
        "once, dated by the first completion; an event counts once it is closed. Knowledge is compared for people "
        "tested both before and after only; there is no comparison group, so the gain also includes practice and "
        "chance. Small groups are withheld, and others with them, so that nobody can be recognised."
    )


def _gain_sentence(line: Line) -> str:
    found = line.value.knowledge
    assert found is not None
    assert found.gain is not None
    if found.low is None or found.high is None:
        return _("On average %(gain)s points more of 100 after than before.", gain=number(found.gain))
    return _(
        "On average %(gain)s points more of 100 after than before (%(low)s to %(high)s; %(people)s).",
        gain=number(found.gain),
        low=number(found.low),
        high=number(found.high),
        people=tested(found.n),
    )


def _largest(board: Dashboard, metric: str) -> Line | None:
    """Of several indicators counted in the same way, the one that promises the most."""
    lines = [line for line in board.lines if line.indicator.metric == metric]
    return max(lines, key=lambda line: (line.target.value if line.target else None) or 0, default=None)
