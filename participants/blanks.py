"""Blank badges: printed ahead in rolls, nobody's until somebody without a badge is given one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db, new_uid
from core.errors import Refused
from participants import blank_cards
from participants.blank_cards import Layout
from participants.models import Badge, Participant
from privacy import codes
from trainings.models import Programme

FEWEST, MOST = 10, 500


class RollSize(Refused):
    code = "roll_size"
    sentence = _l("A roll has %(fewest)s to %(most)s badges.")


class NotBlank(Refused):
    code = "not_blank"
    sentence = _l("This is no blank badge of this programme, or its roll was voided. Take the next one.")


class AlreadyTaken(Refused):
    code = "already_taken"
    sentence = _l("This badge was given to somebody else already. Take the next one.")


@dataclass(frozen=True)
class Roll:
    """A roll of badges printed together: how many are given out, still blank, or voided."""

    uid: str
    made_at: datetime
    size: int
    used: int
    blank: int

    @property
    def void(self) -> int:
        return self.size - self.used - self.blank


def print_roll(programme: Programme, number: int) -> Roll:
    """Make a roll of so many blank badges, numbered from 1. Refuses RollSize."""
    if not FEWEST <= number <= MOST:
        raise RollSize(fewest=FEWEST, most=MOST)
    uid, now = new_uid(), clock.now()
    rows = [
        {"code": codes.badge_code(), "programme_id": programme.id, "roll": uid, "number": place, "issued_at": now}
        for place in range(1, number + 1)
    ]
    db.session.execute(sa.insert(Badge), rows)
    return Roll(uid, now, number, 0, number)


def rolls(programme: Programme) -> list[Roll]:
    """The rolls of a programme, the newest first."""
    return [Roll(*row) for row in db.session.execute(_rolls(programme).order_by(sa.desc("made_at"), Badge.roll))]


def find(programme: Programme, uid: str) -> Roll | None:
    row = db.session.execute(_rolls(programme).where(Badge.roll == uid)).first()
    return Roll(*row) if row else None


def draw_roll(roll: Roll, layout: Layout) -> bytes:
    """What of a roll can still be given out, as a PDF: a badge that somebody has is never printed twice."""
    query = sa.select(Badge.number, Badge.code).where(
        Badge.roll == roll.uid, Badge.participant_id.is_(None), Badge.revoked_at.is_(None)
    )
    return blank_cards.draw(
        [(row.number, row.code) for row in db.session.execute(query.order_by(Badge.number))], layout
    )


def void(roll: Roll) -> int:
    """Revoke the badges of a roll that are nobody's; how many. Those given out keep working."""
    voided = db.session.execute(
        sa.update(Badge)
        .where(Badge.roll == roll.uid, Badge.participant_id.is_(None), Badge.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(Badge.id)
    )
    return len(voided.scalars().all())


def bind(code: str, person: Participant) -> Badge:
    """Give a blank badge to somebody; the badge they had in use is revoked first. Saying it again does no harm.

    Of two phones that take the same badge one gets it. Refuses NotBlank and AlreadyTaken, and leaves the badge that
    the person had as it was.
    """
    # Whoever gives this person a badge waits here, so that nobody ends up with two in use.
    db.session.execute(sa.select(Participant.id).where(Participant.id == person.id).with_for_update())
    wanted = codes.normalised(code)
    found = _of_a_roll(wanted, person)
    if found is not None and found.participant_id == person.id and found.revoked_at is None:
        return found
    with db.session.begin_nested():
        db.session.execute(
            sa.update(Badge)
            .where(Badge.participant_id == person.id, Badge.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )
        taken = db.session.scalar(
            sa.update(Badge)
            .where(
                Badge.code == wanted,
                Badge.programme_id == person.programme_id,
                Badge.participant_id.is_(None),
                Badge.revoked_at.is_(None),
            )
            .values(participant_id=person.id)
            .returning(Badge.id)
        )
        if taken is None:
            now = _of_a_roll(wanted, person)
            raise AlreadyTaken if now is not None and now.participant_id is not None else NotBlank
    return db.session.get_one(Badge, taken, populate_existing=True)


def _of_a_roll(code: str, person: Participant) -> Badge | None:
    """The badge of this code on a roll of the person's programme, as it stands now."""
    query = sa.select(Badge).where(Badge.code == code, Badge.programme_id == person.programme_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _rolls(programme: Programme) -> sa.Select[*tuple[Any, ...]]:
    """(roll, made at, size, used, blank) of every roll of a programme."""
    is_used = Badge.participant_id.is_not(None)
    is_blank = sa.and_(Badge.participant_id.is_(None), Badge.revoked_at.is_(None))
    return (
        sa.select(
            Badge.roll,
            sa.func.min(Badge.issued_at, type_=Badge.issued_at.type).label("made_at"),
            sa.func.count(),
            sa.func.count(sa.case((is_used, 1))),
            sa.func.count(sa.case((is_blank, 1))),
        )
        .where(Badge.programme_id == programme.id, Badge.roll.is_not(None))
        .group_by(Badge.roll)
    )
