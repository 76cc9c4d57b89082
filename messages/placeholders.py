"""The words in braces that a letter's text may hold, and what stands in their place in one person's letter."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from core.errors import Refused
from core.i18n import LANGUAGES, Texts, clock_time, span
from participants import identity, links
from participants.models import Participant
from trainings.models import Event

BRACED = re.compile(r"\{([^{}\n]*)\}")
MEANINGS = {
    "link": _l("the link to the person's own page"),
    "name": _l("the person's name, or the code where names are not kept"),
    "code": _l("the person's code"),
    "days": _l("the days of the event"),
    "time": _l("when the first session begins"),
    "venue": _l("the venue and its town"),
    "title": _l("the title of the event: the mail server reads it too"),
    "contact": _l("the programme's contact"),
}


class UnknownPlaceholder(Refused):
    code = "unknown_placeholder"
    sentence = _l("{%(word)s} (%(language)s) stands for nothing. Known words: %(known)s.")


class LinkMissing(Refused):
    code = "link_missing"
    sentence = _l("The text (%(language)s) does not hold {link}; without it nobody finds their page.")


class TextMissing(Refused):
    code = "text_missing"
    sentence = _l("The letter has no text in %(language)s; people are written to in their own language.")


def check(texts: Texts) -> None:
    """Refuse TextMissing, UnknownPlaceholder and LinkMissing: what would be seen too late in a thousand letters."""
    for code, language in LANGUAGES.items():
        text = texts.get(code, "")
        if not text.strip():
            raise TextMissing(language=language)
        for word in BRACED.findall(text):
            if word not in MEANINGS:
                raise UnknownPlaceholder(
                    word=word, language=language, known=", ".join(f"{{{known}}}" for known in MEANINGS)
                )
        if "{link}" not in text:
            raise LinkMissing(language=language)


def fill(text: str, person: Participant, event: Event, site: str) -> str:
    """The text as this person gets it, in the language being spoken; `site` is where people reach this installation."""
    programme, venue = event.programme, event.venue
    values = {
        "link": links.address_of(person, site),
        "name": person.called if identity.keeps_names(event) else person.code,
        "code": person.code,
        "days": span(event.starts_on, event.ends_on),
        "time": clock_time(event.sessions[0].starts_at, programme.time_zone),
        "venue": f"{venue.name}, {venue.town}" if venue else "",
        "title": str(event.title),
        "contact": programme.contact,
    }
    return BRACED.sub(lambda found: values.get(found.group(1), found.group(0)), text)
