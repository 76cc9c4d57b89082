"""How many places the people of an organisation get at most."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Refused
from participants import roster
from places import giving
from places.models import Quota
from trainings.models import Event


class OrganisationNeeded(Refused):
    code = "organisation_needed"
    sentence = _l("Whose quota is it? Write the organisation.")


@dataclass(frozen=True)
class Used:
    """A quota and how much of it is used; by hand more people can be let in than it says."""

    quota: Quota
    taken: int


def of(event: Event) -> list[Used]:
    taken = giving.taken_by_organisation(event)
    query = sa.select(Quota).where(Quota.event_id == event.id)
    found = [Used(quota, taken.get(quota.organisation_id, 0)) for quota in db.session.scalars(query)]
    return sorted(found, key=lambda used: used.quota.organisation.name_key)


def set_for(event: Event, organisation: str, places: int) -> Quota:
    """Let people of an organisation have so many places, whatever was said before. Refuses OrganisationNeeded."""
    giving.hold(event)
    found = roster.find_organisation(event.programme, organisation)
    if found is None:
        raise OrganisationNeeded
    query = sa.select(Quota).where(Quota.event_id == event.id, Quota.organisation_id == found.id)
    quota = db.session.scalar(query)
    if quota is None:
        quota = Quota(event_id=event.id, organisation_id=found.id)
    quota.places = places
    db.session.add(quota)
    db.session.flush()
    return quota


def drop(quota: Quota) -> None:
    giving.hold(quota.event)
    db.session.delete(quota)
    db.session.flush()
