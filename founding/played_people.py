"""How the demo's people came into the register: lists of offices, a colleague instead of another, one person twice."""

from __future__ import annotations

from accounts.models import User
from core.i18n import Texts
from participants import consenting, importing, organisations, registration, roster, substituting
from participants.models import Origin, Registration, RegistrationStatus, RosterImport, Sector
from participants.names import PersonName
from participants.roster import PersonDetails
from trainings import agenda
from trainings.models import Event, EventKind, EventStatus, Programme

HEAD = ("Фамилия, имя, отчество", "Пол", "Подразделение", "Должность", "Телефон", "Эл. почта")
NEW = (
    ("Ясинский Роман Олегович", "м", "РОВД «Речной»", "следователь", "+375 29 555-01-01", "r.yasinski@example.org"),
    ("Гончар Вероника Павловна", "ж", "РОВД «Речной»", "дежурная", "80295550102", "gonchar-at-example.org"),
)
CONSENT = Texts(
    en="We keep your name and phone, encrypted, to invite you and to issue a certificate, and delete them 30 days "
    "after the programme ends. You can take your consent back here at any time.",
    ru="Мы храним ваше имя и телефон в зашифрованном виде, чтобы пригласить вас и выдать сертификат, и удаляем их "
    "через 30 дней после окончания программы. Отозвать согласие можно здесь в любое время.",
    be="Мы захоўваем ваша імя і тэлефон у зашыфраваным выглядзе, каб запрасіць вас і выдаць сертыфікат, і выдаляем іх "
    "праз 30 дзён пасля заканчэння праграмы. Адклікаць згоду можна тут у любы час.",
)
# A name as a passport has it, in Latin letters; the sounds the demo's names are made of.
LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ь": "", "ъ": ""}
)


def play(programme: Programme, manager: User) -> None:
    """Two lists for a workshop to come, one imported and one that waits; a substitution; a record too many; consent."""
    wording = consenting.publish(programme, CONSENT, manager)
    ahead = [event for event in agenda.events_of(programme, status=EventStatus.PLANNED) if _is_ahead(event)]
    if not ahead:
        return
    event = ahead[-1]
    places = [place for place in roster.expected_at(event) if place.participant.organisation]
    for place in places[::3]:
        consenting.give(place.participant, wording.uid)
    importing.apply(_list(event, manager, NEW[:1]), {})
    _substitute(places[0], manager)
    _write_down_twice(places[1])
    organisation = places[2].participant.organisation
    assert organisation is not None
    organisations.rename(organisation, f"{organisation.name} (управление)")
    organisations.give_link(organisation, "Начальник отдела кадров", 60, manager)
    _list(event, manager, (*NEW, _line(places[3], _passport(places[3])), _line(places[4])))


def _is_ahead(event: Event) -> bool:
    return event.kind == EventKind.WORKSHOP and event.starts_on > event.programme.today()


def _list(event: Event, manager: User, lines: tuple[tuple[str, ...], ...]) -> RosterImport:
    content = "\r\n".join(";".join(line) for line in (HEAD, *lines)).encode("cp1251")
    return importing.stage(event, content, Sector.POLICE, manager)


def _line(place: Registration, name: str = "") -> tuple[str, ...]:
    """Somebody who is on the list already, as an office would write them, perhaps under another name."""
    details = roster.details_of(place.participant)
    phone = "" if name else details.phone
    return (name or details.name.full, "", details.organisation, details.position, phone, "")


def _passport(place: Registration) -> str:
    name = place.participant.name
    assert name is not None
    return f"{name.family} {name.given}".lower().translate(LATIN).title()


def _substitute(place: Registration, manager: User) -> None:
    organisation = place.participant.organisation
    assert organisation is not None
    name = PersonName("Левчук", "Инна", "Сергеевна")
    details = PersonDetails(place.participant.sector, name, organisation=organisation.name, position="следователь")
    substituting.substitute(place, roster.add(place.event.programme, details), manager)


def _write_down_twice(place: Registration) -> None:
    """The same person once more, written down at another event by the name in the passport."""
    family, _, given = _passport(place).partition(" ")
    details = PersonDetails(place.participant.sector, PersonName(family, given), phone=place.participant.phone or "")
    other = next(
        event
        for event in agenda.events_of(place.event.programme, status=EventStatus.PLANNED)
        if event.id != place.event_id
    )
    twice = registration.register(roster.add(place.event.programme, details), other, Origin.BY_HAND)
    assert twice.status == RegistrationStatus.REGISTERED
