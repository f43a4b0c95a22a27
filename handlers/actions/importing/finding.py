"""Which member a row is: by the card's number, else by the telephone. Nobody is guessed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.phones import e164
from bot.store.members import crowds, members, profiles
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


class PageFinding:
    """Whose the rows of a page are: asked for all of them at once."""

    def __init__(self, work: Work, rows: Iterable[RowSaid]) -> None:
        said = list(rows)
        self._country = work.programme.shop.country
        self._phones = {text: _phone_of(self._country, text) for text in {r.phone for r in said}}
        numbers = {each for row in said if row.number for each, _ in _spelt(row.number)}
        self._cards = profiles.by_numbers(work.uow, numbers) if numbers else {}
        phones = {phone for phone, _ in self._phones.values() if phone}
        self._with_phone = profiles.with_phones(work.uow, phones) if phones else {}
        ids = {*self._cards.values(), *(i for each in self._with_phone.values() for i in each)}
        self._keepers = crowds.keepers(work.uow, ids) if ids else {}
        found = set(self._keepers.values())
        self._with_number = crowds.with_code(work.uow, OLD_NUMBER, found) if found else set()
        if found:
            # Read once, whoever looks at one of them next.
            members.many(work.uow, sorted(found))

    def find(self, row: RowSaid) -> FoundMember:
        """Whose the row is. Two who are found by its two numbers are not one."""
        by_card = self.by_card(row.number)
        if by_card.member_id or by_card.code:
            return by_card
        return self._by_phone(row.phone) if row.phone else by_card

    def by_card(self, number: str) -> FoundMember:
        for each, mended in _spelt(number) if number else ():
            kinds = ("number", OLD_NUMBER) if is_card_number(each) else (OLD_NUMBER,)
            for kind in kinds:
                if (found := self._cards.get((kind, each))) is not None:
                    return FoundMember(self._keepers[found], is_mended=mended)
        return FoundMember()

    def _by_phone(self, text: str) -> FoundMember:
        phone, mended = self.phone_of(text)
        if not phone:
            return FoundMember(code="import_phone")
        keepers = {self._keepers[each] for each in self._with_phone.get(phone, ())}
        if len(keepers) > 1:
            return FoundMember(code="import_several")
        return FoundMember(next(iter(keepers), 0), is_mended=mended)

    def names_of(self, row: RowSaid) -> set[str]:
        """By what the row's member may be found."""
        numbers = {each for each, _ in _spelt(row.number)} if row.number else set()
        return (numbers | {self.phone_of(row.phone)[0]}) - {""}

    def has_old_number(self, member_id: int) -> bool:
        """Whether a card of another system leads to the member."""
        return member_id in self._with_number

    def is_free(self, number: str) -> bool:
        """Whether the number of one of our cards leads to nobody."""
        return ("number", number) not in self._cards

    def phone_of(self, text: str) -> tuple[str, bool]:
        """As `phone_of`."""
        return self._phones[text]


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


def phone_of(work: Work, text: str) -> tuple[str, bool]:
    """The telephone (E.164), "" for what is none; and whether the nought before it was missing."""
    return _phone_of(work.programme.shop.country, text)


def _phone_of(country: str, text: str) -> tuple[str, bool]:
    # 090-1234-5678 without its nought may pass for a number of a place: the nought is tried first.
    digits = "".join(each for each in text if each.isdigit())
    is_bare = text.strip() == digits and 0 < len(digits) <= 10 and digits[0] != "0"
    if is_bare and (found := e164(f"0{digits}", country)):
        return found, True
    return e164(text, country) or "", False
