"""Pages of staff about staff: signing out, people with access, the audit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from accounts import audit, policies, signing_in, staff
from accounts.access import requires
from accounts.forms import RightsForm, StaffForm
from accounts.models import Role, User
from core.db import db
from core.errors import Refused
from core.saving import refusals_in, saved
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
    return _staff_page(_staff_form())


@edge.post("/staff")
@requires(policies.may_manage_staff)
def add_staff() -> Any:
    form = _staff_form()
    if form.validate_on_submit():
        try:
            user = staff.add(form.name.data, form.email.data, Role(form.role.data))
            if form.programme.data and user.role != Role.ADMINISTRATOR:
                _settle_roles(user, {form.programme.data: user.role})
            return _show_invitation(user, "added")
        except Refused as refusal:
            form.refuse(refusal)
    return _staff_page(form), 422


@edge.get("/staff/<uid:user>")
@requires(policies.may_manage_staff, user=User)
def show_rights(user: User) -> Any:
    given = {f"in-{uid}": role.value for uid, role in programmes.roles_of(user).items()}
    return _rights_page(user, _rights_form(data={"role": user.role.value, **given}))


@edge.post("/staff/<uid:user>")
@requires(policies.may_manage_staff, user=User)
def settle_rights(user: User) -> Any:
    form = _rights_form()
    if form.validate_on_submit():
        with refusals_in(form):
            _settle(user, form)
            stays = policies.may_manage_staff(current_user)
            return saved(_("Saved."), url_for("accounts.list_staff" if stays else "programmes.show_home"))
    return _rights_page(user, form), 422


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


def _staff_form() -> StaffForm:
    form = StaffForm()
    form.offer([(p.uid, p.title) for p in programmes.visible_to(current_user)])
    return form


def _staff_page(form: StaffForm) -> str:
    return render_template(
        "accounts/staff.html",
        people=staff.everyone(),
        form=form,
        memberships=programmes.roles_at_work(),
        are_many=len(programmes.visible_to(current_user)) > 1,
    )


def _rights_form(**given: Any) -> RightsForm:
    return RightsForm.for_programmes([(p.uid, p.title) for p in programmes.visible_to(current_user)], **given)


def _rights_page(user: User, form: RightsForm) -> str:
    return render_template("accounts/rights.html", user=user, form=form)


def _settle(user: User, form: RightsForm) -> None:
    """The role of the account and those in programmes; each change is written down by itself."""
    if staff.change_role(user, Role(form.role.data)):
        audit.record(current_user, "changed_role", user, role=form.role.data)
    _settle_roles(user, form.roles)


def _settle_roles(user: User, roles: dict[str, Role | None]) -> None:
    for programme, role in programmes.settle_roles(user, roles):
        if role is None:
            audit.record(current_user, "withdrew", user, programme=programme.uid)
        else:
            audit.record(current_user, "assigned", user, programme=programme.uid, role=role.value)


def _show_invitation(user: User, deed: str) -> Any:
    token = staff.invite(user)
    audit.record(current_user, deed, user)
    db.session.commit()
    link = url_for("accounts_public.show_welcome", token=token, _external=True)
    return render_template("accounts/invitation.html", user=user, link=link)
