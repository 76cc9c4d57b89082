"""The calendar feed of a member of staff, opened by the secret of its address: a calendar program cannot sign in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app

from accounts.access import open_to_anyone
from core import i18n
from trainings import calendars

edge = Blueprint("calendars_public", __name__)


@edge.get("/c/<token:token>.ics")
@open_to_anyone
def read_feed(token: str) -> Any:
    feed = calendars.open_feed(token)
    i18n.speak(feed.user.language)
    face = calendars.Face.of(current_app.extensions["settings"])
    content = calendars.written(calendars.events_for(feed.user), face)
    calendars.note_read(feed)
    return Response(content, mimetype="text/calendar")
