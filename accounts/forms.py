"""What staff type about themselves and each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from accounts.models import Role
from core.forms import BaseForm, at_most, choice, email, line, presence
from core.i18n import LANGUAGES

ROLE_NAMES = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.MANAGER: _l("Programme manager"),
    Role.TRAINER: _l("Trainer"),
    Role.MONITOR: _l("Monitor"),
}

PROGRAMME_ROLES = (Role.MANAGER, Role.TRAINER, Role.MONITOR)


class SignInForm(BaseForm):
    email = line(_l("E-mail address"), needed=True, render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField(
        _l("Password"), [*presence(True), at_most(1000)], render_kw={"autocomplete": "current-password"}
    )


class WelcomeForm(BaseForm):
    name = line(_l("Your name"), needed=True, render_kw={"autocomplete": "name"})
    email = email(_l("E-mail address, with which you sign in"), needed=True, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("New password, 12 characters or more"),
        [*presence(True), at_most(1000)],
        render_kw={"autocomplete": "new-password"},
    )


class StaffForm(BaseForm):
    name = line(_l("Name"), needed=True)
    email = email(_l("E-mail address"), needed=True)
    role = choice(_l("Role"), lambda: [(role.value, ROLE_NAMES[role]) for role in Role], default=Role.TRAINER.value)
    programme = choice(_l("Programme"), lambda: [])

    def offer(self, programmes: list[tuple[str, Any]]) -> None:
        """`programmes` as (outside id, title); where there is one only it is proposed."""
        self.programme.choices = [("", _l("none yet")), *programmes]
        if self.programme.data is None:
            is_clear = len(programmes) == 1 and not self.is_submitted()
            self.programme.data = programmes[0][0] if is_clear else ""


class RightsForm(BaseForm):
    """What a member of staff may do: as an account, and in each programme (see `for_programmes`)."""

    role = choice(_l("Role"), lambda: [(role.value, ROLE_NAMES[role]) for role in Role])

    @classmethod
    def for_programmes(cls, programmes: Iterable[tuple[str, Any]], **given: Any) -> RightsForm:
        """The form with a field for each programme, given as (outside id, title)."""
        fields = {
            f"in-{uid}": choice(
                title, lambda: [("", _l("does not work there")), *((r.value, ROLE_NAMES[r]) for r in PROGRAMME_ROLES)]
            )
            for uid, title in programmes
        }
        made: RightsForm = type("RightsForm", (cls,), fields)(**given)
        return made

    @property
    def programme_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("in-")]

    @property
    def roles(self) -> dict[str, Role | None]:
        """What was chosen, by the outside id of the programme."""
        return {
            field.name.removeprefix("in-"): Role(field.data) if field.data else None for field in self.programme_fields
        }


class LanguageForm(BaseForm):
    language = choice(_l("Language"), lambda: list(LANGUAGES.items()))
