"""Issuing certificates, by the rule or with a reason; reissuing, revoking, and finding them again."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from certificates import qualifying, rules
from certificates.models import Certificate, Revocation
from certificates.rules import Rule
from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from participants import roster
from participants.models import Participant, Registration, RegistrationStatus
from privacy import codes, erasure
from trainings.models import Event, EventStatus


class EventNotHeld(Refused):
    code = "event_not_held"
    sentence = _l("There are no certificates of a cancelled event.")


class NoPlace(Refused):
    code = "no_place"
    sentence = _l("This place was cancelled. Give it back first.")


class HasCertificate(Refused):
    code = "has_certificate"
    sentence = _l("This person has a valid certificate already.")


class ReasonNeeded(Refused):
    code = "reason_needed"
    sentence = _l("The rule says no. Say why this person gets a certificate all the same.")


class NotValid(Refused):
    code = "certificate_not_valid"
    sentence = _l("This certificate is not valid any more; nothing was changed.")


def issue_all(event: Event, *, by: User) -> int:
    """A certificate for everybody who qualifies and never had one; how many are new. Twice is once.

    Who had one and lost it is left out: that was decided about this person. Refuses EventNotHeld.
    """
    if event.status == EventStatus.CANCELLED:
        raise EventNotHeld
    rule, had = rules.of(event), by_place(event)
    qualify = [standing.place for standing in qualifying.of(event) if standing.qualifies]
    return sum(_issue(place, rule, by, 1) is not None for place in qualify if place.id not in had)


def issue(place: Registration, *, by: User, reason: str = "") -> Certificate:
    """A certificate for one place, whether or not one was withdrawn before.

    Refuses EventNotHeld, NoPlace, HasCertificate, and ReasonNeeded where the rule says no and `reason` is empty.
    """
    if place.event.status == EventStatus.CANCELLED:
        raise EventNotHeld
    if place.status == RegistrationStatus.CANCELLED:
        raise NoPlace
    is_exception = not qualifying.of_place(place).qualifies
    if is_exception and not reason:
        raise ReasonNeeded
    issued = _issue(place, rules.of(place.event), by, len(of_place(place)) + 1, is_exception=is_exception)
    if issued is None:
        raise HasCertificate
    if is_exception:
        issued.exception_reason = reason
        db.session.flush()
    return issued


def reissue(certificate: Certificate, *, by: User) -> Certificate:
    """A new certificate with a new code, in the languages chosen now; the old one is revoked. Refuses NotValid."""
    _revoke(certificate, Revocation.REISSUED, by)
    place = certificate.registration
    rule, number = rules.of(place.event), certificate.number + 1
    issued = _issue(place, rule, by, number, is_exception=certificate.is_exception)
    assert issued is not None, "the row of the old one is held until the commit"
    issued.exception_reason = certificate.exception_reason
    db.session.flush()
    return issued


def withdraw(certificate: Certificate, reason: str, *, by: User) -> None:
    """Revoke a certificate for good, with a reason. Refuses NotValid."""
    _revoke(certificate, Revocation.WITHDRAWN, by)
    certificate.revocation_reason = reason
    db.session.flush()


def by_place(event: Event) -> dict[int, list[Certificate]]:
    """All certificates of an event by registration id, the newest first."""
    found: dict[int, list[Certificate]] = defaultdict(list)
    query = sa.select(Certificate).where(Certificate.event_id == event.id).order_by(Certificate.number.desc())
    for certificate in db.session.scalars(query):
        found[certificate.registration_id].append(certificate)
    return found


def of_place(place: Registration) -> list[Certificate]:
    """The certificates of one place, the newest first."""
    query = sa.select(Certificate).where(Certificate.registration_id == place.id)
    return list(db.session.scalars(query.order_by(Certificate.number.desc())))


def valid_of_place(place: Registration) -> Certificate | None:
    return next((certificate for certificate in of_place(place) if certificate.is_valid), None)


def valid_of_event(event: Event) -> list[Certificate]:
    """The valid certificates of those with a place, in the order of the list."""
    query = sa.select(Certificate).where(Certificate.event_id == event.id, Certificate.revoked_at.is_(None))
    valid = {certificate.registration_id: certificate for certificate in db.session.scalars(query)}
    return [valid[place.id] for place in roster.expected_at(event) if place.id in valid]


def number_valid(event: Event) -> int:
    """How many certificates of an event would be printed now."""
    query = (
        sa.select(sa.func.count())
        .select_from(Certificate)
        .join(Registration, Registration.id == Certificate.registration_id)
        .where(
            Certificate.event_id == event.id,
            Certificate.revoked_at.is_(None),
            Registration.status != RegistrationStatus.CANCELLED,
        )
    )
    return db.session.scalar(query) or 0


def find_own(person: Participant, uid: str) -> Certificate | None:
    """A person's own valid certificate with this uid; None for anybody else's and for a revoked one."""
    query = sa.select(Certificate).where(Certificate.uid == uid, Certificate.revoked_at.is_(None))
    found = db.session.scalar(query)
    return found if found and found.registration.participant_id == person.id else None


def find_by_code(typed: str) -> Certificate | None:
    """The certificate of a code as people type it: spaces, hyphens and Cyrillic look-alikes do not matter."""
    code = codes.normalised(typed)
    if not codes.is_certificate_code(code):
        return None
    return db.session.scalar(sa.select(Certificate).where(Certificate.code == code))


def forget_words_about(person: Participant) -> None:
    """Drop what was written freely about a person with their certificates."""
    query = sa.select(Certificate).join(Registration, Registration.id == Certificate.registration_id)
    for certificate in db.session.scalars(query.where(Registration.participant_id == person.id)):
        erasure.forget(certificate)
    db.session.flush()


@erasure.forgets(Certificate)
def forget_reasons(certificate: Certificate) -> None:
    """Drop the reasons; that it was an exception or revoked stays."""
    certificate.exception_reason = certificate.revocation_reason = None


def _issue(place: Registration, rule: Rule, by: User, number: int, *, is_exception: bool = False) -> Certificate | None:
    """A new certificate, or None where there is a valid one: the unique index decides between two who press at once."""
    first = rule.language or place.participant.language or place.event.programme.language
    return insert_if_new(
        Certificate,
        uid=new_uid(),
        registration_id=place.id,
        event_id=place.event_id,
        code=codes.certificate_code(),
        number=number,
        language=first,
        second_language=rule.second_language if rule.second_language != first else None,
        issued_on=place.event.programme.today(),
        issued_by_id=by.id,
        is_exception=is_exception,
    )


def _revoke(certificate: Certificate, why: Revocation, by: User) -> None:
    # Asked for anew and held until the commit: of two who press at once, one revokes and the other is told.
    held = sa.select(Certificate).where(Certificate.id == certificate.id).with_for_update(of=Certificate)
    db.session.scalars(held.execution_options(populate_existing=True)).one()
    if not certificate.is_valid:
        raise NotValid
    certificate.revoked_at, certificate.revoked_by_id, certificate.revocation = clock.now(), by.id, why
    db.session.flush()
