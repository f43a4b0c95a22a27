"""What deserves a message, and which part of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rules.activity import (
    Absorbed,
    Anniversary,
    Membership,
    Occasion,
    Referral,
    Registration,
    Visit,
    What,
)
from rules.facts import Voucher, changed, newcomer
from rules.judging.carried import facts_json
from rules.programme.ranks import RankChange
from rules.wording.highlights import Highlights, Thanks
from rules.wording.news import news, priority_of, thanks_for, together, topic_of, unseen

DAY = date(2026, 1, 5)
SOMEBODY = newcomer(DAY, datetime(2026, 1, 5, 3, tzinfo=UTC))
UP = RankChange(None, "bronze", DAY, "reached")
GIFT = Voucher(1, "cookie", "birthday", DAY, DAY)
ALL = Highlights(UP, ("morning",), ("off_100",), (GIFT,))
BIRTHDAY = Occasion("birthday")


def told(what: What, brought: Highlights = ALL, *journeys: str) -> Highlights | None:
    return news(what, brought, SOMEBODY, journeys=journeys)


def test_an_ordinary_visit_is_no_news() -> None:
    assert told(Visit("staff"), Highlights()) is None


def test_whatever_a_visit_brought_is_told() -> None:
    assert told(Visit("staff")) == ALL


@pytest.mark.parametrize("state", ["paused", "left"])
def test_who_paused_or_left_is_not_written_to(state: Membership) -> None:
    away = changed(SOMEBODY, membership=state)
    assert news(Visit("staff"), ALL, away, journeys=()) is None


@pytest.mark.parametrize(
    ("what", "journey"), [(BIRTHDAY, "birthday"), (Anniversary(1), "anniversary")]
)
def test_gifts_of_a_day_are_told_by_its_journey_where_there_is_one(
    what: What, journey: str
) -> None:
    assert told(what, ALL, journey) == replace(ALL, vouchers=(), rewards=())
    assert told(what, Highlights(vouchers=(GIFT,)), journey) is None
    assert told(what) == ALL


def test_the_welcome_shows_what_can_be_had() -> None:
    visit, joining = Visit("staff"), Registration("line")
    assert unseen([joining, visit], ALL) == replace(ALL, rewards=())
    assert unseen([visit], ALL) == ALL


def test_of_two_cards_put_together_what_neither_had_is_news() -> None:
    assert told(Absorbed(facts_json(SOMEBODY), ())) == ALL


def test_what_matters_more_goes_first() -> None:
    thanks = Highlights(thanks=thanks_for(Referral(1), 100))
    only = Highlights(rewards=("off_100",), badges=("morning",))
    assert priority_of(ALL) < priority_of(thanks) < priority_of(only)


def test_a_step_on_the_ladder_is_of_the_topic_of_ranks() -> None:
    assert topic_of(ALL) == "ranks"
    assert topic_of(replace(ALL, rank=None)) == "points"


def test_news_that_has_not_left_is_told_with_what_came_since() -> None:
    then = RankChange("bronze", "silver", DAY, "reached")
    more = Highlights(then, ("evening",), ("off_100", "off_300"))
    both = Highlights(replace(then, before=None), ("morning", "evening"), more.rewards, (GIFT,))
    assert together(ALL, more) == together(replace(ALL, rewards=()), more) == both
    assert together(ALL, Highlights(badges=("evening",))) == replace(ALL, badges=both.badges)


def test_thanks_are_said_by_themselves() -> None:
    thanks = Highlights(thanks=Thanks("referral", 100))
    assert together(ALL, thanks) is together(thanks, ALL) is None
