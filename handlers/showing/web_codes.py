"""The codes for a web shop that a member was handed, to be copied and used there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store import UnitOfWork
from bot.store.history import reward_codes
from bot.store.history.reward_codes import SEALED_FOR
from bot.store.members.mergers import with_absorbed
from rules.wording.words import Words

from ..club import Club

#: So many are shown, and for so long: who kept one longer has it in the chat.
SHOWN_MAX, SHOWN_FOR = 5, timedelta(days=180)


@dataclass(frozen=True, slots=True)
class TakenCode:
    """A code as its member reads it."""

    reward: str
    name: str
    code: str
    on: date


def codes_taken(club: Club, uow: UnitOfWork, member_id: int, words: Words) -> list[TakenCode]:
    """Those of the member and of the cards they took over, the newest first."""
    return list(_taken(club, uow, member_id, words))


def _taken(club: Club, uow: UnitOfWork, member_id: int, words: Words) -> Iterator[TakenCode]:
    programme, now = words.programme, club.now()
    if not any(reward.codes for reward in programme.rewards):
        return
    for each in reward_codes.of(uow, with_absorbed(uow, member_id), limit=SHOWN_MAX):
        reward, code = programme.reward(each.reward), club.codes.unseal(SEALED_FOR, each.sealed)
        if reward and code and now - each.at < SHOWN_FOR:
            on = programme.shop.business_date(each.at)
            yield TakenCode(reward.id, words.name(reward.name), code, on)
