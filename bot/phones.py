"""Telephone numbers: in any spelling, as one form (E.164)."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


def e164(text: str, country: str) -> str | None:
    """The number as "+819012345678"; None for what is none. `country` (ISO 3166, two letters) is
    where a number without its own country is taken to be."""
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """All that staff need to see of a number: its last four digits, "···5678"; empty for none."""
    return f"···{number[-4:]}" if number else ""
