"""What letters of a programme say: the neutral texts that come with the product, or the programme's own."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from core.db import db
from core.i18n import Texts
from messages import placeholders
from messages.models import MessageKind, MessageText, ProgrammeMail
from trainings.models import Programme

SHIPPED = Path(__file__).parent / "texts.toml"


@cache
def _shipped() -> dict[str, Texts]:
    document = tomllib.loads(SHIPPED.read_text())
    return {key: Texts({code: text.strip() for code, text in texts.items()}) for key, texts in document.items()}


def shipped(kind: MessageKind) -> Texts:
    return _shipped()[kind.value]


def settings_of(programme: Programme) -> ProgrammeMail:
    """A programme's settings; a row not kept yet, and off, where nobody has decided anything."""
    kept = db.session.get(ProgrammeMail, programme.id)
    return kept or ProgrammeMail(programme_id=programme.id, is_on=False, tells_who_moves_up=False)


def settle(programme: Programme, *, is_on: bool, subject: Texts, tells_who_moves_up: bool = False) -> None:
    """Let a programme write letters or none, by itself too, and under which subject; empty, it is the neutral one."""
    settings = settings_of(programme)
    settings.is_on, settings.subject, settings.tells_who_moves_up = is_on, subject or None, tells_who_moves_up
    db.session.add(settings)
    db.session.flush()


def subject_of(programme: Programme) -> Texts:
    """The subject of a programme's letters in every language: its own, where it has one, over the neutral one."""
    return _shipped()["subject"] | (settings_of(programme).subject or {})


def text_of(programme: Programme, kind: MessageKind) -> Texts:
    own = db.session.get(MessageText, (programme.id, kind))
    return own.body if own else shipped(kind)


def is_own(programme: Programme, kind: MessageKind) -> bool:
    return db.session.get(MessageText, (programme.id, kind)) is not None


def keep(programme: Programme, kind: MessageKind, texts: Texts) -> None:
    """Let letters of a kind say this from now on. Refuses as placeholders.check()."""
    placeholders.check(texts)
    own = db.session.get(MessageText, (programme.id, kind)) or MessageText(programme_id=programme.id, kind=kind)
    own.body = texts
    db.session.add(own)
    db.session.flush()


def drop(programme: Programme, kind: MessageKind) -> None:
    """Back to the text that comes with the product."""
    own = db.session.get(MessageText, (programme.id, kind))
    if own is not None:
        db.session.delete(own)
        db.session.flush()
