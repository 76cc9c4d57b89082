"""Whose a code is that was read at a door, as things stand now: badges are bound and replaced after they were read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from core.db import db
from door.models import Outcome, Scan
from participants.models import Badge, Participant, Registration
from privacy import codes
from trainings.models import Programme


def of_scans(scans: Sequence[Scan], programme: Programme) -> dict[str, Participant]:
    """Who stood behind each of these scans, by the scan's key; a code that is still nobody's is not in it."""
    own_words = _spelled_out({scan.code for scan in scans if scan.outcome == Outcome.CONFLICT}, programme)
    code_of = {scan.id: own_words.get(scan.code, scan.code) for scan in scans}
    by_code = _spoken(set(code_of.values()), programme) | _by_badge(set(code_of.values()), programme)
    by_place = _by_place({scan.registration_id for scan in scans if scan.registration_id})
    found = {scan.id: by_code.get(code_of[scan.id]) or by_place.get(scan.registration_id or 0) for scan in scans}
    return {key: person for key, person in found.items() if person is not None}


def badge_behind(code: str, programme: Programme) -> Badge | None:
    """The badge with this code, or with the code that this is the digest of."""
    spelled = _spelled_out({code}, programme).get(code, code)
    return db.session.scalar(sa.select(Badge).where(Badge.code == spelled))


def blanks(wanted: Collection[str], programme: Programme) -> dict[str, Badge]:
    """Badges of a roll that are bound to nobody yet, by their codes."""
    blank = (Badge.participant_id.is_(None), Badge.programme_id == programme.id, Badge.code.in_(wanted))
    return {badge.code: badge for badge in db.session.scalars(sa.select(Badge).where(*blank))} if wanted else {}


def _by_badge(wanted: Collection[str], programme: Programme) -> dict[str, Participant]:
    query = (
        sa.select(Badge.code, Participant)
        .join(Participant, Participant.id == Badge.participant_id)
        .where(Badge.code.in_(wanted), Participant.programme_id == programme.id)
    )
    return dict(db.session.execute(query).all())


def _spoken(wanted: Collection[str], programme: Programme) -> dict[str, Participant]:
    """By the participants' own codes."""
    short = [code for code in wanted if len(code) == codes.SHORT_LENGTH]
    query = sa.select(Participant).where(Participant.code.in_(short), Participant.programme_id == programme.id)
    return {person.code: person for person in db.session.scalars(query)} if short else {}


def _by_place(place_ids: Collection[int]) -> dict[int, Participant]:
    query = sa.select(Registration).where(Registration.id.in_(place_ids))
    return {place.id: place.participant for place in db.session.scalars(query)} if place_ids else {}


def _spelled_out(digests: Collection[str], programme: Programme) -> dict[str, str]:
    """The codes of ours with these digests. A conflicting scan is kept as a digest although its code may be known."""
    if not digests:
        return {}
    known = sa.union_all(
        sa.select(Badge.code)
        .outerjoin(Participant, Participant.id == Badge.participant_id)
        .where(sa.or_(Participant.programme_id == programme.id, Badge.programme_id == programme.id)),
        sa.select(Participant.code).where(Participant.programme_id == programme.id),
    )
    spelled = ((codes.code_digest(code), code) for code in db.session.scalars(known))
    return {digest: code for digest, code in spelled if digest in digests}
