"""Deny by default: every route says whom it is open to, and an unmarked one answers 403."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, wraps
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from core.db import SAFE_METHODS, db
from core.web import csrf, wants_json


def open_to_anyone(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route as open without signing in; in `public.py` only."""
    view.access = "anyone"  # type: ignore[attr-defined]
    return view


def open_to_devices(policy: Callable[..., bool]) -> Callable[..., bool]:
    """Mark a policy as one that may be asked about a paired device too; every other one refuses them unasked.

    A device shows a token of its own with each request, so that no page of somebody else can ask in its name.
    """
    policy.knows_devices = True  # type: ignore[attr-defined]
    return policy


def requires(policy: Callable[..., bool], **rows: type[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a route with a policy.

    Each keyword names a `<uid:…>` of the address and the model it is of: `@requires(may_check_in,
    event_session=EventSession)`. The row is loaded or answered 404, given to the policy after the user, and handed
    to the view in the place of its uid. So nothing is loaded that was not guarded.
    """

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            who = _whoever_asks(policy)
            if who is None:
                return _ask_to_sign_in()
            loaded = {name: load_or_404(model, values[name]) for name, model in rows.items()}
            if not policy(who, *loaded.values()):
                abort(403)
            g.who = who
            return view(**values | loaded)

        guarded.access = policy.__name__  # type: ignore[attr-defined]
        return guarded

    return guard


def _whoever_asks(policy: Callable[..., bool]) -> Any:
    """The member of staff who is signed in, or the device whose token came along; None for nobody we know."""
    knows_devices = getattr(policy, "knows_devices", False)
    token = request.authorization.token if request.authorization else None
    if token:
        return current_app.extensions["find_device"](token) if knows_devices else None
    if not current_user.is_authenticated:
        return None
    if knows_devices and request.method not in SAFE_METHODS:
        csrf.protect()  # the route is spared it for the devices' sake; who comes with a cookie is not
    return current_user


def load_or_404(model: type[Any], uid: str) -> Any:
    """The row with this outside id, with what its model says is `needed_by_guards`; 404 where there is none."""
    row = db.session.scalars(_by_uid(cast(Hashable, model)), {"uid": uid}).unique().one_or_none()
    return row if row is not None else abort(404)


@cache
def _by_uid(model: Any) -> sa.Select[Any]:
    # Built once: making a statement costs more than asking it.
    return (
        sa.select(model).where(model.uid == sa.bindparam("uid")).options(*getattr(model, "needed_by_guards", tuple)())
    )


def deny_unmarked(app: Flask) -> None:
    """Refuse every request to a route that says nothing about whom it is open to."""

    @app.before_request
    def refuse_unmarked() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and not hasattr(view, "access"):
            current_app.logger.error("%s has no access rule", request.endpoint)
            abort(403)


def _ask_to_sign_in() -> Any:
    if wants_json():
        abort(401)
    landing = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts_public.show_sign_in", next=landing), 303)
