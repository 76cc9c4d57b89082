"""A phone's queue handed in as a file: read whatever it looks like, and the same as by the network, before or after."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.db import db
from core.errors import Refused
from door import (
    attendance,
    cases,
    devices,
    queue_file,
    queue_intake,
)
from door.entries import Admitted, Malformed, TakenBack, WalkIn
from door.models import Attendance, Outcome, ReviewReason, Scan, ScanReview, Source
from door.readings import Reading
from privacy import sealing
from tests import make
from tests.door.clashes import device
from tests.make import NOON
from tests.pages import Visitor

NOW = NOON + timedelta(minutes=15)


@pytest.fixture
def session(request_context):
    with clock.standing_at(NOW):
        yield make.event_session(sessions=make.sessions(NOON, count=2))


@pytest.fixture
def boss(session):
    return make.user("manager", session.event.programme)


def entry(session: Any, code: str = "", at: datetime = NOW, **more: Any) -> dict[str, Any]:
    uid = session if isinstance(session, str) else session.uid
    made = {"session": uid, "id": str(uuid.uuid4()), "code": code, "happened_at": at.isoformat(), "source": "camera"}
    return made | more


def file_of(*items: Any, **head: Any) -> bytes:
    whole = {"kind": "muster-queue", "version": 1, "device": "", "exported_at": NOW.isoformat(), "clock_offset_ms": 0}
    return json.dumps({**whole, **head, "items": list(items)}, ensure_ascii=False).encode()


def sealed(details: dict[str, str], scan_id: str) -> str:
    """Details of a walk-in as a phone seals them."""
    theirs = base64.b64decode(sealing.public_key())
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    key = HKDF(SHA256(), 32, salt=point + theirs, info=sealing.PURPOSE).derive(shared)
    nonce = bytes(12)
    content = AESGCM(key).encrypt(nonce, json.dumps(details).encode(), scan_id.encode())
    return base64.b64encode(sealing.VERSION + point + nonce + content).decode()


def take_in(session: Any, content: bytes, by: Any) -> list[queue_intake.Row]:
    return queue_intake.take_in(session.event, queue_file.parse(content, NOW), by)


def rows(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# Reading the file.


def test_each_entry_is_what_the_phone_wrote() -> None:
    scan_id, undone = str(uuid.uuid4()), str(uuid.uuid4())
    queue = queue_file.parse(
        file_of(
            entry("S" * 16, "ABC", id=scan_id, source="wedge"),
            entry("S" * 16, undoes=undone),
            entry("S" * 16, "DEF", walk_in="c2VhbGVk"),
            device="phone",
            clock_offset_ms=-3_600_000,
        ),
        NOW,
    )
    assert (queue.device, queue.is_whole) == ("phone", True)
    assert [entry.kind for entry in queue.entries] == [Reading, TakenBack, WalkIn]
    first = queue.entries[0].item
    assert first == Reading(scan_id, "ABC", NOW - timedelta(hours=1), Source.WEDGE, -3600, is_live=False)
    assert queue.entries[1].item.scan_id == undone and queue.entries[2].item.sealed == "c2VhbGVk"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01", b"PK\x03\x04", b"Name;Organisation", b"[]", b'[{"kind": "muster-queue"}]', b"{}", b"null",
        b'"muster-queue"', b'{"kind": "other", "version": 1, "items": []}', b'{"kind": "muster-queue", "version": 1}',
        b'{"kind": "muster-queue", "version": 1, "items": {}}', b'{"kind": "muster-queue", "items": []}',
        b'{"kind": "muster-queue", "version": "1", "items": []}', b'{"kind": "muster-que', b"[" * 100_000,
        b'{"kind": "muster-queue", "version": 1, "items": ' + b"9" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_queue_file_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused, match="not_a_queue_file"):
        queue_file.parse(content, NOW)


def test_a_file_of_a_newer_version_is_kept_for_later() -> None:
    with pytest.raises(Refused, match="newer_queue_file"):
        queue_file.parse(file_of(version=2), NOW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_the_encoding_does_not_matter(encoding: str) -> None:
    content = file_of(entry("S", "Ж"), device="Дверь").decode().encode(encoding)
    queue = queue_file.parse(content, NOW)
    assert queue.device == "Дверь" and queue.entries[0].item.code == "Ж"


@pytest.mark.parametrize("wrapped", [b"\n\n%s\n\n", b"\xef\xbb\xbf%s"])
def test_what_an_editor_left_around_it_does_not_matter(wrapped: bytes) -> None:
    assert len(queue_file.parse(wrapped % file_of(entry("S", "A")), NOW).entries) == 1


def test_wherever_a_file_breaks_off_the_whole_entries_are_there() -> None:
    content = file_of(*(entry("S" * 16, f"Ж{number}") for number in range(3)), device="phone")
    found = []
    for length in range(content.index(b'"items"') + 10, len(content)):
        queue = queue_file.parse(content[:length], NOW)
        assert not queue.is_whole and queue.device == "phone"
        found.append(len(queue.entries))
    assert found == sorted(found) and set(found) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        (None, Malformed), (7, Malformed), ("text", Malformed), ([], Malformed), ({}, Malformed),
        ({"id": "x"}, Malformed), ({"id": 5, "code": "A"}, Malformed), (entry("S", undoes="x"), Malformed),
        (entry("S", undoes=None), Malformed),
        (entry("S", walk_in=None), Malformed), (entry("S", walk_in={"name": "x"}), Malformed),
        (entry("S", "A", source="magic"), Reading), (entry("S", "A", source=None), Reading),
        (entry("S", "A", source=["camera"]), Reading), ({**entry("S"), "code": None}, Reading),
        ({**entry("S"), "code": {"a": 1}}, Reading), ({**entry("S"), "happened_at": 5}, Reading),
        ({**entry("S"), "happened_at": "9999-12-31T23:59:59+00:00"}, Reading),
        ({**entry("S"), "session": 5}, Reading), (entry("S", "A", confirmed=True), Admitted),
        (entry("S", "A", confirmed="yes"), Reading),
    ],
)  # fmt: skip
def test_an_odd_entry_keeps_its_row_and_holds_nobody_up(odd: Any, kind: type) -> None:
    queue = queue_file.parse(file_of(odd, entry("S", "GOOD")), NOW)
    assert [entry.kind for entry in queue.entries] == [kind, Reading]
    assert [entry.number for entry in queue.entries] == [1, 2] and queue.entries[1].item.code == "GOOD"


@pytest.mark.parametrize("offset", [None, "soon", [], 1e300, -1e300, 10**30, True])
def test_an_odd_clock_offset_loses_nothing(offset: Any) -> None:
    queue = queue_file.parse(file_of(entry("S", "A"), clock_offset_ms=offset), NOW)
    assert abs(queue.entries[0].item.happened_at - NOW) < timedelta(seconds=1)


def test_an_entry_without_a_time_has_the_time_of_the_export() -> None:
    without = entry("S", "A")
    del without["happened_at"]
    exported = NOW - timedelta(hours=3)
    assert (
        queue_file.parse(file_of(without, exported_at=exported.isoformat()), NOW).entries[0].item.happened_at
        == exported
    )
    assert queue_file.parse(file_of(without, exported_at="x"), NOW).entries[0].item.happened_at == NOW


def test_ten_thousand_entries_are_fine_and_a_million_are_no_queue() -> None:
    assert len(queue_file.parse(file_of(*[entry("S", "A")] * 10_000), NOW).entries) == 10_000
    with pytest.raises(Refused, match="too_many_items"):
        queue_file.parse(file_of(*[1] * 20_001), NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
item_keys = st.sampled_from(["session", "id", "code", "happened_at", "source", "undoes", "walk_in"])


@settings(max_examples=150, deadline=None)
@given(items=st.lists(json_values | st.dictionaries(item_keys, json_values, max_size=7), max_size=6), head=json_values)
def test_whatever_stands_in_it_there_is_a_row_for_each(items: list[Any], head: Any) -> None:
    content = file_of(*items, device=head, exported_at=head, clock_offset_ms=head)
    assert len(queue_file.parse(content, NOW).entries) == len(items)


# Taking it in.


def test_a_row_for_each_entry_says_what_came_of_it(session, boss) -> None:
    place = make.registration(session.event, "Кот Мария")
    code = make.badge_code(place)
    reading = entry(session, code)
    found = take_in(
        session,
        file_of(
            reading,
            entry(session, code),
            entry(session, "NOBODY"),
            entry(make.event_session(), code),
            entry("no session", code),
            None,
            entry(session, undoes=reading["id"]),
            entry(session, undoes=str(uuid.uuid4())),
            entry(session, code, walk_in="c2VhbGVk"),
        ),
        boss,
    )
    assert [row.outcome for row in found[:3]] == [Outcome.IN, Outcome.ALREADY_IN, Outcome.UNKNOWN]
    assert found[0].answer.person.name == "Кот Мария"
    assert [row.is_lost for row in found] == [False] * 3 + [True] * 3 + [False] * 2 + [True]
    assert all(row.sentence for row in found[3:])
    assert "another event" in found[3].sentence and "damaged" in found[5].sentence
    assert found[6].sentence == "Undone at the door." and "Nothing to undo" in found[7].sentence
    assert not attendance.present_at(session) and rows(Attendance) == 1


def test_the_same_entries_by_the_network_before_or_after_are_the_same_scans(session, boss) -> None:
    phone = device(session)
    codes = [make.badge_code(make.registration(session.event)) for _ in range(3)]
    entries = [entry(session, code) for code in codes]
    by_network = [Reading(e["id"], e["code"], NOW, Source.CAMERA, is_live=False) for e in entries]
    attendance.check_in(session, by_network[:2], by=phone)
    for _time in range(2):
        found = take_in(session, file_of(*entries, device=phone.uid), boss)
        assert [row.outcome for row in found] == [Outcome.IN] * 3
    answers = attendance.check_in(session, by_network, by=phone)
    assert [answer.outcome for answer in answers] == [Outcome.IN] * 3
    assert (rows(Scan), rows(Attendance), rows(ScanReview)) == (3, 3, 0)
    assert set(db.session.scalars(sa.select(Scan.device_id))) == {phone.id}


def test_a_walk_in_of_the_file_is_let_in_once(session, boss) -> None:
    make.person(session.event.programme, "Кот Мария")
    item = entry(session)
    item["walk_in"] = sealed({"family": "Kot", "given": "Maria", "sector": "lawyer"}, item["id"])
    for _time in range(2):
        row = take_in(session, file_of(item), boss)[0]
        assert (row.outcome, row.is_lost) == (Outcome.IN, False)
    assert len(attendance.present_at(session)) == 1
    newcomer = next(iter(attendance.present_at(session).values())).registration.participant
    assert (newcomer.called, newcomer.sector) == ("Kot Maria", "lawyer")
    assert db.session.scalars(sa.select(ScanReview.reason)).all() == [ReviewReason.LOOK_ALIKE]


def test_who_was_let_in_all_the_same_gets_the_place(session, boss) -> None:
    one = make.person(session.event.programme, "Кот Мария")
    item = entry(session, make.badge_code(one), confirmed=True)
    for _time in range(2):
        assert take_in(session, file_of(item), boss)[0].outcome == Outcome.IN
    assert len(attendance.present_at(session)) == 1 and not rows(ScanReview)


def test_an_undo_taken_in_twice_undoes_once_and_stays_undone(session, boss) -> None:
    phone = device(session)
    reading = entry(session, make.badge_code(make.registration(session.event)))
    content = file_of(reading, entry(session, undoes=reading["id"]), device=phone.uid)
    for _time in range(2):
        assert take_in(session, content, boss)[1].sentence == "Undone at the door."
        assert not attendance.present_at(session)
    assert rows(Attendance) == 1


def test_a_phones_clock_is_put_right(session, boss) -> None:
    wrong = NOW - timedelta(days=2)
    reading = entry(session, make.badge_code(make.registration(session.event)), at=wrong)
    take_in(session, file_of(reading, clock_offset_ms=2 * 86_400_000), boss)
    kept = db.session.scalars(sa.select(Scan)).one()
    assert (kept.happened_at, kept.skew_seconds, kept.outcome) == (NOW, 2 * 86_400, Outcome.IN)


def test_a_device_of_another_event_hands_in_nothing_here(session, boss) -> None:
    stranger = device(make.event_session())
    take_in(session, file_of(entry(session, "A"), device=stranger.uid), boss)
    kept = db.session.scalars(sa.select(Scan)).one()
    assert (kept.device_id, kept.user_id) == (None, boss.id)


def test_what_an_ended_device_read_waits_for_a_decision(session, boss) -> None:
    phone = device(session)
    devices.revoke(phone)
    reading = entry(session, make.badge_code(make.registration(session.event)))
    assert take_in(session, file_of(reading, device=phone.uid), boss)[0].outcome == Outcome.UNDER_REVIEW
    assert db.session.scalars(sa.select(ScanReview.reason)).all() == [ReviewReason.DEVICE_ENDED]


def test_what_clashes_in_the_file_is_filed(session, boss) -> None:
    elsewhere = make.badge_code(make.person(session.event.programme))
    take_in(session, file_of(entry(session, elsewhere), entry(session, "NOBODY")), boss)
    assert cases.open_at(session.event).counts == {ReviewReason.UNKNOWN: 1, ReviewReason.WRONG_EVENT: 1}


def test_ten_thousand_entries_over_two_sessions_are_taken_in(session, boss) -> None:
    places = [make.registration(session.event) for _ in range(20)]
    codes = [make.badge_code(place) for place in places]
    first, second = session.event.sessions
    entries = [
        entry((first, second)[n // 5000], codes[n % 20], at=(first, second)[n // 5000].starts_at) for n in range(10_000)
    ]
    found = take_in(session, file_of(*entries), boss)
    assert len(found) == 10_000 and sum(row.outcome == Outcome.IN for row in found) == 40
    assert rows(Scan) == 10_000 and rows(Attendance) == 40


# The page.


def upload(visitor: Visitor, event: Any, content: bytes) -> Any:
    page = visitor.get(f"/events/{event.uid}/queue-files")
    return page.submit("Take it in", file=(BytesIO(content), "queue.json"))


def test_the_page_shows_a_row_for_each_and_points_to_what_waits(app, manager) -> None:
    session = make.event_session()
    place = make.registration(session.event, "Кот Мария")
    now = clock.now()
    content = file_of(
        entry(session, make.badge_code(place), at=now), entry(session, "NOBODY", at=now), entry("x", "A", at=now)
    )
    page = upload(manager, session.event, content)
    assert len(page.all("tbody tr")) == 3 and "Кот Мария" in page.text("tbody")
    assert "1 entry could not be taken in. Keep the file." in page.text(".notice")
    assert page.link("1 waits for a decision").text("h1") == "Review of clashes"
    again = upload(manager, session.event, content)
    assert again.text("tbody") == page.text("tbody") and rows(Scan) == 2


def test_a_wrong_file_is_said_so_and_an_empty_queue_too(app, manager) -> None:
    event = make.event()
    page = upload(manager, event, b"Name;Organisation")
    assert page.status == 422 and "not a queue file" in page.text("[role=alert]")
    page = manager.get(f"/events/{event.uid}/queue-files").submit("Take it in")
    assert page.status == 422 and "Choose a file first." in page.text(".error")
    assert "had sent everything" in upload(manager, event, file_of()).text(".empty")


def test_half_a_file_is_taken_in_as_far_as_it_goes(app, manager) -> None:
    session = make.event_session()
    whole = file_of(*(entry(session, make.badge_code(make.registration(session.event)), at=clock.now()) for _ in "ab"))
    page = upload(manager, session.event, whole[:-40])
    assert "breaks off" in page.text(".notice.attention") and len(page.all("tbody tr")) == 1
    assert rows(Attendance) == 1
