"""Encrypted fields: unreadable without the ring, bound to their row, equal in length, refused when touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import app as application
from core.config import Settings
from core.db import Base, db
from participants.models import Participant
from privacy import erasure
from privacy.crypto import Ciphertext, KeyRing, KeyRingProblem, Unreadable
from tests import make


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    path = tmp_path_factory.mktemp("keys") / "ring.json"
    KeyRing.create(path)
    return KeyRing.load(path)


@given(text=st.text(max_size=5000))
def test_what_was_sealed_opens_again(ring: KeyRing, text: str) -> None:
    assert ring.unseal(ring.seal(text, "row 1"), "row 1") == text


def test_a_value_moved_to_another_row_does_not_open(ring: KeyRing) -> None:
    with pytest.raises(Unreadable):
        ring.unseal(ring.seal("Иванова", "participants.name_sealed:a"), "participants.name_sealed:b")


@given(position=st.integers(0, 170), flip=st.integers(1, 255))
def test_a_changed_byte_does_not_open(ring: KeyRing, position: int, flip: int) -> None:
    sealed = bytearray(ring.seal("Иванова", "row"))
    sealed[position % len(sealed)] ^= flip
    with pytest.raises(Unreadable):
        ring.unseal(bytes(sealed), "row")


def test_short_and_long_names_look_alike(ring: KeyRing) -> None:
    assert len(ring.seal("Ли", "row")) == len(ring.seal("Константинопольская Александра", "row"))


def test_the_same_name_is_never_the_same_bytes(ring: KeyRing) -> None:
    assert ring.seal("Иванова", "row") != ring.seal("Иванова", "row")


def test_the_index_of_a_contact_depends_on_the_programme(ring: KeyRing) -> None:
    assert ring.index("+375291234567", "1") == ring.index("+375291234567", "1")
    assert ring.index("+375291234567", "1") != ring.index("+375291234567", "2")


def test_contacts_are_found_again_under_a_ring_that_was_made_when_their_digest_was_dearer(tmp_path: Path) -> None:
    KeyRing.create(tmp_path / "ring.json")
    made_now = json.loads((tmp_path / "ring.json").read_text())
    # A ring of the first edition, and what its database holds of this number.
    before = {"current": "00000000", "keys": {"00000000": "A" * 43 + "="}, "root": "B" * 43 + "="}
    assert KeyRing(before).index("+375291234567", "1").hex() == "c5fab4946e4935d92358b7d29468c7eb"
    assert (
        KeyRing(before | {"index_cost": made_now["index_cost"]}).index("+375291234567", "1").hex()
        != "c5fab4946e4935d92358b7d29468c7eb"
    )


def test_the_database_holds_no_name(app: Flask) -> None:
    person = make.person(name="Иванова Анна", phone="+375291234567", email="anna@example.org")
    db.session.commit()
    row = db.session.execute(sa.text("SELECT * FROM participants")).mappings().one()
    held = repr(dict(row)).encode() + b"".join(bytes(v) for v in row.values() if isinstance(v, bytes | memoryview))
    for secret in ("Иванова", "anna@example.org", "375291234567"):
        assert secret.encode() not in held
        assert secret not in repr(person)
    assert db.session.get(Participant, person.id).name.full == "Иванова Анна"


def test_the_ring_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    KeyRing.create(tmp_path / "ring.json")
    assert (tmp_path / "ring.json").stat().st_mode & 0o777 == 0o600


def test_an_existing_ring_is_never_overwritten(tmp_path: Path) -> None:
    KeyRing.create(tmp_path / "ring.json")
    before = (tmp_path / "ring.json").read_text()
    KeyRing.create(tmp_path / "ring.json")
    assert (tmp_path / "ring.json").read_text() == before


def test_a_ring_that_others_can_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    KeyRing.create(path)
    path.chmod(0o644)
    with pytest.raises(KeyRingProblem, match="chmod 600"):
        KeyRing.load(path)


@pytest.mark.parametrize("content", ["", "{}", '{"keys": 3}', json.dumps({"current": "zz", "keys": {}, "root": ""})])
def test_a_damaged_ring_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ring.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyRingProblem, match="damaged"):
        KeyRing.load(path)


def test_without_its_ring_an_installation_with_data_does_not_start(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    ring = settings.key_ring_path
    ring.rename(ring.with_suffix(".away"))
    try:
        with pytest.raises(SystemExit) as stopped:
            application.create_app(settings)
        assert "Put your copy of the key ring back" in str(stopped.value)
        assert not ring.exists(), "a new ring would hide the loss"
    finally:
        ring.with_suffix(".away").rename(ring)


def test_whoever_keeps_personal_fields_says_how_they_are_emptied() -> None:
    keepers = {
        mapper.class_
        for mapper in Base.registry.mappers
        if any(isinstance(column.type, Ciphertext) for column in mapper.columns)
    }
    assert keepers and keepers == erasure.forgettable()
