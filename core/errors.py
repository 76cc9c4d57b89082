"""Refusals: how the register says no in a sentence."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l


class Refused(Exception):
    """The domain says no. `code` is stable; `message` is a translated sentence for the person who asked.

    `str()` holds the code only, so a log never holds a name.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[Any] = _l("Nothing was changed.")

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values

    @property
    def message(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)
