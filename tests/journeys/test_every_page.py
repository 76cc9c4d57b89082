"""Every page of the demo in a real browser: 320 pixels wide and on a desk, in three languages, light and dark."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import url_for
from playwright.sync_api import Request

from accounts import staff
from accounts.models import InvitationPurpose, Role, User
from certificates import printing
from certificates.models import Certificate
from core.db import db
from core.i18n import LANGUAGES
from door import attendance
from founding import demo
from participants import blanks, registration, roster
from quizzes import drafts
from quizzes.models import EventQuiz, Phase, Quiz
from tests.browser import DESKTOP, Somebody, launched, playing
from tests.conftest import Installation
from tests.serving import serve
from trainings import agenda
from trainings.models import Programme

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
# A small phone in each language, one of them dark; a desk in the one with the longest words.
SCREENS = {"ru": (NARROW, DESKTOP), "be": (NARROW,), "en": (NARROW,)}
SEEN_ELSEWHERE = {
    "accounts_public.show_welcome",
    "accounts_public.show_health",
    "participant_page.tell_time",
    "quiz_taking.show_worker",
    "scanner.show_scanner",
    "scanner.show_manifest",
    "scanner.show_worker",
    "scans.take_snapshot",
    "scans.list_presences",
    "scans.search",
    "monitoring.show_new_unit",
    "monitoring.show_unit_form",
    "monitoring_reports.show_report_form",
    "monitoring_reports.show_recommendation_form",
}
FOR_ADMINISTRATORS = {
    "accounts.list_staff",
    "accounts.show_rights",
    "accounts.list_audit",
    "setting_up.show_new_programme",
    "upkeep.list_jobs",
    "upkeep.show_health",
    "upkeep.show_settings",
}
FILES = (
    "/api/", ".pdf", ".ics", ".toml", ".csv", ".json", ".xlsx", ".gift", "material-files", "/evidence/", "/m/"
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_barrier_or_is_wider_than_its_screen(demo_installation: Installation, language: str) -> None:
    with demo_installation.app.app_context():
        links = dict(demo.links())
        paths = office_paths(demo_installation)
        phone = [links["A participant:"], quiz_path(links["A participant:"]), f"/go?language={language}"]
        db.session.execute(sa.text("UPDATE materials SET audience = 'public'"))
        administrator = db.session.scalars(sa.select(User).where(User.role == Role.ADMINISTRATOR)).one()
        entrance = f"/welcome/{staff.invite(administrator, InvitationPurpose.ENTER_DEMO)}"
        with demo_installation.app.test_request_context():
            values = {"accounts.show_rights": {"user": administrator.uid}}
            administrators = [url_for(name, **values.get(name, {})) for name in sorted(FOR_ADMINISTRATORS)]
        reading = "/m/" + db.session.scalars(sa.text("SELECT uid FROM materials")).first()
        db.session.commit()
        db.session.remove()
    with (
        serve(demo_installation, MUSTER_DEMO="yes") as served,
        playing() as playwright,
        launched(playwright) as browser,
    ):
        # Colours are the same in every language: light ones are judged once, dark ones once.
        look = {"color_scheme": "dark" if language == "be" else "light", "sees_colours": language != "en"}
        for screen in SCREENS[language]:
            # What bars somebody on a page bars them on every screen; what is too wide is not.
            look["seeks_barriers"] = screen == SCREENS[language][0]
            office = Somebody(browser, served.address, language, screen, **look)
            office.open(links["Manager:"]).page.locator("main form button").click()
            office.page.get_by_role("button", name=language.upper(), exact=True).click()
            for path in paths:
                office.open(path)
                assert office.page.locator("html").get_attribute("lang") == language, path
            if language == "be":  # the longest words; once is enough for pages of one person
                owner = Somebody(browser, served.address, language, screen, **look)
                owner.open(entrance).page.locator("main form button").click()
                owner.look().page.get_by_role("button", name=language.upper(), exact=True).click()
                owner.look()
                for path in administrators:
                    assert owner.open(path).page.url.endswith(path), "an administrator is not turned away"
            outside = Somebody(browser, served.address, language, screen, **look)
            outside.open(reading)
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
        "review": "scan_reviews", "place": "registrations", "entry": "copies_entries",
        "visit": "visits", "report": "reports", "recommendation": "recommendations", "indicator": "indicators",
        "result": "results", "assumption": "assumptions",
        "organisation": "organisations", "message": "messages", "period": "periods",
        "venue": "venues", "template": "event_templates",
    }  # fmt: skip
    for name, table in tables.items():
        first[name] = db.session.scalar(sa.text(f"SELECT uid FROM {table} ORDER BY id"))
    first["other"] = db.session.scalar(sa.text("SELECT uid FROM participants ORDER BY id DESC"))
    first["staged"] = db.session.scalar(sa.text("SELECT uid FROM roster_imports WHERE applied_at IS NULL"))
    # A report that can still be changed has pages that a published one has not.
    first["report"] = db.session.scalar(sa.text("SELECT uid FROM reports WHERE published_on IS NULL"))
    roll = blanks.print_roll(db.session.scalars(sa.select(Programme)).one(), 10)
    certificate = db.session.scalars(sa.select(Certificate)).first()
    assert certificate is not None
    asked = printing.ask(certificate.event, by=certificate.issued_by)
    first |= {"code": certificate.code, "printing_of": asked.uid}
    draft = drafts.draft_of(db.session.scalars(sa.select(Quiz)).one())
    written = {"draft": draft.uid, "question": draft.questions[0].uid}
    values = {**first, **written, "roll": roll.uid, "year": 2026, "month": 11}
    values |= {"kind": "forum", "purpose": "evaluation", "letter": "reminder", "audience": "donor"}
    paths = []
    with installation.app.test_request_context():
        for rule in installation.app.url_map.iter_rules():
            is_page = (
                "GET" in rule.methods and not any(part in rule.rule for part in FILES) and "token" not in rule.arguments
            )
            if is_page and rule.endpoint not in SEEN_ELSEWHERE and rule.endpoint not in FOR_ADMINISTRATORS:
                paths.append(installation.app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}))
    assert len(paths) > 20
    return paths


def quiz_path(page: str) -> str:
    """The quiz that waits on a participant's page."""
    quizzes = db.session.scalars(sa.select(EventQuiz).order_by(EventQuiz.id))
    return f"{page}/quizzes/{next(used for used in quizzes if used.is_open(Phase.PRE)).uid}/pre"


def test_a_participants_first_visit_fits_one_window(demo_installation: Installation) -> None:
    """14 KB compressed with everything, headers included, in at most four requests to us: the fullest page there is."""
    with demo_installation.app.app_context():
        link = fullest_page()
        db.session.commit()
        db.session.remove()
    with (
        serve(demo_installation, MUSTER_DEMO="yes") as served,
        playing() as playwright,
        launched(playwright) as browser,
    ):
        for language in LANGUAGES:
            person = Somebody(browser, served.address, language, NARROW)
            person.page.goto(link)
            person.page.get_by_role("button", name=language.upper(), exact=True).click()
            person.page.wait_for_load_state()
            address = person.page.url
            person.context.close()
            sizes = first_visit(Somebody(browser, served.address, language, NARROW), address)
            assert len(sizes) <= 4, list(sizes)
            assert sum(sizes.values()) <= 14 * 1024, sizes


def first_visit(person: Somebody, address: str) -> dict[str, int]:
    """Bytes on the wire, heads and bodies, of everything that a page asks for when nothing is cached."""
    finished: list[Request] = []
    person.page.on("requestfinished", lambda request: finished.append(request))
    person.open(address)
    person.page.wait_for_load_state("networkidle")
    measured = [(request.url, request.sizes()) for request in finished]
    sizes = {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in measured}
    for part in (
        "#presence",
        "a[href$='/pre']",
        "ol li:nth-child(3)",
        "a[href$='/feedback']",
        "a[href*='/materials/']",
        "a.leave",
    ):
        assert person.page.locator(part).count(), part
    icon = person.page.locator("link[rel=icon]").evaluate("link => link.href")
    if icon not in sizes:  # a browser without a window leaves it out
        answer = person.context.request.get(icon, headers={"Accept-Encoding": "br"})
        sizes[icon] = len(answer.body()) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return sizes


def fullest_page() -> str:
    """The page of somebody who is awaited today: self check-in, the quiz, three sessions, feedback, materials."""
    event = agenda.on_now(db.session.scalars(sa.select(Programme)).one())[0]
    for number, event_session in enumerate(event.sessions[1:], 1):
        event_session.starts_at = event.sessions[0].starts_at + timedelta(minutes=number)
        event_session.ends_at = event.sessions[0].ends_at
    event.ends_on = event.starts_on
    here = attendance.present_at(event.sessions[0])
    place = next(place for place in registration.of_event(event) if place.id not in here)
    return f"/p/{roster.personal_token(place.participant)}"
