"""The month's eco actions, as a member reads them: their own, and those of all members."""

from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.history import eco
from rules.shop import next_month
from rules.wording.additions import eco_name

from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class EcoMonth:
    """A month of eco actions."""

    #: How many all members did together.
    everybody: int
    #: 「今月は3回、ありがとうございます（マイバッグ 2回・…）。」, and what everybody did.
    lines: tuple[str, ...]


def eco_month(viewer: Viewer, uow: UnitOfWork) -> EcoMonth | None:
    """This month so far; None for a club without eco actions."""
    if not viewer.programme.eco_actions:
        return None
    words, first = viewer.words, viewer.day.replace(day=1)
    done = eco.of_member(uow, viewer.member.id, first, next_month(first))
    everybody = eco.of_club(uow, first, next_month(first))
    mine = {eco_name(words, action): count for action, count in done.most_common()}
    each = words.listed(
        words.say("eco.each", name=name, count=count) for name, count in mine.items()
    )
    own = words.say("eco.mine", count=done.total(), each=each) if mine else words.say("eco.not_yet")
    all_of_us = (words.say("eco.everybody", count=everybody),) if everybody else ()
    return EcoMonth(everybody, (own, *all_of_us))
