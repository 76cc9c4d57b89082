"""What phones at the door ask and hand in."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from core.web import answer_problem, csrf
from door import devices, handing_in, policies, snapshots
from door.handing_in import (
    Admitted,
    Item,
    Malformed,
    TakenBack,
    WalkIn,
)
from door.models import Device, Source
from door.readings import Reading
from trainings.models import EventSession

edge = Blueprint("scans", __name__)
# A device shows its token with each request; who comes with a cookie instead is checked by the guard.
csrf.exempt(edge)
SKEW_WORTH_NOTING = timedelta(minutes=2)
STILL_LIVE = timedelta(minutes=1)


@edge.post("/sessions/<uid:event_session>/scans")
@requires(policies.may_hand_in_scans, event_session=EventSession)
def record_scans(event_session: EventSession) -> Any:
    """Keep up to 100 items; 200 with one answer per item, in order, whatever happened to its neighbours."""
    body = request.get_json(silent=True)
    scans = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(scans, list):
        return answer_problem(400, _("This request cannot be understood"), _("A list of scans is needed."), "no_scans")
    skew = _skew(body.get("sent_at"))
    answers = handing_in.take_in(event_session, [_item(scan, skew) for scan in scans], by=g.who)
    if isinstance(g.who, Device):
        devices.note_seen(g.who, _count(body.get("unsent")))
    db.session.commit()
    return {"answers": answers, "now": clock.now().isoformat()}


@edge.get("/door/snapshot")
@requires(policies.is_at_the_door)
def take_snapshot() -> Any:
    """What a device keeps for a day without a network; 304 when it has that already."""
    content = json.dumps(snapshots.take(g.who), separators=(",", ":"), sort_keys=True)
    response = Response(content, mimetype="application/json")
    response.set_etag(hashlib.sha256(content.encode()).hexdigest()[:20])
    response.headers["X-Now"] = clock.now().isoformat()
    return response.make_conditional(request)


@edge.get("/door/sessions/<uid:event_session>/presences")
@requires(policies.may_stand_at, event_session=EventSession)
def list_presences(event_session: EventSession) -> Any:
    """The codes of those who are present, without names."""
    return {"present": snapshots.present_at(event_session), "now": clock.now().isoformat()}


@edge.get("/door/sessions/<uid:event_session>/search")
@requires(policies.may_stand_at, event_session=EventSession)
def search(event_session: EventSession) -> Any:
    """A few people found by two letters or more."""
    return {"found": snapshots.search(event_session, request.args.get("text", "")[:100])}


@edge.post("/door/farewell")
@requires(policies.is_at_the_door)
def say_farewell() -> Any:
    """The device ends itself."""
    devices.revoke(g.who)
    audit.record(g.who.paired_by, "device_left", g.who)
    db.session.commit()
    return {"outcome": "ended"}


def _item(scan: Any, skew: timedelta) -> Item:
    """An item as sent; malformed when it has no id to answer to. Anything else wrong with it is kept and answered."""
    if not isinstance(scan, dict) or not (scan_id := _uuid(scan.get("id"))):
        return Malformed(scan.get("id") if isinstance(scan, dict) else None)
    happened_at = _moment(scan.get("happened_at")) + skew
    if "undoes" in scan:
        undone = _uuid(scan["undoes"])
        return TakenBack(scan_id, undone, happened_at) if undone else Malformed(scan_id)
    source = scan.get("source")
    seconds = round(skew.total_seconds())
    reading = Reading(
        scan_id=scan_id,
        code=str(scan.get("code") or ""),
        happened_at=happened_at,
        source=Source(source) if source in list(Source) else Source.CAMERA,
        skew_seconds=seconds if abs(skew) >= SKEW_WORTH_NOTING else None,
        is_live=abs(clock.now() - happened_at) < STILL_LIVE,
    )
    if "walk_in" in scan:
        return WalkIn(reading, str(scan["walk_in"]))
    return Admitted(reading) if scan.get("confirmed") is True else reading


def _uuid(text: Any) -> str | None:
    try:
        return str(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return None


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) and 0 <= number < 1_000_000 else None


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
