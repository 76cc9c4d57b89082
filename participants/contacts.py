"""Phones and e-mail addresses: how they are written to be compared, and the keyed index they are found again by."""

from __future__ import annotations

import phonenumbers

from privacy.crypto import key_ring


def phone(text: str, country: str) -> str | None:
    """A phone number as it is dialled from anywhere (+375…); None for what is no number.

    One that only looks unusual is kept: numbering plans change faster than lists.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def index(contact: str, programme_id: int) -> bytes:
    """What equal contacts of one programme have in common, and nobody without the key ring can compute."""
    return key_ring().index(alike(contact), str(programme_id))


def alike(contact: str) -> str:
    """A contact with nothing left that people write differently: case, spaces and brackets."""
    folded = contact.casefold().strip()
    if "@" in folded:
        return folded
    digits = "".join(mark for mark in folded if mark.isdigit() or mark == "+")
    return digits or folded
