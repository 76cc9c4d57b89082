"""The screen in the room in a real Chromium: right without a network and with a wrong clock, silent in doubt."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from core import assets, clock
from core.db import db
from door import room
from participants import roster
from tests import make
from tests.browser import DESKTOP, PHONE, Somebody, film_of, launched, playing
from tests.conftest import Installation
from tests.serving import serve
from trainings.models import EventSession

pytestmark = pytest.mark.browser
SHOWN = "#screen:not([hidden]) #code"


@pytest.fixture
def hall(sqlite_installation: Installation) -> Iterator[SimpleNamespace]:
    """A served event whose session is on for ten hours, its trainer signed in, one participant not yet in."""
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        trainer = make.user("trainer", make.programme())
        event = make.event(trainers=[trainer], sessions=make.sessions(hours=10))
        room.allow(event, True)
        person = roster.personal_token(make.registration(event, "Иванова Анна").participant)
        db.session.commit()
        with serve(sqlite_installation, trainer) as served, playing() as playwright, launched(playwright) as browser:
            yield SimpleNamespace(
                session=event.sessions[0], served=served, playwright=playwright, browser=browser, person=f"/p/{person}"
            )


def trainer_at(hall: SimpleNamespace) -> Somebody:
    """The trainer's laptop."""
    trainer = Somebody(hall.browser, hall.served.address, screen=DESKTOP)
    name, _, value = hall.served.headers["Cookie"].partition("=")
    trainer.context.add_cookies([{"name": name, "value": value, "url": hall.served.address}])
    return trainer


def shown(somebody: Somebody) -> str:
    """The code on the screen; the QR code beside it says the same."""
    while True:
        code = letters_on(somebody)
        found = zxingcpp.read_barcodes(symbol_on(somebody))
        if code == letters_on(somebody):  # and has not changed while we looked
            assert [symbol.text for symbol in found] == [room.MARK + code]
            return code


def letters_on(somebody: Somebody) -> str:
    return "".join(somebody.page.locator(SHOWN).inner_text().split())


def symbol_on(somebody: Somebody) -> np.ndarray:
    """A photograph of the QR code, in grey."""
    return np.array(Image.open(BytesIO(somebody.page.locator("#symbol").screenshot())).convert("L"))


def right_codes(event_session: EventSession, after: timedelta = timedelta(0)) -> set[str]:
    """What the server says now, a second ago and in a second: the page is looked at between two ticks."""
    now = clock.now() + after
    return {room.code_at(event_session, now + timedelta(seconds=seconds)) for seconds in (-2, 0, 2)}


def test_javascript_and_python_make_the_same_codes(hall) -> None:
    somebody = Somebody(hall.browser, hall.served.address).open("/sign-in")
    asked = [(secrets.token_bytes(32), step) for step in (0, 1, 59_999_999, 2**31, 2**32 + 5, *range(9_000, 9_040))]
    made = somebody.page.evaluate(
        """async ([address, asked]) => {
            const { codeOf, openKey } = await import(address);
            return Promise.all(asked.map(async ([key, step]) => codeOf(await openKey(key), step)));
        }""",
        [assets.url("js/room/code.js"), [[base64.b64encode(key).decode(), step] for key, step in asked]],
    )
    assert made == [room.code_of(key, step) for key, step in asked]


def test_the_screen_is_right_all_day_without_a_network_whatever_the_laptops_clock_says(hall) -> None:
    trainer = trainer_at(hall)
    trainer.page.clock.install(time=datetime(2001, 1, 1))
    trainer.open(f"/sessions/{hall.session.uid}/room")
    trainer.page.wait_for_selector(SHOWN)
    assert shown(trainer) in right_codes(hall.session)
    trainer.context.set_offline(True)
    trainer.page.clock.fast_forward("04:00:10")
    trainer.page.wait_for_timeout(1000)
    ahead = timedelta(hours=4, seconds=10)
    assert shown(trainer) in right_codes(hall.session, ahead)
    assert "Clock checked 240 min ago" in trainer.text("#state")
    trainer.page.clock.set_system_time(datetime(1999, 1, 1))  # put back by hand: the performance clock counts on
    trainer.page.wait_for_timeout(1000)
    assert shown(trainer) in right_codes(hall.session, ahead)


def test_after_a_sleep_it_shows_no_code_until_it_has_asked_for_the_time(hall) -> None:
    trainer = trainer_at(hall)
    trainer.page.clock.install()
    trainer.open(f"/sessions/{hall.session.uid}/room")
    trainer.page.wait_for_selector(SHOWN)
    trainer.context.set_offline(True)
    # As after a sleep: the computer's clock went on by itself.
    trainer.page.clock.set_system_time(clock.now() + timedelta(minutes=20))
    uncertain = trainer.page.locator("[data-when=uncertain]")
    uncertain.wait_for(state="visible")
    assert not trainer.page.locator("#screen").is_visible()
    assert trainer.page.locator("#code").inner_text() == ""
    trainer.context.set_offline(False)
    trainer.page.wait_for_selector(SHOWN, timeout=15_000)
    assert shown(trainer) in right_codes(hall.session)
    assert not uncertain.is_visible()


def test_asking_for_the_time_keeps_nobody_signed_in(hall) -> None:
    trainer = trainer_at(hall)
    with trainer.page.expect_request("**/time") as asked:
        trainer.open(f"/sessions/{hall.session.uid}/room")
    assert "cookie" not in asked.value.all_headers()


def test_the_participants_camera_reads_the_screen(hall, tmp_path: Path) -> None:
    trainer = trainer_at(hall)
    trainer.open(f"/sessions/{hall.session.uid}/room")
    trainer.page.wait_for_selector(SHOWN)
    picture = symbol_on(trainer)[::2, ::2]
    with launched(hall.playwright, *film_of(picture, tmp_path / "screen.y4m")) as phone:
        person = Somebody(phone, hall.served.address, screen=PHONE, permissions=["camera"])
        person.open(hall.person)
        person.page.get_by_role("link", name="Use the camera").click()
        person.page.locator(".notice.in").wait_for(timeout=20_000)
        assert "You are in" in person.look().text(".notice.in")
        assert not person.context.cookies()


def test_the_screen_and_its_switch_fit_a_small_phone_too(hall) -> None:
    trainer = trainer_at(hall)
    for size in ({"width": 320, "height": 640}, {"width": 1920, "height": 1080}):
        trainer.page.set_viewport_size(size)
        trainer.open(f"/sessions/{hall.session.uid}/room")
        shown(trainer)
        trainer.page.get_by_text("Self check-in").first.click()
        trainer.look()
    trainer.press("Stop self check-in").press("Allow self check-in")
    shown(trainer)


def test_a_phone_without_a_camera_types_the_code(hall) -> None:
    person = Somebody(hall.browser, hall.served.address, screen=PHONE | {"width": 320})
    person.open(hall.person + "/room-camera")
    person.page.get_by_text("no camera that can be used here").wait_for()
    person.fill(code=room.code_at(hall.session, clock.now())).press("I am here")
    assert "You are in" in person.text(".notice.in")
