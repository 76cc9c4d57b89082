"""What phones at the door ask and hand in."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from core.web import answer_problem, csrf
from door import devices, entries, handing_in, policies, snapshots
from door.models import Device
from trainings.models import EventSession

edge = Blueprint("scans", __name__)
# A device shows its token with each request; who comes with a cookie instead is checked by the guard.
csrf.exempt(edge)


@edge.post("/sessions/<uid:event_session>/scans")
@requires(policies.may_hand_in_scans, event_session=EventSession)
def record_scans(event_session: EventSession) -> Any:
    """Keep up to 100 items; 200 with one answer per item, in order, whatever happened to its neighbours."""
    body = request.get_json(silent=True)
    scans = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(scans, list):
        return answer_problem(400, _("This request cannot be understood"), _("A list of scans is needed."), "no_scans")
    phone = _clock(body.get("sent_at"))
    items = [entries.read(scan, phone, may_be_live=True) for scan in scans]
    answers = handing_in.take_in(event_session, items, by=g.who)
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


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) and 0 <= number < 1_000_000 else None


def _clock(sent_at: Any) -> entries.Clock:
    """The clock of the phone that sends this; small differences are the network's."""
    now = clock.now()
    behind = now - entries.moment(sent_at, now)
    return entries.Clock(behind if abs(behind) >= entries.SKEW_WORTH_NOTING else timedelta(0), now)
