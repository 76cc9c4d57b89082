"""A letter that goes out by itself: to whoever moves up from a waiting list, where the programme wants that."""

from __future__ import annotations

from itertools import groupby

from messages import recipients, wording, writing
from messages.models import MessageKind, Recipients
from places import waiting
from trainings.models import Event

KIND = MessageKind.MOVED_UP


def write_letters(site: str) -> int:
    """Write to everybody who has moved up and was not told; how many letters.

    Where a programme writes no such letters its people count as told: switched on later it writes to nobody of before.
    """
    made = 0
    for _event_id, group in groupby(waiting.take_untold(), key=lambda place: place.event_id):
        places = list(group)
        event = places[0].event
        fitting = {place.id for place in recipients.of(event, KIND, Recipients.ALL)}
        told = [place for place in places if place.id in fitting]
        if told and _writes_by_itself(event):
            body = wording.text_of(event.programme, KIND)
            message = writing.write(event, KIND, Recipients.ALL, body, by=None)
            made += writing.spread(message, site, among=told)
    return made


def _writes_by_itself(event: Event) -> bool:
    settings = wording.settings_of(event.programme)
    return settings.is_on and settings.tells_who_moves_up
