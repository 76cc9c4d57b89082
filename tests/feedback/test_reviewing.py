"""Free texts: read by a manager first, names edited out, the original kept inside."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from feedback import reviewing
from feedback.models import FreeText, ReviewState
from privacy import erasure
from tests import make
from tests.feedback.voices import close, event_with
from tests.pages import Visitor


def closed_with(text: str) -> FreeText:
    event, (place,) = event_with(1)
    free = make.free_text(event, text, place)
    close(event)
    return free


def test_the_manager_edits_a_name_out_and_the_original_stays_inside(manager: Visitor) -> None:
    free = closed_with("Майор Петренко перебивал")
    path = f"/programmes/{make.programme().uid}/feedback/texts"
    page = manager.get(path)
    assert "Петренко" in page.text(".clash .words") and "Texts to read: 1" in page.text("nav.leaves")
    refused = page.submit("Share this wording", redacted=" ")
    assert refused.status == 409 and "Write what others may read" in refused.text(".notice")
    page = refused.submit("Share this wording", redacted="Перебивали")
    assert "Everything is read" in page.text()
    db.session.refresh(free)
    assert (free.state, free.shared, free.text) == (ReviewState.REDACTED, "Перебивали", "Майор Петренко перебивал")
    assert free.reviewed_by is not None and free.reviewed_at is not None
    page = manager.get(f"{path}?state=redacted").submit("Keep inside")
    db.session.refresh(free)
    assert free.state == ReviewState.INSIDE and free.shared is None and free.redacted is None


def test_texts_of_an_event_that_still_asks_come_with_the_answers(app: Flask) -> None:
    event, places = event_with(6)
    reader = make.user("manager", make.programme())
    first = make.free_text(event, "Первый", places[0])
    assert reviewing.of_programme(event.programme) == [] and reviewing.unread_count(event.programme) == 0
    with pytest.raises(Refused, match="text_not_to_be_seen_yet"):
        reviewing.settle(first, ReviewState.SHAREABLE, reader)
    for place in places[1:]:
        make.free_text(event, "Ещё", place)
    assert len(reviewing.of_programme(event.programme)) == 5 == reviewing.unread_count(event.programme)
    close(event)
    assert len(reviewing.of_programme(event.programme)) == 6


def test_a_complaint_at_a_small_event_reaches_the_manager_and_nobody_else(app: Flask) -> None:
    free = closed_with("Было небезопасно")
    assert [one.free for one in reviewing.of_programme(make.programme())] == [free]
    trainer = make.user("trainer", make.programme())
    reviewing.event_of(free).trainers = [trainer]
    reviewing.settle(free, ReviewState.SHAREABLE, make.user("manager", make.programme()))
    page = Visitor(app).sign_in(trainer).get(f"/events/{reviewing.event_of(free).uid}/feedback")
    assert "небезопасно" not in page.text()


def test_the_database_refuses_a_review_by_nobody(app: Flask) -> None:
    free = closed_with("Слова")
    db.session.commit()
    for values in ({"state": "shareable"}, {"state": "redacted"}, {"reviewed_at": sa.func.now()}):
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(FreeText).where(FreeText.id == free.id).values(**values))
        db.session.rollback()


def test_an_original_is_forgotten_thirty_days_after_it_was_edited_and_a_complaint_is_not(
    app: Flask, manager: Visitor
) -> None:
    reader = make.user("manager", make.programme())
    edited, inside, unread = closed_with("Майор Петренко перебивал"), closed_with("Жалоба"), closed_with("Новое")
    reviewing.settle(edited, ReviewState.REDACTED, reader, "Перебивали")
    reviewing.settle(inside, ReviewState.INSIDE, reader)
    db.session.commit()
    with clock.standing_at(clock.now() + timedelta(days=29)):
        assert reviewing.forget_originals() == 0
    with clock.standing_at(clock.now() + timedelta(days=31)):
        assert reviewing.forget_originals() == 1
    assert (edited.text, edited.shared) == (None, "Перебивали") and (inside.text, unread.text) == ("Жалоба", "Новое")
    page = manager.get(f"/programmes/{make.programme().uid}/feedback/texts?state=redacted")
    assert "Перебивали" in page.text(".words") and "is forgotten" in page.text(".clash")
    assert "May be shared" not in page.text(".clash")
    with pytest.raises(Refused, match="original_forgotten"):
        reviewing.settle(edited, ReviewState.SHAREABLE, reader)
    page = page.submit("Share this wording", redacted="Перебивали нас")
    db.session.refresh(edited)
    assert edited.shared == "Перебивали нас"
    ended = datetime.combine(make.programme().ends_on, time(), UTC)
    with clock.standing_at(ended + timedelta(days=40)):
        assert reviewing.forget_originals() == 1
    assert inside.text is None and unread.text == "Новое"


def test_what_was_written_is_encrypted_and_can_be_forgotten(app: Flask) -> None:
    free = closed_with("Майор Петренко")
    reviewing.settle(free, ReviewState.REDACTED, make.user("manager"), "Майор")
    db.session.commit()
    assert all("Майор".encode() not in bytes(sealed) for sealed in (free.text_sealed, free.redacted_sealed))
    erasure.forget(free)
    db.session.flush()
    assert free.text is None and free.shared is None
