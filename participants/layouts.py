"""Which columns the lists of a programme have, remembered by their headings, so that nobody says it twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from core import clock
from core.db import db, insert_if_new, new_uid
from core.tables import Row
from participants.columns import LOOK_FOR_HEADER_IN, Column, Header
from participants.import_models import ListLayout
from participants.names import plain

ALIKE = 0.6  # the share of headings in common from which a list looks like one that was seen before


@dataclass(frozen=True)
class Layouts:
    """The columns by heading of every kind of list that was kept, the newest first."""

    kept: list[dict[str, str]]

    def find(self, rows: list[Row]) -> Header | None:
        """The header of a list that has exactly the headings of one that was kept."""
        return next((header for likeness, header in self._found(rows) if likeness == 1), None)

    def nearest(self, rows: list[Row]) -> Header | None:
        """The header after the list that looks most like this one; None where none looks like it enough."""
        likeness, header = max(self._found(rows), key=lambda found: found[0], default=(0.0, None))
        return header if likeness >= ALIKE else None

    def _found(self, rows: list[Row]) -> list[tuple[float, Header]]:
        found = []
        for first in range(min(len(rows), LOOK_FOR_HEADER_IN)):
            for last in (first, first + 1):
                header = Header(first, last, {})
                titles = [plain(title) for title in header.titles(rows)] if any(rows[first]) else []
                found += [
                    (likeness, _by_titles(header, titles, columns))
                    for columns in self.kept
                    if (likeness := _likeness(titles, columns)) >= ALIKE
                ]
        return found


def of_programme(programme_id: int) -> Layouts:
    query = sa.select(ListLayout.columns).where(ListLayout.programme_id == programme_id)
    return Layouts(list(db.session.scalars(query.order_by(ListLayout.saved_at.desc(), ListLayout.id.desc()))))


def keep(programme_id: int, rows: list[Row], header: Header) -> None:
    """Remember the columns of a list by its headings; said again, the last word holds. Without headings nothing."""
    titles = [plain(title) for title in header.titles(rows)]
    columns = {
        title: header.columns[index].value if index in header.columns else ""
        for index, title in enumerate(titles)
        if title
    }
    if not columns:
        return
    mark = hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()
    values = {"programme_id": programme_id, "signature": mark}
    if insert_if_new(ListLayout, uid=new_uid(), columns=columns, saved_at=clock.now(), **values) is None:
        change = sa.update(ListLayout).where(ListLayout.programme_id == programme_id, ListLayout.signature == mark)
        db.session.execute(change.values(columns=columns, saved_at=clock.now()))


def _likeness(titles: list[str], columns: dict[str, str]) -> float:
    """How much of the headings of two lists is the same, from 0 to 1."""
    here, there = {title for title in titles if title}, set(columns)
    return len(here & there) / len(here | there) if here and there else 0.0


def _by_titles(header: Header, titles: list[str], columns: dict[str, str]) -> Header:
    meant = {index: Column(columns[title]) for index, title in enumerate(titles) if columns.get(title)}
    return Header(header.first, header.last, meant)
