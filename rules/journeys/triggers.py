"""The triggers: for each kind of journey, whether a member on a day is one it is for, and since
when. One function per kind; a string is the reason why not (`journey.not_due.<reason>`)."""

from collections.abc import Callable
from datetime import date
from math import ceil
from typing import Any

from ..facts import Birthday as Born
from ..facts import Offer as Promise
from ..facts import Voucher
from ..judging.one_visit_short import Close, close_to
from ..outlook.next_step import visits_possible
from ..programme import journeys, ranks
from ..programme.badges import Season, full_years, progress
from ..programme.points import expiry_of, warning_due
from ..programme.ranks import Ladder
from ..programme.rewards import Reward, in_hand, on_offer, standing
from ..shop import day_in_year, month_start, next_month
from .case import DAY, Case, Found

#: A wish for a birthday is no more one when it comes later than the third day.
BIRTHDAY_DAYS = 3

Answer = Found | str


def birthday(journey: journeys.Birthday, case: Case) -> Answer:
    """In the month or on the day, or so many days before; 28 February stands in for the 29th."""
    born = case.facts.birthday
    if born is None:
        return "no_birthday"
    when = journey.when or case.programme.profile.birthday_is
    for year in (case.day.year, case.day.year + 1):
        starts, ends = _celebrated(born, year, monthly=when == "month")
        since = starts - DAY * journey.days_before
        if since <= case.day < ends:
            month = date(year, born.month, 1)
            return Found(str(year), since, ends, values={"month": month, "starts": starts})
    return "another_time"


def _celebrated(born: Born, year: int, *, monthly: bool) -> tuple[date, date]:
    day = day_in_year(year, born.month, born.day)
    if monthly:
        return month_start(day), next_month(day)
    return day, day + DAY * BIRTHDAY_DAYS


def lapsed(journey: journeys.Lapsed, case: Case) -> Answer:
    """The last step that they have been away for; each is over when the next begins."""
    ends = None
    for place in reversed(range(len(journey.steps))):
        days = journey.steps[place].days
        since = case.away_until(days)
        if since <= case.day:
            return Found(_absence(case, days), since, ends, place, values=_away(case))
        ends = since
    return "came_lately"


def _absence(case: Case, days: int) -> str:
    return f"{case.facts.away_since.isoformat()}:{days}"


def _away(case: Case) -> dict[str, Any]:
    return {"days": (case.day - case.facts.away_since).days}


def rhythm(journey: journeys.Rhythm, case: Case) -> Answer:
    """Away for longer than their own gaps, and not so long that other words are needed."""
    gap = case.facts.usual_gap
    if gap is None:
        return "no_rhythm"
    since = case.away_until(max(journey.days_min, ceil(journey.times * gap)))
    ends = case.away_until(journey.days_max + 1)
    if since >= ends:
        return "rhythm_too_slow"
    if case.day < since:
        return "came_lately"
    return Found(case.facts.away_since.isoformat(), since, ends, values=_away(case))


def one_short(journey: journeys.OneShort, case: Case) -> Answer:
    """The nearest of what one visit brings, once the last visit is `wait_days` ago."""
    last = case.facts.last_visit_on
    if last is None:
        return "never_came"
    for close in close_to(case.programme, case.facts, case.day):
        since = last + DAY * journey.wait_days
        if close.to not in journey.to or not _can_come(case, close.until):
            continue
        if close.to == "rank":
            since = max(since, close.until + DAY - DAY * journey.days_left_max)
        if since <= case.day:
            return _short_of(close, since)
    return "not_one_short"


def _short_of(close: Close, since: date) -> Found:
    until = close.until if close.to == "rank" else None
    period = f"rank:{close.target}:{until}" if until else f"badge:{close.target}"
    values = {"until": until, "to": close.to}
    return Found(period, since, close.until + DAY, target=close.target, values=values)


def _can_come(case: Case, until: date) -> bool:
    return visits_possible(case.programme, case.facts, case.day, until + DAY) > 0


def rank_at_risk(case: Case) -> Answer:
    """The month that is ending would cost the rank."""
    ladder = case.programme.ranks
    missing = ranks.at_risk(ladder, case.shop, case.facts, case.day) if ladder else None
    if ladder is None or missing is None:
        return "rank_is_safe"
    ends = next_month(case.day)
    possible = visits_possible(case.programme, case.facts, case.day, ends)
    return Found(
        month_start(case.day).isoformat(),
        ends - DAY * ladder.warn_days,
        ends,
        target=case.facts.rank.id,
        values={
            "count": missing,
            "until": ends - DAY,
            "too_many": ladder.measure == "visits" and missing > possible,
        },
    )


def rank_lost(journey: journeys.RankLost, case: Case) -> Answer:
    """A rank went, and so many visits bring it back: while they can still be made."""
    ladder, lost = case.programme.ranks, case.facts.rank
    if ladder is None or lost.lost is None or lost.lost_on is None:
        return "no_rank_lost"
    count = ranks.visits_to_revive(ladder, case.shop, case.facts, case.day)
    ends = ranks.revival_ends(ladder, case.shop, lost.lost_on)
    if not count or not _revivable(case, ladder, count, ends):
        return "no_revival"
    since = lost.lost_on + DAY * journey.after_days
    if case.day < since:
        return "not_yet"
    return Found(
        f"{lost.lost}:{lost.lost_on.isoformat()}",
        since,
        ends,
        target=lost.lost,
        values={"count": count, "until": ends - DAY},
    )


def _revivable(case: Case, ladder: Ladder, count: int, ends: date) -> bool:
    above = ladder.index(case.facts.rank.lost) > ladder.index(case.facts.rank.id)
    return above and count <= visits_possible(case.programme, case.facts, case.day, ends)


def badge_missed(case: Case) -> Answer:
    """A season is over in which they came, and one visit more would have brought its badge."""
    for badge in case.programme.badges:
        if not isinstance(badge.needs, Season) or badge.hidden or badge.id in case.facts.badges:
            continue
        starts, ends = last_season(badge.needs, case.day)
        had, needed = progress(badge, case.facts, case.day)
        if had == needed - 1 and case.facts.totals(starts, ends).visits:
            values = {"had": had, "needed": needed}
            return Found(f"{badge.id}:{ends.year}", ends, None, target=badge.id, values=values)
    return "no_badge_missed"


def last_season(season: Season, day: date) -> tuple[date, date]:
    """The newest season that was over by `day`, as a half-open range."""
    for year in (day.year, day.year - 1):
        ends = _day_of(season.ends, year) + DAY
        if ends <= day:
            wraps = season.starts > season.ends
            return _day_of(season.starts, year - wraps), ends
    raise AssertionError("a season ends every year")


def _day_of(month_day: str, year: int) -> date:
    return day_in_year(year, int(month_day[:2]), int(month_day[3:]))


def points_expiring(case: Case) -> Answer:
    """A warning is owed about the points that go soonest."""
    policy, day = case.programme.points, case.day
    known = [(lot, expiry_of(policy, lot, case.facts)) for lot in case.known.lots]
    owed = [on for lot, on in known if on and warning_due(policy, lot, on, day)]
    if not owed:
        return "no_points_expiring"
    return Found(f"{min(owed).isoformat()}:{day.isoformat()}", day)


def anniversary(case: Case) -> Answer:
    """Another full year of membership; who joined on 29 February has it on 1 March."""
    joined = case.facts.joined_on
    years = full_years(joined, case.day)
    if years < 1:
        return "first_year"
    since = day_in_year(joined.year + years, joined.month, joined.day)
    if full_years(joined, since) < years:
        since += DAY
    return Found(str(years), since, values={"years": years})


def spend(journey: journeys.Spend, case: Case) -> Answer:
    """All that was ever spent passed another full amount: told the day after."""
    reached = case.facts.spend // journey.every_yen
    if not reached:
        return "spend_below"
    left = case.facts.spend
    for day in reversed(case.facts.days):
        left -= day.yen
        if left // journey.every_yen < reached:
            amount = reached * journey.every_yen
            return Found(str(amount), day.on + DAY, values={"amount": amount})
    return "too_late"


def fan_steps(case: Case) -> Answer:
    """Invited to the fan steps by a visit that was not answered in the chat."""
    invited = case.facts.fan_invited_on
    if invited is None or case.programme.fan_steps is None:
        return "not_invited"
    if case.known.told_steps:
        return "told_in_chat"
    return Found("once", invited + DAY)


def first_visit(journey: journeys.FirstVisit, case: Case) -> Answer:
    first = case.facts.first_visit_on
    if first is None:
        return "never_came"
    if case.facts.visits > 1:
        return "came_again"
    return Found("once", first + DAY * journey.after_days)


def after_visit(journey: journeys.AfterVisit, case: Case) -> Answer:
    last = case.facts.last_visit_on
    if last is None:
        return "never_came"
    return Found(last.isoformat(), last + DAY * journey.after_days)


def reward_ready(journey: journeys.RewardReady, case: Case) -> Answer:
    """The dearest reward that can be had, if they neither came nor earned for a while."""
    ready = [reward for reward in case.programme.rewards if _is_ready(reward, case)]
    if not ready:
        return "no_reward_ready"
    joined, facts = case.facts.joined_on, case.facts
    quiet = max(joined, facts.last_visit_on or joined, facts.last_earned_on or joined)
    dearest = max(ready, key=lambda reward: (reward.cost or 0, reward.id))
    since = quiet + DAY * journey.after_days
    ends = dearest.ends + DAY if dearest.ends else None
    return Found(f"{dearest.id}:{quiet.isoformat()}", since, ends, target=dearest.id)


def _is_ready(reward: Reward, case: Case) -> bool:
    there = on_offer(reward, case.day) and reward.id not in case.known.gone
    return there and not reward.is_for_others and standing(reward, case.facts).ready


def reward_expiring(journey: journeys.RewardExpiring, case: Case) -> Answer:
    """The voucher or the promise that ends first, from the day after it was given at the
    earliest."""
    held = [_voucher_ends(voucher, journey) for voucher in in_hand(case.facts, case.day)]
    held += [_promise_ends(o, journey) for o in case.facts.offers if case.day <= o.until]
    ending = [found for found in held if found.since <= case.day]
    return min(ending, key=lambda found: found.values["until"]) if ending else "nothing_ends"


def _voucher_ends(voucher: Voucher, journey: journeys.RewardExpiring) -> Found:
    return Found(
        f"{voucher.reward}:{voucher.n}",
        max(voucher.until - DAY * (journey.days_before - 1), voucher.given_on + DAY),
        voucher.until + DAY,
        target=voucher.reward,
        values={"until": voucher.until},
    )


def _promise_ends(offer: Promise, journey: journeys.RewardExpiring) -> Found:
    return Found(
        f"promise:{offer.journey}:{offer.until.isoformat()}",
        max(offer.until - DAY * (journey.days_before - 1), offer.made_on + DAY),
        offer.until + DAY,
        target=offer.reward,
        values={"until": offer.until, "promised": offer.points},
    )


def ask_why(journey: journeys.AskWhy, case: Case) -> Answer:
    """Away for long, and staff had their days to telephone."""
    first, since = call_days(journey, case)
    if case.known.called_on and case.known.called_on >= case.facts.away_since:
        return "called"
    if case.day < since:
        return "call_first" if first <= case.day else "came_lately"
    return Found(_absence(case, journey.days), since, values=_away(case))


def call_days(journey: journeys.AskWhy, case: Case) -> tuple[date, date]:
    """The days in which staff telephone before anything is sent, as a half-open range."""
    first = case.away_until(journey.days)
    return first, first + DAY * journey.call_days


#: The trigger of each kind; it is given a journey of that very kind.
TRIGGERS: dict[str, Callable[[Any, Case], Answer]] = {
    "birthday": birthday,
    "lapsed": lapsed,
    "rhythm": rhythm,
    "one_short": one_short,
    "rank_at_risk": lambda _, case: rank_at_risk(case),
    "rank_lost": rank_lost,
    "badge_missed": lambda _, case: badge_missed(case),
    "points_expiring": lambda _, case: points_expiring(case),
    "anniversary": lambda _, case: anniversary(case),
    "spend": spend,
    "fan_steps": lambda _, case: fan_steps(case),
    "first_visit": first_visit,
    "after_visit": after_visit,
    "reward_ready": reward_ready,
    "reward_expiring": reward_expiring,
    "ask_why": ask_why,
}
