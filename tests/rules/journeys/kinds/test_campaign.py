"""Telling that a campaign begins."""

from datetime import date
from typing import Any

import pytest

from rules.checking.reading import InvalidProgramme, review
from rules.journeys.candidates import ClubOnDay
from rules.journeys.programme import WholeProgramme
from tests.rules.builders import bonus, campaign, of_day
from tests.rules.examples import CAFE
from tests.rules.journeys.people import (
    CLUB,
    Person,
    came,
    due_to,
    everything,
    journey_of,
    period,
    said,
    why_not,
)


def season(*more: dict[str, Any], journey: dict[str, Any] | None = None) -> WholeProgramme:
    """A club whose spring begins on 10 February."""
    spring = campaign(bonus(5), id="spring", starts=of_day("02-10"), ends=of_day("02-20"))
    told = {"kind": "campaign", **(journey or {})}
    return everything(told, campaigns=[campaign(bonus(5), id="always"), spring, *more])


def on(programme: WholeProgramme, day: str, *days: str) -> Person:
    return came(programme, *(days or ("01-20",)), until=day)


def test_it_is_told_once_when_the_campaign_begins() -> None:
    club = season()
    assert why_not(club, "campaign", on(club, "02-09")) == "no_campaign"
    assert period(club, "campaign", on(club, "02-10")) == "2026-02-10"
    # Some days are time enough to send it; who comes then hears of it, too.
    assert period(club, "campaign", on(club, "02-14", "02-13")) == "2026-02-10"
    assert why_not(club, "campaign", on(club, "02-15")) == "too_late"


def test_it_can_be_told_some_days_before() -> None:
    club = season(journey={"days_before": 3})
    assert why_not(club, "campaign", on(club, "02-06")) == "no_campaign"
    assert period(club, "campaign", on(club, "02-07")) == "2026-02-10"
    soon = said(on(club, "02-07"), "campaign", club, lang="en", arm="b")
    begun = said(on(club, "02-10"), "campaign", club, lang="en", arm="b")
    assert (soon.title, begun.title) == (
        "さくら, 特典 is about to begin",
        "さくら, 特典 has begun",
    )


def test_it_is_told_to_whom_it_is_for() -> None:
    for_others = {"starts": of_day("02-03")}
    club = season(
        campaign(bonus(5), id="ranked", ranks=["r2"], **for_others),
        campaign(bonus(5), id="elsewhere", stores=["east"], **for_others),
        campaign(bonus(5), id="born", birth_month=True, **for_others),
    )
    assert why_not(club, "campaign", on(club, "02-03")) == "for_others"
    spring = season(journey={"within_days": 20})
    assert why_not(spring, "campaign", on(spring, "02-10", "01-20")) == "away_for_long"


@pytest.mark.parametrize("more", [{}, {"ranks": ["r2"]}], ids=["for all", "for others"])
def test_another_that_begins_next_day_replaces_none(more: dict[str, Any]) -> None:
    club = season(campaign(bonus(5), id="next", starts=of_day("02-11"), **more))
    queued, then = period(club, "campaign", on(club, "02-10")), on(club, "02-11")
    due = journey_of(club, "campaign").still_due(then.of(club), queued)
    assert due is not None
    assert [each.id for each in due.values["campaigns"]] == ["spring"]
    # Who was missed is told of the last that is for them; and none is told for ever.
    assert period(club, "campaign", then) == ("2026-02-10" if more else "2026-02-11")
    late = on(club, "02-15")
    assert journey_of(club, "campaign").still_due(late.of(club), queued) is None


def test_who_was_missed_is_asked_by_the_earliest_that_is_still_told() -> None:
    club = season(
        campaign(bonus(5), id="next", ranks=["r2"], starts=of_day("02-12")),
        journey={"within_days": 21},
    )
    due = on(club, "02-12", "01-20")
    assert period(club, "campaign", due) == "2026-02-10"
    [asked] = journey_of(club, "campaign").candidates(ClubOnDay(club, due.day, 0))
    assert asked.span is not None
    assert asked.span.first <= of_day("01-20")


def test_nobody_is_told_twice_of_what_is_told_earlier_by_now_or_joined_by_another() -> None:
    told = period(season(), "campaign", on(season(), "02-10"))
    early = season(journey={"days_before": 3})
    assert period(early, "campaign", on(early, "02-07")) == told
    aa = campaign(bonus(5), id="aa", starts=of_day("02-10"), ends=of_day("02-20"))
    spring = campaign(bonus(5), id="spring", starts=of_day("02-10"), ends=of_day("02-20"))
    both = everything({"kind": "campaign"}, campaigns=[aa, spring])
    assert period(both, "campaign", on(both, "02-11")) == told


def test_those_that_begin_on_one_day_are_told_as_one() -> None:
    club = season(campaign(bonus(7), id="eco", on=["eco"], starts=of_day("02-10")))
    told = said(on(club, "02-10"), "campaign", club)
    assert told.title == "「特典・特典」のご案内"
    assert [line[:2] for line in told.given] == ["✨ ", "✨ "]
    # Of certain hours another journey tells.
    assert period(CLUB, "campaign", due_to("campaign", CLUB)) == "2026-02-10"


def test_a_campaign_can_be_named_also_one_of_certain_hours() -> None:
    hours = {"start": "14:00", "end": "16:00"}
    calm = campaign(bonus(5), id="calm", starts=of_day("02-02"), hours=hours)
    club = season(calm, journey={"campaign": "calm"})
    assert period(club, "campaign", on(club, "02-02")) == "2026-02-02"
    assert why_not(club, "campaign", on(club, "02-10")) == "too_late"


def test_nobody_is_asked_between_the_times() -> None:
    club = season()

    def asked(day: str, missed: int = 0) -> bool:
        return bool(
            list(journey_of(club, "campaign").candidates(ClubOnDay(club, of_day(day), missed)))
        )

    assert not asked("02-09")
    assert asked("02-10")
    assert asked("02-14")
    assert not asked("02-15")
    assert asked("02-15", missed=1)


@pytest.mark.parametrize("named", ["nowhere", "days_of_5"])
def test_a_campaign_that_is_not_there_or_has_no_first_day_is_a_mistake(named: str) -> None:
    read = review(f'{CAFE}\n[[journeys]]\nkind = "campaign"\ncampaign = "{named}"\n')
    assert isinstance(read, InvalidProgramme)
    [problem] = read.problems
    assert problem.path == 'journeys[6] "campaign" .campaign'
    assert "with a first day" in problem.message("en")


def test_a_club_without_a_season_has_no_use_for_it() -> None:
    read = review(f'{CAFE}\n[[journeys]]\nkind = "campaign"\n')
    assert isinstance(read, InvalidProgramme)
    assert [problem.code for problem in read.problems] == ["journey_never"]
    assert date(2026, 2, 10).isoformat() in period(CLUB, "campaign", due_to("campaign", CLUB))
