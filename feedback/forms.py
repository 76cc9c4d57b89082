"""What is typed about feedback: filters, reviews, questions; and the words of the closed lists."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField

from core.forms import (
    PARAGRAPH,
    BaseForm,
    FilterForm,
    TextsField,
    at_most,
    choice,
    paragraph,
    stripped,
    whole_number,
)
from core.i18n import LANGUAGES, Texts
from feedback.answers import LONGEST
from feedback.follow_ups import Moment
from feedback.models import QuestionKind, Questionnaire, ReviewState
from feedback.questionnaires import MOST_QUESTIONS, QuestionPlan
from participants.models import PairingPurpose
from trainings.forms import KIND_NAMES
from trainings.models import EventKind

PURPOSE_NAMES = {
    PairingPurpose.EVALUATION: _l("After the event"),
    PairingPurpose.FOLLOW_UP: _l("Months later"),
}
QUESTION_NAMES = {
    QuestionKind.SCALE: _l("Scale from 1 to 5"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.CHOICE: _l("One of several"),
    QuestionKind.SEVERAL: _l("Several of several"),
    QuestionKind.TEXT: _l("Free text"),
}
STATE_NAMES = {
    ReviewState.UNREAD: _l("not read yet"),
    ReviewState.SHAREABLE: _l("may be shared"),
    ReviewState.REDACTED: _l("shared with names edited out"),
    ReviewState.INSIDE: _l("kept inside"),
}
MOMENT_NAMES = {
    Moment.DUE: _l("Due now"),
    Moment.ASKING: _l("Being asked"),
    Moment.COMING: _l("Coming"),
    Moment.MISSED: _l("The time is over"),
    Moment.DONE: _l("Closed"),
}


def purposes() -> list[tuple[str, object]]:
    return [(purpose.value, name) for purpose, name in PURPOSE_NAMES.items()]


class ResultsFilter(FilterForm):
    kind = choice(
        _l("Kind"), lambda: [("", _l("All kinds")), *((k.value, KIND_NAMES[k]) for k in EventKind)], default=""
    )
    asked = choice(_l("Asked"), purposes, default=PairingPurpose.EVALUATION.value)

    @property
    def purpose(self) -> PairingPurpose:
        is_known = self.asked.data in (PairingPurpose.EVALUATION, PairingPurpose.FOLLOW_UP)
        return PairingPurpose(self.asked.data) if is_known else PairingPurpose.EVALUATION

    @property
    def event_kind(self) -> EventKind | None:
        return EventKind(self.kind.data) if self.kind.data in list(EventKind) else None


class TextsFilter(FilterForm):
    state = choice(
        _l("Status"), lambda: [(s.value, STATE_NAMES[s]) for s in ReviewState], default=ReviewState.UNREAD.value
    )

    @property
    def wanted(self) -> ReviewState:
        return ReviewState(self.state.data) if self.state.data in list(ReviewState) else ReviewState.UNREAD


class ReviewForm(BaseForm):
    decision = choice(
        _l("Decision"),
        lambda: [(state.value, STATE_NAMES[state]) for state in ReviewState if state != ReviewState.UNREAD],
    )
    redacted = paragraph(_l("What others may read"), length=LONGEST)


def options_area(code: str) -> TextAreaField:
    return TextAreaField(LANGUAGES[code], [at_most(PARAGRAPH)], filters=[stripped], render_kw={"lang": code, "rows": 3})


class OptionsForm(Form):
    """Answers to choose from, one a line, in the same order in each language."""

    en, ru, be = options_area("en"), options_area("ru"), options_area("be")

    def lines(self) -> list[dict[str, str]] | None:
        """The answers by language; None where the languages have not as many."""
        written = {code: [line.strip() for line in (self[code].data or "").splitlines()] for code in LANGUAGES}
        filled = {code: [line for line in lines if line] for code, lines in written.items()}
        used = {code: lines for code, lines in filled.items() if lines}
        if len({len(lines) for lines in used.values()}) > 1:
            return None
        count = len(next(iter(used.values()), []))
        return [{code: lines[number] for code, lines in used.items()} for number in range(count)]


class QuestionForm(Form):
    """One question; an empty one is none."""

    key = HiddenField()
    place = whole_number(_l("Order"), 1, 99)
    kind = choice(_l("Kind of question"), lambda: [(kind.value, QUESTION_NAMES[kind]) for kind in QuestionKind])
    text = TextsField(_l("Question"))
    options = FormField(OptionsForm, _l("Answers to choose from, one a line"))
    is_removed = BooleanField(_l("Remove"))

    @property
    def is_filled(self) -> bool:
        return bool(self.text.texts) and not self.is_removed.data

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        needs_choices = self.kind.data in (QuestionKind.CHOICE, QuestionKind.SEVERAL)
        if self.is_filled and needs_choices and self.options.form.lines() is None:
            self.options.form.en.errors = [_("In each language as many answers, please.")]
            return False
        if self.key.data and not self.text.texts and not self.is_removed.data:
            self.text.form.en.errors = [_("Please write this in one language at least.")]
            return False
        return fine

    def plan(self) -> QuestionPlan:
        kind = QuestionKind(self.kind.data)
        return QuestionPlan(kind, Texts(self.text.texts), self.options.form.lines() or [], self.key.data or "")


class QuestionnaireForm(BaseForm):
    """All questions of a version, in one go."""

    version = HiddenField()
    questions = FieldList(FormField(QuestionForm), max_entries=MOST_QUESTIONS + 4)

    def show(self, questionnaire: Questionnaire) -> None:
        """Fill the form with the questions as they are, and room for one more."""
        self.process(
            data={
                "version": questionnaire.version,
                "questions": [
                    {
                        "key": question.key,
                        "place": question.position,
                        "kind": question.kind.value,
                        "text": question.text,
                        "options": {
                            code: "\n".join(option.get(code, "") for option in question.options) for code in LANGUAGES
                        },
                    }
                    for question in questionnaire.questions
                ],
            }
        )

    def plans(self) -> list[QuestionPlan]:
        """What is left of the questions, the first first, the others by their places."""
        first, *others = [entry.form for entry in self.questions]
        filled = [form for form in others if form.is_filled]
        filled.sort(key=lambda form: form.place.data or 99)
        return [first.plan(), *(form.plan() for form in filled)]
