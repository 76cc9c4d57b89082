"""The yes to a list: everything slow is made ready first, then written in one short transaction, with what was done."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from participants import comparing, identity, list_rows, references, roster
from participants.comparing import Contacts, Known
from participants.import_models import ImportChange
from participants.list_rows import Fate, RowFate
from participants.models import (
    Badge,
    KnownPeople,
    Organisation,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    RosterImport,
)
from participants.names import plain
from participants.reading import Plan
from participants.roster import PersonDetails
from privacy import codes
from trainings.models import Event, PrivacyLevel

NOTED_EVERY = 200  # rows
Note = Callable[[int, int], None]


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    sentence = _l("People of this list were changed at this very moment. Nothing was saved; please try again.")


@dataclass(frozen=True)
class Gathered:
    """What the yes needs of the register, so that making everything ready holds nobody up."""

    programme_id: int
    plan: Plan
    answers: dict[str, str]
    keeps_names: bool
    known: Contacts[Known]
    codes: set[str]


@dataclass
class Decided:
    """What is done about one row: for a new person, for one we know (`uid`), or for whoever another row is."""

    row: RowFate
    person: Participant | None = None
    uid: str | None = None
    as_row: int | None = None


@dataclass(frozen=True)
class Prepared:
    plan: Plan
    decided: list[Decided]
    keeps_names: bool


def gather(staged: RosterImport) -> Gathered:
    event = staged.event
    taken = sa.select(Participant.code).where(Participant.programme_id == event.programme_id)
    keeps_names = identity.keeps_names(event)
    assert staged.plan is not None, "asked for"
    return Gathered(
        programme_id=event.programme_id,
        plan=Plan.from_text(staged.plan),
        answers=dict(staged.answers),
        keeps_names=keeps_names,
        known=comparing.known_people(event) if keeps_names else Contacts(),
        codes=set(db.session.scalars(taken)),
    )


def prepare(gathered: Gathered, note: Note = lambda done, total: None) -> Prepared:
    """Decide about every row by whom we know now, and make ready who is new. Asks the register nothing."""
    shown = {row.number: row.match for row in gathered.plan.rows}
    _compare_anew(gathered)
    decided = []
    for done, row in enumerate(gathered.plan.rows, 1):
        found = _decide(row, gathered.answers.get(str(row.number), ""), shown[row.number])
        if found is not None:
            if found.uid is None and found.as_row is None:
                assert row.details
                found.person = roster.written_down(gathered.programme_id, _free_code(gathered.codes), row.details)
            decided.append(found)
        if done % NOTED_EVERY == 0:
            note(done, len(gathered.plan.rows))
    return Prepared(gathered.plan, decided, gathered.keeps_names)


def write(staged: RosterImport, prepared: Prepared) -> None:
    """Write it down, with what each row changed; what failed stays, encrypted, to be corrected.

    Refuses ChangedMeanwhile where somebody of the list was merged, erased or hidden since it was made ready.
    """
    event = staged.event
    level = db.session.scalar(sa.select(Event.privacy).where(Event.id == event.id).with_for_update(read=True))
    if (level == PrivacyLevel.NAMED) != prepared.keeps_names:
        raise ChangedMeanwhile
    _add_people(staged, prepared)
    people = _whom_rows_are(event, prepared)
    _give_places(staged, prepared, people)
    staged.counts = {
        fate.value: number for fate in Fate if (number := sum(row.fate == fate for row in prepared.plan.rows))
    }
    failed = [row for row in prepared.plan.rows if row.is_to_correct]
    titles = prepared.plan.titles
    staged.empty()
    staged.plan = Plan([], titles, failed).as_text() if failed and prepared.keeps_names else None
    staged.applied_at, staged.done, staged.answers = clock.now(), staged.total, {}
    db.session.flush()


def _compare_anew(gathered: Gathered) -> None:
    """Somebody may have come into the register since the list was read."""
    if not gathered.keeps_names:
        return
    for row in gathered.plan.rows:
        if row.match is not None:
            row.fate, row.match = Fate.NEW, None
    comparing.with_known(gathered.plan.rows, gathered.known)


def _decide(row: RowFate, answer: str, shown: str | None) -> Decided | None:
    if row.details is None or row.fate in (Fate.ERROR, Fate.REPEATED, Fate.NO_PERSON):
        return None
    if row.fate in (Fate.EXISTING, Fate.REGISTERED):
        return Decided(row, uid=row.match)
    if row.fate == Fate.SIMILAR:
        if answer == "leave":
            return None
        if answer == "same" and row.match is not None and row.match == shown:
            return Decided(row, uid=row.match)
        if answer == "same" and row.match is None:
            return Decided(row, as_row=row.matched_row)
    return Decided(row)


def _add_people(staged: RosterImport, prepared: Prepared) -> None:
    """Everybody new, their organisations and badges, in a few statements however many they are."""
    new = [(found.person, found.row.details) for found in prepared.decided if found.person is not None]
    programme = staged.event.programme
    before = set(db.session.scalars(sa.select(Organisation.id).where(Organisation.programme_id == programme.id)))
    organisations: dict[str, Organisation | None] = {}
    for person, details in new:
        assert details
        key = plain(details.organisation)
        if key not in organisations:
            organisations[key] = roster.find_organisation(programme, details.organisation)
        person.organisation = organisations[key]
    db.session.add_all([person for person, _details in new])
    db.session.flush()
    db.session.add_all([Badge(code=codes.badge_code(), participant_id=person.id) for person, _details in new])
    staged.new_organisations = [found.id for found in organisations.values() if found and found.id not in before]


def _whom_rows_are(event: Event, prepared: Prepared) -> dict[int, Participant]:
    """The person of every row, by its number. Refuses ChangedMeanwhile."""
    uids = [found.uid for found in prepared.decided if found.uid is not None]
    known: dict[str, Participant] = {}
    for some in references.in_batches(uids):
        query = sa.select(Participant).where(Participant.uid.in_(some), Participant.programme_id == event.programme_id)
        known |= {person.uid: person for person in db.session.scalars(query) if _is_whole(person)}
    people: dict[int, Participant] = {}
    for found in prepared.decided:
        if found.uid is not None and found.uid not in known:
            raise ChangedMeanwhile
        person = found.person or known.get(found.uid or "") or people.get(found.as_row or 0)
        if person is not None:  # who is the same as a row that was left out is left out too
            people[found.row.number] = person
    return people


def _give_places(staged: RosterImport, prepared: Prepared, people: dict[int, Participant]) -> None:
    """Places for everybody, details for whom we know, and a line about each row that changed anything."""
    event = staged.event
    query = sa.select(Registration).where(Registration.event_id == event.id)
    here = {place.participant_id: place for place in db.session.scalars(query)}
    noted: list[tuple[ImportChange, Registration | None]] = []
    for found in prepared.decided:
        person = people.get(found.row.number)
        if person is None:
            continue
        change = ImportChange(
            import_id=staged.id,
            row_number=found.row.number,
            participant_id=person.id,
            made_person=found.person is not None,
            made_place=False,
        )
        if found.person is None:
            assert found.row.details
            change.details = _write_details(person, found.row.details, staged.known)
        place = here.get(person.id)
        if place is None:
            place = Registration(participant_id=person.id, event_id=event.id, origin=Origin.IMPORT, import_id=staged.id)
            here[person.id], change.made_place = place, True
            db.session.add(place)
        elif place.status != RegistrationStatus.REGISTERED:
            change.status_before, place.status = place.status, RegistrationStatus.REGISTERED
        if change.made_place or change.made_person or change.status_before or change.details_sealed:
            noted.append((change, place))
    db.session.flush()
    for change, place in noted:
        change.registration_id = place.id if place else None
    db.session.add_all([change for change, _place in noted])


def _write_details(person: Participant, details: PersonDetails, known: KnownPeople) -> str | None:
    """Fill in or replace what is known, as was said; what that changed, as JSON, None where nothing was."""
    before = list_rows.as_plain(roster.details_of(person))
    if known == KnownPeople.FILL:
        roster.fill_gaps(person, details)
    elif known == KnownPeople.UPDATE:
        roster.replace_known(person, details)
    after = list_rows.as_plain(roster.details_of(person))
    return None if before == after else json.dumps({"before": before, "after": after}, ensure_ascii=False)


def _is_whole(person: Participant) -> bool:
    return person.erased_at is None and person.merged_into_id is None


def _free_code(taken: set[str]) -> str:
    while (code := codes.short_code()) in taken:
        pass
    taken.add(code)
    return code
