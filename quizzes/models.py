"""Quizzes and what was answered. Nothing here points to a person: answers hang on a pseudonym."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Identified, Model, UtcDateTime, one_of
from core.i18n import Texts, TextsColumn
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class Phase(StrEnum):
    PRE = "pre"
    POST = "post"


class PairingPurpose(StrEnum):
    """What a pseudonym pairs; each purpose has a key of its own, so pseudonyms of two cannot be joined."""

    KNOWLEDGE = "knowledge"
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow_up"


class Quiz(Identified, Model):
    """The same questions, asked before and after."""

    __tablename__ = "quizzes"
    __table_args__ = (sa.UniqueConstraint("programme_id", "key"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[Texts] = mapped_column(TextsColumn)
    intro: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    questions: Mapped[list[Question]] = relationship(order_by="Question.position", back_populates="quiz")


class Question(Identified, Model):
    """One question, with the standard its right answer rests on."""

    __tablename__ = "questions"
    __table_args__ = (sa.UniqueConstraint("quiz_id", "position"), sa.UniqueConstraint("id", "quiz_id"))

    quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("quizzes.id"))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind))
    text: Mapped[Texts] = mapped_column(TextsColumn)
    explanation: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    standard: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    quiz: Mapped[Quiz] = relationship(back_populates="questions")
    options: Mapped[list[Option]] = relationship(order_by="Option.position", back_populates="question")

    def right_options(self) -> set[int]:
        return {option.position for option in self.options if option.is_right}


class Option(Model):
    """One answer to choose; known by its position."""

    __tablename__ = "options"
    __table_args__ = (sa.UniqueConstraint("question_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id"))
    position: Mapped[int]
    text: Mapped[Texts] = mapped_column(TextsColumn)
    is_right: Mapped[bool] = mapped_column(default=False)

    question: Mapped[Question] = relationship(back_populates="options")


class EventQuiz(Identified, Model):
    """A quiz used at an event. What needs the pairing key is counted before the key is destroyed."""

    __tablename__ = "event_quizzes"
    __table_args__ = (sa.UniqueConstraint("event_id", "quiz_id"), sa.UniqueConstraint("id", "quiz_id"))

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("quizzes.id"))
    completed_with_both: Mapped[int | None] = mapped_column(default=None)

    event: Mapped[Event] = relationship()
    quiz: Mapped[Quiz] = relationship(lazy="joined", innerjoin=True)
    openings: Mapped[list[Opening]] = relationship(back_populates="event_quiz", order_by="Opening.id")

    def opening(self, phase: Phase) -> Opening | None:
        return next((opening for opening in self.openings if opening.phase == phase), None)

    def is_open(self, phase: Phase) -> bool:
        opening = self.opening(phase)
        return opening is not None and opening.closed_at is None

    def was_closed(self, phase: Phase) -> bool:
        opening = self.opening(phase)
        return opening is not None and opening.closed_at is not None


class Opening(Model):
    """When a phase of a quiz was opened, and closed."""

    __tablename__ = "openings"
    __table_args__ = (
        sa.UniqueConstraint("event_quiz_id", "phase"),
        sa.CheckConstraint("closed_at >= opened_at", "times_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("event_quizzes.id"))
    phase: Mapped[Phase] = mapped_column(one_of(Phase))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    event_quiz: Mapped[EventQuiz] = relationship(back_populates="openings")


class Pairing(Identified, Model):
    """The key that makes pseudonyms of an event's people. Once destroyed nobody can tell whose an answer is."""

    __tablename__ = "pairings"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose"),
        sa.CheckConstraint("(secret_sealed IS NULL) = (destroyed_at IS NOT NULL)", "destroyed_is_gone"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose))
    secret_sealed: Mapped[bytes | None] = sealed_column()
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    secret = Sealed()


class Attempt(Identified, Model):
    """One person's sitting of one phase: a pseudonym, a date, marks. One per person and phase."""

    __tablename__ = "attempts"
    __table_args__ = (
        sa.UniqueConstraint("event_quiz_id", "phase", "pseudonym"),
        sa.UniqueConstraint("id", "quiz_id"),
        sa.ForeignKeyConstraint(["event_quiz_id", "quiz_id"], ["event_quizzes.id", "event_quizzes.quiz_id"]),
        sa.CheckConstraint("right_count BETWEEN 0 AND question_count", "marks_in_range"),
    )

    event_quiz_id: Mapped[int]
    quiz_id: Mapped[int]
    phase: Mapped[Phase] = mapped_column(one_of(Phase))
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    language: Mapped[str] = mapped_column(sa.String(2))
    submitted_on: Mapped[date]
    right_count: Mapped[int]
    question_count: Mapped[int]

    answers: Mapped[list[Answer]] = relationship(back_populates="attempt")

    @property
    def percent(self) -> float:
        return 100 * self.right_count / self.question_count


class Answer(Model):
    """What an attempt answered to one question of the same quiz; the database refuses any other."""

    __tablename__ = "answers"
    __table_args__ = (
        sa.ForeignKeyConstraint(["attempt_id", "quiz_id"], ["attempts.id", "attempts.quiz_id"]),
        sa.ForeignKeyConstraint(["question_id", "quiz_id"], ["questions.id", "questions.quiz_id"]),
    )

    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    quiz_id: Mapped[int]
    chosen: Mapped[list[int]] = mapped_column(sa.JSON)
    is_right: Mapped[bool]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


class Evaluation(Identified, Model):
    """One anonymous feedback: after the event how useful it was; months later whether it was applied."""

    __tablename__ = "evaluations"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose", "pseudonym"),
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
    remark_sealed: Mapped[bytes | None] = sealed_column()

    remark = Sealed()
