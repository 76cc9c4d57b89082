"""The next workshop of the demo: people were asked whether they come, some answered, some wait for a place, and more
can register on a page of their own."""

from __future__ import annotations

from core.db import db
from core.i18n import Texts
from founding.played_events import Guests
from participants import registration
from participants.models import RegistrationStatus
from places import answering, applying, giving, quotas, waiting
from trainings import agenda
from trainings.models import Event, EventKind, Programme

WAIT = 5
WORDS = Texts(
    en="Two days, from half past nine. Lunch is provided; travel is reimbursed.",
    ru="Два дня, начало в половине десятого. Обед предоставляется, проезд оплачивается.",
    be="Два дні, пачатак а палове дзясятай. Абед забяспечваецца, праезд аплачваецца.",
)


def ask_and_wait(programme: Programme, guests: Guests) -> None:
    """Everybody asked, most answered, and a few more people than places."""
    event = next_workshop(programme)
    if event is None:
        return
    event.capacity = registration.places_taken(event)
    rules = giving.rules_of(event)
    rules.fills_by_itself = True
    db.session.add(rules)
    answering.ask(event)
    for _ in range(WAIT):
        waiting.put(guests.one_more(event))
    asked = [place for place in registration.of_event(event) if place.status == RegistrationStatus.INVITED]
    for number, place in enumerate(asked):
        if number % 9 == 4:
            answering.decline(place)
        elif number % 3:
            answering.accept(place)
    applying.allow(programme, True)
    applying.open_page(event, WORDS)
    used = giving.taken_by_organisation(event)
    largest = max(used, key=lambda organisation: used[organisation], default=None)
    if largest is not None:
        named = next(p.participant.organisation for p in asked if p.participant.organisation_id == largest)
        quotas.set_for(event, named.name if named else "", used[largest])


def next_workshop(programme: Programme) -> Event | None:
    today = programme.today()
    planned = (event for event in agenda.coming(programme, 400) if event.kind == EventKind.WORKSHOP)
    return next((event for event in planned if event.starts_on > today), None)
