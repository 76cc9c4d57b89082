"""Who may see, issue and revoke certificates, and who sets the rule."""

from __future__ import annotations

from accounts.models import User
from certificates.models import Certificate, CertificatePrinting
from participants.models import Registration
from trainings.models import Event, Programme
from trainings.policies import manages, may_run_event


def may_issue(user: User, event: Event) -> bool:
    """See who qualifies, issue by the rule, and print: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_set_rule(user: User, event: Event) -> bool:
    return manages(user, event.programme_id)


def may_set_usual_rule(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)


def may_see_place(user: User, place: Registration) -> bool:
    return may_run_event(user, place.event)


def may_decide(user: User, place: Registration) -> bool:
    """Issue to one person, against the rule too: managers."""
    return manages(user, place.event.programme_id)


def may_print(user: User, certificate: Certificate) -> bool:
    return may_run_event(user, certificate.event)


def may_revoke(user: User, certificate: Certificate) -> bool:
    """Revoke and reissue: managers."""
    return manages(user, certificate.event.programme_id)


def may_see_printing(user: User, printing: CertificatePrinting) -> bool:
    return may_run_event(user, printing.event)
