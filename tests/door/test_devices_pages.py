"""The phones of an event: a code to pair one, how they do, and ending one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from PIL import Image, ImageDraw

from accounts.models import AuditEntry
from core import clock
from core.db import db
from door import attendance, devices
from door.models import Device, DevicePairing
from door.readings import Reading
from tests import make
from tests.browser import PHONE, Somebody, launched, playing
from tests.conftest import Installation
from tests.pages import Page, Visitor
from tests.serving import serve
from trainings.models import Event


def path_of(event: Event) -> str:
    return f"/events/{event.uid}/devices"


def paired(event: Event, name: str = "Entrance") -> Device:
    device, _token = devices.pair(devices.offer(event, make.user("manager", event.programme)), name)
    return device


def rows(page: Page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.all("tbody tr")]


def read(page: Page) -> str:
    """What a camera reads from the QR code of a page."""
    picture = page.one("svg.qr")
    side, scale = int(picture.get("viewbox", picture.get("viewBox")).split()[2]), 6
    image = Image.new("L", (side * scale, side * scale), 255)
    for run in picture.cssselect("path")[0].get("d").split("M")[1:]:
        start, _, rest = run.partition("h")
        (column, row), length = map(int, start.split()), int(rest.partition("v")[0])
        square = (column * scale, row * scale, (column + length) * scale - 1, (row + 1) * scale - 1)
        ImageDraw.Draw(image).rectangle(square, fill=0)
    return str(zxingcpp.read_barcodes(image)[0].text)


def test_the_code_on_the_page_pairs_one_phone(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(path_of(event)).submit("Pair a phone", follow=False)
    assert page.status == 200 and "15 minutes" in page.text(".pairing")
    link = read(page)
    assert page.one(".pairing a").get("href") == link
    address = urlsplit(link)
    assert address.path == "/door/en" and not address.query, "a secret never stands where a log would see it"
    secret = address.fragment.removeprefix("pair=")
    device, _token = devices.pair(secret, "Entrance")
    assert device.event_id == event.id
    with pytest.raises(devices.PairingUnknown):
        devices.pair(secret, "Another")
    db.session.rollback()


def test_the_secret_is_kept_nowhere_and_loading_the_list_makes_none(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(path_of(event)).submit("Pair a phone", follow=False)
    secret = page.one(".pairing a").get("href").partition("#pair=")[2]
    assert page.response.headers["Cache-Control"] == "no-store"
    kept = db.session.scalars(sa.select(DevicePairing)).one()
    assert secret.encode() not in kept.token_digest
    assert not manager.get(path_of(event)).all(".pairing")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DevicePairing)) == 1
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "offered_pairing")).one()
    assert entry.subject_uid == event.uid and not entry.details


def test_the_list_says_how_each_phone_does(manager: Visitor) -> None:
    event = make.event()
    busy, silent, over = paired(event, "Алесин телефон"), paired(event, "Back door"), paired(event, "Yesterday's")
    codes = [make.badge_code(make.registration(event)) for _ in range(2)]
    readings = [Reading(str(uuid.uuid4()), code, clock.now()) for code in codes]
    attendance.check_in(event.sessions[0], readings, by=busy)
    silent.last_seen_at, silent.unsent = clock.now() - timedelta(hours=1), 41
    over.expires_at = clock.now() - timedelta(minutes=1)
    found = {row.split()[0]: row for row in rows(manager.get(path_of(event)))}
    assert "works" in found["Алесин"] and " 2 End this device" in found["Алесин"]
    assert "not heard for a while" in found["Back"] and " 41 " in found["Back"]
    assert "time is up" in found["Yesterday's"] and "End this device" not in found["Yesterday's"]


def test_an_ended_phone_is_shown_as_ended_and_its_effect_was_said_before(manager: Visitor) -> None:
    event = make.event()
    device = paired(event)
    page = manager.get(path_of(event))
    assert "still taken for 14 days, into review" in page.text("td details")
    page = page.submit("End it now")
    assert "ended" in rows(page)[0] and "The device has ended" in page.text("[role=status]")
    db.session.refresh(device)
    assert not device.is_trusted
    ended_at = device.revoked_at
    assert not page.all("td details")
    manager.post(f"/devices/{device.uid}/ending")  # from a page that was open before
    db.session.refresh(device)
    assert device.revoked_at == ended_at
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.subject_uid == device.uid)) == 1


def test_a_trainer_of_another_event_neither_pairs_nor_ends(app: Flask) -> None:
    event = make.event()
    device = paired(event)
    other = Visitor(app).sign_in(make.user("trainer", event.programme))
    assert other.get(path_of(event)).status == 403
    assert other.post(f"/events/{event.uid}/pairings").status == 403
    assert other.post(f"/devices/{device.uid}/ending").status == 403
    assert device.is_trusted


@pytest.mark.browser
def test_the_address_stays_that_of_the_list_and_the_page_sees_the_phone_come(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        trainer = make.user("trainer", make.programme())
        event = make.event(trainers=[trainer])
        path = path_of(event)
        db.session.commit()
        with (
            serve(sqlite_installation, trainer) as served,
            playing() as playwright,
            launched(playwright) as browser,
        ):
            staff = Somebody(browser, served.address, screen=PHONE)
            name, _, value = served.headers["Cookie"].partition("=")
            staff.context.add_cookies([{"name": name, "value": value, "url": served.address}])
            staff.open(path).page.get_by_role("button", name="Pair a phone").click()
            staff.page.wait_for_selector(".pairing")
            staff.look()
            assert urlsplit(staff.page.url).path == path and not urlsplit(staff.page.url).fragment
            assert staff.page.evaluate("document.activeElement.textContent") == "Pair a phone"
            link = staff.page.get_by_role("button", name="Use this phone").get_attribute("href")
            assert link and link.startswith(f"{served.address}/door/en#pair=")
            devices.pair(link.partition("#pair=")[2], "Entrance")
            db.session.commit()
            staff.page.get_by_text("Paired last: Entrance").wait_for(timeout=8000)
            staff.page.reload()
            assert not staff.page.locator(".pairing").count()
            staff.look()
