"""People's names: their parts, and when two spellings may be one person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

SEPARATOR = "\x1f"
PATRONYMICS = (
    "вич",
    "віч",
    "іч",
    "вна",
    "чна",
    "ыч",
    "ич",
    "оўна",
    "еўна",
    "ўна",
    "івна",
    "ївна",
    "оглы",
    "кызы",
    "vich",
    "vna",
)
SONS_AND_DAUGHTERS = ("оглы", "оглу", "улы", "уулу", "кызы", "гызы", "қызы", "ogly", "oglu", "kyzy", "qizi")

# Sounds of Cyrillic letters in Latin ones, rough enough to meet every way of writing a passport.
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "ё": "e", "є": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a", "'": "", "’": "", "ʼ": "", "-": " ",
}  # fmt: skip
# The same sounds written otherwise in Latin letters, the longest first.
_SAME_SOUND = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("ck", "k"), ("iou", "eu"),
    ("iau", "au"), ("io", "e"), ("jo", "e"), ("yo", "e"), ("ju", "u"), ("yu", "u"), ("iu", "u"), ("ja", "a"),
    ("ya", "a"), ("ia", "a"), ("ye", "e"), ("je", "e"), ("ie", "e"), ("g", "h"), ("y", "i"), ("j", "i"), ("w", "v"),
    ("x", "ks"), ("q", "k"),
)  # fmt: skip
# One name in Russian, Belarusian and Ukrainian: Владимир, Уладзімір; Ковалёв, Кавалёў; Татьяна, Таццяна.
_SAME_CONSONANT = (("dz", "d"), ("c", "t"), ("u", "v"))
_IN_LATIN = str.maketrans(_LATIN)
_HAS_NO_ACCENTS = re.compile(r"[ -~а-яіўґєї]*").fullmatch
_TWICE = re.compile(r"([a-zA-Z])\1+")
_VOWELS = str.maketrans("", "", "aeiou ")


@dataclass(frozen=True)
class PersonName:
    """A name in its parts; only one of them must be there."""

    family: str
    given: str = ""
    patronymic: str = ""

    @cached_property
    def full(self) -> str:
        """Family name first, as lists here have it."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)

    @property
    def spoken(self) -> str:
        """Given name and patronymic first, as people are called."""
        return " ".join(part for part in (self.given, self.patronymic, self.family) if part)

    def as_line(self) -> str:
        return SEPARATOR.join((self.family, self.given, self.patronymic))

    @classmethod
    def from_line(cls, line: str) -> PersonName:
        return cls(*line.split(SEPARATOR))

    @classmethod
    def from_full(cls, text: str) -> PersonName:
        """Split “Фамилия Имя Отчество”; a third word that is no patronymic stays with the given name."""
        words = text.split()
        if len(words) < 3:
            return cls(*words) if words else cls("")
        if len(words) > 3 and words[-1].lower() in SONS_AND_DAUGHTERS:
            return cls(words[0], " ".join(words[1:-2]), " ".join(words[-2:]))
        if words[-1].lower().endswith(PATRONYMICS):
            return cls(words[0], " ".join(words[1:-1]), words[-1])
        return cls(words[0], " ".join(words[1:]))

    @cached_property
    def key(self) -> str:
        """Equal for equal names whatever the case, the spaces, Ё or Е and the kind of apostrophe."""
        return plain(self.full)

    @cached_property
    def sound(self) -> str:
        """Equal for names that sound alike in Cyrillic and Latin letters, without the patronymic."""
        return sound(f"{self.family} {self.given}")

    @cached_property
    def patronymic_sound(self) -> str:
        return sound(self.patronymic).strip(".")

    @cached_property
    def whole_sound(self) -> str:
        """The sound of the whole name, for searching."""
        return sound(self.full)

    @cached_property
    def skeleton(self) -> tuple[str, ...]:
        """The consonants of family and given name, in no order: equal across scripts and kindred languages."""
        return tuple(sorted(skeleton(word) for word in self.sound.split()))

    @cached_property
    def initial(self) -> str:
        """The sound of the first letter of the given name."""
        return sound(self.given)[:1]

    @property
    def is_abbreviated(self) -> bool:
        """Whether only initials of the given name are known: “Иванов И.П.”."""
        return 0 < len(self.given.partition(".")[0].strip()) < 2

    def is_namesake(self, other: PersonName) -> bool:
        """Whether the patronymics say that two people of one name are two people."""
        if not (self.patronymic and other.patronymic):
            return False
        mine, theirs = self.patronymic_sound, other.patronymic_sound
        if min(len(mine), len(theirs)) == 1:
            return mine[0] != theirs[0]
        return skeleton(mine)[:4] != skeleton(theirs)[:4]

    def may_be(self, other: PersonName) -> bool:
        """Whether this may be the same person's name: never enough to merge, enough to ask."""
        return self.key == other.key or self.sound == other.sound

    def resembles(self, other: PersonName) -> bool:
        """Weaker than may_be(): the same consonants; worth asking when a phone or an address is the same too."""
        return self.may_be(other) or self.sound.translate(_VOWELS) == other.sound.translate(_VOWELS)


def plain(text: str) -> str:
    """A text for comparing: no case, no accents, Ё as Е, one space, one apostrophe."""
    folded = text.casefold().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    if _HAS_NO_ACCENTS(folded):  # nearly everything on a list
        return " ".join(folded.split())
    kept = "".join(
        mark
        for mark in unicodedata.normalize("NFKD", folded)
        if not unicodedata.combining(mark) or mark in "\u0306\u0308"
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def skeleton(heard: str) -> str:
    """The consonants of what sound() made of a word; the word itself where it has none."""
    for written, meant in _SAME_CONSONANT:
        heard = heard.replace(written, meant)
    bare = heard.translate(_VOWELS)
    return "".join(mark for i, mark in enumerate(bare) if i == 0 or mark != bare[i - 1]) or heard


def sound(text: str) -> str:
    """A rough sound of a text in Latin letters, for comparing across scripts."""
    latin = plain(text).translate(_IN_LATIN)
    if not latin.isascii():
        latin = "".join(mark for mark in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(mark))
    for written, heard in _SAME_SOUND:
        latin = latin.replace(written, heard)
    if latin.isascii():
        return " ".join(_TWICE.sub(r"\1", latin).split())
    once = "".join(mark for i, mark in enumerate(latin) if i == 0 or mark != latin[i - 1] or not mark.isalpha())
    return " ".join(once.split())
