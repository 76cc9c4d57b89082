"""Feedback after an event and months later: one voice per person, tied to no name."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from feedback.models import Evaluation
from participants import pairing
from participants.models import PairingPurpose, Registration
from privacy import erasure
from trainings.models import Event, EventStatus


class NotAsked(Refused):
    code = "not_asked"
    sentence = _l("This question is not being asked now.")


def is_asked(event: Event, purpose: PairingPurpose) -> bool:
    """After the event: from the start of its last session until it is closed. Follow-up: while a manager asks."""
    key = pairing.find(event.id, purpose)
    if key is not None and key.destroyed_at is not None:
        return False
    if purpose == PairingPurpose.EVALUATION:
        return event.status == EventStatus.PLANNED and event.sessions[-1].starts_at <= clock.now()
    return key is not None


def has_answered(event: Event, purpose: PairingPurpose, place: Registration) -> bool:
    key = pairing.find(event.id, purpose)
    if key is None or key.destroyed_at is not None:
        return False
    query = sa.select(Evaluation.id).where(
        Evaluation.event_id == event.id,
        Evaluation.purpose == purpose,
        Evaluation.pseudonym == pairing.pseudonym(key, place),
    )
    return db.session.scalar(query) is not None


def asks(event: Event, place: Registration, purpose: PairingPurpose) -> bool:
    """Whether this person is asked now and has not answered."""
    return is_asked(event, purpose) and not has_answered(event, purpose, place)


def rate(event: Event, place: Registration, usefulness: int, remark: str = "") -> None:
    """Say how useful the event was, from 1 to 5; a second time changes nothing. Refuses NotAsked."""
    _give(event, PairingPurpose.EVALUATION, place, remark, usefulness=usefulness)


def say_whether_applied(event: Event, place: Registration, has_applied: bool, remark: str = "") -> None:
    """Say months later whether at least one practice was applied; a second time changes nothing. Refuses NotAsked."""
    _give(event, PairingPurpose.FOLLOW_UP, place, remark, has_applied=has_applied)


def ask_follow_up(event: Event) -> None:
    """Begin to ask the people of a held event whether they applied what they learned. Refuses NotAsked."""
    if event.status != EventStatus.HELD:
        raise NotAsked
    pairing.start(event, PairingPurpose.FOLLOW_UP)


def close(event: Event, purpose: PairingPurpose) -> None:
    """Ask no longer, and make the answers anonymous for good."""
    key = pairing.find(event.id, purpose)
    if key is not None:
        pairing.destroy(key)


def counts(event: Event, purpose: PairingPurpose) -> tuple[int, int]:
    """(answers that are good news, answers): useful 4 or 5 of 5; applied."""
    is_good = Evaluation.usefulness >= 4 if purpose == PairingPurpose.EVALUATION else Evaluation.has_applied.is_(True)
    good, given = db.session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(sa.case((is_good, 1), else_=0)), 0), sa.func.count()).where(
            Evaluation.event_id == event.id, Evaluation.purpose == purpose
        )
    ).one()
    return int(good), int(given)


def _give(event: Event, purpose: PairingPurpose, place: Registration, remark: str, **answer: int | bool) -> None:
    if not is_asked(event, purpose) or place.event_id != event.id:
        raise NotAsked
    key = pairing.start(event, purpose)
    voice = Evaluation(
        event_id=event.id,
        purpose=purpose,
        pseudonym=pairing.pseudonym(key, place),
        given_on=event.programme.today(),
        **answer,
    )
    voice.remark = remark.strip()[:2000] or None
    try:
        with db.session.begin_nested():
            db.session.add(voice)
    except IntegrityError:
        return


@erasure.forgets(Evaluation)
def forget_remark(evaluation: Evaluation) -> None:
    """Drop what somebody wrote freely; the marks stay."""
    evaluation.remark = None
