"""What background jobs are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

JOB_NAMES: dict[str, Any] = {
    "draw_certificates": _l("Draw certificates"),
    "read_list": _l("Read a list of people"),
    "apply_list": _l("Take people over from a list"),
    "send_letters": _l("Send letters"),
    "send_due_letters": _l("Make and send letters that are due"),
    "take_up_again": _l("Take up certificates that were left half drawn"),
    "take_up_lists_again": _l("Take up lists that were left half read"),
    "forget_printed_certificates": _l("Delete files of drawn certificates"),
    "forget_abandoned_lists": _l("Delete lists nobody took over"),
    "forget_letters": _l("Delete letters that are done"),
    "delete_removed_evidence": _l("Delete files of removed evidence"),
    "forget_ended_sign_ins": _l("Delete sign-ins that have ended"),
    "forget_feedback_originals": _l("Delete originals of feedback that were edited"),
    "forget_spent_proofs": _l("Delete spent proofs of registration forms"),
}


def job_name(name: str) -> str:
    return str(JOB_NAMES.get(name, name))
