"""Links by which donors read the dashboard: read-only, expiring, revocable."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from indicators.models import Audience, ShareLink, Visibility
from privacy.codes import secret_token, token_digest
from trainings.models import Programme


class LinkOver(Refused):
    code = "link_over"
    sentence = _l("This link has expired or was withdrawn. Ask whoever sent it to you for a new one.")


def share(programme: Programme, label: str, audience: Audience, days: int, by: User | None) -> tuple[ShareLink, str]:
    """A new link for `days` days; (link, its secret, shown this once)."""
    token = secret_token()
    link = ShareLink(
        programme=programme,
        programme_id=programme.id,
        label=label,
        audience=audience,
        token_digest=token_digest(token),
        created_by_id=by.id if by else None,
        expires_at=clock.now() + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def open_link(token: str) -> ShareLink:
    """The link of a secret. Refuses LinkOver."""
    link = db.session.scalar(sa.select(ShareLink).where(ShareLink.token_digest == token_digest(token)))
    if link is None or link.revoked_at is not None or link.expires_at < clock.now():
        raise LinkOver
    return link


def revoke(link: ShareLink) -> None:
    """Let a link open nothing any more."""
    link.revoked_at = link.revoked_at or clock.now()
    db.session.flush()


def of_programme(programme: Programme) -> list[ShareLink]:
    query = sa.select(ShareLink).where(ShareLink.programme_id == programme.id).order_by(ShareLink.id.desc())
    return list(db.session.scalars(query))


def smallest_group(link: ShareLink) -> int:
    """The smallest number of people this link shows."""
    settings = current_app.extensions["settings"]
    return int(settings.public_k if link.audience == Audience.PUBLIC else settings.donor_k)


def visibility(link: ShareLink) -> Visibility:
    return Visibility.PUBLIC if link.audience == Audience.PUBLIC else Visibility.DONOR
