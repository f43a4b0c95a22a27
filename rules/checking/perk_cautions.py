"""What ranks promise that nobody could have within three months, or doesn't know how to."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ..events.event import ShopEvent
from ..programme.badges import FanStepsDone
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth, Ladder, Perk, Rank
from ..programme.rewards import ByRank, Reward
from .caution import Caution
from .openings import open_days
from .schema_errors import part_path

#: What nobody could have had by then is no promise that anybody remembers.
SOON_DAYS = 90


def perk_cautions(programme: Programme, today: date | None) -> Iterator[Caution]:
    """Every perk that can't be had within `SOON_DAYS`, and by why; without `today` no dates are
    looked at."""
    ladder = programme.ranks
    for place, rank in enumerate(ladder.steps if ladder else ()):
        is_reached = ladder is not None and _is_reached(programme, ladder, rank)
        for n, perk in enumerate(rank.perks):
            code = _why_not(programme, rank, perk, today) if is_reached else "perk_rank_far"
            if code:
                path = part_path("ranks.steps", place, rank.id, f"perks[{n}]")
                yield Caution(path, code, {"perk": perk.name, "rank": rank.name, "days": SOON_DAYS})


def fan_cautions(programme: Programme) -> Iterator[Caution]:
    """Fan steps that end with nothing."""
    has_badge = any(isinstance(badge.needs, FanStepsDone) for badge in programme.badges)
    if programme.fan_steps is not None and not has_badge:
        yield Caution("fan_steps", "fan_no_badge")


def event_cautions(programme: Programme, coming: Iterable[ShopEvent]) -> Iterator[Caution]:
    """Every perk that is an invitation to events, where none of those `coming` is for its rank; and
    the fan step that asks for one, where there is none."""
    held = tuple(coming)
    if programme.fan_steps is not None and "event" in programme.fan_steps.steps and not held:
        yield Caution("fan_steps.steps", "fan_no_event", {"days": SOON_DAYS})
    for place, rank in enumerate(programme.ranks.steps if programme.ranks else ()):
        if any(each.guests == "all" or rank.id in each.ranks for each in held):
            continue
        for n, perk in enumerate(rank.perks):
            if perk.kind == "event":
                path = part_path("ranks.steps", place, rank.id, f"perks[{n}]")
                values = {"perk": perk.name, "rank": rank.name, "days": SOON_DAYS}
                yield Caution(path, "perk_no_event", values)


def subscription_cautions(programme: Programme, today: date | None) -> Iterator[Caution]:
    """The same of what subscriptions bring."""
    for place, each in enumerate(programme.subscriptions):
        for n, perk in enumerate(each.perks):
            if code := _why_not_subscribed(programme, perk, today):
                path = part_path("subscriptions", place, each.id, f"perks[{n}]")
                yield Caution(path, code, {"perk": perk.name, "rank": each.name, "days": SOON_DAYS})


def _why_not_subscribed(programme: Programme, perk: Perk, today: date | None) -> str | None:
    reward = programme.reward(perk.reward or "")
    match perk.kind:
        case "staff" if perk.how is None:
            return "perk_without_way"
        case "gift":
            # What goes by rank, not every subscriber has.
            is_for_all = reward and not reward.ranks and not isinstance(reward.given, ByRank)
            return (
                None if reward and is_for_all and _is_in_time(reward, today) else "perk_gift_never"
            )
        case _:
            return None


def _is_reached(programme: Programme, ladder: Ladder, rank: Rank) -> bool:
    """Whether somebody who joins and comes on every open day gets that far in time."""
    window = 31 if isinstance(ladder.window, CalendarMonth) else ladder.window.days
    visits = open_days(programme.shop, min(window, SOON_DAYS)) * programme.visits.per_day_max
    return ladder.measure != "visits" or rank.at <= visits


def _why_not(programme: Programme, rank: Rank, perk: Perk, today: date | None) -> str | None:
    reward = programme.reward(perk.reward or "")
    match perk.kind:
        case "staff" if perk.how is None:
            return "perk_without_way"
        case "circle" if programme.circle is None:
            return "perk_no_circle"
        case "gift":
            return None if reward and _is_had(reward, rank, today) else "perk_gift_never"
        case "presale" | "early_access":
            wanted = (reward,) if reward else programme.rewards
            early = any(_opens_early(each, rank, today) for each in wanted)
            return None if early else "perk_not_early"
        case _:
            return None


def _is_had(reward: Reward, rank: Rank, today: date | None) -> bool:
    """Whether whoever holds `rank` gets it for that, or may take it."""
    if not _is_in_time(reward, today):
        return False
    if isinstance(reward.given, ByRank):
        return rank.id in reward.given.ranks
    return not reward.ranks or rank.id in reward.ranks


def _opens_early(reward: Reward, rank: Rank, today: date | None) -> bool:
    first = reward.first
    if first is None or rank.id not in first.ranks or not _is_in_time(reward, today):
        return False
    return today is None or first.until >= today


def _is_in_time(reward: Reward, today: date | None) -> bool:
    if today is None:
        return True
    begins = reward.starts is None or reward.starts <= today + timedelta(days=SOON_DAYS)
    return begins and (reward.ends is None or reward.ends >= today)
