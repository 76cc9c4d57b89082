"""The report of a quiz in plain words: what was learned, how sure that is, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.i18n import number
from quizzes.items import Item
from quizzes.reporting import Caution, Part, Report
from quizzes.statistics import Interval

CAUTIONS = {
    Caution.ONE_PERSON: _l("What one person gained says nothing about a group."),
    Caution.VERY_SMALL: _l("A very small group: fewer than 5 people carry neither an interval nor a test."),
    Caution.NO_ITEMS: _l("Fewer than 10 people were tested both times: single questions are not counted."),
    Caution.INDICATIVE: _l("Fewer than 30 people answered: the figures of single questions only indicate."),
    Caution.CEILING_BEFORE: _l("Many had full marks before the event already. What they learned cannot show here."),
    Caution.CEILING_AFTER: _l("Many had full marks after the event. They may have learned more than it shows."),
    Caution.FLOOR_BEFORE: _l("Many had no points at all before the event. The quiz may be too hard for this group."),
    Caution.FLOOR_AFTER: _l("Many had no points at all after the event. The quiz may be too hard, or its key wrong."),
    Caution.CHECK_KEY: _l("Check the key of the marked questions: who knows the rest gets them wrong more often."),
    Caution.SEVERAL_VERSIONS: _l(
        "Several versions of the quiz were used. A question is followed through them; its text is that of the newest."
    ),
}


def summary(report: Report) -> list[str]:
    """What was learned, for somebody who reads nothing else."""
    if report.n == 0:
        return [_("Nobody has answered both before and after yet.")]
    if Part.GAIN in report.withheld:
        few = _("What was learned is withheld: fewer than %(k)s people were tested both times.", k=report.k)
        return [few, tested(report)]
    sentences = [gain(report), tested(report)]
    passing = report.passing
    if passing.before.of > 1 and passing.after.of:
        sentences.append(
            _(
                "The pass mark of %(mark)s %% was reached by %(before)s of %(n)s before and by %(after)s after.",
                mark=report.programme.pass_mark,
                before=passing.before.number,
                after=passing.after.number,
                n=passing.before.of,
            )
        )
    if Part.ITEMS in report.withheld:
        sentences.append(_("Single questions are withheld: the group is too small."))
    return sentences + _about_questions(report.items)


def gain(report: Report) -> str:
    """The mean gain, with its interval where there is one."""
    mean, interval = report.comparison.gain or 0.0, report.comparison.interval
    points = round(abs(mean))
    if points == 0:
        return _on_average_the_same(interval)
    low, high = (interval.low, interval.high) if interval else (0.0, 0.0)
    if mean < 0:
        return _fewer(points, -high, -low, has_interval=interval is not None)
    return _more(points, low, high, has_interval=interval is not None)


def tested(report: Report) -> str:
    """How many were tested both times, of all who had a place."""
    if report.n > report.counts.invited:
        return ngettext("%(num)s person was tested both times.", "%(num)s people were tested both times.", report.n)
    return ngettext(
        "%(num)s of %(invited)s participants was tested both times.",
        "%(num)s of %(invited)s participants were tested both times.",
        report.n,
        invited=report.counts.invited,
    )


def cautions(report: Report) -> list[str]:
    """What to beware of; the last holds for every gain."""
    if not report.n:
        return [str(CAUTIONS[caution]) for caution in report.cautions]
    always = _("There is no comparison group: the gain also includes practice and chance.")
    return [*(str(CAUTIONS[caution]) for caution in report.cautions), always]


def months_later(report: Report) -> list[str]:
    """Who answered months later, as a group, and why only so."""
    if not report.follow_up.n:
        return []
    if Part.FOLLOW_UP in report.withheld:
        return [_("What was known months later is withheld: fewer than %(k)s people answered.", k=report.k)]
    return [
        ngettext(
            "Months later %(num)s person answered the same questions: on average %(mean)s points of 100.",
            "Months later %(num)s people answered the same questions: on average %(mean)s points of 100.",
            report.follow_up.n,
            mean=number(report.follow_up.mean, 1),
        ),
        _(
            "This is the mean of a group and no gain: the key that could tell whose answers are whose was destroyed "
            "when the event was closed, so nobody can be compared with their earlier self."
        ),
    ]


def unmatched(report: Report) -> list[str]:
    """How those began who were not tested again: whether the gain is that of the better ones."""
    found = report.unmatched
    if not found.n:
        return []
    if found.mean is None:
        return [
            ngettext(
                "%(num)s person was tested before only and is not in the gain.",
                "%(num)s people were tested before only and are not in the gain.",
                found.n,
            )
        ]
    return [
        ngettext(
            "%(num)s person was tested before only and is not in the gain: on average %(mean)s points of 100.",
            "%(num)s people were tested before only and are not in the gain: on average %(mean)s points of 100.",
            found.n,
            mean=number(found.mean, 1),
        )
    ]


def method(report: Report) -> str:
    """How the numbers are made."""
    words = _(
        "The first answers of each person before and after count, put together under a pseudonym that no name can be "
        "put to. Gains are those of people tested both times only. What was finished after the quiz was closed is "
        "kept and not counted. Points are out of 100. An interval holds in 95 of 100 such groups: by t for the gain, "
        "by noncentral t for d_z, by Wilson for shares."
    )
    if report.k:
        words += " " + _(
            "Figures about fewer than %(k)s people are withheld, and others with them from which they would follow.",
            k=report.k,
        )
    return words


def _about_questions(items: Sequence[Item]) -> list[str]:
    asked = [(item, item.before.percent, item.after.percent) for item in items if item.before and item.after]
    if len(asked) < 2:
        return []
    learned, before, after = max(asked, key=lambda found: found[2] - found[1])
    hardest, _before, known = min(asked, key=lambda found: found[2])
    sentences = []
    if after > before:
        sentences.append(
            _(
                "Most was learned in question %(number)s: %(before)s %% right before, %(after)s %% after.",
                number=learned.number,
                before=number(before),
                after=number(after),
            )
        )
    sentences.append(
        _(
            "Least known after the event: question %(number)s, %(share)s %% right.",
            number=hardest.number,
            share=number(known),
        )
    )
    return sentences


def _on_average_the_same(interval: Interval | None) -> str:
    if interval is None:
        return _("On average as many points after as before.")
    return _(
        "On average as many points after as before (%(low)s to %(high)s of 100).",
        low=number(interval.low),
        high=number(interval.high),
    )


def _more(points: int, low: float, high: float, *, has_interval: bool) -> str:
    if not has_interval:
        return ngettext(
            "On average %(num)s point more of 100 after than before.",
            "On average %(num)s points more of 100 after than before.",
            points,
        )
    return ngettext(
        "On average %(num)s point more of 100 after than before (%(low)s to %(high)s).",
        "On average %(num)s points more of 100 after than before (%(low)s to %(high)s).",
        points,
        low=number(low),
        high=number(high),
    )


def _fewer(points: int, low: float, high: float, *, has_interval: bool) -> str:
    if not has_interval:
        return ngettext(
            "On average %(num)s point fewer of 100 after than before.",
            "On average %(num)s points fewer of 100 after than before.",
            points,
        )
    return ngettext(
        "On average %(num)s point fewer of 100 after than before (%(low)s to %(high)s).",
        "On average %(num)s points fewer of 100 after than before (%(low)s to %(high)s).",
        points,
        low=number(low),
        high=number(high),
    )
