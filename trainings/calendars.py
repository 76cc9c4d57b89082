"""Events as a calendar program reads them (RFC 5545): one entry a session, and feeds that staff subscribe to.

What goes to a calendar program lies on phones and often with a company. So it says the name of this product and a town,
and the public title only where the installation says that titles are no secret; the inner title, trainers and people
never.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from icalendar import Calendar
from icalendar import Event as Entry
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Role, User
from core import clock
from core.config import Settings
from core.db import db, release, short_write
from core.errors import Refused
from privacy.codes import secret_token, token_digest
from trainings.feed_models import CalendarFeed
from trainings.models import Event, EventSession, EventStatus, EventTrainer, ProgrammeStaff

KEPT_FOR = timedelta(days=180)  # how long what is over stays in a feed
ASKED_AGAIN = timedelta(hours=1)


class FeedOver(Refused):
    code = "feed_over"
    sentence = _l("This calendar address was withdrawn. Its owner can make a new one.")


@dataclass(frozen=True)
class Face:
    """What entries may say: the neutral name, where pages are, and whether titles and venues are named."""

    name: str
    address: str  # empty: entries lead to no page
    says_titles: bool
    organizer: str = ""  # an e-mail address

    @classmethod
    def of(cls, settings: Settings) -> Face:
        return cls(settings.product_name, settings.address, settings.calendar_titles)

    @classmethod
    def of_letters(cls, settings: Settings) -> Face:
        """For participants: titles are never said, and no page of staff; the sender of the letter is the organizer."""
        return cls(settings.product_name, "", says_titles=False, organizer=settings.mail_sender)


def written(events: Iterable[Event], face: Face) -> bytes:
    """The calendar of these events, every session an entry with its time zone in it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{face.name}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", face.name)
    calendar.add("x-wr-calname", face.name)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    sessions = [(event, event_session) for event in events for event_session in event.sessions]
    for event, event_session in sessions:
        calendar.add_component(_entry(event, event_session, face))
    if sessions:
        starts = [event_session.starts_at for _event, event_session in sessions]
        # Rules of summer time change by law: those of the years of these events are told, not those of a century.
        calendar.add_missing_timezones(date(min(starts).year - 1, 1, 1), date(max(starts).year + 2, 1, 1))
    return bytes(calendar.to_ical())


def events_for(user: User) -> list[Event]:
    """What a member of staff's feed holds: a trainer's own events, else those of the programmes they work in."""
    query = sa.select(Event).where(Event.ends_on >= clock.today() - KEPT_FOR)
    if user.role != Role.ADMINISTRATOR:
        led = Event.id.in_(sa.select(EventTrainer.event_id).where(EventTrainer.user_id == user.id))
        query = query.join(ProgrammeStaff, ProgrammeStaff.programme_id == Event.programme_id)
        query = query.where(ProgrammeStaff.user_id == user.id, sa.or_(ProgrammeStaff.role != Role.TRAINER, led))
    query = query.options(joinedload(Event.programme), joinedload(Event.venue), selectinload(Event.sessions))
    return list(db.session.scalars(query.order_by(Event.starts_on, Event.id)))


def feed_of(user: User) -> CalendarFeed | None:
    """The feed a member of staff has, if any."""
    query = sa.select(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalar(query)


def give_feed(user: User) -> str:
    """A new feed and no old one; the secret of its address, shown this once."""
    withdraw_feed(user)
    token = secret_token()
    db.session.add(CalendarFeed(user_id=user.id, token_digest=token_digest(token)))
    db.session.flush()
    return token


def withdraw_feed(user: User) -> None:
    """Let the feed of a member of staff open nothing any more; where there is none, nothing happens."""
    feed = feed_of(user)
    if feed is not None:
        feed.revoked_at = clock.now()
        db.session.flush()


def open_feed(token: str) -> CalendarFeed:
    """The feed of a secret. Refuses FeedOver, also where its owner works here no more."""
    feed = db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.token_digest == token_digest(token)))
    if feed is None or feed.revoked_at is not None or not feed.user.is_working:
        raise FeedOver
    return feed


def note_read(feed: CalendarFeed) -> None:
    """Remember the day on which a feed was read last, in a transaction of its own."""
    today = clock.today()
    if feed.last_read_on == today:
        return
    note = sa.update(CalendarFeed).where(CalendarFeed.id == feed.id).values(last_read_on=today)
    release()
    with short_write() as connection:
        connection.execute(note)


def _entry(event: Event, event_session: EventSession, face: Face) -> Entry:
    zone = ZoneInfo(event.programme.time_zone)
    entry = Entry()
    entry.add("uid", event_session.uid)
    entry.add("dtstamp", event.changed_at or clock.now())
    entry.add("sequence", event.calendar_sequence)
    entry.add("dtstart", event_session.starts_at.astimezone(zone))
    entry.add("dtend", event_session.ends_at.astimezone(zone))
    entry.add("summary", _summary(event, event_session, face))
    entry.add("status", "CANCELLED" if event.status == EventStatus.CANCELLED else "CONFIRMED")
    entry.add("class", "PRIVATE")
    if face.address:
        entry.add("url", f"{face.address}/events/{event.uid}")
    if face.organizer:
        entry.add("organizer", f"mailto:{face.organizer}", parameters={"CN": face.name})
    if event.venue is not None:
        town = str(event.venue.town)
        entry.add("location", f"{event.venue.name}, {town}" if face.says_titles else town)
    return entry


def _summary(event: Event, event_session: EventSession, face: Face) -> str:
    said = str(event.title) if face.says_titles else face.name
    if len(event.sessions) == 1:
        return said
    return _("%(event)s, session %(number)s", event=said, number=event_session.number)
