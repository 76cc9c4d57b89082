"""The parts of the report beside the logframe: what people knew before and after, what became of recommendations."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak

from core import pdf
from core.books import ROOM, chapter, fitted
from core.i18n import day, number
from indicators import drawing
from indicators.publication import Dashboard, QuizHead, RecommendationHead
from monitoring.models import Implementation, ResponseKind
from monitoring.wording import IMPLEMENTATION_NAMES, RESPONSE_NAMES


def quizzes(board: Dashboard) -> list[Any]:
    """Each quiz: how many took it both times, their means, and event by event."""
    if not board.quizzes:
        return []
    story: list[Any] = [PageBreak(), chapter(_("Knowledge before and after"))]
    for quiz in board.quizzes:
        story += [pdf.text(quiz.title, "subheading"), pdf.text(_in_short(quiz))]
        if quiz.events:
            story.append(_events(quiz))
        chart = drawing.quiz(quiz)
        if chart is not None:
            story.append(KeepTogether([pdf.text(chart.title, "small"), fitted(chart.drawing)]))
    return story


def _in_short(quiz: QuizHead) -> str:
    if quiz.is_withheld or quiz.gain is None:
        return _("Tested both times: %(number)s. Means are withheld or not computed.", number=number(quiz.n))
    said = _(
        "Tested both times: %(number)s. Mean before %(before)s, after %(after)s points of 100; gain %(gain)s.",
        number=number(quiz.n), before=number(quiz.before, 1), after=number(quiz.after, 1), gain=number(quiz.gain, 1),
    )  # fmt: skip
    if quiz.low is None or quiz.high is None:
        return said
    return said + " " + _("95 %% interval %(low)s to %(high)s.", low=number(quiz.low, 1), high=number(quiz.high, 1))


def _events(quiz: QuizHead) -> Any:
    rows: list[list[Any]] = [
        [_("Event"), _("Until"), _("Tested both times"), _("Mean before"), _("Mean after"), _("Gain")]
    ]
    for place, at in enumerate(quiz.events, 1):
        hidden = _("withheld") if at.is_withheld else "—"
        gain = None if at.before is None or at.after is None else at.after - at.before
        figures = [hidden if found is None else number(found, 1) for found in (at.before, at.after, gain)]
        rows.append([f"{place}. {at.event}", day(at.on), number(at.n), *figures])
    return pdf.table(rows, [62 * mm, 32 * mm, 24 * mm, 20 * mm, 20 * mm, 16 * mm])


def recommendations(board: Dashboard) -> list[Any]:
    """The balance of our own and of those from outside, then each of our own."""
    if not board.recommendations:
        return []
    story: list[Any] = [PageBreak(), chapter(_("Recommendations")), _balance(board.recommendations)]
    chart = drawing.recommendations(board.recommendations)
    story.append(KeepTogether([pdf.text(chart.title, "small"), fitted(chart.drawing)]))
    own = [found for found in board.recommendations if found.is_own]
    if own:
        story += [pdf.text(_("Recommendations of the monitoring reports"), "subheading"), _list(own)]
    return story


def _balance(found: list[RecommendationHead]) -> Any:
    head = [_("Implementation"), _("Of our reports"), _("From outside")]
    counts = {
        is_own: Counter(asked.implementation for asked in found if asked.is_own == is_own) for is_own in (True, False)
    }
    rows = [
        [str(IMPLEMENTATION_NAMES[how]), number(counts[True][how.value]), number(counts[False][how.value])]
        for how in Implementation
    ]
    rows.append([_("not assessed"), number(counts[True][None]), number(counts[False][None])])
    rows.append([_("Total"), number(counts[True].total()), number(counts[False].total())])
    return pdf.table([head, *rows], [80 * mm, 47 * mm, 47 * mm])


def _list(found: list[RecommendationHead]) -> Any:
    rows: list[list[Any]] = [["№", _("Recommendation"), _("Addressee"), _("Response"), _("Implementation")]]
    for asked in found:
        response = str(RESPONSE_NAMES[ResponseKind(asked.response)]) if asked.response else _("no response")
        done = str(IMPLEMENTATION_NAMES[Implementation(asked.implementation)]) if asked.implementation else None
        rows.append([asked.label, asked.text, asked.addressee, response, done or _("not assessed")])
    return pdf.table(rows, [10 * mm, ROOM - 94 * mm, 34 * mm, 24 * mm, 26 * mm])
