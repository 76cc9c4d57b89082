"""What is typed about quizzes: as a whole, at an event, to find a question, to take a file in."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField
from wtforms.fields import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import BaseForm, FilterForm, ParagraphsForm, TextsField, choice, line
from core.i18n import LANGUAGES
from quizzes.drafts import QuizSettings
from quizzes.models import QuestionKind, Quiz

KIND_NAMES = {
    QuestionKind.SINGLE: _l("One right answer"),
    QuestionKind.MULTIPLE: _l("Several right answers"),
    QuestionKind.TRUE_FALSE: _l("True or false"),
    QuestionKind.SHORT: _l("A few words"),
    QuestionKind.NUMBER: _l("A number"),
    QuestionKind.MATCHING: _l("Matching pairs"),
    QuestionKind.ORDERING: _l("Putting into order"),
    QuestionKind.FREE: _l("Free text, not marked"),
}

READERS = {"": _l("The team: everything"), "donor": _l("Donors: small groups withheld")}


class QuizForm(BaseForm):
    """A quiz as a whole."""

    title = TextsField(_l("Title"), needed=True)
    intro = TextsField(_l("Introduction"), form=ParagraphsForm)
    shuffles_questions = BooleanField(_l("Everybody gets the questions in an order of their own"))
    gives_part_marks = BooleanField(_l("A partly right answer gives a part of the point"))

    def settings(self) -> QuizSettings:
        return QuizSettings(
            title=self.title.texts,
            intro=self.intro.texts or None,
            shuffles_questions=self.shuffles_questions.data,
            gives_part_marks=self.gives_part_marks.data,
        )


class BankForm(FilterForm):
    search = line(_l("Words of the question or of its answers, in any language"), render_kw={"type": "search"})
    into = choice(_l("Take into"), lambda: [], default="")

    def offer(self, drafts: list[Quiz]) -> Quiz | None:
        """Let one of these drafts be chosen; the one that was."""
        self.into.choices = [("", _l("no quiz, only look")), *((draft.uid, str(draft.title)) for draft in drafts)]
        return next((draft for draft in drafts if draft.uid == self.into.data), None)


class FileForm(BaseForm):
    """A file of questions, and where they are to go."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file first."))])
    language = choice(_l("Language of the file"), LANGUAGES.items)
    into = choice(_l("Take into"), lambda: [], default="")
    title = line(_l("Title of the new quiz"))

    def offer(self, drafts: list[Quiz]) -> None:
        """Let the questions go into a new quiz or into one of these drafts."""
        self.into.choices = [("", _l("a new quiz")), *((draft.uid, str(draft.title)) for draft in drafts)]

    def chosen(self, drafts: list[Quiz]) -> Quiz | None:
        return next((draft for draft in drafts if draft.uid == self.into.data), None)


class TakingForm(FileForm):
    """The same file once more, as the page carried it, and which of its blocks are taken."""

    file: Any = HiddenField()
    name = HiddenField()


class Ticks(SelectMultipleField):
    """Several of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReportForm(FilterForm):
    """Which events a report is of, and for whom it is."""

    event = Ticks(_l("Events"), choices=[], validate_choice=False)
    readers = choice(_l("For whom"), lambda: [(code, str(words)) for code, words in READERS.items()], name="for")
