"""What waits for a manager and what was settled: each review with all that is needed to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.db import db
from door import look_alikes, whose
from door.effects import TAKES_NO_PART, Effect
from door.models import Attendance, Device, ReviewReason, Scan, ScanReview
from door.scanning import is_within
from participants.models import Badge, Participant, Registration
from trainings.models import Event, EventSession

LEAF = 50  # cases of a page
PRESENT_ALREADY = (ReviewReason.LATE, ReviewReason.TWO_ROOMS)


@dataclass(frozen=True)
class Case:
    """A review with the scan it is about, whose the code is, and how things stand between the two."""

    review: ScanReview
    event_session: EventSession
    whom: Participant | None = None
    place: Registration | None = None
    present_at: frozenset[int] = frozenset()  # ids of sessions of this event
    is_own: bool = False  # the presence at the scan's session was made by this very scan
    along: tuple[ScanReview, ...] = ()  # open for the same reason, about the same code that is nobody's
    sessions: tuple[int, ...] = ()  # numbers of the sessions at which it was read, with those along
    blank: Badge | None = None  # of a roll, bound to nobody yet
    fitting: EventSession | None = None
    elsewhere: tuple[EventSession, ...] = ()
    alike: tuple[Participant, ...] = ()
    reader: str = ""  # the device or the member of staff

    @property
    def scan(self) -> Scan:
        return self.review.scan

    @property
    def needs_place(self) -> bool:
        return self.place is None or self.place.status in TAKES_NO_PART

    @property
    def times(self) -> list[datetime]:
        return sorted({self.scan.happened_at, *(other.scan.happened_at for other in self.along)})


@dataclass(frozen=True)
class Leaf:
    """A page of what waits: cases by reason, which page of how many, and how many wait in all, by reason."""

    groups: list[tuple[ReviewReason, list[Case]]]
    number: int
    leaves: int
    counts: dict[ReviewReason, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Settled:
    """A decision that was made: what it was about, who made it, and what it changed."""

    case: Case
    by: str
    effect: Effect = field(default_factory=Effect)


def open_count(event: Event) -> int:
    """How many reviews of an event wait."""
    query = sa.select(sa.func.count()).where(ScanReview.event_id == event.id, ScanReview.decision.is_(None))
    return db.session.scalar(query) or 0


def open_at(event: Event, number: int = 1) -> Leaf:
    """What waits at an event, by reason and the newest session first. Readings of one nobody's code are one case."""
    query = (
        sa.select(ScanReview.id, ScanReview.reason, Scan.code, EventSession.number)
        .join(Scan, Scan.id == ScanReview.scan_id)
        .join(EventSession, EventSession.id == Scan.event_session_id)
        .where(ScanReview.event_id == event.id, ScanReview.decision.is_(None))
        .order_by(EventSession.number.desc(), Scan.happened_at, ScanReview.id)
    )
    together: dict[tuple[ReviewReason, str | int], list[int]] = defaultdict(list)
    for review_id, reason, code, _session in db.session.execute(query):
        together[reason, code if reason == ReviewReason.UNKNOWN else review_id].append(review_id)
    order = list(ReviewReason)
    stacks = sorted(together.items(), key=lambda item: order.index(item[0][0]))  # stable: sessions keep their order
    leaves = max(-(-len(stacks) // LEAF), 1)
    number = min(max(number, 1), leaves)
    chosen = stacks[(number - 1) * LEAF : number * LEAF]
    reviews = _reviews(ScanReview.id.in_([review_id for _key, ids in chosen for review_id in ids]))
    cases = _cases(event, [[reviews[review_id] for review_id in ids] for _key, ids in chosen])
    groups: dict[ReviewReason, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.review.reason].append(case)
    counts: dict[ReviewReason, int] = defaultdict(int)
    for (reason, _code), _ids in stacks:
        counts[reason] += 1
    return Leaf(list(groups.items()), number, leaves, counts)


def settled_at(event: Event, limit: int = 200) -> list[Settled]:
    """Decisions of an event, the newest first; those made along with another are part of it."""
    query = sa.select(ScanReview.id).where(ScanReview.event_id == event.id, ScanReview.decision.is_not(None))
    ids = list(db.session.scalars(query.order_by(ScanReview.decided_at.desc(), ScanReview.id.desc()).limit(limit)))
    reviews = _reviews(ScanReview.id.in_(ids))
    effects = {review_id: Effect.kept(reviews[review_id].effect) for review_id in ids}
    # One that was settled at another event stands for its lead here.
    leads = [n for n in ids if effects[n].lead not in reviews]
    whom = _people({effects[review_id].whom for review_id in leads})
    names = _staff({reviews[review_id].decided_by_id for review_id in leads})
    found = _cases(event, [[reviews[review_id]] for review_id in leads], whom)
    return [Settled(c, names.get(c.review.decided_by_id or 0, ""), effects[c.review.id]) for c in found]


def of(review: ScanReview) -> Case:
    """One review, with those that are open about the same nobody's code at its event."""
    case = _cases(review.event, [[review]])[0]
    if case.whom is not None:
        return case
    same = [ScanReview.event_id == review.event_id, ScanReview.reason == review.reason, Scan.code == review.scan.code]
    others = _reviews(*same, ScanReview.decision.is_(None), ScanReview.id != review.id)
    return _cases(review.event, [[review, *others.values()]])[0]


def _reviews(*conditions: sa.ColumnElement[bool]) -> dict[int, ScanReview]:
    query = sa.select(ScanReview).join(ScanReview.scan).options(joinedload(ScanReview.scan)).where(*conditions)
    return {review.id: review for review in db.session.scalars(query.order_by(ScanReview.id))}


def _cases(
    event: Event, stacks: Sequence[Sequence[ScanReview]], known: dict[int, Participant] | None = None
) -> list[Case]:
    """Cases of reviews, each with those along; a handful of questions however many they are."""
    scans = [stack[0].scan for stack in stacks]
    people = whose.of_scans(scans, event.programme)
    if known:
        settled = {stack[0].scan_id: known.get(Effect.kept(stack[0].effect).whom or 0) for stack in stacks}
        people |= {key: person for key, person in settled.items() if person}
    places = _places(event, people)
    presences = _presences(places)
    readers = _readers(scans)
    elsewhere = _elsewhere(event, [stack[0] for stack in stacks], people)
    blanks = whose.blanks({scan.code for scan in scans if scan.id not in people}, event.programme)
    sessions = {event_session.id: event_session for event_session in event.sessions}
    cases = []
    for stack in stacks:
        review, scan = stack[0], stack[0].scan
        whom, event_session = people.get(scan.id), sessions[scan.event_session_id]
        place = places.get(whom.id) if whom else None
        present = presences.get(place.id, {}) if place else {}
        own = present.get(event_session.id)
        cases.append(
            Case(
                review=review,
                event_session=event_session,
                whom=whom,
                place=place,
                present_at=frozenset(present),
                is_own=own == scan.id,
                along=tuple(stack[1:]),
                sessions=tuple(sorted({sessions[other.scan.event_session_id].number for other in stack})),
                blank=None if whom else blanks.get(scan.code),
                fitting=_fitting(event, scan) if review.reason == ReviewReason.WRONG_SESSION else None,
                elsewhere=tuple(
                    other for other in elsewhere.get(whom.id if whom else 0, ()) if _overlap(event_session, other)
                ),
                alike=tuple(look_alikes.of(review)) if review.decision is None else (),
                reader=readers.get(scan.id, ""),
            )
        )
    return cases


def _places(event: Event, people: dict[str, Participant]) -> dict[int, Registration]:
    ids = {person.id for person in people.values()}
    query = sa.select(Registration).where(Registration.event_id == event.id, Registration.participant_id.in_(ids))
    return {place.participant_id: place for place in db.session.scalars(query)}


def _presences(places: dict[int, Registration]) -> dict[int, dict[int, str]]:
    """Scan by session, by place: who is present where, and since which scan."""
    query = sa.select(Attendance.registration_id, Attendance.event_session_id, Attendance.scan_id).where(
        Attendance.registration_id.in_([place.id for place in places.values()]), Attendance.annulled_at.is_(None)
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for place_id, session_id, scan_id in db.session.execute(query):
        found[place_id][session_id] = scan_id
    return found


def _elsewhere(
    event: Event, reviews: Sequence[ScanReview], people: dict[str, Participant]
) -> dict[int, list[EventSession]]:
    """Sessions of other events at which people who were in two rooms are present."""
    doubled = [r.scan_id for r in reviews if r.reason == ReviewReason.TWO_ROOMS and r.scan_id in people]
    if not doubled:
        return {}
    query = (
        sa.select(Registration.participant_id, EventSession)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .join(EventSession, EventSession.id == Attendance.event_session_id)
        .where(Registration.participant_id.in_({people[key].id for key in doubled}))
        .where(Attendance.annulled_at.is_(None), Registration.event_id != event.id)
    )
    found: dict[int, list[EventSession]] = defaultdict(list)
    for person_id, event_session in db.session.execute(query):
        found[person_id].append(event_session)
    return found


def _overlap(one: EventSession, other: EventSession) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _fitting(event: Event, scan: Scan) -> EventSession | None:
    """The session whose hours the reading falls into, the nearest of several."""
    others = [other for other in event.sessions if other.id != scan.event_session_id]
    fitting = [other for other in others if is_within(other, scan.happened_at)]
    return min(fitting, key=lambda other: abs(other.starts_at - scan.happened_at), default=None)


def _readers(scans: Sequence[Scan]) -> dict[str, str]:
    """What read each scan, as people call it: a device or a member of staff."""
    device_ids = {scan.device_id for scan in scans if scan.device_id}
    devices = {d.id: d.name or "" for d in db.session.scalars(sa.select(Device).where(Device.id.in_(device_ids)))}
    staff = _staff({scan.user_id for scan in scans})
    return {scan.id: devices.get(scan.device_id or 0) or staff.get(scan.user_id or 0, "") for scan in scans}


def _staff(user_ids: set[int | None]) -> dict[int, str]:
    return {user.id: user.name for user in db.session.scalars(sa.select(User).where(User.id.in_(user_ids - {None})))}


def _people(person_ids: set[int | None]) -> dict[int, Participant]:
    wanted = sa.select(Participant).where(Participant.id.in_(person_ids - {None}))
    return {person.id: person for person in db.session.scalars(wanted)}
