"""How an edge keeps what was done: committed and told, or refused and said in the form. The same in every view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect

from core.db import db
from core.errors import Refused
from core.forms import BaseForm


def saved(words: str, address: str) -> Any:
    """Commit, say so, and lead to a page that may be loaded again."""
    db.session.commit()
    flash(words)
    return redirect(address, 303)


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """Let a refusal undo what was begun and stand above the fields, where everything typed still is."""
    try:
        yield
    except Refused as refusal:
        db.session.rollback()
        form.refuse(refusal)
