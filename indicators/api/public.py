"""The API for whoever has a share link. The secret comes in a header, never in an address; nothing is changed."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from accounts.access import open_to_anyone
from core import web
from core.errors import Refused
from indicators import contract, publishing, shape, shaping, sharing
from indicators.contract import (
    BASE,
    IndicatorFilter,
    IndicatorPage,
    Nothing,
    OutsideRecommendationPage,
    Paging,
    PeriodPage,
    RecommendationPage,
    ResultPage,
)
from indicators.files import data
from indicators.publication import Dashboard

edge = Blueprint("api", __name__, url_prefix=BASE)
Asked = TypeVar("Asked")
Item = TypeVar("Item")


@edge.get("/openapi.json")
@open_to_anyone
def describe() -> Any:
    return _answer(contract.openapi())


@edge.get("/logframe.schema.json")
@open_to_anyone
def show_schema() -> Any:
    return _answer(data.schema())


@edge.get("/head")
@open_to_anyone
def get_head() -> Any:
    _asked(Nothing)
    return _answer(shaping.head_of(_board()))


@edge.get("/periods")
@open_to_anyone
def list_periods() -> Any:
    asked, found = _asked(Paging), shaping.of(_board()).periods
    return _answer(PeriodPage(_cut(found, asked), asked.page, asked.per_page, len(found), _next(found, asked)))


@edge.get("/results")
@open_to_anyone
def list_results() -> Any:
    asked, found = _asked(Paging), shaping.of(_board()).results
    return _answer(ResultPage(_cut(found, asked), asked.page, asked.per_page, len(found), _next(found, asked)))


@edge.get("/indicators")
@open_to_anyone
def list_indicators() -> Any:
    asked, all_of_it = _asked(IndicatorFilter), shaping.of(_board())
    found = shape.chosen(all_of_it, asked.level, asked.status)
    return _answer(IndicatorPage(_cut(found, asked), asked.page, asked.per_page, len(found), _next(found, asked)))


@edge.get("/indicators/<uid:indicator>")
@open_to_anyone
def get_indicator(indicator: str) -> Any:
    _asked(Nothing)
    found = shaping.of(_board()).indicators
    return _answer(next((one for one in found if one.id == indicator), None) or abort(404))


@edge.get("/recommendations")
@open_to_anyone
def list_recommendations() -> Any:
    asked, found = _asked(Paging), shaping.of(_board()).recommendations
    return _answer(RecommendationPage(_cut(found, asked), asked.page, asked.per_page, len(found), _next(found, asked)))


@edge.get("/outside-recommendations")
@open_to_anyone
def list_outside_recommendations() -> Any:
    asked, found = _asked(Paging), shaping.of(_board()).outside_recommendations
    page = _cut(found, asked)
    return _answer(OutsideRecommendationPage(page, asked.page, asked.per_page, len(found), _next(found, asked)))


@edge.get("/logframe")
@open_to_anyone
def get_logframe() -> Any:
    _asked(Nothing)
    return _answer(shaping.of(_board()))


def _refuse_parameter(error: msgspec.ValidationError) -> Any:
    return web.answer_problem(400, _("This request cannot be understood"), str(error), "bad_parameter")


def _refuse_token(refusal: Refused) -> Any:
    answer = web.answer_problem(401, _("This token opens nothing"), refusal.message, refusal.code)
    answer[0].headers["WWW-Authenticate"] = "Bearer"
    return answer


def _refuse_passphrase(refusal: Refused) -> Any:
    return web.answer_problem(
        403, _("This is not open to you"), _("A link with a passphrase does not open the API."), refusal.code
    )


def _refuse_guessing(refusal: Refused) -> Any:
    answer = web.answer_problem(429, _("Too many attempts"), refusal.message, refusal.code)
    answer[0].headers["Retry-After"] = str(refusal.values["seconds"])
    return answer


edge.register_error_handler(msgspec.ValidationError, _refuse_parameter)
edge.register_error_handler(sharing.LinkOver, _refuse_token)
edge.register_error_handler(sharing.PassphraseNeeded, _refuse_passphrase)
edge.register_error_handler(sharing.TooManyTokens, _refuse_guessing)


def _board() -> Dashboard:
    """What the link of the token shows. A wrong token is counted by where it came from."""
    token = (request.authorization.token if request.authorization else None) or ""
    return publishing.for_link(sharing.open_for_programs(token, request.remote_addr or ""))


def _asked(kind: type[Asked]) -> Asked:
    return msgspec.convert(dict(request.args), kind, strict=False)


def _cut(found: list[Item], asked: Paging) -> list[Item]:
    begin = (asked.page - 1) * asked.per_page
    return found[begin : begin + asked.per_page]


def _next(found: list[Any], asked: Paging) -> int | None:
    return asked.page + 1 if asked.page * asked.per_page < len(found) else None


def _answer(found: Any) -> Response:
    return Response(msgspec.json.encode(found), mimetype="application/json")
