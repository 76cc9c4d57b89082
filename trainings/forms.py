"""What is typed to plan an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.forms import PROGRAMME_ROLES, ROLE_NAMES
from accounts.models import User
from core.forms import (
    NOT_IN_LIST,
    BaseForm,
    FilterForm,
    ParagraphsForm,
    TextsField,
    choice,
    day,
    line,
    time,
    whole_number,
)
from core.i18n import Texts, language
from trainings.agenda import Lane
from trainings.event_templates import Pattern
from trainings.models import Event, EventKind, EventSession, EventStatus, FigureSource, PartnerRole, PrivacyLevel, Venue
from trainings.scheduling import EventPlan, SessionPlan

KIND_NAMES = {
    EventKind.WORKSHOP: _l("Workshop"),
    EventKind.CSO_TRAINING: _l("Training for civil society"),
    EventKind.FORUM: _l("Public forum"),
    EventKind.DISCUSSION: _l("Open discussion"),
    EventKind.SEMINAR: _l("Seminar"),
    EventKind.STUDY_VISIT: _l("Study visit"),
}
STATUS_NAMES = {
    EventStatus.PLANNED: _l("planned"),
    EventStatus.HELD: _l("held"),
    EventStatus.CANCELLED: _l("cancelled"),
}
PARTNER_NAMES = {
    PartnerRole.DONOR: _l("Donor"),
    PartnerRole.LEAD: _l("Managed by"),
    PartnerRole.PARTNER: _l("Partner"),
}
PRIVACY_NAMES = {
    PrivacyLevel.NAMED: _l("With names, encrypted"),
    PrivacyLevel.CODED: _l("Without names: cards with codes only"),
}
FIGURE_NAMES = {
    FigureSource.LIST: _l("The list: everybody who was checked in"),
    FigureSource.HEADCOUNT: _l("A headcount: heads counted in the room"),
}


LANE_NAMES = {Lane.KIND: _l("Kinds"), Lane.TRAINER: _l("Trainers"), Lane.VENUE: _l("Venues")}


class SessionForm(Form):
    """One sitting: a line of the event form. An empty line is no session."""

    on = day(_l("Day"))
    starts = time(_l("from"))
    ends = time(_l("to"))
    title = line(_l("Title"))

    @property
    def is_filled(self) -> bool:
        return bool(self.on.data and self.starts.data and self.ends.data)

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        given = [bool(self.on.data), bool(self.starts.data), bool(self.ends.data)]
        if any(given) and not all(given):
            self.on.errors = [*self.on.errors, _l("A session needs a day, a start and an end.")]
            return False
        if all(given) and self.ends.data <= self.starts.data:
            self.ends.errors = [*self.ends.errors, _l("A session ends after it starts.")]
            return False
        return fine


class Checkboxes(SelectMultipleField):
    """Several of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _as_typed(sessions: Sequence[SessionPlan | EventSession], zone: str) -> list[dict[str, object]]:
    """Sessions as lines of the form, in local times."""
    place = ZoneInfo(zone)
    return [
        {
            "on": session.starts_at.astimezone(place).date(),
            "starts": session.starts_at.astimezone(place).time(),
            "ends": session.ends_at.astimezone(place).time(),
            "title": str(session.title or ""),
        }
        for session in sessions
    ]


class EventForm(BaseForm):
    """The plan of an event."""

    title = TextsField(_l("Title"), needed=True)
    inner_title = line(_l("Inner title"))
    kind = choice(_l("Kind"), lambda: [(kind.value, KIND_NAMES[kind]) for kind in EventKind])
    venue = choice(_l("Venue"), lambda: [])
    capacity = whole_number(_l("Places"), 1, 100_000)
    privacy = choice(_l("Names"), lambda: [(level.value, PRIVACY_NAMES[level]) for level in PrivacyLevel])
    figure_source = choice(
        _l("Figure of people"),
        lambda: [(source.value, FIGURE_NAMES[source]) for source in FigureSource],
        default=FigureSource.LIST.value,
    )
    trainers = Checkboxes(_l("Trainers"), choices=[], invalid_choice_message=NOT_IN_LIST)
    sessions = FieldList(FormField(SessionForm), min_entries=3, max_entries=40)
    despite_clashes = BooleanField(_l("Plan it all the same"))
    erases_names = BooleanField(_l("Yes, erase these names"))
    from_template = BooleanField(_l("With the quiz and the certificate rule of the template of its kind"))

    def offer(self, venues: list[Venue], trainers: list[User]) -> None:
        self.venue.choices = [
            ("", _l("Not known yet")),
            *((venue.uid, f"{venue.name}, {venue.town}") for venue in venues),
        ]
        self.trainers.choices = [(trainer.uid, trainer.name) for trainer in trainers]

    def show(self, event: Event) -> None:
        """Fill the form with an event as it is planned."""
        self.process(
            data={
                "title": event.title,
                "inner_title": event.inner_title,
                "kind": event.kind.value,
                "venue": event.venue.uid if event.venue else "",
                "capacity": event.capacity,
                "privacy": event.privacy.value,
                "figure_source": event.figure_source.value,
                "trainers": [trainer.uid for trainer in event.trainers],
                "sessions": _as_typed(event.sessions, event.programme.time_zone),
            }
        )
        self.sessions.append_entry()

    def begin_from(self, kind: EventKind, pattern: Pattern, sessions: list[SessionPlan], zone: str) -> None:
        """Fill the form with a template."""
        self.process(
            data={
                "kind": kind.value,
                "capacity": pattern.capacity,
                "privacy": pattern.privacy.value,
                "figure_source": FigureSource.LIST.value,
                "sessions": _as_typed(sessions, zone),
                "from_template": True,
            }
        )
        self.sessions.append_entry()

    def plan(self, venues: list[Venue], trainers: list[User], zone: str, before: Event | None = None) -> EventPlan:
        """The plan as typed; a session's title is written in the language of the page, its others stay."""
        return EventPlan(
            kind=EventKind(self.kind.data),
            title=self.title.texts,
            inner_title=self.inner_title.data or None,
            venue=next((venue for venue in venues if venue.uid == self.venue.data), None),
            capacity=self.capacity.data,
            privacy=PrivacyLevel(self.privacy.data),
            figure_source=FigureSource(self.figure_source.data),
            trainers=[trainer for trainer in trainers if trainer.uid in (self.trainers.data or [])],
            sessions=[
                self._session(
                    entry.form,
                    zone,
                    before.sessions[number].title if before and number < len(before.sessions) else None,
                )
                for number, entry in enumerate(self.sessions)
                if entry.form.is_filled
            ],
        )

    def _session(self, row: SessionForm, zone: str, title: Texts | None) -> SessionPlan:
        texts = Texts(title or {})
        if (row.title.data or "") != str(texts):
            texts = Texts({**texts, language(): row.title.data}) if row.title.data else Texts()
        starts, ends = (datetime.combine(row.on.data, at, ZoneInfo(zone)) for at in (row.starts.data, row.ends.data))
        return SessionPlan(starts, ends, texts or None)


class EventFilter(FilterForm):
    kind = choice(
        _l("Kind"), lambda: [("", _l("All kinds")), *((k.value, KIND_NAMES[k]) for k in EventKind)], default=""
    )
    status = choice(
        _l("Status"), lambda: [("", _l("All")), *((s.value, STATUS_NAMES[s]) for s in EventStatus)], default=""
    )


class TimelineFilter(FilterForm):
    by = choice(_l("Lines"), lambda: [(lane.value, LANE_NAMES[lane]) for lane in Lane], default=Lane.KIND.value)


class MoveForm(BaseForm):
    to = day(_l("First day"), needed=True)
    despite_clashes = BooleanField(_l("Move it all the same"))


class MovePreview(FilterForm):
    """The day that was asked about, before anything is moved."""

    to = day(_l("First day"), needed=True)


class CopyForm(BaseForm):
    to = day(_l("First day"), needed=True)
    despite_clashes = BooleanField(_l("Plan it all the same"))


class CancelForm(BaseForm):
    reason = line(_l("Reason"), needed=True, length=500)


class VenueForm(BaseForm):
    name = TextsField(_l("Venue"), needed=True)
    town = TextsField(_l("Town"), needed=True)
    capacity = whole_number(_l("Places"), 1, 100_000)
    access = TextsField(_l("How to get in: steps, lift, transport, parking"), form=ParagraphsForm)


def _programme_roles() -> list[tuple[str, Any]]:
    return [(role.value, ROLE_NAMES[role]) for role in PROGRAMME_ROLES]


class TeamForm(BaseForm):
    user = choice(_l("Member of staff"), lambda: [])
    role = choice(_l("Role here"), lambda: [("", _l("the usual one")), *_programme_roles()])


class TeamRoleForm(BaseForm):
    role = choice(_l("Role here"), _programme_roles)
