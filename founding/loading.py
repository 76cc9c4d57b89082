"""Loading a programme file: every package reads and keeps its own part, in one transaction."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from core.sections import Section
from indicators import logframe_file
from indicators.iati import entry as iati_entry
from materials import library
from monitoring import protocol
from quizzes import openings, quiz_file
from trainings import programme_file
from trainings.models import Programme


def load(path: Path, shift: timedelta = timedelta(0)) -> Programme:
    """Everything a programme file holds, in one transaction that the caller commits. Refuses with FileProblems."""
    root = Section.of_file(path)
    plan = programme_file.read(root, shift)
    quiz_plans = quiz_file.read(root)
    material_plans = library.read(root)
    points = protocol.read(root)
    logframe = logframe_file.read(root, shift)
    known_in_iati = iati_entry.read(root)
    for event in plan.events:
        for key in set(event.quizzes) - {quiz.key for quiz in quiz_plans}:
            root.note(f"events.{event.key}.quizzes", f"there is no quiz “{key}”")
    root.check()
    programme, events = programme_file.load(plan)
    quizzes = quiz_file.load(programme, quiz_plans)
    library.load(programme, material_plans)
    protocol.load(programme, points)
    logframe_file.load(programme, logframe)
    iati_entry.load(programme, known_in_iati)
    for planned in plan.events:
        for key in planned.quizzes:
            openings.use(events[planned.key], quizzes[key])
    programme.file_digest = digest_of(path)
    return programme


def digest_of(path: Path) -> str:
    """Equal while the file and the folder of its name beside it are as they were."""
    beside = sorted((path.parent / path.stem).glob("*")) if (path.parent / path.stem).is_dir() else []
    digest = hashlib.sha256()
    for file in [path, *beside]:
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()


def digest_of_code(checkout: Path) -> str:
    """Equal while our packages are as they were: their code, and the texts and questions that come with them."""
    digest = hashlib.sha256()
    for package in sorted(checkout.glob("*/__init__.py")):
        for file in sorted([*package.parent.rglob("*.py"), *package.parent.rglob("*.toml")]):
            digest.update(file.read_bytes())
    return digest.hexdigest()
