"""Cards that were put together: the keeper's stands for all of them."""

from collections.abc import Iterable

from sqlalchemy import select

from ..engine.db import UnitOfWork
from ..engine.statements import of_many
from ..tables import members

_TAKEN_OVER = of_many(
    select(members.c.id, members.c.merged_into).order_by(members.c.id), members.c.merged_into, "by"
)


def by_card(uow: UnitOfWork, member_ids: Iterable[int]) -> dict[int, int]:
    """These members' cards and all that were merged into them, also by way of others, each with
    whose it is now."""
    found: dict[int, int] = {}
    at_hand = {each: each for each in member_ids}
    while at_hand:
        found |= at_hand
        taken = uow.ask(_TAKEN_OVER, {"by": list(at_hand)})
        at_hand = {card: at_hand[by] for card, by in taken}
    return found


def merged(uow: UnitOfWork) -> dict[int, int]:
    """All cards that were merged into another, each with whose it is now: for who reads all members
    anyway, since a statement takes only so many values."""
    found = select(members.c.id, members.c.merged_into).where(members.c.merged_into.is_not(None))
    into: dict[int, int] = {row.id: row.merged_into for row in uow.run(found)}
    owners = dict(into)
    while beyond := {card: into[by] for card, by in owners.items() if by in into}:
        owners |= beyond
    return owners


def first_cards(uow: UnitOfWork, cards: Iterable[int]) -> dict[int, int]:
    """Those of these cards with which somebody joined first, each with whose it is now: who had
    another before, which was put together with it, is found by that one alone."""
    owners, into = {card: card for card in cards}, members.c.merged_into
    at_hand = set(owners)
    while at_hand:
        merged_too = members.c.id.in_(sorted(at_hand)) & into.is_not(None)
        rows = uow.run(select(members.c.id, into).where(merged_too))
        step: dict[int, int] = {row.id: row.merged_into for row in rows}
        owners = {card: step.get(by, by) for card, by in owners.items()}
        at_hand = set(step.values())
    of_all = by_card(uow, set(owners.values()))
    joined = select(members.c.id).where(members.c.id.in_(list(of_all)))
    firsts: dict[int, int] = {}
    for card in uow.run(joined.order_by(members.c.joined_at, members.c.id)).scalars():
        firsts.setdefault(of_all[card], card)
    return {card: by for card, by in owners.items() if firsts[by] == card}


def with_absorbed(uow: UnitOfWork, member_id: int) -> list[int]:
    """The member first, and everybody whose history they took over: one person."""
    return list(by_card(uow, [member_id]))


def absorbed(uow: UnitOfWork, member_id: int) -> list[int]:
    """Everybody whose history this member took over."""
    return [card for card in with_absorbed(uow, member_id) if card != member_id]
