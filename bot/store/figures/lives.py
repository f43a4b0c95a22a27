"""People's lives as figures count them, read from the history for many at once."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from rules.figures.life import NO_RANK, Happened, Kind, Life
from rules.figures.sources import unnamed
from rules.programme.ranks import RankChange

from ..engine.db import UnitOfWork
from ..history.claims import UNMADE
from ..members import mergers, sources
from ..tables import activities, entries, line_accounts, members, rank_changes

DayOf = Callable[[datetime], date]
_READ = (
    "Visit", "Purchase", "Redemption", "Registration", "Referral", "MembershipChanged", "TakenBack",
)  # fmt: skip


def of_people(uow: UnitOfWork, ids: Sequence[int], day_of: DayOf) -> dict[int, Life]:
    """The lives of people who stand for themselves, with all cards that were merged into theirs;
    without those of which something can't be read. `day_of` gives the business day of an instant.
    """
    owners = mergers.by_card(uow, ids)
    ranks, odd = _Ranks(uow, owners), _OddLives()
    found: dict[int, list[tuple[tuple[Any, ...], Happened]]] = {each: [] for each in ids}
    parts = (
        _acts(uow, owners, ranks, odd), _points(uow, owners, ranks), ranks.steps(frozenset(ids)),
        _erasures(uow, ids, day_of), _looks(uow, ids, day_of), _badges(uow, ids, odd.unread),
    )  # fmt: skip
    for number, part in enumerate(parts):
        for card, at, happened in part:
            # A day's rank is the one in which it ended: the steps come first.
            order = (happened.day, happened.kind != "rank", number, at)
            found[owners[card]].append((order, happened))
    return {
        each: () if each in odd.unmade else _in_order(lived)
        for each, lived in found.items()
        if each not in odd.unread
    }


@dataclass(frozen=True, slots=True)
class _OddLives:
    """Of whom something can't be read; and who never were: a file that was taken back had made
    them."""

    unread: set[int] = field(default_factory=set)
    unmade: set[int] = field(default_factory=set)


def _in_order(lived: list[tuple[tuple[Any, ...], Happened]]) -> Life:
    """What was alike on one day is one; who has several cards joined once, by the first of them."""
    total: dict[Happened, int] = {}
    begun = set[Kind]()
    for _, each in sorted(lived, key=itemgetter(0)):
        if each.kind in ("joined", "source"):
            if each.kind in begun:
                continue
            begun.add(each.kind)
        alike = each._replace(amount=0)
        total[alike] = total.get(alike, 0) + each.amount
    stay = ("rank", "left", "back", "erased")
    return tuple(
        each._replace(amount=amount)
        for each, amount in total.items()
        if amount or each.kind in stay
    )


_Found = Iterator[tuple[int, Any, Happened]]


def _acts(uow: UnitOfWork, owners: Mapping[int, int], ranks: "_Ranks", odd: _OddLives) -> _Found:
    """What stands of the histories: the card, the order, and what happened. Whose is odd is noted
    in `odd`."""
    did, came = activities.c, sources.came_by(uow, list(owners))
    rows = uow.run(
        select(
            did.member_id, did.seq, did.what, did.at, did.business_date, did.store, did.key
        ).where(
            did.member_id.in_(list(owners)),
            did.undone_at.is_(None),
            or_(*(did.what.like(f"{kind} %") for kind in _READ)),
        )
    )
    for row in rows:
        card, day = row.member_id, row.business_date
        try:
            meant = list(_meant(row.what))
        except (KeyError, TypeError, ValueError, AttributeError):
            odd.unread.add(owners[card])
            continue
        if row.key.startswith(UNMADE) and row.what.startswith("MembershipChanged "):
            odd.unmade.add(owners[card])
        for kind, amount, item in meant:
            if kind in ("left", "back") and owners[card] != card:
                # The keeper's card alone says who is a member.
                continue
            store, rank = row.store or "", ranks.on(card, day)
            if kind == "voucher":
                rank, item = item, ""
            if kind == "source":
                # Of the whole club, whoever stood at which store when they joined.
                store, rank, amount = "", NO_RANK, came.get(card, amount)
            yield card, (row.at, row.seq, card), Happened(kind, day, store, rank, amount, item)


def _meant(what: str) -> Iterator[tuple[Kind, int, str]]:
    """What kind of thing it was, how much, and of which reward."""
    name, _, details = what.partition(" ")
    match name:
        case "Visit" | "Referral":
            yield ("visit" if name == "Visit" else "brought"), 1, ""
        case "Redemption":
            used = json.loads(details)
            yield "rewards", 1, str(used["reward"])
            if used.get("voucher"):
                yield "voucher", 1, str(used["reward"])
        case "Registration":
            yield "joined", 1, ""
            yield "source", unnamed(json.loads(details)["source"]), ""
        case "Purchase":
            yield "purchases", 1, ""
            yield "yen", int(json.loads(details)["total_yen"]), ""
        case "TakenBack":
            if (yen := json.loads(details).get("yen")) is not None:
                yield "yen", -int(yen), ""
        case "MembershipChanged":
            state = json.loads(details)["state"]
            if state in ("left", "active"):
                yield ("left" if state == "left" else "back"), 0, ""


def _points(uow: UnitOfWork, owners: Mapping[int, int], ranks: "_Ranks") -> _Found:
    """What moved points, by day, store and kind: all of it moved the balance."""
    is_carried = or_(entries.c.rule == "merged", entries.c.rule.like("merged:%"))
    kind = case(
        (is_carried, "held"),
        (entries.c.rule == "expiry", "expired"),
        (entries.c.kind.in_(("grant", "correction")), "given"),
        (entries.c.rule.like("reward:%"), "used"),
        else_="held",
    )
    by = (entries.c.member_id, entries.c.business_date, activities.c.store, kind)
    same = and_(activities.c.member_id == entries.c.member_id, activities.c.seq == entries.c.seq)
    rows = uow.run(
        select(
            entries.c.member_id,
            entries.c.business_date,
            activities.c.store,
            kind.label("kind"),
            func.sum(entries.c.points).label("points"),
        )
        .join(activities, same)
        .where(entries.c.member_id.in_(list(owners)))
        .group_by(*by)
    )
    for card, day, store, kind_, points in rows:
        rank, moved = ranks.on(card, day), int(points)
        yield card, (), Happened("held", day, "", NO_RANK, moved)
        if kind_ != "held":
            amount = moved if kind_ == "given" else -moved
            yield card, (), Happened(kind_, day, store or "", rank, amount)


def _erasures(uow: UnitOfWork, ids: Iterable[int], day_of: DayOf) -> _Found:
    rows = uow.run(
        select(members.c.id, members.c.erased_at).where(
            members.c.id.in_(list(ids)), members.c.erased_at.is_not(None)
        )
    )
    for card, at in rows:
        yield card, (), Happened("erased", day_of(at), "", NO_RANK, 0)


def _looks(uow: UnitOfWork, ids: Iterable[int], day_of: DayOf) -> _Found:
    """When people added the LINE account, and first looked at the card or the programme."""
    rows = uow.run(
        select(members.c.id, line_accounts.c.created_at, line_accounts.c.looked_at)
        .join(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(list(ids)))
    )
    for card, created_at, looked_at in rows:
        yield card, (), Happened("followed", day_of(created_at), "", NO_RANK, 1)
        if looked_at is not None:
            yield card, (), Happened("looked", day_of(looked_at), "", NO_RANK, 1)


def _badges(uow: UnitOfWork, ids: Iterable[int], unread: set[int]) -> _Found:
    """The badges that people hold, each on the day on which it was earned first."""
    rows = uow.run(select(members.c.id, members.c.facts).where(members.c.id.in_(list(ids))))
    for card, facts in rows:
        try:
            earned = {
                str(badge): date.fromisoformat(day)
                for badge, day in json.loads(facts).get("badges", {}).items()
            }
        except (ValueError, TypeError, AttributeError):
            unread.add(card)
            continue
        for badge, day in earned.items():
            yield card, (), Happened("badge", day, "", NO_RANK, 1, badge)


class _Ranks:
    """Which rank each card had when a day ended."""

    def __init__(self, uow: UnitOfWork, owners: Mapping[int, int]) -> None:
        rows = uow.run(
            select(rank_changes)
            .where(rank_changes.c.member_id.in_(list(owners)))
            .order_by(rank_changes.c.member_id, rank_changes.c.changed_on, rank_changes.c.n)
        ).all()
        self._changes: dict[int, list[RankChange]] = defaultdict(list)
        for card, theirs in groupby(rows, key=lambda row: int(row.member_id)):
            self._changes[card] = [
                RankChange(row.before, row.after, row.changed_on, row.reason) for row in theirs
            ]

    def on(self, card: int, day: date) -> str:
        changes = self._changes.get(card, [])
        n = bisect_right(changes, day, key=lambda change: change.on)
        return changes[n - 1].after or NO_RANK if n else NO_RANK

    def steps(self, people: Container[int]) -> _Found:
        """The steps up and down of all cards, and the rank from then on of those who stand for
        themselves. What came over with another card is no step."""
        for card, changes in self._changes.items():
            for n, change in enumerate(changes):
                rank = change.after or NO_RANK
                if card in people:
                    yield card, n, Happened("rank", change.on, "", rank, 0)
                if change.is_up or change.reason == "short":
                    kind: Kind = "up" if change.is_up else "down"
                    yield card, n, Happened(kind, change.on, "", rank, 1)
