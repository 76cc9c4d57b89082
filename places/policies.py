"""Who may give places and open pages to strangers."""

from __future__ import annotations

from accounts.models import User
from participants.models import Registration
from places.models import Quota
from trainings.models import Event, Programme
from trainings.policies import manages, may_run_event


def may_give_places(user: User, event: Event) -> bool:
    """See who waits and who answered, and decide who gets a place: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_give_place(user: User, place: Registration) -> bool:
    return may_run_event(user, place.event)


def may_set_rules(user: User, event: Event) -> bool:
    """Quotas, who moves up by itself, and a page that anybody can open: managers of the programme."""
    return manages(user, event.programme_id)


def may_drop_quota(user: User, quota: Quota) -> bool:
    return manages(user, quota.event.programme_id)


def may_allow_pages(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)
