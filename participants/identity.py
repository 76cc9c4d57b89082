"""What names a person, and where it may be kept: nothing of it at an event without names."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core import clock
from core.db import db
from core.errors import Refused
from participants.import_models import ImportChange
from participants.models import Participant, Registration, RosterImport
from participants.people_models import Merge
from privacy import erasure
from trainings.models import Event, PrivacyLevel

_IDENTIFYING = (
    Participant.name_sealed,
    Participant.position_sealed,
    Participant.phone_sealed,
    Participant.email_sealed,
)


class NamesWouldGo(Refused):
    code = "names_would_go"
    sentence = _l("%(effect)s Codes, attendance and quizzes stay. Tick the box below and save again to do so.")


@dataclass(frozen=True)
class Raising:
    """What planning an event without names from now on would do: whose names go, and whose another event keeps."""

    erased: int
    kept_elsewhere: int


def keeps_names(event: Event) -> bool:
    return event.privacy == PrivacyLevel.NAMED


def level_in_words(event: Event) -> str:
    """The level, to be printed."""
    return _("With names, encrypted") if keeps_names(event) else _("Without names: cards with codes only")


def is_known(person: Participant) -> bool:
    """Whether anything is kept that tells who this is."""
    sealed = (person.name_sealed, person.position_sealed, person.phone_sealed, person.email_sealed)
    return any(field is not None for field in sealed)


def may_be_kept(person: Participant) -> bool:
    """Whether this person's identity may be kept: some event with names has or had a place for them, or none has."""
    levels = set(
        db.session.scalars(
            sa.select(Event.privacy).join(Registration).where(Registration.participant_id == person.id).distinct()
        )
    )
    return not levels or PrivacyLevel.NAMED in levels


def drop(person: Participant) -> None:
    """Take away everything that names a person; the code, the badge, the link, sector and sex stay."""
    person.name = None
    person.position = person.phone = person.email = None
    person.phone_index = person.email_index = None
    for other in db.session.scalars(sa.select(Participant).where(Participant.merged_into_id == person.id, _is_known())):
        drop(other)  # the same person under another record
    db.session.execute(
        sa.update(Merge)
        .where(sa.or_(Merge.kept_id == person.id, Merge.merged_id == person.id), Merge.details_sealed.is_not(None))
        .values(details_sealed=None)
    )
    noted = sa.update(ImportChange).where(ImportChange.participant_id == person.id)
    db.session.execute(noted.where(ImportChange.details_sealed.is_not(None)).values(details_sealed=None))


@erasure.forgets(ImportChange)
def forget_change(change: ImportChange) -> None:
    """What a list changed of somebody's details cannot be taken back once they are forgotten."""
    change.details = None


def drop_unless_kept(person: Participant, event: Event) -> None:
    """After somebody got a place: at an event without names, nothing stays of whom no other event knows by name.

    The level is asked for anew and held until the commit, so that an event whose level is being raised at this very
    moment does not keep one name too many.
    """
    level = db.session.scalar(sa.select(Event.privacy).where(Event.id == event.id).with_for_update(read=True))
    if level == PrivacyLevel.CODED and is_known(person) and not may_be_kept(person):
        drop(person)
        db.session.flush()


def effect_of_raising(event: Event) -> Raising:
    """Whose names would go, and whose would stay because another event with names has them on its list."""
    here = sa.select(sa.func.count()).select_from(Participant).where(_is_known(), _is_at(event))
    elsewhere = db.session.scalar(here.where(_is_named_at_another(event))) or 0
    return Raising((db.session.scalar(here) or 0) - elsewhere, elsewhere)


def refuse_unsaid(event: Event, planned: PrivacyLevel, *, is_said: bool) -> None:
    """Refuse NamesWouldGo, which says the effect, while nobody has said yes to names being erased."""
    if is_said or planned != PrivacyLevel.CODED or not keeps_names(event):
        return
    erased = effect_of_raising(event).erased
    if erased:
        raise NamesWouldGo(effect=in_words(erased))


def in_words(erased: int) -> str:
    """The effect of raising an event's level, as a sentence."""
    return ngettext(
        "The name of %(num)s person who has a place only here will be erased for good.",
        "The names of %(num)s people who have places only here will be erased for good.",
        erased,
    )


def follow(event: Event) -> int:
    """After an event's plan was changed: if it is without names now, erase those that only it has kept; how many.

    Lists that wait for a yes are forgotten too. Does nothing at an event with names.
    """
    if keeps_names(event):
        return 0
    people = db.session.scalars(
        sa.select(Participant).where(_is_known(), _is_at(event), sa.not_(_is_named_at_another(event)))
    ).all()
    for person in people:
        drop(person)
        person.erased_at = clock.now()
    for staged in db.session.scalars(sa.select(RosterImport).where(RosterImport.event_id == event.id)):
        staged.empty()
    db.session.flush()
    return len(people)


def _is_known() -> sa.ColumnElement[bool]:
    return sa.or_(*(column.is_not(None) for column in _IDENTIFYING))


def _is_at(event: Event) -> sa.ColumnElement[bool]:
    return Participant.id.in_(sa.select(Registration.participant_id).where(Registration.event_id == event.id))


def _is_named_at_another(event: Event) -> sa.ColumnElement[bool]:
    named = sa.select(Registration.participant_id).join(Event).where(Event.privacy == PrivacyLevel.NAMED)
    return Participant.id.in_(named.where(Event.id != event.id))
