from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.facts import Facts, RankState, newcomer
from rules.journeys.kinds.rhythm import Rhythm
from rules.journeys.risk import (
    Risk,
    lapsed_since,
    rhythm_of,
    rhythms_broken,
    risk_of,
    seasons_ending,
)
from rules.programme.programme import Programme
from tests.rules.builders import club
from tests.rules.examples import cafe

DAY = timedelta(days=1)
#: Long before the café's months warn of anything.
TODAY = date(2026, 5, 10)
CAFE = cafe()


def came(*days_ago: int, **more: object) -> Facts:
    """Somebody whose last visits were so many days ago."""
    visits = tuple(sorted(TODAY - DAY * ago for ago in days_ago))
    joined = TODAY - 400 * DAY
    facts = replace(
        newcomer(joined, CAFE.shop.opens(joined)),
        settled=TODAY,
        visits=len(visits),
        last_visit_on=visits[-1] if visits else None,
        visit_days=visits,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def weekly(last: int, gap: int = 7, times: int = 5) -> Facts:
    return came(*(last + gap * n for n in range(times)))


@pytest.mark.parametrize(
    ("facts", "risk"),
    [
        (came(1), None),
        (came(60), None),
        (came(61), "lapsed"),
        (came(300), "lapsed"),
        (weekly(13), None),
        (weekly(14), "rhythm"),
        (weekly(14, times=4), None),
        (weekly(61), "lapsed"),
        # Every day, and away over the weekend.
        (weekly(6, gap=1), None),
        (weekly(7, gap=1), "rhythm"),
        (weekly(60, gap=31), None),
        (came(300, membership="paused"), None),
        (came(300, membership="left"), None),
        (came(), None),
    ],
)
def test_whoever_stays_away_is_at_risk(facts: Facts, risk: Risk | None) -> None:
    assert risk_of(CAFE, facts, TODAY) == risk


def test_two_months_are_those_of_the_calendar() -> None:
    assert lapsed_since(date(2026, 4, 30)) == date(2026, 2, 28)
    assert lapsed_since(date(2026, 3, 1)) == date(2026, 1, 1)


def test_days_on_which_the_shop_was_closed_break_no_rhythm() -> None:
    shut = {"on": TODAY - 5 * DAY, "until": TODAY - 3 * DAY}
    programme = club(shop={"closed": [shut]})
    assert risk_of(programme, weekly(14), TODAY) is None
    assert risk_of(programme, weekly(17), TODAY) == "rhythm"


def test_a_rhythm_is_broken_when_the_journey_about_it_says_so() -> None:
    patient = club(journeys=[{"kind": "rhythm", "times": 3, "days_min": 10}])
    assert risk_of(patient, weekly(20), TODAY) is None
    assert risk_of(patient, weekly(21), TODAY) == "rhythm"
    assert risk_of(patient, weekly(9, gap=1), TODAY) is None
    assert risk_of(patient, weekly(10, gap=1), TODAY) == "rhythm"
    off = club(journeys=[{"kind": "rhythm", "times": 3, "off": True}])
    assert risk_of(off, weekly(14), TODAY) == "rhythm"


def test_whoever_comes_so_rarely_that_they_lapse_before_is_not_looked_for() -> None:
    broken = dict(rhythms_broken(rhythm_of(CAFE), TODAY))
    assert (broken[1], broken[7]) == (TODAY - 7 * DAY, TODAY - 14 * DAY)
    assert max(broken) == 30
    assert rhythms_broken(Rhythm(days_min=90, days_max=100), TODAY) == []


def test_a_rank_is_at_risk_in_the_last_days_of_a_month_that_would_cost_it() -> None:
    assert CAFE.ranks is not None
    lowest, end = CAFE.ranks.steps[0].id, date(2026, 5, 31)
    held = RankState(id=lowest, since=date(2026, 1, 10), short=CAFE.ranks.grace_periods)
    facts = came(20, rank=held, settled=date(2026, 5, 1))
    assert risk_of(CAFE, facts, end) == "rank"
    assert risk_of(CAFE, facts, end - DAY * CAFE.ranks.warn_days) is None


def _season() -> Programme:
    needs = {"kind": "season", "starts": "04-01", "ends": "05-15", "count": 3}
    return club(badges=[{"id": "sakura", "name": {"ja": "桜"}, "needs": needs}])


@pytest.mark.parametrize(
    ("had", "ago", "risk"),
    [(2, 20, "badge"), (1, 20, None), (3, 20, None), (2, 45, None)],
)
def test_a_badge_is_at_risk_when_its_season_ends_one_visit_short(
    had: int, ago: int, risk: Risk | None
) -> None:
    assert risk_of(_season(), came(ago, badge_counts={"sakura": had}), TODAY) == risk


def test_a_season_is_near_its_end_for_seven_days() -> None:
    near = {
        TODAY + DAY * n for n in range(-60, 60) if list(seasons_ending(_season(), TODAY + DAY * n))
    }
    assert near == {date(2026, 5, 15) - DAY * n for n in range(7)}
    assert list(seasons_ending(_season(), TODAY)) == [("sakura", date(2026, 4, 1))]


def test_a_season_over_new_year_began_in_the_old_one() -> None:
    needs = {"kind": "season", "starts": "12-20", "ends": "01-10", "count": 3}
    programme = club(badges=[{"id": "new_year", "name": {"ja": "正月"}, "needs": needs}])
    assert list(seasons_ending(programme, date(2026, 1, 8))) == [("new_year", date(2025, 12, 20))]
    assert not list(seasons_ending(programme, date(2025, 12, 31)))
