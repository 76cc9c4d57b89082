"""Reading a file people write by hand: every mistake is found in one go and named by its key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Container
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from core.i18n import LANGUAGES, Texts

Word = TypeVar("Word", bound=StrEnum)
MISSING = object()


class FileProblems(Exception):
    """A file that cannot be used: each problem is one sentence that begins with the key it is about."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path.name}: {len(problems)} problem(s)\n" + "\n".join(f"  {line}" for line in problems))
        self.problems = problems


class Section:
    """One table of a TOML file, read key by key. A wrong value is noted and a harmless one returned instead."""

    def __init__(self, data: dict[str, Any], where: str, problems: list[str], path: Path) -> None:
        self._data = data
        self._where = where
        self._problems = problems
        self._asked: set[str] = set()
        self._sections: list[Section] = []
        self.path = path

    @classmethod
    def of_file(cls, path: Path) -> Section:
        """The root table of a file. Refuses with FileProblems what is no TOML, naming line and column."""
        return cls(_parsed(path), "", [], path)

    def included(self, key: str) -> Section:
        """This table, or the file beside ours that its `key` names."""
        name = self.text(key, default="")
        if not name:
            return self
        path = self.path.parent / name
        if not path.is_file():
            self.note(key, f"there is no file {name} beside {self.path.name}")
            return self
        section = Section(_parsed(path), "", self._problems, path)
        section._where = f"{name}: "
        self._sections.append(section)
        return section

    def note(self, key: str, sentence: str) -> None:
        self._problems.append(f"{self._name(key)}: {sentence}")

    def has(self, key: str) -> bool:
        return key in self._data

    def holds_tables(self, key: str) -> bool:
        """Whether a list stands there, where a single value may stand too."""
        return isinstance(self._data.get(key), list)

    def text(self, key: str, default: Any = MISSING, longest: int = 200) -> str:
        value = self._value(key, str, "a text in quotes", default, "")
        if isinstance(value, str) and len(value) > longest:
            self.note(key, f"at most {longest} characters, this has {len(value)}")
        return str(value) if value is not None else ""

    def texts(self, key: str, default: Any = MISSING) -> Texts:
        value = self._value(key, (dict, str), 'a text, or texts like { en = "…", ru = "…" }', default, {})
        if isinstance(value, str):
            value = {"en": value}
        for code in value or {}:
            if code not in LANGUAGES:
                self.note(f"{key}.{code}", f"unknown language; there are {', '.join(LANGUAGES)}")
        if default is MISSING and key in self._data and not any(str(text).strip() for text in (value or {}).values()):
            self.note(key, "a text in one language at least is needed")
        return Texts(value or {})

    def integer(self, key: str, low: int, high: int, default: Any = MISSING) -> Any:
        value = self._value(key, int, "a whole number", default, low)
        if value is not None and (isinstance(value, bool) or not low <= value <= high):
            self.note(key, f"a whole number from {low} to {high}, not {value}")
            return low
        return value

    def decimal(self, key: str, default: Any = MISSING) -> Any:
        value = self._value(key, (int, float), "a number", default, 0)
        if isinstance(value, bool):
            self.note(key, f"a number is needed, not {value!r}")
        return value if value is None else float(value)

    def flag(self, key: str, default: Any = MISSING) -> bool:
        return bool(self._value(key, bool, "true or false", default, False))

    def day(self, key: str, default: Any = MISSING) -> date:
        value = self._value(key, date, "a date like 2027-03-14", default, date(2000, 1, 1))
        return value.date() if isinstance(value, datetime) else value

    def moment(self, key: str, default: Any = MISSING) -> datetime:
        """A local date and time without zone."""
        value = self._value(key, datetime, "a date and time like 2027-03-14T09:30:00", default, datetime(2000, 1, 1))
        if value is not None and value.tzinfo is not None:
            self.note(key, "without a time zone: times are local to the programme")
        return value

    def choice(self, key: str, words: type[Word], default: Any = MISSING) -> Word:
        value = self._value(key, str, f"one of {', '.join(words)}", default, next(iter(words)))
        try:
            return words(value)
        except ValueError:
            self.note(key, f"“{value}” is not one of {', '.join(words)}" + _nearest(str(value), list(words)))
            return next(iter(words))

    def unique(self, key: str, others: Container[str]) -> str:
        """A short text that stands among `others` no second time."""
        value = self.text(key, longest=60)
        if value in others:
            self.note(key, f"“{value}” is used twice")
        return value

    def names(self, key: str, default: Any = MISSING) -> list[str]:
        value = self._value(key, list, "a list of texts", default, [])
        if any(not isinstance(item, str) for item in value):
            self.note(key, "a list of texts, please")
            return []
        return list(value)

    def table(self, key: str, default: Any = MISSING) -> Section:
        value = self._value(key, dict, "a table", {} if default is not MISSING else MISSING, {})
        return self._inner(value, self._name(key))

    def plain(self, key: str) -> dict[str, Any]:
        """A table taken as it stands."""
        return dict(self._value(key, dict, "a table", {}, {}))

    def tables(self, key: str) -> list[Section]:
        value = self._value(key, list, "a list of tables", [], [])
        if any(not isinstance(item, dict) for item in value):
            self.note(key, "a list of tables, please")
            return []
        return [self._inner(item, f"{self._name(key)}[{number}]") for number, item in enumerate(value, 1)]

    def plain_tables(self, key: str) -> list[dict[str, Any]]:
        """A list of tables taken as they stand, for a look ahead; nothing is noted."""
        value = self._data.get(key, [])
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def check(self) -> None:
        """Note keys nobody asked for; refuse with FileProblems if anything was noted."""
        self._note_unasked()
        if self._problems:
            raise FileProblems(self.path, self._problems)

    def _inner(self, data: dict[str, Any], where: str) -> Section:
        section = Section(data, where, self._problems, self.path)
        self._sections.append(section)
        return section

    def _note_unasked(self) -> None:
        for key in self._data.keys() - self._asked:
            self.note(key, "this key is not known here" + _nearest(key, sorted(self._asked)))
        for section in self._sections:
            section._note_unasked()

    def _value(self, key: str, kind: Any, wanted: str, default: Any, instead: Any) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if default is MISSING:
                self.note(key, f"this is missing; {wanted} is needed")
                return instead
            return default
        value = self._data[key]
        if not isinstance(value, kind):
            self.note(key, f"{wanted} is needed, not {value!r}")
            return instead
        return value

    def _name(self, key: str) -> str:
        if not self._where or self._where.endswith(": "):
            return f"{self._where}{key}"
        return f"{self._where}.{key}"


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileProblems(path, ["there is no such file"]) from None
    except UnicodeDecodeError as problem:
        raise FileProblems(path, [f"this is not UTF-8 text (byte {problem.start})"]) from None
    except tomllib.TOMLDecodeError as problem:
        raise FileProblems(path, [str(problem)]) from None


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
