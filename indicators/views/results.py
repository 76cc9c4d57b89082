"""The logframe for staff: dashboard, one indicator, entered values, files, share links."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from core.errors import Refused
from indicators import dashboard, drawing, entering, heads, policies, sharing, wording
from indicators.forms import ShareForm, ValueForm
from indicators.models import Audience, Indicator, ShareLink
from trainings.models import Programme

edge = Blueprint("indicators", __name__)


@edge.get("/programmes/<uid:programme>/indicators")
@requires(policies.may_see_indicators, programme=Programme)
def show_dashboard(programme: Programme) -> Any:
    board = dashboard.compute(programme)
    return render_template(
        "indicators/dashboard.html", programme=programme, board=board, words=wording, chart=drawing.overview(board)
    )


@edge.get("/indicators/<uid:indicator>")
@requires(policies.may_see_indicator, indicator=Indicator)
def show_indicator(indicator: Indicator) -> Any:
    return _indicator_page(indicator, ValueForm())


@edge.post("/indicators/<uid:indicator>/values")
@requires(policies.may_enter, indicator=Indicator)
def enter_value(indicator: Indicator) -> Any:
    form = ValueForm()
    programme = policies.programme_of(indicator)
    if form.validate_on_submit():
        try:
            row = entering.enter(
                programme,
                indicator,
                form.on_day.data,
                value=form.value.data,
                text=form.text.texts or None,
                evidence=form.evidence.data,
                by=current_user,
            )
            audit.record(current_user, "entered", row, indicator=indicator.uid)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("indicators.show_indicator", indicator=indicator.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _indicator_page(indicator, form), 422


@edge.get("/programmes/<uid:programme>/share-links")
@requires(policies.may_share, programme=Programme)
def list_share_links(programme: Programme) -> Any:
    return _share_page(programme, ShareForm())


@edge.post("/programmes/<uid:programme>/share-links")
@requires(policies.may_share, programme=Programme)
def share(programme: Programme) -> Any:
    form = ShareForm()
    if not form.validate_on_submit():
        return _share_page(programme, form), 422
    link, token = sharing.share(programme, form.label.data, Audience(form.audience.data), form.days.data, current_user)
    audit.record(current_user, "shared", link)
    db.session.commit()
    address = url_for("donor.show_dashboard", token=token, _external=True)
    return _share_page(programme, ShareForm(formdata=None), address)


@edge.post("/share-links/<uid:link>/revocation")
@requires(policies.may_revoke, link=ShareLink)
def revoke_share_link(link: ShareLink) -> Any:
    sharing.revoke(link)
    audit.record(current_user, "revoked", link)
    db.session.commit()
    flash(_("The link opens nothing any more."))
    return redirect(url_for("indicators.list_share_links", programme=link.programme.uid), 303)


def _indicator_page(indicator: Indicator, form: ValueForm) -> Any:
    programme = policies.programme_of(indicator)
    line = dashboard.compute_line(programme, indicator)
    return render_template(
        "indicators/indicator.html",
        programme=programme,
        line=line,
        words=wording,
        chart=drawing.history(heads.of_programme(programme), line),
        entered=entering.of_indicator(indicator),
        form=form,
        may_enter=indicator.is_entered and policies.may_enter(current_user, indicator),
    )


def _share_page(programme: Programme, form: ShareForm, address: str | None = None) -> Any:
    return render_template(
        "indicators/share_links.html",
        programme=programme,
        links=sharing.of_programme(programme),
        form=form,
        address=address,
        now=clock.now(),
    )
