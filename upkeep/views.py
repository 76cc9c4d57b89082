"""Pages of the installation: background work, health, settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.queue import queue
from core.runs import JobRun
from trainings.models import Programme
from upkeep import health, policies, work
from upkeep.wording import job_name

edge = Blueprint("upkeep", __name__)
edge.app_template_filter("job_name")(job_name)


@edge.get("/jobs")
@requires(policies.may_keep_up)
def list_jobs() -> Any:
    return render_template("upkeep/jobs.html", asked=work.asked_for(), recurring=work.recurring())


@edge.get("/programmes/<uid:programme>/jobs")
@requires(policies.may_see_work, programme=Programme)
def list_programme_jobs(programme: Programme) -> Any:
    return render_template("upkeep/jobs.html", programme=programme, asked=work.asked_for(programme))


@edge.post("/jobs/<uid:run>/again")
@requires(policies.may_ask_again, run=JobRun)
def ask_again(run: JobRun) -> Any:
    work.refuse_unless_failed(run)
    programme = work.programme_of(run)
    audit.record(current_user, "asked_for_work_again", run)
    db.session.commit()
    queue.ask(run.name, *([run.subject_uid] if run.subject_uid else []))
    flash(_("It has been asked for again and will begin soon."))
    if programme is not None:
        return redirect(url_for("upkeep.list_programme_jobs", programme=programme.uid), 303)
    return redirect(url_for("upkeep.list_jobs"), 303)


@edge.get("/installation")
@requires(policies.may_keep_up)
def show_health() -> Any:
    found = health.readings(current_app.extensions["settings"])
    return render_template("upkeep/health.html", readings=found)


@edge.get("/settings")
@requires(policies.may_keep_up)
def show_settings() -> Any:
    return render_template("upkeep/settings.html", settings=current_app.extensions["settings"].explained())
