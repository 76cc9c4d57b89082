"""Who may see and keep the monitoring register."""

from __future__ import annotations

from accounts.models import Role, User
from monitoring.models import PoliceUnit, Recommendation, Report, Visit
from trainings.models import Programme
from trainings.policies import manages, role_in


def may_see_register(user: User, programme: Programme) -> bool:
    """Units by alias, reports and recommendations: managers and monitors of the programme, not trainers."""
    return manages(user, programme.id) or _monitors(user, programme.id)


def may_record(user: User, programme: Programme) -> bool:
    return may_see_register(user, programme)


def may_keep_units(user: User, programme: Programme) -> bool:
    """Say which units there are and what they are really called: managers."""
    return manages(user, programme.id)


def may_keep_unit(user: User, unit: PoliceUnit) -> bool:
    return manages(user, unit.programme_id)


def may_visit(user: User, unit: PoliceUnit) -> bool:
    return manages(user, unit.programme_id) or _monitors(user, unit.programme_id)


def may_see_visit(user: User, visit: Visit) -> bool:
    """A monitor sees the own visits, a manager all."""
    programme_id = visit.police_unit.programme_id
    return manages(user, programme_id) or (_monitors(user, programme_id) and visit.user_id == user.id)


def may_write_visit(user: User, visit: Visit) -> bool:
    """Only whoever made it writes in it: a manager who mends the answers could not be the one who approves them."""
    return may_see_visit(user, visit) and visit.user_id == user.id


def may_approve(user: User, visit: Visit) -> bool:
    return manages(user, visit.police_unit.programme_id)


def may_write_report(user: User, report: Report) -> bool:
    return manages(user, report.programme_id) or _monitors(user, report.programme_id)


def may_publish(user: User, report: Report) -> bool:
    return manages(user, report.programme_id)


def may_write_recommendation(user: User, recommendation: Recommendation) -> bool:
    return recommendation.report is not None and may_write_report(user, recommendation.report)


def may_follow_up(user: User, recommendation: Recommendation) -> bool:
    programme_id = recommendation.programme.id
    return manages(user, programme_id) or _monitors(user, programme_id)


def may_import(user: User, programme: Programme) -> bool:
    """Take in lists from outside: managers."""
    return manages(user, programme.id)


def _monitors(user: User, programme_id: int) -> bool:
    return role_in(user, programme_id) == Role.MONITOR
