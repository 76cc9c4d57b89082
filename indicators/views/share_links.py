"""Links for donors: made, listed with how often they were opened, withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from core.saving import saved
from indicators import policies, previewing, publishing, sharing
from indicators.forms import DETAIL_NAMES, ShareForm
from indicators.models import Visibility
from indicators.share_models import Audience, Detail, ShareLink
from trainings.models import Programme

edge = Blueprint("share_links", __name__)


@edge.get("/programmes/<uid:programme>/share-links")
@requires(policies.may_share, programme=Programme)
def list_share_links(programme: Programme) -> Any:
    return _page(programme, ShareForm())


@edge.get("/programmes/<uid:programme>/preview/<any(donor,public):audience>")
@requires(policies.may_share, programme=Programme)
def preview(programme: Programme, audience: str) -> Any:
    board = publishing.next_to_show(programme)
    k = sharing.smallest_group_of(Audience(audience))
    before = publishing.published_before(programme, board)
    previews = previewing.of(board, Visibility(audience), k, before)
    return render_template(
        "indicators/preview.html",
        programme=programme,
        previews=previews,
        hidden=sum(found.hidden for found in previews),
        all=sum(len(found.figures) for found in previews),
        audience=audience,
        k=k,
        board=board,
    )


@edge.post("/programmes/<uid:programme>/share-links")
@requires(policies.may_share, programme=Programme)
def share(programme: Programme) -> Any:
    form = ShareForm()
    if not form.validate_on_submit():
        return _page(programme, form), 422
    link, token = sharing.share(
        programme,
        form.label.data,
        Audience(form.audience.data),
        form.days.data,
        current_user,
        detail=Detail(form.detail.data),
        passphrase=form.passphrase.data or "",
    )
    audit.record(current_user, "shared", link)
    db.session.commit()
    return _page(programme, ShareForm(formdata=None), url_for("donor.show_dashboard", token=token, _external=True))


@edge.post("/share-links/<uid:link>/revocation")
@requires(policies.may_revoke, link=ShareLink)
def revoke_share_link(link: ShareLink) -> Any:
    sharing.revoke(link)
    audit.record(current_user, "revoked", link)
    address = url_for("share_links.list_share_links", programme=link.programme.uid)
    return saved(_("The link opens nothing any more."), address)


def _page(programme: Programme, form: ShareForm, address: str | None = None) -> Any:
    return render_template(
        "indicators/share_links.html",
        programme=programme,
        links=sharing.of_programme(programme),
        form=form,
        address=address,
        detail_names=DETAIL_NAMES,
        now=clock.now(),
    )
