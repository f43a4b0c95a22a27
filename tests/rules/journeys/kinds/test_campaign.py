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


def early(**more: Any) -> dict[str, Any]:
    """A campaign that begins on 10 February for the first rank, and on the 17th for all."""
    first = {"ranks": ["r1"], "until": of_day("02-16")}
    its: dict[str, Any] = {"id": "early", "starts": of_day("02-10"), "first": first, **more}
    return campaign(bonus(5), **its)


#: Whoever came on these days holds the first rank.
REGULAR = ("02-02", "02-03", "02-04")


def first_club(*more: dict[str, Any], journey: dict[str, Any] | None = None) -> WholeProgramme:
    return everything({"kind": "campaign", **(journey or {})}, campaigns=[early(), *more])


def test_it_is_told_to_the_first_when_it_begins_for_them_and_to_the_others_when_for_them() -> None:
    club = first_club()
    told = period(club, "campaign", on(club, "02-10", *REGULAR))
    assert why_not(club, "campaign", on(club, "02-10")) == "for_others"
    assert why_not(club, "campaign", on(club, "02-16")) == "for_others"
    # One period for both: whoever was told with the first isn't told again.
    assert period(club, "campaign", on(club, "02-17")) == told
    assert why_not(club, "campaign", on(club, "02-17", *REGULAR)) == "too_late"
    assert why_not(club, "campaign", on(club, "02-22")) == "too_late"


def test_days_before_are_counted_from_each_ones_own_beginning() -> None:
    club = first_club(journey={"days_before": 3})
    assert period(club, "campaign", on(club, "02-07", *REGULAR))
    assert why_not(club, "campaign", on(club, "02-13")) == "for_others"
    soon = said(on(club, "02-14"), "campaign", club, lang="en", arm="b")
    begun = said(on(club, "02-17"), "campaign", club, lang="en", arm="b")
    assert soon.title.endswith("is about to begin")
    assert begun.title.endswith("has begun")


def test_whose_rank_comes_or_goes_between_is_told_once() -> None:
    club = first_club()
    risen = on(club, "02-17", "02-11", "02-12", "02-13")
    assert period(club, "campaign", risen) == period(club, "campaign", on(club, "02-17"))
    # Regular in January, and no more at the end of February's beginning.
    first = {"ranks": ["r1"], "until": of_day("03-05")}
    long = everything({"kind": "campaign"}, campaigns=[early(first=first)])
    lost = on(long, "03-06", "01-20", "01-21", "01-22", "02-28")
    assert lost.facts.rank.lost == "r1"
    assert why_not(long, "campaign", lost) in ("for_others", "too_late")


def test_what_begins_with_it_is_told_as_one_and_each_ones_own_day_counts() -> None:
    club = first_club(campaign(bonus(7), id="eco", on=["eco"], starts=of_day("02-10")))
    regular, other = on(club, "02-10", *REGULAR), on(club, "02-10")
    assert period(club, "campaign", regular) == period(club, "campaign", other) == "2026-02-10"
    assert [len(said(each, "campaign", club).given) for each in (regular, other)] == [2, 1]
    queued = period(club, "campaign", on(club, "02-17"))
    assert queued == "2026-02-10:early"
    still = journey_of(club, "campaign").still_due(on(club, "02-18").of(club), queued)
    assert still is not None
    assert [each.id for each in still.values["campaigns"]] == ["early"]


def test_candidates_are_looked_for_on_both_days() -> None:
    club = first_club()
    journey = journey_of(club, "campaign")
    asked = {
        day: len(list(journey.candidates(ClubOnDay(club, of_day(day), 0))))
        for day in ("02-09", "02-10", "02-15", "02-16", "02-17", "02-22")
    }
    assert asked == {"02-09": 0, "02-10": 1, "02-15": 0, "02-16": 0, "02-17": 1, "02-22": 0}
