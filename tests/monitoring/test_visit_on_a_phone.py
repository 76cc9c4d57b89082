"""A visit written down on a phone in a building with a bad network: nothing that was typed is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from core.db import db
from monitoring import visits
from monitoring.models import Judgement, Visit, VisitState
from tests import make
from tests.browser import PHONE, Somebody, launched, playing
from tests.conftest import Installation
from tests.cutting import Line
from tests.monitoring import walking
from tests.serving import serve

pytestmark = pytest.mark.browser
EVERY_LETTER = "Журнал на двух столах. Doctor? «да»"


def test_a_visit_is_typed_with_one_hand_while_the_network_comes_and_goes(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        unit = walking.unit("Отделение 1")
        monitor = make.user("monitor", unit.programme)
        monitor.language = "ru"
        visit = visits.begin(unit, monitor)
        address = f"/visits/{visit.uid}"
        db.session.commit()
        db.session.remove()
        with (
            serve(sqlite_installation, user=monitor) as served,
            playing() as playwright,
            launched(playwright) as browser,
        ):
            line = Line(served.port)
            name, _, value = served.headers["Cookie"].partition("=")
            phone = Somebody(browser, line.address, "ru", PHONE)
            phone.context.add_cookies([{"name": name, "value": value, "url": line.address}])
            page, state = phone.open(address).page, phone.page.locator("#state")
            page.set_default_timeout(8000)
            box = page.locator("#point-1 label").first.bounding_box()
            assert box and box["height"] >= 44, "large enough for a thumb"
            page.locator("#point-1").get_by_label("соблюдается", exact=True).check()
            expect(state).to_have_text("Сохранено")
            assert found(address).judgements == {"point1": Judgement.MET}

            line.cut()
            page.locator("#point-2").get_by_label("не соблюдается").check()
            page.locator("#organisation").fill("Инициатива «Мост»")
            page.locator("#notes").fill(EVERY_LETTER)
            expect(state).to_contain_text("Ещё не сохранено: нет сети")
            page.get_by_role("button", name="Сдать").click()
            expect(state).to_contain_text("Ещё не сохранено")
            assert page.url.endswith(address), "no page of the browser's own stands where the form was"
            kept = page.evaluate("Object.values(localStorage).join()")
            assert kept and "not_met" not in kept and "столах" not in kept, "a phone that is found tells nothing"
            assert found(address).judgements == {"point1": Judgement.MET}

            # The tab is gone; it is opened again when there is a network.
            again = phone.context.new_page()
            page.close()
            line.mend()
            again.goto(address)
            state = again.locator("#state")
            expect(state).to_have_text("Сохранено")
            assert again.locator("#notes").input_value() == EVERY_LETTER
            assert again.evaluate("localStorage.length") == 0, "what the server has the phone forgets"
            expect(again.locator("#missing a:visible")).to_have_text(["3", "4"])
            stored = found(address)
            assert stored.judgements == {"point1": Judgement.MET, "point2": Judgement.NOT_MET}
            assert stored.notes == EVERY_LETTER and stored.organisation.name == "Инициатива «Мост»"
            again.get_by_role("button", name="Сдать").click()
            again.wait_for_selector(".notice.in")
            assert found(address).state == VisitState.HANDED_IN


def found(address: str) -> Visit:
    db.session.remove()
    visit = db.session.scalars(sa.select(Visit).where(Visit.uid == address.rsplit("/", 1)[1])).one()
    db.session.expunge_all()  # read once more it would hold the database, and the server waits for nobody
    db.session.rollback()
    return visit
