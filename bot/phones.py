"""Telephone numbers: in any spelling, as one form (E.164)."""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

#: What takes SMS. Of some countries' numbers nobody can tell which are mobile ones.
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@lru_cache(maxsize=64)
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


def spoken(number: str, country: str) -> str:
    """The number (E.164) as people of `country` read it: "090-1234-5678" at home, else with its
    country. As it is kept, should it be none."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    at_home = phonenumbers.country_code_for_region(country) == parsed.country_code
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def country_of(number: str) -> str:
    """The country (ISO 3166, two letters) that a number (E.164) is of."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def is_mobile(number: str) -> bool:
    """Whether a number (E.164) takes SMS; those that cost who sends to them much don't."""
    return phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILE


def masked(number: str) -> str:
    """All that staff need to see of a number: its last four digits, "···5678"; empty for none."""
    return f"···{number[-4:]}" if number else ""
