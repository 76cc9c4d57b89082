"""Visits: begun, written down on a phone answer by answer, handed in, returned, approved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.forms import BaseForm
from core.saving import refusals_in, saved
from monitoring import policies, protocol, visits
from monitoring.forms import ReturnForm, VisitForm, VisitsFilter, visit_form
from monitoring.models import PoliceUnit, Visit, VisitState
from monitoring.visits import Jotting, VisitRecord
from participants import roster
from trainings.models import Programme

edge = Blueprint("visits", __name__)


@edge.get("/programmes/<uid:programme>/visits")
@requires(policies.may_see_register, programme=Programme)
def list_visits(programme: Programme) -> Any:
    form = VisitsFilter(request.args)
    state = VisitState(form.state.data) if form.validate() and form.state.data else None
    return render_template(
        "monitoring/visits.html",
        programme=programme,
        form=form,
        visits=visits.seen_by(programme, current_user, state),
        sees_all=policies.may_keep_units(current_user, programme),
        words=visits,
    )


@edge.post("/units/<uid:unit>/visits")
@requires(policies.may_visit, unit=PoliceUnit)
def begin_visit(unit: PoliceUnit) -> Any:
    visit = visits.begin(unit, current_user)
    audit.record(current_user, "began", visit)
    db.session.commit()
    return redirect(url_for("visits.show_visit", visit=visit.uid), 303)


@edge.get("/visits/<uid:visit>")
@requires(policies.may_see_visit, visit=Visit)
def show_visit(visit: Visit) -> Any:
    return _visit_page(visit, _form_of(visit))


@edge.post("/visits/<uid:visit>")
@requires(policies.may_write_visit, visit=Visit)
def revise_visit(visit: Visit) -> Any:
    form = _form_of(visit)
    if form.validate_on_submit():
        with refusals_in(form):
            visits.revise(visit, _seen(visit, form))
            audit.record(current_user, "revised", visit)
            return saved(_("Saved."), url_for("visits.show_visit", visit=visit.uid))
    return _visit_page(visit, form), 422


@edge.post("/visits/<uid:visit>/answers")
@requires(policies.may_write_visit, visit=Visit)
def save_answers(visit: Visit) -> Any:
    """The answers that came, each by itself: what cannot be read is told and holds up nothing."""
    form = _form_of(visit)
    form.validate()
    wrong = {field.name: str(field.errors[0]) for field in form if field.name in request.form and field.errors}
    visits.jot(visit, _jotting(visit, form, request.form.keys() - wrong.keys()))
    db.session.commit()
    return jsonify(outcome="saved", wrong=wrong)


@edge.post("/visits/<uid:visit>/handing-in")
@requires(policies.may_write_visit, visit=Visit)
def hand_in_visit(visit: Visit) -> Any:
    form = _form_of(visit)
    if form.validate_on_submit():
        with refusals_in(form):
            visits.revise(visit, _seen(visit, form))
            visits.hand_in(visit)
            audit.record(current_user, "handed_in", visit)
            return saved(
                _("The visit is handed in; somebody else approves it."), url_for("visits.show_visit", visit=visit.uid)
            )
    return _visit_page(visit, form), 422


@edge.post("/visits/<uid:visit>/return")
@requires(policies.may_approve, visit=Visit)
def return_visit(visit: Visit) -> Any:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _visit_page(visit, _form_of(visit), form), 422
    visits.send_back(visit, form.note.data)
    audit.record(current_user, "returned", visit)
    return saved(_("The visit is returned with your note."), url_for("visits.show_visit", visit=visit.uid))


@edge.post("/visits/<uid:visit>/approval")
@requires(policies.may_approve, visit=Visit)
def approve_visit(visit: Visit) -> Any:
    visits.approve(visit, current_user)
    audit.record(current_user, "approved", visit)
    return saved(_("The visit is approved and counts."), url_for("visits.show_visit", visit=visit.uid))


@edge.post("/visits/<uid:visit>/discarding")
@requires(policies.may_write_visit, visit=Visit)
def discard_visit(visit: Visit) -> Any:
    unit = visit.police_unit
    audit.record(current_user, "discarded", visit)
    visits.discard(visit)
    return saved(_("The draft is thrown away."), url_for("monitoring.show_unit", unit=unit.uid))


def _form_of(visit: Visit) -> VisitForm:
    return visit_form(protocol.items(visit.police_unit.programme), visit)


def _seen(visit: Visit, form: VisitForm) -> VisitRecord:
    programme = visit.police_unit.programme
    return VisitRecord(
        visited_on=form.visited_on.data,
        organisation=roster.find_organisation(programme, form.organisation.data or ""),
        monitor_count=form.monitor_count.data,
        findings=form.findings(protocol.items(programme)),
        notes=form.notes.data or "",
        announcement=form.announced,
    )


def _jotting(visit: Visit, form: VisitForm, came: set[str]) -> Jotting:
    seen = _seen(visit, form)
    return Jotting(
        visited_on=seen.visited_on if "visited_on" in came else None,
        organisation=seen.organisation if "organisation" in came else None,
        monitor_count=seen.monitor_count if "monitor_count" in came else None,
        findings={key: word for key, word in seen.findings.items() if f"item-{key}" in came},
        notes=seen.notes if "notes" in came else None,
        announcement=seen.announcement if "announcement" in came else None,
    )


def _visit_page(visit: Visit, form: VisitForm, return_form: BaseForm | None = None) -> Any:
    programme, may_write = visit.police_unit.programme, policies.may_write_visit(current_user, visit)
    return render_template(
        "monitoring/visit.html",
        unit=visit.police_unit,
        visit=visit,
        programme=programme,
        form=form,
        return_form=return_form or ReturnForm(formdata=None),
        items=protocol.items(programme),
        organisations=roster.organisations(programme),
        unanswered=visits.unanswered(visit),
        may_write=may_write and visit.is_open,
        may_approve=policies.may_approve(current_user, visit) and not may_write,
        phone_key=visits.phone_key(visit) if may_write and visit.is_open else "",
        words=visits,
    )
