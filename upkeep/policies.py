"""Who may see to the installation, and to the background work of a programme."""

from __future__ import annotations

from accounts.models import User
from accounts.policies import may_manage_staff
from core.runs import JobRun
from trainings.models import Programme
from trainings.policies import manages
from upkeep import work


def may_keep_up(user: User) -> bool:
    """See to the installation as a whole: administrators."""
    return may_manage_staff(user)


def may_see_work(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)


def may_ask_again(user: User, run: JobRun) -> bool:
    """Ask again for what failed: managers for their programme's own work, administrators for all."""
    programme = work.programme_of(run)
    return may_keep_up(user) or (programme is not None and manages(user, programme.id))
