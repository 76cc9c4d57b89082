"""The page at which anybody who has its address registers for an event: opened, closed, and taken in."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts import failures
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from participants import consenting, links, registration, roster
from participants.models import Origin, Registration
from participants.roster import PersonDetails
from places import giving, proofs, waiting
from places.models import EventPlaces, ProgrammePlaces
from privacy import codes
from privacy.crypto import key_ring
from trainings.models import Event, Programme

LONGEST_WAIT = timedelta(seconds=30)  # a hall that registers together is one address
WAIT_AT_MOST = 300


class PageClosed(Refused):
    code = "registration_page_closed"
    sentence = _l("Nobody can register here, or not any more. Ask whoever gave you this address.")


class PagesNotAllowed(Refused):
    code = "registration_pages_not_allowed"
    sentence = _l("This programme allows no registration pages. Its manager can allow them here.")


class TooManyApplications(Refused):
    code = "too_many_applications"
    sentence = _l("Many people register from your network just now. Wait %(seconds)s s and send again.")


class ListFull(Refused):
    code = "waiting_list_full"
    sentence = _l("There is no place left, and the waiting list is full too.")


def are_allowed(programme: Programme) -> bool:
    allowed = db.session.get(ProgrammePlaces, programme.id)
    return allowed is not None and allowed.allows_registration_pages


def allow(programme: Programme, is_allowed: bool) -> None:
    """Let events of a programme have registration pages, or close all there are, for good."""
    settings = db.session.get(ProgrammePlaces, programme.id) or ProgrammePlaces(programme_id=programme.id)
    settings.allows_registration_pages = is_allowed
    db.session.add(settings)
    if not is_allowed:
        of_it = sa.select(Event.id).where(Event.programme_id == programme.id)
        db.session.execute(
            sa.update(EventPlaces).where(EventPlaces.event_id.in_(of_it)).values(page_token=None),
            execution_options={"synchronize_session": False},
        )
    db.session.flush()


def open_page(event: Event, words: Texts) -> str:
    """Give an event a registration page, or its open one other words; the secret of its address.

    Refuses PagesNotAllowed, and PageClosed for an event that is not ahead.
    """
    if not are_allowed(event.programme):
        raise PagesNotAllowed
    if not _is_ahead(event):
        raise PageClosed
    rules = giving.rules_of(event)
    rules.words = words or None
    rules.page_token = rules.page_token or codes.secret_token()
    db.session.add(rules)
    db.session.flush()
    return rules.page_token


def close_page(event: Event) -> None:
    """Close the registration page; its address opens nothing ever again."""
    rules = giving.rules_of(event)
    rules.page_token = None
    db.session.add(rules)
    db.session.flush()


def find(token: str) -> EventPlaces:
    """The open page of an address. Refuses PageClosed, the same for a closed, a past and an invented one."""
    rules = db.session.scalar(sa.select(EventPlaces).where(EventPlaces.page_token == token))
    if rules is None or not are_allowed(rules.event.programme) or not _is_ahead(rules.event):
        raise PageClosed
    return rules


def challenge_for(token: str, asked_from: str) -> str:
    """A proof of work for the form: the more came from this network lately, the harder."""
    count = failures.counted(_asker(asked_from))
    return proofs.challenge(token, proofs.EASIEST + count // 3)


def apply(
    rules: EventPlaces, details: PersonDetails, asked_from: str, *, challenge: str, answer: str, agreed_to: str = ""
) -> Registration:
    """Give somebody who registers a place while one is left, else a turn on the waiting list.

    A new person every time: whether an e-mail address is known here is told to nobody, and nobody gets the page of
    somebody else by typing their address. Who is twice on the list the office sees among its duplicates.
    Where the programme asks for consent, it is given to the wording of `agreed_to`.
    Refuses TooManyApplications, ProofMissing, ProofStale, PageClosed, ListFull, and NothingAsked where that wording is
    not the one that is asked for.
    """
    event, token = rules.event, rules.page_token or ""
    asker = _asker(asked_from)
    giving.hold(event)
    if not _is_ahead(event):
        raise PageClosed
    seconds = failures.seconds_to_wait(asker, LONGEST_WAIT)
    if seconds:
        raise TooManyApplications(seconds=seconds)
    proofs.spend(token, challenge, answer)
    failures.count(asker)
    person = roster.add(event.programme, details)
    if consenting.asked_in(event.programme) is not None:
        consenting.give(person, agreed_to)
    is_free = giving.is_free_for(person, event)
    if not is_free and giving.count(event).waiting >= WAIT_AT_MOST:
        raise ListFull
    place = registration.register(person, event, Origin.SELF)
    if not is_free:
        waiting.put(place)
    return place


def _is_ahead(event: Event) -> bool:
    return event.is_planned and event.ends_on >= event.programme.today()


def _asker(asked_from: str) -> bytes:
    return key_ring().index(links.network_of(asked_from), "registration page")
