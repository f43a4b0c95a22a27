"""Unusual patterns at the counter, for the owner to look at. Nobody is stopped by them: what may
not happen is refused by the programme's limits, inside the transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ..base import Hours, Id, LocalText, Strict, Yen
from ..shop import Shop

#: How a member was identified at the counter: the card's code, which says who and not when; a live
#: code, which says both; the number alone, typed or found by a search.
Identification = Literal["card", "live", "number"]
FlagKind = Literal[
    "burst", "odd_hours", "two_stores", "clock", "old_codes", "closed_card",
    # By the programme's `[limits]`: a large figure that somebody meant, small ones that come to as
    # much, a day's fill of something.
    "amount", "amount_day", "entered_day", "by_hand", "by_hand_day", "slips", "codes",
    "card_moves", "dear_move", "card_back",
    # Not of the counter but of the whole club: the month's messages, books that don't add up, a
    # clock that has jumped, points that went although nobody could be warned, and a journey's
    # version that has won.
    "quota_short", "quota_used_up", "ledger", "jump", "unwarned", "rolled_out",
    # A reward of which few codes are left.
    "codes_low",
]  # fmt: skip

_MINUTE = timedelta(minutes=1)
#: A pattern that goes on is flagged again after so long.
_BURST_AGAIN = timedelta(minutes=10)


class EcoAction(Strict):
    """What staff read on the button for one of the eco actions that earning rules name."""

    id: Id
    name: LocalText


class CounterPolicy(Strict):
    """What staff may do at the counter, and from when on the owner is told of something unusual."""

    #: So long a device may keep scans that it could not send.
    offline_hours_max: Annotated[int, Field(ge=1, le=336)] = 72
    #: The owner is told of more.
    scans_per_minute_max: Annotated[int, Field(ge=2, le=120)] = 12
    #: The owner is told of one card at two stores within so long; 0 looks at no stores.
    two_stores_minutes: Annotated[int, Field(ge=0, le=240)] = 15
    #: The owner is told of a device's clock that is further off.
    clock_minutes_max: Annotated[int, Field(ge=1, le=120)] = 5
    #: The owner is told when one card's lasting code was shown more often in a day.
    old_codes_per_day_max: Annotated[int, Field(ge=1, le=100)] = 4
    eco: tuple[EcoAction, ...] = ()
    #: The owner is told of somebody who moves more cards in a day.
    moves_per_day_max: Annotated[int, Field(ge=1, le=100)] = 5
    #: The owner is told of a card moved whose points are worth more than so much.
    moved_worth_yen_max: Yen = 5_000


@dataclass(frozen=True, slots=True)
class CounterScan:
    """One scan at a counter, taken or not."""

    #: When it was made, not when it arrived.
    at: datetime
    store: str
    staff_id: int | None
    device_id: int | None
    #: None where the code led to nobody.
    member_id: int | None
    identified_by: Identification
    counted: bool = True
    #: How far ahead the device's clock was, where it told the time.
    clock_off_s: int | None = None
    #: The card was one that a newer issue has replaced.
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class CardMove:
    """A card put together with another or onto another LINE account, or a code for that."""

    at: datetime
    store: str
    staff_id: int
    member_id: int
    #: What its points are worth.
    worth_yen: int
    #: How many the same person has made today, with this one.
    of_the_day: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something unusual."""

    kind: FlagKind
    #: Keeps one pattern one flag.
    key: str
    #: Whose card it is about; None where it is about none.
    member_id: int | None = None
    details: dict[str, int | str] = field(default_factory=dict)


def flags(
    policy: CounterPolicy,
    shop: Shop,
    hours: Hours | None,
    recent: Sequence[CounterScan],
    scan: CounterScan,
) -> tuple[Flag, ...]:
    """What is unusual about `scan`. `recent` are earlier scans of its device, its member of staff
    and its member, in any order; `hours` when its store is open, None for not said."""
    return (
        *_burst(policy, recent, scan),
        *_odd_hours(shop, hours, scan),
        *_two_stores(policy, shop, recent, scan),
        *_clock(policy, shop, scan),
        *_old_codes(policy, shop, recent, scan),
        *_closed_card(shop, scan),
    )


def move_flags(
    policy: CounterPolicy, shop: Shop, hours: Hours | None, move: CardMove
) -> Iterator[Flag]:
    """What is unusual about a move: how many somebody makes, how much is on the card, the hour."""
    day = shop.business_date(move.at)
    if move.of_the_day > policy.moves_per_day_max:
        key = f"card_moves:{move.staff_id}:{day}"
        yield Flag("card_moves", key, move.member_id, {"count": move.of_the_day})
    if move.worth_yen > policy.moved_worth_yen_max:
        key = f"dear_move:{move.member_id}:{day}"
        yield Flag("dear_move", key, move.member_id, {"yen": move.worth_yen})
    yield from _closed_now(shop, hours, move.at, store=move.store, staff_id=move.staff_id)


def _burst(
    policy: CounterPolicy, recent: Sequence[CounterScan], scan: CounterScan
) -> Iterator[Flag]:
    """More scans within a minute than a queue of people brings, by one person or device."""
    near = [seen for seen in recent if scan.at - _MINUTE < seen.at <= scan.at]
    slot = int(scan.at.timestamp() // _BURST_AGAIN.total_seconds())
    for who in ("device_id", "staff_id"):
        mine = getattr(scan, who)
        count = 1 + sum(getattr(seen, who) == mine for seen in near)
        if mine is not None and count > policy.scans_per_minute_max:
            yield Flag("burst", f"burst:{who}:{mine}:{slot}", details={"count": count})
            return


def _odd_hours(shop: Shop, hours: Hours | None, scan: CounterScan) -> Iterator[Flag]:
    if scan.counted:
        yield from _closed_now(shop, hours, scan.at, store=scan.store, staff_id=scan.staff_id)


def _closed_now(
    shop: Shop, hours: Hours | None, at: datetime, *, store: str, staff_id: int | None
) -> Iterator[Flag]:
    """Something that somebody recorded while the store is closed."""
    here = shop.local(at)
    if hours is not None and not hours.cover(here.time()):
        key = f"odd_hours:{store}:{staff_id}:{shop.business_date(at)}"
        yield Flag("odd_hours", key, details={"time": f"{here:%H:%M}"})


def _two_stores(
    policy: CounterPolicy, shop: Shop, recent: Sequence[CounterScan], scan: CounterScan
) -> Iterator[Flag]:
    """One card at two stores within a time in which nobody gets from one to the other."""
    near = timedelta(minutes=policy.two_stores_minutes)
    for seen in recent:
        same_card = scan.member_id is not None and seen.member_id == scan.member_id
        if same_card and seen.store != scan.store and abs(scan.at - seen.at) < near:
            minutes = int(abs(scan.at - seen.at) / _MINUTE)
            key = f"two_stores:{scan.member_id}:{shop.business_date(scan.at)}"
            details: dict[str, int | str] = {"other": seen.store, "minutes": minutes}
            yield Flag("two_stores", key, scan.member_id, details)
            return


def _clock(policy: CounterPolicy, shop: Shop, scan: CounterScan) -> Iterator[Flag]:
    off = scan.clock_off_s
    if is_clock_off(policy, off) and off is not None and scan.device_id is not None:
        key = f"clock:{scan.device_id}:{shop.business_date(scan.at)}"
        yield Flag("clock", key, details={"minutes": round(off / 60)})


def is_clock_off(policy: CounterPolicy, clock_off_s: int | None) -> bool:
    """Whether a device's clock is so far off that staff and owner are told."""
    return clock_off_s is not None and abs(clock_off_s) > policy.clock_minutes_max * 60


def _old_codes(
    policy: CounterPolicy, shop: Shop, recent: Sequence[CounterScan], scan: CounterScan
) -> Iterator[Flag]:
    """One card's long-lived code shown again and again in a day: a picture that goes round."""
    if scan.identified_by != "card" or scan.member_id is None:
        return
    day = shop.business_date(scan.at)
    count = 1 + sum(
        seen.identified_by == "card"
        and seen.member_id == scan.member_id
        and shop.business_date(seen.at) == day
        for seen in recent
    )
    if count > policy.old_codes_per_day_max:
        key = f"old_codes:{scan.member_id}:{day}"
        yield Flag("old_codes", key, scan.member_id, {"count": count})


def _closed_card(shop: Shop, scan: CounterScan) -> Iterator[Flag]:
    """A card that was replaced (lost, most of the time) is shown by somebody."""
    if scan.is_closed:
        key = f"closed_card:{scan.member_id}:{shop.business_date(scan.at)}"
        yield Flag("closed_card", key, scan.member_id)
