"""What every answer carries: strict headers, static files, compressed pages, errors in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from whitenoise import WhiteNoise

from core import assets
from core.config import Settings
from core.errors import Refused

API = "/api/"  # below it every problem is told as RFC 9457 has it
csrf = CSRFProtect()
compress = Compress()

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
# The scanner decodes in WebAssembly, looks through the camera, and reads codes from photos.
SCANNER_POLICY = POLICY | {"script-src": "'self' 'wasm-unsafe-eval'", "media-src": "'self' blob:"}


class UidConverter(BaseConverter):
    """`<uid:event>`: the random outside id of a row."""

    regex = "[A-Za-z0-9_-]{16}"


class TokenConverter(BaseConverter):
    """`<token:token>`: the secret of a link. Anything short enough is let in: a mistyped one gets a sentence."""

    regex = "[A-Za-z0-9_-]{1,200}"


def allow_camera() -> None:
    """Let this one answer use the camera and WebAssembly."""
    g.is_scanner = True


def takes_large_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let this one route take files as large as materials may be."""
    view.takes_large_files = True  # type: ignore[attr-defined]
    return view


def set_up(app: Flask, settings: Settings) -> None:
    """Headers, converters, static files, compression, cross-site protection and error pages."""
    app.url_map.converters |= {"uid": UidConverter, "token": TokenConverter}
    app.before_request(_make_room)  # before the form is read, which the next line does
    csrf.init_app(app)
    compress.init_app(app)
    app.jinja_env.globals["asset"] = assets.url
    assets.build()
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(assets.BUILT),
        prefix="static/",
        immutable_file_test=lambda path, url: True,
        mimetypes={".wasm": "application/wasm", ".webmanifest": "application/manifest+json"},
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.after_request(_headers(settings))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _make_room() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_large_files", False):
        # Room for the other fields too. What is larger is refused unread; up to that, the file is judged by itself.
        request.max_content_length = (current_app.extensions["settings"].material_megabytes + 1) * 1024 * 1024


def _headers(settings: Settings) -> Callable[[Response], Response]:
    always = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Robots-Tag", "noindex, nofollow"),
        ("Cache-Control", "no-store"),
        # No browser asks after the host of the quick exit before somebody takes it.
        ("X-DNS-Prefetch-Control", "off"),
    ]
    if settings.behind_tls:
        always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    usual = [*always, *_permissions(POLICY, "()")]
    scanner = [*always, *_permissions(SCANNER_POLICY, "(self)")]

    def add(response: Response) -> Response:
        response.headers.extend(scanner if g.get("is_scanner") else usual)
        return response

    return add


def _permissions(policy: dict[str, str], camera: str) -> list[tuple[str, str]]:
    return [
        ("Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())),
        ("Permissions-Policy", f"camera={camera}, microphone=(), geolocation=()"),
    ]


def public_address() -> str:
    """Where people reach this installation, to be put on paper: as it is set, else as it is being asked now."""
    settings: Settings = current_app.extensions["settings"]
    return (settings.public_url or request.url_root).rstrip("/")


def answer_file(content: bytes, kind: str, name: str, *, as_download: bool = False) -> Response:
    """A file made here, under a neutral name, shown or saved."""
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'{"attachment" if as_download else "inline"}; filename="{name}"'
    return response


def wants_json() -> bool:
    """Whether whoever asks is a program."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or (best == "application/json" and "text/html" not in str(request.accept_mimetypes))


def answer_problem(status: int, title: str, sentence: str, code: str = "error") -> tuple[Any, int]:
    """A problem as a page for people or as JSON for programs."""
    if request.path.startswith(API):
        told = {"type": "about:blank", "title": title, "status": status, "detail": sentence, "code": code}
        return Response(json.dumps(told, ensure_ascii=False), mimetype="application/problem+json"), status
    if wants_json():
        return jsonify({"error": code, "message": sentence}), status
    return render_template("layouts/problem.html", status=status, title=title, sentence=sentence), status


def _refused(refusal: Refused) -> tuple[Any, int]:
    return answer_problem(409, _("This cannot be done"), refusal.message, refusal.code)


def _stale_form(_error: CSRFError) -> tuple[Any, int]:
    return answer_problem(
        400,
        _("This page was open for too long"),
        _("Go back, load the page again and repeat what you did. Nothing was changed."),
        "stale_form",
    )


def _http_error(error: HTTPException) -> tuple[Any, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    title, sentence = {
        400: (_("This request cannot be understood"), _("Nothing was changed. Go back and try again.")),
        401: (_("Please sign in"), _("You were signed out. What is on this device is kept; sign in and go on.")),
        403: (_("This is not open to you"), _("If you need it for your work, ask your programme manager.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or what was here has been removed.")),
        405: (_("This address works differently"), _("Go back and use the buttons of the page.")),
        413: (_("This file is too large"), _("Nothing was saved. Split the file or make it smaller, then try again.")),
        429: (_("Too many attempts"), _("Wait a moment, then try again.")),
    }.get(status, (_("Something went wrong"), _("Nothing was changed. Please try again in a minute.")))
    answer, status = answer_problem(status, title, sentence, f"http_{status}")
    if isinstance(error, MethodNotAllowed) and error.valid_methods and isinstance(answer, Response):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer, status


def _broken(error: Exception) -> tuple[Any, int]:
    # Only the kind of error and where: a message or a traceback could hold a name.
    traceback = error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    where = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else "?"
    current_app.logger.error("%s at %s in %s", type(error).__name__, where, request.endpoint)
    if current_app.testing:
        raise error
    return answer_problem(500, _("Something went wrong"), _("Nothing was changed. Please try again in a minute."))
