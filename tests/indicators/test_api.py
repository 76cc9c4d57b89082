"""The API keeps to its own description, whatever is asked, and shows no more than the link whose token it gets."""

from __future__ import annotations

import json

import msgspec
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from core import clock
from core.config import CHECKOUT
from core.db import db
from core.i18n import Texts
from indicators import contract, sharing
from indicators.files import data
from indicators.models import Visibility
from indicators.share_models import Audience
from tests import make
from tests.indicators.test_dashboard import PEOPLE, trained
from tests.make import NOON
from tests.pages import Visitor

BASE = "/api/v1"


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def token(app: Flask) -> str:
    make.indicator("people.completed", targets={"M12": 5}, statement=Texts(en="People trained"), **PEOPLE)
    make.indicator(targets={"M24": 10}, statement=Texts(en="Workshops held"))
    make.indicator(statement=Texts(en="For us only"), visibility=Visibility.INTERNAL)
    trained(women=3, men=12)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    return token


def ask(visitor: Visitor, path: str, token: str | None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return visitor.ask("get", BASE + path, headers=headers)


def test_a_program_reads_what_the_link_shows_page_by_page(visitor: Visitor, token: str) -> None:
    first = ask(visitor, "/indicators?per_page=1", token).get_json()
    second = ask(visitor, "/indicators?per_page=1&page=2", token).get_json()
    assert (first["total"], first["next"], second["next"]) == (2, 2, None)
    found = first["items"][0]
    assert found["statement"] == {"en": "People trained"} and found["value"]["value"] == 15
    cells = {(cell["name"], cell["state"], cell["value"]) for cell in found["value"]["cells"]}
    assert {("female", "withheld", None), ("male", "withheld", None)} <= cells
    assert ask(visitor, f"/indicators/{found['id']}", token).get_json() == found
    everything = ask(visitor, "/logframe", token)
    assert everything.get_json()["head"]["smallest_group"] == 5
    assert "For us only" not in everything.get_data(as_text=True)
    assert everything.data == msgspec.json.encode(json.loads(everything.data))


def test_without_a_valid_token_nothing_is_told_and_guessing_waits(visitor: Visitor, token: str) -> None:
    for wrong in (None, "x", token[:-1]):
        answer = ask(visitor, "/head", wrong)
        assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer" and answer.get_json()["code"] == "link_over"
    for _ in range(3):
        answer = ask(visitor, "/head", "guess")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert ask(visitor, "/head?page=1", token).status_code == 400
    assert visitor.ask("get", f"{BASE}/nothing").get_json()["code"] == "http_404"
    locked, secret = sharing.share(make.programme(), "D", Audience.DONOR, 10, None, passphrase="four words of ours")
    db.session.execute(db.text("DELETE FROM sign_in_failures"))
    assert ask(visitor, "/head", secret).status_code == 403 and locked.passphrase_hash


@pytest.mark.parametrize("is_known", [True, False])
def test_every_answer_is_as_the_description_says(visitor: Visitor, token: str, is_known: bool) -> None:
    """A few requests to every address, those that it allows and those that it does not."""
    description = visitor.ask("get", f"{BASE}/openapi.json").get_json()
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=f"http://localhost{BASE}")
    wanted = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
              "response_schema_conformance", "response_headers_conformance")  # fmt: skip
    checks = CHECKS.get_by_names(list(wanted))
    headers = {"Authorization": f"Bearer {token}"} if is_known else {}
    seen = set()

    @given(draw=st.data())
    @settings(
        max_examples=30, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def asks(draw) -> None:
        found = draw.draw(st.sampled_from([result.ok() for result in schema.get_all_operations()]))
        case = draw.draw(found.as_strategy())
        path = BASE + case.formatted_path
        response = visitor.ask("get", path, query_string=case.query, headers=headers)
        seen.add(response.status_code)
        case.validate_response(schemathesis.Response.from_any(response), checks=checks)

    asks()
    assert 200 in seen if is_known else seen <= {400, 401, 404, 429}


def test_the_schemas_in_the_documents_are_those_that_are_served() -> None:
    for name, made in (("logframe.schema.json", data.schema()), ("openapi.json", contract.openapi())):
        written = json.loads((CHECKOUT / "docs" / name).read_text())
        assert written == json.loads(msgspec.json.encode(made)), f"script/api-documents writes docs/{name} anew"
