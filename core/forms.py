"""Forms: one base, our fields, and sentences of our own when a value will not do; what was typed always stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from core.errors import Refused
from core.i18n import LANGUAGES, Texts

LINE, PARAGRAPH = 200, 4000
NOT_IN_LIST = _l("Please choose one of the list.")


class BaseForm(FlaskForm):
    """A form of ours. A refusal of the whole is shown above the fields: `problem` says it, `problem_code` names it."""

    problem: str | None = None
    problem_code: str | None = None

    def refuse(self, refusal: Refused) -> None:
        self.problem, self.problem_code = refusal.message, refusal.code


class FilterForm(BaseForm):
    """A form in the address of a page (GET): nothing changes, so no token."""

    class Meta(FlaskForm.Meta):
        csrf = False


def presence(needed: bool) -> list[Any]:
    return [InputRequired(_l("Please fill this in."))] if needed else [Optional(strip_whitespace=True)]


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("At most %(max)d characters, please."))


def line(label: Any, *, needed: bool = False, length: int = LINE, **more: Any) -> StringField:
    return StringField(label, [*presence(needed), at_most(length), *more.pop("also", ())], filters=[stripped], **more)


def paragraph(label: Any, *, needed: bool = False, length: int = PARAGRAPH, **more: Any) -> TextAreaField:
    return TextAreaField(label, [*presence(needed), at_most(length)], filters=[stripped], **more)


def whole_number(label: Any, low: int, high: int, *, needed: bool = False, **more: Any) -> IntegerField:
    within = NumberRange(low, high, _l("A whole number from %(min)s to %(max)s, please."))
    return IntegerField(label, [*presence(needed), within], invalid_value_message=_l("A whole number, please."), **more)


def day(label: Any, *, needed: bool = False, **more: Any) -> DateField:
    return DateField(label, presence(needed), invalid_value_message=_l("A date like 2026-05-14, please."), **more)


def time(label: Any, *, needed: bool = False, **more: Any) -> TimeField:
    return TimeField(label, presence(needed), invalid_value_message=_l("A time like 09:30, please."), **more)


def choice(label: Any, words: Callable[[], Iterable[tuple[Any, Any]]], **more: Any) -> SelectField:
    """A closed list; `words` gives (value, label) in the language of the page."""
    return SelectField(label, choices=words, invalid_choice_message=NOT_IN_LIST, **more)


def radios(label: Any, words: Callable[[], Iterable[tuple[Any, Any]]], **more: Any) -> RadioField:
    return RadioField(label, choices=words, invalid_choice_message=NOT_IN_LIST, **more)


def email(label: Any, *, needed: bool = False, **more: Any) -> StringField:
    return line(label, needed=needed, length=254, also=[_email_shape], **more)


def is_email(text: str) -> bool:
    """Something@somewhere.tld, not more: the only proof of an address is a letter that arrives."""
    name, _at, host = text.partition("@")
    return bool(name and "." in host.strip(".") and not set(text) & set(' ,;<>"\t\n') and "@" not in host)


def stripped(text: Any) -> Any:
    return text.strip() if isinstance(text, str) else text


def texts_line(code: str) -> StringField:
    return StringField(LANGUAGES[code], [at_most(LINE)], filters=[stripped], render_kw={"lang": code})


class TextsForm(Form):
    """One text in our three languages side by side."""

    en, ru, be = texts_line("en"), texts_line("ru"), texts_line("be")


def texts_paragraph(code: str) -> TextAreaField:
    return TextAreaField(LANGUAGES[code], [at_most(PARAGRAPH)], filters=[stripped], render_kw={"lang": code})


class LongTextsForm(Form):
    """Some sentences in our three languages side by side."""

    en, ru, be = texts_paragraph("en"), texts_paragraph("ru"), texts_paragraph("be")


class TextsField(FormField):
    """A text in several languages; `texts` is what was written. One language at least when needed.

    `shape` is LongTextsForm for what takes some sentences.
    """

    def __init__(self, label: Any, *, needed: bool = False, shape: type[Form] = TextsForm, **more: Any) -> None:
        super().__init__(shape, label, **more)
        self.needed = needed

    @property
    def texts(self) -> Texts:
        return Texts({code: self.form[code].data for code in LANGUAGES if self.form[code].data})

    def validate(self, form: Form, extra_validators: Iterable[Any] = ()) -> bool:
        fine = bool(super().validate(form, extra_validators))
        if self.needed and not self.texts:
            self.form["en"].errors = [_("Please write this in one language at least.")]
            return False
        return fine


def _email_shape(_form: Form, field: Field) -> None:
    if field.data and not is_email(field.data):
        raise ValidationError(_("This does not look like an e-mail address."))
