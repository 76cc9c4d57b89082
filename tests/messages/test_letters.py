"""Letters: who gets one and who no longer, never two, what a real mail server says, what nobody can read in them."""

from __future__ import annotations

import email
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.i18n import Texts
from core.mail import Post
from door import attendance
from messages import jobs, outbox, placeholders, recipients, stops, wording, writing
from messages.models import Letter, LetterState, LetterStop, Message, MessageKind, Recipients, StopReason
from participants import registration, roster
from participants.models import Registration, RegistrationStatus
from places import answering
from privacy import erasure
from quizzes import attempts, openings
from quizzes.models import Phase
from tests import make
from tests.conftest import Installation
from tests.mail_servers import Server, mail_server
from tests.pages import Visitor
from trainings.models import Event

SITE = "https://example.org"


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with mail_server(app) as found:
        yield found


def event_ahead(**more: Any) -> Event:
    event = make.event(sessions=make.sessions(clock.now() + timedelta(days=5)), **more)
    wording.settle(event.programme, is_on=True, subject=Texts())
    return event


def person_at(event: Event, name: str = "", **more: Any) -> Registration:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Registration))
    return make.registration(event, name, email=f"person{count}@example.com", **more)


def write(
    event: Event, kind: MessageKind = MessageKind.REMINDER, whom: Recipients = Recipients.ALL, **more: Any
) -> Message:
    text = more.pop("text", wording.text_of(event.programme, kind))
    message = writing.write(event, kind, whom, text, by=make.user("manager", event.programme), **more)
    if "goes_out_at" not in more:
        writing.spread(message, SITE)
    db.session.commit()
    return message


def states(message: Message) -> list[str]:
    query = sa.select(Letter.state).where(Letter.message_id == message.id).order_by(Letter.id)
    return [state.value for state in db.session.scalars(query)]


def test_a_letter_says_nothing_of_the_event_and_its_headers_nothing_of_us(
    server: Server, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    event = event_ahead(title=Texts(en="Secret workshop", ru="Тайный семинар"))
    place = person_at(event, "Иванова Анна", language="ru")
    message = write(event)
    jobs.work_through()
    letter = server.taken[0]
    assert set(letter.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip
    subject = str(email.header.make_header(email.header.decode_header(letter["Subject"])))
    assert subject == "Сообщение для вас"
    text = letter.get_payload(decode=True).decode()
    settings = app.extensions["settings"]
    assert f"{settings.address}/p/" in text or f"{SITE}/p/{make.token(place)}" in text
    whole = letter.as_string() + text
    for word in ("Тайный", "workshop", "Иванова", "Programme", place.participant.code, socket.gethostname()):
        assert word not in whole, word
    assert letter["Message-ID"].endswith("@example.net>") and server.greeting == "example.net"
    assert letter["Date"].endswith("+0000")
    assert states(message) == ["sent"]
    kept = db.session.scalars(sa.select(Letter)).one()
    assert kept.address is None and kept.body is None, "what has gone is not kept"
    ours = " ".join(record.getMessage() for record in caplog.records if record.name != "mail.log")  # the server's own
    assert not {"person0", "Сообщение", make.token(place)} & set(ours.replace("@", " ").split())


def test_nothing_leaves_while_the_programme_or_the_installation_has_no_mail(app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    message = write(event)
    jobs.work_through()
    assert states(message) == ["waiting"], "no server is set up"
    with mail_server(app) as server:
        wording.settle(event.programme, is_on=False, subject=Texts())
        db.session.commit()
        jobs.work_through()
        assert not server.taken
        wording.settle(event.programme, is_on=True, subject=Texts())
        db.session.commit()
        jobs.work_through()
        assert server.addresses == ["person0@example.com"]


def test_what_waited_for_two_days_is_given_up_and_not_sent_when_it_is_no_longer_true(
    server: Server, app: Flask
) -> None:
    event = event_ahead()
    person_at(event)
    message = write(event)
    with clock.standing_at(clock.now() + timedelta(days=2, minutes=1)):
        jobs.work_through()
    assert states(message) == ["given_up"] and not server.taken


def test_a_refused_address_is_noted_and_spared_until_it_is_changed(
    server: Server, app: Flask, manager: Visitor
) -> None:
    event = event_ahead()
    bad, good = person_at(event, "Иванова Анна"), person_at(event)
    server.to_recipient["person0@example.com"] = "550 no such person0@example.com"
    message = write(event)
    jobs.work_through()
    assert states(message) == ["refused", "sent"]
    page = manager.get(f"/messages/{message.uid}")
    assert "Иванова Анна" in page.text("#problems") and "550" in page.text("#problems")
    assert "person0@example.com" not in page.text()
    assert "Иванова Анна: address refused (550)" in manager.get(f"/events/{event.uid}/messages").text("#stopped")
    assert [place.id for place in writing.reach(event, MessageKind.CHANGE, Recipients.ALL).by_mail] == [good.id]
    roster.correct(
        bad.participant, roster.PersonDetails(bad.participant.sector, bad.participant.name, email="new@example.com")
    )
    assert len(writing.reach(event, MessageKind.CHANGE, Recipients.ALL).by_mail) == 2
    assert not stops.at(event)


def test_a_busy_server_gets_the_letter_again_later_and_later_and_in_the_end_never(server: Server, app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    server.to_recipient["person0@example.com"] = "451 later"
    message = write(event)
    now, waits = clock.now(), []
    while states(message) == ["waiting"]:
        letter = db.session.scalars(sa.select(Letter)).one()
        with clock.standing_at(max(letter.next_at, now) + timedelta(seconds=1)):
            before = clock.now()
            jobs.work_through()
            waits.append(letter.next_at - before)
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(waits) == outbox.LONGEST_WAIT and states(message) == ["given_up"] and not server.taken
    server.to_recipient.clear()
    assert outbox.try_again(message, SITE) == 1
    db.session.commit()
    jobs.work_through()
    assert states(message) == ["sent"] and len(server.taken) == 1


def test_a_server_that_is_not_there_or_dislikes_our_sender_blames_no_address(app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    message = write(event)
    with mail_server(app, mail_port=9):
        jobs.work_through()
    assert states(message) == ["waiting"] and not stops.at(event)
    assert db.session.scalars(sa.select(Letter.step)).one() == "connecting"


def test_a_letter_whose_fate_is_unknown_is_not_sent_again_by_itself(server: Server, app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    server.breaks_after_content = True
    message = write(event)
    jobs.work_through()
    assert states(message) == ["unsure"] and len(server.taken) == 1, "it was taken and the answer was lost"
    server.breaks_after_content = False
    jobs.work_through()
    assert len(server.taken) == 1
    outbox.try_again(message, SITE)
    db.session.commit()
    jobs.work_through()
    assert len({str(letter["Message-ID"]) for letter in server.taken}) == 1, "told by its id that it is the same letter"


def test_a_worker_that_died_in_the_middle_repeats_nothing(server: Server, app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    person_at(event)
    message = write(event)
    assert outbox.claim(1000)
    db.session.commit()  # and here the worker dies
    jobs.work_through()
    assert states(message) == ["sending", "sent"]
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        jobs.work_through()
    assert states(message) == ["unsure", "sent"] and server.addresses == ["person1@example.com"]


def test_eight_workers_at_once_send_each_letter_once(installation: Installation) -> None:
    app = installation.app
    with app.app_context():
        event = event_ahead()
        for _ in range(12):
            person_at(event)
        message_id = write(event).id
        db.session.remove()
    together = Barrier(8)

    def work(_number: int) -> None:
        together.wait()
        with app.app_context():
            jobs.work_through()
            db.session.remove()

    with mail_server(app) as server, ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(8)))
        assert sorted(server.addresses) == sorted({f"person{n}@example.com" for n in range(12)})
    with app.app_context():
        assert states(db.session.get(Message, message_id)) == ["sent"] * 12
        db.session.remove()
    assert threading.active_count() < 30


def test_no_more_letters_go_out_in_a_minute_than_allowed(app: Flask) -> None:
    event = event_ahead()
    for _ in range(5):
        person_at(event)
    write(event)
    with mail_server(app, mail_per_minute=2) as server:
        jobs.work_through()
        jobs.work_through()
        assert len(server.taken) == 2
        with clock.standing_at(clock.now() + timedelta(seconds=61)):
            jobs.work_through()
        assert len(server.taken) == 4


def test_who_has_answered_since_gets_no_reminder_and_it_is_not_kept_who_had(server: Server, app: Flask) -> None:
    event = event_ahead()
    event.sessions[0].starts_at = clock.now() - timedelta(hours=1)
    quick, slow = person_at(event), person_at(event)
    used = make.event_quiz(event)
    openings.open_phase(used, Phase.POST)
    message = write(event, MessageKind.POST_QUIZ)
    assert states(message) == ["waiting", "waiting"]
    attempts.submit(used, Phase.POST, quick, make.answers(used.quiz, 2), language="en")
    db.session.commit()
    jobs.work_through()
    assert server.addresses == [slow.participant.email]
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        jobs.work_through()
    assert not states(message), "who was reminded and who was not tells who had answered"
    tally = outbox.tallies([message])[message.id]
    assert (tally.sent, tally.skipped) == (1, 1)


def test_an_invitation_is_for_those_asked_and_a_place_given_back_gets_nothing(server: Server, app: Flask) -> None:
    event = event_ahead()
    yes, no, silent = person_at(event), person_at(event), person_at(event)
    answering.ask(event)
    message = write(event, MessageKind.INVITATION)
    answering.accept(yes)
    answering.decline(no)
    db.session.commit()
    jobs.work_through()
    assert server.addresses == [silent.participant.email] and states(message) == ["skipped", "skipped", "sent"]


def test_a_message_can_be_for_those_who_came_or_for_those_who_did_not(app: Flask) -> None:
    event = event_ahead()
    came, missing = person_at(event), person_at(event)
    attendance.mark(event.sessions[0], came, by=make.user("trainer", event.programme))
    found = {whom: [p.id for p in recipients.of(event, MessageKind.CHANGE, whom)] for whom in Recipients}
    assert found == {"all": [came.id, missing.id], "came": [came.id], "missing": [missing.id]}


def test_a_message_for_later_is_made_into_letters_at_its_hour(server: Server, app: Flask) -> None:
    event = event_ahead()
    person_at(event)
    message = write(event, goes_out_at=clock.now() + timedelta(hours=3))
    jobs.work_through()
    assert not states(message)
    person_at(event)
    db.session.commit()
    with clock.standing_at(clock.now() + timedelta(hours=3, seconds=1)):
        jobs.work_through()
        jobs.work_through()
    assert states(message) == ["sent", "sent"] and len(server.taken) == 2


def test_pressed_twice_it_is_one_message_and_the_database_takes_no_second_letter(app: Flask) -> None:
    event = event_ahead()
    place = person_at(event)
    first, second = (write(event, uid="AAAAAAAAAAAAAAAA") for _ in range(2))
    assert first.id == second.id and states(first) == ["waiting"]
    twin = Letter(message_id=first.id, participant_id=place.participant_id, language="en", link_version=1)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.add(twin)
        db.session.flush()
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(Letter).values(state=LetterState.SKIPPED))


def test_a_forgotten_person_is_forgotten_by_the_outbox_too(server: Server, app: Flask, manager: Visitor) -> None:
    event = event_ahead()
    gone, dropped, kept = person_at(event), person_at(event), person_at(event)
    message = write(event)
    manager.post(f"/people/{gone.participant.uid}/erasure", is_sure="y")
    assert len(states(message)) == 2
    erasure.forget(dropped.participant)
    db.session.commit()
    jobs.work_through()
    assert server.addresses == [kept.participant.email] and states(message) == ["skipped", "sent"]


def test_a_new_link_is_in_the_letter_even_if_it_was_written_before(server: Server, app: Flask) -> None:
    event = event_ahead()
    place = person_at(event)
    write(event)
    roster.replace_link(place.participant)
    db.session.commit()
    jobs.work_through()
    assert f"/p/{make.token(place)}" in server.taken[0].get_payload(decode=True).decode()


def test_somebody_who_wants_no_letters_says_so_on_their_page(server: Server, app: Flask, visitor: Visitor) -> None:
    event = event_ahead()
    place = person_at(event)
    page = visitor.get(f"/p/{make.token(place)}").submit("Send me no e-mail any more")
    assert stops.reason_of(place.participant) == StopReason.UNWANTED
    assert not writing.reach(event, MessageKind.CHANGE, Recipients.ALL).by_mail
    page.submit("Send me e-mail again")
    assert writing.reach(event, MessageKind.CHANGE, Recipients.ALL).by_mail
    other = make.registration(event)
    assert "e-mail" not in visitor.get(f"/p/{make.token(other)}").text(), "nothing to decide without an address"


def test_an_office_writes_looks_sends_withdraws_and_hands_on(app: Flask, manager: Visitor) -> None:
    event = event_ahead(title=Texts(en="Workshop", ru="Семинар"))
    person_at(event, "Иванова Анна", language="en")
    without = make.registration(event, "Петров Пётр", language="en")
    page = manager.get(f"/events/{event.uid}/messages").link("The programme has changed")
    assert "By e-mail now: 1 person." in page.text() and "1 person has no e-mail" in page.text()
    page = page.submit("Show", **{"body-en": "Dear {name}: {days}, {link}", "shown": without.uid})
    assert "Dear Петров Пётр" in page.text("#preview") and f"/p/{make.token(without)}" in page.text("#preview")
    wrong = page.submit("Put into the outbox", **{"body-en": "Dear {nam}, {link}"})
    assert wrong.status == 422 and "{nam} (English) stands for nothing" in wrong.text(".notice.refused")
    assert wrong.one("[name=body-en]").text_content().strip() == "Dear {nam}, {link}"
    page = wrong.submit("Put into the outbox", **{"body-en": "Dear {name}, {link}"})
    assert "1 waits" in page.text()
    handed = page.link("Letters for those without e-mail").text("textarea")
    assert "Dear Петров Пётр" in handed and make.token(without) in handed and "Иванова" not in handed
    assert "1 not needed any more" in page.submit("Withdraw what has not gone yet").text()
    returned = manager.get(f"/events/{event.uid}/messages").submit("Write there no more")
    assert "a letter came back" in returned.text("#stopped")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LetterStop)) == 1


def test_a_programme_says_it_in_its_own_words_and_can_go_back(app: Flask, manager: Visitor) -> None:
    programme = make.programme()
    page = manager.get(f"/programmes/{programme.uid}/mail")
    page = page.submit("Save", is_on="y", **{"subject-en": "News"})
    assert wording.subject_of(programme) == {"en": "News", "ru": "Сообщение для вас", "be": "Паведамленне для вас"}
    page = page.link("Materials to read")
    assert page.submit("Save", **{"body-en": "no link"}).status == 422
    assert page.submit("Save", **{"body-be": ""}).status == 422
    page = page.submit("Save", **{"body-en": "Read: {link}"})
    assert wording.text_of(programme, MessageKind.MATERIALS)["en"] == "Read: {link}"
    page.link("Materials to read").submit("Back to the text that comes with the product")
    assert wording.text_of(programme, MessageKind.MATERIALS) == wording.shipped(MessageKind.MATERIALS)


def test_every_text_that_comes_with_the_product_is_whole(app: Flask) -> None:
    for kind in MessageKind:
        placeholders.check(wording.shipped(kind))
        assert not {"{title}", "{name}", "{venue}"} & set(wording.shipped(kind)["en"].split()), kind


def test_only_those_with_a_place_are_expected(app: Flask) -> None:
    event = event_ahead()
    place = person_at(event)
    place.status = RegistrationStatus.WAITLISTED
    assert not recipients.of(event, MessageKind.REMINDER, Recipients.ALL)
    assert recipients.of(event, MessageKind.CHANGE, Recipients.ALL)
    registration.cancel(place)
    assert not recipients.of(event, MessageKind.CHANGE, Recipients.ALL)
    with pytest.raises(writing.NobodyToWriteTo):
        write(event)


def test_the_connection_shows_nothing_of_a_letter(app: Flask) -> None:
    envelope = outbox.Envelope("a@example.com", "s", "t", "k")
    assert "example.com" not in repr(envelope) and Post(app.extensions["settings"]).domain == ""
