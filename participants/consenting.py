"""What people are asked to agree to: a text of the programme in versions, and each person's yes and no with its day."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from core.i18n import Texts
from participants.models import Participant
from participants.people_models import Consent, ConsentText
from trainings.models import Programme


class NothingAsked(Refused):
    code = "nothing_asked"
    sentence = _l("This wording was replaced meanwhile. Please read the new one.")


class SameWording(Refused):
    code = "same_wording"
    sentence = _l("This is the wording that is asked for already. Nothing was changed.")


def publish(programme: Programme, text: Texts, by: User | None) -> ConsentText:
    """Ask for a new wording from now on; what was agreed to before stays with the wording it was about.

    Refuses SameWording.
    """
    current = asked_in(programme)
    if current is not None and dict(current.text) == dict(text):
        raise SameWording
    version = current.version + 1 if current else 1
    made = ConsentText(programme_id=programme.id, version=version, text=text, published_by_id=by.id if by else None)
    db.session.add(made)
    db.session.flush()
    return made


def versions_of(programme: Programme) -> list[tuple[ConsentText, int]]:
    """(wording, how many agree to it now), the newest first."""
    agreed = sa.select(Consent.text_id, sa.func.count()).where(Consent.withdrawn_at.is_(None)).group_by(Consent.text_id)
    counts = dict(db.session.execute(agreed).all())
    query = sa.select(ConsentText).where(ConsentText.programme_id == programme.id)
    return [(text, counts.get(text.id, 0)) for text in db.session.scalars(query.order_by(ConsentText.version.desc()))]


def asked_in(programme: Programme) -> ConsentText | None:
    """The wording that is asked for now; None where a programme asks for nothing."""
    query = sa.select(ConsentText).where(ConsentText.programme_id == programme.id)
    return db.session.scalar(query.order_by(ConsentText.version.desc()).limit(1))


def in_force(person: Participant, wording: ConsentText) -> Consent | None:
    """The person's yes to this wording, if it was not taken back."""
    return db.session.scalar(
        sa.select(Consent).where(
            Consent.participant_id == person.id, Consent.text_id == wording.id, Consent.withdrawn_at.is_(None)
        )
    )


def earlier(person: Participant, wording: ConsentText) -> Consent | None:
    """The person's last yes to a wording before this one, if it was not taken back."""
    given = (consent for consent in of_person(person) if consent.withdrawn_at is None)
    return next((consent for consent in given if consent.wording.version < wording.version), None)


def of_person(person: Participant) -> list[Consent]:
    """Everything the person agreed to and took back, the newest first."""
    query = sa.select(Consent).where(Consent.participant_id == person.id)
    return list(db.session.scalars(query.order_by(Consent.given_at.desc(), Consent.id.desc())))


def give(person: Participant, wording_uid: str) -> None:
    """Agree to the wording that is asked for; said twice it is once. Refuses NothingAsked for any other."""
    wording = asked_in(person.programme)
    if wording is None or wording.uid != wording_uid:
        raise NothingAsked
    insert_if_new(
        Consent, uid=new_uid(), participant_id=person.id, text_id=wording.id, given_at=clock.now(), withdrawn_at=None
    )


def withdraw(person: Participant) -> int:
    """Take back every yes that is in force, whatever its wording; how many."""
    mine = sa.update(Consent).where(Consent.participant_id == person.id, Consent.withdrawn_at.is_(None))
    done = db.session.execute(mine.values(withdrawn_at=clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
