"""Links by which donors read the dashboard: read-only, expiring, revocable, with a passphrase where one is wanted."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer

from accounts import failures, passwords
from accounts.models import User
from core import clock
from core.db import db, release, short_write
from core.errors import Refused
from indicators.models import Visibility
from indicators.share_models import Audience, Detail, ShareLink
from participants.links import network_of
from privacy.codes import secret_token, token_digest
from privacy.crypto import key_ring
from trainings.models import Programme

PROOF = "muster-link"  # the cookie that says so
OPEN_FOR = timedelta(hours=12)  # how long a passphrase, once said, need not be said again
LONGEST_WAIT = timedelta(minutes=5)


class LinkOver(Refused):
    code = "link_over"
    sentence = _l("This link has expired or was withdrawn. Ask whoever sent it to you for a new one.")


class PassphraseNeeded(Refused):
    code = "passphrase_needed"
    sentence = _l("This link has a passphrase. Whoever sent it to you knows it.")


class WrongPassphrase(Refused):
    code = "wrong_passphrase"
    sentence = _l("This is not the passphrase of this link.")


class TooManyTokens(Refused):
    code = "too_many_tokens"
    sentence = _l("Too many wrong tokens. Wait %(seconds)s s, then try again.")


class TooManyPassphrases(Refused):
    code = "too_many_passphrases"
    sentence = _l("Too many wrong passphrases. Wait %(seconds)s s, then try again.")


def share(
    programme: Programme,
    label: str,
    audience: Audience,
    days: int,
    by: User | None,
    *,
    detail: Detail = Detail.FULL,
    passphrase: str = "",
) -> tuple[ShareLink, str]:
    """A new link for `days` days; (link, its secret, shown this once). The passphrase is kept as a slow hash."""
    token = secret_token()
    link = ShareLink(
        programme=programme,
        programme_id=programme.id,
        label=label,
        audience=audience,
        detail=detail,
        passphrase_hash=passwords.hashed(passphrase) if passphrase else None,
        token_digest=token_digest(token),
        created_by_id=by.id if by else None,
        expires_at=clock.now() + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def find(token: str) -> ShareLink:
    """The link of a secret, whether its passphrase was said or not. Refuses LinkOver."""
    link = db.session.scalar(sa.select(ShareLink).where(ShareLink.token_digest == token_digest(token)))
    if link is None or link.revoked_at is not None or link.expires_at < clock.now():
        raise LinkOver
    return link


def open_link(token: str, proof: str | None = None) -> ShareLink:
    """The link of a secret. Refuses LinkOver, and PassphraseNeeded without the proof that it was said."""
    link = find(token)
    if link.passphrase_hash and not _is_proven(link, proof or ""):
        raise PassphraseNeeded
    return link


def open_for_programs(token: str, asked_from: str) -> ShareLink:
    """The link of a secret that a program shows; `asked_from` is the network address of who asks.

    Refuses LinkOver, which is counted as a guess at once, TooManyTokens after several, and PassphraseNeeded: nobody
    types one there.
    """
    asker = key_ring().index(network_of(asked_from), "api token")
    seconds = failures.seconds_to_wait(asker, LONGEST_WAIT)
    if seconds:
        raise TooManyTokens(seconds=seconds)
    try:
        return open_link(token)
    except LinkOver:
        release()
        failures.count_at_once(asker)
        raise


def say_passphrase(token: str, passphrase: str) -> str:
    """The proof that the passphrase of a link was said, good for some hours.

    Refuses LinkOver, WrongPassphrase, and TooManyPassphrases after several wrong ones, which are counted: commit either
    way. Ends the transaction before the slow hash.
    """
    link = find(token)
    guessed_at = key_ring().index(link.uid, "share link")
    seconds = failures.seconds_to_wait(guessed_at, LONGEST_WAIT)
    if seconds:
        raise TooManyPassphrases(seconds=seconds)
    release()
    if not passwords.matches(link.passphrase_hash or "", passphrase):
        failures.count(guessed_at)
        raise WrongPassphrase
    failures.forgive(guessed_at)
    return str(_signer(link).dumps("said"))


def count_view(link: ShareLink) -> None:
    """Count that a link was opened, in a transaction of its own; not by whom, and the day only."""
    views = sa.update(ShareLink).where(ShareLink.id == link.id)
    today = link.programme.today()
    release()
    with short_write() as connection:
        connection.execute(views.values(view_count=ShareLink.view_count + 1, last_viewed_on=today))


def revoke(link: ShareLink) -> None:
    """Let a link open nothing any more."""
    link.revoked_at = link.revoked_at or clock.now()
    db.session.flush()


def of_programme(programme: Programme) -> list[ShareLink]:
    query = sa.select(ShareLink).where(ShareLink.programme_id == programme.id).order_by(ShareLink.id.desc())
    return list(db.session.scalars(query))


def smallest_group(link: ShareLink) -> int:
    """The smallest number of people this link shows."""
    return smallest_group_of(link.audience)


def smallest_group_of(audience: Audience) -> int:
    settings = current_app.extensions["settings"]
    return int(settings.public_k if audience == Audience.PUBLIC else settings.donor_k)


def donors_k() -> int:
    """The smallest number of people any donor's link shows."""
    return int(current_app.extensions["settings"].donor_k)


def visibility(link: ShareLink) -> Visibility:
    return Visibility.PUBLIC if link.audience == Audience.PUBLIC else Visibility.DONOR


def _is_proven(link: ShareLink, proof: str) -> bool:
    try:
        return bool(_signer(link).loads(proof, max_age=int(OPEN_FOR.total_seconds())) == "said")
    except BadSignature:
        return False


def _signer(link: ShareLink) -> URLSafeTimedSerializer:
    """Signs for one link and nothing else."""
    return URLSafeTimedSerializer(key_ring().secret("share link passphrase"), salt=link.uid)
