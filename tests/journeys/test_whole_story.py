"""The whole thread once, as its people walk it: from a fresh server to the donor's page."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import expect

from core.config import CHECKOUT
from tests.browser import DESKTOP, PHONE, Somebody, film_of, launched, playing
from tests.conftest import ROSTERS, new_database
from tests.founding.test_server import start
from tests.papers import picture_of, text_of

pytestmark = pytest.mark.browser
PASSWORD = "four words nobody guesses"
QUIZ = tomllib.loads((CHECKOUT / "programmes" / "belarus" / "quiz-detainees.toml").read_text())
EVENT_ZONE = ZoneInfo("Europe/Minsk")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_from_a_fresh_server_to_the_donors_page(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = "" if database == "sqlite" else new_database(request.getfixturevalue("postgres_address"), "story")
    served, server = start(tmp_path, DATABASE_URL=address)
    looks = {"seeks_barriers": database == "sqlite"}  # the pages are the same
    with server, playing() as playwright, launched(playwright) as browser:
        administrator = Somebody(browser, served.address, **looks)
        administrator.open(re.search(r"(/welcome/\S+)", (tmp_path / "said.log").read_text())[1])
        administrator.fill(name="Ирина", email="admin@example.org", password=PASSWORD).press(
            "Set the password and go in"
        )
        manager, trainer = (hire(administrator, browser, role) for role in ("manager", "trainer"))
        administrator.open("/").press("Team")
        assert administrator.page.get_by_label("Role of Colleague").count() == 2, "they work in the only programme"

        plan_for_today(manager, trainer)
        manager.open(manager.event).press("people: import their list")
        manager.page.set_input_files("[name=file]", ROSTERS / "police-brest.xlsx")
        manager.press("Look at the rows")
        assert manager.page.locator("tbody tr").count() == 32
        manager.press("Import these people")
        assert "25 people have a place now." in manager.text(".notice")
        badges = manager.context.request.get(manager.event + "/badges.pdf").body()

        films = tmp_path / "badge.y4m"
        code, camera = film_of_a_badge(badges, films)
        with launched(playwright, *camera) as phone:
            door = Somebody(phone, served.address, screen=PHONE, permissions=["camera"], **looks)
            door.context.add_cookies(trainer.context.cookies())
            check_in_by_camera(door, trainer.event)
            person = name_at(door)
        links = [personal_link(manager, name) for name in [person, *others(manager, trainer, but=person)]]
        participant = Somebody(browser, served.address, "ru", PHONE, **looks)
        trainer.open(trainer.event).press("Open")
        take_in_the_browser(participant, links[0], right=False)
        for link in links[1:]:
            take_by_form(participant, link, "pre", right=False)
        trainer.open(trainer.event).press("Close")
        trainer.page.get_by_role("button", name="Open", exact=True).nth(1).click()
        trainer.look()
        take_in_the_browser(participant, links[0], right=True)
        for link in links[1:]:
            take_by_form(participant, link, "post", right=True)
        trainer.open(trainer.event).press("Close")
        participant.open(links[0])
        assert "Ваш результат" in participant.text(), participant.text()
        trainer.open(trainer.event)
        trainer.page.get_by_text("Close the event").first.click()
        trainer.press("Close the event")
        assert "counts from now on" in trainer.text(".notice")

        manager.open("/").press("Team").press("Links for donors")
        manager.fill(label="Commission", days="30").press("Make the link")
        donor = Somebody(browser, served.address, screen=DESKTOP, **looks)
        donor.open(manager.page.locator("main input[readonly]").input_value())
        read_as_a_donor(donor, code)


def hire(administrator: Somebody, browser, role: str) -> Somebody:
    """A new member of staff, in a window of their own, signed in by their invitation."""
    administrator.open("/staff").fill(name=f"Colleague {role}", email=f"{role}@example.org", role=role)
    administrator.press("Add and show the link")
    link = administrator.page.locator("main input[readonly]").input_value()
    colleague = Somebody(browser, administrator.address, seeks_barriers=administrator.seeks_barriers)
    colleague.name = f"Colleague {role}"
    colleague.open(link).fill(password=PASSWORD).press("Set the password and go in")
    return colleague


def plan_for_today(manager: Somebody, trainer: Somebody) -> None:
    """The first workshop of the programme gets one session that is on now, and its trainer."""
    manager.open("/").press("Events")
    manager.page.locator("tbody a").first.click()
    manager.look()
    manager.event = trainer.event = re.sub(r"^https?://[^/]+", "", manager.page.url)
    manager.press("Change the plan")
    now = datetime.now(EVENT_ZONE)
    day_begins = now.replace(hour=0, minute=1)
    starts, ends = (
        max(now - timedelta(minutes=30), day_begins),
        min(now + timedelta(minutes=60), now.replace(hour=23, minute=59)),
    )
    manager.page.get_by_label("Colleague trainer").check()
    for row in range(1, manager.page.locator("tr.line").count()):
        for part in ("on", "starts", "ends", "title"):
            manager.page.locator(f"[name=sessions-{row}-{part}]").fill("")
    manager.page.locator("[name=sessions-0-on]").fill(now.date().isoformat())
    manager.page.locator("[name=sessions-0-starts]").fill(f"{starts:%H:%M}")
    manager.page.locator("[name=sessions-0-ends]").fill(f"{ends:%H:%M}")
    manager.press("Save the plan")
    assert "Saved." in manager.text(".notice")


def film_of_a_badge(badges: bytes, target: Path) -> tuple[str, list[str]]:
    """The first badge of the printed page before a camera: (its code, Chromium's arguments)."""
    sheet = picture_of(badges, dots=220)
    found = min(zxingcpp.read_barcodes(sheet), key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    corners = found.position
    xs = [corner.x for corner in (corners.top_left, corners.bottom_right)]
    ys = [corner.y for corner in (corners.top_left, corners.bottom_right)]
    margin = 30
    picture = np.ascontiguousarray(sheet[min(ys) - margin : max(ys) + margin, min(xs) - margin : max(xs) + margin])
    return found.text, film_of(picture, target)


def check_in_by_camera(door: Somebody, event: str) -> None:
    door.open(event).press("Open the door")
    assert door.text("#counts").startswith("0 of 25")
    door.press("Scan with this phone")
    door.page.locator("#device-name").fill("Phone of the trainer")
    door.page.get_by_role("button", name="Pair this phone").click()
    door.page.get_by_role("button", name="Start the camera").click()
    # A camera without a graphics card is slow, and so may be the network: what it came to stands in the list.
    line = door.page.locator("#recent li").first
    expect(line.locator(".aside")).to_contain_text("· In", timeout=60_000)
    door.name_let_in = line.locator(".who").evaluate("element => element.firstChild.textContent.trim()")
    expect(door.page.locator("#present")).to_have_text("1")
    door.page.wait_for_selector("dialog#answer:not([open])", state="attached")
    door.look()


def name_at(door: Somebody) -> str:
    return door.name_let_in


def others(manager: Somebody, trainer: Somebody, but: str) -> list[str]:
    """Five more people, marked by hand at the door."""
    trainer.open(trainer.event).press("Open the door")
    marked = []
    while len(marked) < 5:
        row = trainer.page.locator("li.person", has=trainer.page.get_by_role("button", name="Is here")).first
        name = row.locator(".name").evaluate("element => element.firstChild.textContent.trim()")
        row.get_by_role("button", name="Is here").click()
        trainer.page.wait_for_function(
            "number => document.querySelector('#counts b').textContent === String(number)", arg=len(marked) + 2
        )
        marked.append(name)
    assert but not in marked
    trainer.look()
    return marked


def personal_link(manager: Somebody, name: str) -> str:
    manager.open(manager.event + "/people").press(name)
    manager.press("Show the personal link")
    return re.sub(r"^https?://[^/]+", "", manager.page.locator("main input[readonly]").input_value())


def take_in_the_browser(participant: Somebody, link: str, right: bool) -> None:
    """The quiz in Russian on a small screen; the right answers are those that the quiz page of staff would mark."""
    participant.open(link).press("Начать")
    groups = participant.page.locator("fieldset")
    assert groups.count() == 12 and "1 из 12" in groups.first.inner_text()
    for number in range(12):
        boxes = groups.nth(number).locator("input")
        for place in wanted(number) if right else [boxes.count() - 1]:
            boxes.nth(place).check()
        participant.page.get_by_role("button", name="Дальше").click()
    participant.page.get_by_role("button", name="Отправить ответы").click()
    participant.page.wait_for_url(f"**{link}?*")
    participant.look()
    assert "Спасибо" in participant.text(".notice")


def take_by_form(participant: Somebody, link: str, phase: str, right: bool) -> None:
    """The same quiz as a plain form, as a browser without JavaScript sends it."""
    asked = participant.context.request
    page = asked.get(link).text()
    address = re.search(rf'href="(/p/[^"]+/{phase})"', page)[1]
    names = list(dict.fromkeys(re.findall(r'name="(q-[^"]+)"', asked.get(address).text())))
    fields = [
        (name, str(place + 1)) for number, name in enumerate(names) for place in (wanted(number) if right else [1])
    ]
    body = "&".join(f"{name}={value}" for name, value in fields)
    answer = asked.post(address, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.ok and "Спасибо" in answer.text(), answer.text()[:2000]


def wanted(number: int) -> list[int]:
    """Places of the right options of a question of the shipped quiz, from 0."""
    return [place for place, option in enumerate(QUIZ["questions"][number]["options"]) if option.get("right")]


def read_as_a_donor(donor: Somebody, code: str) -> None:
    """One workshop held, six people trained, the gain; and the PDF says the same."""
    page = donor.text()
    assert "6 people have completed a training so far, of 250 promised." in page
    gain = re.search(r"On average (\d+) points more", page)
    assert gain and int(gain[1]) > 50
    rows = {row.split("Op")[0]: row for row in donor.page.locator("tbody tr").all_inner_texts()}
    workshops = next(row for row in rows.values() if "Op2.1.1" in row)
    assert re.search(r"\b1\b", workshops), workshops
    printed = text_of(donor.context.request.get(donor.page.url.rstrip("/") + "/report.pdf").body())
    assert "6 people have completed a training so far" in printed and gain[0] in printed
    assert "Веселов" not in page + printed and code not in page + printed
    donor.page.get_by_role("link", name="Police workers and lawyers", exact=False).first.click()
    donor.look()
    assert "withheld" in donor.text() or "6" in donor.text("table")
