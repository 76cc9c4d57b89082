"""Setting a programme up on screen: what it is, its rules and its partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Refused
from core.i18n import Texts
from trainings import programme_file
from trainings.models import Partner, PartnerRole, Programme


@dataclass(frozen=True)
class ProgrammeDetails:
    """What a programme says of itself; `partners` in the order in which they are named."""

    title: Texts
    summary: Texts
    country: str
    time_zone: str
    language: str
    starts_on: date
    ends_on: date
    contact: str
    completion_percent: int
    pass_mark: int
    show_names_offline: bool
    partners: list[tuple[PartnerRole, Texts]]


class KeyTaken(Refused):
    code = "key_taken"
    sentence = _l("Another programme has this key already.")


class EndsBeforeStart(Refused):
    code = "programme_ends_before_start"
    sentence = _l("The programme ends before it starts.")


def found(key: str, details: ProgrammeDetails) -> Programme:
    """A new programme. Refuses KeyTaken and EndsBeforeStart."""
    if programme_file.find(key) is not None:
        raise KeyTaken
    programme = Programme(key=key)
    _write(programme, details)
    db.session.add(programme)
    db.session.flush()
    _name_partners(programme, details.partners)
    return programme


def revise(programme: Programme, details: ProgrammeDetails) -> None:
    """Change what a programme says of itself. Its events keep their instants. Refuses EndsBeforeStart."""
    _write(programme, details)
    _name_partners(programme, details.partners)


def _write(programme: Programme, details: ProgrammeDetails) -> None:
    if details.ends_on <= details.starts_on:
        raise EndsBeforeStart
    programme.title, programme.summary, programme.contact = details.title, details.summary, details.contact
    programme.country, programme.time_zone, programme.language = details.country, details.time_zone, details.language
    programme.starts_on, programme.ends_on = details.starts_on, details.ends_on
    programme.completion_percent, programme.pass_mark = details.completion_percent, details.pass_mark
    programme.show_names_offline = details.show_names_offline


def _name_partners(programme: Programme, partners: list[tuple[PartnerRole, Texts]]) -> None:
    db.session.execute(sa.delete(Partner).where(Partner.programme_id == programme.id))
    for position, (role, name) in enumerate(partners):
        db.session.add(Partner(programme_id=programme.id, position=position, role=role, name=name))
    db.session.flush()
    db.session.expire(programme, ["partners"])
