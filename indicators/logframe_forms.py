"""What is typed about the logframe: results, indicators, targets, assumptions, and what of the log is asked for."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FloatField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.models import User
from core.forms import (
    BaseForm,
    FilterForm,
    ParagraphsForm,
    TextsField,
    choice,
    day,
    line,
    paragraph,
    radios,
    whole_number,
)
from indicators import metric_words
from indicators.changes import Lock
from indicators.metrics import METRICS
from indicators.models import (
    Accumulation,
    AssumptionState,
    BaselineKind,
    Direction,
    Indicator,
    Measure,
    Period,
    Result,
    ResultLevel,
    TargetOrigin,
    ValueSource,
    Visibility,
)
from indicators.record_models import Subject
from indicators.wording import LEVEL_NAMES
from materials.models import Material
from monitoring.models import Voice
from monitoring.wording import VOICE_NAMES
from participants.forms import SECTOR_NAMES
from participants.models import Sector
from trainings.forms import KIND_NAMES

REASON = 500
ORIGINS_OF_RECOMMENDATIONS = {
    "": _l("of the programme’s own reports"),
    "outside": _l("of bodies outside, taken in as lists"),
}
MEASURE_NAMES = {
    Measure.UNIT: _l("a number"),
    Measure.PERCENTAGE: _l("percent"),
    Measure.NOMINAL: _l("a name of a list"),
    Measure.ORDINAL: _l("a step of a scale"),
    Measure.QUALITATIVE: _l("words"),
}
DIRECTION_NAMES = {
    Direction.UP: _l("more is better"),
    Direction.DOWN: _l("less is better"),
    Direction.NONE: _l("neither"),
}
ACCUMULATION_NAMES = {
    Accumulation.SUM: _l("added up"),
    Accumulation.DISTINCT: _l("each counted once"),
    Accumulation.LATEST: _l("the latest value counts"),
    Accumulation.RATIO: _l("a share: so many of so many"),
    Accumulation.NONE: _l("not added up"),
}
SOURCE_NAMES = {
    ValueSource.COMPUTED: _l("computed from the register"),
    ValueSource.ADJUSTED: _l("computed, with adjustments"),
    ValueSource.ENTERED: _l("entered by people"),
}
BASELINE_NAMES = {
    BaselineKind.NUMBER: _l("a number"),
    BaselineKind.TEXT: _l("words"),
    BaselineKind.COMPUTED: _l("computed, as the quiz before an event"),
    BaselineKind.NOT_APPLICABLE: _l("not applicable"),
}
VISIBILITY_NAMES = {
    Visibility.INTERNAL: _l("the team"),
    Visibility.DONOR: _l("the team and donors"),
    Visibility.PUBLIC: _l("everybody"),
}
STATE_NAMES = {
    AssumptionState.HOLDS: _l("holds"),
    AssumptionState.AT_RISK: _l("at risk"),
    AssumptionState.BROKEN: _l("broken"),
}
ORIGIN_NAMES = {TargetOrigin.GIVEN: _l("agreed with the donor"), TargetOrigin.PROPOSED: _l("proposed by the team")}
SUBJECT_NAMES = {
    Subject.RESULT: _l("Result"),
    Subject.ASSUMPTION: _l("Assumption"),
    Subject.INDICATOR: _l("Indicator"),
    Subject.TARGET: _l("Target"),
}


BELOW = {
    ResultLevel.IMPACT: ResultLevel.OUTCOME,
    ResultLevel.OUTCOME: ResultLevel.OUTPUT,
    ResultLevel.OUTPUT: ResultLevel.OUTPUT,
}
PARAMETER_FIELDS = {"source": "source_of"}  # where a field of the indicator has the name already


def _named(names: Any) -> Any:
    return lambda: [(str(word), name) for word, name in names.items()]


def _ticks(label: Any, words: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=words, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), default=[]
    )


class ResultForm(BaseForm):
    code = line(_l("Code"), needed=True, length=20)
    statement = TextsField(_l("Statement"), needed=True, form=ParagraphsForm)

    def show(self, result: Result) -> None:
        self.process(data={"code": result.code, "statement": result.statement})


class NewResultForm(ResultForm):
    level = choice(_l("Level"), _named(LEVEL_NAMES))
    parent = choice(_l("Serves"), lambda: [], default="")

    def offer(self, results: list[Result]) -> None:
        above = [result for result in results if result.level != ResultLevel.OUTPUT]
        outputs = [result for result in results if result.level == ResultLevel.OUTPUT]
        self.parent.choices = [
            ("", _("nothing: it is the impact")),
            *((result.uid, f"{result.code} · {result.statement}") for result in [*above, *outputs]),
        ]

    def suggest(self, results: list[Result], under: str) -> None:
        """Where a new result probably belongs: under the named one, or at the top of a chain that has none."""
        parent = next((result for result in results if result.uid == under), None)
        top = next((result for result in results if result.level == ResultLevel.IMPACT), None)
        parent = parent or top
        level = BELOW[parent.level] if parent else ResultLevel.IMPACT
        self.process(data={"level": level.value, "parent": parent.uid if parent else ""})


class IndicatorForm(BaseForm):
    """Everything that defines an indicator."""

    code = line(_l("Code"), needed=True, length=20)
    statement = TextsField(_l("Statement"), needed=True, form=ParagraphsForm)
    definition = TextsField(_l("What counts"), form=ParagraphsForm)
    measure = choice(_l("Measured in"), _named(MEASURE_NAMES))
    unit = TextsField(_l("Unit of measure"))
    direction = choice(_l("Direction"), _named(DIRECTION_NAMES))
    value_source = radios(_l("Where its values come from"), _named(SOURCE_NAMES), default=ValueSource.COMPUTED.value)
    metric = choice(
        _l("How it is counted"), lambda: [("", "—"), *((key, metric_words.name_of(key)) for key in sorted(METRICS))]
    )
    kinds = _ticks(_l("Kinds of events"), _named(KIND_NAMES))
    sectors = _ticks(_l("Sectors"), lambda: [(word.value, SECTOR_NAMES[word]) for word in Sector])
    materials = _ticks(_l("Materials"), lambda: [])
    threshold = whole_number(_l("Share of sessions, in percent"), 0, 100)
    voice = choice(_l("In whose view"), lambda: [("", "—"), *((v.value, VOICE_NAMES[v]) for v in Voice)])
    source_of = choice(_l("Whose recommendations"), _named(ORIGINS_OF_RECOMMENDATIONS))
    accumulation = choice(_l("How entered values add up"), _named(ACCUMULATION_NAMES))
    baseline_kind = radios(_l("Baseline"), _named(BASELINE_NAMES), default=BaselineKind.NUMBER.value)
    baseline_value = FloatField(_l("Baseline, number"), [Optional()], invalid_value_message=_l("A number, please."))
    baseline_text = TextsField(_l("Baseline, in words"), form=ParagraphsForm)
    baseline_on = day(_l("Baseline as of"))
    source = TextsField(_l("Source of verification"), form=ParagraphsForm)
    frequency = TextsField(_l("How often it is collected"))
    responsible = TextsField(_l("Responsible"))
    limitations = TextsField(_l("Limits"), form=ParagraphsForm)
    visibility = choice(_l("Shown to"), _named(VISIBILITY_NAMES), default=Visibility.DONOR.value)
    reason = line(_l("Why it is changed"), length=REASON)

    def offer(self, materials: list[Material]) -> None:
        self.materials.choices = [(material.key, str(material.title)) for material in materials]

    def show(self, indicator: Indicator) -> None:
        """Fill the form with an indicator as it is."""
        named = (
            "code", "statement", "definition", "unit", "measure", "direction", "value_source", "metric",
            "accumulation", "baseline_kind", "baseline_value", "baseline_text", "baseline_on", "source", "frequency",
            "responsible", "limitations", "visibility",
        )  # fmt: skip
        values = {name: getattr(indicator, name) for name in named}
        filled = {name: value if value is not None else "" for name, value in values.items()}
        for name in ("definition", "unit", "baseline_text", "source", "frequency", "responsible", "limitations"):
            filled[name] = values[name] or {}
        for name in ("baseline_value", "baseline_on"):
            filled[name] = values[name]
        if indicator.baseline_value is not None and indicator.baseline_value == round(indicator.baseline_value):
            filled["baseline_value"] = round(indicator.baseline_value)
        parameters = {PARAMETER_FIELDS.get(name, name): value for name, value in indicator.parameters.items()}
        self.process(data={**filled, **parameters})

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if self.baseline_kind.data == BaselineKind.NUMBER and self.baseline_value.data is None:
            self.baseline_value.errors = [*self.baseline_value.errors, _("A number, or another kind of baseline.")]
            return False
        return fine

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the fields of the row."""
        kind = BaselineKind(self.baseline_kind.data)
        texts = ("definition", "unit", "source", "frequency", "responsible", "limitations")
        return {
            "code": self.code.data,
            "statement": self.statement.texts,
            **{name: self[name].texts or None for name in texts},
            "measure": Measure(self.measure.data),
            "direction": Direction(self.direction.data),
            "accumulation": Accumulation(self.accumulation.data),
            "value_source": ValueSource(self.value_source.data),
            "metric": self.metric.data or None,
            "parameters": {
                "kinds": self.kinds.data,
                "sectors": self.sectors.data,
                "materials": self.materials.data,
                "threshold": self.threshold.data,
                "voice": self.voice.data,
                "source": self.source_of.data,
            },
            "baseline_kind": kind,
            "baseline_value": self.baseline_value.data if kind == BaselineKind.NUMBER else None,
            "baseline_text": (self.baseline_text.texts or None) if kind == BaselineKind.TEXT else None,
            "baseline_on": self.baseline_on.data,
            "visibility": Visibility(self.visibility.data),
        }


class RetirementForm(BaseForm):
    reason = line(_l("Why it is not reported any more"), needed=True, length=REASON)


class TargetForm(BaseForm):
    period = choice(_l("By the end of"), lambda: [])
    value = FloatField(_l("Number"), [Optional()], invalid_value_message=_l("A number, please."))
    text = TextsField(_l("In words"), form=ParagraphsForm)
    origin = choice(_l("Origin"), _named(ORIGIN_NAMES))
    reason = line(_l("Why it replaces the one before"), length=REASON)

    def offer(self, periods: list[Period]) -> None:
        self.period.choices = [*((p.uid, p.key) for p in periods), ("", _("the whole programme"))]


class AssumptionForm(BaseForm):
    assumption = TextsField(_l("What has to hold"), needed=True, form=ParagraphsForm)


class JudgementForm(BaseForm):
    state = choice(_l("It"), _named(STATE_NAMES))
    on_day = day(_l("As of"), needed=True)
    note = paragraph(_l("What it rests on"), needed=True, length=REASON)


class ChangesFilter(FilterForm):
    """What of the change log is asked for."""

    subject = choice(
        _l("What"), lambda: [("", _l("everything")), *((s.value, SUBJECT_NAMES[s]) for s in Subject)], default=""
    )
    code = line(_l("Code"), length=20)
    who = choice(_l("Who"), lambda: [], default="")
    since = day(_l("Changed since"))
    until = day(_l("Changed until"))
    lock = choice(_l("After the lock of"), lambda: [], default="")
    page = whole_number("", 1, 10_000, default=1)

    def offer(self, people: list[User], locks: list[Lock]) -> None:
        self.who.choices = [("", _("anybody")), *((user.uid, user.name) for user in people)]
        self.lock.choices = [("", "—"), *((lock.uid, lock.period) for lock in locks)]
