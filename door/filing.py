"""What a manager has to look at: scans that clash with the register are filed when they come in."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core import clock
from core.db import db, new_uid
from door.models import Outcome, ReviewReason, ScanReview, Source
from door.readings import PRESENT, Visit
from privacy import codes
from trainings.models import EventSession

ALWAYS = {
    Outcome.LATE: ReviewReason.LATE,
    Outcome.CONFLICT: ReviewReason.CONFLICT,
    Outcome.UNDER_REVIEW: ReviewReason.DEVICE_ENDED,
}


def reason_of(visit: Visit) -> ReviewReason | None:
    """Why a scan is filed; None when nobody has to decide.

    A refusal that somebody at the door saw is settled there. One that waited in a phone's queue was seen by nobody:
    the person was let in, on trust. A code that looks like a badge of ours and is nobody's is always worth a look.
    """
    reading, outcome = visit.reading, visit.outcome
    if outcome in ALWAYS:
        return ALWAYS[outcome]
    if outcome in PRESENT and visit.holder is not None and visit.holder.is_elsewhere:
        return ReviewReason.TWO_ROOMS
    if outcome in (Outcome.IN, Outcome.ALREADY_IN) or reading.source == Source.SELF:
        return None
    looks_like_ours = outcome == Outcome.UNKNOWN and codes.is_badge_code(codes.normalised(reading.code))
    return ReviewReason(outcome.value) if looks_like_ours or not reading.is_live else None


def file(visits: Sequence[Visit], event_session: EventSession) -> None:
    """File those of these kept scans that somebody has to decide on."""
    filed = [(visit.key, reason) for visit in visits if (reason := reason_of(visit))]
    add(filed, event_session)


def add(filed: Sequence[tuple[str, ReviewReason]], event_session: EventSession) -> None:
    """File scans, by their keys, each for its reason."""
    if filed:
        now = clock.now()
        rows = [
            {"uid": new_uid(), "scan_id": key, "event_id": event_session.event_id, "reason": reason, "filed_at": now}
            for key, reason in filed
        ]
        db.session.connection().execute(sa.insert(ScanReview), rows)
