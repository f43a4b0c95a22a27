"""Who reads what their month was."""

from rules.journeys.candidates import ClubOnDay
from rules.journeys.member import DueMessage
from tests.rules.builders import of_day
from tests.rules.journeys.people import (
    CLUB,
    ask,
    came,
    due_to,
    journey_of,
    only,
    period,
    said,
    why_not,
)

THREE = ("01-10", "01-20", "01-31")


def test_who_came_steadily_hears_of_it_in_the_first_week() -> None:
    assert period(CLUB, "month_recap", came(CLUB, *THREE, until="02-01")) == "2026-01"
    assert period(CLUB, "month_recap", came(CLUB, *THREE, until="02-07")) == "2026-01"
    assert why_not(CLUB, "month_recap", came(CLUB, *THREE, until="02-08")) == "too_late"
    assert why_not(CLUB, "month_recap", came(CLUB, *THREE[:2], until="02-01")) == "few_in_month"
    # January's were three, but none of them is February's.
    assert why_not(CLUB, "month_recap", came(CLUB, *THREE, until="03-01")) == "few_in_month"


def test_how_often_is_the_programmes_to_say() -> None:
    strict, mild = (only("month_recap", visits_in_month=n) for n in (4, 1))
    assert why_not(strict, "month_recap", came(strict, *THREE, until="02-01")) == "few_in_month"
    assert isinstance(ask(mild, "month_recap", came(mild, "01-10", until="02-01")), DueMessage)


def test_nobody_is_looked_for_later_in_the_month_but_after_an_outage() -> None:
    journey = journey_of(CLUB, "month_recap")
    asked = [
        list(journey.candidates(ClubOnDay(CLUB, of_day(day), missed)))
        for day, missed in (("02-01", 0), ("02-07", 0), ("02-09", 0), ("02-09", 3))
    ]
    assert [bool(each) for each in asked] == [True, True, False, True]
    [one] = asked[0]
    assert one.visits_min == 3


def test_it_says_what_the_month_brought_and_what_comes_next() -> None:
    told = said(due_to("month_recap", CLUB), "month_recap")
    assert told.title == "1月も、ありがとうございました"
    assert "1月は3回お越しくださいました" in told.body
    assert told.given == ("✨ 30ポイントがたまりました", "🏅 新しいバッジ：バッジ")
    assert told.next_step
    assert told.picture == "month"
    english = said(due_to("month_recap", CLUB), "month_recap", lang="en", arm="b")
    assert english.title == "さくら, your January"
    assert "your 3 visits" in english.body
