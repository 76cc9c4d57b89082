"""A day at the door without a network: what a trainer's phone keeps, hands in, and never holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from core.db import db
from door import devices
from door.models import Attendance, Scan
from participants.models import Participant, Registration
from tests import make
from tests.browser import PHONE, Somebody, film_of, launched, playing, symbol_of
from tests.conftest import Installation
from tests.serving import Served, serve
from trainings.models import Event

pytestmark = pytest.mark.browser
PEOPLE = 25


@dataclass
class Day:
    """An event that is on, its people's badges in the order of their names, and its server."""

    event: Event
    badges: list[str]
    served: Served

    def pairing(self) -> str:
        """The address a phone is shown to pair it."""
        secret = devices.offer(self.event, make.user("manager", self.event.programme))
        db.session.commit()
        return f"/door/en#pair={secret}"

    def present(self) -> list[str]:
        """Badge owners who are present, each as often as they are."""
        query = (
            sa.select(Participant.code)
            .join(Registration, Registration.participant_id == Participant.id)
            .join(Attendance, Attendance.registration_id == Registration.id)
            .where(Attendance.annulled_at.is_(None))
        )
        found = sorted(db.session.scalars(query))
        db.session.rollback()  # the server waits for nobody
        return found


@pytest.fixture
def day(installation: Installation) -> Iterator[Day]:
    with installation.app.app_context():
        event = make.event(title=make.Texts(en="Workshop of secrets", ru="Тайный семинар"))
        places = [make.registration(event, f"Жданович{n} Анна", organisation="РОВД Тайный") for n in range(PEOPLE)]
        badges = [make.badge_code(place) for place in places]
        db.session.commit()
        with serve(installation) as served:
            yield Day(event, badges, served)
        db.session.remove()


def at_the_door(browser: Browser, day: Day, **more) -> Somebody:
    """A phone that has been paired and has the door's page open."""
    phone = Somebody(browser, day.served.address, screen=PHONE, permissions=["camera"], **more)
    phone.open(day.pairing())
    phone.page.fill("#device-name", "red phone")
    phone.page.click("#pairing button")
    ready(phone.page)
    return phone


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-ready=yes]")


def kept_for_offline(page: Page) -> None:
    """Wait until the worker has put everything on the phone."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.match(document.body.dataset.decoder).then(Boolean)")


def type_code(page: Page, code: str) -> None:
    page.click("[data-open=type]")
    page.fill("#code", code)
    page.click("#type [value=yes]")
    page.wait_for_selector("#answer[open]")


def unsent(page: Page) -> int:
    return page.evaluate("""async () => {
        const asked = indexedDB.open("door");
        const store = await new Promise((found) => (asked.onsuccess = () => found(asked.result)));
        const counted = store.transaction("queue").objectStore("queue").count();
        const count = await new Promise((found) => (counted.onsuccess = () => found(counted.result)));
        store.close();
        return count;
    }""")


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_25_badges_without_a_network_are_in_once_each_when_it_comes_back(day: Day, tmp_path: Path) -> None:
    films = film_of([symbol_of(code) for code in day.badges], tmp_path / "queue.y4m", (320, 240), frames=6)
    with playing() as playwright, launched(playwright, *films) as browser, launched(playwright) as other:
        phone = at_the_door(browser, day)
        kept_for_offline(phone.page)
        phone.look()
        phone.context.set_offline(True)
        phone.page.click("#start")
        expect(phone.page.locator("#present")).to_have_text(str(PEOPLE), timeout=60_000)
        phone.page.evaluate("document.getElementById('stop').click()")
        assert unsent(phone.page) >= PEOPLE
        assert day.present() == []

        phone.page.close()  # the phone is put away, and opened again without a network
        phone.page = phone.context.new_page()
        phone.page.goto("/door/en")
        ready(phone.page)
        expect(phone.page.locator("#present")).to_have_text(str(PEOPLE))
        assert "Not sent yet" in phone.text("#sync-state")

        second = at_the_door(other, day)
        for code in day.badges[5:15]:
            type_code(second.page, code)
            expect(second.page.locator("#answer .word")).to_have_text("In")
            second.page.click("#next")
        assert len(day.present()) == 10

        phone.context.set_offline(False)
        expect(phone.page.locator("#sync-state")).to_have_text("All sent", timeout=20_000)
        assert unsent(phone.page) == 0
        assert len(day.present()) == PEOPLE and len(set(day.present())) == PEOPLE


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_seized_phone_holds_no_name_no_title_and_no_organisation(day: Day) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        kept_for_offline(phone.page)
        for code in day.badges[:3]:
            type_code(phone.page, code)
            expect(phone.page.locator("#answer .name")).to_contain_text("Жданович")
            phone.page.click("#next")
        phone.page.click("[data-open=find]")
        phone.page.fill("#search", "Zhdanovich")
        expect(phone.page.locator("#found li").first).to_contain_text("РОВД Тайный")
        phone.page.click("#find [value=no]")
        phone.context.set_offline(True)
        type_code(phone.page, day.badges[4])
        phone.page.click("#next")
        phone.page.click("[data-open=walk-in]")
        phone.page.fill("#w-family", "Проходимцев")
        phone.page.fill("#w-organisation", "РОВД Тайный")
        phone.page.click("#walk-in [value=yes]")
        phone.page.wait_for_selector("#answer[open]")
        phone.page.click("#next")
        assert unsent(phone.page) == 2

        phone.page.reload()
        ready(phone.page)
        dump = phone.page.evaluate(DUMP)
        everything = json.dumps(dump, ensure_ascii=False) + phone.page.content()
        for secret in ("Жданович", "Zhdanovich", "Проходимцев", "Тайный", "secrets"):
            assert secret not in everything, secret
            assert secret.encode().hex() not in everything
        assert day.badges[0] not in everything, "codes are kept as digests"
        assert len(dump["caches"]) > 10 and dump["databases"]["door"]["queue"], "the dump sees what there is"

        phone.context.set_offline(False)
        expect(phone.page.locator("#sync-state")).to_have_text("All sent", timeout=20_000)
        assert len(day.present()) == 5
        assert any(person.called == "Проходимцев" for person in db.session.scalars(sa.select(Participant)))


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_mistake_is_taken_back_with_and_without_a_network(day: Day) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        kept_for_offline(phone.page)
        for is_offline in (False, True):
            phone.context.set_offline(is_offline)
            type_code(phone.page, day.badges[is_offline])
            phone.page.click("#next")
            phone.page.locator("#recent li").first.get_by_role("button", name="Undo").click()
            expect(phone.page.locator("#answer .word")).to_have_text("Taken back")
            phone.page.click("#next")
            expect(phone.page.locator("#present")).to_have_text("0")
        phone.context.set_offline(False)
        expect(phone.page.locator("#sync-state")).to_have_text("All sent", timeout=20_000)
        assert day.present() == []
        assert len(list(db.session.scalars(sa.select(Scan)))) == 2, "what was read stays on record"


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_revoked_phone_forgets_the_event_and_hands_in_what_it_has(day: Day) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        phone.context.set_offline(True)
        type_code(phone.page, day.badges[0])
        phone.page.click("#next")
        devices.revoke(devices.of_event(day.event)[0])
        db.session.commit()
        phone.context.set_offline(False)
        expect(phone.page.locator("#ended")).to_be_visible(timeout=20_000)
        phone.page.wait_for_timeout(500)
        kept = json.dumps(phone.page.evaluate(DUMP)["databases"])
        assert "salt" not in kept and "sessions" not in kept
        assert day.present() == []
        db.session.rollback()
        assert [scan.outcome.value for scan in db.session.scalars(sa.select(Scan))] == ["under_review"]


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_rehearsal_proves_the_phone_and_hands_in_nothing(day: Day) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        kept_for_offline(phone.page)
        expect(phone.page.locator("#readiness")).to_be_visible()
        phone.page.click("#readiness")
        expect(phone.page.locator("[data-check=kept_offline]")).to_have_attribute("data-fine", "yes")
        expect(phone.page.locator("[data-check=decoder_ready]")).to_have_attribute("data-fine", "yes")
        phone.look()
        phone.page.click("#rehearse")
        for code in day.badges[:2]:
            type_code(phone.page, code)
            expect(phone.page.locator("#answer .word")).to_have_text("Saved")
            phone.page.click("#next")
        phone.page.click("#end-rehearsal")
        expect(phone.page.locator("#said")).to_contain_text("found again: 2")
        expect(phone.page.locator("#present")).to_have_text("0")
        phone.page.wait_for_timeout(300)
        assert day.present() == [] and unsent(phone.page) == 0


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_the_queue_as_a_file_and_the_guard_before_forgetting(day: Day, tmp_path: Path) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        kept_for_offline(phone.page)
        phone.context.set_offline(True)
        type_code(phone.page, day.badges[0])
        phone.page.click("#next")
        phone.page.click("#open-menu")
        with phone.page.expect_download() as saving:
            phone.page.click("#save-file")
        saving.value.save_as(tmp_path / "queue.json")
        saved = json.loads((tmp_path / "queue.json").read_text())
        assert saved["kind"] == "muster-queue" and saved["items"][0]["code"] == day.badges[0]
        phone.page.click("#forget")
        expect(phone.page.locator("#really")).to_contain_text("will be lost for good")
        phone.page.click("#really [value=no]")
        assert unsent(phone.page) == 1
        phone.context.set_offline(False)
        expect(phone.page.locator("#menu [data-unsent]")).to_have_text("0", timeout=20_000)
        phone.page.click("#forget")
        phone.page.click("#really [value=yes]")
        expect(phone.page.locator("#unpaired")).to_be_visible()
        db.session.rollback()  # see what the server has written meanwhile
        db.session.expire_all()
        assert not devices.of_event(day.event)[0].is_trusted


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_by_keyboard_and_hand_scanner_alone(day: Day) -> None:
    with playing() as playwright, launched(playwright) as browser:
        phone = at_the_door(browser, day)
        phone.page.keyboard.type(day.badges[0])
        phone.page.keyboard.press("Enter")
        expect(phone.page.locator("#answer .word")).to_have_text("In")
        phone.page.keyboard.type(day.badges[1].lower(), delay=5)  # the next one, while the answer is still there
        phone.page.keyboard.press("Enter")
        expect(phone.page.locator("#answer .name")).to_have_text("Жданович1 Анна")
        phone.page.keyboard.press("Escape")
        expect(phone.page.locator("#answer")).to_be_hidden()
        expect(phone.page.locator("#present")).to_have_text("2")
        assert len(day.present()) == 2


# Every storage a browser has, as text: databases, caches, local and session storage, cookies.
DUMP = """async () => {
    const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
    const readable = (_key, value) => isBytes(value) ? String.fromCharCode(...new Uint8Array(value)) : value;
    const settled = (request) => new Promise((is) => (request.onsuccess = () => is(request.result)));
    const found = { databases: {}, caches: {}, local: { ...localStorage }, session: { ...sessionStorage } };
    found.cookie = document.cookie;
    for (const { name } of await indexedDB.databases()) {
        const store = await settled(indexedDB.open(name));
        found.databases[name] = {};
        for (const part of store.objectStoreNames) {
            const all = await settled(store.transaction(part).objectStore(part).getAll());
            found.databases[name][part] = JSON.parse(JSON.stringify(all, readable));
        }
        store.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const content = await (await cache.match(request)).text();
            found.caches[request.url] = content.length < 300000 ? content : "";
        }
    }
    return found;
}"""
