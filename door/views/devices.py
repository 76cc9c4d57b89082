"""The phones of an event: pairing one, seeing how they do, ending one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import qr
from core.db import db
from core.i18n import language
from door import devices, phones, policies
from door.models import Device
from trainings.models import Event

edge = Blueprint("devices", __name__)


@edge.get("/events/<uid:event>/devices")
@requires(policies.may_pair, event=Event)
def list_devices(event: Event) -> Any:
    return _devices_page(event)


@edge.post("/events/<uid:event>/pairings")
@requires(policies.may_pair, event=Event)
def offer_pairing(event: Event) -> Any:
    """Show a new secret, in the answer itself.

    Only its digest is kept, so that no other page could show it after a 303. The button asks through htmx and the
    address stays that of the list: loading it again shows the list and makes no further secret.
    """
    secret = devices.offer(event, current_user)
    audit.record(current_user, "offered_pairing", event)
    db.session.commit()
    # Behind the #: a browser sends that part to nobody, so no log and no proxy sees it.
    link = f"{current_app.extensions['settings'].address}/door/{language()}#pair={secret}"
    if "here" in request.form:  # this very phone shall scan: nothing to point at
        return redirect(link, 303)
    return _devices_page(event, link)


@edge.post("/devices/<uid:device>/ending")
@requires(policies.may_end_device, device=Device)
def end_device(device: Device) -> Any:
    if device.is_trusted:
        devices.revoke(device)
        audit.record(current_user, "ended", device)
        db.session.commit()
    flash(_("The device has ended. It hears of it the next time it has a network."))
    return redirect(url_for("devices.list_devices", event=device.event.uid), 303)


def _devices_page(event: Event, link: str | None = None) -> Any:
    return render_template(
        "door/devices.html",
        event=event,
        programme=event.programme,
        phones=phones.of(event),
        link=link,
        code=qr.svg_path(link) if link else None,
        lasts=int(devices.PAIRING_LASTS.total_seconds() // 60),
        heard=devices.HEARD_AFTER.days,
    )
