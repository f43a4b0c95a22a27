"""Whom a happy New Year is wished, and on which day."""

from datetime import date, timedelta

import pytest

from rules.facts import Facts, changed
from rules.journeys.candidates import ClubOnDay
from rules.journeys.member import DueMessage
from tests.rules.journeys.people import CLUB, Person, ask, due_to, journey_of, only, said, why_not

NEW_YEAR = date(2027, 1, 1)
DAY = timedelta(days=1)


def somebody(*, joined: date, last: date | None, day: date = NEW_YEAR) -> Person:
    known = due_to("new_year", CLUB).facts
    return Person(changed(known, joined_on=joined, last_visit_on=last), day)


def first_day(facts: Facts, spread: int) -> date:
    club = only("new_year", spread_days=spread)
    days = [NEW_YEAR - DAY + DAY * n for n in range(12)]
    return next(d for d in days if isinstance(ask(club, "new_year", Person(facts, d)), DueMessage))


@pytest.mark.parametrize("spread", [1, 3, 5])
def test_wishes_are_spread_over_the_first_days_and_each_member_has_one(spread: int) -> None:
    joined = [date(2026, 3, 1) + DAY * n for n in range(15)]
    people = [somebody(joined=day, last=date(2026, 12, 1)).facts for day in joined]
    days = [first_day(facts, spread) for facts in people]
    assert set(days) == {NEW_YEAR + DAY * n for n in range(spread)}
    assert all(days.count(day) == 15 // spread for day in days)


def test_no_wish_comes_before_the_day_or_after_the_seventh() -> None:
    person = due_to("new_year", CLUB)
    assert why_not(CLUB, "new_year", Person(person.facts, date(2027, 1, 8))) == "too_late"
    assert why_not(CLUB, "new_year", Person(person.facts, date(2026, 12, 31))) == "too_late"
    late = ask(CLUB, "new_year", Person(person.facts, date(2027, 1, 7)))
    assert isinstance(late, DueMessage)
    assert late.period == "2027"
    assert late.useful_until == CLUB.shop.opens(date(2027, 1, 8))


def test_who_has_not_come_for_long_is_left_alone() -> None:
    club = only("new_year", within_days=30, spread_days=1)
    never = somebody(joined=date(2026, 12, 1), last=None)
    lately, long_ago = (somebody(joined=date(2026, 1, 5), last=date(2026, 12, n)) for n in (2, 1))
    assert why_not(club, "new_year", never) == "never_came"
    assert why_not(club, "new_year", long_ago) == "away_for_long"
    assert isinstance(ask(club, "new_year", lately), DueMessage)


def test_nobody_is_looked_for_outside_the_first_days_but_after_an_outage() -> None:
    journey = journey_of(CLUB, "new_year")
    asked = [
        list(journey.candidates(ClubOnDay(CLUB, date(2027, 1, day), missed)))
        for day, missed in ((1, 0), (7, 0), (8, 0), (8, 2))
    ]
    assert [bool(each) for each in asked] == [True, True, False, True]


def test_what_was_queued_goes_out_though_the_days_were_changed_meanwhile() -> None:
    person = somebody(joined=date(2026, 3, 3), last=date(2026, 12, 1))
    queued, changed_since = (only("new_year", spread_days=n) for n in (1, 5))
    assert isinstance(ask(queued, "new_year", person), DueMessage)
    assert why_not(changed_since, "new_year", person) == "not_yet"
    still = journey_of(changed_since, "new_year").still_due(person.of(changed_since), "2027")
    assert still is not None
    assert journey_of(queued, "new_year").still_due(person.of(queued), "2026") is None


def test_it_names_the_years_animal() -> None:
    told = said(due_to("new_year", CLUB), "new_year")
    assert told.title == "さくらさん、あけましておめでとうございます"
    assert "ひつじ年が、すてきな一年に" in told.body
    assert told.picture == "new_year"
    own = only("new_year", body={"ja": "{year}年は{animal}年です。", "en": "{year}: {animal}"})
    assert said(due_to("new_year", own), "new_year", own).body == "2027年はひつじ年です。"
    english = said(due_to("new_year", own), "new_year", own, lang="en")
    assert english.body == "2027: Sheep"
