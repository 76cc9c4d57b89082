"""Staff, their sign-ins and invitations, and the audit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, one_of, refused_when
from privacy.crypto import Sealed, sealed_column


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    TRAINER = "trainer"
    MONITOR = "monitor"


class User(Identified, UserMixin, Model):
    """A member of staff. Administrators may do everything; what others may do, each programme's team says.

    The `role` of the others is the usual one, proposed where they join a team.
    """

    __tablename__ = "users"

    name_sealed: Mapped[bytes | None] = sealed_column()
    email_sealed: Mapped[bytes | None] = sealed_column()
    email_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    language: Mapped[str | None] = mapped_column(sa.String(2), default=None)
    is_working: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    name = Sealed()
    email = Sealed()
    sign_in_token: ClassVar[str | None] = None  # set on the instance: the secret of the sign-in this request came with

    @property
    def is_active(self) -> bool:
        return self.is_working

    def get_id(self) -> str:
        """What the browser's cookie holds: the secret of one sign-in, not who it is."""
        return self.sign_in_token or ""


refused_when(
    User.__table__,
    "an_administrator_stays",
    "UPDATE OF role, is_working",
    "OLD.role = 'administrator' AND OLD.is_working AND NOT (NEW.role = 'administrator' AND NEW.is_working) "
    "AND NOT EXISTS (SELECT 1 FROM users other WHERE other.id <> OLD.id AND other.role = 'administrator' "
    "AND other.is_working)",
)


class SignIn(Model):
    """One signed-in browser; ended at sign-out, password change, when idle, and after some hours."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship()


class SignInFailure(Model):
    """Wrong guesses by a keyed digest of the account, known or not, or of where they came from: makes guessing slow."""

    __tablename__ = "sign_in_failures"

    account: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class InvitationPurpose(StrEnum):
    SET_PASSWORD = "set_password"  # noqa: S105 - the name of a purpose
    ENTER_DEMO = "enter_demo"


class Invitation(Model):
    """A secret link that lets a member of staff set a password, once; in the demo, enter without one."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    purpose: Mapped[InvitationPurpose] = mapped_column(one_of(InvitationPurpose))
    landing: Mapped[str] = mapped_column(sa.String(200), default="/")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    user: Mapped[User] = relationship()


class AuditEntry(Model):
    """Who did what to which row, by ids only: never a second copy of personal data."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    verb: Mapped[str] = mapped_column(sa.String(40))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_uid: Mapped[str | None] = mapped_column(sa.String(16), default=None)
    details: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, default=None)

    user: Mapped[User | None] = relationship()


append_only(AuditEntry.__table__)
