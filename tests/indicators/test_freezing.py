"""A dashboard written down is the same dashboard when it is read."""

from __future__ import annotations

from datetime import date

from flask import Flask

from core import clock
from core.i18n import Texts
from indicators import dashboard, freezing, publishing
from indicators.models import Accumulation, BaselineKind, Measure, Visibility
from participants.models import Sex
from tests import make
from tests.indicators.test_measures import held, quizzed
from tests.make import NOON


def test_a_dashboard_survives_being_written_down(app: Flask) -> None:
    programme = make.programme()
    held(attended={make.person(sex=Sex.FEMALE): 1, make.person(): 1})
    quizzed(date(2027, 4, 1), [1, 2, 2, 1, 0], [3, 4, 3, 2, 4])
    make.indicator(targets={"M6": 2, "M24": 10})
    make.indicator(
        "people.completed",
        parameters={"kinds": ["workshop"]},
        accumulation=Accumulation.DISTINCT,
        definition=Texts(en="Who came", ru="Кто пришёл"),
    )
    make.indicator("test.gain", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST)
    make.indicator(
        None,
        measure=Measure.QUALITATIVE,
        accumulation=Accumulation.NONE,
        baseline_kind=BaselineKind.NOT_APPLICABLE,
        baseline_value=None,
    )
    with clock.standing_at(NOON):
        staff, donor = dashboard.compute(programme), publishing.for_audience(programme, Visibility.DONOR, 5)
    assert staff.lines[1].cells == {"sex": {"female": 1, "male": 6}, "sector": {"police": 7}}
    for board in (staff, donor):
        content = freezing.frozen(board)
        assert freezing.thawed(content) == board
        assert freezing.frozen(freezing.thawed(content)) == content
    assert freezing.fingerprint(freezing.frozen(staff)) != freezing.fingerprint(freezing.frozen(donor))
    assert str(freezing.thawed(content).lines[1].indicator.definition) == "Who came"
