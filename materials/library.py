"""The materials of a programme, and the file a person gets in the own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from core.db import db
from core.i18n import LANGUAGES, Texts
from core.sections import Section
from materials import storage, typesetting
from materials.models import Audience, Material, MaterialFile, MaterialKind
from participants import registration
from participants.models import Participant
from trainings.models import Programme


@dataclass
class MaterialPlan:
    """A material as a programme file holds it: its texts lie beside the file, one for each language."""

    key: str
    kind: MaterialKind
    title: Texts
    description: Texts | None
    copies_planned: int | None
    audience: Audience
    sources: dict[str, str]


def read(root: Section) -> list[MaterialPlan]:
    """The materials of a programme file, with the text of every language."""
    plans: list[MaterialPlan] = []
    for section in root.tables("materials"):
        sources = {}
        for language, name in section.plain("texts").items():
            path = section.path.parent / str(name)
            if language not in LANGUAGES:
                section.note(f"texts.{language}", f"unknown language; there are {', '.join(LANGUAGES)}")
            elif not path.is_file():
                section.note(f"texts.{language}", f"there is no file {name} beside {section.path.name}")
            else:
                sources[language] = path.read_text(encoding="utf-8")
        plans.append(
            MaterialPlan(
                key=section.unique("key", [plan.key for plan in plans]),
                kind=section.choice("kind", MaterialKind),
                title=section.texts("title"),
                description=section.texts("description", default=None) or None,
                copies_planned=section.integer("copies_planned", 1, 10_000_000, default=None),
                audience=section.choice("audience", Audience, default=Audience.REGISTERED.value),
                sources=sources,
            )
        )
    return plans


def load(programme: Programme, plans: list[MaterialPlan]) -> dict[str, Material]:
    """The materials by key, their texts made into PDFs; those that exist are left as they are."""
    materials = {material.key: material for material in of_programme(programme)}
    for plan in plans:
        if plan.key in materials:
            continue
        material = Material(
            programme_id=programme.id,
            key=plan.key,
            kind=plan.kind,
            title=plan.title,
            description=plan.description,
            copies_planned=plan.copies_planned,
            audience=plan.audience,
        )
        db.session.add(material)
        for language, source in plan.sources.items():
            content = typesetting.pdf_of(source)
            material.versions.append(MaterialFile(language=language, digest=storage.keep(content), size=len(content)))
        materials[plan.key] = material
    db.session.flush()
    return materials


def tables(programme: Programme) -> list[dict[str, Any]]:
    """What the materials are, as read() reads it; their files are not written."""
    return [
        {
            "key": material.key,
            "kind": material.kind.value,
            "title": dict(material.title),
            "description": dict(material.description) if material.description else None,
            "copies_planned": material.copies_planned,
            "audience": material.audience.value,
        }
        for material in of_programme(programme)
    ]


def of_programme(programme: Programme) -> list[Material]:
    query = sa.select(Material).where(Material.programme_id == programme.id).order_by(Material.id)
    query = query.options(selectinload(Material.versions))
    return list(db.session.scalars(query))


def open_to(person: Participant) -> list[Material]:
    """What a participant may read now, whatever the language."""
    audiences = audiences_of(person)
    return [
        material for material in of_programme(person.programme) if material.audience in audiences and material.files
    ]


def audiences_of(person: Participant) -> set[Audience]:
    """Whom a participant is among: people with a place, as long as one is left, else the public."""
    return {Audience.PUBLIC, Audience.REGISTERED} if registration.has_place(person) else {Audience.PUBLIC}


@dataclass(frozen=True)
class MaterialDetails:
    """What a manager says about a material."""

    title: Texts
    description: Texts | None
    kind: MaterialKind
    copies_planned: int | None
    audience: Audience


def add(programme: Programme, details: MaterialDetails) -> Material:
    """A new material, without files yet."""
    material = Material(programme_id=programme.id, **vars(details))
    material.key = material.uid  # programme files name theirs; this one is named by nobody
    db.session.add(material)
    db.session.flush()
    return material


def revise(material: Material, details: MaterialDetails) -> None:
    """Say something else about a material. Who may open it is asked anew each time it is opened."""
    for name, value in vars(details).items():
        setattr(material, name, value)
    db.session.flush()


def publish(material: Material, on_day: date) -> None:
    """Say that a material is out; from that day on it counts."""
    material.published_on = on_day
    db.session.flush()
