"""The results chain: what serves what. Added to, worded anew, and taken out where nothing hangs on it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import changes
from indicators.changes import Changed
from indicators.models import Result, ResultLevel
from indicators.record_models import Subject
from trainings.models import Programme


class CodeTaken(Refused):
    code = "code_taken"
    sentence = _l("This code is used already in the logframe.")


class ParentMissing(Refused):
    code = "parent_missing"
    sentence = _l("An outcome or an output serves another result. Choose which.")


class ImpactServesNothing(Refused):
    code = "impact_serves_nothing"
    sentence = _l("An impact is the top of the chain and serves no other result.")


class ParentTooLow(Refused):
    code = "parent_too_low"
    sentence = _l("An outcome cannot serve an output. It serves the impact or another outcome.")


class SomethingHangsOnIt(Refused):
    code = "something_hangs_on_it"
    sentence = _l(
        "Other results, indicators or judged assumptions hang on this result. Only a result on which nothing hangs "
        "can be taken out."
    )


def results_of(programme: Programme) -> list[Result]:
    """The results chain: every result right after the one it serves, in the order in which they were put down."""
    query = sa.select(Result).where(Result.programme_id == programme.id).order_by(Result.position, Result.id)
    serving: dict[int | None, list[Result]] = {}
    for result in db.session.scalars(query):
        serving.setdefault(result.parent_id, []).append(result)

    def walk(parent: int | None) -> list[Result]:
        return [found for result in serving.get(parent, []) for found in (result, *walk(result.id))]

    return walk(None)


def may_serve(level: ResultLevel, parent: ResultLevel | None) -> bool:
    """Whether a result of one level may serve one of another; the impact serves nothing."""
    if level == ResultLevel.IMPACT or parent is None:
        return level == ResultLevel.IMPACT and parent is None
    return level == ResultLevel.OUTPUT or parent != ResultLevel.OUTPUT


def add(
    programme: Programme, level: ResultLevel, code: str, statement: Texts, parent: Result | None, by: User | None
) -> Result:
    """A new result, after the others that serve the same.

    Refuses CodeTaken, ParentMissing, ImpactServesNothing and ParentTooLow.
    """
    _refuse_taken(programme.id, code)
    if not may_serve(level, parent.level if parent else None):
        if level == ResultLevel.IMPACT:
            raise ImpactServesNothing
        raise ParentMissing if parent is None else ParentTooLow
    last = sa.select(sa.func.max(Result.position)).where(Result.programme_id == programme.id)
    result = Result(
        programme_id=programme.id,
        position=(db.session.scalar(last) or 0) + 1,
        code=code,
        level=level,
        statement=statement,
        parent_id=parent.id if parent else None,
    )
    db.session.add(result)
    db.session.flush()
    changes.note(_named(result), "added", None, statement, by)
    db.session.flush()
    return result


def revise(result: Result, code: str, statement: Texts, by: User | None) -> list[str]:
    """Change the code and the statement of a result; returns what changed. Refuses CodeTaken."""
    _refuse_taken(result.programme_id, code, but=result)
    return changes.apply(result, {"code": code, "statement": statement}, _named(result), by)


def is_bare(result: Result) -> bool:
    """Whether nothing hangs on a result: no result serves it, nothing measures it, and no assumption was judged."""
    is_served = db.session.scalar(sa.select(sa.exists().where(Result.parent_id == result.id)))
    is_judged = any(assumption.judgements for assumption in result.assumptions)
    return not (is_served or result.indicators or is_judged)


def take_out(result: Result, by: User | None) -> None:
    """Delete a result with its assumptions; the change log still names it. Refuses SomethingHangsOnIt."""
    if not is_bare(result):
        raise SomethingHangsOnIt
    changes.note(_named(result), "taken_out", result.statement, None, by)
    for assumption in list(result.assumptions):
        db.session.delete(assumption)
    db.session.flush()
    db.session.delete(result)
    db.session.flush()


def _refuse_taken(programme_id: int, code: str, but: Result | None = None) -> None:
    taken = sa.select(Result.id).where(Result.programme_id == programme_id, Result.code == code)
    if but is not None:
        taken = taken.where(Result.id != but.id)
    if db.session.scalar(taken) is not None:
        raise CodeTaken


def _named(result: Result) -> Changed:
    return Changed(result.programme_id, Subject.RESULT, result.code)
