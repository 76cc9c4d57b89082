"""The donor's pages, opened by a share link: aggregates only, small groups withheld, no cookies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from accounts.access import open_to_anyone
from core import i18n
from indicators import drawing, publishing, sharing, wording
from indicators.files import catalogue
from indicators.models import ShareLink
from indicators.publication import Dashboard

edge = Blueprint("donor", __name__)


@edge.get("/d/<token:token>")
@open_to_anyone
def show_dashboard(token: str) -> Any:
    link, board = _open(token)
    return _page(
        "indicators/donor.html", token, link, board=board, chart=drawing.overview(board), files=catalogue.FILES.values()
    )


@edge.get("/d/<token:token>/indicators/<uid:indicator>")
@open_to_anyone
def show_indicator(token: str, indicator: str) -> Any:
    link, board = _open(token)
    line = next((line for line in board.lines if line.indicator.uid == indicator), None) or abort(404)
    return _page(
        "indicators/donor_indicator.html",
        token,
        link,
        line=line,
        board=board,
        chart=drawing.history(board.programme, line),
    )


def _open(token: str) -> tuple[ShareLink, Dashboard]:
    i18n.speak(request.args.get("language"))
    link = sharing.open_link(token)
    return link, publishing.for_link(link)


def _page(template: str, token: str, link: ShareLink, **more: Any) -> Any:
    return render_template(
        template,
        token=token,
        link=link,
        programme=link.programme,
        words=wording,
        method=wording.method_note(),
        k=sharing.smallest_group(link),
        speaking=request.args.get("language"),
        **more,
    )
