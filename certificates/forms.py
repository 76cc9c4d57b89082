"""What is typed about certificates: the rule and what the paper says, reasons, and codes to check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from certificates.rules import Rule, Signer
from core.forms import BaseForm, FilterForm, TextsField, choice, line, whole_number
from core.i18n import LANGUAGES, Texts


class RuleForm(BaseForm):
    """The usual rule of a programme."""

    percent = whole_number(_l("Sessions attended at least, in percent"), 1, 100, needed=True)
    needs_post_test = BooleanField(_l("The quiz after the event has to be taken"))
    language = choice(
        _l("Language"), lambda: [("", _l("of each person")), *((code, word) for code, word in LANGUAGES.items())]
    )
    second_language = choice(
        _l("Second language, smaller"), lambda: [("", _l("none")), *((code, word) for code, word in LANGUAGES.items())]
    )
    names_partners = BooleanField(_l("Name the partners of the programme on the paper"))
    first_name = TextsField(_l("Name"))
    first_position = TextsField(_l("Position"))
    second_name = TextsField(_l("Name"))
    second_position = TextsField(_l("Position"))

    def show(self, rule: Rule) -> None:
        """Fill the form with a rule."""
        self.process(
            data={
                "percent": rule.percent,
                "needs_post_test": rule.needs_post_test,
                "language": rule.language or "",
                "second_language": rule.second_language or "",
                "names_partners": rule.names_partners,
                "title": rule.title or {},
                "hours": rule.hours,
                **{
                    f"{place}_{part}": getattr(signer, part)
                    for place, signer in zip(("first", "second"), rule.signers, strict=False)
                    for part in ("name", "position")
                },
            }
        )

    def rule(self, before: Rule) -> Rule:
        """What was typed; of `before` what a closed event does not let change."""
        signers = (
            Signer(self.first_name.texts, self.first_position.texts),
            Signer(self.second_name.texts, self.second_position.texts),
        )
        return Rule(
            percent=before.percent if before.is_settled else self.percent.data,
            needs_post_test=before.needs_post_test if before.is_settled else self.needs_post_test.data,
            language=self.language.data or None,
            second_language=self.second_language.data or None,
            names_partners=self.names_partners.data,
            title=self._title(),
            hours=self._hours(),
            signers=tuple(signer for signer in signers if signer.name),
        )

    def _title(self) -> Texts | None:
        return None

    def _hours(self) -> int | None:
        return None


class EventRuleForm(RuleForm):
    """An event's own rule. Of a closed event the form has no fields for what was settled."""

    title = TextsField(_l("Title on the certificate"))
    hours = whole_number(_l("Hours on the certificate"), 1, 999)

    def __init__(self, *, is_settled: bool) -> None:
        super().__init__()
        if is_settled:
            del self.percent
            del self.needs_post_test

    def _title(self) -> Texts | None:
        return self.title.texts or None

    def _hours(self) -> int | None:
        return self.hours.data


class IssueForm(BaseForm):
    """Issuing to one person: a reason where the rule says no."""

    reason = line(_l("Why, although the rule says no"), length=500, render_kw={"autocomplete": "off"})


class WithdrawForm(BaseForm):
    reason = line(_l("Why the certificate is withdrawn"), needed=True, length=500, render_kw={"autocomplete": "off"})


class CodeForm(FilterForm):
    """A code to check, as somebody types it from paper."""

    code = line(
        _l("Code of the certificate"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "typed long"},
    )
