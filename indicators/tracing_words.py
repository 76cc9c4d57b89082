"""Why something was looked at and not counted, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from indicators.tracing import Reason

REASON_NAMES = {
    Reason.NOT_CLOSED: _l("the event is not closed"),
    Reason.CANCELLED: _l("the event was cancelled"),
    Reason.OTHER_SECTOR: _l("of another sector"),
    Reason.ABSENT: _l("had a place and did not come"),
    Reason.BELOW_SHARE: _l("at too few sessions"),
    Reason.AGAIN: _l("counted already, each once"),
    Reason.NO_ORGANISATION: _l("without an organisation"),
    Reason.SIDE_MISSING: _l("a side was missing in the room"),
    Reason.ONE_TEST: _l("took the quiz only once"),
    Reason.NOT_PUBLISHED: _l("not published"),
    Reason.NOT_APPROVED: _l("the visit is not approved"),
    Reason.NOT_COMPLETE: _l("the visit does not meet the criteria of the method"),
    Reason.NOT_DUE: _l("not due yet"),
    Reason.NOT_ASSESSED: _l("not assessed"),
    Reason.MERGED: _l("duplicates merged"),
}
