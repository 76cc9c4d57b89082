"""Home, the overview of a programme, its team and its venues."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit, staff
from accounts.access import load_or_404, requires
from accounts.forms import PROGRAMME_ROLES, ROLE_NAMES
from accounts.models import Role, User
from accounts.policies import is_staff
from core.db import db
from core.saving import saved
from door import attendance
from feedback import follow_ups
from participants import registration
from quizzes import analysis, openings
from quizzes.models import EventQuiz, Phase
from trainings import agenda, policies, programmes, readiness, scheduling
from trainings.forms import TeamForm, TeamRoleForm, VenueForm
from trainings.models import Event, Programme, Venue

edge = Blueprint("programmes", __name__)


@edge.get("/")
@requires(is_staff)
def show_home() -> Any:
    mine = programmes.visible_to(current_user)
    if len(mine) == 1:
        return redirect(url_for("programmes.show_programme", programme=mine[0].uid), 303)
    return render_template("trainings/home.html", programmes=mine)


@edge.get("/programmes/<uid:programme>")
@requires(policies.may_see_programme, programme=Programme)
def show_programme(programme: Programme) -> Any:
    """Today: what is on, what to close, what comes next; of a trainer, what they lead."""
    if policies.role_in(current_user, programme.id) == Role.TRAINER:
        return _my_day(programme)
    may_plan = policies.may_plan(current_user, programme)
    today = agenda.on_now(programme)
    coming = agenda.coming(programme)
    sessions = [event_session for event in today for event_session in event.sessions]
    return render_template(
        "trainings/programme.html",
        programme=programme,
        today=today,
        coming=coming,
        not_closed=agenda.not_closed(programme),
        places=registration.places_taken_at([*today, *coming]),
        present=attendance.counts_of(sessions),
        current_session=agenda.current_session,
        may_run=policies.may_run_event,
        may_plan=may_plan,
        quizzes={event.id: _quizzes_at_hand(event) for event in today},
        follow_ups_due=follow_ups.due_count(programme, lambda event: policies.may_run_event(current_user, event)),
        lacking=_lacking(programme) if may_plan else [],
    )


@edge.get("/programmes/<uid:programme>/team")
@requires(policies.may_plan, programme=Programme)
def show_team(programme: Programme) -> Any:
    form = _team_form(programme)
    return render_template(
        "trainings/team.html",
        programme=programme,
        team=programmes.team(programme),
        form=form,
        roles=[(role.value, ROLE_NAMES[role]) for role in PROGRAMME_ROLES],
    )


@edge.post("/programmes/<uid:programme>/team")
@requires(policies.may_plan, programme=Programme)
def assign_to_team(programme: Programme) -> Any:
    form = _team_form(programme)
    if form.validate_on_submit():
        user = load_or_404(User, form.user.data)
        programmes.assign(programme, user, Role(form.role.data) if form.role.data else None)
        audit.record(current_user, "assigned", user, programme=programme.uid, role=form.role.data or "usual")
        db.session.commit()
        flash(_("%(name)s works in this programme now.", name=user.name))
    return redirect(url_for("programmes.show_team", programme=programme.uid), 303)


@edge.post("/programmes/<uid:programme>/team/<uid:user>/role")
@requires(policies.may_plan_with, programme=Programme, user=User)
def change_role_in_team(programme: Programme, user: User) -> Any:
    form = TeamRoleForm()
    if not form.validate_on_submit() or user.uid not in {one.user.uid for one in programmes.team(programme)}:
        abort(400)
    programmes.assign(programme, user, Role(form.role.data))
    audit.record(current_user, "assigned", user, programme=programme.uid, role=form.role.data)
    said = _("%(name)s: %(role)s from now on.", name=user.name, role=ROLE_NAMES[Role(form.role.data)])
    return saved(said, url_for("programmes.show_team", programme=programme.uid))


@edge.post("/programmes/<uid:programme>/team/<uid:user>/withdrawal")
@requires(policies.may_plan_with, programme=Programme, user=User)
def withdraw_from_team(programme: Programme, user: User) -> Any:
    programmes.withdraw(programme, user)
    audit.record(current_user, "withdrew", user, programme=programme.uid)
    db.session.commit()
    flash(_("%(name)s no longer works in this programme.", name=user.name))
    return redirect(url_for("programmes.show_team", programme=programme.uid), 303)


@edge.get("/programmes/<uid:programme>/venues")
@requires(policies.may_see_programme, programme=Programme)
def list_venues(programme: Programme) -> Any:
    return _venues_page(programme, VenueForm())


@edge.post("/programmes/<uid:programme>/venues")
@requires(policies.may_plan, programme=Programme)
def add_venue(programme: Programme) -> Any:
    form = VenueForm()
    if not form.validate_on_submit():
        return _venues_page(programme, form), 422
    venue = Venue(
        programme_id=programme.id,
        name=form.name.texts,
        town=form.town.texts,
        capacity=form.capacity.data,
        access=form.access.texts or None,
    )
    db.session.add(venue)
    audit.record(current_user, "added", venue)
    db.session.commit()
    flash(_("The venue can be chosen now."))
    return redirect(url_for("programmes.list_venues", programme=programme.uid), 303)


@edge.get("/venues/<uid:venue>")
@requires(policies.may_plan, venue=Venue)
def show_venue(venue: Venue) -> Any:
    return _venue_page(venue, VenueForm(obj=venue))


@edge.post("/venues/<uid:venue>")
@requires(policies.may_plan, venue=Venue)
def revise_venue(venue: Venue) -> Any:
    form = VenueForm()
    if not form.validate_on_submit():
        return _venue_page(venue, form), 422
    scheduling.revise_venue(
        venue,
        name=form.name.texts,
        town=form.town.texts,
        capacity=form.capacity.data,
        access=form.access.texts or None,
    )
    audit.record(current_user, "revised", venue)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("programmes.list_venues", programme=venue.programme.uid), 303)


def _venue_page(venue: Venue, form: VenueForm) -> Any:
    return render_template("trainings/venue.html", programme=venue.programme, venue=venue, form=form)


def _lacking(programme: Programme) -> list[tuple[Event, list[readiness.Gap]]]:
    """Events of these weeks that lack something, and what; the nearest to today first."""
    today = programme.today()
    found = [(event, readiness.gaps(event)) for event in readiness.near(programme)]
    return sorted(
        ((event, gaps) for event, gaps in found if gaps), key=lambda lacking: abs((lacking[0].starts_on - today).days)
    )


def _quizzes_at_hand(event: Event) -> list[tuple[EventQuiz, Phase, int]]:
    """What is opened or closed next at an event of today, and how many answers are in."""
    return [(used, phase, analysis.phase_counts(used)[phase]) for used, phase in openings.at_hand(event)]


def _my_day(programme: Programme) -> Any:
    """A trainer's day: the door, the quiz, the sheet and the headcount of what is on; what waits; what is next."""
    today, coming = agenda.on_now(programme, current_user), agenda.led_next(programme, current_user)
    own = [event for event in readiness.near(programme) if policies.leads(current_user, event)]
    to_do = [(event, gap) for event in own for gap in readiness.gaps(event) if gap.whose == readiness.Whose.TRAINERS]
    return render_template(
        "trainings/my_day.html",
        programme=programme,
        today=today,
        coming=coming,
        to_do=to_do,
        places=registration.places_taken_at([*today, *coming]),
        present=attendance.counts_of([event_session for event in today for event_session in event.sessions]),
        current_session=agenda.current_session,
        quizzes={event.id: _quizzes_at_hand(event) for event in today},
        follow_ups_due=follow_ups.due_count(programme, lambda event: policies.may_run_event(current_user, event)),
    )


def _team_form(programme: Programme) -> TeamForm:
    form = TeamForm()
    inside = {membership.user_id for membership in programmes.team(programme)}
    form.user.choices = [
        (user.uid, user.name) for user in staff.everyone() if user.id not in inside and user.is_working
    ]
    return form


def _venues_page(programme: Programme, form: VenueForm) -> Any:
    return render_template(
        "trainings/venues.html",
        programme=programme,
        venues=agenda.venues(programme),
        form=form,
        may_plan=policies.may_plan(current_user, programme),
    )
