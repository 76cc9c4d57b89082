"""Brochures for participants, opened by their personal link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from accounts.access import load_or_404, open_to_anyone
from core.web import answer_file
from materials import storage
from materials.models import MaterialFile
from participants import own_page

edge = Blueprint("materials_public", __name__)


@edge.get("/p/<token:token>/materials/<uid:file>")
@open_to_anyone
def read_material(token: str, file: str) -> Any:
    person = own_page.greet(token)
    found: MaterialFile = load_or_404(MaterialFile, file)
    if found.material.programme_id != person.programme_id:
        raise own_page.LinkUnknown
    return answer_file(storage.fetch(found.digest), "application/pdf", f"{found.material.kind}-{found.language}.pdf")
