"""Every page of the demo in a real browser: 320 pixels wide and on a desk, in three languages, light and dark."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.config import CHECKOUT
from core.db import db
from core.i18n import LANGUAGES
from founding import demo
from participants import blanks
from quizzes.models import EventQuiz, Phase
from tests.browser import DESKTOP, Somebody, launched, playing
from tests.conftest import Installation
from tests.serving import serve
from trainings.models import Programme

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
SEEN_ELSEWHERE = {
    "accounts_public.show_welcome",
    "accounts_public.show_health",
    "participant_page.tell_time",
    "scanner.show_scanner",
    "scanner.show_manifest",
    "scanner.show_worker",
    "scans.take_snapshot",
    "scans.list_presences",
    "scans.search",
    "imports.show_preview",
    "imports.show_upload",
}
FILES = (".pdf", ".csv", ".xlsx", "material-files", "/materials/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_barrier_or_is_wider_than_a_small_phone(sqlite_installation: Installation, language: str) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        demo.play(CHECKOUT / "programmes" / "belarus.toml")
        links = dict(demo.links())
        paths = office_paths(sqlite_installation)
        phone = [links["A participant:"], quiz_path(links["A participant:"])]
        db.session.commit()
        db.session.remove()
    with (
        serve(sqlite_installation, MUSTER_DEMO="yes") as served,
        playing() as playwright,
        launched(playwright) as browser,
    ):
        look = {"color_scheme": "dark" if language == "be" else "light"}
        for screen in (NARROW, DESKTOP):
            office = Somebody(browser, served.address, language, screen, **look)
            office.open(links["Manager:"]).page.locator("main form button").click()
            office.page.get_by_role("button", name=language.upper(), exact=True).click()
            for path in paths:
                office.open(path)
                assert office.page.locator("html").get_attribute("lang") == language, path
            outside = Somebody(browser, served.address, language, screen, **look)
            outside.open(f"/door/{language}").open("/sign-in").open(f"{links['A donor:']}?language={language}")
            outside.page.locator("table a").first.click()
            outside.look()
            person = Somebody(browser, served.address, language, screen, **look)
            for path in phone:
                person.open(path)
            assert not person.context.cookies()


def office_paths(installation: Installation) -> list[str]:
    """One address of every page of staff, with the first row of each kind that an address can name."""
    first = {}
    tables = {
        "programme": "programmes", "event": "events", "event_session": "event_sessions", "participant": "participants",
        "quiz": "quizzes", "event_quiz": "event_quizzes", "material": "materials", "unit": "police_units",
        "review": "scan_reviews",
        "visit": "visits", "report": "reports", "recommendation": "recommendations", "indicator": "indicators",
    }  # fmt: skip
    for name, table in tables.items():
        first[name] = db.session.scalar(sa.text(f"SELECT uid FROM {table} ORDER BY id"))
    roll = blanks.print_roll(db.session.scalars(sa.select(Programme)).one(), 10)
    values = {**first, "roll": roll.uid, "year": 2026, "month": 11, "kind": "forum", "purpose": "evaluation"}
    paths = []
    with installation.app.test_request_context():
        for rule in installation.app.url_map.iter_rules():
            is_page = (
                "GET" in rule.methods and not any(part in rule.rule for part in FILES) and "token" not in rule.arguments
            )
            if (
                is_page
                and rule.endpoint not in SEEN_ELSEWHERE
                and rule.endpoint not in ("accounts.list_staff", "accounts.list_audit")
            ):
                paths.append(installation.app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}))
    assert len(paths) > 20
    return paths


def quiz_path(page: str) -> str:
    """The quiz that waits on a participant's page."""
    quizzes = db.session.scalars(sa.select(EventQuiz).order_by(EventQuiz.id))
    return f"{page}/quizzes/{next(used for used in quizzes if used.is_open(Phase.PRE)).uid}/pre"


def test_a_participants_first_visit_fits_one_window(sqlite_installation: Installation) -> None:
    """14 KB compressed with everything, at most four requests, nothing from elsewhere, no script."""
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        demo.play(CHECKOUT / "programmes" / "belarus.toml")
        link = dict(demo.links())["A participant:"]
        db.session.commit()
        db.session.remove()
    with (
        serve(sqlite_installation, MUSTER_DEMO="yes") as served,
        playing() as playwright,
        launched(playwright) as browser,
    ):
        person = Somebody(browser, served.address, "ru", NARROW)
        sizes: dict[str, int] = {}
        person.page.on(
            "requestfinished",
            lambda r: sizes.update({r.url: r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"]}),
        )
        person.open(link)
        person.page.wait_for_load_state("networkidle")
        assert len(sizes) <= 4, list(sizes)
        assert sum(sizes.values()) <= 14 * 1024, sizes
