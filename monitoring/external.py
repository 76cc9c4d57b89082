"""Recommendations from outside, such as those of the UPR: taken in from a list, kept apart from the programme's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from accounts.models import User
from core.db import db, insert_if_new, new_uid
from monitoring import external_rows, recommendations, reports
from monitoring.external_rows import Asked, Fate, Row
from monitoring.models import Recommendation, RecommendationSource, Voice
from monitoring.recommendations import BeforeIssue
from trainings.models import Programme


@dataclass(frozen=True)
class ListPlan:
    """What a list as a whole says: whose it is, and whose judgement of which day stands in it."""

    body: str
    cycle: str
    issued_on: date
    as_of: date
    voice: Voice
    addressee: str  # where a row names none
    theme: str


def look(programme: Programme, plan: ListPlan, rows: Sequence[tuple[int, list[str]]]) -> list[Row]:
    """What would become of every row. Refuses NoHeadings, InTheFuture and BeforeIssue."""
    reports.refuse_future(programme, max(plan.as_of, plan.issued_on))
    source = _find(programme, plan)
    if plan.as_of < (source.issued_on if source else plan.issued_on):
        raise BeforeIssue
    return external_rows.judged(rows, of_source(source) if source else [], plan.as_of, plan.voice)


def take(programme: Programme, plan: ListPlan, rows: Sequence[tuple[int, list[str]]], by: User) -> Counter[Fate]:
    """Take in what is new in a list; how many rows had each fate. Refuses what `look` refuses.

    Of two who take the same list in at once the second waits for the first and finds everything known.
    """
    look(programme, plan, rows)
    values = {"programme_id": programme.id, "body": plan.body, "cycle": plan.cycle, "issued_on": plan.issued_on}
    insert_if_new(RecommendationSource, uid=new_uid(), **values)
    source: RecommendationSource = db.session.scalars(_same(programme, plan).with_for_update()).one()
    present = of_source(source)
    found = external_rows.judged(rows, present, plan.as_of, plan.voice)
    number = max((asked.number for asked in present), default=0)
    made = [_asked(source, row.asked, plan) for row in found if row.fate == Fate.NEW and row.asked]
    for place, recommendation in enumerate(made, number + 1):
        recommendation.number = place
    db.session.add_all(made)
    db.session.flush()
    taken = iter(made)
    for row in found:
        if row.asked and row.fate in (Fate.NEW, Fate.FOLLOWED_UP):
            _follow_up(row.known or next(taken), row.asked, plan, by)
    return external_rows.counts(found)


def of_source(source: RecommendationSource) -> list[Recommendation]:
    """The recommendations of a source in their order."""
    query = sa.select(Recommendation).where(Recommendation.source_id == source.id).order_by(Recommendation.number)
    return list(db.session.scalars(query))


def _asked(source: RecommendationSource, asked: Asked, plan: ListPlan) -> Recommendation:
    return Recommendation(
        source=source,
        reference=asked.reference or None,
        recommended_by=asked.recommended_by or None,
        addressee=asked.addressee or plan.addressee,
        text=asked.text,
        theme=asked.theme or plan.theme,
        standard=asked.standard or None,
        due_on=asked.due_on,
        responses=[],
        assessments=[],
    )


def _follow_up(recommendation: Recommendation, asked: Asked, plan: ListPlan, by: User) -> None:
    """Add what the row says of both axes, where that is news."""
    answers, assesses = external_rows.news(recommendation, asked, plan.as_of, plan.voice)
    if answers and asked.response:
        recommendations.note_response(
            recommendation, asked.response, plan.as_of, is_written=True, note=asked.note, by=by
        )
    if assesses and asked.implementation:
        recommendations.assess(recommendation, asked.implementation, plan.voice, plan.as_of, note=asked.note, by=by)


def _same(programme: Programme, plan: ListPlan) -> sa.Select[Any]:
    source = RecommendationSource
    return sa.select(source).where(
        source.programme_id == programme.id, source.body == plan.body, source.cycle == plan.cycle
    )


def _find(programme: Programme, plan: ListPlan) -> RecommendationSource | None:
    found: RecommendationSource | None = db.session.scalar(_same(programme, plan))
    return found
