"""Every route against every role, own and other: who gets in is written down here, route by route."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import issuing, printing
from certificates.models import CertificatePrinting
from core import clock
from core.config import CHECKOUT
from core.db import db
from core.i18n import LANGUAGES
from core.runs import JobRun, RunOutcome
from door import attendance, devices
from door.models import ScanReview
from door.readings import Reading
from indicators import sharing
from indicators.share_models import Audience
from materials import ledger
from materials.models import CopiesKind
from messages import wording, writing
from messages.models import MessageKind, Recipients
from monitoring import reports, units, visits
from monitoring.visits import VisitRecord
from participants import blanks, importing, merging, organisations, roster
from participants.models import Sector
from places import applying, quotas
from privacy import codes
from quizzes import drafts, openings
from quizzes.models import Phase
from tests import make
from tests.conftest import ROSTERS
from tests.pages import Visitor
from trainings import calendars, programmes

# Who is who: administrator; manager, trainer and monitor of the programme; a trainer of it who does not lead the event;
# a manager of another programme; nobody signed in.
EVERYBODY = {"administrator", "manager", "trainer", "other_trainer", "monitor", "outsider"}
STAFF_OF_IT = {"administrator", "manager", "trainer", "other_trainer", "monitor"}
RUNS_IT = {"administrator", "manager", "trainer"}
MANAGES = {"administrator", "manager"}
MONITORS = {"administrator", "manager", "monitor"}
LEDGER = {"administrator", "manager", "trainer", "other_trainer"}
ADMIN = {"administrator"}
WRITER = {"manager"}  # who recorded the visit
FOR_DEVICES: set[str] = set()  # no member of staff: only a phone with a token, which has tests of its own

ALLOWED = {
    "accounts.sign_out": EVERYBODY,
    "accounts.list_staff": ADMIN,
    "accounts.add_staff": ADMIN,
    "accounts.show_rights": ADMIN,
    "accounts.settle_rights": ADMIN,
    "accounts.invite_staff": ADMIN,
    "accounts.let_staff_go": ADMIN,
    "accounts.take_staff_back": ADMIN,
    "accounts.list_audit": ADMIN,
    "programmes.show_home": EVERYBODY,
    "programmes.show_programme": STAFF_OF_IT,
    "programmes.show_team": MANAGES,
    "programmes.assign_to_team": MANAGES,
    "programmes.change_role_in_team": MANAGES,
    "programmes.withdraw_from_team": MANAGES,
    "programmes.list_venues": STAFF_OF_IT,
    "programmes.add_venue": MANAGES,
    "programmes.show_venue": MANAGES,
    "programmes.revise_venue": MANAGES,
    "events.list_events": STAFF_OF_IT,
    "events.show_calendar": STAFF_OF_IT,
    "events.show_new_event": MANAGES,
    "events.plan_event": MANAGES,
    "events.show_event": STAFF_OF_IT,
    "events.show_event_form": MANAGES,
    "events.revise_event": MANAGES,
    "changing.show_move": MANAGES,
    "changing.move_event": MANAGES,
    "changing.show_cancellation": MANAGES,
    "changing.cancel_event": MANAGES,
    "changing.show_copy": MANAGES,
    "changing.copy_event": MANAGES,
    "readiness.show_readiness": MANAGES,
    "setting_up.show_new_programme": ADMIN,
    "setting_up.found_programme": ADMIN,
    "setting_up.show_settings": MANAGES,
    "setting_up.revise_programme": MANAGES,
    "setting_up.export_programme": MANAGES,
    "event_templates.list_templates": MANAGES,
    "event_templates.show_template": MANAGES,
    "event_templates.keep_template": MANAGES,
    "event_templates.drop_template": MANAGES,
    "calendars.export_event": STAFF_OF_IT,
    "calendars.print_agenda": STAFF_OF_IT,
    "calendars.show_timeline": STAFF_OF_IT,
    "calendars.show_feed": EVERYBODY,
    "calendars.give_feed": EVERYBODY,
    "calendars.withdraw_feed": EVERYBODY,
    "events.close_event": RUNS_IT,
    "people.list_people": RUNS_IT,
    "people.show_new_person": RUNS_IT,
    "people.add_person": RUNS_IT,
    "people.print_badges": RUNS_IT,
    "people.show_person": RUNS_IT,
    "people.show_person_form": RUNS_IT,
    "people.correct_person": RUNS_IT,
    "people.show_link": RUNS_IT,
    "people.replace_link": RUNS_IT,
    "people.hand_over_link": RUNS_IT,
    "people.reissue_badge": RUNS_IT,
    "people.erase_person": MANAGES,
    "people.cancel_place": RUNS_IT,
    "people.restore_place": RUNS_IT,
    "register.list_everybody": MANAGES,
    "register.list_duplicates": MANAGES,
    "register.compare_people": MANAGES,
    "register.merge_people": MANAGES,
    "register.tell_apart": MANAGES,
    "register.undo_merge": MANAGES,
    "organisations.list_organisations": MANAGES,
    "organisations.show_organisation": MANAGES,
    "organisations.rename_organisation": MANAGES,
    "organisations.merge_organisation": MANAGES,
    "organisations.give_contact_link": MANAGES,
    "organisations.end_contact_link": MANAGES,
    "substitutions.show_substitution": RUNS_IT,
    "substitutions.substitute": RUNS_IT,
    "consent.show_consent": MANAGES,
    "consent.publish_consent": MANAGES,
    "imports.show_upload": RUNS_IT,
    "imports.upload": RUNS_IT,
    "imports.show_preview": RUNS_IT,
    "imports.apply_import": RUNS_IT,
    "imports.withdraw_import": RUNS_IT,
    "imports.list_imports": RUNS_IT,
    "imports.show_columns": RUNS_IT,
    "imports.arrange_columns": RUNS_IT,
    "imports.choose_sheet": RUNS_IT,
    "imports.keep_answers": RUNS_IT,
    "imports.read_failed_rows": RUNS_IT,
    "imports.undo_import": RUNS_IT,
    "door.show_door": RUNS_IT,
    "door.mark_present": RUNS_IT,
    "door.annul_attendance": RUNS_IT,
    "door.add_walk_in": RUNS_IT,
    "door.print_sheet": RUNS_IT,
    "devices.list_devices": RUNS_IT,
    "devices.offer_pairing": RUNS_IT,
    "devices.end_device": RUNS_IT,
    "board.show_board": LEDGER,  # a trainer's shows the own events only, tested with the board
    "room.show_room": RUNS_IT,
    "room.switch_self_check_in": RUNS_IT,
    "sheet.show_presences": RUNS_IT,
    "sheet.note_presences": RUNS_IT,
    "sheet.take_back_presences": RUNS_IT,
    "sheet.show_headcount": RUNS_IT,
    "sheet.count_heads": RUNS_IT,
    "cards.show_cards": RUNS_IT,
    "cards.add_cards": RUNS_IT,
    "cards.print_cards": RUNS_IT,
    "cards.print_link_cards": RUNS_IT,
    "cards.list_rolls": MANAGES,
    "cards.make_roll": MANAGES,
    "cards.show_roll": MANAGES,
    "cards.print_roll": MANAGES,
    "cards.void_roll": MANAGES,
    "places.show_places": RUNS_IT,
    "places.ask_people": RUNS_IT,
    "places.note_answer": RUNS_IT,
    "places.give_place": RUNS_IT,
    "places.set_filling": MANAGES,
    "places.set_quota": MANAGES,
    "places.drop_quota": MANAGES,
    "places.allow_pages": MANAGES,
    "places.open_page": MANAGES,
    "places.close_page": MANAGES,
    "messages.list_messages": RUNS_IT,
    "messages.show_new_message": RUNS_IT,
    "messages.write_message": RUNS_IT,
    "messages.show_message": RUNS_IT,
    "messages.show_texts": RUNS_IT,
    "messages.try_again": RUNS_IT,
    "messages.withdraw_message": RUNS_IT,
    "messages.note_returned": RUNS_IT,
    "mail_settings.show_settings": MANAGES,
    "mail_settings.settle_mail": MANAGES,
    "mail_settings.show_text": MANAGES,
    "mail_settings.keep_text": MANAGES,
    "mail_settings.drop_text": MANAGES,
    "scans.record_scans": RUNS_IT,
    "scans.take_snapshot": FOR_DEVICES,
    "scans.list_presences": FOR_DEVICES,
    "scans.search": FOR_DEVICES,
    "scans.say_farewell": FOR_DEVICES,
    "reviews.list_reviews": MANAGES,
    "reviews.settle_review": MANAGES,
    "reviews.settle_together": MANAGES,
    "reviews.reopen_review": MANAGES,
    "reviews.show_whose": MANAGES,
    "reviews.attach_person": MANAGES,
    "reviews.attach_new_person": MANAGES,
    "queue_files.show_upload": MANAGES,
    "queue_files.take_in": MANAGES,
    "quizzes.list_quizzes": STAFF_OF_IT,
    "quizzes.show_quiz": STAFF_OF_IT,
    "quizzes.use_quiz": RUNS_IT,
    "quizzes.open_phase": RUNS_IT,
    "quizzes.run_quiz": RUNS_IT,
    "quizzes.choose_results": RUNS_IT,
    "quiz_paper.print_sheets": RUNS_IT,
    "quiz_paper.show_sheet": RUNS_IT,
    "quiz_paper.enter_sheet": RUNS_IT,
    "quizzes.close_phase": RUNS_IT,
    "writing.show_new_quiz": MANAGES,
    "writing.begin_quiz": MANAGES,
    "writing.show_settings": MANAGES,
    "writing.settle_quiz": MANAGES,
    "writing.correct_quiz": MANAGES,
    "writing.publish_quiz": MANAGES,
    "writing.discard_quiz": MANAGES,
    "writing.show_versions": STAFF_OF_IT,
    "questions.show_new_question": MANAGES,
    "questions.add_question": MANAGES,
    "questions.show_question": MANAGES,
    "questions.revise_question": MANAGES,
    "questions.move_question": MANAGES,
    "questions.copy_question": MANAGES,
    "questions.remove_question": MANAGES,
    "questions.list_questions": STAFF_OF_IT,
    "questions.take_question": MANAGES,
    "exchange.show_upload": MANAGES,
    "exchange.look_into_file": MANAGES,
    "exchange.take_questions": MANAGES,
    "exchange.export_template": EVERYBODY,
    "exchange.export_workbook": STAFF_OF_IT,
    "exchange.export_gift": STAFF_OF_IT,
    "quiz_reports.show_event_report": STAFF_OF_IT,
    "quiz_reports.print_event_report": STAFF_OF_IT,
    "quiz_reports.export_event_report": STAFF_OF_IT,
    "quiz_reports.show_report": STAFF_OF_IT,
    "quiz_reports.print_report": STAFF_OF_IT,
    "quiz_reports.export_report": STAFF_OF_IT,
    "certificates.list_certificates": RUNS_IT,
    "certificates.issue_certificates": RUNS_IT,
    "certificates.print_certificates": RUNS_IT,
    "certificates.ask_for_printing": RUNS_IT,
    "certificates.show_printing": RUNS_IT,
    "certificates.read_printing": RUNS_IT,
    "certificates.show_rule": MANAGES,
    "certificates.set_rule": MANAGES,
    "certificates.drop_rule": MANAGES,
    "certificates.show_usual_rule": MANAGES,
    "certificates.set_usual_rule": MANAGES,
    "certificates.show_certificate": RUNS_IT,
    "certificates.issue_certificate": MANAGES,
    "certificates.print_certificate": RUNS_IT,
    "certificates.reissue_certificate": MANAGES,
    "certificates.withdraw_certificate": MANAGES,
    "feedback.show_event_results": RUNS_IT,
    "feedback.show_results": MANAGES,
    "feedback.export_results": MANAGES,
    "follow_ups.list_follow_ups": LEDGER,  # a trainer's shows the own events only, tested with follow-ups
    "follow_ups.ask_follow_up": RUNS_IT,
    "follow_ups.close_follow_up": RUNS_IT,
    "feedback_texts.list_texts": MANAGES,
    "feedback_texts.review_text": MANAGES,
    "questionnaires.list_questionnaires": MANAGES,
    "questionnaires.show_questionnaire": MANAGES,
    "questionnaires.revise_questionnaire": MANAGES,
    "materials.list_materials": STAFF_OF_IT,
    "materials.show_material": STAFF_OF_IT,
    "materials.read_file": STAFF_OF_IT,
    "materials.show_new_material": MANAGES,
    "materials.add_material": MANAGES,
    "materials.show_material_form": MANAGES,
    "materials.revise_material": MANAGES,
    "materials.publish_material": MANAGES,
    "materials.add_file": MANAGES,
    "materials.restore_file": MANAGES,
    "materials.withdraw_file": MANAGES,
    "copies.show_ledger": STAFF_OF_IT,
    "copies.record_printed": LEDGER,
    "copies.record_handed_out": LEDGER,
    "copies.show_correction": LEDGER,
    "copies.correct_copies": LEDGER,
    "monitoring.show_register": MONITORS,
    "monitoring.show_coverage": MONITORS,
    "monitoring.show_new_unit": MANAGES,
    "monitoring.add_unit": MANAGES,
    "monitoring.show_unit": MONITORS,
    "monitoring.show_unit_form": MANAGES,
    "monitoring.revise_unit": MANAGES,
    "visits.list_visits": MONITORS,  # a monitor's shows the own visits only, tested with visits
    "visits.begin_visit": MONITORS,
    "visits.show_visit": MANAGES,  # somebody else's visit; the monitor's own is tested below
    "visits.revise_visit": WRITER,
    "visits.save_answers": WRITER,
    "visits.hand_in_visit": WRITER,
    "visits.discard_visit": WRITER,
    "visits.return_visit": MANAGES,
    "visits.approve_visit": MANAGES,
    "monitoring_reports.list_reports": MONITORS,
    "monitoring_reports.begin_report": MONITORS,
    "monitoring_reports.show_report": MONITORS,
    "monitoring_reports.show_report_form": MONITORS,
    "monitoring_reports.revise_report": MONITORS,
    "monitoring_reports.show_visits_choice": MONITORS,
    "monitoring_reports.choose_visits": MONITORS,
    "monitoring_reports.print_report": MONITORS,
    "monitoring_reports.add_recommendation": MONITORS,
    "monitoring_reports.show_recommendation_form": MONITORS,
    "monitoring_reports.reword_recommendation": MONITORS,
    "monitoring_reports.withdraw_recommendation": MONITORS,
    "monitoring_reports.publish_report": MANAGES,
    "recommendations.list_recommendations": MONITORS,
    "recommendations.export_csv": MONITORS,
    "recommendations.export_workbook": MONITORS,
    "recommendations.show_recommendation": MONITORS,
    "recommendations.note_response": MONITORS,
    "recommendations.assess_recommendation": MONITORS,
    "external.show_upload": MANAGES,
    "external.look_into_list": MANAGES,
    "external.take_list": MANAGES,
    "external.export_template": EVERYBODY,
    "indicators.show_dashboard": STAFF_OF_IT,
    "indicators.show_indicator": STAFF_OF_IT,
    "indicators.enter_value": MANAGES,
    "cockpit.show_missing": MANAGES,
    "periods.list_periods": STAFF_OF_IT,
    "periods.show_period": STAFF_OF_IT,
    "periods.take_step": MANAGES,
    "periods.add_period": MANAGES,
    "periods.lay_out_periods": MANAGES,
    "periods.take_period_out": MANAGES,
    "periods.explain_restatement": MANAGES,
    "periods.download": STAFF_OF_IT,
    "periods.download_snapshot": STAFF_OF_IT,
    "files.list_files": STAFF_OF_IT,
    "files.download": STAFF_OF_IT,
    "actuals.show_record": MANAGES,
    "actuals.adjust": MANAGES,
    "actuals.add_evidence": MANAGES,
    "actuals.open_evidence": STAFF_OF_IT,
    "actuals.remove_evidence": MANAGES,
    "actuals.narrate": MANAGES,
    "actuals.show_rows": STAFF_OF_IT,
    "logframe.show_logframe": MANAGES,
    "logframe.show_result": MANAGES,
    "logframe.revise_result": MANAGES,
    "logframe.show_new_result": MANAGES,
    "logframe.add_result": MANAGES,
    "logframe.take_result_out": MANAGES,
    "logframe.add_assumption": MANAGES,
    "assumptions.show_assumption": MANAGES,
    "assumptions.word_assumption": MANAGES,
    "assumptions.judge_assumption": MANAGES,
    "assumptions.drop_assumption": MANAGES,
    "assumptions.follow_assumption_again": MANAGES,
    "definitions.show_new_indicator": MANAGES,
    "definitions.add_indicator": MANAGES,
    "definitions.show_indicator_form": MANAGES,
    "definitions.revise_indicator": MANAGES,
    "definitions.retire_indicator": MANAGES,
    "definitions.take_indicator_back": MANAGES,
    "definitions.show_targets": MANAGES,
    "definitions.set_target": MANAGES,
    "logframe.list_changes": STAFF_OF_IT,
    "files.show_iati": MANAGES,
    "files.record_iati": MANAGES,
    "share_links.list_share_links": MANAGES,
    "share_links.preview": MANAGES,
    "share_links.share": MANAGES,
    "share_links.revoke_share_link": MANAGES,
    "upkeep.list_jobs": ADMIN,
    "upkeep.show_health": ADMIN,
    "upkeep.show_settings": ADMIN,
    "upkeep.list_programme_jobs": MANAGES,
    "upkeep.ask_again": MANAGES,
}
LAST = (
    "places.drop_quota",
    "questions.remove_question",
    "writing.discard_quiz",
    "visits.discard_visit",
    "monitoring_reports.withdraw_recommendation",
)  # what they name is gone then
OPEN = {
    "accounts_public.show_sign_in", "accounts_public.sign_in", "accounts_public.show_welcome",
    "accounts_public.accept_welcome", "accounts_public.enter_demo", "accounts_public.choose_language",
    "accounts_public.show_health", "participant_page.show_page", "participant_page.choose_language",
    "participant_page.check_in_oneself", "participant_page.show_room_camera", "participant_page.tell_time",
    "places_public.answer", "places_public.show_registration", "places_public.register_oneself",
    "messages_public.choose_letters", "participant_page.ask_for_code", "participant_page.open_by_code",
    "participant_page.answer_consent", "participant_page.show_numbers",
    "quiz_taking.show_quiz", "quiz_taking.submit_quiz",
    "quiz_taking.save_answers", "quiz_taking.finish_quiz", "quiz_taking.show_worker",
    "feedback_giving.show_questions", "feedback_giving.give_feedback",
    "certificates_public.show_verification", "certificates_public.verify_certificate",
    "certificates_public.take_own_certificate",
    "materials_public.read_material", "materials_public.show_material", "materials_public.read_in_language",
    "donor.show_dashboard", "donor.show_indicator", "donor.show_methods", "donor.say_passphrase",
    "donor.list_recommendations", "donor.list_archive",
    "donor_files.download",
    "api.describe", "api.show_schema", "api.get_head", "api.list_periods", "api.list_results", "api.list_indicators",
    "api.get_indicator", "api.list_recommendations", "api.list_outside_recommendations", "api.get_logframe",
    "calendars_public.read_feed",
    "scanner.show_scanner", "scanner.show_manifest", "scanner.show_worker", "scanner.pair_device",
}  # fmt: skip


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """A programme with one of everything that an address can name."""
    programme = make.programme()
    people = {role: make.user(role, programme) for role in ("administrator", "manager", "trainer", "monitor")}
    people["other_trainer"] = make.user("trainer", programme)
    people["outsider"] = make.user("manager", make.programme("elsewhere"))
    event = make.event(programme, trainers=[people["trainer"]], venue=make.venue())
    place = make.registration(event, "Иванова Анна")
    attendance.mark(event.sessions[0], place, by=people["trainer"])
    device, _token = devices.pair(devices.offer(event, people["trainer"]), "Phone")
    foreign = Reading(str(uuid.uuid4()), codes.badge_code(), clock.now())
    attendance.check_in(event.sessions[0], [foreign], by=people["trainer"])
    used = make.event_quiz(event)
    draft = drafts.draft_of(used.quiz)
    openings.open_phase(used, Phase.PRE)
    material = make.material(audience="public")
    entry = ledger.record(material, CopiesKind.PRINTED, 10, programme.today())
    unit = units.add(programme, "Unit 1", "North")
    organisation = roster.find_organisation(programme, "Group")
    assert organisation
    visit = visits.record(unit, VisitRecord(programme.today(), organisation, 2), people["manager"])
    report = reports.begin(programme, make.Texts(en="Report"))
    recommendation = reports.recommend(report, "Ministry", "Do it", theme="Doctors")
    indicator = make.indicator(metric=None)
    period = make.locked_period(programme, people["manager"], people["administrator"])
    link, donor_token = sharing.share(programme, "Donor", Audience.DONOR, 10, people["manager"])
    content = (ROSTERS / "lawyers-cp1251.csv").read_bytes()
    staged = importing.stage(event, content, Sector.POLICE, people["manager"])
    certificate = issuing.issue(place, by=people["manager"])
    printed = printing.ask(event, by=people["manager"])
    printing.finish(printed, b"%PDF-1.4 made for a test")
    merge = merging.merge(make.person(), make.person(), {}, people["manager"])
    contact, contact_token = organisations.give_link(organisation, "Contact", 30, people["manager"])
    rows = {
        "merge": merge, "other": make.person(), "organisation": organisation, "contact": contact,
        "programme": programme, "event": event, "event_session": event.sessions[0], "participant": place.participant,
        "place": place, "presence": next(iter(attendance.present_at(event.sessions[0]).values())), "staged": staged,
        "event_quiz": used, "quiz": used.quiz, "draft": SimpleNamespace(uid=draft.uid),
        "question": SimpleNamespace(uid=draft.questions[0].uid),
        "material": material, "file": material.files[0], "unit": unit,
        "entry": entry, "visit": visit, "report": report, "recommendation": recommendation, "indicator": indicator,
        "evidence": make.evidence(indicator), "result": indicator.result,
        "assumption": make.assumption(indicator.result),
        "period": period,
        "link": link, "certificate": certificate, "printing_of": printed,
        "user": people["monitor"], "device": device, "roll": blanks.print_roll(programme, 10),
        "review": db.session.scalars(sa.select(ScanReview)).one(),
    }  # fmt: skip
    rows["venue"] = event.venue
    rows["free"] = make.free_text(event)
    rows["message"] = writing.write(
        event,
        MessageKind.CHANGE,
        Recipients.ALL,
        wording.shipped(MessageKind.CHANGE),
        by=people["manager"],
    )
    rows["run"] = failed_run(printed)
    rows["quota"] = quotas.set_for(event, "Group", 5)
    applying.allow(programme, True)
    page_token = applying.open_page(event, make.Texts())
    db.session.commit()
    person_token = roster.personal_token(place.participant)
    tokens = {"person_token": person_token, "donor_token": donor_token, "contact_token": contact_token}
    tokens |= {"page_token": page_token, "feed_token": calendars.give_feed(people["trainer"])}
    db.session.commit()
    return SimpleNamespace(app=app, people=people, rows=rows, code=certificate.code, **tokens)


def failed_run(printed: CertificatePrinting) -> JobRun:
    over = {"started_at": clock.now(), "ended_at": clock.now(), "outcome": RunOutcome.FAILED, "problem": "KeyError"}
    run = JobRun(name="draw_certificates", subject_uid=printed.uid, is_asked=True, asked_at=clock.now(), **over)
    db.session.add(run)
    return run


def routes(app: Flask) -> list[Any]:
    known = [rule for rule in app.url_map.iter_rules() if rule.endpoint in app.view_functions]
    return sorted(known, key=lambda rule: (rule.endpoint in LAST, rule.endpoint))


def address(world: SimpleNamespace, rule: Any) -> str:
    token = world.contact_token if rule.endpoint == "participant_page.show_numbers" else world.person_token
    token = world.donor_token if rule.endpoint.startswith("donor") else token
    token = world.page_token if rule.endpoint == "places_public.show_registration" else token
    token = world.feed_token if rule.endpoint == "calendars_public.read_feed" else token
    values: dict[str, Any] = {"token": token, "year": 2027, "month": 5, "phase": "pre", "language": "en"}
    values |= {"code": world.code, "letter": "reminder", "audience": "public"}
    values |= {"asked": "feedback", "kind": "workshop", "purpose": "evaluation", "file_name": "logframe.xlsx"}
    with world.app.test_request_context():
        wanted = {name: world.rows[name].uid if name in world.rows else values[name] for name in rule.arguments}
        return world.app.url_for(rule.endpoint, **wanted)


def test_every_route_is_in_the_table(world: SimpleNamespace) -> None:
    assert {rule.endpoint for rule in routes(world.app)} == ALLOWED.keys() | OPEN


# Who may is decided above the database: every role is asked on SQLite, on PostgreSQL those who get in, with the queries
# of their pages.
ASKED = [("sqlite", who) for who in (*sorted(EVERYBODY), "nobody")] + [("postgres", "administrator")]


@pytest.mark.parametrize(("installation", "who"), ASKED, indirect=["installation"])
def test_who_gets_in(world: SimpleNamespace, who: str) -> None:
    visitor = Visitor(world.app)
    if who != "nobody":
        visitor.sign_in(world.people[who])
    token = visitor.csrf()
    for rule in routes(world.app):
        if rule.endpoint in OPEN or rule.endpoint == "accounts.sign_out":
            continue
        path = address(world, rule)
        if "GET" in rule.methods:
            answer = visitor.ask("get", path)
        else:
            answer = visitor.ask("post", path, data={"csrf_token": token})
        is_sent_to_sign_in = "/sign-in" in answer.headers.get("Location", "")
        if who == "nobody":
            assert answer.status_code == 303 and is_sent_to_sign_in, rule
        elif who in ALLOWED[rule.endpoint]:
            assert answer.status_code in (200, 303, 400, 409, 422), f"{who} is refused at {rule}: {answer.status_code}"
            assert not is_sent_to_sign_in, f"{who} is signed in no more at {rule}"
        else:
            assert answer.status_code == 403, f"{who} gets in at {rule}: {answer.status_code}"


def test_a_program_that_is_not_signed_in_is_told_so(world: SimpleNamespace) -> None:
    session = world.rows["event_session"].uid
    visitor = Visitor(world.app)
    answer = visitor.post_json(f"/sessions/{session}/scans", {"scans": []})
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "http_401"


def test_a_route_without_a_mark_answers_403(world: SimpleNamespace) -> None:
    world.app.view_functions["forgotten"] = lambda: "open"
    world.app.url_map.add(world.app.url_rule_class("/forgotten", endpoint="forgotten"))
    try:
        assert Visitor(world.app).get("/forgotten").status == 403
    finally:
        del world.app.view_functions["forgotten"]


def test_a_post_without_a_token_changes_nothing(world: SimpleNamespace) -> None:
    visitor = Visitor(world.app).sign_in(world.people["manager"])
    answer = visitor.ask("post", f"/events/{world.rows['event'].uid}/closing")
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.get_data(as_text=True)
    assert world.rows["event"].is_planned


SPOKEN = [("sqlite", language) for language in LANGUAGES] + [("postgres", "ru")]


@pytest.mark.parametrize(("installation", "language"), SPOKEN, indirect=["installation"])
def test_every_page_is_whole_in_every_language(world: SimpleNamespace, language: str) -> None:
    """The visitor audits each page it opens; here it opens all of them."""
    administrator = world.people["administrator"]
    administrator.language = language
    visitor = Visitor(world.app, language).sign_in(administrator)
    opened = 0
    for rule in routes(world.app):
        is_for_people = ALLOWED.get(rule.endpoint) != FOR_DEVICES and not rule.rule.startswith("/api/")
        if "GET" in rule.methods and is_for_people and "welcome" not in rule.rule and "health" not in rule.rule:
            page = visitor.get(address(world, rule))
            assert page.status == 200, rule
            opened += page.is_page
    assert opened > 30


def test_an_unknown_address_and_an_unknown_row_are_said_so(world: SimpleNamespace) -> None:
    visitor = Visitor(world.app).sign_in(world.people["manager"])
    for path in ("/nowhere", "/events/AAAAAAAAAAAAAAAA", "/p/x", f"/p/{'x' * 300}", "/d/nothing"):
        page = visitor.get(path)
        assert page.status in (404, 409), path
        assert len(page.text("main")) > 20


def test_a_monitor_sees_the_own_visit(world: SimpleNamespace) -> None:
    monitor = world.people["monitor"]
    organisation = roster.find_organisation(make.programme(), "Group")
    assert organisation
    record = VisitRecord(make.programme().today(), organisation, 2)
    own = visits.record(world.rows["unit"], record, monitor)
    assert Visitor(world.app).sign_in(monitor).get(f"/visits/{own.uid}").status == 200


def test_a_member_of_the_team_loses_access_with_the_place_in_it(world: SimpleNamespace) -> None:
    manager = world.people["manager"]
    visitor = Visitor(world.app).sign_in(manager)
    path = f"/events/{world.rows['event'].uid}/people"
    assert visitor.get(path).status == 200
    programmes.withdraw(world.rows["programme"], manager)
    assert visitor.get(path).status == 403


def test_static_files_never_change_under_their_address(world: SimpleNamespace) -> None:
    page = Visitor(world.app).get("/sign-in")
    style = page.one("link[rel=stylesheet]").get("href")
    answer = world.app.test_client().get(style, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert (CHECKOUT / "static" / "css" / "office.css").exists()
