"""Who may do what with the installation and its staff."""

from __future__ import annotations

from accounts.models import Role, User


def is_staff(user: User) -> bool:
    return user.is_authenticated


def may_manage_staff(user: User, _colleague: User | None = None) -> bool:
    return user.is_authenticated and user.role == Role.ADMINISTRATOR


def may_read_audit(user: User) -> bool:
    return may_manage_staff(user)
