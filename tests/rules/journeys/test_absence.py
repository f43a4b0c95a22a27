"""Journeys to those who stay away, whoever they are and whatever their club has learned: nobody is
written before they drift, nobody is left out by the index, and no word comes twice when the club
learns something else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import Facts
from rules.journeys.absence import AbsenceJourney
from rules.journeys.candidates import ClubOnDay
from rules.journeys.kinds.ask_why import AskWhy
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.kinds.rhythm import Rhythm
from rules.journeys.member import DueMessage, JourneyReason
from rules.journeys.programme import WholeProgramme
from rules.journeys.risk import risk_of
from rules.science.drift import Foresight, has_lapsed
from rules.science.learned import PRIOR, ReturnModels
from tests.rules.builders import DAY, club
from tests.rules.journeys.people import NOTHING, Person
from tests.rules.journeys.test_candidates import names
from tests.rules.science.foretelling import UNTOLD, drifting_after
from tests.rules.science.test_pattern import came

JOURNEYS: tuple[AbsenceJourney, ...] = (
    Rhythm(visits_min=1),
    Rhythm(visits_min=1, days_min=14, days_max=200),
    Lapsed(),
    Lapsed.model_validate({"steps": [{"days": 14}, {"days": 30}, {"days": 200}]}),
    AskWhy(visits_min=1),
    AskWhy(visits_min=1, days=14, call_days=0),
)
MODELS = st.sampled_from([PRIOR, UNTOLD, *map(drifting_after, (1, 3, 10, 25, 58, 61, 95, 180))])


@st.composite
def people(draw: st.DrawFn) -> tuple[WholeProgramme, Facts]:
    """Somebody who came now and then, and a club that may have been shut meanwhile."""
    gap, times = draw(st.integers(1, 90)), draw(st.integers(1, 12))
    facts = replace(came(*(gap * n for n in range(times))), visits=times)
    shut = draw(st.lists(st.tuples(st.integers(-5, 120), st.integers(0, 20)), max_size=2))
    days = [(facts.away_since + DAY * first, DAY * length) for first, length in shut]
    closed = [{"on": on, "until": on + length} for on, length in days]
    return club(shop={"closed": closed, "closed_weekdays": draw(weekdays)}), facts


weekdays = st.sampled_from([[], ["mon"], ["sat", "sun"]])


def reasons(journey: AbsenceJourney, person: Person, where: WholeProgramme) -> list[JourneyReason]:
    found = journey.reasons(person.of(where))
    return [] if isinstance(found, str) else list(found)


def at_last_visit(facts: Facts, models: ReturnModels) -> Person:
    return Person(facts, facts.away_since, NOTHING, models)


@pytest.mark.parametrize("journey", JOURNEYS)
@given(people(), MODELS)
def test_nobody_is_written_before_they_drift_nor_without_their_mark(
    journey: AbsenceJourney, who: tuple[WholeProgramme, Facts], models: ReturnModels
) -> None:
    where, facts = who
    person = at_last_visit(facts, models)
    member = person.of(where)
    for reason in reasons(journey, person, where):
        if member.silence_before_drift is None:
            continue
        assert member.drift_on is not None
        assert reason.since >= member.drift_on
        mark = risk_of(replace(member, day=reason.since))
        if has_lapsed(facts, reason.since):
            assert mark == "lapsed"
        else:
            # Who came on one day alone has no rhythm to fall out of.
            assert (mark == "rhythm") == (facts.visit_day_count > 1)


@pytest.mark.parametrize("journey", JOURNEYS)
@given(people(), MODELS)
def test_whoever_is_due_is_named_by_the_index_each_day(
    journey: AbsenceJourney, who: tuple[WholeProgramme, Facts], models: ReturnModels
) -> None:
    where, facts = who
    foresight = Foresight(models, where.shop)
    for day in days_around(reasons(journey, at_last_visit(facts, models), where)):
        person = Person(facts, day, NOTHING, models)
        on_day = ClubOnDay(where, day)
        if isinstance(journey.due(person.of(where)), DueMessage):
            assert any(names(each, facts, foresight) for each in journey.candidates(on_day)), day
        if isinstance(journey, AskWhy) and journey.is_to_call(person.of(where)):
            assert any(names(each, facts, foresight) for each in journey.callees(on_day)), day


def days_around(found: list[JourneyReason]) -> Iterator[date]:
    for reason in found:
        yield from (reason.since + DAY * n for n in range(-8, 16))


@pytest.mark.parametrize("journey", JOURNEYS)
@given(people(), MODELS, MODELS)
def test_what_was_queued_goes_out_waits_or_is_over_when_the_club_learns_something_else(
    journey: AbsenceJourney,
    who: tuple[WholeProgramme, Facts],
    before: ReturnModels,
    after: ReturnModels,
) -> None:
    where, facts = who
    old = reasons(journey, at_last_visit(facts, before), where)
    new = {each.period: each for each in reasons(journey, at_last_visit(facts, after), where)}
    assert new.keys() <= {each.period for each in old} or not old
    for reason in old:
        member = Person(facts, reason.since, NOTHING, after).of(where)
        later = journey.due_later(member, reason.period)
        expected = new.get(reason.period)
        if expected is None or journey.sends_on(expected) <= reason.since:
            assert later is None
        else:
            assert journey.still_due(member, reason.period) is None
            assert later is not None
            then = replace(member, day=where.shop.business_date(later.since))
            assert then.day == journey.sends_on(expected)
            due = journey.still_due(then, reason.period)
            assert due is not None
            assert due.useful_until == later.useful_until


@given(people(), MODELS)
def test_the_steps_of_an_absence_keep_their_distances(
    who: tuple[WholeProgramme, Facts], models: ReturnModels
) -> None:
    where, facts = who
    shop, lapsed = where.shop, Lapsed()
    first, *others = reasons(lapsed, at_last_visit(facts, models), where)
    for other, step in zip(others, lapsed.steps[1:], strict=True):
        assert other.since == shop.forth(first.since, step.days - lapsed.steps[0].days)
