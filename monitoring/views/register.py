"""The register's first page, the police units, and how far the programme's units are covered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import refusals_in, saved
from monitoring import comparing, coverage, policies, protocol, units, visits
from monitoring.comparing import Change
from monitoring.forms import CoverageFilter, UnitForm
from monitoring.models import PoliceUnit, VisitState
from trainings.models import Programme

edge = Blueprint("monitoring", __name__)


@edge.get("/programmes/<uid:programme>/monitoring")
@requires(policies.may_see_register, programme=Programme)
def show_register(programme: Programme) -> Any:
    return render_template(
        "monitoring/register.html",
        programme=programme,
        observed=coverage.of_programme(programme),
        own=visits.of_programme(programme, by=current_user),
        waiting=visits.seen_by(programme, current_user, VisitState.HANDED_IN),
        may_keep_units=policies.may_keep_units(current_user, programme),
        words=visits,
    )


@edge.get("/programmes/<uid:programme>/coverage")
@requires(policies.may_see_register, programme=Programme)
def show_coverage(programme: Programme) -> Any:
    form = CoverageFilter(request.args)
    months = int(form.months.data) if form.validate() else 6
    observed = coverage.of_programme(programme)
    return render_template(
        "monitoring/coverage.html",
        programme=programme,
        form=form,
        months=months,
        observed=observed,
        regions=coverage.by_region(observed),
        due=[row for row in observed if row.is_due(programme.today(), months)],
    )


@edge.get("/programmes/<uid:programme>/units/new")
@requires(policies.may_keep_units, programme=Programme)
def show_new_unit(programme: Programme) -> Any:
    return _unit_form_page(programme, UnitForm())


@edge.post("/programmes/<uid:programme>/units")
@requires(policies.may_keep_units, programme=Programme)
def add_unit(programme: Programme) -> Any:
    form = UnitForm()
    if form.validate_on_submit():
        with refusals_in(form):
            unit = units.add(programme, form.alias.data, form.region.data, form.name.data or "")
            audit.record(current_user, "added", unit)
            return saved(_("The unit is in the register."), url_for("monitoring.show_unit", unit=unit.uid))
    return _unit_form_page(programme, form), 422


@edge.get("/units/<uid:unit>")
@requires(policies.may_visit, unit=PoliceUnit)
def show_unit(unit: PoliceUnit) -> Any:
    items, made = protocol.items(unit.programme), units.visits_to(unit)
    approved = [visit for visit in made if visit.is_approved]
    return render_template(
        "monitoring/unit.html",
        unit=unit,
        programme=unit.programme,
        items=items,
        visits=made,
        approved=approved,
        comparisons=comparing.one_by_one(approved, [item.key for item in items]),
        reports=units.reports_about(unit),
        may_keep=policies.may_keep_unit(current_user, unit),
        may_see=policies.may_see_visit,
        words=visits,
        Change=Change,
    )


@edge.get("/units/<uid:unit>/edit")
@requires(policies.may_keep_unit, unit=PoliceUnit)
def show_unit_form(unit: PoliceUnit) -> Any:
    audit.record_at_once(current_user, "showed_unit_name", unit)
    return _unit_form_page(unit.programme, UnitForm(obj=unit), unit)


@edge.post("/units/<uid:unit>")
@requires(policies.may_keep_unit, unit=PoliceUnit)
def revise_unit(unit: PoliceUnit) -> Any:
    form = UnitForm()
    if form.validate_on_submit():
        with refusals_in(form):
            units.revise(unit, form.alias.data, form.region.data, form.name.data or "")
            audit.record(current_user, "revised", unit)
            return saved(_("Saved."), url_for("monitoring.show_unit", unit=unit.uid))
    return _unit_form_page(unit.programme, form, unit), 422


def _unit_form_page(programme: Programme, form: UnitForm, unit: PoliceUnit | None = None) -> Any:
    regions = sorted({other.region for other in units.of_programme(programme)})
    return render_template("monitoring/unit_form.html", programme=programme, form=form, unit=unit, regions=regions)
