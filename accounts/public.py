"""Open pages of staff: sign in, accept an invitation, choose a language, and the sign of life."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user

from accounts import audit, signing_in, staff
from accounts.access import open_to_anyone
from accounts.forms import LanguageForm, SignInForm, WelcomeForm
from accounts.models import InvitationPurpose, User
from core.db import db, release
from core.errors import Refused

edge = Blueprint("accounts_public", __name__)


@edge.get("/sign-in")
@open_to_anyone
def show_sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(_inside(request.args.get("next")), 303)
    return render_template("accounts/sign_in.html", form=SignInForm())


@edge.post("/sign-in")
@open_to_anyone
def sign_in() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            user = signing_in.check_password(form.email.data, form.password.data)
            _enter(user)
            db.session.commit()
            return redirect(_inside(request.args.get("next")), 303)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("accounts/sign_in.html", form=form), 422


@edge.get("/welcome/<token:token>")
@open_to_anyone
def show_welcome(token: str) -> Any:
    invitation = staff.find_invitation(token)
    if invitation.purpose == InvitationPurpose.ENTER_DEMO:
        return render_template("accounts/enter_demo.html", invitation=invitation)
    form = WelcomeForm(name=invitation.user.name, email=invitation.user.email if invitation.user.name else "")
    return render_template("accounts/welcome.html", form=form)


@edge.post("/welcome/<token:token>")
@open_to_anyone
def accept_welcome(token: str) -> Any:
    form = WelcomeForm()
    if form.validate_on_submit():
        try:
            staff.find_invitation(token)
            release()
            password_hash = staff.hash_password(form.password.data)
            user = staff.accept(staff.find_invitation(token), password_hash)
            staff.rename(user, form.name.data, form.email.data)
            _enter(user)
            db.session.commit()
            return redirect("/", 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return render_template("accounts/welcome.html", form=form), 422


@edge.post("/welcome/<token:token>/demo")
@open_to_anyone
def enter_demo(token: str) -> Any:
    invitation = staff.find_invitation(token)
    if invitation.purpose != InvitationPurpose.ENTER_DEMO or not current_app.extensions["settings"].is_demo:
        abort(404)
    _enter(invitation.user)
    db.session.commit()
    return redirect(invitation.landing, 303)


@edge.post("/language")
@open_to_anyone
def choose_language() -> Any:
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"] = form.language.data
        if current_user.is_authenticated:
            current_user.language = form.language.data
            db.session.commit()
    return redirect(_inside(request.args.get("next")), 303)


@edge.get("/health")
@open_to_anyone
def show_health() -> Any:
    """Says that the server answers and reads its database; nothing else."""
    db.session.execute(sa.text("SELECT 1"))
    return {"status": "ok"}


def _enter(user: User) -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    signing_in.start(user)
    audit.record(user, "signed_in", user)
    login_user(user)


def _inside(address: str | None) -> str:
    """An address of ours to go on to, or home: never somebody else's site."""
    parts = urlsplit(address or "/")
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")
    return (address or "/") if inside and "\\" not in (address or "") else url_for("programmes.show_home")
