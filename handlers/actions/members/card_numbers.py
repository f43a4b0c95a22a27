"""Card numbers and referral codes: random, so that nobody can count members or guess a card."""

import secrets

from stdnum import luhn

from bot.store import UnitOfWork
from bot.store.members import members

#: Without 0/O, 1/I/L, and without vowels, so that no word comes out.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_TRIES = 20


def new_card_number() -> str:
    """Ten digits, the last a check digit (Luhn, ISO/IEC 7812-1)."""
    body = f"{secrets.randbelow(900_000_000) + 100_000_000}"
    return body + str(luhn.calc_check_digit(body))


def free_card_number(uow: UnitOfWork) -> str:
    """A card number that leads to nobody yet."""
    for _ in range(_TRIES):
        number = new_card_number()
        if members.by_code(uow, "number", number) is None:
            return number
    raise RuntimeError("no free card number found")


def is_card_number(text: str) -> bool:
    """Whether `text` is ten digits with the right check digit."""
    return len(text) == 10 and text.isascii() and text.isdigit() and bool(luhn.is_valid(text))


def new_referral_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


def referral_code(uow: UnitOfWork, member_id: int) -> str:
    """The member's referral code, made when it is first asked for."""
    known = members.code_of(uow, "referral", member_id)
    if known:
        return known
    for _ in range(_TRIES):
        code = new_referral_code()
        if members.add_code(uow, "referral", code, member_id):
            return code
    raise RuntimeError("no free referral code found")
