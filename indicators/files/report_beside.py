"""The parts of the report beside the logframe: what people knew before and after, what became of recommendations."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak

from core import pdf
from core.books import ROOM, chapter, fitted
from core.charts import Chart
from core.i18n import day, number
from indicators import drawing, prose, recommended
from indicators.publication import Dashboard
from indicators.publication_heads import OutsideHead, QuizHead, RecommendationHead
from monitoring.wording import IMPLEMENTATION_NAMES, RESPONSE_NAMES, VOICE_NAMES


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
    """How far they are implemented together, then each of them under its report."""
    story: list[Any] = []
    if board.recommendations:
        chart = drawing.recommendations(board.recommendations)
        story += [PageBreak(), chapter(_("Recommendations")), _balance(board.recommendations), _drawn(chart)]
        story += [pdf.text(_("Recommendations of the monitoring reports"), "subheading"), *_list(board.recommendations)]
    for source in board.outside:
        story += _from_outside(source)
    return story


def _drawn(chart: Chart) -> Any:
    return KeepTogether([pdf.text(chart.title, "small"), fitted(chart.drawing)])


def _from_outside(source: OutsideHead) -> list[Any]:
    """What a body from outside recommended: how far it is implemented together, then each of them."""
    found = source.recommendations
    rows: list[list[Any]] = [["№", _("Recommendation"), _("Theme"), _("Response"), _("Implementation")]]
    for asked in found:
        text = f"{asked.text} ({asked.recommended_by})" if asked.recommended_by else asked.text
        rows.append([asked.label, text, asked.theme, _response(asked), _implementation(asked)])
    return [
        PageBreak(),
        chapter(_("Recommendations from outside: %(source)s", source=source.title)),
        pdf.text(prose.outside_stands_apart()),
        _balance(found),
        _drawn(drawing.outside(source)),
        pdf.table(rows, [14 * mm, ROOM - 90 * mm, 31 * mm, 20 * mm, 25 * mm]),
    ]


def _response(asked: RecommendationHead) -> str:
    return str(RESPONSE_NAMES[asked.response]) if asked.response else str(_("no response"))


def _implementation(asked: RecommendationHead) -> str:
    """How far it is; where the authority sees it differently, both views."""
    if asked.differs:
        return "; ".join(
            f"{VOICE_NAMES[view.voice]}: {IMPLEMENTATION_NAMES[view.implementation]}" for view in asked.views
        )
    return str(IMPLEMENTATION_NAMES[asked.implementation]) if asked.implementation else str(_("not assessed"))


def _balance(found: list[RecommendationHead]) -> Any:
    counts = recommended.counted(found)
    rows = [[str(IMPLEMENTATION_NAMES[how]) if how else _("not assessed"), number(n)] for how, n in counts.items()]
    rows.append([_("Total"), number(len(found))])
    return pdf.table([[_("Implementation"), _("Recommendations")], *rows], [80 * mm, 47 * mm])


def _list(found: list[RecommendationHead]) -> list[Any]:
    """Each of them under its report; where the authority sees it differently, that is said."""
    head = ["№", _("Recommendation"), _("Addressee"), _("Response"), _("Implementation")]
    story: list[Any] = []
    for report in dict.fromkeys(str(asked.report) for asked in found):
        rows: list[list[Any]] = [list(head)]
        for asked in found:
            if str(asked.report) == report:
                rows.append([str(asked.number), asked.text, asked.addressee, _response(asked), _implementation(asked)])
        story += [pdf.text(report, "part"), pdf.table(rows, [10 * mm, ROOM - 94 * mm, 34 * mm, 24 * mm, 26 * mm])]
    return story
