"""The donor's pages, opened by a share link: aggregates only, small groups withheld, no cookie but the proof that the
link's passphrase was said."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from accounts.access import open_to_anyone
from core import i18n, stored_files
from core.db import db
from core.errors import Refused
from core.i18n import day
from core.web import csrf
from indicators import drawing, gains, prose, publishing, recommended, sharing, snapshots, wording
from indicators.files import catalogue
from indicators.forms import DonorFilter, PassphraseForm
from indicators.publication import Dashboard
from indicators.share_models import ShareLink

edge = Blueprint("donor", __name__)
# Whoever knows the secret of the address may read; there is no cookie that somebody else's page could ride on.
csrf.exempt(edge)


@edge.get("/d/<token:token>")
@open_to_anyone
def show_dashboard(token: str) -> Any:
    link, board = _open(token)
    answer = _page(
        "indicators/donor.html",
        token,
        link,
        board,
        chart=drawing.overview(board),
        filter=_filter(link, board),
        files=catalogue.FILES.values(),
    )
    if stored_files.is_reading():
        sharing.count_view(link)
    return answer


@edge.get("/d/<token:token>/indicators/<uid:indicator>")
@open_to_anyone
def show_indicator(token: str, indicator: str) -> Any:
    link, board = _open(token)
    line = next((line for line in board.lines if line.indicator.uid == indicator), None) or abort(404)
    chart = drawing.history(board.programme, line) or drawing.gain(board, line)
    rows = gains.of(board, line)
    return _page("indicators/donor_indicator.html", token, link, board, line=line, chart=chart, gains=rows)


@edge.get("/d/<token:token>/recommendations")
@open_to_anyone
def list_recommendations(token: str) -> Any:
    link, board = _open(token)
    return _page(
        "indicators/donor_recommendations.html",
        token,
        link,
        board,
        standing=recommended.counted(board.recommendations),
        reports=recommended.by_report(board.recommendations),
        counted=recommended.counted,
    )


@edge.get("/d/<token:token>/archive")
@open_to_anyone
def list_archive(token: str) -> Any:
    link, board = _open(token)
    locked = reversed(snapshots.of_programme(link.programme))
    return _page("indicators/donor_archive.html", token, link, board, locked=locked, files=catalogue.FILES.values())


@edge.get("/d/<token:token>/methods")
@open_to_anyone
def show_methods(token: str) -> Any:
    link, board = _open(token)
    return _page("indicators/donor_methods.html", token, link, board)


@edge.post("/d/<token:token>/passphrase")
@open_to_anyone
def say_passphrase(token: str) -> Any:
    """What was said is remembered by this browser, for this link, for some hours."""
    i18n.speak(request.args.get("language"))
    form = PassphraseForm()
    try:
        if form.validate():
            proof = sharing.say_passphrase(token, form.passphrase.data or "")
            db.session.commit()
            return _remember(redirect(_here(token)("show_dashboard"), 303), token, proof)
    except (sharing.WrongPassphrase, sharing.TooManyPassphrases) as refusal:
        form.refuse(refusal)
    db.session.commit()  # a wrong guess is counted
    return _door(token, form), 409 if form.problem else 422


def _ask_for_passphrase(_refusal: Refused) -> Any:
    return _door((request.view_args or {})["token"], PassphraseForm()), 401


def _say_it_is_over(refusal: Refused) -> Any:
    token = (request.view_args or {})["token"]
    page = render_template("indicators/donor_over.html", message=refusal.message, language_link=_in_language(token))
    return page, 409


edge.register_error_handler(sharing.PassphraseNeeded, _ask_for_passphrase)
edge.register_error_handler(sharing.LinkOver, _say_it_is_over)


def _open(token: str) -> tuple[ShareLink, Dashboard]:
    i18n.speak(request.args.get("language"))
    link = sharing.open_link(token, request.cookies.get(sharing.PROOF))
    return link, publishing.for_link(link, request.args.get("period"))


def _remember(answer: Any, token: str, proof: str) -> Any:
    answer.set_cookie(
        sharing.PROOF,
        proof,
        max_age=sharing.OPEN_FOR,
        path=f"/d/{token}",
        secure=current_app.extensions["settings"].behind_tls,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _filter(link: ShareLink, board: Dashboard) -> DonorFilter:
    """Which locked period is shown, and by what it is broken down: from the address of the page."""
    found = DonorFilter(request.args)
    dimensions = {dimension for line in board.lines for dimension in line.cells}
    found.by.choices = [("", "—"), *((d, word) for d, word in wording.DIMENSION_NAMES.items() if d in dimensions)]
    found.period.choices = [("", "—")] * board.is_provisional + [
        (locked.period.key, f"{locked.period.key} · {day(locked.period.ends_on)}")
        for locked in reversed(snapshots.of_programme(link.programme))
    ]
    found.period.data = board.period or ""
    if not found.validate():
        found.by.data = ""
    return found


def _here(token: str) -> Any:
    """Makes addresses of this link's pages that keep what was chosen: language and period."""
    kept = {name: request.args.get(name) for name in ("language", "period")}
    return lambda page, **values: url_for(f"donor.{page}", token=token, **{**kept, **values})


def _in_language(token: str) -> Any:
    """Makes the address of the page that is being read, with what was chosen on it, in another language."""
    page = request.path if request.method == "GET" else _here(token)("show_dashboard").partition("?")[0]
    return lambda code: f"{page}?{urlencode({**request.args, 'language': code})}"


def _door(token: str, form: PassphraseForm) -> str:
    return render_template(
        "indicators/donor_door.html", form=form, here=_here(token), language_link=_in_language(token)
    )


def _page(template: str, token: str, link: ShareLink, board: Dashboard, **more: Any) -> str:
    return render_template(
        template,
        token=token,
        here=_here(token),
        language_link=_in_language(token),
        link=link,
        board=board,
        programme=board.programme,
        words=wording,
        prose=prose,
        method=board.method or prose.method_note(),
        k=board.k,
        **more,
    )
