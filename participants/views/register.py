"""Everybody of a programme: the list, records that may be one person's side by side, making them one and two again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.forms import BaseForm
from participants import duplicates, finding, merging, policies, registration, roster
from participants.forms import FIELD_NAMES, REASON_NAMES, SearchForm
from participants.models import Participant
from participants.people_models import Merge
from trainings.models import Programme

edge = Blueprint("register", __name__)
PAIRS = 50  # shown at once, the likeliest


@edge.get("/programmes/<uid:programme>/people")
@requires(policies.may_see_register, programme=Programme)
def list_everybody(programme: Programme) -> Any:
    form = SearchForm(request.args)
    return render_template(
        "participants/register.html",
        programme=programme,
        form=form,
        leaf=finding.people_leaf(programme, form.search.data or "", request.args.get("page", 1, type=int)),
        pairs=len(duplicates.of_programme(programme)),
    )


@edge.get("/programmes/<uid:programme>/duplicates")
@requires(policies.may_see_register, programme=Programme)
def list_duplicates(programme: Programme) -> Any:
    leaf = duplicates.leaf(programme, PAIRS)
    return render_template(
        "participants/duplicates.html", programme=programme, leaf=leaf, reason_names=REASON_NAMES, form=BaseForm()
    )


@edge.get("/people/<uid:participant>/duplicates/<uid:other>")
@requires(policies.may_merge, participant=Participant, other=Participant)
def compare_people(participant: Participant, other: Participant) -> Any:
    return render_template(
        "participants/compare.html",
        programme=participant.programme,
        people=(participant, other),
        details=(roster.details_of(participant), roster.details_of(other)),
        places=(registration.of_person(participant), registration.of_person(other)),
        field_names=FIELD_NAMES,
        form=BaseForm(),
    )


@edge.post("/people/<uid:participant>/duplicates/<uid:other>/merging")
@requires(policies.may_merge, participant=Participant, other=Participant)
def merge_people(participant: Participant, other: Participant) -> Any:
    values = {field: request.form.get(field, "kept") for field in FIELD_NAMES}
    made = merging.merge(participant, other, values, current_user)
    audit.record(current_user, "merged", participant)
    db.session.commit()
    flash(_("The two records are one now. This can be taken back on this page."))
    return redirect(url_for("people.show_person", participant=made.kept.uid), 303)


@edge.post("/people/<uid:participant>/duplicates/<uid:other>/telling-apart")
@requires(policies.may_merge, participant=Participant, other=Participant)
def tell_apart(participant: Participant, other: Participant) -> Any:
    duplicates.tell_apart(participant, other, current_user)
    audit.record(current_user, "told_apart", participant)
    db.session.commit()
    flash(_("These are two people; you will not be asked about them again."))
    return redirect(url_for("register.list_duplicates", programme=participant.programme.uid), 303)


@edge.post("/merges/<uid:merge>/undoing")
@requires(policies.may_undo_merge, merge=Merge)
def undo_merge(merge: Merge) -> Any:
    merging.undo(merge, current_user)
    audit.record(current_user, "undid_merge", merge.kept)
    db.session.commit()
    flash(_("The records are two again."))
    return redirect(url_for("people.show_person", participant=merge.kept.uid), 303)
