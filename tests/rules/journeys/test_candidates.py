"""Who is asked at all: nobody to whom a journey is due is left out by what an index is asked."""

from dataclasses import replace

import pytest

from rules.facts import Facts
from rules.journeys.candidates import AWAY_SINCE, Candidates, ClubOnDay
from rules.journeys.kinds import OWN_DAYS
from rules.science.drift import Foresight
from rules.science.learned import PRIOR
from tests.rules.builders import DAY, JOINED, of_day
from tests.rules.journeys.people import CHOSEN, CLUB, due_to, everything, journey_of


def names(asked: Candidates, facts: Facts, foresight: Foresight) -> bool:
    """Whether everything holds for somebody with these facts that is asked."""
    return (
        facts.membership in asked.states
        and (asked.span is None or asked.span.covers(asked.span.day.of(facts, foresight)))
        and asked.visits_min <= facts.visits <= (asked.visits_max or facts.visits)
        and (not asked.ranks or facts.rank.id in asked.ranks)
        and facts.balance >= asked.balance_min
        and (asked.away_by is None or facts.away_since <= asked.away_by)
        and asked.birth_month in (None, facts.birthday and facts.birthday.month)
    )


@pytest.mark.parametrize("kind", CHOSEN)
def test_to_whom_it_is_due_is_asked(kind: str) -> None:
    person, journey = due_to(kind, CLUB), journey_of(CLUB, kind)

    asked = list(journey.candidates(ClubOnDay(CLUB, person.day)))

    foresight = Foresight(person.models, CLUB.shop)
    assert any(names(each, person.facts, foresight) for each in asked)
    assert all(each.span or each.birth_month for each in asked)


@pytest.mark.parametrize("kind", CHOSEN)
def test_of_others_only_those_it_is_for(kind: str) -> None:
    club = everything({
        "kind": kind, "states": ["paused"], "ranks": ["r1"], "languages": ["en"], "visits_min": 1,
    })  # fmt: skip
    asked = journey_of(club, kind).candidates(ClubOnDay(club, due_to(kind, CLUB).day))

    assert {(each.states, each.ranks, each.languages) for each in asked} == {
        (("paused",), ("r1",), ("en",))
    }


def test_after_an_outage_those_are_asked_too_for_whom_it_is_too_late() -> None:
    journey, day = journey_of(CLUB, "first_visit"), of_day("03-11")
    [today] = journey.candidates(ClubOnDay(CLUB, day))
    [later] = journey.candidates(ClubOnDay(CLUB, day, missed_days=5))
    assert today.span is not None
    assert later.span is not None
    assert later.span == replace(today.span, first=today.span.first - 5 * DAY)


def test_days_on_which_the_shop_was_shut_are_no_absence() -> None:
    shut = everything(shop={"closed": [{"on": of_day("03-01"), "until": of_day("03-05")}]})
    span = ClubOnDay(shut, of_day("03-11")).away_for(10, late=0)

    assert span == AWAY_SINCE.span(of_day("02-23"), of_day("03-01"))


def test_a_day_that_a_kind_keeps_of_its_own_is_read_off_the_facts() -> None:
    nobody = Facts(joined_on=JOINED, settled=JOINED, last_at=CLUB.shop.opens(JOINED))

    assert {day.of(nobody, Foresight(PRIOR, CLUB.shop)) for day in OWN_DAYS} == {None}
