"""Members of staff: invite, let them set a password, let them go."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts import passwords, signing_in
from accounts.models import Invitation, InvitationPurpose, Role, User
from core import clock
from core.db import db
from core.errors import Refused
from privacy import erasure
from privacy.codes import secret_token, token_digest

INVITATION_LASTS = timedelta(days=3)
SHORTEST_PASSWORD = 12


class EmailTaken(Refused):
    code = "email_taken"
    sentence = _l("Somebody already signs in with this e-mail address.")


class WeakPassword(Refused):
    code = "weak_password"
    sentence = _l("This password would be guessed. Take four or five words that do not belong together.")


class ShortPassword(Refused):
    code = "short_password"
    sentence = _l("A password has 12 characters or more.")


class InvitationOver(Refused):
    code = "invitation_over"
    sentence = _l("This link has been used or has expired. Ask your administrator for a new one.")


class LastAdministrator(Refused):
    code = "last_administrator"
    sentence = _l("This is the last administrator. Name another one first.")


def first_administrator() -> User | None:
    """Somebody to invite as the first administrator; None once one of them can sign in."""
    administrators = list(db.session.scalars(sa.select(User).where(User.role == Role.ADMINISTRATOR)))
    if any(user.password_hash for user in administrators):
        return None
    return administrators[0] if administrators else add("", "first-administrator", Role.ADMINISTRATOR)


def everyone() -> list[User]:
    """All members of staff, by name."""
    return sorted(
        db.session.scalars(sa.select(User)), key=lambda user: (not user.is_working, (user.name or "").casefold())
    )


def add(name: str, email: str, role: Role, language: str | None = None) -> User:
    """Add a member of staff, who cannot sign in before setting a password. Refuses EmailTaken."""
    index = signing_in.account_index(email)
    if db.session.scalar(sa.select(User.id).where(User.email_index == index)):
        raise EmailTaken
    user = User(email_index=index, role=role, language=language)
    user.name, user.email = name, email.strip()
    db.session.add(user)
    db.session.flush()
    return user


def invite(user: User, purpose: InvitationPurpose = InvitationPurpose.SET_PASSWORD, landing: str = "/") -> str:
    """A new secret for a link that opens once (the demo's: until it expires); earlier ones for the same end."""
    db.session.execute(sa.delete(Invitation).where(Invitation.user_id == user.id, Invitation.purpose == purpose))
    token = secret_token()
    db.session.add(
        Invitation(
            token_digest=token_digest(token),
            user_id=user.id,
            purpose=purpose,
            landing=landing,
            expires_at=clock.now() + INVITATION_LASTS,
        )
    )
    db.session.flush()
    return token


def find_invitation(token: str) -> Invitation:
    """The invitation of a link. Refuses InvitationOver."""
    invitation = db.session.scalar(sa.select(Invitation).where(Invitation.token_digest == token_digest(token)))
    if (
        invitation is None
        or invitation.used_at
        or invitation.expires_at < clock.now()
        or not invitation.user.is_working
    ):
        raise InvitationOver
    return invitation


def hash_password(password: str) -> str:
    """The Argon2id hash of a password. Refuses ShortPassword and WeakPassword. Slow: call it outside a transaction."""
    if len(password) < SHORTEST_PASSWORD:
        raise ShortPassword
    from zxcvbn import zxcvbn  # its word lists take memory that only this moment needs

    if zxcvbn(password[:72])["score"] < 3:
        raise WeakPassword
    return passwords.hashed(password)


def set_password(user: User, password_hash: str) -> None:
    """Give a member of staff a password and sign all their browsers out."""
    user.password_hash = password_hash
    signing_in.end_all(user)
    db.session.flush()


def rename(user: User, name: str, email: str) -> None:
    """Change how a member of staff is called and signs in. Refuses EmailTaken."""
    index = signing_in.account_index(email)
    if db.session.scalar(sa.select(User.id).where(User.email_index == index, User.id != user.id)):
        raise EmailTaken
    user.name, user.email, user.email_index = name, email.strip(), index


def accept(invitation: Invitation, password_hash: str) -> User:
    """Use an invitation to set a password, once. Refuses InvitationOver when somebody was quicker."""
    used = db.session.scalar(
        sa.update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Invitation.id)
    )
    if used is None:
        raise InvitationOver
    set_password(invitation.user, password_hash)
    return invitation.user


def let_go(user: User) -> None:
    """End a member of staff's access at once. Refuses LastAdministrator."""
    _refuse_last_administrator(user)
    user.is_working = False
    signing_in.end_all(user)
    db.session.flush()


def change_role(user: User, role: Role) -> bool:
    """Let a member of staff be something else from the next page on; whether they were. Refuses LastAdministrator."""
    if role == user.role:
        return False
    _refuse_last_administrator(user)
    user.role = role
    db.session.flush()
    return True


def take_back(user: User) -> None:
    """Give a member of staff access again."""
    user.is_working = True
    db.session.flush()


@erasure.forgets(User)
def forget(user: User) -> None:
    """Let somebody go and forget who it was; the audit keeps the number only."""
    let_go(user)
    user.name = user.email = None
    user.password_hash = None
    user.email_index = signing_in.account_index(user.uid)
    db.session.flush()


def _refuse_last_administrator(user: User) -> None:
    """An administrator may go who leaves one behind: one who can sign in, where this one can.

    Their rows are held until the commit, so that of two who let each other go the second is refused.
    """
    query = sa.select(User).where(User.role == Role.ADMINISTRATOR, User.is_working).order_by(User.id)
    administrators = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    others = [other for other in administrators if other.id != user.id]
    is_one = any(other.id == user.id for other in administrators)
    if is_one and not any(other.password_hash or not user.password_hash for other in others):
        raise LastAdministrator
