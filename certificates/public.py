"""Certificates without signing in: anybody checks a code, a participant takes the own one from the own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from accounts.access import open_to_anyone
from certificates import drawing, issuing, papers, verifying
from certificates.forms import CodeForm
from certificates.verifying import Verdict
from core import i18n
from core.errors import Refused
from core.web import answer_file
from participants import own_page

edge = Blueprint("certificates_public", __name__)


@edge.get("/verify")
@open_to_anyone
def show_verification() -> Any:
    """A field for a code; with one in the address, the answer. Sets no cookie and keeps nothing."""
    i18n.speak(request.args.get("language"))
    form = CodeForm(request.args)
    return _page(form, form.code.data if form.validate() else "")


@edge.get("/verify/<token:code>")
@open_to_anyone
def verify_certificate(code: str) -> Any:
    """What the QR code on the paper opens."""
    i18n.speak(request.args.get("language"))
    return _page(CodeForm(code=code), code)


@edge.get("/p/<token:token>/certificate/<uid:certificate>")
@open_to_anyone
def take_own_certificate(token: str, certificate: str) -> Any:
    person = own_page.greet(token)
    found = issuing.find_own(person, certificate)
    if found is None:
        raise own_page.LinkUnknown
    content = drawing.draw(papers.of(found.event, [found]))
    return answer_file(content, "application/pdf", "certificate.pdf")


def _page(form: CodeForm, typed: str) -> Any:
    told, status = None, 200
    try:
        told = verifying.verify(typed, request.remote_addr or "") if typed else None
        status = 404 if told and told.verdict == Verdict.UNKNOWN else 200
    except Refused as refusal:
        form.refuse(refusal)
        status = 429
    return render_template("certificates/verify.html", form=form, told=told), status
