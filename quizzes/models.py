"""Quizzes and what was answered. Nothing here points to a person: answers hang on a pseudonym."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import Identified, Model, UtcDateTime, never_again, new_uid, one_of
from core.i18n import Texts, TextsColumn
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event

WHOLE = 1_000_000  # points of one question; parts of it are whole numbers too, so that sums are exact


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT = "short"
    NUMBER = "number"
    MATCHING = "matching"
    ORDERING = "ordering"
    FREE = "free"  # read by people, counts for nothing


class Phase(StrEnum):
    PRE = "pre"
    POST = "post"
    FOLLOW_UP = "follow_up"


class Form(StrEnum):
    """Of a quiz in two forms: half the people get A before and B after, the other half the other way round."""

    A = "A"
    B = "B"


class Results(StrEnum):
    """What people learn once the quiz after the event is closed."""

    NOTHING = "nothing"
    SCORE = "score"
    ANSWERS = "answers"


class Quiz(Identified, Model):
    """One version of a quiz: the same questions, asked before and after.

    Versions of a quiz share its key. A published one never changes; who corrects it makes the next one.
    """

    __tablename__ = "quizzes"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "key", "version"),
        sa.Index(
            "uq_quizzes_draft",
            "programme_id",
            "key",
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        ),
        sa.CheckConstraint("version > 0", "versions_from_one"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    title: Mapped[Texts] = mapped_column(TextsColumn)
    intro: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    shuffles_questions: Mapped[bool] = mapped_column(default=False)
    gives_part_marks: Mapped[bool] = mapped_column(default=False)

    questions: Mapped[list[Question]] = relationship(order_by="Question.position", back_populates="quiz")


class Question(Identified, Model):
    """One question, with the standard its right answer rests on."""

    __tablename__ = "questions"
    __table_args__ = (
        sa.UniqueConstraint("quiz_id", "position"),
        sa.UniqueConstraint("quiz_id", "origin"),
        sa.UniqueConstraint("id", "quiz_id"),
    )

    quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("quizzes.id"))
    position: Mapped[int]
    # The same in all versions of a quiz, so that a question can be followed through them.
    origin: Mapped[str] = mapped_column(sa.String(16), default=new_uid)
    form: Mapped[Form | None] = mapped_column(one_of(Form), default=None)
    keeps_order: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind))
    text: Mapped[Texts] = mapped_column(TextsColumn)
    explanation: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    standard: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    quiz: Mapped[Quiz] = relationship(back_populates="questions")
    options: Mapped[list[Option]] = relationship(order_by="Option.position", back_populates="question", lazy="selectin")

    def right_options(self) -> set[int]:
        return {option.position for option in self.options if option.is_right}

    def right_in_words(self) -> str:
        """What counts as right, as people read it; nothing for a free text."""
        if self.kind == QuestionKind.NUMBER:
            return ", ".join(
                o.low if o.low == o.high else f"{o.low}–{o.high}" for o in self.options if o.low and o.high
            )
        if self.kind == QuestionKind.MATCHING:
            return "; ".join(f"{option.text} → {option.match}" for option in self.options if option.text)
        if self.kind == QuestionKind.ORDERING:
            return " → ".join(str(option.text) for option in self.options)
        return ", ".join(str(option.text) for option in self.options if option.is_right)


class Option(Model):
    """One answer to choose, known by its position; or what counts as right.

    SHORT: an accepted text, `*` for anything. NUMBER: from `low` to `high`, as decimal digits. MATCHING: a text and its
    `match`; one without a text only misleads. ORDERING: the texts in their right order.
    """

    __tablename__ = "options"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "position"),
        sa.CheckConstraint("(low IS NULL) = (high IS NULL)", "from_to"),
        sa.CheckConstraint("points BETWEEN -1000000 AND 1000000", "points_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id"))
    position: Mapped[int]
    text: Mapped[Texts] = mapped_column(TextsColumn)
    is_right: Mapped[bool] = mapped_column(default=False)
    is_last: Mapped[bool] = mapped_column(default=False)
    # Where part marks are given: what this one is worth, of WHOLE; None for an even share.
    points: Mapped[int | None] = mapped_column(default=None)
    match: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    low: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    high: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    feedback: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    question: Mapped[Question] = relationship(back_populates="options")


class EventQuiz(Identified, Model):
    """A quiz used at an event. What needs the pairing key is counted before the key is destroyed."""

    __tablename__ = "event_quizzes"
    __table_args__ = (sa.UniqueConstraint("event_id", "quiz_id"), sa.UniqueConstraint("id", "quiz_id"))

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("quizzes.id"))
    completed_with_both: Mapped[int | None] = mapped_column(default=None)
    results: Mapped[Results] = mapped_column(one_of(Results), default=Results.ANSWERS)

    event: Mapped[Event] = relationship()
    quiz: Mapped[Quiz] = relationship(lazy="joined", innerjoin=True)
    openings: Mapped[list[Opening]] = relationship(back_populates="event_quiz", order_by="Opening.id")

    def opening(self, phase: Phase) -> Opening | None:
        return next((opening for opening in self.openings if opening.phase == phase), None)

    def is_open(self, phase: Phase) -> bool:
        opening = self.opening(phase)
        return opening is not None and opening.ended_at is None

    def was_closed(self, phase: Phase) -> bool:
        opening = self.opening(phase)
        return opening is not None and opening.ended_at is not None


class Opening(Model):
    """When a phase of a quiz was opened, and closed: by somebody, or by itself at `closes_at`, by our clock."""

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
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def ended_at(self) -> datetime | None:
        """Since when nobody can answer any more; None while they can."""
        if self.closes_at is not None and self.closes_at <= clock.now():
            return min(self.closed_at or self.closes_at, self.closes_at)
        return self.closed_at

    event_quiz: Mapped[EventQuiz] = relationship(back_populates="openings")


class Attempt(Identified, Model):
    """One person's sitting of one phase: a pseudonym, dates, marks. One per person and phase.

    It begins with the first answer that is saved and counts once it is submitted; from then on it never changes.
    `finished_on` is the day by the phone's clock, `submitted_on` by ours. What was finished after the end, by the
    phone's clock put right, is kept with how late it was and does not count.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        sa.UniqueConstraint("event_quiz_id", "phase", "pseudonym"),
        sa.UniqueConstraint("id", "quiz_id"),
        sa.ForeignKeyConstraint(["event_quiz_id", "quiz_id"], ["event_quizzes.id", "event_quizzes.quiz_id"]),
        sa.CheckConstraint("points BETWEEN 0 AND question_count * 1000000", "marks_in_range"),
        sa.CheckConstraint("late_by_minutes >= 0", "late_is_after"),
    )

    event_quiz_id: Mapped[int]
    quiz_id: Mapped[int]
    phase: Mapped[Phase] = mapped_column(one_of(Phase))
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    language: Mapped[str] = mapped_column(sa.String(2))
    form: Mapped[Form | None] = mapped_column(one_of(Form), default=None)
    seed: Mapped[int]
    is_on_paper: Mapped[bool] = mapped_column(default=False)
    submitted_on: Mapped[date | None] = mapped_column(default=None)
    finished_on: Mapped[date | None] = mapped_column(default=None)
    late_by_minutes: Mapped[int | None] = mapped_column(default=None)
    points: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    # What was typed, as JSON by the uid of the question.
    texts_sealed: Mapped[bytes | None] = sealed_column()

    answers: Mapped[list[Answer]] = relationship(back_populates="attempt")

    texts = Sealed()

    @classmethod
    def counts(cls) -> sa.ColumnElement[bool]:
        """Of attempts: those that are in, and in time."""
        return sa.and_(cls.submitted_on.is_not(None), cls.late_by_minutes.is_(None))

    @property
    def right_count(self) -> float:
        """Questions answered right, parts of them included."""
        return self.points / WHOLE

    @property
    def percent(self) -> float:
        return 100 * self.right_count / self.question_count if self.question_count else 0.0


class Answer(Model):
    """What an attempt answered to one question of the same quiz; the database refuses any other.

    `chosen` holds positions of options: those chosen; of a matching, for each text that of its match; of an ordering,
    the options in the order given; of what was typed, the accepted option it met. `points` is None where nothing
    counts.
    """

    __tablename__ = "answers"
    __table_args__ = (
        sa.ForeignKeyConstraint(["attempt_id", "quiz_id"], ["attempts.id", "attempts.quiz_id"]),
        sa.ForeignKeyConstraint(["question_id", "quiz_id"], ["questions.id", "questions.quiz_id"]),
    )

    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    quiz_id: Mapped[int]
    chosen: Mapped[list[int]] = mapped_column(sa.JSON)
    points: Mapped[int | None]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


never_again(
    Quiz.__table__,
    "programme_id, key, version, published_at, title, intro, shuffles_questions, gives_part_marks",
    when="OLD.published_at IS NOT NULL",
)
never_again(
    Question.__table__,
    "quiz_id, position, origin, form, keeps_order, kind, text, explanation, standard",
    when="EXISTS (SELECT 1 FROM quizzes WHERE quizzes.id = OLD.quiz_id AND quizzes.published_at IS NOT NULL)",
)
never_again(
    Option.__table__,
    "question_id, position, text, is_right, is_last, points, match, low, high, feedback",
    when="EXISTS (SELECT 1 FROM questions JOIN quizzes ON quizzes.id = questions.quiz_id "
    "WHERE questions.id = OLD.question_id AND quizzes.published_at IS NOT NULL)",
)
never_again(
    Attempt.__table__,
    "event_quiz_id, phase, pseudonym, submitted_on, points, question_count, form, seed",
    when="OLD.submitted_on IS NOT NULL",
)
never_again(
    Answer.__table__,
    "chosen, points",
    when="EXISTS (SELECT 1 FROM attempts WHERE attempts.id = OLD.attempt_id AND attempts.submitted_on IS NOT NULL)",
)
