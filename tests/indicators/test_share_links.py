"""Links for donors: how much they show is settled when they are made, a passphrase keeps them, views have no face."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.i18n import Texts
from indicators import publishing, sharing
from indicators.models import Accumulation
from indicators.share_models import Audience, Detail
from monitoring import recommendations, reports
from monitoring.models import Implementation, Voice
from participants.models import Sex
from tests import make
from tests.indicators.test_measures import held
from tests.make import NOON
from tests.pages import Visitor


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def shared(detail: Detail = Detail.FULL, passphrase: str = "") -> str:
    programme = make.programme()
    make.indicator("people.completed", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.DISTINCT)
    held(attended={make.person(sex=sex): 1 for sex in [*[Sex.FEMALE] * 6, *[Sex.MALE] * 7]})
    _link, token = sharing.share(
        programme, "Commission", Audience.DONOR, 10, None, detail=detail, passphrase=passphrase
    )
    db.session.commit()
    return f"/d/{token}"


@pytest.mark.parametrize(("detail", "cells"), [(Detail.TOTALS, {}), (Detail.BREAKDOWNS, {"female": 6, "male": 7})])
def test_a_link_shows_as_much_as_it_was_made_for(app: Flask, detail: Detail, cells: dict) -> None:
    link = sharing.open_link(shared(detail).rpartition("/")[2])
    line = publishing.for_link(link).lines[0]
    assert line.value.number == 13
    assert line.cells.get("sex", {}) == cells


def test_a_link_is_never_widened(app: Flask) -> None:
    shared(Detail.TOTALS)
    with pytest.raises(sa.exc.DatabaseError, match="final"), db.session.begin_nested():
        db.session.execute(sa.text("UPDATE share_links SET detail = 'full'"))


def test_a_passphrase_opens_this_link_for_this_browser_and_nothing_else(app: Flask, visitor: Visitor) -> None:
    link, other = shared(passphrase="ясень у реки"), shared(passphrase="ясень у реки")
    for path in ("", "/methods", "/report.pdf", "/indicators.csv"):
        page = visitor.get(link + path)
        assert page.status in (401, 409) and "passphrase" in page.text() and "13" not in page.text()
    page = visitor.get(link).submit("Open", passphrase="дуб у реки")
    assert page.status == 409 and "not the passphrase" in page.text(".notice")
    page = page.submit("Open", passphrase="ясень у реки")
    assert page.status == 200 and "Indicator" in page.text(".tiles")
    assert visitor.get(link + "/report.pdf").status == 200
    assert visitor.get(other).status == 401
    assert Visitor(app).get(link).status == 401


def test_guessing_a_passphrase_takes_longer_and_longer(app: Flask, visitor: Visitor) -> None:
    link = shared(passphrase="ясень у реки")
    for _ in range(5):
        visitor.ask("post", link + "/passphrase", data={"passphrase": "nothing like it"})
    answer = visitor.ask("post", link + "/passphrase", data={"passphrase": "ясень у реки"})
    assert answer.status_code == 409 and "Wait" in answer.text
    with clock.standing_at(NOON + timedelta(minutes=6)):
        answer = visitor.ask("post", link + "/passphrase", data={"passphrase": "ясень у реки"})
        assert answer.status_code == 303


def test_views_are_counted_and_previews_are_not(app: Flask, visitor: Visitor, manager: Visitor) -> None:
    link = shared()
    visitor.get(link)
    visitor.get(link)
    visitor.ask("get", link, headers={"User-Agent": "TelegramBot (like TwitterBot)"})
    assert "2 times" in manager.get(f"/programmes/{make.programme().uid}/share-links").text("tbody")


def test_recommendations_stand_by_report_with_both_views_where_they_differ(app: Flask, visitor: Visitor) -> None:
    link, by = shared(), make.user("monitor", make.programme())
    for title in ("Second report", "First report"):
        report = reports.begin(make.programme(), Texts(en=title))
        for text in ("Tell the family at once", "Open a register"):
            reports.recommend(report, "The ministry", text, theme="Custody", standard="", due_on=None)
        reports.publish(report, NOON.date())
    asked = report.recommendations[0]
    for voice, how in ((Voice.AUTHORITY, Implementation.IMPLEMENTED), (Voice.OWN, Implementation.IN_PROGRESS)):
        recommendations.assess(asked, how, voice, NOON.date(), note="", by=by)
    db.session.commit()
    page = visitor.get(link + "/recommendations")
    assert [found.text_content() for found in page.all("main h2")] == ["Second report", "First report"]
    disputed = next(found for found in page.all("article") if "authority" in found.text_content()).text_content()
    assert "implemented" in disputed and "in progress" in disputed
    tiles = [" ".join(found.text_content().split()) for found in page.all(".tiles li")]
    assert tiles == ["1in progress", "3not assessed"]


def test_the_logframe_can_be_broken_down_without_a_script(app: Flask, visitor: Visitor) -> None:
    page = visitor.get(shared())
    assert "Female" not in page.text(".matrix")
    page = visitor.get(f"{page.path}?by=sex")
    assert "Female: 6" in page.text(".matrix") and "Male: 7" in page.text(".matrix")
    assert visitor.get(f"{page.path.partition('?')[0]}?by=shoe").status == 200
