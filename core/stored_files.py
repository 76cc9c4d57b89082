"""Files from the disk as answers: under a neutral name, in pieces for a bad network; and who is reading."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, request, send_file

# Programs that open a link to draw a preview of it, by what they call themselves. A messenger's own browser begins
# with Mozilla, as every browser does.
PREVIEWS = re.compile(
    r"bot\b|crawler|spider|preview|facebookexternalhit|facebot|vkshare|^(whatsapp|viber|signal)", re.I
)
AHEAD_OF_READING = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def answer(path: Path, media_type: str, name: str, digest: str, *, as_download: bool = False) -> Response:
    """The file, shown or saved. Who has it already is told so; who lost the network in the middle goes on there."""
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=as_download,
        download_name=name,
        conditional=True,
        etag=digest,
        last_modified=None,
    )
    response.direct_passthrough = False  # what is to happen once it has gone out happens then
    # Two headers that would say something else than we do: how long to keep it, and since when it lies on our disk.
    del response.headers["Cache-Control"]
    del response.headers["Last-Modified"]
    if not as_download:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def wants_to_save() -> bool:
    """Whether the button was the one that saves: `?save=1`."""
    return request.args.get("save") == "1"


def is_reading() -> bool:
    """Whether a person opens this now: not a program that looks at a link, nor a browser that loads ahead.

    Who asks for a piece goes on with what was opened before.
    """
    return (
        request.method == "GET"
        and "Range" not in request.headers
        and not any(request.headers.get(name) for name in AHEAD_OF_READING)
        and not PREVIEWS.search(request.user_agent.string)
    )
