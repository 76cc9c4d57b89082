"""Events: the list, the month, the home of one event, planning, moving, cancelling, closing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from certificates import qualifying
from core.db import db
from core.errors import Refused
from door import attendance, cases, headcounts
from feedback import evaluations, results
from materials import library
from participants import audience, identity, registration
from participants.models import PairingPurpose
from places import waiting
from quizzes import analysis, attempts, openings, writing
from quizzes.models import Phase
from trainings import agenda, policies, programmes, readiness, scheduling
from trainings.forms import EventFilter, EventForm
from trainings.models import Event, EventKind, EventStatus, Programme

edge = Blueprint("events", __name__)


@edge.get("/programmes/<uid:programme>/events")
@requires(policies.may_see_programme, programme=Programme)
def list_events(programme: Programme) -> Any:
    form = EventFilter(request.args)
    kind = EventKind(form.kind.data) if form.validate() and form.kind.data else None
    status = EventStatus(form.status.data) if form.validate() and form.status.data else None
    events = agenda.events_of(programme, kind, status)
    return render_template(
        "trainings/events.html",
        programme=programme,
        events=events,
        form=form,
        places=registration.places_taken_at(events),
        may_plan=policies.may_plan(current_user, programme),
    )


@edge.get("/programmes/<uid:programme>/calendar", defaults={"year": 0, "month": 0})
@edge.get("/programmes/<uid:programme>/calendar/<int(min=2000,max=2100):year>/<int(min=1,max=12):month>")
@requires(policies.may_see_programme, programme=Programme)
def show_calendar(programme: Programme, year: int, month: int) -> Any:
    today = programme.today()
    first = date(year or today.year, month or today.month, 1)
    return render_template(
        "trainings/calendar.html",
        programme=programme,
        first=first,
        weeks=agenda.month(programme, first.year, first.month),
        today=today,
        before=_month_address(programme, first, -1),
        after=_month_address(programme, first, 1),
    )


@edge.get("/programmes/<uid:programme>/events/new")
@requires(policies.may_plan, programme=Programme)
def show_new_event(programme: Programme) -> Any:
    return _event_form_page(programme, _event_form(programme))


@edge.post("/programmes/<uid:programme>/events")
@requires(policies.may_plan, programme=Programme)
def plan_event(programme: Programme) -> Any:
    form = _event_form(programme)
    if "more_sessions" not in request.form and form.validate_on_submit():
        try:
            plan = form.plan(agenda.venues(programme), programmes.trainers(programme), programme.time_zone)
            event = scheduling.plan(programme, plan, despite_clashes=form.despite_clashes.data)
            audit.record(current_user, "planned", event)
            db.session.commit()
            flash(_("The event is planned."))
            return redirect(url_for("events.show_event", event=event.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _event_form_page(programme, form), 422


@edge.get("/events/<uid:event>")
@requires(policies.may_see_event, event=Event)
def show_event(event: Event) -> Any:
    may_run = policies.may_run_event(current_user, event)
    used = openings.of_event(event)
    return render_template(
        "trainings/event.html",
        event=event,
        programme=event.programme,
        may_plan=policies.may_plan(current_user, event),
        may_run=may_run,
        may_review=policies.manages(current_user, event.programme_id),
        to_review=cases.open_count(event),
        taken=registration.places_taken(event),
        present=attendance.counts_of(event.sessions),
        figure=headcounts.figure(event),
        current_session=agenda.current_session(event),
        event_quizzes=used,
        phase_counts={event_quiz.id: analysis.phase_counts(event_quiz) for event_quiz in used},
        knowledge={event_quiz.id: analysis.knowledge(analysis.pairs_at(event_quiz)) for event_quiz in used},
        feedback=results.of_event(event, PairingPurpose.EVALUATION),
        follow_up=results.of_event(event, PairingPurpose.FOLLOW_UP),
        unused_quizzes=[q for q in writing.of_programme(event.programme_id) if q.key not in {u.quiz.key for u in used}],
        materials=library.of_programme(event.programme),
        missing=readiness.missing(event, registration.places_taken(event), bool(used)),
        Phase=Phase,
        audience=audience.clashes(event, event.sessions) if event.is_planned else [],
    )


@edge.get("/events/<uid:event>/edit")
@requires(policies.may_plan, event=Event)
def show_event_form(event: Event) -> Any:
    form = _event_form(event.programme)
    form.show(event)
    return _event_form_page(event.programme, form, event)


@edge.post("/events/<uid:event>")
@requires(policies.may_plan, event=Event)
def revise_event(event: Event) -> Any:
    programme = event.programme
    form = _event_form(programme)
    if "more_sessions" not in request.form and form.validate_on_submit():
        try:
            plan = form.plan(agenda.venues(programme), programmes.trainers(programme), programme.time_zone, event)
            _revise(event, plan, form)
            audit.record(current_user, "revised", event)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("events.show_event", event=event.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _event_form_page(programme, form, event), 422


@edge.post("/events/<uid:event>/closing")
@requires(policies.may_run_event, event=Event)
def close_event(event: Event) -> Any:
    scheduling.close(event)
    attempts.gather(event)
    qualifying.settle(event)  # while the key still tells who took the quiz
    openings.seal(event)
    evaluations.close(event, PairingPurpose.EVALUATION)
    audit.record(current_user, "closed", event)
    db.session.commit()
    flash(_("The event is closed and counts from now on. Answers to its quizzes are anonymous for good."))
    return redirect(url_for("events.show_event", event=event.uid), 303)


def _event_form(programme: Programme) -> EventForm:
    form = EventForm()
    form.offer(agenda.venues(programme), programmes.trainers(programme))
    return form


def _event_form_page(programme: Programme, form: EventForm, event: Event | None = None) -> Any:
    if "more_sessions" in request.form:
        form.sessions.append_entry()
    would_go = identity.effect_of_raising(event).erased if event and identity.keeps_names(event) else 0
    return render_template(
        "trainings/event_form.html",
        programme=programme,
        form=form,
        event=event,
        would_go=would_go,
    )


def _revise(event: Event, plan: scheduling.EventPlan, form: EventForm) -> None:
    """Change the plan, and do to the people what follows from it."""
    attendance.refuse_dropping(event, len(plan.sessions))
    identity.refuse_unsaid(event, plan.privacy, is_said=form.erases_names.data)
    scheduling.revise(event, plan, despite_clashes=form.despite_clashes.data)
    audience.refuse_clashes(event, despite=form.despite_clashes.data)
    waiting.fill(event)
    erased = identity.follow(event)
    if erased:
        audit.record(current_user, "erased_names", event, people=erased)


def _month_address(programme: Programme, first: date, step: int) -> str:
    months = first.year * 12 + first.month - 1 + step
    return url_for("events.show_calendar", programme=programme.uid, year=months // 12, month=months % 12 + 1)
