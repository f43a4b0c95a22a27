"""What one person may enter at the counter, on a receipt and in a day: what goes beyond is refused,
written into the log with its figure, and shown to the owner. So is what was cut into small ones."""

from datetime import date, datetime, timedelta

from bot.store.finding import scans
from bot.store.finding.scans import Desk, Lately
from bot.store.members import members
from bot.store.orders import reservations
from bot.store.staff import api_keys, audit, flags, staff
from bot.store.staff.flags import Sighting
from rules.base import Refusal
from rules.programme.counter import Flag, FlagKind
from rules.programme.rewards import Withheld

from .log import note
from .work import Work


def lately(work: Work, member_id: int | None) -> Lately:
    """What the actor, their device and that member did lately; read once in a work."""
    desk, programme = work.staff, work.programme
    return scans.lately(
        work.uow,
        Desk(desk.staff_id, desk.device_id, member_id),
        now=work.now,
        opens=programme.shop.opens(work.day),
        most=programme.counter.scans_per_minute_max + 1,
    )


def refuse_amount(
    work: Work, member_id: int | None, yen: int, at: datetime | None = None
) -> Refusal | None:
    """Why this amount is not theirs to enter: amount_managers at once, amounts_day with what was
    put onto the card on the business day of `at`, amounts_person with what they entered on this
    one. None where it is."""
    limits = work.programme.limits
    if work.staff.manages or yen <= 0:
        return None
    if yen > limits.amount_yen_max:
        return _no_amount(work, "amount_managers", member_id, yen, limits.amount_yen_max)
    most = limits.amounts_yen_per_day_max
    if member_id is not None:
        members.lock(work.uow, member_id)
        on_card = yen + _of_that_day(work, member_id, at or work.now)[1]
        if on_card > most:
            return _no_amount(work, "amounts_day", member_id, on_card, most)
    # Requests of one person at the same moment know nothing of each other: it is a limit for a day.
    entered = yen + lately(work, member_id).entered_yen
    if entered > limits.entered_yen_per_day_max:
        _flag_entered(work, entered)
        return _no_amount(
            work, "amounts_person", member_id, entered, limits.entered_yen_per_day_max
        )
    return None


def _no_amount(work: Work, code: str, member_id: int | None, figure: int, most: int) -> Refusal:
    note(work, "refused_amount", member_id=member_id, yen=figure, most=most)
    return Refusal(code)


def flag_amount(work: Work, member_id: int | None, yen: int) -> None:
    """Shows the owner an amount that was asked about, and meant; and somebody who has entered more
    on this day than staff may."""
    limits = work.programme.limits
    if limits.asks_amount(yen):
        _flag(work, "amount", f"amount:{work.key}", count=yen, member_id=member_id)
    entered = yen + lately(work, member_id).entered_yen if yen > 0 else 0
    if entered > limits.entered_yen_per_day_max:
        _flag_entered(work, entered)


def flag_told(work: Work, member_id: int, yen: int, *, store: str | None) -> None:
    """Shows the owner an amount that another system told, of which somebody at the counter would
    have been asked whether it is meant."""
    if work.programme.limits.asks_amount(yen):
        flag = Flag("amount", f"amount:{work.key}:{yen}", member_id, {"count": yen})
        flags.add(work.uow, [flag], Sighting(work.now, work.day, store, None, None))


def _flag_entered(work: Work, yen: int) -> None:
    _flag(work, "entered_day", f"entered_day:{work.staff.staff_id}:{work.day}", count=yen)


def flag_amounts(work: Work, member_id: int, yen: int, at: datetime) -> None:
    """Shows the owner a card onto which so much was put in one business day, that of `at`, by
    amounts that nobody was asked about, `yen` the last of them."""
    limits = work.timeline.at(min(at, work.now)).programme.limits
    day, total = _of_that_day(work, member_id, at)
    if limits.asks_amount(total) and not limits.asks_amount(yen):
        _flag(work, "amount_day", f"amount_day:{member_id}:{day}", count=total, member_id=member_id)


def refuse_points(work: Work, member_id: int, points: int) -> Refusal | None:
    """Why so many points by hand are not theirs to give or take: points_owner at once, points_day
    with what they did on this day. None where they are."""
    limits, much = work.programme.limits, abs(points)
    if work.client is None and work.staff.owns:
        return None
    code, most, figure = "points_owner", limits.points_max, much
    if much <= most:
        today = _by_hand_today(work)
        code, most, figure = "points_day", limits.points_per_day_max, today + much
    if figure <= most:
        return None
    note(work, "refused_points", member_id=member_id, points=points, most=most)
    return Refusal(code)


def flag_points(work: Work, member_id: int, points: int) -> None:
    """Shows the owner points by hand that were asked about, and meant; or that are as many in a
    day as nobody else may give at once. They stand in the log by now."""
    limits = work.programme.limits
    if limits.asks_points(points):
        _flag(work, "by_hand", f"by_hand:{work.key}", count=points, member_id=member_id)
        return
    today = _by_hand_today(work)
    if today > limits.points_max:
        _flag(work, "by_hand_day", f"by_hand_day:{_who(work)}:{work.day}", count=today)


def _by_hand_today(work: Work) -> int:
    """The points that they gave or took by hand on this business day, old cards of stamps too."""
    done = (*_of_today(work, "adjust"), *_of_today(work, "stamps"))
    return sum(abs(each["points"]) for each in done)


def refuse_slip(work: Work) -> Refusal | None:
    """Why they make no further slip on this day: slips_day. None where they may."""
    count, most = len(_of_today(work, "slip")) + 1, work.programme.limits.slips_per_day_max
    if not _is_one_too_many(work, "slips", count, most):
        return None
    note(work, "refused_slip", count=count, most=most)
    return Refusal("slips_day")


def refuse_code(work: Work) -> Refusal | None:
    """Why they make no further code on this day: codes_day. None where they may."""
    count, most = len(_of_today(work, "link_code")) + 1, work.programme.limits.codes_per_day_max
    if not _is_one_too_many(work, "codes", count, most):
        return None
    note(work, "refused_link_code", count=count, most=most)
    return Refusal("codes_day")


def _is_one_too_many(work: Work, kind: FlagKind, count: int, most: int) -> bool:
    """Whether they mayn't; more than `most` in a day are flagged whoever makes them."""
    if count > most:
        _flag(work, kind, f"{kind}:{work.staff.staff_id}:{work.day}", count=count)
    return count > most and not work.staff.manages


def _of_that_day(work: Work, member_id: int, at: datetime) -> tuple[date, int]:
    """The business day of a moment, and the yen that stand on the card for it."""
    at = min(at, work.now)
    day = work.timeline.at(at).programme.shop.business_date(at)
    member = members.get(work.uow, member_id)
    return day, member.facts.totals(day, day + timedelta(days=1)).yen if member else 0


def _of_today(work: Work, action: str) -> list[dict[str, int]]:
    """What they did of that on this business day. Nobody else acts for them meanwhile."""
    since = work.programme.shop.opens(work.day)
    if work.client is not None:
        api_keys.lock(work.uow, work.client.client)
        return audit.details_under(work.uow, action, work.client.key(""), since=since)
    staff.lock(work.uow, work.staff.staff_id)
    return audit.details_of(work.uow, action, staff_id=work.staff.staff_id, since=since)


def _who(work: Work) -> str:
    """By what somebody's day is told from another's."""
    return f"api{work.client.client}" if work.client else str(work.staff.staff_id)


def _flag(
    work: Work, kind: FlagKind, key: str, *, count: int, member_id: int | None = None
) -> None:
    desk = work.actor
    store, who, device = (desk.store, desk.staff_id, desk.device_id) if desk else (None,) * 3
    place = Sighting(work.now, work.day, store, who, device)
    flags.add(work.uow, [Flag(kind, key, member_id, {"count": count})], place)


def refuse_reserved(work: Work, member_id: int, points: int) -> Refusal | None:
    """Why so many points aren't taken (below zero): some of them are set aside for a sale."""
    if points > 0:
        return None
    member = members.lock(work.uow, member_id)
    aside = Withheld(reserved=reservations.reserved_for(work.uow, member, now=work.now))
    no = aside.points_refusal(member.facts.balance, -points)
    return Refusal("points_reserved", no.again_at) if no else None
