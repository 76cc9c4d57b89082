"""What clashed at an event's doors: the list, settling one or several, whose a code is, taking a decision back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.web import answer_problem
from door import cases, policies, prospects, reviews
from door.forms import SOURCE_NAMES
from door.models import Decision, ScanReview
from door.review_forms import (
    DECISION_NAMES,
    REASON_NAMES,
    REASON_WHY,
    AttachForm,
    SettleForm,
    TogetherForm,
)
from participants import finding, identity, roster
from participants.forms import PersonForm, SearchForm
from trainings.models import Event

edge = Blueprint("reviews", __name__)


@edge.get("/events/<uid:event>/reviews")
@requires(policies.may_review, event=Event)
def list_reviews(event: Event) -> Any:
    return render_template(
        "door/reviews.html",
        event=event,
        programme=event.programme,
        leaf=cases.open_at(event, request.args.get("page", 1, type=int)),
        settled=cases.settled_at(event),
        choices_of=prospects.of,
        reason_names=REASON_NAMES,
        reason_why=REASON_WHY,
        decision_names=DECISION_NAMES,
        source_names=SOURCE_NAMES,
    )


@edge.post("/reviews/<uid:review>/settlement")
@requires(policies.may_settle, review=ScanReview)
def settle_review(review: ScanReview) -> Any:
    form = SettleForm()
    if not form.validate_on_submit():
        return answer_problem(422, _("This cannot be done"), reviews.NotThisWay().message)
    decision = Decision(form.decision.data)
    named = {"session": form.session.data or "", "person": form.person.data or ""}
    reviews.settle(review, decision, current_user, **named)
    audit.record(current_user, f"review_{decision}", review)
    db.session.commit()
    flash(_("Settled. It can be taken back below, under “Settled”."))
    return redirect(url_for("reviews.list_reviews", event=review.event.uid), 303)


@edge.post("/events/<uid:event>/reviews/settlements")
@requires(policies.may_review, event=Event)
def settle_together(event: Event) -> Any:
    form = TogetherForm()
    chosen = reviews.chosen(event, form.review.data or [], form.every.data or "")
    if not form.validate_on_submit() or not chosen:
        flash(_("Nothing was changed. Tick those that you mean first."))
        return redirect(url_for("reviews.list_reviews", event=event.uid), 303)
    decision = Decision(form.decision.data)
    settled, left = reviews.settle_all(chosen, decision, current_user)
    audit.record(current_user, f"reviews_{decision}", event, settled=settled, left=left)
    db.session.commit()
    flash(ngettext("%(num)s is settled.", "%(num)s are settled.", settled))
    if left:
        flash(ngettext("%(num)s has to be looked at by itself.", "%(num)s have to be looked at one by one.", left))
    return redirect(url_for("reviews.list_reviews", event=event.uid), 303)


@edge.post("/reviews/<uid:review>/reopening")
@requires(policies.may_settle, review=ScanReview)
def reopen_review(review: ScanReview) -> Any:
    reviews.undo(review, current_user)
    audit.record(current_user, "review_reopened", review)
    db.session.commit()
    flash(_("The decision is taken back; it waits again."))
    return redirect(url_for("reviews.list_reviews", event=review.event.uid), 303)


@edge.get("/reviews/<uid:review>/person")
@requires(policies.may_settle, review=ScanReview)
def show_whose(review: ScanReview) -> Any:
    return _whose_page(review, PersonForm(sector=roster.usual_sector(review.event).value))


@edge.post("/reviews/<uid:review>/person")
@requires(policies.may_settle, review=ScanReview)
def attach_person(review: ScanReview) -> Any:
    form = AttachForm()
    person = finding.find_by_uid(review.event.programme, form.person.data or "")
    if not form.validate_on_submit() or person is None:
        return answer_problem(422, _("This cannot be done"), _("Nobody of this programme is meant by this."))
    presences = reviews.attach(review, person, current_user)
    audit.record(current_user, "code_attached", review, presences=presences)
    db.session.commit()
    flash(_("The code is this person's now: %(person)s.", person=person.called))
    return redirect(url_for("reviews.list_reviews", event=review.event.uid), 303)


@edge.post("/reviews/<uid:review>/new-person")
@requires(policies.may_settle, review=ScanReview)
def attach_new_person(review: ScanReview) -> Any:
    form = PersonForm()
    form.needs_name = identity.keeps_names(review.event)
    if not form.validate_on_submit():
        return _whose_page(review, form), 422
    person = roster.add(review.event.programme, form.details())
    presences = reviews.attach(review, person, current_user, is_new=True)
    audit.record(current_user, "code_attached", review, presences=presences)
    db.session.commit()
    flash(_("The code is this person's now: %(person)s.", person=person.called))
    return redirect(url_for("reviews.list_reviews", event=review.event.uid), 303)


def _whose_page(review: ScanReview, form: PersonForm) -> Any:
    event, search_form = review.event, SearchForm(request.args if request.method == "GET" else None)
    search = search_form.search.data or ""
    readings = reviews.readings_of(review)
    return render_template(
        "door/whose.html",
        event=event,
        programme=event.programme,
        case=cases.of(review),
        readings=readings,
        search_form=search_form,
        candidates=prospects.candidates(event, search, readings),
        form=form,
        keeps_names=identity.keeps_names(event),
        organisations=roster.organisations(event.programme),
    )
