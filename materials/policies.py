"""Who may read materials and keep their ledger."""

from __future__ import annotations

from accounts.models import Role, User
from materials.models import Material, MaterialFile
from trainings.models import Programme
from trainings.policies import manages, works_in


def may_see_materials(user: User, programme: Programme) -> bool:
    return works_in(user, programme.id)


def may_read(user: User, material: Material) -> bool:
    return works_in(user, material.programme_id)


def may_read_file(user: User, file: MaterialFile) -> bool:
    return may_read(user, file.material)


def may_keep_ledger(user: User, material: Material) -> bool:
    """Managers, and trainers, who hand the copies out."""
    is_trainer = user.is_authenticated and user.role == Role.TRAINER and works_in(user, material.programme_id)
    return manages(user, material.programme_id) or is_trainer


def may_publish(user: User, material: Material) -> bool:
    return manages(user, material.programme_id)
