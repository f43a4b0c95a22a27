"""One visit short, of what, and until when."""

from dataclasses import replace

import pytest

from rules.journeys.member import DueMessage, NotDue
from rules.journeys.message import QueuedWording, view
from rules.outlook.next_step import next_step
from tests.rules.builders import Life, badge, ladder, of_day, text, visits
from tests.rules.journeys.people import (
    CLUB,
    ask,
    came,
    due_to,
    everything,
    journey_of,
    period,
    said,
    why_not,
)


@pytest.mark.parametrize(
    ("day", "expected"), [("03-20", "not_one_short"), ("03-22", None), ("03-27", "too_late")]
)
def test_one_short_waits_for_the_last_days_and_some_peace(day: str, expected: str | None) -> None:
    answer = ask(CLUB, "one_short", came(CLUB, "03-05", "03-19", until=day))
    assert (answer.reason if isinstance(answer, NotDue) else None) == expected


def test_nobody_is_one_short_after_the_visit() -> None:
    person = came(CLUB, "03-05", "03-19", "03-24", until="03-24")
    assert why_not(CLUB, "one_short", person) == "not_one_short"


def test_one_short_of_a_badge_is_told_once_for_the_badge() -> None:
    club = everything(badges=[badge({"kind": "visits", "count": 3})], ranks=None)
    assert period(club, "one_short", came(club, "03-05", "03-19", until="03-22")) == "badge:badge"
    no_badges = everything(
        {"kind": "one_short", "to": ["rank"]},
        badges=[badge({"kind": "visits", "count": 3})],
        ranks=None,
    )
    person = came(no_badges, "03-05", "03-19", until="03-22")
    assert why_not(no_badges, "one_short", person) == "not_one_short"


def test_nobody_reads_of_another_step_than_the_card_names() -> None:
    badges = [badge({"kind": "visits", "count": 6})]
    club = everything(badges=badges, ranks=ladder(3, 7, grace_periods=0))
    days = ("01-10", "01-11", "01-12", "02-05", "02-06")
    person = came(club, *days, until="02-26")
    step = next_step(club, person.facts, person.day)
    assert (step.kind, step.visits) == ("keep_rank", 1)
    assert why_not(club, "one_short", person) == "not_one_short"
    # Nor while one visit brings the rank back, which is what they are told.
    assert why_not(club, "one_short", came(club, *days, until="03-02")) == "not_one_short"


def test_nobody_is_called_when_the_shop_is_shut_till_the_month_ends() -> None:
    shut = {"closed": [{"on": of_day("03-24"), "until": of_day("03-31")}]}
    club = everything(shop=shut)
    person = came(club, "03-05", "03-19", until="03-24")
    assert why_not(club, "one_short", person) == "not_one_short"


def test_ranks_by_points_are_not_one_visit_away() -> None:
    club = everything(ranks=ladder(30, measure="points"))
    person = came(club, "03-05", "03-19", until="03-24")
    assert why_not(club, "one_short", person) == "not_one_short"


def test_nobody_reads_one_more_visit_after_that_visit() -> None:
    person = due_to("one_short", CLUB)
    answer = ask(CLUB, "one_short", person)
    assert isinstance(answer, DueMessage)
    life = Life(CLUB)
    life.facts = person.facts
    life.does(visits(person.day))
    after = replace(person, facts=life.facts)
    written = QueuedWording(answer.period, "a")
    assert view(journey_of(CLUB, "one_short"), after.of(CLUB), written, name="") is None


def test_what_is_about_a_badge_leads_to_the_badges() -> None:
    club = everything(
        badges=[{"id": "b", "name": text("三度"), "needs": {"kind": "visits", "count": 3}}],
        ranks=None,
    )
    message = said(came(club, "03-05", "03-19", until="03-22"), "one_short", club)
    assert message.body == "次のご来店で、バッジ「三度」が手に入ります。お待ちしています！"
    assert [button.intent for button in message.buttons] == ["card", "badges"]
    assert message.target == "b"
