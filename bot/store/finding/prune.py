"""Taking away, or emptying, what nobody asks for any more: at most so many rows of each table in
one go, found by reading alone and then removed in short transactions, so that nobody at a counter
waits for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Table,
    Update,
    delete,
    or_,
    select,
    tuple_,
    update,
)

from ..engine.db import Store
from ..history.claims import TOLD_PHONE
from ..members.changes import APART, JOINED
from ..orders.orders import FORGOTTEN
from ..tables import (
    claims,
    hook_deliveries,
    hook_events,
    invitations,
    last_changes,
    link_codes,
    orders,
    phone_proofs,
    reservations,
    send_attempts,
    slips,
    staff_browsers,
    staff_sessions,
    ticks,
    webhook_events,
)

CHUNK = 500

#: What was set aside for a sale that is long over: a till may still ask what became of it.
RESERVATIONS_KEPT = timedelta(days=90)

#: Keys after which nobody comes again: a redelivery, a retry, a scan kept on a device without
#: network (`offline_hours_max` is 14 days at most), a form sent twice, a reward's moving page, a
#: wrong code, a night. Others stay: a file may be imported again, and a birthday or a promise is
#: known by its key alone, however late.
CLAIMS_GO = (
    "line:", "scan:", "staff:", "use:", "shown:", "guess:", "beacon:", "tick:expiry:"
)  # fmt: skip

CLAIMS_KEPT = timedelta(days=90)
TICKS_KEPT = timedelta(days=400)
EVENTS_KEPT = timedelta(days=90)
#: What people wrote goes before the ids do, by which a redelivery is known.
BODIES_KEPT = timedelta(days=30)
#: LINE's request ids, for questions to its support. The messages themselves stay in the outbox.
ATTEMPTS_KEPT = timedelta(days=90)
#: Nothing older comes any more that a newer change must win over.
CHANGES_KEPT = timedelta(days=90)
#: So long somebody who was erased and joins again gets no second welcome, nor anybody points for a
#: telephone that was told before, and nobody is asked again
#: whether two members are one person.
JOININGS_KEPT = timedelta(days=730)
#: After the last moment at which they were good; longer than the claim of what made them.
CODES_KEPT = timedelta(days=120)
#: As long as browsers keep a cookie.
BROWSERS_KEPT = timedelta(days=400)
#: A slip's points may still be taken back, and the slip with them given back.
SLIPS_KEPT = timedelta(days=400)

#: What other systems were told, or could not be: so long it may be sent to them again.
HOOKS_KEPT = timedelta(days=30)


#: After the last that was told of an order. Its goods are long kept, its code is over, and what it
#: brought stands in the history: of an order that was somebody's only the name stays, by which a
#: message that comes all the same brings nothing twice.
ORDERS_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _PruneRule:
    """Which rows of a table go. `key` leads its primary key, and is all of it with `rest`."""

    table: Table
    key: Column[str] | Column[int]
    goes: ColumnElement[bool]
    #: Where the rows stay: what they are emptied to, by column.
    emptied: Mapping[str, str | bool | None] | None = None
    #: Where many rows have the same key: what comes behind it in the primary key.
    rest: Column[str] | None = None

    @property
    def name(self) -> str:
        return self.table.name if self.emptied is None else f"{self.table.name}_emptied"

    @property
    def keys(self) -> tuple[Column[Any], ...]:
        return (self.key,) if self.rest is None else (self.key, self.rest)


def old(now: datetime, wall: datetime) -> tuple[_PruneRule, ...]:
    """What goes as of `now`; of what lives by the time on the `wall`, as of that."""
    codes_end, signing_end = now - CODES_KEPT, wall - CODES_KEPT
    browsers_end = wall - BROWSERS_KEPT
    return (
        _PruneRule(claims, claims.c.key, _claims_that_go(now)),
        _PruneRule(ticks, ticks.c.key, ticks.c.done_at < now - TICKS_KEPT),
        _PruneRule(webhook_events, webhook_events.c.event_id, _finished(now - EVENTS_KEPT)),
        _PruneRule(
            last_changes,
            last_changes.c.subject,
            (
                last_changes.c.field.not_in((JOINED, APART))
                & (last_changes.c.changed_at < now - CHANGES_KEPT)
            )
            | (last_changes.c.changed_at < now - JOININGS_KEPT),
        ),
        _PruneRule(
            webhook_events,
            webhook_events.c.event_id,
            (webhook_events.c.received_at < now - BODIES_KEPT)
            & (webhook_events.c.status != "new")
            & (webhook_events.c.body != "{}"),
            emptied={"body": "{}", "user_id": None},
        ),
        _PruneRule(
            send_attempts,
            send_attempts.c.id,
            (send_attempts.c.first_tried_at < now - ATTEMPTS_KEPT)
            & (send_attempts.c.status != "open"),
        ),
        _PruneRule(link_codes, link_codes.c.code, link_codes.c.until < codes_end),
        _PruneRule(phone_proofs, phone_proofs.c.mark, phone_proofs.c.asked_at < codes_end),
        _PruneRule(slips, slips.c.code, slips.c.until < now - SLIPS_KEPT),
        _PruneRule(invitations, invitations.c.token_hash, invitations.c.expires_at < signing_end),
        _PruneRule(
            staff_sessions, staff_sessions.c.token_hash, staff_sessions.c.expires_at < signing_end
        ),
        _PruneRule(
            staff_browsers,
            staff_browsers.c.token_hash,
            staff_browsers.c.last_at < browsers_end,
        ),
        _PruneRule(
            hook_deliveries,
            hook_deliveries.c.event_id,
            hook_deliveries.c.made_at < wall - HOOKS_KEPT,
        ),
        *_orders_that_go(now),
        _PruneRule(reservations, reservations.c.id, reservations.c.until < now - RESERVATIONS_KEPT),
        _PruneRule(hook_events, hook_events.c.id, hook_events.c.made_at < wall - HOOKS_KEPT),
    )


def _orders_that_go(now: datetime) -> tuple[_PruneRule, ...]:
    """Orders of nobody go; of somebody's only the name stays."""
    is_old = orders.c.told_at < now - ORDERS_KEPT
    whose = (orders.c.named_id, orders.c.claimed_id, orders.c.member_id)
    is_somebodys = or_(*(each.is_not(None) for each in whose))
    name, rest = orders.c.system, orders.c.order_id
    is_over = orders.c.over.is_(True)
    return (
        _PruneRule(orders, name, is_old & ~is_somebodys & ~is_over, rest=rest),
        _PruneRule(orders, name, is_old & is_somebodys, emptied=FORGOTTEN, rest=rest),
    )


def _claims_that_go(now: datetime) -> ColumnElement[bool]:
    key, at = claims.c.key, claims.c.at
    kinds = or_(*(key.startswith(kind, autoescape=True) for kind in CLAIMS_GO))
    phones = key.startswith(TOLD_PHONE, autoescape=True)
    return ((at < now - CLAIMS_KEPT) & kinds) | ((at < now - JOININGS_KEPT) & phones)


def _finished(before: datetime) -> ColumnElement[bool]:
    """Events put aside that can still be read wait for somebody to try them again."""
    return (
        (webhook_events.c.received_at < before)
        & (webhook_events.c.status != "new")
        & ((webhook_events.c.status == "done") | (webhook_events.c.body == "{}"))
    )


def prune(store: Store, *, now: datetime, wall: datetime, most: int) -> dict[str, int]:
    """Removes up to `most` rows of each table; gives how many of which, without those of none.

    `wall`: the time by which sessions and invitations end, however far the club has travelled.
    """
    gone = {each.name: _remove(store, each, most) for each in old(now, wall)}
    return {name: count for name, count in gone.items() if count}


def _remove(store: Store, each: _PruneRule, most: int) -> int:
    count = 0
    for keys in _found(store, each, most):
        with store.begin() as uow:
            # Asked again: what was found may have come to be needed since.
            count += uow.run(_end(each).where(_are(each, keys), each.goes)).rowcount
    return count


def _are(each: _PruneRule, keys: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    if each.rest is None:
        return each.key.in_([key[0] for key in keys])
    return tuple_(*each.keys).in_([tuple(key) for key in keys])


def _end(each: _PruneRule) -> Delete | Update:
    if each.emptied is None:
        return delete(each.table)
    return update(each.table).values(**each.emptied)


def _found(store: Store, each: _PruneRule, most: int) -> Iterator[Sequence[Sequence[Any]]]:
    """The keys of up to `most` such rows, in pages by key: the table is walked through once."""
    last: Sequence[Any] | None = None
    while most > 0:
        query = select(*each.keys).where(each.goes).order_by(*each.keys)
        if last is not None and each.rest is None:
            query = query.where(each.key > last[0])
        elif last is not None:
            query = query.where(tuple_(*each.keys) > tuple(last))
        with store.read() as uow:
            page = uow.run(query.limit(min(CHUNK, most))).all()
        if page:
            yield page
        if len(page) < min(CHUNK, most):
            return
        last, most = page[-1], most - len(page)
