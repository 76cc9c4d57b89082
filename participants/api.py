"""What the scanner sends."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core import clock
from core.db import db
from core.web import answer_problem
from participants import attendance, policies
from participants.models import Source
from participants.readings import Answer, Reading
from trainings.models import EventSession

edge = Blueprint("scans", __name__)
SKEW_WORTH_NOTING = timedelta(minutes=2)


@edge.post("/sessions/<uid:event_session>/scans")
@requires(policies.may_check_in, event_session=EventSession)
def record_scans(event_session: EventSession) -> Any:
    """Keep up to 100 readings; 200 with one answer per reading, in order, whatever happened to its neighbours."""
    body = request.get_json(silent=True)
    body = body if isinstance(body, dict) else {}
    scans = body.get("scans")
    if not isinstance(scans, list):
        return answer_problem(400, _("This request cannot be understood"), _("A list of scans is needed."), "no_scans")
    skew = _skew(body.get("sent_at"))
    readings = [_reading(scan, skew) for scan in scans]
    answers = iter(attendance.check_in(event_session, [reading for reading in readings if reading], by=current_user))
    db.session.commit()
    return {
        "answers": [
            _shown(next(answers)) if reading else _malformed(scan)
            for scan, reading in zip(scans, readings, strict=True)
        ]
    }


def _reading(scan: Any, skew: timedelta) -> Reading | None:
    """A scan as sent; None when it has no id to answer to. Anything else wrong with it is kept and answered."""
    if not isinstance(scan, dict):
        return None
    try:
        scan_id = str(uuid.UUID(scan["id"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    source = scan.get("source")
    seconds = round(skew.total_seconds())
    return Reading(
        scan_id=scan_id,
        code=str(scan.get("code") or ""),
        happened_at=_moment(scan.get("happened_at")) + skew,
        source=Source(source) if source in list(Source) else Source.CAMERA,
        skew_seconds=seconds if abs(skew) >= SKEW_WORTH_NOTING else None,
    )


def _skew(sent_at: Any) -> timedelta:
    """How far the phone's clock is behind ours; small differences are the network's."""
    skew = clock.now() - _moment(sent_at) if sent_at else timedelta(0)
    return skew if abs(skew) >= SKEW_WORTH_NOTING else timedelta(0)


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return clock.now()
    is_sensible = datetime(2020, 1, 1, tzinfo=UTC) < moment < datetime(2100, 1, 1, tzinfo=UTC)
    return moment if is_sensible else clock.now()


def _shown(answer: Answer) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": answer.scan_id, "outcome": answer.outcome}
    if answer.first_at:
        shown["first_at"] = answer.first_at.isoformat()
    if answer.person:
        person = answer.person
        shown["person"] = {"code": person.code, "name": person.name, "organisation": person.organisation}
    return shown


def _malformed(scan: Any) -> dict[str, Any]:
    return {"id": scan.get("id") if isinstance(scan, dict) else None, "outcome": "malformed"}
