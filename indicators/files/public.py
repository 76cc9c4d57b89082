"""The files for whoever has a share link: made of what that link may show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from accounts.access import open_to_anyone
from core import i18n
from indicators import publishing, sharing
from indicators.files import catalogue

edge = Blueprint("donor_files", __name__)


@edge.get(f"/d/<token:token>/{catalogue.ADDRESS}")
@open_to_anyone
def download(token: str, file_name: str) -> Any:
    i18n.speak(request.args.get("language"))
    return catalogue.answer(
        file_name, publishing.for_link(sharing.open_link(token, request.cookies.get(sharing.PROOF)))
    )
