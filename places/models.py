"""What an event says about its places, its waiting list and who moved up, answers to invitations, quotas, proofs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from core.i18n import Texts, TextsColumn
from participants.models import Organisation, Registration
from trainings.models import Event


class Said(StrEnum):
    """What a person said about their place."""

    COMING = "coming"
    NOT_COMING = "not_coming"


def _of_a_place(column: str = "registration_id") -> sa.ForeignKeyConstraint:
    # With the event, so that nothing can belong to a place of another one.
    return sa.ForeignKeyConstraint(
        [column, "event_id"], ["registrations.id", "registrations.event_id"], ondelete="CASCADE"
    )


class ProgrammePlaces(Model):
    """Whether the events of a programme may have a page at which anybody registers. Without a row they may not."""

    __tablename__ = "programme_places"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, autoincrement=False)
    allows_registration_pages: Mapped[bool] = mapped_column(default=False)


class EventPlaces(Model):
    """How an event gives its places. Without a row: by hand, and without a page at which anybody registers."""

    __tablename__ = "event_places"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True, autoincrement=False)
    fills_by_itself: Mapped[bool] = mapped_column(default=False)
    # The secret in the address of the registration page; None while there is none.
    page_token: Mapped[str | None] = mapped_column(sa.String(22), unique=True, default=None)
    words: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    event: Mapped[Event] = relationship()


class WaitingTurn(Model):
    """Somebody's turn on the waiting list of an event; no two have the same."""

    __tablename__ = "waiting_turns"
    __table_args__ = (_of_a_place(), sa.UniqueConstraint("event_id", "number"))

    registration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    number: Mapped[int]


class MoveUp(Model):
    """Somebody got a place after they had waited for one; `told_at` says that this was seen to, by a letter or not."""

    __tablename__ = "moves_up"
    __table_args__ = (_of_a_place(),)

    registration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(index=True)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)


class Reply(Model):
    """What a person said last about coming; the newest replaces the one before."""

    __tablename__ = "replies"
    __table_args__ = (_of_a_place(),)

    registration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(index=True)
    said: Mapped[Said] = mapped_column(one_of(Said))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    registration: Mapped[Registration] = relationship(
        primaryjoin="foreign(Reply.registration_id) == Registration.id", viewonly=True
    )


class Quota(Identified, Model):
    """The most places that people of one organisation get at an event by themselves."""

    __tablename__ = "quotas"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "organisation_id"),
        sa.CheckConstraint("places >= 0", "places_are_not_negative"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"))
    places: Mapped[int]

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class SpentProof(Model):
    """The digest of a proof of work that was taken, until it would have expired anyway: none is taken twice."""

    __tablename__ = "spent_proofs"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
