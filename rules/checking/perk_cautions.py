"""What ranks promise that nobody could have within three months, or doesn't know how to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..events.event import ShopEvent
from ..events.perk_ways import LEADING, keeps_by_campaign, keeps_by_event, keeps_by_reward
from ..first import FirstFor
from ..programme.badges import FanStepsDone
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth, Ladder, Perk, Rank
from ..programme.rewards import ByRank, Reward
from .caution import Caution
from .openings import open_days
from .schema_errors import part_path

#: What nobody could have had by then is no promise that anybody remembers.
SOON_DAYS = 90
_SOON = timedelta(days=SOON_DAYS)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies before a club: without `today` no dates are looked at."""

    today: date | None = None
    #: The events within `SOON_DAYS` that members may sign up for; None while no club was asked.
    events: Sequence[ShopEvent] | None = None


def perk_cautions(programme: Programme, ahead: Ahead) -> Iterator[Caution]:
    """Every perk that can't be had within `SOON_DAYS`, once each, and by why."""
    ladder = programme.ranks
    for place, rank in enumerate(ladder.steps if ladder else ()):
        is_reached = ladder is not None and _is_reached(programme, ladder, rank)
        for n, perk in enumerate(rank.perks):
            code = _why_not(programme, rank, perk, ahead) if is_reached else "perk_rank_far"
            if code:
                path = part_path("ranks.steps", place, rank.id, f"perks[{n}]")
                yield Caution(path, code, {"perk": perk.name, "rank": rank.name, "days": SOON_DAYS})


def fan_cautions(programme: Programme, ahead: Ahead) -> Iterator[Caution]:
    """Fan steps that end with nothing, or ask for an event where none comes."""
    if programme.fan_steps is None:
        return
    if not any(isinstance(badge.needs, FanStepsDone) for badge in programme.badges):
        yield Caution("fan_steps", "fan_no_badge")
    if "event" in programme.fan_steps.steps and ahead.events is not None and not ahead.events:
        yield Caution("fan_steps.steps", "fan_no_event", {"days": SOON_DAYS})


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
            in_time = reward is not None and _is_in_time(reward.starts, reward.ends, today)
            return None if is_for_all and in_time else "perk_gift_never"
        case _:
            return None


def _is_reached(programme: Programme, ladder: Ladder, rank: Rank) -> bool:
    """Whether somebody who joins and comes on every open day gets that far in time."""
    window = 31 if isinstance(ladder.window, CalendarMonth) else ladder.window.days
    visits = open_days(programme.shop, min(window, SOON_DAYS)) * programme.visits.per_day_max
    return ladder.measure != "visits" or rank.at <= visits


def _why_not(programme: Programme, rank: Rank, perk: Perk, ahead: Ahead) -> str | None:
    match perk.kind:
        case "staff" if perk.how is None:
            return "perk_without_way"
        case "circle" if programme.circle is None:
            return "perk_no_circle"
        case "gift":
            reward = programme.reward(perk.reward or "")
            had = reward is not None and _is_had(reward, rank, ahead.today)
            return None if had else "perk_gift_never"
        case "event" if ahead.events is None:
            return None
        case kind if kind in LEADING and not _comes(programme, rank, perk, ahead):
            return "perk_no_event" if kind == "event" else "perk_not_early"
        case _:
            return None


def _is_had(reward: Reward, rank: Rank, today: date | None) -> bool:
    """Whether whoever holds `rank` gets it for that, or may take it."""
    if not _is_in_time(reward.starts, reward.ends, today):
        return False
    if isinstance(reward.given, ByRank):
        return rank.id in reward.given.ranks
    return not reward.ranks or rank.id in reward.ranks


def _comes(programme: Programme, rank: Rank, perk: Perk, ahead: Ahead) -> bool:
    """Whether something comes that is what the perk promises."""
    today, shop = ahead.today, programme.shop
    by_event = (
        event.first is None or today is None or shop.business_date(event.first.until) >= today
        for event in ahead.events or ()
        if keeps_by_event(perk, rank.id, event)
    )
    by_reward = (
        _is_early(reward.first, reward.starts, reward.ends, today)
        for reward in programme.rewards
        if keeps_by_reward(perk, rank.id, reward)
    )
    by_campaign = (
        _is_early(campaign.first, campaign.starts, campaign.ends, today)
        for campaign in programme.campaigns
        if keeps_by_campaign(perk, rank.id, campaign)
    )
    return any((*by_event, *by_reward, *by_campaign))


def _is_early(
    first: FirstFor | None, starts: date | None, ends: date | None, today: date | None
) -> bool:
    """Whether it is some ranks' alone for a while yet, and soon."""
    still = first is not None and (today is None or first.is_early(today))
    return still and _is_in_time(starts, ends, today)


def _is_in_time(starts: date | None, ends: date | None, today: date | None) -> bool:
    if today is None:
        return True
    return (starts is None or starts <= today + _SOON) and (ends is None or ends >= today)
