from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rules.facts import Birthday, Facts, changed
from rules.journeys.member import DueMessage
from rules.outlook.campaign_days import campaign_days, coming, season
from rules.outlook.on_today import DayAtShop, running
from rules.programme.programme import Programme
from tests.rules.builders import Life, bonus, campaign, club, ladder, of_day
from tests.rules.journeys.people import came, everything, journey_of

FEBRUARY = [date(2026, 2, 1) + timedelta(days=n) for n in range(28)]
#: 建国記念の日.
HOLIDAYS = {date(2026, 2, 11)}


def a_club(*campaigns: dict[str, Any], **parts: Any) -> Programme:
    return club(campaigns=list(campaigns), **parts)


def test_days_of_their_own_are_marked_and_nothing_that_is_always_on_or_switched_on() -> None:
    shop = a_club(
        campaign(bonus(5), id="spring", starts=of_day("02-26"), ends=of_day("03-05")),
        campaign(bonus(5), id="fives", days_of_month=[5, 15, 25]),
        campaign(bonus(5), id="always"),
        campaign(bonus(5), id="rain", staff_switch=True, starts=of_day("02-01")),
        campaign(bonus(5), id="feast", holidays=True),
        campaign(bonus(5), id="silver", ranks=["r2"], starts=of_day("02-01")),
    )
    facts = Life(shop).facts
    found = {
        each.campaign.id: [day.day for day in each.days]
        for each in campaign_days(shop, FEBRUARY, HOLIDAYS, facts)
    }
    assert found == {"spring": [26, 27, 28], "fives": [5, 15, 25], "feast": [11]}


def test_what_begins_soon_is_named_to_whom_it_is_for_the_next_first() -> None:
    shop = a_club(
        campaign(bonus(5), id="late", starts=of_day("02-20")),
        campaign(bonus(5), id="soon", starts=of_day("02-12")),
        campaign(bonus(5), id="today", starts=of_day("02-10")),
        campaign(bonus(5), id="far", starts=of_day("03-20")),
        campaign(bonus(5), id="silver", ranks=["r2"], starts=of_day("02-12")),
        campaign(
            bonus(5), id="born", birth_month=True, starts=of_day("02-15"), ends=of_day("03-15")
        ),
    )
    born = changed(Life(shop).facts, birthday=Birthday(3, 9))
    day = of_day("02-10")

    def named(facts: Facts) -> list[str]:
        return [each.id for each in coming(shop, day, within_days=14, facts=facts)]

    assert named(born) == ["soon", "born", "late"]
    assert named(changed(born, birthday=None)) == ["soon", "late"]
    told = [each.id for each in season(shop, day, within_days=14)]
    assert told == ["late", "soon", "today", "silver", "born"]
    assert [each.id for each in season(shop, of_day("03-16"), within_days=0)][-1] != "born"


@pytest.mark.parametrize(
    ("told", "conditions"),
    [
        (True, {}),
        (True, {"birth_month": True, "ends": of_day("05-10")}),
        (False, {"birth_month": True, "ends": of_day("04-30")}),
        (True, {"birth_month": True}),
        (True, {"stores": ["main"]}),
        (False, {"stores": ["east"]}),
        (False, {"ranks": ["r2"]}),
    ],
)
def test_it_is_named_before_and_told_when_it_begins_to_the_same_members(
    told: bool, conditions: dict[str, Any]
) -> None:
    spring = campaign(bonus(5), id="spring", starts=of_day("03-01"), **conditions)
    shop = everything({"kind": "campaign"}, campaigns=[spring])
    member = came(shop, "02-20", until="03-01")
    facts = changed(member.facts, birthday=Birthday(5, 9))
    named = coming(shop, of_day("02-28"), within_days=14, facts=facts)
    due = journey_of(shop, "campaign").due(replace(member, facts=facts).of(shop))
    assert ([each.id for each in named] == ["spring"]) is told
    assert isinstance(due, DueMessage) is told


def test_who_came_nowhere_yet_is_named_a_season_of_any_store() -> None:
    shop = a_club(campaign(bonus(5), id="east", stores=["east"], starts=of_day("02-12")))
    assert coming(shop, of_day("02-10"), within_days=14, facts=Life(shop).facts)


def test_what_begins_for_some_first_is_named_and_on_by_each_ones_own_day() -> None:
    first = {"ranks": ["r1"], "until": of_day("02-16")}
    early = campaign(bonus(5), id="early", starts=of_day("02-12"), first=first)
    shop = a_club(early, ranks=ladder(1))
    other, regular = Life(shop), Life(shop)
    regular.comes(of_day("02-01"))

    def named(facts: Facts, day: str) -> list[str]:
        return [each.id for each in coming(shop, of_day(day), within_days=3, facts=facts)]

    def is_on(facts: Facts, day: str) -> bool:
        return bool(
            running(shop, DayAtShop(of_day(day), holiday=False, switched_on={}), facts=facts)
        )

    assert named(regular.facts, "02-10") == ["early"]
    assert named(other.facts, "02-10") == []
    assert named(other.facts, "02-14") == ["early"]
    assert [is_on(regular.facts, day) for day in ("02-11", "02-12", "02-17")] == [False, True, True]
    assert [is_on(other.facts, day) for day in ("02-12", "02-16", "02-17")] == [False, False, True]
