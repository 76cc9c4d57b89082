"""Certificates for staff: who qualifies, issuing, one person's, reissuing, revoking, the rule, and printing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from certificates import drawing, issuing, papers, policies, printing, qualifying, rules
from certificates.forms import EventRuleForm, IssueForm, RuleForm, WithdrawForm
from certificates.models import Certificate, CertificatePrinting
from core.db import db
from core.queue import queue
from core.saving import refusals_in, saved
from core.web import answer_file
from participants.models import Registration
from trainings.models import Event, Programme

edge = Blueprint("certificates", __name__)


@edge.get("/events/<uid:event>/certificates")
@requires(policies.may_issue, event=Event)
def list_certificates(event: Event) -> Any:
    standings, issued, rule = qualifying.of(event), issuing.by_place(event), rules.of(event)
    return render_template(
        "certificates/certificates.html",
        event=event,
        programme=event.programme,
        rule=rule,
        misses_post_test=qualifying.misses_post_test(event, rule),
        qualify=[standing for standing in standings if standing.qualifies],
        others=[standing for standing in standings if not standing.qualifies],
        issued=issued,
        waiting=sum(standing.qualifies and standing.place.id not in issued for standing in standings),
        valid=issuing.number_valid(event),
        at_once=printing.AT_ONCE,
        printings=printing.latest(event),
        may_set_rule=policies.may_set_rule(current_user, event),
    )


@edge.post("/events/<uid:event>/certificates")
@requires(policies.may_issue, event=Event)
def issue_certificates(event: Event) -> Any:
    new = issuing.issue_all(event, by=current_user)
    audit.record(current_user, "issued_certificates", event, certificates=new)
    return saved(
        ngettext("%(num)s certificate is issued.", "%(num)s certificates are issued.", new),
        url_for("certificates.list_certificates", event=event.uid),
    )


@edge.get("/events/<uid:event>/certificates.pdf")
@requires(policies.may_issue, event=Event)
def print_certificates(event: Event) -> Any:
    content = drawing.draw(printing.papers_of(event))
    audit.record_at_once(current_user, "printed_certificates", event)
    return answer_file(content, "application/pdf", "certificates.pdf")


@edge.post("/events/<uid:event>/certificates/printings")
@requires(policies.may_issue, event=Event)
def ask_for_printing(event: Event) -> Any:
    asked = printing.ask(event, by=current_user)
    audit.record(current_user, "printed_certificates", event, certificates=asked.total)
    db.session.commit()
    queue.ask("draw_certificates", asked.uid)
    return redirect(url_for("certificates.show_printing", printing_of=asked.uid), 303)


@edge.get("/certificate-printings/<uid:printing_of>")
@requires(policies.may_see_printing, printing_of=CertificatePrinting)
def show_printing(printing_of: CertificatePrinting) -> Any:
    event = printing_of.event
    return render_template("certificates/printing.html", event=event, programme=event.programme, printing=printing_of)


@edge.get("/certificate-printings/<uid:printing_of>/certificates.pdf")
@requires(policies.may_see_printing, printing_of=CertificatePrinting)
def read_printing(printing_of: CertificatePrinting) -> Any:
    content = printing.fetch(printing_of)
    audit.record_at_once(current_user, "read_printed_certificates", printing_of)
    return answer_file(content, "application/pdf", "certificates.pdf")


@edge.get("/events/<uid:event>/certificates/rule")
@requires(policies.may_set_rule, event=Event)
def show_rule(event: Event) -> Any:
    rule = rules.of(event)
    form = EventRuleForm(is_settled=rule.is_settled)
    form.show(rule)
    return _rule_page(event.programme, form, event)


@edge.post("/events/<uid:event>/certificates/rule")
@requires(policies.may_set_rule, event=Event)
def set_rule(event: Event) -> Any:
    before = rules.of(event)
    form = EventRuleForm(is_settled=before.is_settled)
    if not form.validate_on_submit():
        return _rule_page(event.programme, form, event), 422
    rules.keep(event.programme, form.rule(before), event)
    audit.record(current_user, "set_certificate_rule", event)
    return saved(_("Saved."), url_for("certificates.list_certificates", event=event.uid))


@edge.post("/events/<uid:event>/certificates/rule/dropping")
@requires(policies.may_set_rule, event=Event)
def drop_rule(event: Event) -> Any:
    rules.drop_own(event)
    audit.record(current_user, "dropped_certificate_rule", event)
    return saved(
        _("The event follows the programme's rule again."), url_for("certificates.list_certificates", event=event.uid)
    )


@edge.get("/programmes/<uid:programme>/certificate-rule")
@requires(policies.may_set_usual_rule, programme=Programme)
def show_usual_rule(programme: Programme) -> Any:
    form = RuleForm()
    form.show(rules.of_programme(programme))
    return _rule_page(programme, form)


@edge.post("/programmes/<uid:programme>/certificate-rule")
@requires(policies.may_set_usual_rule, programme=Programme)
def set_usual_rule(programme: Programme) -> Any:
    form = RuleForm()
    if not form.validate_on_submit():
        return _rule_page(programme, form), 422
    rules.keep(programme, form.rule(rules.of_programme(programme)))
    audit.record(current_user, "set_certificate_rule", programme)
    return saved(_("Saved."), url_for("certificates.show_usual_rule", programme=programme.uid))


@edge.get("/registrations/<uid:place>/certificate")
@requires(policies.may_see_place, place=Registration)
def show_certificate(place: Registration) -> Any:
    return _place_page(place, IssueForm(), WithdrawForm())


@edge.post("/registrations/<uid:place>/certificate")
@requires(policies.may_decide, place=Registration)
def issue_certificate(place: Registration) -> Any:
    form = IssueForm()
    if form.validate_on_submit():
        with refusals_in(form):
            issued = issuing.issue(place, by=current_user, reason=form.reason.data or "")
            audit.record(current_user, "issued_certificate", issued, is_exception=issued.is_exception)
            return saved(_("The certificate is issued."), url_for("certificates.show_certificate", place=place.uid))
    return _place_page(place, form, WithdrawForm(formdata=None)), 422


@edge.get("/certificates/<uid:certificate>/certificate.pdf")
@requires(policies.may_print, certificate=Certificate)
def print_certificate(certificate: Certificate) -> Any:
    if not certificate.is_valid:
        raise issuing.NotValid
    content = drawing.draw(papers.of(certificate.event, [certificate]))
    audit.record_at_once(current_user, "printed_certificate", certificate)
    return answer_file(content, "application/pdf", "certificate.pdf")


@edge.post("/certificates/<uid:certificate>/reissue")
@requires(policies.may_revoke, certificate=Certificate)
def reissue_certificate(certificate: Certificate) -> Any:
    issued = issuing.reissue(certificate, by=current_user)
    audit.record(current_user, "reissued_certificate", issued)
    return saved(
        _("There is a new certificate with a new code. The old code is answered as not valid from now on."),
        url_for("certificates.show_certificate", place=issued.registration.uid),
    )


@edge.post("/certificates/<uid:certificate>/withdrawal")
@requires(policies.may_revoke, certificate=Certificate)
def withdraw_certificate(certificate: Certificate) -> Any:
    form, place = WithdrawForm(), certificate.registration
    if not form.validate_on_submit():
        return _place_page(place, IssueForm(formdata=None), form), 422
    issuing.withdraw(certificate, form.reason.data, by=current_user)
    audit.record(current_user, "withdrew_certificate", certificate)
    return saved(
        _("The certificate is withdrawn. Its code is answered as not valid from now on."),
        url_for("certificates.show_certificate", place=place.uid),
    )


def _rule_page(programme: Programme, form: RuleForm, event: Event | None = None) -> str:
    rule = rules.of(event) if event else rules.of_programme(programme)
    hours = papers.hours_of(event) if event else None
    return render_template(
        "certificates/rule.html", programme=programme, event=event, form=form, rule=rule, hours=hours
    )


def _place_page(place: Registration, issue_form: IssueForm, withdraw_form: WithdrawForm) -> str:
    return render_template(
        "certificates/place.html",
        place=place,
        event=place.event,
        programme=place.event.programme,
        standing=qualifying.of_place(place),
        certificates=issuing.of_place(place),
        issue_form=issue_form,
        withdraw_form=withdraw_form,
        may_decide=policies.may_decide(current_user, place),
    )
