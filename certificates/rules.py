"""The rule of a certificate: what it asks for, in words; a programme's, an event's own, and what was settled."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certificates.models import CertificateRule, CertificateSettlement
from core.db import db
from core.errors import Refused
from core.i18n import LANGUAGES, Texts, speaking
from privacy import erasure
from trainings.models import Event, Programme

MOST_SIGNERS = 2


class RuleSettled(Refused):
    code = "rule_settled"
    sentence = _l("The event is closed, and who qualifies was settled then. What the rule asks for stays as it is.")


@dataclass(frozen=True)
class Signer:
    """Who signs: a name and a position, in the languages they are written in."""

    name: Texts
    position: Texts


@dataclass(frozen=True)
class Rule:
    """Who gets a certificate, and what it says.

    `language` None is the language of each person; `title` and `hours` None are the event's own.
    """

    percent: int
    needs_post_test: bool = False
    language: str | None = None
    second_language: str | None = None
    names_partners: bool = False
    title: Texts | None = None
    hours: int | None = None
    signers: tuple[Signer, ...] = ()
    is_own: bool = False  # of this event, not of its programme
    is_settled: bool = False

    def sessions_needed(self, sessions: int) -> int:
        """How many of so many sessions are enough."""
        return -(-sessions * self.percent // 100)

    def is_attended(self, attended: int, sessions: int) -> bool:
        return attended >= self.sessions_needed(sessions)

    def in_words(self) -> str:
        """The rule as a sentence, in the language being spoken."""
        if self.needs_post_test:
            return _(
                "At least %(percent)s %% of the sessions attended, and the quiz after the event taken.",
                percent=self.percent,
            )
        return _("At least %(percent)s %% of the sessions attended.", percent=self.percent)

    def in_all_languages(self) -> dict[str, str]:
        """The sentence by language."""
        found = {}
        for code in LANGUAGES:
            with speaking(code):
                found[code] = self.in_words()
        return found


def of(event: Event) -> Rule:
    """What holds at an event: its own rule or its programme's, and of a closed event what was settled then."""
    own = db.session.scalar(sa.select(CertificateRule).where(CertificateRule.event_id == event.id))
    rule = replace(_read(own), is_own=True) if own else of_programme(event.programme)
    settled = db.session.get(CertificateSettlement, event.id)
    if settled is None:
        return rule
    return replace(rule, percent=settled.percent, needs_post_test=settled.needs_post_test, is_settled=True)


def of_programme(programme: Programme) -> Rule:
    """What holds where an event says nothing else; at first what completing an event means in the programme."""
    kept = db.session.scalar(_programmes(programme))
    return _read(kept) if kept else Rule(percent=programme.completion_percent)


def keep(programme: Programme, rule: Rule, event: Event | None = None) -> None:
    """Make this the rule of an event, or of the programme. Refuses RuleSettled a change of what a closed event asks."""
    if event is not None:
        now = of(event)
        if now.is_settled and (rule.percent, rule.needs_post_test) != (now.percent, now.needs_post_test):
            raise RuleSettled
        query = sa.select(CertificateRule).where(CertificateRule.event_id == event.id)
    else:
        query = _programmes(programme)
    kept = db.session.scalar(query)
    if kept is None:
        kept = CertificateRule(programme_id=programme.id, event_id=event.id if event else None)
        db.session.add(kept)
    kept.percent, kept.needs_post_test = rule.percent, rule.needs_post_test
    kept.language, kept.second_language = rule.language, rule.second_language
    kept.names_partners = rule.names_partners
    kept.title, kept.hours = (rule.title or None, rule.hours) if event else (None, None)
    kept.signers = _signers_as_text(rule.signers)
    db.session.flush()


def drop_own(event: Event) -> None:
    """Let an event follow its programme's rule again; what was settled stays settled."""
    db.session.execute(sa.delete(CertificateRule).where(CertificateRule.event_id == event.id))


@erasure.forgets(CertificateRule)
def forget_signers(kept: CertificateRule) -> None:
    """Drop who signs; the rule stays."""
    kept.signers = None


def _programmes(programme: Programme) -> sa.Select[CertificateRule]:
    return sa.select(CertificateRule).where(
        CertificateRule.programme_id == programme.id, CertificateRule.event_id.is_(None)
    )


def _read(kept: CertificateRule) -> Rule:
    return Rule(
        percent=kept.percent,
        needs_post_test=kept.needs_post_test,
        language=kept.language,
        second_language=kept.second_language,
        names_partners=kept.names_partners,
        title=kept.title,
        hours=kept.hours,
        signers=_signers_of(kept.signers),
    )


def _signers_of(text: str | None) -> tuple[Signer, ...]:
    return tuple(Signer(Texts(one["name"]), Texts(one["position"])) for one in json.loads(text)) if text else ()


def _signers_as_text(signers: tuple[Signer, ...]) -> str | None:
    written = [{"name": dict(one.name), "position": dict(one.position)} for one in signers[:MOST_SIGNERS] if one.name]
    return json.dumps(written, ensure_ascii=False) if written else None
