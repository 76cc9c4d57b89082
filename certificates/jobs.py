"""Certificates drawn in the background, and their files forgotten after a day."""

from __future__ import annotations

from certificates import drawing, printing
from core.db import db
from core.queue import queue


@queue.when_asked
def draw_certificates(uid: str) -> None:
    """Draw what was asked for; nothing when that is done already or forgotten."""
    asked = printing.find(uid)
    if asked is None or asked.finished_at is not None:
        return
    papers = printing.begin(asked)
    db.session.commit()  # from here on nobody waits for us
    content = drawing.draw(papers, lambda drawn: printing.note_progress(asked, drawn))
    printing.finish(asked, content)
    db.session.commit()


@queue.every(minute="*/10")
def take_up_again() -> None:
    for uid in printing.left_behind():
        draw_certificates(uid)


@queue.every(minute="20", hour="*")
def forget_printed_certificates() -> None:
    printing.forget_old()
    db.session.commit()
