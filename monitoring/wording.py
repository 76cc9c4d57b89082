"""The words of the register's closed lists, for forms, pages and files alike."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from monitoring.comparing import Change
from monitoring.external_rows import Fate
from monitoring.models import Announcement, Implementation, Judgement, ResponseKind, VisitState, Voice
from monitoring.searching import Due, Order

JUDGEMENT_NAMES = {
    Judgement.MET: _l("met"),
    Judgement.PARTLY: _l("partly met"),
    Judgement.NOT_MET: _l("not met"),
    Judgement.NOT_SEEN: _l("could not be seen"),
}
VISIT_STATE_NAMES = {
    VisitState.DRAFT: _l("draft"),
    VisitState.HANDED_IN: _l("waits for approval"),
    VisitState.RETURNED: _l("returned"),
    VisitState.APPROVED: _l("approved"),
}
ANNOUNCEMENT_NAMES = {
    Announcement.ANNOUNCED: _l("announced"),
    Announcement.UNANNOUNCED: _l("unannounced"),
}
CHANGE_NAMES = {
    Change.IMPROVED: _l("improved"),
    Change.SAME: _l("the same"),
    Change.WORSE: _l("worse"),
    Change.UNKNOWN: _l("cannot be compared"),
}
RESPONSE_NAMES = {
    ResponseKind.ACCEPTED: _l("accepted"),
    ResponseKind.PARTLY: _l("partly accepted"),
    ResponseKind.NOTED: _l("noted"),
    ResponseKind.REJECTED: _l("rejected"),
}
IMPLEMENTATION_NAMES = {
    Implementation.NO_INFORMATION: _l("no information"),
    Implementation.NOT_IMPLEMENTED: _l("not implemented"),
    Implementation.IN_PROGRESS: _l("in progress"),
    Implementation.PARTIALLY: _l("partially implemented"),
    Implementation.IMPLEMENTED: _l("implemented"),
    Implementation.CONTRARY: _l("contrary action"),
    Implementation.NOT_APPLICABLE: _l("no longer applicable"),
}
VOICE_NAMES = {
    Voice.OWN: _l("our own view"),
    Voice.AUTHORITY: _l("the authority's view"),
    Voice.OTHER_CSO: _l("other civil society"),
    Voice.UN_BODY: _l("a UN body"),
}
FATE_NAMES = {
    Fate.NEW: _l("new recommendation"),
    Fate.FOLLOWED_UP: _l("known; its answer or state is added"),
    Fate.KNOWN: _l("known, nothing new"),
    Fate.LEFT_OUT: _l("left out"),
    Fate.HEADING: _l("heading"),
    Fate.BLANK: _l("empty row"),
}
DUE_NAMES = {
    Due.OVERDUE: _l("overdue"),
    Due.TO_COME: _l("to come"),
    Due.NO_DATE: _l("without a date"),
}
ORDER_NAMES = {
    Order.SOURCE: _l("as issued"),
    Order.DUE: _l("by the day it is due"),
    Order.ADDRESSEE: _l("by addressee"),
    Order.THEME: _l("by theme"),
    Order.LATEST: _l("latest news first"),
}
