"""Who may read materials, change them and keep their ledger."""

from __future__ import annotations

from accounts.models import Role, User
from materials import library
from materials.models import Audience, CopiesEntry, Material, MaterialFile
from participants.models import Participant
from trainings.models import Programme
from trainings.policies import manages, role_in, works_in


def may_see_materials(user: User, programme: Programme) -> bool:
    return works_in(user, programme.id)


def may_read(user: User, material: Material) -> bool:
    return works_in(user, material.programme_id)


def may_read_file(user: User, file: MaterialFile) -> bool:
    """Staff read every version, those too that nobody else opens any more."""
    return may_read(user, file.material)


def may_add(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)


def may_edit(user: User, material: Material) -> bool:
    """What is said about a material, its files, who may open it, and that it is published."""
    return manages(user, material.programme_id)


def may_edit_file(user: User, file: MaterialFile) -> bool:
    return may_edit(user, file.material)


def may_keep_ledger(user: User, material: Material) -> bool:
    """Managers, and trainers, who hand the copies out."""
    return manages(user, material.programme_id) or role_in(user, material.programme_id) == Role.TRAINER


def may_correct(user: User, entry: CopiesEntry) -> bool:
    return may_keep_ledger(user, entry.material)


def is_open_to(person: Participant, material: Material) -> bool:
    """Whether a participant may open a material of the programme by the personal link."""
    return material.programme_id == person.programme_id and material.audience in library.audiences_of(person)


def is_open_to_anyone(material: Material) -> bool:
    return material.audience == Audience.PUBLIC
