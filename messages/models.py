"""Whether a programme writes letters, what they say, messages to the people of an event, the outbox, who gets none."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from core.i18n import Texts, TextsColumn
from core.mail import Step
from participants.models import Participant
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event


class MessageKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"
    CHANGE = "change"
    MATERIALS = "materials"
    POST_QUIZ = "post_quiz"
    FOLLOW_UP = "follow_up"
    CERTIFICATE = "certificate"
    MOVED_UP = "moved_up"


class Recipients(StrEnum):
    """Whom of an event a message is for."""

    ALL = "all"
    CAME = "came"
    MISSING = "missing"


class LetterState(StrEnum):
    """Where a letter is. Unsure: the line broke while the server had it; it is not sent again by itself."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    UNSURE = "unsure"


class StopReason(StrEnum):
    """Why somebody gets no letters."""

    REFUSED = "refused"
    CAME_BACK = "came_back"
    UNWANTED = "unwanted"


class ProgrammeMail(Model):
    """Whether a programme writes letters and what stands in their subject. Without a row it writes none."""

    __tablename__ = "programme_mail"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, autoincrement=False)
    is_on: Mapped[bool] = mapped_column(default=False)
    # Whether a letter goes out by itself to whoever moves up from a waiting list.
    tells_who_moves_up: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # None: the neutral one that comes with the product.
    subject: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)


class MessageText(Model):
    """What letters of a kind say in a programme, in the place of the text that comes with the product."""

    __tablename__ = "message_texts"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, autoincrement=False)
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind), primary_key=True)
    body: Mapped[Texts] = mapped_column(TextsColumn)


class Message(Identified, Model):
    """Something written to people of an event: the text with its placeholders, for whom, and when it goes out."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("withdrawn_at IS NULL OR spread_at IS NOT NULL", "withdrawn_is_not_spread_again"),
        sa.CheckConstraint("written_by_id IS NOT NULL OR kind = 'moved_up'", "written_by_somebody"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind))
    recipients: Mapped[Recipients] = mapped_column(one_of(Recipients))
    body: Mapped[Texts] = mapped_column(TextsColumn)
    subject: Mapped[Texts] = mapped_column(TextsColumn)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))  # None: it went out by itself
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    goes_out_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # When it was made into letters: at the hour it goes out, so that who came and who answered is known by then.
    spread_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # Of letters that were forgotten already, so that the message still says how many there were.
    sent_before: Mapped[int] = mapped_column(default=0)
    skipped_before: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    written_by: Mapped[User | None] = relationship()


class Letter(Identified, Model):
    """One message to one person, never two. Address and text are sealed, and gone as soon as nothing is to be sent."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "participant_id"),
        sa.Index("ix_letters_state_next_at", "state", "next_at"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending') OR (address_sealed IS NULL AND body_sealed IS NULL)", "done_is_empty"
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent_has_a_moment"),
    )

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    state: Mapped[LetterState] = mapped_column(one_of(LetterState), default=LetterState.WAITING)
    language: Mapped[str] = mapped_column(sa.String(2))
    link_version: Mapped[int]
    address_sealed: Mapped[bytes | None] = sealed_column()
    body_sealed: Mapped[bytes | None] = sealed_column()
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # The last thing a server said against it: where, and the number of its answer; never its words.
    step: Mapped[Step | None] = mapped_column(one_of(Step), default=None)
    code: Mapped[int | None] = mapped_column(default=None)

    address = Sealed()
    body = Sealed()

    message: Mapped[Message] = relationship()
    participant: Mapped[Participant] = relationship()


class LetterStop(Model):
    """Somebody to whom nothing is written: the address was refused, a letter came back, or they want none."""

    __tablename__ = "letter_stops"

    participant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    reason: Mapped[StopReason] = mapped_column(one_of(StopReason))
    code: Mapped[int | None] = mapped_column(default=None)
    # Which address it was, as its keyed digest: another one is written to again.
    email_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), default=None)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    participant: Mapped[Participant] = relationship()
