"""Blank badges: printed ahead on rolls, bound to whoever comes."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from participants.models import Badge, Participant
from privacy import codes


class NotBlank(Refused):
    code = "not_blank"
    sentence = _l("This code is not of a blank badge.")


def bind(code: str, person: Participant) -> Badge:
    db.session.execute(
        sa.update(Badge)
        .where(Badge.participant_id == person.id, Badge.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    badge = db.session.scalar(
        sa.update(Badge)
        .where(Badge.code == codes.normalised(code), Badge.participant_id.is_(None), Badge.revoked_at.is_(None))
        .values(participant_id=person.id)
        .returning(Badge)
    )
    if badge is None:
        raise NotBlank
    return badge
