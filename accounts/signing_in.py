"""Signing in and out: a password, a secret per browser kept on the server, an end by itself."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from accounts import failures, passwords
from accounts.models import SignIn, User
from core import clock
from core.db import db, release, short_write
from core.errors import Refused
from privacy.codes import secret_token, token_digest
from privacy.crypto import key_ring

# Asked by every request of staff, and built once.
_CURRENT = (
    sa.select(SignIn.id, SignIn.last_seen_at, User)
    .join(User, User.id == SignIn.user_id)
    .where(
        SignIn.token_digest == sa.bindparam("digest"),
        SignIn.last_seen_at > sa.bindparam("seen_after"),
        SignIn.started_at > sa.bindparam("started_after"),
        User.is_working,
    )
)
TOUCH_EVERY = timedelta(minutes=1)


class WrongPassword(Refused):
    code = "wrong_password"
    sentence = _l("This e-mail address and password do not belong together.")


class TooManyFailures(Refused):
    code = "too_many_failures"
    sentence = _l("Too many wrong passwords. Wait %(seconds)s s, then try again.")


def account_index(email: str) -> bytes:
    """The index an account is found by, from its e-mail address."""
    return key_ring().index(email.strip().lower(), "staff")


def check_password(email: str, password: str) -> User:
    """The member of staff these belong to. Refuses WrongPassword, and TooManyFailures after several in a row.

    Ends the transaction before the slow hash; commits the count of failures itself, as a refusal keeps nothing else.
    """
    account = account_index(email)
    user = db.session.scalar(sa.select(User).where(User.email_index == account))
    _refuse_while_waiting(account)
    release()
    right = passwords.matches((user.password_hash if user else None) or _nobodys_hash(), password)
    if user is None or not user.is_working or not user.password_hash or not right:
        failures.count(account)
        db.session.commit()
        raise WrongPassword
    failures.forgive(account)
    return user


def start(user: User) -> str:
    """Begin a sign-in; returns the secret for the browser's cookie."""
    token = secret_token()
    db.session.add(SignIn(token_digest=token_digest(token), user_id=user.id))
    db.session.flush()
    _remember(user, token)
    return token


def find(token: str) -> User | None:
    """The member of staff signed in with this secret, unless it ended, idled or is too old."""
    now = clock.now()
    settings = current_app.extensions["settings"]
    values = {
        "digest": token_digest(token),
        "seen_after": now - timedelta(minutes=settings.idle_minutes),
        "started_after": now - timedelta(hours=settings.signed_in_hours),
    }
    found = db.session.execute(_CURRENT, values).first()
    if found is None:
        return None
    sign_in_id, last_seen_at, user = found
    if now - last_seen_at > TOUCH_EVERY:
        release()
        with short_write() as connection:
            connection.execute(sa.update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now))
        user = db.session.get_one(User, user.id)
    _remember(user, token)
    return user


def end(token: str) -> None:
    """Sign this browser out."""
    db.session.execute(sa.delete(SignIn).where(SignIn.token_digest == token_digest(token)))


def end_all(user: User) -> None:
    """Sign a member of staff out everywhere."""
    db.session.execute(sa.delete(SignIn).where(SignIn.user_id == user.id))


def end_everybodys() -> None:
    """Sign everybody out."""
    db.session.execute(sa.delete(SignIn))


def forget_ended() -> None:
    """Delete sign-ins and failures that are over."""
    settings = current_app.extensions["settings"]
    oldest = clock.now() - timedelta(hours=settings.signed_in_hours)
    failures.forget_old()
    db.session.execute(sa.delete(SignIn).where(SignIn.started_at < oldest))


@cache
def _nobodys_hash() -> str:
    """Checked when there is no such account, so that an answer takes as long either way."""
    return passwords.hashed(secret_token())


def _remember(user: User, token: str) -> None:
    """Note on the object, not in the database, with which sign-in this request came."""
    user.__dict__["sign_in_token"] = token


def _refuse_while_waiting(account: bytes) -> None:
    seconds = failures.seconds_to_wait(account)
    if seconds:
        raise TooManyFailures(seconds=seconds)
