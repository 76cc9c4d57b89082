"""What is typed to change a template of events, and to begin an event from one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField

from core.forms import BaseForm, FilterForm, choice, day, time, whole_number
from trainings.event_templates import Pattern, Sitting
from trainings.forms import KIND_NAMES, PRIVACY_NAMES
from trainings.models import EventKind, PrivacyLevel


class TemplateChoice(FilterForm):
    """From which template an event begins, and on which day."""

    like = choice(_l("Kind"), lambda: [(kind.value, KIND_NAMES[kind]) for kind in EventKind])
    on = day(_l("First day"), needed=True)


class SittingForm(Form):
    """A session of a template: a line. An empty one is none."""

    day = whole_number(_l("Day number"), 1, 30)
    starts = time(_l("from"))
    ends = time(_l("to"))

    @property
    def is_filled(self) -> bool:
        return bool(self.day.data and self.starts.data and self.ends.data)

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        given = [bool(self.day.data), bool(self.starts.data), bool(self.ends.data)]
        if any(given) and not all(given):
            self.day.errors = [*self.day.errors, _l("A session needs a day, a start and an end.")]
            return False
        if all(given) and self.ends.data <= self.starts.data:
            self.ends.errors = [*self.ends.errors, _l("A session ends after it starts.")]
            return False
        return fine


class TemplateForm(BaseForm):
    capacity = whole_number(_l("Places"), 1, 100_000)
    privacy = choice(_l("Names"), lambda: [(level.value, PRIVACY_NAMES[level]) for level in PrivacyLevel])
    quiz = choice(_l("Quiz"), lambda: [])
    certificate_percent = whole_number(_l("Certificate: share of sessions (percent)"), 1, 100)
    certificate_needs_quiz = BooleanField(_l("Certificate only with the quiz after the event"))
    sittings = FieldList(FormField(SittingForm), min_entries=4, max_entries=40)

    def offer(self, quizzes: list[tuple[str, Any]]) -> None:
        """`quizzes` as (key, title)."""
        self.quiz.choices = [("", _l("No quiz")), *quizzes]

    def show(self, pattern: Pattern) -> None:
        sittings = [{"day": s.day, "starts": s.starts, "ends": s.ends} for s in pattern.sittings]
        self.process(
            data={
                "capacity": pattern.capacity,
                "privacy": pattern.privacy.value,
                "quiz": pattern.quiz_key or "",
                "certificate_percent": pattern.certificate_percent,
                "certificate_needs_quiz": pattern.certificate_needs_quiz,
                "sittings": sittings,
            }
        )
        self.sittings.append_entry()

    @property
    def pattern(self) -> Pattern:
        lines = [entry.form for entry in self.sittings if entry.form.is_filled]
        return Pattern(
            sittings=tuple(Sitting(line.day.data, line.starts.data, line.ends.data) for line in lines),
            capacity=self.capacity.data,
            privacy=PrivacyLevel(self.privacy.data),
            quiz_key=self.quiz.data or None,
            certificate_percent=self.certificate_percent.data,
            certificate_needs_quiz=self.certificate_needs_quiz.data,
        )
