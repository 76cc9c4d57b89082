"""What stands on a certificate: its words in one language or two, and of the person a name or a code and a line.

At an event without names a certificate shows the participant's code and a line to write a name on by hand, whatever
other events know. The programme's partners stand on it only where the rule says so: paper that people carry names no
organisation by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import rules
from certificates.models import Certificate
from certificates.rules import Rule
from core.i18n import day, span, speaking
from participants import identity
from trainings.forms import KIND_NAMES, PARTNER_NAMES
from trainings.models import Event


@dataclass(frozen=True)
class Wording:
    """The words of a certificate in one language, the same for everybody of an event."""

    heading: str
    given_to: str
    confirms: str
    title: str
    details: str
    programme: str
    partners: str
    signers: tuple[tuple[str, str], ...]
    code_label: str
    check_label: str
    line_label: str


@dataclass(frozen=True)
class Paper:
    """One certificate to be drawn: everything is text, nothing is asked of the register any more."""

    name: str | None
    person_code: str
    code: str
    address: str
    issued: tuple[str, ...]
    face: tuple[Wording, ...]


def of(event: Event, certificates: Sequence[Certificate]) -> list[Paper]:
    """The papers of certificates of one event, in their order."""
    rule, address = rules.of(event), current_app.extensions["settings"].address
    wordings: dict[str, Wording] = {}
    issued: dict[tuple[str, date], str] = {}
    keeps_names = identity.keeps_names(event)
    found = []
    for certificate in certificates:
        languages = [code for code in (certificate.language, certificate.second_language) if code]
        for code in languages:
            if code not in wordings or (code, certificate.issued_on) not in issued:
                with speaking(code):
                    wordings.setdefault(code, _wording(event, rule))
                    issued[code, certificate.issued_on] = _("Issued on %(day)s", day=day(certificate.issued_on))
        person = certificate.registration.participant
        name = person.name if keeps_names else None
        found.append(
            Paper(
                name=name.full if name else None,
                person_code=person.code,
                code=certificate.code,
                address=f"{address}/verify",
                issued=tuple(issued[code, certificate.issued_on] for code in languages),
                face=tuple(wordings[code] for code in languages),
            )
        )
    return found


def hours_of(event: Event) -> int:
    """Hours of all sessions of an event together, rounded, one at least."""
    whole = sum((session.ends_at - session.starts_at for session in event.sessions), timedelta())
    return max(round(whole / timedelta(hours=1)), 1)


def _wording(event: Event, rule: Rule) -> Wording:
    """In the language being spoken."""
    hours = rule.hours or hours_of(event)
    venue = event.venue
    details = [
        str(KIND_NAMES[event.kind]),
        span(event.starts_on, event.ends_on),
        *([f"{venue.name}, {venue.town}"] if venue else []),
        ngettext("%(num)s hour", "%(num)s hours", hours),
    ]
    partners = [f"{PARTNER_NAMES[partner.role]}: {partner.name}" for partner in event.programme.partners]
    return Wording(
        heading=_("Certificate"),
        given_to=_("This is to certify that"),
        confirms=_("took part in"),
        title=_("“%(title)s”", title=rule.title or event.title),
        details=" · ".join(details),
        programme=_("Within the programme “%(programme)s”", programme=event.programme.title),
        partners=" · ".join(partners) if rule.names_partners else "",
        signers=tuple((str(signer.name), str(signer.position)) for signer in rule.signers),
        code_label=_("Certificate code"),
        check_label=_("Anyone can check it at"),
        line_label=_("Name, to be written by hand. Participant's code: %(code)s", code="{code}"),
    )
