"""The two secrets that open a person's own page: a link, held by a QR code, and a code that can be typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts import failures
from core.db import db, short_write
from core.errors import Refused
from participants.models import Participant
from privacy import codes
from privacy.crypto import key_ring

# A hall is one address: whoever guesses there must not keep the others out for long. 55 bits do the rest.
LONGEST_WAIT = timedelta(seconds=30)


class CodeUnknown(Refused):
    code = "code_unknown"
    sentence = _l(
        "This code opens nothing, or not any more. Look at your card again, or ask your trainer for a new one."
    )


class TooManyCodes(Refused):
    code = "too_many_codes"
    sentence = _l("Too many wrong codes. Wait %(seconds)s s, or ask the trainer.")


def token_of(person: Participant) -> str:
    """The secret of the person's link."""
    return codes.personal_token(person.uid, person.link_version)


def typed_code_of(person: Participant) -> str:
    """The person's code for typing. It opens the page once its digest is kept: see keep_typed_codes."""
    return codes.typed_code(person.uid, person.link_version)


def address_of(person: Participant, site: str) -> str:
    """The whole link, for a QR code; `site` is where people reach this installation."""
    return f"{site}/p/{token_of(person)}"


def typing_address(site: str) -> str:
    """The address at which a code is typed, as short as a browser takes it."""
    return f"{site.partition('://')[2]}/go"


def record_of(person: Participant | None) -> Participant | None:
    """The record itself, or the one it was made one with: links and codes of both open the same page."""
    while person is not None and person.merged_into_id is not None:
        person = db.session.get(Participant, person.merged_into_id)
    return person


def columns_of(uid: str, version: int) -> dict[str, Any]:
    """What the row of a person keeps of the link and the typed code of a version."""
    return {
        "link_version": version,
        "link_digest": codes.token_digest(codes.personal_token(uid, version)),
        "typed_digest": codes.typed_digest(codes.typed_code(uid, version)),
    }


def renew(person: Participant, version: int) -> None:
    """Give a person the link and the typed code of a version; those before open nothing any more."""
    for column, value in columns_of(person.uid, version).items():
        setattr(person, column, value)


def keep_typed_codes(people: Iterable[Participant]) -> None:
    """Before codes are shown or printed: keep the digests of those who have none yet, at once."""
    digests = [
        {"person": person.id, "version": person.link_version, "digest": codes.typed_digest(typed_code_of(person))}
        for person in people
        if person.typed_digest is None
    ]
    if not digests:
        return
    statement = (
        sa.update(Participant)
        .where(Participant.id == sa.bindparam("person"), Participant.link_version == sa.bindparam("version"))
        .values(typed_digest=sa.bindparam("digest"))
    )
    with short_write() as connection:
        connection.execute(statement, digests)


def find_by_typed_code(text: str, asked_from: str) -> Participant:
    """Whose typed code this is, however it was written; `asked_from` is the network address of who asks.

    Refuses CodeUnknown, the same for a mistyped, a replaced and an invented code, and TooManyCodes. An invented one is
    counted as a guess, so commit either way; a mistyped one is none: its check character gives it away.
    """
    code = codes.normalised(text)
    if not codes.is_typed_code(code):
        raise CodeUnknown
    asker = key_ring().index(network_of(asked_from), "typed code")
    seconds = failures.seconds_to_wait(asker, LONGEST_WAIT)
    if seconds:
        raise TooManyCodes(seconds=seconds)
    query = sa.select(Participant).where(Participant.typed_digest == codes.typed_digest(code))
    person = record_of(db.session.scalar(query))
    if person is None:
        failures.count(asker)
        raise CodeUnknown
    return person


def network_of(address: str) -> str:
    """Who guesses from an address: of the many addresses that a household of IPv6 has, the part they share."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)
