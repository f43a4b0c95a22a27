"""Card numbers, referral codes and the like: random, so that nobody can count or guess them."""

import secrets
from collections.abc import Callable

from stdnum import luhn

from bot.store import UnitOfWork
from bot.store.members import members, profiles

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


def free_card_numbers(uow: UnitOfWork, count: int) -> list[str]:
    """So many of them, each another."""
    found: set[str] = set()
    for _ in range(_TRIES):
        new = {new_card_number() for _ in range(count - len(found))}
        found |= new - {number for _, number in profiles.by_numbers(uow, new)}
        if len(found) == count:
            return list(found)
    raise RuntimeError("no free card numbers found")


def is_card_number(text: str) -> bool:
    """Whether `text` is ten digits with the right check digit."""
    return len(text) == 10 and text.isascii() and text.isdigit() and bool(luhn.is_valid(text))


def new_referral_code() -> str:
    return _random(6)


def referral_code(uow: UnitOfWork, member_id: int) -> str:
    """The member's referral code, made when it is first asked for."""
    return _code(uow, "referral", member_id, new_referral_code)


def add_share_code(uow: UnitOfWork, member_id: int) -> str:
    """A code for the link of one more thing that the member shares."""
    return _added(uow, "share", member_id, lambda: _random(9))


def stop_name(uow: UnitOfWork, member_id: int) -> str:
    """What stands for the member in the stop links of SMS, made when the first is sent. It holds
    letters, so that it is no card's number."""
    return _code(uow, "stop", member_id, lambda: _random(7) + secrets.choice(_LETTERS[8:]))


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _code(uow: UnitOfWork, kind: str, member_id: int, new: Callable[[], str]) -> str:
    known = members.code_of(uow, kind, member_id)
    if known:
        return known
    return _added(uow, kind, member_id, new)


def _added(uow: UnitOfWork, kind: str, member_id: int, new: Callable[[], str]) -> str:
    for _ in range(_TRIES):
        code = new()
        if members.add_code(uow, kind, code, member_id):
            return code
    raise RuntimeError("no free code found")
