"""What of a transaction is told to other systems: thin, by ids, and nothing that says who somebody
is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..activity import Activity, Membership, Purchase, Redemption, Registration, TakenBack, Visit
from ..facts import Facts
from .kinds import HookType

_MEMBERSHIP: dict[Membership, HookType] = {
    "active": "member.resumed",
    "paused": "member.paused",
    "left": "member.left",
}


@dataclass(frozen=True, slots=True)
class HookEvent:
    """Something to tell of a member."""

    type: HookType
    #: When it happened.
    at: datetime
    #: Where; None where at no store.
    store: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PointEffect:
    """What an activity did to the points."""

    #: Of it alone.
    points: int
    #: Afterwards, with all else that was done at once.
    balance: int

    @property
    def said(self) -> dict[str, Any]:
        return {"points": self.points, "balance": self.balance}


def of_activity(seq: int, activity: Activity, effect: PointEffect) -> HookEvent | None:
    """An activity that was recorded; None where nobody hears of its kind."""
    told = _told(activity)
    if told is None:
        return None
    event_type, data = told
    if not isinstance(activity.what, Registration):
        data = {**data, **effect.said}
    return _event(event_type, seq, activity, data)


def _told(activity: Activity) -> tuple[HookType, dict[str, Any]] | None:
    match what := activity.what:
        case Visit():
            return "visit.recorded", {"via": what.via}
        case Purchase():
            return "purchase.recorded", _of_purchase(what)
        case TakenBack() if what.yen is not None:
            return "purchase.returned", {"of": what.of, "yen": what.yen}
        case Redemption():
            return "reward.used", {"reward": what.reward, "voucher": what.voucher}
        case Registration():
            return "member.joined", {"source": what.source}
        case _:
            return None


def _of_purchase(what: Purchase) -> dict[str, Any]:
    return {
        "yen": what.total_yen,
        "tax_yen": what.tax_yen,
        "excluded_yen": what.excluded_yen,
        "points_used_yen": what.points_used_yen,
        "receipt_on": _day(what.receipt_on),
    }


def of_undone(seq: int, activity: Activity, effect: PointEffect) -> HookEvent | None:
    """An activity that was undone; None where nobody hears of its kind."""
    match what := activity.what:
        case Visit():
            return _event("visit.undone", seq, activity, effect.said)
        case Purchase():
            data = {"yen": what.total_yen, **effect.said}
            return _event("purchase.undone", seq, activity, data)
        case TakenBack() if what.yen is not None:
            data = {"of": what.of, "yen": what.yen, **effect.said}
            return _event("purchase.return_undone", seq, activity, data)
        case Redemption():
            data = {"reward": what.reward, "voucher": what.voucher, **effect.said}
            return _event("reward.cancelled", seq, activity, data)
        case _:
            return None


def _event(event_type: HookType, seq: int, activity: Activity, data: dict[str, Any]) -> HookEvent:
    placed = {"activity": seq, "day": _day(activity.day), "store": activity.store}
    return HookEvent(event_type, activity.at, activity.store, {**placed, **data})


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What else is known of a change of somebody's facts."""

    now: datetime
    today: date
    #: Where something was recorded of them; None for nowhere.
    store: str | None
    #: The vouchers used, by reward and number.
    used: Collection[tuple[str, int | None]]


def of_change(before: Facts, after: Facts, of: Circumstance) -> Iterator[HookEvent]:
    """What somebody got, lost or became, whatever it was by."""

    def event(event_type: HookType, **data: Any) -> HookEvent:
        return HookEvent(event_type, of.now, of.store, data)

    if before.rank.id != after.rank.id:
        yield event("rank.changed", before=before.rank.id, after=after.rank.id)
    for badge in sorted(after.badges.keys() - before.badges.keys()):
        yield event("badge.earned", badge=badge)
    for badge in sorted(before.badges.keys() - after.badges.keys()):
        yield event("badge.lost", badge=badge)
    had = {(each.reward, each.n): each for each in before.vouchers}
    have = {(each.reward, each.n): each for each in after.vouchers}
    for key, voucher in have.items():
        if key not in had:
            said = {"reward": key[0], "voucher": key[1], "until": _day(voucher.until)}
            yield event("reward.received", reason=voucher.reason, **said)
    for key, voucher in had.items():
        if key not in have and key not in of.used and voucher.until >= of.today:
            yield event("reward.withdrawn", reward=key[0], voucher=key[1])
    if before.membership != after.membership:
        yield event(_MEMBERSHIP[after.membership])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
