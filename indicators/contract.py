"""What the API answers, described as OpenAPI 3.1: made of the same types as the answers."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from indicators import shape
from indicators.models import ResultLevel
from indicators.publication import Status
from indicators.shape_beside import OutsideRecommendation, Recommendation

BASE = "/api/v1"
REF = "#/components/schemas/{name}"
MOST_PER_PAGE = 200


class Paging(msgspec.Struct, forbid_unknown_fields=True):
    """Which page of a list, from 1, and how many on one."""

    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=MOST_PER_PAGE)] = 50


class IndicatorFilter(Paging, forbid_unknown_fields=True):
    """Which indicators: of a level of the results chain, or with a status."""

    level: ResultLevel | None = None
    status: Status | None = None


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No parameters."""


class Problem(msgspec.Struct):
    """What went wrong, by RFC 9457. code is stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class PeriodPage(msgspec.Struct):
    """A page of reporting windows; next is the number of the page after, null on the last."""

    items: list[shape.Period]
    page: int
    per_page: int
    total: int
    next: int | None


class ResultPage(msgspec.Struct):
    """A page of results; next is the number of the page after, null on the last."""

    items: list[shape.Result]
    page: int
    per_page: int
    total: int
    next: int | None


class IndicatorPage(msgspec.Struct):
    """A page of indicators; next is the number of the page after, null on the last."""

    items: list[shape.Indicator]
    page: int
    per_page: int
    total: int
    next: int | None


class RecommendationPage(msgspec.Struct):
    """A page of the programme's own recommendations; next is the number of the page after, null on the last."""

    items: list[Recommendation]
    page: int
    per_page: int
    total: int
    next: int | None


class OutsideRecommendationPage(msgspec.Struct):
    """A page of recommendations from outside; next is the number of the page after, null on the last."""

    items: list[OutsideRecommendation]
    page: int
    per_page: int
    total: int
    next: int | None


ENDPOINTS: list[tuple[str, str, str, type, type]] = [
    ("/head", "get_head", "What the figures are: of which day, of which programme, for whom", Nothing, shape.Head),
    ("/periods", "list_periods", "The reporting windows", Paging, PeriodPage),
    ("/results", "list_results", "The results chain", Paging, ResultPage),
    ("/indicators", "list_indicators", "The indicators with their figures", IndicatorFilter, IndicatorPage),
    ("/indicators/{id}", "get_indicator", "One indicator", Nothing, shape.Indicator),
    ("/recommendations", "list_recommendations", "What published reports ask of whom", Paging, RecommendationPage),
    (
        "/outside-recommendations",
        "list_outside_recommendations",
        "What bodies from outside recommended, such as in the UPR",
        Paging,
        OutsideRecommendationPage,
    ),
    ("/logframe", "get_logframe", "Everything at once; the same as the file logframe.json", Nothing, shape.Logframe),
]
REFUSALS = {
    "400": "A parameter that cannot be used",
    "401": "No token, or one that opens nothing",
    "403": "A link with a passphrase does not open the API",
    "429": "Too many wrong tokens; Retry-After says how many seconds to wait",
}


def openapi() -> dict[str, Any]:
    """The description of the API."""
    kinds = [kind for *_path, asked, answered in ENDPOINTS for kind in (asked, answered)]
    _schemas, parts = msgspec.json.schema_components([*kinds, Problem], ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muster: figures of a programme",
            "version": shape.VERSION,
            "description": "Read only, and no more than a share link shows. Send the secret of a link, the last part "
            "of its address, as a bearer token.",
        },
        "servers": [{"url": BASE}],
        "security": [{"shareLink": []}],
        "paths": {endpoint[0]: {"get": _operation(*endpoint)} for endpoint in ENDPOINTS},
        "components": {
            "schemas": parts,
            "securitySchemes": {"shareLink": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(path: str, name: str, says: str, asked: type, answered: type) -> dict[str, Any]:
    parameters = [
        {"name": field.encode_name, "in": "query", "required": False, "schema": _bare(field.type)}
        for field in msgspec.structs.fields(asked)
    ]
    refusals = dict(REFUSALS)
    if "{id}" in path:
        shown = {"type": "string", "pattern": "^[A-Za-z0-9_-]{16}$"}
        parameters.append({"name": "id", "in": "path", "required": True, "schema": shown})
        refusals["404"] = "There is no such indicator, or this link does not show it"
    return {
        "operationId": name,
        "summary": says,
        "parameters": parameters,
        "responses": {
            "200": {"description": says, "content": {"application/json": {"schema": _reference(answered)}}},
            **{status: _refusal(words) for status, words in refusals.items()},
        },
    }


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/problem+json": {"schema": _reference(Problem)}}}


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": REF.format(name=kind.__name__)}


def _bare(kind: Any) -> dict[str, Any]:
    """The schema of a parameter: what is left out is not sent, so it is never null."""
    (found,), parts = msgspec.json.schema_components([kind], ref_template=REF)
    options = [option for option in found.get("anyOf", [found]) if option.get("type") != "null"]
    name = options[0].get("$ref", "").rsplit("/", 1)[-1]
    return {key: value for key, value in parts.get(name, options[0]).items() if key != "title"}
