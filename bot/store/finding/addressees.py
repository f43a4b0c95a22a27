"""Whom letters by post may go to: with a name and an address, and nothing that speaks against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from ..engine.db import UnitOfWork
from ..heard import contacts
from ..members.consents import OF_STEPS
from ..members.mergers import by_card
from ..tables import bulk_members, consents, members, profiles
from ..tables import contacts as noted

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PostalAddressee:
    """A member with what goes on an envelope."""

    member_id: int
    name: str
    #: Seven digits.
    postcode: str
    #: From the prefecture on.
    address: str


@dataclass(frozen=True, slots=True)
class PostalAudience:
    """Who of them."""

    #: Whether they must have agreed to what their address is used for.
    agreed: bool
    #: Of any rank, where none is named.
    ranks: tuple[str, ...] = ()
    visits_min: int = 0
    #: Who came at that moment or later.
    came_since: datetime | None = None
    #: Who didn't.
    away_since: datetime | None = None
    #: Only those for whom this was chosen.
    bulk: int | None = None


def addressees(uow: UnitOfWork, audience: PostalAudience) -> list[PostalAddressee]:
    """Members (在籍) whom a letter may go to, by postcode. Who paused or left, was erased or merged
    into another, or wants no letters, by whichever card they said so, is none."""
    query = (
        select(members.c.id, profiles.c.name, profiles.c.postcode, profiles.c.address)
        .join(profiles, profiles.c.member_id == members.c.id)
        .where(
            members.c.membership == "active",
            members.c.erased_at.is_(None),
            members.c.merged_into.is_(None),
            members.c.visits >= audience.visits_min,
            profiles.c.name != "",
            profiles.c.address != "",
        )
        .order_by(profiles.c.postcode, profiles.c.address, members.c.id)
    )
    if audience.ranks:
        query = query.where(members.c.rank.in_(audience.ranks))
    if audience.came_since is not None:
        query = query.where(members.c.last_visit_at >= audience.came_since)
    if audience.away_since is not None:
        query = query.where(members.c.last_visit_at < audience.away_since)
    if audience.bulk is not None:
        chosen = bulk_members.c.bulk_id == audience.bulk
        query = query.where(members.c.id.in_(select(bulk_members.c.member_id).where(chosen)))
    if audience.agreed:
        mine = consents.c.member_id == members.c.id
        query = query.where(exists().where(mine, consents.c.kind == OF_STEPS["address"][0]))
    found = [PostalAddressee(*row) for row in uow.run(query)]
    return [each for some in _batched(found) for each in _who_want_letters(uow, some)]


def _who_want_letters(uow: UnitOfWork, some: Sequence[PostalAddressee]) -> list[PostalAddressee]:
    whose = by_card(uow, [each.member_id for each in some])
    no = {whose[card] for card in contacts.refused(uow, "mail", whose)}
    return [each for each in some if each.member_id not in no]


def without(
    uow: UnitOfWork, found: Sequence[PostalAddressee], letter: str, *, since: datetime
) -> list[PostalAddressee]:
    """Those to whom no letter of that name went since then."""
    left: list[PostalAddressee] = []
    for some in _batched(found):
        whose = by_card(uow, [each.member_id for each in some])
        its = (noted.c.kind == "mailed") & (noted.c.text == letter) & (noted.c.at >= since)
        cards = uow.run(select(noted.c.member_id).where(its, noted.c.member_id.in_(list(whose))))
        had = {whose[card] for card in cards.scalars()}
        left += [each for each in some if each.member_id not in had]
    return left


def _batched(found: Sequence[PostalAddressee]) -> Iterator[Sequence[PostalAddressee]]:
    """As many as one statement names."""
    return (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE))
