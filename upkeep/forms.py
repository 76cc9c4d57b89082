"""What is asked of the audit."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.forms import FilterForm, choice, day
from trainings.models import Programme
from upkeep import deeds


class AuditFilterForm(FilterForm):
    """Who, what, where and when; what cannot be understood filters nothing and says so beside its field."""

    who = choice(_l("Who"), list, default="")
    verb = choice(_l("Action"), lambda: [("", _("any action")), *((verb, verb) for verb in deeds.verbs())], default="")
    programme = choice(_l("Programme"), list, default="")
    since = day(_l("From this day"))
    until = day(_l("Until this day"))

    def __init__(self, asked: Any, people: list[User], programmes: list[Programme]) -> None:
        super().__init__(asked)
        self.people = {user.uid: user for user in people}
        self.programmes = {programme.uid: programme for programme in programmes}
        called = [(user.uid, user.name or _("(nobody yet)")) for user in people]
        self.who.choices = [("", _("anybody")), *called]
        self.programme.choices = [("", _("any programme")), *((one.uid, str(one.title)) for one in programmes)]
        self.validate()

    @property
    def asked(self) -> dict[str, Any]:
        """What to find, as `deeds.find` takes it."""
        return {
            "who": self.people.get(self.who.data),
            "verb": self.verb.data or None,
            "programme": self.programmes.get(self.programme.data),
            "since": self.since.data,
            "until": self.until.data,
        }
