"""Pages of staff about staff: signing out, people with access, the audit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from accounts import audit, policies, signing_in, staff
from accounts.access import requires
from accounts.forms import StaffForm
from accounts.models import Role, User
from core.db import db
from core.errors import Refused
from trainings import programmes
from upkeep import deeds
from upkeep.forms import AuditFilterForm

edge = Blueprint("accounts", __name__)


@edge.post("/sign-out")
@requires(policies.is_staff)
def sign_out() -> Any:
    signing_in.end(current_user.sign_in_token)
    audit.record(current_user, "signed_out", current_user)
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("accounts_public.show_sign_in"), 303)


@edge.get("/staff")
@requires(policies.may_manage_staff)
def list_staff() -> Any:
    return render_template("accounts/staff.html", people=staff.everyone(), form=StaffForm())


@edge.post("/staff")
@requires(policies.may_manage_staff)
def add_staff() -> Any:
    form = StaffForm()
    if form.validate_on_submit():
        try:
            user = staff.add(form.name.data, form.email.data, Role(form.role.data))
            return _show_invitation(user, "added")
        except Refused as refusal:
            form.refuse(refusal)
    page = render_template("accounts/staff.html", people=staff.everyone(), form=form)
    return page, 422


@edge.post("/staff/<uid:user>/invitation")
@requires(policies.may_manage_staff, user=User)
def invite_staff(user: User) -> Any:
    return _show_invitation(user, "invited")


@edge.post("/staff/<uid:user>/departure")
@requires(policies.may_manage_staff, user=User)
def let_staff_go(user: User) -> Any:
    staff.let_go(user)
    audit.record(current_user, "let_go", user)
    db.session.commit()
    flash(_("%(name)s can no longer sign in.", name=user.name))
    return redirect(url_for("accounts.list_staff"), 303)


@edge.post("/staff/<uid:user>/return")
@requires(policies.may_manage_staff, user=User)
def take_staff_back(user: User) -> Any:
    staff.take_back(user)
    audit.record(current_user, "took_back", user)
    db.session.commit()
    flash(_("%(name)s can sign in again.", name=user.name))
    return redirect(url_for("accounts.list_staff"), 303)


@edge.get("/audit")
@requires(policies.may_read_audit)
def list_audit() -> Any:
    form = AuditFilterForm(request.args, staff.everyone(), programmes.visible_to(current_user))
    leaf = deeds.find(request.args.get("page", 1, type=int), **form.asked)
    return render_template("accounts/audit.html", form=form, leaf=leaf)


def _show_invitation(user: User, deed: str) -> Any:
    token = staff.invite(user)
    audit.record(current_user, deed, user)
    db.session.commit()
    link = url_for("accounts_public.show_welcome", token=token, _external=True)
    return render_template("accounts/invitation.html", user=user, link=link)
