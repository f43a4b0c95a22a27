"""Whom to ask about a journey at all: conditions that an index answers, so that a club of a million
is never read through. They name everybody who may be due and some who aren't; `due` decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

from ..activity import Membership
from ..programme import journeys
from ..programme.badges import Season, VisitCount
from ..programme.journeys import Journey
from ..programme.programme import Programme
from ..shop import add_months, days, next_month
from .case import DAY
from .triggers import BIRTHDAY_DAYS, last_season

#: Years of membership are looked for so far back.
YEARS_MAX = 50


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def covers(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Candidates:
    """Members for whom everything holds that is given. One of the spans (or `birth_month`, or
    `ranked`) is there to lead an index; `gap_days` goes with `away_since`.

    Each names a column of the member's row or something it can be read from: `away_since`,
    `last_visit_on`, `joined_on`, `active_on` (the last visit or points), `acted_on` (the last
    activity of any kind), `close_until`, `rank_lost_on`, and `holds_until` (the first day on which
    a reward in hand, or promised, ends).
    """

    states: tuple[Membership, ...]
    visits_min: int = 0
    visits_max: int | None = None
    ranks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    balance_min: int = 0
    ranked: bool = False
    birth_month: int | None = None
    gap_days: int | None = None
    away_since: Span | None = None
    last_visit_on: Span | None = None
    joined_on: Span | None = None
    active_on: Span | None = None
    acted_on: Span | None = None
    close_until: Span | None = None
    rank_lost_on: Span | None = None
    holds_until: Span | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """The club on a day, before which nobody was asked for so many days."""

    programme: Programme
    day: date
    missed_days: int


def candidates(
    programme: Programme, journey: Journey, day: date, *, missed_days: int = 0
) -> tuple[Candidates, ...]:
    """Whom `journey` may be due to on `day`: all that any of these name, each asked by its index.
    After days on which nobody was asked, those too for whom it has become too late.

    Empty when it can't be due to anybody, and for `points_expiring`: lots tell whose points go.
    """
    find = _FIND.get(journey.kind)
    return tuple(find(journey, _At(programme, day, missed_days))) if find else ()


def _among(journey: Journey, **given: Any) -> Candidates:
    least = max(journey.visits_min, given.pop("visits_min", 0))
    return Candidates(
        journey.states,
        visits_min=least,
        ranks=journey.ranks,
        languages=journey.languages,
        **given,
    )


def _late_days(journey: Journey, at: _At) -> int:
    """For how many days after it became due the journey is still useful, and those missed."""
    return ceil(timedelta(hours=journey.useful_hours) / DAY) + at.missed_days


def _birthday(journey: journeys.Birthday, at: _At) -> Iterator[Candidates]:
    # A wish comes some days before at the earliest, and a few days after at the latest.
    first, last = at.day - DAY * BIRTHDAY_DAYS, at.day + DAY * journey.days_before
    months = {day.month for day in days(first, last + DAY)}
    yield from (_among(journey, birth_month=month) for month in sorted(months))


def _away_for(programme: Programme, count: int, *, late: int, day: date) -> Span:
    """Since when somebody is away who on `day` has been for `count` days, or was `late` days ago:
    days on which the shop was specially closed don't count."""
    earliest = programme.shop.back(day, count + late)
    return Span(earliest - DAY, day - DAY * count)


def _lapsed(journey: journeys.Lapsed, at: _At) -> Iterator[Candidates]:
    late = _late_days(journey, at)
    for step in journey.steps:
        since = _away_for(at.programme, step.days, late=late, day=at.day)
        yield _among(journey, away_since=since)


def _rhythm(journey: journeys.Rhythm, at: _At) -> Iterator[Candidates]:
    late = _late_days(journey, at)
    for gap in range(1, floor(journey.days_max / journey.times) + 1):
        away = max(journey.days_min, ceil(journey.times * gap))
        since = _away_for(at.programme, away, late=late, day=at.day)
        yield _among(journey, gap_days=gap, away_since=since)


def _one_short(journey: journeys.OneShort, at: _At) -> Iterator[Candidates]:
    badges = any(isinstance(badge.needs, VisitCount) for badge in at.programme.badges)
    if at.programme.ranks or badges:
        yield _among(journey, close_until=Span(at.day, date.max))


def _rank_at_risk(journey: journeys.RankAtRisk, at: _At) -> Iterator[Candidates]:
    ladder = at.programme.ranks
    if ladder and (next_month(at.day) - at.day).days <= ladder.warn_days:
        yield _among(journey, ranked=True)


def _rank_lost(journey: journeys.RankLost, at: _At) -> Iterator[Candidates]:
    if at.programme.ranks:
        last = at.day - DAY * journey.after_days
        yield _among(journey, rank_lost_on=Span(last - DAY * _late_days(journey, at), last))


def _badge_missed(journey: journeys.BadgeMissed, at: _At) -> Iterator[Candidates]:
    for badge in at.programme.badges:
        if not isinstance(badge.needs, Season) or badge.hidden:
            continue
        starts, ends = last_season(badge.needs, at.day)
        if at.day < ends + DAY * _late_days(journey, at):
            yield _among(journey, last_visit_on=Span(starts, at.day))


def _anniversary(journey: journeys.Anniversary, at: _At) -> Iterator[Candidates]:
    for years in range(1, YEARS_MAX + 1):
        first = add_months(at.day - DAY * _late_days(journey, at), -12 * years)
        # Who joined on 29 February has it on 1 March.
        yield _among(journey, joined_on=Span(first - DAY, add_months(at.day, -12 * years)))


def _spend(journey: journeys.Spend, at: _At) -> Iterator[Candidates]:
    # The instant of an activity may lie on the day after its business day.
    yield _among(journey, acted_on=Span(at.day - DAY * (_late_days(journey, at) + 1), at.day))


def _fan_steps(journey: journeys.FanSteps, at: _At) -> Iterator[Candidates]:
    if at.programme.fan_steps:
        visits = at.programme.fan_steps.visits_in_month
        since = Span(at.day - DAY * (_late_days(journey, at) + 1), at.day)
        yield _among(journey, last_visit_on=since, visits_min=visits)


def _after(journey: journeys.FirstVisit | journeys.AfterVisit, at: _At) -> Span:
    last = at.day - DAY * journey.after_days
    return Span(last - DAY * _late_days(journey, at), last)


def _first_visit(journey: journeys.FirstVisit, at: _At) -> Iterator[Candidates]:
    yield _among(journey, last_visit_on=_after(journey, at), visits_max=1)


def _after_visit(journey: journeys.AfterVisit, at: _At) -> Iterator[Candidates]:
    yield _among(journey, last_visit_on=_after(journey, at))


def _reward_ready(journey: journeys.RewardReady, at: _At) -> Iterator[Candidates]:
    costs = [r.cost for r in at.programme.rewards if r.cost and not r.is_for_others]
    if costs:
        last = at.day - DAY * journey.after_days
        quiet = Span(last - DAY * _late_days(journey, at), last)
        yield _among(journey, active_on=quiet, balance_min=min(costs))


def _reward_expiring(journey: journeys.RewardExpiring, at: _At) -> Iterator[Candidates]:
    # What has ended is still among what they hold until the week does (`decide.advance`).
    yield _among(journey, holds_until=Span(at.day - DAY * 7, at.day + DAY * journey.days_before))


def _ask_why(journey: journeys.AskWhy, at: _At) -> Iterator[Candidates]:
    late = _late_days(journey, at) + journey.call_days
    yield _among(journey, away_since=_away_for(at.programme, journey.days, late=late, day=at.day))


def calls(programme: Programme, journey: journeys.AskWhy, day: date) -> Candidates:
    """Whom staff may have to telephone on `day` for `journey`; `to_call` decides."""
    since = _away_for(programme, journey.days, late=journey.call_days, day=day)
    return _among(journey, away_since=since)


_FIND: dict[str, Callable[[Any, _At], Iterator[Candidates]]] = {
    "birthday": _birthday,
    "lapsed": _lapsed,
    "rhythm": _rhythm,
    "one_short": _one_short,
    "rank_at_risk": _rank_at_risk,
    "rank_lost": _rank_lost,
    "badge_missed": _badge_missed,
    "anniversary": _anniversary,
    "spend": _spend,
    "fan_steps": _fan_steps,
    "first_visit": _first_visit,
    "after_visit": _after_visit,
    "reward_ready": _reward_ready,
    "reward_expiring": _reward_expiring,
    "ask_why": _ask_why,
}
