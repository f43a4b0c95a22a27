"""Who brought friends, and how many of them came a second time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from ..engine.db import UnitOfWork
from ..members import mergers
from ..tables import figure_marks, figure_people, members

_REFERRERS = select(members.c.referred_by).where(members.c.referred_by.is_not(None))


@dataclass(frozen=True, slots=True)
class FriendsBrought:
    """How many friends somebody brought, and how many of these came on a second day."""

    friends: int
    again: int


def brought_by(uow: UnitOfWork, ids: Collection[int]) -> dict[int, FriendsBrought]:
    """Of these people, with whichever of their cards; without those who brought nobody."""
    owners = mergers.by_card(uow, ids)
    cards = _by_card().where(members.c.referred_by.in_(list(owners)))
    return _added((owners[row.card], row) for row in uow.run(cards))


def who_brought(uow: UnitOfWork, *, store: str) -> list[tuple[int, FriendsBrought]]:
    """All who brought somebody, and stand at that store: first who brought the most that came a
    second time, then the most."""
    rows = uow.run(_by_card()).all()
    owners = _owners(uow, [row.card for row in rows])
    brought = _added((owners[row.card], row) for row in rows)
    here = set(
        uow.run(
            select(figure_people.c.member_id).where(
                figure_people.c.store == store,
                figure_people.c.member_id.in_(_REFERRERS)
                | figure_people.c.member_id.in_(sorted({*owners.values()} - {*owners})),
            )
        ).scalars()
    )
    found = [(each, did) for each, did in brought.items() if each in here]
    return sorted(found, key=lambda one: (-one[1].again, -one[1].friends, one[0]))


def _by_card() -> Select[Any]:
    """By the card that brought them: friends who are neither erased nor merged into another."""
    second = and_(
        figure_marks.c.member_id == members.c.id,
        figure_marks.c.figure == "second",
        figure_marks.c.store == "",
    )
    return (
        select(
            members.c.referred_by.label("card"),
            func.count().label("friends"),
            func.count(figure_marks.c.member_id).label("again"),
        )
        .outerjoin(figure_marks, second)
        .where(
            members.c.referred_by.is_not(None),
            members.c.erased_at.is_(None),
            members.c.merged_into.is_(None),
        )
        .group_by(members.c.referred_by)
    )


def _owners(uow: UnitOfWork, cards: Iterable[int]) -> dict[int, int]:
    """Who stands for each card now."""
    owners = {each: each for each in cards}
    merged = select(members.c.id, members.c.merged_into).where(members.c.merged_into.is_not(None))
    at_hand = merged.where(members.c.id.in_(_REFERRERS))
    into: dict[int, int] = {row.id: row.merged_into for row in uow.run(at_hand)}
    while into:
        owners = {card: into.get(by, by) for card, by in owners.items()}
        beyond = merged.where(members.c.id.in_(sorted(set(into.values()))))
        into = {row.id: row.merged_into for row in uow.run(beyond)}
    return owners


def _added(rows: Iterable[tuple[int, Any]]) -> dict[int, FriendsBrought]:
    found: dict[int, FriendsBrought] = {}
    for owner, row in rows:
        known = found.get(owner, FriendsBrought(0, 0))
        found[owner] = FriendsBrought(known.friends + row.friends, known.again + row.again)
    return found
