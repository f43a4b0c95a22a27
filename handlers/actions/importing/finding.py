"""Which member a row is: by the card's number, else by the telephone. Nobody is guessed."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.phones import e164
from bot.store.members import members, profiles
from handlers.actions.members.card_numbers import is_card_number
from handlers.actions.recording.work import Work
from rules.importing.rows import RowSaid

#: The kind under which the number of another system's card leads to a member.
OLD_NUMBER = "old"
_LENGTH_MAX = 14


@dataclass(frozen=True, slots=True)
class FoundMember:
    """Whose row it is (0: nobody's), or why nobody knows, by a refusal's code."""

    member_id: int = 0
    code: str = ""
    #: Whether a spreadsheet had dropped what was put back.
    is_mended: bool = False


def find(work: Work, row: RowSaid) -> FoundMember:
    """Whose the row is. Two who are found by its two numbers are not one."""
    by_card = _by_card(work, row.number) if row.number else FoundMember()
    if by_card.member_id or by_card.code:
        return by_card
    return _by_phone(work, row.phone) if row.phone else by_card


def _by_card(work: Work, number: str) -> FoundMember:
    spelt = dict(_spelt(number))
    known = profiles.by_numbers(work.uow, list(spelt))
    for each, mended in spelt.items():
        kinds = ("number", OLD_NUMBER) if is_card_number(each) else (OLD_NUMBER,)
        for kind in kinds:
            if (found := known.get((kind, each))) is not None:
                return FoundMember(members.keeper(work.uow, found), is_mended=mended)
    return FoundMember()


def number_known(work: Work, number: str) -> str | None:
    """The number as it is on the card that is meant; None where there is none."""
    spelt = dict(_spelt(number))
    known = profiles.by_numbers(work.uow, list(spelt))
    found = {each for _, each in known}
    return next((each for each in spelt if each in found), None)


def _spelt(number: str) -> Iterator[tuple[str, bool]]:
    """The number as it is, and with the noughts before it that a spreadsheet drops; each with
    whether it was mended."""
    yield number, False
    if number.isdigit():
        for length in range(len(number) + 1, _LENGTH_MAX):
            yield number.zfill(length), True


def _by_phone(work: Work, text: str) -> FoundMember:
    phone, mended = phone_of(work, text)
    if not phone:
        return FoundMember(code="import_phone")
    keepers = {members.keeper(work.uow, each) for each in profiles.with_phone(work.uow, phone)}
    if len(keepers) > 1:
        return FoundMember(code="import_several")
    return FoundMember(next(iter(keepers), 0), is_mended=mended)


def phone_of(work: Work, text: str) -> tuple[str, bool]:
    """The telephone (E.164), "" for what is none; and whether the nought before it was missing."""
    country = work.programme.shop.country
    # 090-1234-5678 without its nought may pass for a number of a place: the nought is tried first.
    digits = "".join(each for each in text if each.isdigit())
    is_bare = text.strip() == digits and 0 < len(digits) <= 10 and digits[0] != "0"
    if is_bare and (found := e164(f"0{digits}", country)):
        return found, True
    return e164(text, country) or "", False
