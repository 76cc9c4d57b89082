"""How lists from outside name their columns, answers and judgements, in the languages they come in."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from monitoring.models import Implementation, ResponseKind

Word = TypeVar("Word", bound=StrEnum)


class Column(StrEnum):
    """What a column of a list holds; only the text is needed."""

    REFERENCE = "reference"
    TEXT = "text"
    RECOMMENDED_BY = "recommended_by"
    ADDRESSEE = "addressee"
    THEME = "theme"
    STANDARD = "standard"
    DUE_ON = "due_on"
    RESPONSE = "response"
    IMPLEMENTATION = "implementation"
    NOTE = "note"


HEADINGS = {
    Column.REFERENCE: "reference; ref; number; no; №; n; paragraph; para; номер; пункт; параграф; нумар; № п/п",
    Column.TEXT: "recommendation; recommendations; text; рекомендация; рекомендации; текст; рэкамендацыя; тэкст",
    Column.RECOMMENDED_BY: "recommended by; recommending state; state; country; рекомендовано; государство; страна; "
    "кем дана; дзяржава; краіна",
    Column.ADDRESSEE: "addressee; to whom; responsible; адресат; кому; ответственный; каму",
    Column.THEME: "theme; topic; issue; тема; тэма",
    Column.STANDARD: "standard; by what standard; стандарт; норма; по какой норме",
    Column.DUE_ON: "until; due; due date; deadline; срок; до; тэрмін; да",
    Column.RESPONSE: "response; position; state position; answer; ответ; позиция; позиция государства; адказ; пазіцыя",
    Column.IMPLEMENTATION: "implementation; status; level of implementation; how far; выполнение; статус; "
    "степень выполнения; насколько выполнено; выкананне",
    Column.NOTE: "note; basis; source; evidence; comment; what it rests on; примечание; основание; источник; "
    "комментарий; на чём основано; заўвага; крыніца",
}
RESPONSES = {
    ResponseKind.ACCEPTED: "accepted; supported; принята; принято; поддержана; поддержано; принимается; прынята",
    ResponseKind.PARTLY: "partly; partly accepted; partially accepted; принята частично; частично принята; "
    "прынята часткова; часткова прынята",
    ResponseKind.NOTED: "noted; принята к сведению; принято к сведению; отмечена; прынята да ведама",
    ResponseKind.REJECTED: "rejected; not supported; not accepted; отклонена; отклонено; не принята; не поддержана; "
    "адхілена; не прынята",
}
IMPLEMENTATIONS = {
    Implementation.NO_INFORMATION: "no information; нет сведений; нет информации; няма звестак",
    Implementation.NOT_IMPLEMENTED: "not implemented; не выполнена; не выполнено; не выканана",
    Implementation.IN_PROGRESS: "in progress; in process; being implemented; выполняется; в процессе; выконваецца",
    Implementation.PARTIALLY: "partially implemented; partly implemented; выполнена частично; частично выполнена; "
    "частично; выканана часткова; часткова выканана",
    Implementation.IMPLEMENTED: "implemented; fully implemented; выполнена; выполнено; выполнена полностью; выканана",
    Implementation.CONTRARY: "contrary action; противоположные действия; действия вопреки; дзеянні насуперак",
    Implementation.NOT_APPLICABLE: "no longer applicable; not applicable; больше не применима; неприменима; "
    "больш не прымяняльная; непрымяняльная",
}
# What says in so many words that there is nothing yet; the same as an empty cell.
NOTHING = {"none", "not assessed", "нет", "не оценена", "не оценено", "няма", "не ацэнена", "-", "—", "–"}


def plain(cell: str) -> str:
    """A heading or a word as it is compared."""
    return re.sub(r"\s+", " ", cell.casefold().replace("ё", "е").replace("_", " ")).strip(" .:*;")


def meanings(words: dict[Word, str]) -> dict[str, Word]:
    """What each way of saying it means; the words of our own files too."""
    known = {plain(way): word for word, ways in words.items() for way in ways.split(";")}
    return known | {plain(word.value): word for word in words}


HEADING_OF = meanings(HEADINGS)
RESPONSE_OF = meanings(RESPONSES)
IMPLEMENTATION_OF = meanings(IMPLEMENTATIONS)
