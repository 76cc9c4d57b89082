"""What was counted from the register, remembered until the register changes.

A dashboard asks for the same figures again and again, and counting a million attendances takes seconds. So what was
counted stays in the process under the stamp that the register had, and is counted anew once the stamp is another.
Only pages that change nothing remember: whoever writes has to see the own changes too, which have no stamp of others
yet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import db, only_reads
from indicators.series import Series, Value
from indicators.stamp_models import RegisterStamp
from trainings.models import Programme

# What rests on events, attendance, quizzes and evaluations alone. What is not named is counted each time.
REMEMBERED = frozenset(
    {
        "events.held",
        "events.dialogue",
        "people.completed",
        "people.places",
        "orgs.trained",
        "test.gain",
        "test.mastery",
        "test.both",
        "feedback.useful",
        "followup.applied",
        "places",
    }
)
MOST = 1000


@dataclass
class Remembered:
    """A series that knows the days it was asked for."""

    counted: Series
    stamp: str
    values: dict[date, Value] = field(default_factory=dict)

    def at(self, until: date) -> Value:
        if until not in self.values:
            self.values[until] = self.counted.at(until)
        return self.values[until]


@dataclass(frozen=True)
class Kept:
    """Something that was counted, under its stamp."""

    counted: Any
    stamp: str


_kept: dict[Any, Any] = {}
# Several who find the register changed do not all count at once; who counts one figure may need another for it.
_one_counts = threading.RLock()


def recall(programme: Programme, key: str, parameters: dict[str, Any], count: Callable[[], Any]) -> Any:
    """The series that `count` gives for these parameters, remembered if this is a page that only reads."""
    return _recalled(programme, key, parameters, count, Remembered)


def keep(programme: Programme, key: str, parameters: dict[str, Any], count: Callable[[], Any]) -> Any:
    """The same for what is no series: what `count` gives, as it is."""
    found = _recalled(programme, key, parameters, count, Kept)
    return found.counted if isinstance(found, Kept) else found


def _recalled(
    programme: Programme, key: str, parameters: dict[str, Any], count: Callable[[], Any], kept_as: type[Any]
) -> Any:
    if key not in REMEMBERED or not only_reads():
        return count()
    stamp = _stamp_of(programme)
    if stamp is None:
        return count()
    rules = (programme.completion_percent, programme.pass_mark)
    name = (programme.uid, key, rules, repr(sorted(parameters.items())))
    found = _kept.get(name)
    if found is None or found.stamp != stamp:
        with _one_counts:
            found = _kept.get(name)
            if found is None or found.stamp != stamp:
                found = kept_as(count(), stamp)
                if len(_kept) >= MOST:
                    _kept.clear()
                _kept[name] = found
    return found


def _stamp_of(programme: Programme) -> str | None:
    # Asked once for a page, before anything is counted: what is counted is then at least as new as its stamp.
    asked: dict[int, str | None] = db.session.info.setdefault("register_stamps", {})
    if programme.id not in asked:
        query = sa.select(RegisterStamp.stamp).where(RegisterStamp.programme_id == programme.id)
        asked[programme.id] = db.session.scalar(query)
    return asked[programme.id]
