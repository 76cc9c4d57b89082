"""Quizzes and recommendations in their public shape."""

from __future__ import annotations

from typing import Literal

from indicators import shape_beside as shape
from indicators.publication_heads import OutsideHead, QuizHead, RecommendationHead


def quiz(head: QuizHead) -> shape.Quiz:
    events = [
        shape.QuizAtEvent(
            dict(at.event), at.on, at.n, _known(at.is_withheld, at.before), tenth(at.before), tenth(at.after)
        )
        for at in head.events
    ]
    state = _known(head.is_withheld, head.gain)
    return shape.Quiz(
        title=dict(head.title),
        people=head.n,
        state=state,
        before=tenth(head.before),
        after=tenth(head.after),
        gain=tenth(head.gain),
        low=tenth(head.low),
        high=tenth(head.high),
        events=events,
    )


def _known(is_withheld: bool, figure: float | None) -> Literal["number", "not_reported", "withheld"]:
    return "withheld" if is_withheld else "not_reported" if figure is None else "number"


def recommendation(asked: RecommendationHead) -> shape.Recommendation:
    return shape.Recommendation(
        id=asked.uid,
        report=dict(asked.report),
        issued_on=asked.issued_on,
        number=asked.number,
        addressee=asked.addressee,
        text=asked.text,
        theme=asked.theme,
        standard=asked.standard,
        due_on=asked.due_on,
        response=asked.response,
        responded_on=asked.responded_on,
        implementation=asked.implementation,
        views=[shape.View(view.voice, view.implementation, view.on) for view in asked.views],
    )


def from_outside(source: OutsideHead, asked: RecommendationHead) -> shape.OutsideRecommendation:
    return shape.OutsideRecommendation(
        id=asked.uid,
        body=source.body,
        cycle=source.cycle,
        issued_on=asked.issued_on,
        number=asked.number,
        reference=asked.reference,
        recommended_by=asked.recommended_by,
        addressee=asked.addressee,
        text=asked.text,
        theme=asked.theme,
        standard=asked.standard,
        due_on=asked.due_on,
        response=asked.response,
        responded_on=asked.responded_on,
        implementation=asked.implementation,
        views=[shape.View(view.voice, view.implementation, view.on) for view in asked.views],
    )


def tenth(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
