"""The roster of an event, its badges, and the page of one person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from certificates import issuing
from core import qr, web
from core.db import db
from core.web import answer_file
from door import attendance
from messages import outbox
from participants import (
    badges,
    consenting,
    duplicates,
    finding,
    identity,
    links,
    merging,
    policies,
    registration,
    roster,
    substituting,
)
from participants.forms import EraseForm, NewPersonForm, PersonForm, SearchForm
from participants.models import Origin, Participant, Registration
from places import giving, waiting
from privacy import erasure
from privacy.codes import grouped
from trainings.models import Event, EventSession

edge = Blueprint("people", __name__)
SHOWN_FOR = 60  # seconds that somebody's link stays on a trainer's screen


@edge.get("/events/<uid:event>/people")
@requires(policies.may_see_people, event=Event)
def list_people(event: Event) -> Any:
    form = SearchForm(request.args)
    search = form.search.data or ""
    return render_template(
        "participants/people.html",
        event=event,
        programme=event.programme,
        form=form,
        leaf=finding.leaf(event, search, request.args.get("page", 1, type=int)),
        attended=attendance.sessions_attended(event.id),
        taken=registration.places_taken(event),
        keeps_names=identity.keeps_names(event),
        may_print_blanks=policies.may_print_blanks(current_user, event.programme),
        may_substitute=event.starts_on > event.programme.today(),
        substitutions=substituting.of_event(event),
    )


@edge.get("/events/<uid:event>/people/new")
@requires(policies.may_see_people, event=Event)
def show_new_person(event: Event) -> Any:
    form = NewPersonForm(sector=roster.usual_sector(event).value, waits=True)
    form.keeps_names = identity.keeps_names(event)
    return _person_page(event, form)


@edge.post("/events/<uid:event>/people")
@requires(policies.may_see_people, event=Event)
def add_person(event: Event) -> Any:
    form = NewPersonForm()
    form.keeps_names = identity.keeps_names(event)
    if not form.validate_on_submit():
        return _person_page(event, form), 422
    person = roster.add(event.programme, form.details())
    if form.waits.data:
        place, said = waiting.register(person, event, Origin.BY_HAND), _("%(person)s stands on the waiting list now.")
    else:
        place, said = registration.register(person, event, Origin.BY_HAND), _("%(person)s has a place now.")
    audit.record(current_user, "added", person)
    db.session.commit()
    flash(said % {"person": place.called})
    return redirect(url_for("people.list_people", event=event.uid), 303)


@edge.get("/events/<uid:event>/badges.pdf")
@requires(policies.may_see_people, event=Event)
def print_badges(event: Event) -> Any:
    audit.record_at_once(current_user, "printed_badges", event)
    return answer_file(badges.draw(event), "application/pdf", "badges.pdf")


@edge.get("/people/<uid:participant>")
@requires(policies.may_see_person, participant=Participant)
def show_person(participant: Participant) -> Any:
    return render_template(
        "participants/person.html",
        person=participant,
        programme=participant.programme,
        places=registration.of_person(participant),
        form=EraseForm(),
        may_erase=policies.may_erase(current_user, participant),
        keeps_names=identity.may_be_kept(participant),
        record=links.record_of(participant),
        merges=merging.of_person(participant),
        similar=duplicates.of_person(participant) if policies.may_erase(current_user, participant) else [],
        consents=consenting.of_person(participant),
    )


@edge.get("/people/<uid:participant>/edit")
@requires(policies.may_see_person, participant=Participant)
def show_person_form(participant: Participant) -> Any:
    name = participant.name
    form = PersonForm(
        obj=participant,
        family=name.family if name else "",
        given=name.given if name else "",
        patronymic=name.patronymic if name else "",
        organisation=participant.organisation.name if participant.organisation else "",
        language=participant.language or "",
    )
    form.keeps_names = identity.may_be_kept(participant)
    return _correction_page(participant, form)


@edge.post("/people/<uid:participant>")
@requires(policies.may_see_person, participant=Participant)
def correct_person(participant: Participant) -> Any:
    form = PersonForm()
    form.needs_name = participant.name is not None
    form.keeps_names = identity.may_be_kept(participant)
    if not form.validate_on_submit():
        return _correction_page(participant, form), 422
    roster.correct(participant, form.details())
    audit.record(current_user, "corrected", participant)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("people.show_person", participant=participant.uid), 303)


@edge.get("/people/<uid:participant>/link")
@requires(policies.may_see_person, participant=Participant)
def show_link(participant: Participant) -> Any:
    return _link_page("participants/link.html", participant)


@edge.get("/people/<uid:participant>/link/screen")
@requires(policies.may_see_person, participant=Participant)
def hand_over_link(participant: Participant) -> Any:
    """The link to be scanned from this screen, which closes by itself, also where no script runs."""
    session = request.args.get("session")
    if session:
        back = url_for("door.show_door", event_session=load_or_404(EventSession, session).uid)
    else:
        back = url_for("people.show_person", participant=participant.uid)
    page = _link_page("participants/hand_over.html", participant, back=back, seconds=SHOWN_FOR)
    return page, {"Refresh": f"{SHOWN_FOR + 1}; url={back}"}


@edge.post("/people/<uid:participant>/link")
@requires(policies.may_see_person, participant=Participant)
def replace_link(participant: Participant) -> Any:
    roster.replace_link(participant)
    audit.record(current_user, "replaced_link", participant)
    db.session.commit()
    flash(_("The old link opens nothing any more. Show or print the new one."))
    return redirect(url_for("people.show_person", participant=participant.uid), 303)


@edge.post("/people/<uid:participant>/badge")
@requires(policies.may_see_person, participant=Participant)
def reissue_badge(participant: Participant) -> Any:
    roster.issue_badge(participant)
    audit.record(current_user, "reissued_badge", participant)
    db.session.commit()
    flash(_("The old badge is refused from now on. Print the new one."))
    return redirect(url_for("people.show_person", participant=participant.uid), 303)


@edge.post("/people/<uid:participant>/erasure")
@requires(policies.may_erase, participant=Participant)
def erase_person(participant: Participant) -> Any:
    form = EraseForm()
    if not form.validate_on_submit():
        flash(form.is_sure.errors[0] if form.is_sure.errors else _("Nothing was changed."))
        return redirect(url_for("people.show_person", participant=participant.uid), 303)
    erasure.forget(participant)
    issuing.forget_words_about(participant)
    outbox.forget_letters_to(participant)
    audit.record(current_user, "erased", participant)
    db.session.commit()
    flash(_("This person is forgotten. The numbers stay."))
    return redirect(url_for("people.show_person", participant=participant.uid), 303)


@edge.post("/registrations/<uid:place>/cancellation")
@requires(policies.may_change_place, place=Registration)
def cancel_place(place: Registration) -> Any:
    moved = waiting.give_back(place)
    audit.record(current_user, "cancelled", place, moved_up=len(moved))
    db.session.commit()
    flash(_("The place is free again. %(person)s can be given it back.", person=place.called))
    return redirect(url_for("people.list_people", event=place.event.uid), 303)


@edge.post("/registrations/<uid:place>/restoration")
@requires(policies.may_change_place, place=Registration)
def restore_place(place: Registration) -> Any:
    registration.restore(place)
    audit.record(current_user, "restored", place)
    db.session.commit()
    flash(_("%(person)s has a place now.", person=place.called))
    return redirect(url_for("people.list_people", event=place.event.uid), 303)


def _link_page(template: str, person: Participant, **more: Any) -> str:
    links.keep_typed_codes([person])
    audit.record_at_once(current_user, "showed_link", person)
    site = web.public_address()
    link = links.address_of(person, site)
    return render_template(
        template,
        person=person,
        programme=person.programme,
        link=link,
        code=qr.svg_path(link),
        typing_address=links.typing_address(site),
        typed_code=grouped(links.typed_code_of(person)),
        **more,
    )


def _person_page(event: Event, form: NewPersonForm) -> Any:
    return render_template(
        "participants/new_person.html",
        event=event,
        programme=event.programme,
        form=form,
        organisations=roster.organisations(event.programme),
        is_full=giving.count(event).free == 0,
    )


def _correction_page(participant: Participant, form: PersonForm) -> Any:
    return render_template(
        "participants/edit_person.html",
        person=participant,
        programme=participant.programme,
        form=form,
        organisations=roster.organisations(participant.programme),
    )
