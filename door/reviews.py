"""Settling what clashed at the door: a reading is counted, dismissed, or its code becomes somebody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db
from core.errors import Refused
from door import (
    cases,
    effects,
    filing,
    look_alikes,
    whose,
)
from door.cases import PRESENT_ALREADY
from door.decisions import deciding, reopening, settle_along
from door.effects import Effect
from door.models import Attendance, Decision, ReviewReason, Scan, ScanReview
from participants import finding
from participants.models import Badge, Participant
from participants.registration import OtherProgramme
from privacy import codes
from trainings.models import Event, EventSession, Programme

MOST_AT_ONCE = 500


class NobodysCode(Refused):
    code = "nobodys_code"
    sentence = _l("Nobody knows whose code this is. Say whose it is; then it counts.")


class CodeTaken(Refused):
    code = "code_taken"
    sentence = _l("This code is somebody's already. Look at the list again.")


class NotThisWay(Refused):
    code = "not_this_way"
    sentence = _l("This cannot be settled in this way. Look at the list again.")


def settle(review: ScanReview, decision: Decision, by: User, *, session: str = "", person: str = "") -> None:
    """Settle a review as a manager chose; `session` and `person` are uids where the choice names one.

    Refuses as count(), dismiss() and look_alikes.same_person(), and NotThisWay.
    """
    if decision == Decision.DISMISSED:
        dismiss(review, by)
    elif decision == Decision.COUNTED:
        count(review, by, _session_of(review.event, session) if session else None)
    else:
        known = finding.find_by_uid(review.event.programme, person)
        if known is None or review.reason != ReviewReason.LOOK_ALIKE:
            raise NotThisWay
        look_alikes.same_person(review, known, by)


def count(review: ScanReview, by: User, at: EventSession | None = None) -> None:
    """What happened counts: the person gets or takes up a place and is present, at this session or at the one given.

    What let somebody in already is kept as it is. Refuses NobodysCode, NotThisWay, SettledBefore.
    """
    if review.reason == ReviewReason.LOOK_ALIKE:
        raise NotThisWay
    with deciding(review, Decision.COUNTED, by) as effect:
        case = cases.of(review)
        if case.whom is None:
            raise NobodysCode
        effect.whom = case.whom.id
        if not (case.is_own and review.reason in PRESENT_ALREADY):
            effect.make_present(case.whom, at or case.event_session, review.scan_id)


def dismiss(review: ScanReview, by: User) -> None:
    """Nothing counts; what had let somebody in already is annulled. A code that is nobody's is dismissed as a whole.

    Refuses SettledBefore.
    """
    with deciding(review, Decision.DISMISSED, by) as effect:
        case = cases.of(review)
        effect.whom = case.whom.id if case.whom else None
        if review.reason in PRESENT_ALREADY:
            own = sa.select(Attendance).where(Attendance.scan_id == review.scan_id, Attendance.annulled_at.is_(None))
            effect.annul(list(db.session.scalars(own)), by, f"review: {review.reason}")
        settle_along(effect, review, [other.id for other in case.along], Decision.DISMISSED, by)


def attach(review: ScanReview, person: Participant, by: User, *, is_new: bool = False) -> int:
    """A code that nobody knew is this person's: each reading of it in the programme counts. How many presences it made.

    All open reviews of the code are settled together; readings that were dismissed stay so. `is_new` when the person
    was added for it and goes again if it is taken back. Refuses OtherProgramme, CodeTaken, SettledBefore.
    """
    programme = review.event.programme
    if person.programme_id != programme.id:
        raise OtherProgramme
    with deciding(review, Decision.COUNTED, by) as effect:
        if cases.of(review).whom is not None:
            raise CodeTaken
        effect.whom, effect.new_person = person.id, person.id if is_new else None
        readings = readings_of(review)
        _bind(review.scan.code, person, programme, effect)
        for scan, event_session in readings:
            effect.make_present(person, event_session, scan.id)
        open_ones = sa.select(ScanReview.id).where(
            ScanReview.scan_id.in_([scan.id for scan, _session in readings]), ScanReview.decision.is_(None)
        )
        settle_along(effect, review, list(db.session.scalars(open_ones)), Decision.COUNTED, by)
        return len(effect.made)


def readings_of(review: ScanReview) -> list[tuple[Scan, EventSession]]:
    """Each reading in the programme of the code a review is about, the first one first; not those dismissed."""
    programme = review.event.programme
    badge = whose.badge_behind(review.scan.code, programme)
    spellings = {review.scan.code} | ({badge.code, codes.code_digest(badge.code)} if badge else set())
    dismissed = sa.exists().where(ScanReview.scan_id == Scan.id, ScanReview.decision == Decision.DISMISSED)
    query = (
        sa.select(Scan, EventSession)
        .join(EventSession, EventSession.id == Scan.event_session_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(Event.programme_id == programme.id, Scan.code.in_(spellings), ~dismissed)
        .order_by(Scan.happened_at, Scan.id)
    )
    return [(scan, event_session) for scan, event_session in db.session.execute(query)]


def undo(review: ScanReview, by: User) -> None:
    """Take a decision back with all it did; what it was about is open again. Refuses NotSettled.

    A code that was given to somebody is nobody's again: what it did since is annulled and filed too.
    """
    lead_id = Effect.kept(review.effect).lead
    lead = db.session.get_one(ScanReview, lead_id) if lead_id else review
    with reopening(lead) as effect:
        if effect.new_badges or (effect.badges and lead.decision == Decision.COUNTED):
            _annul_since(lead, effect, by)
        effect.take_back(by)


def settle_all(reviews: Iterable[ScanReview], decision: Decision, by: User) -> tuple[int, int]:
    """Count or dismiss several; how many were settled and how many could not be. Each stands for itself."""
    settled = left = 0
    for review in reviews:
        try:
            settle(review, decision, by)
            settled += 1
        except Refused:
            left += 1
    return settled, left


def chosen(event: Event, uids: Sequence[str], reason: str = "") -> list[ScanReview]:
    """Open reviews of an event: those with these uids, or all for one reason; MOST_AT_ONCE at most."""
    wanted = ScanReview.reason == ReviewReason(reason) if reason in list(ReviewReason) else ScanReview.uid.in_(uids)
    query = sa.select(ScanReview).where(ScanReview.event_id == event.id, ScanReview.decision.is_(None), wanted)
    return list(db.session.scalars(query.order_by(ScanReview.id).limit(MOST_AT_ONCE)))


def _session_of(event: Event, uid: str) -> EventSession:
    found = next((event_session for event_session in event.sessions if event_session.uid == uid), None)
    if found is None:
        raise NotThisWay
    return found


def _bind(code: str, person: Participant, programme: Programme, effect: Effect) -> None:
    """Make a code this person's: a blank badge of a roll is bound, of any other code the digest is kept as a badge."""
    badge = whose.badge_behind(code, programme)
    if badge is not None and badge.participant_id is None and badge.programme_id == programme.id:
        effect.hand_over(badge, person)
        return
    attached = Badge(code=code, participant_id=person.id, is_attached=True)
    try:
        with db.session.begin_nested():
            db.session.add(attached)
    except IntegrityError:
        raise CodeTaken from None
    effect.new_badges.append(attached.id)


def _annul_since(lead: ScanReview, effect: Effect, by: User) -> None:
    for presence in effects.read_since(lead.scan.code, effect):
        effects.annul([presence.id], by, "the code is nobody's again")
        filed = sa.select(ScanReview.id).where(
            ScanReview.scan_id == presence.scan_id, ScanReview.reason == ReviewReason.UNKNOWN
        )
        if db.session.scalar(filed) is None:
            filing.add([(presence.scan_id, ReviewReason.UNKNOWN)], presence.event_session)
