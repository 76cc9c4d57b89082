"""What of a quiz's report people outside may see: figures about enough people, and no cell that gives one away."""

from __future__ import annotations

from dataclasses import replace

from privacy import disclosure
from quizzes import statistics
from quizzes.items import SMALLEST_FOR_ITEMS, Facility, Item
from quizzes.reporting import AtEvent, Caution, Part, Report
from quizzes.statistics import Directions, Scores, Share, Turns


def withhold(report: Report, k: int) -> Report:
    """The report without what speaks of fewer than `k` people. Counts of people are exact; below 2 nothing is withheld.

    Of a breakdown small cells go, and others with them (`privacy.disclosure`). What helps to write better questions
    stays with the team: which answers mislead, and how well a question tells who knows.
    """
    if k < 2:
        return report
    parts = {Part.GAIN: report.n, Part.UNMATCHED: report.unmatched.n, Part.FOLLOW_UP: report.follow_up.n}
    withheld = {part for part, people in parts.items() if not disclosure.may_show(people, k)}
    shown = [_item(item, k) for item in report.items] if report.n >= max(k, SMALLEST_FOR_ITEMS) else []
    if report.items and not any(item.before or item.after for item in shown):
        withheld.add(Part.ITEMS)
    report = replace(
        report,
        k=k,
        withheld=frozenset(withheld),
        unmatched=_unless(Part.UNMATCHED in withheld, report.unmatched),
        follow_up=_unless(Part.FOLLOW_UP in withheld, report.follow_up),
        items=[] if Part.ITEMS in withheld else shown,
        reliabilities=[],
        events=_events(report.events, k),
        cautions=[caution for caution in report.cautions if caution != Caution.CHECK_KEY],
    )
    return _without_gain(report) if Part.GAIN in withheld else _with_safe_cells(report)


def _without_gain(report: Report) -> Report:
    return replace(
        report,
        comparison=replace(statistics.compare([]), n=report.n),
        directions=Directions(None, None, None),
        passing=replace(statistics.passing([], report.programme.pass_mark), turns=None),
        bands=[],
        cautions=[],
    )


def _with_safe_cells(report: Report) -> Report:
    k, found, passing, ranks = report.k, report.directions, report.passing, report.comparison.signed_rank
    cells = {"improved": found.improved or 0, "same": found.same or 0, "worse": found.worse or 0}
    before = disclosure.protected({str(band.low): band.before or 0 for band in report.bands}, k)
    after = disclosure.protected({str(band.low): band.after or 0 for band in report.bands}, k)
    turns = _turns(passing.turns, k)
    return replace(
        report,
        comparison=replace(report.comparison, signed_rank=ranks and replace(ranks, n=None, rank_sum=None)),
        directions=Directions(**disclosure.protected(cells, k)),
        passing=replace(
            passing,
            before=_share(passing.before, k),
            after=_share(passing.after, k),
            turns=turns,
            p=passing.p if turns else None,
        ),
        bands=[replace(band, before=before[str(band.low)], after=after[str(band.low)]) for band in report.bands],
    )


def _item(item: Item, k: int) -> Item:
    before, after = (_facility(found, k) for found in (item.before, item.after))
    return replace(item, before=before, after=after, turns=_turns(item.turns, k), tells={}, options=())


def _facility(found: Facility | None, k: int) -> Facility | None:
    is_safe = found is not None and _is_safe(round(found.percent * found.n / 100), found.n, k)
    return found if is_safe else None


def _share(share: Share, k: int) -> Share:
    return share if _is_safe(share.number, share.of, k) else Share(0, 0)


def _is_safe(number: int, of: int, k: int) -> bool:
    """Whether neither those who did nor those who did not are few; nobody is few too, as it tells of all the others."""
    return k <= number <= of - k


def _turns(turns: Turns | None, k: int) -> Turns | None:
    """All or nothing: the sums before and after are known, so one of the four cells gives the others away."""
    if turns is None:
        return None
    cells = {"gained": turns.gained, "lost": turns.lost, "kept": turns.kept, "never": turns.never}
    return None if None in disclosure.protected(cells, k).values() else turns


def _events(events: list[AtEvent], k: int) -> list[AtEvent]:
    """Means of enough people; where one is withheld another goes with it, or it would follow from the whole."""
    shown = disclosure.protected({at.event.uid: at.n for at in events}, k)
    return [
        replace(at, before=None, after=None, is_withheld=True) if shown[at.event.uid] is None else at for at in events
    ]


def _unless(is_withheld: bool, found: Scores) -> Scores:
    return Scores(found.n) if is_withheld else found
