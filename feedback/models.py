"""Questionnaires and anonymous answers. Nothing here points to a person: a voice hangs on a pseudonym and a day."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import Identified, Model, UtcDateTime, one_of
from core.i18n import Texts, TextsColumn
from participants.models import PairingPurpose
from privacy.crypto import Sealed, sealed_column
from trainings.models import EventKind, Programme


class QuestionKind(StrEnum):
    SCALE = "scale"  # 1 to 5
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    TEXT = "text"


class ReviewState(StrEnum):
    """What became of a free text: outside the managers only `shareable` and `redacted` ones are shown."""

    UNREAD = "unread"
    SHAREABLE = "shareable"
    REDACTED = "redacted"
    INSIDE = "inside"


class Questionnaire(Identified, Model):
    """One version of the questions asked at events of a kind. It never changes; who corrects it makes the next one."""

    __tablename__ = "questionnaires"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "kind", "purpose", "version"),
        sa.UniqueConstraint("id", "purpose"),
        sa.CheckConstraint("purpose IN ('evaluation', 'follow_up')", "is_feedback"),
        sa.CheckConstraint("version > 0", "versions_from_one"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose))
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    questions: Mapped[list[FeedbackQuestion]] = relationship(order_by="FeedbackQuestion.position")


class FeedbackQuestion(Model):
    """One question. Its key stays the same through the versions, so that its answers can be counted together."""

    __tablename__ = "feedback_questions"
    __table_args__ = (
        sa.UniqueConstraint("questionnaire_id", "position"),
        sa.UniqueConstraint("questionnaire_id", "key"),
        sa.UniqueConstraint("id", "questionnaire_id", "kind"),
        sa.UniqueConstraint("id", "questionnaire_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaires.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind))
    text: Mapped[Texts] = mapped_column(TextsColumn)
    # What can be chosen, each in its languages; an answer is the number of one, from 1.
    options: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)

    @property
    def is_first(self) -> bool:
        """The one that is always asked and must be answered: what the indicators rest on."""
        return self.position == 1

    @property
    def choices(self) -> list[Texts]:
        return [Texts(option) for option in self.options]

    @property
    def values(self) -> range:
        """The numbers an answer may be; none for a free text."""
        if self.kind == QuestionKind.SCALE:
            return range(1, 6)
        if self.kind == QuestionKind.YES_NO:
            return range(2)
        return range(1, len(self.options) + 1)


class EventQuestionnaire(Model):
    """The version of the questions that everybody of an event is asked, settled by the first answer."""

    __tablename__ = "event_questionnaires"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose", "questionnaire_id"),
        sa.ForeignKeyConstraint(["questionnaire_id", "purpose"], ["questionnaires.id", "questionnaires.purpose"]),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True)
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose), primary_key=True)
    questionnaire_id: Mapped[int]

    questionnaire: Mapped[Questionnaire] = relationship(lazy="joined", innerjoin=True)


class Evaluation(Identified, Model):
    """One anonymous voice: after the event how useful it was; months later whether it was applied.

    Those of before there were questionnaires have none.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose", "pseudonym"),
        sa.UniqueConstraint("id", "questionnaire_id"),
        sa.ForeignKeyConstraint(
            ["event_id", "purpose", "questionnaire_id"],
            ["event_questionnaires.event_id", "event_questionnaires.purpose", "event_questionnaires.questionnaire_id"],
            name="fk_evaluations_event_questionnaires",
        ),
        sa.CheckConstraint("usefulness BETWEEN 1 AND 5", "usefulness_in_range"),
        sa.CheckConstraint("purpose <> 'knowledge'", "is_feedback"),
        sa.CheckConstraint(
            "(purpose = 'evaluation' AND usefulness IS NOT NULL AND has_applied IS NULL) OR "
            "(purpose = 'follow_up' AND usefulness IS NULL AND has_applied IS NOT NULL)",
            "answers_its_question",
        ),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose))
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    given_on: Mapped[date]
    usefulness: Mapped[int | None] = mapped_column(default=None)
    has_applied: Mapped[bool | None] = mapped_column(default=None)
    questionnaire_id: Mapped[int | None] = mapped_column(default=None)


class FeedbackAnswer(Model):
    """What a voice answered to one of the further questions of its own questionnaire; the database refuses others.

    Only where several may be chosen is there more than one answer to a question.
    """

    __tablename__ = "feedback_answers"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["evaluation_id", "questionnaire_id"],
            ["evaluations.id", "evaluations.questionnaire_id"],
            name="fk_feedback_answers_evaluations",
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "questionnaire_id", "kind"],
            ["feedback_questions.id", "feedback_questions.questionnaire_id", "feedback_questions.kind"],
            name="fk_feedback_answers_feedback_questions",
        ),
        sa.CheckConstraint(
            "(kind = 'scale' AND value BETWEEN 1 AND 5) OR (kind = 'yes_no' AND value BETWEEN 0 AND 1) OR "
            "(kind IN ('choice', 'several') AND value > 0)",
            "value_of_its_kind",
        ),
        sa.Index(
            "uq_feedback_answers_one",
            "evaluation_id",
            "question_id",
            unique=True,
            sqlite_where=sa.text("kind <> 'several'"),
            postgresql_where=sa.text("kind <> 'several'"),
        ),
    )

    evaluation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    questionnaire_id: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind))


class FreeText(Identified, Model):
    """What a voice wrote freely, encrypted. A manager reads it before anybody else; the original stays inside."""

    __tablename__ = "free_texts"
    __table_args__ = (
        sa.UniqueConstraint("evaluation_id", "question_id"),
        sa.ForeignKeyConstraint(
            ["evaluation_id", "questionnaire_id"],
            ["evaluations.id", "evaluations.questionnaire_id"],
            name="fk_free_texts_evaluations_questionnaire_id",
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "questionnaire_id"],
            ["feedback_questions.id", "feedback_questions.questionnaire_id"],
            name="fk_free_texts_feedback_questions",
        ),
        sa.CheckConstraint("(question_id IS NULL) = (questionnaire_id IS NULL)", "of_its_questionnaire"),
        sa.CheckConstraint("(state = 'unread') = (reviewed_at IS NULL)", "reviewed_has_a_moment"),
        sa.CheckConstraint("(state = 'unread') = (reviewed_by_id IS NULL)", "reviewed_by_somebody"),
        sa.CheckConstraint("(state = 'redacted') = (redacted_sealed IS NOT NULL)", "redacted_has_a_text"),
        sa.Index("ix_free_texts_state", "state"),
    )

    evaluation_id: Mapped[int] = mapped_column(sa.ForeignKey("evaluations.id"))
    questionnaire_id: Mapped[int | None] = mapped_column(default=None)
    question_id: Mapped[int | None] = mapped_column(default=None)
    text_sealed: Mapped[bytes | None] = sealed_column()
    redacted_sealed: Mapped[bytes | None] = sealed_column()
    state: Mapped[ReviewState] = mapped_column(one_of(ReviewState), default=ReviewState.UNREAD)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    text = Sealed()
    redacted = Sealed()

    reviewed_by: Mapped[User | None] = relationship()
    question: Mapped[FeedbackQuestion | None] = relationship(
        primaryjoin="FreeText.question_id == FeedbackQuestion.id", foreign_keys="FreeText.question_id", viewonly=True
    )
    evaluation: Mapped[Evaluation] = relationship(
        primaryjoin="FreeText.evaluation_id == Evaluation.id", foreign_keys="FreeText.evaluation_id"
    )

    @property
    def shared(self) -> str | None:
        """The words that may leave the managers' hands; None while there are none."""
        words: Any = {ReviewState.SHAREABLE: self.text, ReviewState.REDACTED: self.redacted}.get(self.state)
        return words
