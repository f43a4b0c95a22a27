"""The codes for a web shop that a member was handed, to be copied and used there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store import UnitOfWork
from bot.store.history import reward_codes
from bot.store.history.reward_codes import SEALED_FOR, HandedCode
from bot.store.members.mergers import with_absorbed
from rules.wording.words import Words

from ..club import Club

#: So many are shown, and for so long: who kept one longer has it in the chat.
SHOWN_MAX, SHOWN_FOR = 5, timedelta(days=180)
#: More than anybody was ever handed.
_ALL = 100_000


@dataclass(frozen=True, slots=True)
class TakenCode:
    """A code as its member reads it."""

    reward: str
    #: Its own, of the reward's codes.
    number: int
    name: str
    code: str
    on: date


def codes_taken(club: Club, uow: UnitOfWork, member_id: int, words: Words) -> list[TakenCode]:
    """Those of the member and of the cards they took over, the newest first."""
    now = club.now()
    newest = list(reward_codes.of(uow, with_absorbed(uow, member_id), limit=SHOWN_MAX))
    return list(_opened(club, words, [each for each in newest if now - each.at < SHOWN_FOR]))


def all_codes_taken(club: Club, uow: UnitOfWork, member_id: int, words: Words) -> list[TakenCode]:
    """Every one they were ever handed, the newest first, for the file they take along."""
    found = reward_codes.of(uow, with_absorbed(uow, member_id), limit=_ALL)
    return list(_opened(club, words, found))


def _opened(club: Club, words: Words, handed: Iterable[HandedCode]) -> Iterator[TakenCode]:
    """As they are read; what another `SECRET_KEY` sealed can't be."""
    timeline = club.timeline()
    for each in handed:
        code = club.codes.unseal(SEALED_FOR, each.sealed)
        # A reward that is gone is called as it was when it was handed out.
        reward = words.programme.reward(each.reward)
        reward = reward or timeline.at(each.at).programme.reward(each.reward)
        if reward and code:
            on = words.programme.shop.business_date(each.at)
            yield TakenCode(reward.id, each.number, words.name(reward.name), code, on)
