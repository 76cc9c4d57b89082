"""Who may read the dashboard, enter values and share it."""

from __future__ import annotations

from accounts.models import User
from core.db import db
from indicators.models import Assumption, Indicator, Period, Result
from indicators.record_models import EvidenceFile
from indicators.share_models import ShareLink
from trainings.models import Programme
from trainings.policies import manages, works_in


def may_see_indicators(user: User, programme: Programme) -> bool:
    return works_in(user, programme.id)


def may_see_indicator(user: User, indicator: Indicator) -> bool:
    return works_in(user, programme_of(indicator).id)


def may_enter(user: User, indicator: Indicator) -> bool:
    return manages(user, programme_of(indicator).id)


def may_share(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)


def may_revoke(user: User, link: ShareLink) -> bool:
    return manages(user, link.programme_id)


def may_see_period(user: User, period: Period) -> bool:
    return works_in(user, period.programme_id)


def may_report(user: User, period: Period) -> bool:
    """Submit a period's report, judge what a colleague submitted, lock it, explain what changed since."""
    return manages(user, period.programme_id)


def programme_of_period(period: Period) -> Programme:
    return db.session.get_one(Programme, period.programme_id)


def may_define(user: User, programme: Programme) -> bool:
    """Write the logframe: managers of the programme."""
    return manages(user, programme.id)


def may_define_result(user: User, result: Result) -> bool:
    return manages(user, result.programme_id)


def may_define_indicator(user: User, indicator: Indicator) -> bool:
    return manages(user, programme_of(indicator).id)


def may_judge(user: User, assumption: Assumption) -> bool:
    return manages(user, assumption.result.programme_id)


def may_open_evidence(user: User, evidence: EvidenceFile) -> bool:
    """A document behind a value: staff of the programme, and nobody outside."""
    return works_in(user, programme_of(db.session.get_one(Indicator, evidence.indicator_id)).id)


def may_remove_evidence(user: User, evidence: EvidenceFile) -> bool:
    return manages(user, programme_of(db.session.get_one(Indicator, evidence.indicator_id)).id)


def programme_of(part: Indicator | Result) -> Programme:
    """The programme whose logframe a row is of."""
    result = part if isinstance(part, Result) else db.session.get_one(Result, part.result_id)
    return db.session.get_one(Programme, result.programme_id)
