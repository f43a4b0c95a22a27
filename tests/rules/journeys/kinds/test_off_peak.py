"""Telling of a campaign for hours in which few come."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.checking.reading import InvalidProgramme, review
from rules.facts import changed
from rules.journeys.candidates import ClubOnDay
from rules.journeys.member import DueMessage
from rules.journeys.programme import WholeProgramme
from tests.rules.builders import Life, bonus, campaign, of_day
from tests.rules.examples import CAFE
from tests.rules.journeys.people import (
    CLUB,
    Person,
    ask,
    came,
    due_to,
    everything,
    journey_of,
    period,
    said,
    why_not,
)

AFTERNOON = {"start": "14:00", "end": "16:00"}


def calm(**more: Any) -> WholeProgramme:
    """A club with a campaign for an afternoon, from 2 February on."""
    keys = {"starts": of_day("02-02"), "hours": AFTERNOON, **more}
    return everything(
        {"kind": "off_peak"},
        campaigns=[campaign(bonus(5), id="early"), campaign(bonus(5), id="calm", **keys)],
    )


def on(programme: WholeProgramme, day: str, *days: str) -> Person:
    return came(programme, *(days or ("01-20",)), until=day)


def test_it_is_told_when_the_campaign_begins_and_every_four_weeks() -> None:
    club = calm(ends=date(2026, 3, 29))

    assert why_not(club, "off_peak", on(club, "02-01")) == "no_campaign"
    assert period(club, "off_peak", on(club, "02-02")) == "calm:2026-02-02"
    # A week is time enough to send it.
    assert period(club, "off_peak", on(club, "02-08")) == "calm:2026-02-02"
    assert why_not(club, "off_peak", on(club, "02-09")) == "too_late"
    assert period(club, "off_peak", on(club, "03-02")) == "calm:2026-03-02"
    assert why_not(club, "off_peak", on(club, "03-30", "03-20")) == "no_campaign"


def test_it_is_for_those_who_came_in_the_last_sixty_days() -> None:
    club = calm()
    newcomer = Person(Life(club).until(of_day("02-02")), of_day("02-02"))
    assert why_not(club, "off_peak", newcomer) == "few_visits"
    assert why_not(club, "off_peak", on(club, "03-30", "01-28")) == "away_for_long"
    assert isinstance(ask(club, "off_peak", on(club, "03-30", "01-29")), DueMessage)
    # They still are when it goes out some days later.
    assert isinstance(ask(club, "off_peak", on(club, "04-02", "01-29")), DueMessage)
    # Who comes in the meantime is among them.
    assert isinstance(ask(club, "off_peak", on(club, "02-04", "02-03")), DueMessage)


def test_it_is_told_to_whom_the_campaign_is_for() -> None:
    elsewhere, ranked = calm(stores=["east"]), calm(ranks=["r2"])
    assert why_not(elsewhere, "off_peak", on(elsewhere, "02-02")) == "other_store"
    assert why_not(ranked, "off_peak", on(ranked, "02-02")) == "other_rank"
    at_both = on(elsewhere, "02-02")
    at_both = replace(at_both, facts=changed(at_both.facts, stores=("main", "east")))
    assert isinstance(ask(elsewhere, "off_peak", at_both), DueMessage)


def test_a_campaign_without_a_first_day_is_told_of_on_mondays() -> None:
    club = calm(starts=None)
    told = period(club, "off_peak", on(club, "02-24", "02-20"))
    assert told == "calm:2026-02-23"
    assert date(2026, 2, 23).weekday() == 0


def test_nobody_is_asked_between_the_times() -> None:
    journey = journey_of(CLUB, "off_peak")

    def asked(day: str, missed: int = 0) -> bool:
        return bool(list(journey.candidates(ClubOnDay(CLUB, of_day(day), missed))))

    assert not asked("02-01")
    assert asked("02-02")
    assert asked("02-08")
    assert not asked("02-09")
    assert asked("02-09", missed=1)


def test_it_says_what_the_campaign_gives_and_when() -> None:
    person = due_to("off_peak", CLUB)
    ja, en = said(person, "off_peak"), said(person, "off_peak", lang="en", arm="b")

    assert ja.title == "さくらさん、ゆったりした時間はいかがですか"
    assert ja.body.startswith("「特典」のご案内です。")
    given = "✨ 2026年2月2日から、14:00〜16:00は、ご来店・お買い物で、さらに5ポイント差し上げます。"
    assert ja.given == (given,)
    assert en.title == "“特典” at 店"
    assert "14:00–16:00" in en.given[0]
    assert [button.intent for button in ja.buttons] == ["card"]


@pytest.mark.parametrize("named", ["nowhere", "days_of_5"])
def test_a_campaign_that_is_not_there_or_has_no_hours_is_a_mistake(named: str) -> None:
    text = f'{CAFE}\n[[journeys]]\nkind = "off_peak"\ncampaign = "{named}"\n'
    read = review(text)

    assert isinstance(read, InvalidProgramme)
    [problem] = read.problems
    assert problem.path == 'journeys[6] "off_peak" .campaign'
    assert problem.message("en") == (
        f'no campaign "{named}" with hours of its own; there is: none is defined'
    )


def test_without_any_campaign_at_certain_hours_it_could_never_start() -> None:
    read = review(f'{CAFE}\n[[journeys]]\nkind = "off_peak"\n')
    assert isinstance(read, InvalidProgramme)
    assert [problem.code for problem in read.problems] == ["journey_never"]
