"""A quiz on paper: a sheet for each person with their code, the same questions as on their phone, and entering it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from reportlab.graphics.shapes import Circle, Drawing, Rect
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak, Paragraph, Spacer, Table, TableStyle

from core import pdf
from core.errors import Refused
from participants import finding, pairing, roster
from participants.models import Registration
from quizzes import attempts, openings, orders, taken
from quizzes.models import Attempt, EventQuiz, Phase, Question, QuestionKind
from quizzes.plans import CHOICES

LINE = "_" * 60
ON_PAPER = 0  # the seed of what is shuffled on every sheet alike


class NobodysCode(Refused):
    code = "nobodys_code"
    sentence = _l("This code is of nobody on the list of this event. Check the letters on the sheet.")


def place_of(event_quiz: EventQuiz, code: str) -> Registration:
    """Whose sheet this is, by the code on it. Refuses NobodysCode."""
    person = finding.find_by_code(event_quiz.event.programme, code)
    place = next((p for p in roster.expected_at(event_quiz.event) if person and p.participant_id == person.id), None)
    if place is None:
        raise NobodysCode
    return place


def enter(event_quiz: EventQuiz, phase: Phase, place: Registration, given: attempts.Given, *, language: str) -> Attempt:
    """Write down what stands on a sheet; gaps count as not known. Refuses Taken, KeyDestroyed, NotOpen."""
    pairing.start(event_quiz.event, openings.purpose_of(phase))
    if taken.has_taken(event_quiz, phase, place):
        raise attempts.Taken
    return attempts.submit(event_quiz, phase, place, given, language=language, with_gaps=True, is_on_paper=True)


def draw(event_quiz: EventQuiz, phase: Phase, heading: str) -> bytes:
    """The sheets of everybody with a place, by code alone; `heading` says which quiz it is. Refuses KeyDestroyed."""
    story: list[Any] = []
    for place in sorted(roster.expected_at(event_quiz.event), key=lambda place: place.participant.code):
        story += [] if not story else [PageBreak()]
        story += _sheet(event_quiz, place.participant.code, heading, attempts.asked_of(event_quiz, phase, place))
    return pdf.report(str(event_quiz.quiz.title), story or [pdf.text(_("Nobody is on the list."))], "")


def _sheet(event_quiz: EventQuiz, code: str, heading: str, questions: Sequence[Question]) -> list[Any]:
    head = Table([[pdf.text(event_quiz.quiz.title, "heading"), pdf.text(code, "title")]], colWidths=[125 * mm, 48 * mm])
    head.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)]))
    advice = _("Your code stands above; please write no name.")
    story: list[Any] = [head, pdf.text(f"{heading} · {advice}", "small")]
    for number, question in enumerate(questions, 1):
        hint = _("more than one answer can be right") if question.kind == QuestionKind.MULTIPLE else ""
        asked = f"<b>{number}. {escape(str(question.text))}</b>"
        words = Paragraph(f"{asked} ({escape(hint)})" if hint else asked, pdf.styles()["body"])
        story.append(KeepTogether([Spacer(1, 3 * mm), words, *_answers(question)]))
    return story


def _answers(question: Question) -> list[Any]:
    if question.kind in CHOICES:
        is_many = question.kind == QuestionKind.MULTIPLE
        return [_line(_sign(is_many), option.text) for option in question.options]
    if question.kind == QuestionKind.MATCHING:
        matches = list(enumerate(orders.matches_of(question, ON_PAPER), 1))
        asked = [_line("____", option.text) for option in question.options if option.text]
        return [*asked, Spacer(1, 2 * mm), *(_line(f"{number}", option.match) for number, option in matches)]
    if question.kind == QuestionKind.ORDERING:
        return [_line("____", option.text) for option in orders.options_of(question, ON_PAPER)]
    return [pdf.text(LINE) for _number in range(4 if question.kind == QuestionKind.FREE else 1)]


def _sign(is_many: bool) -> Drawing:
    """A box to tick, or a circle where only one counts."""
    side = 3.2 * mm
    drawing = Drawing(side, side)
    look = {"fillColor": None, "strokeColor": pdf.INK, "strokeWidth": 0.8}
    drawing.add(Rect(0, 0, side, side, **look) if is_many else Circle(side / 2, side / 2, side / 2, **look))
    return drawing


def _line(sign: str | Drawing, words: object) -> Table:
    row = Table([[pdf.text(sign) if isinstance(sign, str) else sign, pdf.text(words)]], colWidths=[11 * mm, 155 * mm])
    row.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("TOPPADDING", (0, 0), (0, 0), 3 if isinstance(sign, Drawing) else 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return row
