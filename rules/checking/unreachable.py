"""What nothing can bring about: a rule, campaign, badge, reward or journey that no door of members
or staff leads to. What is let pass here can happen.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..activity import Trigger
from ..journeys.journey import Journey
from ..journeys.parts import Arm
from ..journeys.programme import DEFAULTS, WholeProgramme, journeys_of
from ..programme.badges import (
    ActivityCount,
    Badge,
    FanStepsDone,
    StoresVisited,
    StreakWeeks,
    TimeOfDay,
)
from ..programme.campaigns import Campaign
from ..programme.earning import EarningRule, NthTime
from ..programme.programme import Programme
from ..programme.streaks import Streak
from ..shop import Shop
from .caution import Problem
from .journey_problems import offers_in
from .openings import open_within, visits_a_week
from .schema_errors import part_path

#: What staff can see happen, and so vouch for.
SEEN: frozenset[Trigger] = frozenset(
    ("registration", "visit", "purchase", "eco", "review", "share", "feedback", "adopted",
     "newsletter", "deed", "event", "delivery")
)  # fmt: skip
#: What only a tap of staff records, and that tap is there where a rule waits for it.
BY_TAP: frozenset[Trigger] = frozenset(("newsletter", "deed"))
#: What members do elsewhere than at a branch, where no rule waits for staff.
_ELSEWHERE: frozenset[Trigger] = frozenset(("feedback", "review", "share"))
#: What happens at a branch, and so knows which.
PLACED: frozenset[Trigger] = frozenset(
    ("visit", "purchase", "spend", "streak", "eco", "review", "share", "feedback", "adopted",
     "newsletter", "deed", "event")
)  # fmt: skip
#: What happens to a member once.
_ONCE: frozenset[Trigger] = frozenset(("registration", "profile", "referred"))
#: Every combination of weekday and day of the month comes round within as many days.
_FOUR_YEARS = timedelta(days=1_461)


def unreachable(programme: WholeProgramme) -> tuple[Problem, ...]:
    """Everything in `programme` that can never come about, in the order of the file."""
    return (
        *_streaks(programme),
        *_earning(programme),
        *_campaigns(programme),
        *_badges(programme),
        *_fan_steps(programme),
        *_rewards(programme),
        *_journeys(programme),
    )


def _streaks(programme: Programme) -> Iterator[Problem]:
    for place, streak in enumerate(programme.streaks):
        if not _possible(programme, streak):
            values = {"count": visits_a_week(programme), "goal": streak.goal}
            yield Problem(part_path("streaks", place, streak.id, "goal"), "streak_never", values)


def _possible(programme: Programme, streak: Streak) -> bool:
    return streak.goal <= visits_a_week(programme)


def _earning(programme: Programme) -> Iterator[Problem]:
    for place, rule in enumerate(programme.earning):
        for key, code, never in _WHY_NOT:
            if never(programme, rule):
                yield Problem(part_path("earning", place, rule.id, key), code, {"on": rule.on})
                break


def _is_placed(programme: Programme, on: Trigger) -> bool:
    """Whether it may happen at a branch that is known."""
    return on in PLACED or (on == "referred" and programme.referral.counts_at != "registration")


def _waits_for_purchases(programme: Programme, rule: EarningRule) -> bool:
    """Whether it waits for a first purchase in a club that records none."""
    counts_at = programme.referral.counts_at
    is_of_both = rule.on in ("referral", "referred")
    return is_of_both and counts_at == "first_purchase" and programme.purchase is None


def _is_by_tap(programme: Programme, on: Trigger) -> bool:
    """Whether only a tap of staff brings it about: a newsletter of our own is asked for in the
    chat."""
    return on in BY_TAP and not (on == "newsletter" and programme.newsletter is not None)


def _multiplies_nothing(programme: Programme, rule: EarningRule) -> bool:
    others = [each for each in programme.earning_on(rule.on) if each.award.kind != "multiplier"]
    return rule.award.kind == "multiplier" and not others


#: What makes a rule idle: the key to be changed, the code of its text, and when it is so. Of what
#: happens nowhere that is known, only staff's taps on what is told elsewhere know their branch.
_WHY_NOT: tuple[tuple[str, str, Callable[[Programme, EarningRule], bool]], ...] = (
    ("needs_staff", "never_seen", lambda _, rule: rule.needs_staff and rule.on not in SEEN),
    ("needs_staff", "only_by_tap", lambda p, rule: _is_by_tap(p, rule.on) and not rule.needs_staff),
    ("actions", "eco_unnamed", lambda p, rule: rule.on == "eco" and not p.eco_actions),
    ("ranks", "rank_at_joining", lambda _, rule: bool(rule.ranks) and rule.on == "registration"),
    ("stores", "no_place", lambda p, rule: bool(rule.stores) and not _is_placed(p, rule.on)),
    ("stores", "chat_no_place", lambda _, rule: bool(rule.stores) and rule.on in _ELSEWHERE
     and not rule.needs_staff),
    ("award", "nth_never", lambda _, rule: rule.on in _ONCE and isinstance(rule.award, NthTime)
     and not rule.award.hits(1)),
    ("on", "referral_never", _waits_for_purchases),
    ("award", "multiplies_nothing", _multiplies_nothing),
)  # fmt: skip


def _happens(programme: Programme, on: Trigger) -> bool:
    """Whether anybody can bring it about."""
    if _is_by_tap(programme, on):
        return any(rule.needs_staff for rule in programme.earning_on(on))
    match on:
        case "eco":
            return bool(programme.eco_actions)
        case "purchase" | "spend":
            return programme.purchase is not None
        case "delivery":
            return bool(programme.subscriptions)
        case "streak":
            return any(_possible(programme, streak) for streak in programme.streaks)
        case _:
            return True


def _campaigns(programme: Programme) -> Iterator[Problem]:
    for place, campaign in enumerate(programme.campaigns):
        path = part_path("campaigns", place, campaign.id)
        if not _ever_runs(campaign, programme.shop):
            yield Problem(path, "campaign_never")
        elif campaign.hours and not open_within(programme, campaign.hours, campaign.stores):
            yield Problem(path, "campaign_hours")
        elif not any(_can_add(programme, campaign, on) for on in campaign.on):
            values = {"on": ", ".join(campaign.on)}
            yield Problem(f"{path} .on", "campaign_nothing_happens", values)
        elif not _adds_to_something(campaign, programme):
            yield Problem(path, "campaign_multiplies_nothing")


def _can_add(programme: Programme, campaign: Campaign, on: Trigger) -> bool:
    wants_place = bool(campaign.stores) or campaign.staff_switch
    return (
        _happens(programme, on)
        and (not campaign.needs_staff or on in SEEN)
        and (not wants_place or _is_placed(programme, on))
    )


def _ever_runs(campaign: Campaign, shop: Shop) -> bool:
    """Whether there is a day on which the shop is open and the campaign runs."""
    first = campaign.starts or date(2024, 1, 1)
    if campaign.starts is None and campaign.ends:
        first = max(date.min + _FOUR_YEARS, campaign.ends) - _FOUR_YEARS
    ahead = min(_FOUR_YEARS, (campaign.ends or date.max) - first)
    run = (first + timedelta(days=offset) for offset in range(ahead.days + 1))
    return any(campaign.runs_on(day) and shop.is_open(day) for day in run)


def _adds_to_something(campaign: Campaign, programme: Programme) -> bool:
    triggers = {rule.on for rule in programme.earning}
    return campaign.effect.kind == "bonus" or bool(triggers & set(campaign.on))


def _badges(programme: Programme) -> Iterator[Problem]:
    for place, badge in enumerate(programme.badges):
        if code := _never_earned(programme, badge):
            yield Problem(part_path("badges", place, badge.id, "needs"), code)


def _never_earned(programme: Programme, badge: Badge) -> str | None:
    """Why nobody can earn `badge`, as a text's name; None when somebody can."""
    match badge.needs:
        case StoresVisited(count=count) if count > len(programme.stores):
            return "badge_stores"
        case StreakWeeks(streak=wanted):
            streak = next(s for s in programme.streaks if s.id == wanted)
            return None if _possible(programme, streak) else "badge_streak"
        case TimeOfDay(hours=hours) if not open_within(programme, hours):
            return "badge_hours"
        case TimeOfDay(weekdays=weekdays) if weekdays:
            return "badge_closed" if set(weekdays) <= set(programme.shop.closed_weekdays) else None
        case ActivityCount(on=on) if not _happens(programme, on):
            return "badge_nothing_happens"
        case FanStepsDone() if programme.fan_steps is None:
            return "badge_no_ladder"
        case _:
            return None


def _fan_steps(programme: Programme) -> Iterator[Problem]:
    """A step that nobody can do."""
    ladder = programme.fan_steps
    if ladder is None or "newsletter" not in ladder.steps:
        return
    if programme.newsletter is None and not _happens(programme, "newsletter"):
        yield Problem("fan_steps.steps", "fan_step_never")


def _rewards(programme: WholeProgramme) -> Iterator[Problem]:
    """What is only given to whom a message promised it, and no message does."""
    promised = {
        # What rests for a while still promises it.
        offer.reward
        for journey in (*journeys_of(programme), *programme.journeys)
        for _, offer in offers_in(journey, "")
    }
    for place, reward in enumerate(programme.rewards):
        waits = reward.given is not None and reward.given.kind == "comeback"
        if waits and reward.cost is None and reward.id not in promised:
            path = part_path("rewards", place, reward.id, "given")
            yield Problem(path, "promised_by_nothing", {"id": reward.id})


def _journeys(programme: WholeProgramme) -> Iterator[Problem]:
    if programme.journeys is DEFAULTS:
        return
    for place, journey in enumerate(programme.journeys):
        if journey.off:
            continue
        if journey.is_idle(programme):
            yield Problem(part_path("journeys", place, journey.id, "kind"), "journey_never")
        yield from _arms(journey, part_path("journeys", place, journey.id))


def _arms(journey: Journey, path: str) -> Iterator[Problem]:
    """Sides of a test that reach nobody, or that nothing tells apart."""
    seen: dict[Arm, str] = {}
    for place, arm in enumerate(journey.arms):
        where = f"{path} .arms[{place}]"
        if not journey.meets(arm):
            yield Problem(where, "arm_for_nobody", {"id": arm.id})
        like = seen.setdefault(arm.model_copy(update={"id": "", "weight": 1}), arm.id)
        if like != arm.id:
            yield Problem(where, "arms_alike", {"id": arm.id, "other": like})
