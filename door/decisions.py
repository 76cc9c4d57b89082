"""Settling a review once and taking the decision back: two managers at once are one decision and one refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from door.effects import Effect
from door.models import Decision, ScanReview
from trainings.models import Programme


class SettledBefore(Refused):
    code = "settled_before"
    sentence = _l("Somebody has settled this already. Look at the list again: the decision stands there.")


class NotSettled(Refused):
    code = "not_settled"
    sentence = _l("This decision has been taken back already.")


@contextmanager
def deciding(review: ScanReview, decision: Decision, by: User) -> Iterator[Effect]:
    """Settle a review by what is done inside, all of it or nothing. Refuses SettledBefore."""
    with db.session.begin_nested():
        _take_turns(review)
        if not _settle([review.id], decision, by, Effect()):
            raise SettledBefore
        effect = Effect()
        yield effect
        db.session.flush()
        _write(review.id, effect=effect.as_json())


@contextmanager
def reopening(review: ScanReview) -> Iterator[Effect]:
    """Make a review an open one again, with those settled along with it; inside, its effect is undone.

    Refuses NotSettled.
    """
    with db.session.begin_nested():
        _take_turns(review)
        db.session.refresh(review)
        if review.decision is None:
            raise NotSettled
        effect = Effect.kept(review.effect)
        yield effect
        nothing: dict[str, Any] = {"decision": None, "decided_at": None, "decided_by_id": None, "effect": None}
        for review_id in (review.id, *effect.along):
            _write(review_id, **nothing)


def settle_along(effect: Effect, lead: ScanReview, others: Sequence[int], decision: Decision, by: User) -> None:
    """Settle those of these reviews that are open still, by the decision on another one."""
    effect.along += _settle(others, decision, by, Effect(lead=lead.id, whom=effect.whom))


def _take_turns(review: ScanReview) -> None:
    """One decision at a time in a programme: several may be about the same person. Doors are not held up."""
    turn = sa.select(Programme.id).where(Programme.id == review.event.programme_id)
    db.session.execute(turn.with_for_update(key_share=True))


def _settle(review_ids: Sequence[int], decision: Decision, by: User, effect: Effect) -> list[int]:
    """Which of these were open and are settled now."""
    values = {"decision": decision, "decided_at": clock.now(), "decided_by_id": by.id, "effect": effect.as_json()}
    open_ones = sa.update(ScanReview).where(ScanReview.id.in_(review_ids), ScanReview.decision.is_(None))
    return list(db.session.scalars(open_ones.values(**values).returning(ScanReview.id)))


def _write(review_id: int, **values: Any) -> None:
    db.session.execute(sa.update(ScanReview).where(ScanReview.id == review_id).values(**values))
