"""Taking questions of a file into a quiz: what becomes of every block, and the blocks that somebody said yes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from core.i18n import Texts
from quizzes import composing, drafts, writing
from quizzes.drafts import QuizSettings
from quizzes.formats.blocks import Block
from quizzes.models import Quiz
from quizzes.plans import QuestionPlan
from trainings.models import Programme


@dataclass
class Offer:
    """One block of a file, and whether its question stands in the quiz already."""

    number: int
    block: Block
    is_there: bool = False

    @property
    def is_wanted(self) -> bool:
        return self.block.plan is not None and not self.is_there


def offers(blocks: list[Block], into: Quiz | None) -> list[Offer]:
    """What a file offers, block by block; what the draft has already is known by its words."""
    present = [writing.plan_of(question) for question in drafts.questions_of(into)] if into else []
    return [
        Offer(
            number,
            block,
            block.plan is not None and any(_same(block.plan, plan) for plan in present),
        )
        for number, block in enumerate(blocks)
    ]


def take(programme: Programme, into: Quiz | None, title: Texts, blocks: list[Block], chosen: Collection[int]) -> Quiz:
    """Put the chosen blocks at the end of a draft, or into a new quiz of this title. Refuses Published."""
    draft = into or drafts.begin(programme, QuizSettings(title))
    composing.add(draft, [block.plan for number, block in enumerate(blocks) if number in chosen and block.plan])
    return draft


def title_of(filename: str, typed: str, language: str) -> Texts:
    """The title of a new quiz: what was typed, or the name of the file."""
    name = typed or PurePath(filename.replace("\\", "/")).stem.replace("_", " ").strip()
    return Texts({language: (name or "?")[:200]})


def _same(plan: QuestionPlan, other: QuestionPlan) -> bool:
    shared = set(plan.text) & set(other.text)
    return bool(shared) and all(plan.text[code].split() == other.text[code].split() for code in shared)
