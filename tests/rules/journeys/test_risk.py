from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.facts import Facts, RankState, newcomer
from rules.journeys.member import MemberOnDay
from rules.journeys.risk import Risk, risk_of, seasons_ending
from rules.programme.programme import Programme
from rules.science.drift import has_lapsed
from tests.rules.builders import club
from tests.rules.examples import cafe
from tests.rules.science.foretelling import UNTOLD, drifting_after

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
        visit_day_count=len(visits),
        first_visit_on=visits[0] if visits else None,
        last_visit_on=visits[-1] if visits else None,
        visit_days=visits,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def risk(facts: Facts, *, drifts: int | None = None, club: Programme = CAFE) -> Risk | None:
    """What puts them at risk who drift after so many days, by what the models tell."""
    return risk_of(MemberOnDay(club, facts, TODAY, drifting_after(drifts)))


@pytest.mark.parametrize(
    ("facts", "drifts", "expected"),
    [
        # Two months, where the models don't tell.
        (came(1), None, None),
        (came(60), None, None),
        (came(61), None, "lapsed"),
        (came(300), None, "lapsed"),
        # Earlier, where they do.
        (came(13, 20), 14, None),
        (came(14, 20), 14, "rhythm"),
        (came(60, 70), 14, "rhythm"),
        (came(61, 70), 14, "lapsed"),
        # Who came once has no usual gap that could be exceeded.
        (came(14), 14, None),
        (came(60), 14, None),
        (came(61), 14, "lapsed"),
        # Later: who comes rarely is not lost after two months.
        (came(61, 90), 100, None),
        (came(99, 120), 100, None),
        (came(100, 120), 100, "lapsed"),
        # But of who came once nobody knows how rarely they come.
        (came(61), 100, "lapsed"),
        (came(300, membership="paused"), 14, None),
        (came(300, membership="left"), 14, None),
        (came(), 14, None),
    ],
)
def test_whoever_drifts_is_at_risk(facts: Facts, drifts: int | None, expected: Risk | None) -> None:
    assert risk(facts, drifts=drifts) == expected


def test_two_months_are_those_of_the_calendar() -> None:
    assert has_lapsed(came(71), TODAY - 10 * DAY)
    april = replace(came(), last_visit_on=date(2026, 2, 28))
    assert has_lapsed(april, date(2026, 4, 28))
    assert not has_lapsed(april, date(2026, 4, 27))


def test_days_on_which_the_shop_was_closed_put_it_off() -> None:
    shut = {"on": TODAY - 5 * DAY, "until": TODAY - 3 * DAY}
    programme = club(shop={"closed": [shut]})
    assert risk(came(14, 20), drifts=14, club=programme) is None
    assert risk(came(17, 20), drifts=14, club=programme) == "rhythm"


def test_what_a_journey_about_it_says_changes_nobodys_mark() -> None:
    patient = club(journeys=[{"kind": "rhythm", "days_min": 20, "times": 3}])
    assert risk(came(14, 20), drifts=14, club=patient) == "rhythm"
    off = club(journeys=[{"kind": "rhythm", "off": True}])
    assert risk(came(14, 20), drifts=14, club=off) == "rhythm"


def test_a_rank_is_at_risk_in_the_last_days_of_a_month_that_would_cost_it() -> None:
    assert CAFE.ranks is not None
    lowest, end = CAFE.ranks.steps[0].id, date(2026, 5, 31)
    held = RankState(id=lowest, since=date(2026, 1, 10), short=CAFE.ranks.grace_periods)
    facts = came(20, rank=held, settled=date(2026, 5, 1))
    by = {
        day: MemberOnDay(CAFE, facts, day, UNTOLD)
        for day in (end, end - DAY * CAFE.ranks.warn_days)
    }
    assert [risk_of(member) for member in by.values()] == ["rank", None]


def _season() -> Programme:
    needs = {"kind": "season", "starts": "04-01", "ends": "05-15", "count": 3}
    return club(badges=[{"id": "sakura", "name": {"ja": "桜"}, "needs": needs}])


@pytest.mark.parametrize(
    ("had", "ago", "expected"),
    [(2, 20, "badge"), (1, 20, None), (3, 20, None), (2, 45, None)],
)
def test_a_badge_is_at_risk_when_its_season_ends_one_visit_short(
    had: int, ago: int, expected: Risk | None
) -> None:
    assert risk(came(ago, badge_counts={"sakura": had}), club=_season()) == expected


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
