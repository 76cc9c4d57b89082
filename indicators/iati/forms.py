"""What is typed about a programme's entry in IATI."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Regexp, ValidationError

from core.forms import BaseForm, choice, line
from indicators.publication_heads import IatiHead

# Of the codelist OrganisationType those that run programmes like these.
ORGANISATION_TYPES = {
    "21": _l("International non-governmental organisation"),
    "22": _l("National non-governmental organisation"),
    "23": _l("Regional non-governmental organisation"),
    "24": _l("Non-governmental organisation of the partner country"),
    "60": _l("Foundation"),
    "80": _l("University, college or research institute"),
    "40": _l("Multilateral organisation"),
    "10": _l("Government"),
    "15": _l("Other public body"),
    "90": _l("Other"),
}
PLAIN = Regexp(r"^[^/&|?\s]+$", message=_l("Without spaces and without / & | ?, please."))
FIVE_DIGITS = Regexp(r"^\d{5}$", message=_l("Five digits, please, for example 15160."))


class IatiForm(BaseForm):
    reporting = line(_l("Identifier of the organisation that reports"), needed=True, length=60, also=[PLAIN])
    reporting_type = choice(_l("Kind of organisation"), lambda: list(ORGANISATION_TYPES.items()), default="21")
    identifier = line(_l("Identifier of the activity"), needed=True, length=100, also=[PLAIN])
    sector = line(_l("Sector (DAC)"), needed=True, length=5, also=[FIVE_DIGITS])

    def validate_identifier(self, field: Any) -> None:
        organisation = self.reporting.data or ""
        if not field.data.startswith(f"{organisation}-") or field.data == f"{organisation}-":
            raise ValidationError(
                _l("It begins with the identifier of the organisation and a hyphen; after it stands what you choose.")
            )

    @property
    def head(self) -> IatiHead:
        return IatiHead(self.identifier.data, self.reporting.data, self.reporting_type.data, self.sector.data)
