"""What happens to letters by itself: they are made at their hour, handed over in turn, and forgotten."""

from __future__ import annotations

from flask import current_app

from core.config import Settings
from core.db import db
from core.mail import Post, Step, Unreachable
from core.queue import queue
from messages import moving_up, outbox, writing
from messages.models import Letter
from trainings.calendars import Face


@queue.every(minute="*")
def send_due_letters() -> None:
    work_through()


@queue.when_asked
def send_letters() -> None:
    work_through()


@queue.every(minute="35", hour="*")
def forget_letters() -> None:
    outbox.forget_old()
    db.session.commit()


def work_through() -> None:
    """Make letters of what is due and hand over as many as may go out now; each step is committed by itself."""
    settings: Settings = current_app.extensions["settings"]
    moving_up.write_letters(settings.address)
    db.session.commit()
    for message in writing.due():
        writing.spread(message, settings.address)
        db.session.commit()
    outbox.find_left_behind()
    outbox.drop_without_address()
    outbox.forget_old()
    db.session.commit()
    if not settings.mail_host:
        return
    letter = outbox.claim(settings.mail_per_minute)
    db.session.commit()
    if letter is None:
        return
    try:
        with Post(settings) as post:
            while letter is not None:
                _send(letter, post, settings)
                letter = outbox.claim(settings.mail_per_minute)
                db.session.commit()
    except Unreachable as problem:
        # The line is broken, not the letter: it waits, and the others with it, until the next minute.
        if letter is not None:
            outbox.put_off(letter, problem.step or Step.CONNECTING, problem.code)
            db.session.commit()


def _send(letter: Letter, post: Post, settings: Settings) -> None:
    envelope = outbox.prepare(letter, settings.address, Face.of_letters(settings))
    db.session.commit()
    if envelope is not None:
        outbox.settle(letter, post.hand_over(envelope))
        db.session.commit()
