"""Materials for readers: by a participant's personal link, or by the material's own if it is open to anybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template
from flask_login import current_user

from accounts.access import load_or_404, open_to_anyone
from core import stored_files
from materials import counts, policies, storage, versions
from materials.models import Material, MaterialFile, Use
from participants import own_page

edge = Blueprint("materials_public", __name__)


@edge.get("/p/<token:token>/materials/<uid:file>")
@open_to_anyone
def read_material(token: str, file: str) -> Any:
    """A file for a participant who has a place; where it was replaced meanwhile, the one that replaced it."""
    person = own_page.greet(token)
    asked: MaterialFile = load_or_404(MaterialFile, file)
    if not policies.is_open_to(person, asked.material):
        raise own_page.LinkUnknown
    return _answer(versions.in_place_of(asked))


@edge.get("/m/<uid:material>")
@open_to_anyone
def show_material(material: str) -> Any:
    """The languages of a material that is open to anybody. It says nothing of who gives it."""
    found = _open_material(material)
    return render_template("materials/reading.html", material=found)


@edge.get("/m/<uid:material>/<any(en, ru, be):language>")
@open_to_anyone
def read_in_language(material: str, language: str) -> Any:
    """The file in a language, or in the nearest there is: a poster hangs longer than a translation stays."""
    return _answer(_open_material(material).file_in(language))


def _open_material(uid: str) -> Material:
    """A material open to anybody, with a file; of another one nobody learns that it is there."""
    found: Material = load_or_404(Material, uid)
    return found if policies.is_open_to_anyone(found) and found.files else abort(404)


def _answer(file: MaterialFile | None) -> Any:
    """The file, counted once it has gone out, so that nobody waits for a number."""
    if file is None:
        abort(404)
    save = stored_files.wants_to_save()
    path = storage.find(file.digest)
    response = stored_files.answer(path, file.kind.media_type, file.name, file.digest, as_download=save)
    if stored_files.is_reading() and not current_user.is_authenticated:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        file_id, what, today = file.id, Use.SAVED if save else Use.OPENED, file.material.programme.today()

        @response.call_on_close
        def count() -> None:
            with app.app_context():
                counts.count(file_id, what, today)

    return response
