"""The one decision: what is counted, what follows, and what the end of a period does."""

from typing import get_args

import pytest

from rules.activity import (
    BirthdayTold,
    Expiry,
    Registration,
    Via,
    Visit,
)
from rules.facts import Birthday
from rules.judging.decide import Decision, advance, apply, next_boundary
from rules.shop import days
from tests.rules.builders import (
    DAY,
    JOINED,
    OCCASIONS,
    Life,
    at,
    badge,
    bonus,
    buys,
    campaign,
    club,
    does,
    fixed,
    gets,
    given,
    ladder,
    of_day,
    rule,
    streak,
    text,
    timeline,
    visits,
)

FAN_STEPS = {"visits_in_month": 3, "message": text("ファン認定ステップ")}


def test_a_visit_is_counted_with_its_place_and_day() -> None:
    member = Life(club())
    member.does(visits(JOINED + DAY), visits(JOINED + DAY * 3, store="east"))
    facts = member.facts
    assert (facts.visits, facts.stores) == (2, ("main", "east"))
    assert (facts.first_visit_on, facts.last_visit_on) == (JOINED + DAY, JOINED + DAY * 3)
    assert facts.last_visit_at == facts.last_at == at(JOINED + DAY * 3)


def test_points_run_out() -> None:
    member = Life(club())
    decision = member.does(gets(20, JOINED), does(Expiry(15), JOINED + DAY, by="system"))
    assert decision.spent is not None
    assert (decision.spent.rule, decision.spent.points) == ("expiry", 15)
    assert member.facts.balance == 5


def test_a_manager_gives_and_takes_by_name() -> None:
    member = Life(club())
    assert given(member.does(gets(20, JOINED))) == {"adjustment": 20}
    taken = member.does(gets(-20, JOINED + DAY)).spent
    assert taken is not None
    assert (taken.rule, taken.points) == ("adjustment", 20)


def test_points_by_hand_were_not_earned_and_bring_no_rank() -> None:
    programme = club(
        ranks=ladder(20, measure="points"), earning=[rule("purchase", fixed(20))], purchase={}
    )
    member = Life(programme)
    assert member.does(gets(50, JOINED), gets(-10, JOINED, 15)).rank_changes == ()
    facts = member.facts
    assert (facts.balance, facts.earned, facts.rank.id) == (40, 0, None)
    assert facts.days == ()
    bought = member.does(buys(JOINED + DAY, 100))
    assert [change.after for change in bought.rank_changes] == ["r1"]
    assert (member.facts.balance, member.facts.earned) == (60, 20)


def test_a_birthday_is_noted_and_its_changes_counted() -> None:
    member = Life(club())
    member.does(does(BirthdayTold(5, 12, 1990), JOINED), does(BirthdayTold(5, 13), JOINED + DAY))
    assert member.facts.birthday == Birthday(5, 13, None, changes=1)
    assert member.refused(does(BirthdayTold(5, 14), JOINED + DAY * 2)) == "birthday_changes"


def test_the_source_of_joining_is_kept() -> None:
    life = Life(club())
    registered = does(Registration("referral"), JOINED)
    outcome = apply(life.timeline, life.facts, registered)
    assert isinstance(outcome, Decision)
    assert life.facts.source == "line"


@pytest.mark.parametrize("name", OCCASIONS)
def test_everything_is_counted(name: str) -> None:
    member = Life(club(referral={"counts_at": "registration"}))
    day = JOINED.replace(year=2027)
    if name == "birthday":
        member.does(does(BirthdayTold(day.month, 12), day, 8))
    member.does(does(OCCASIONS[name], day))
    assert member.facts.counts[name] == 1
    assert member.facts.visits == 0


def test_everything_that_follows_from_a_visit_comes_at_once() -> None:
    member = Life(club(
        earning=[rule("visit", fixed(10)), rule("streak", fixed(3), streak="weekly")],
        campaigns=[campaign(bonus(5))], badges=[badge({"kind": "visits", "count": 1}, points=2)],
        streaks=[streak()], ranks=ladder(1),
        fan_steps={**FAN_STEPS, "visits_in_month": 1},
    ))  # fmt: skip
    decision = member.does(visits(JOINED))
    assert given(decision) == {"visit_rule": 10, "campaign:extra": 5, "streak_rule": 3,
                               "badge:badge": 2}  # fmt: skip
    assert decision.points == member.facts.balance == 20
    assert decision.badges == ("badge",)
    assert [change.after for change in decision.rank_changes] == ["r1"]
    assert decision.invited
    assert decision.spent is None


def test_the_invitation_comes_at_the_third_visit_of_a_month_once() -> None:
    member = Life(club(fan_steps=FAN_STEPS))
    coming = ["01-30", "01-31", "02-01", "02-02", "02-03", "02-04", "03-01", "03-02", "03-03"]
    invited = [member.comes(of_day(day)).invited for day in coming]
    assert invited == [day == "02-03" for day in coming]
    assert member.facts.fan_invited_on == of_day("02-03")


def test_who_came_often_before_there_were_fan_steps_is_invited_at_the_next_visit() -> None:
    without, later = club(), club(fan_steps=FAN_STEPS)
    member = Life(timeline(without, later, since=at(of_day("01-20")) - DAY * 365))
    member.comes(*(of_day(f"01-{n}") for n in range(10, 14)))
    assert member.comes(of_day("01-21")).invited


def test_a_club_without_fan_steps_invites_nobody() -> None:
    member = Life(club())
    assert not member.comes(JOINED, JOINED + DAY, JOINED + DAY * 2).invited


@pytest.mark.parametrize(
    ("day", "boundary"),
    [("01-05", "01-12"), ("01-11", "01-12"), ("01-28", "02-01"), ("02-01", "02-02")],
)
def test_periods_end_on_mondays_and_firsts(day: str, boundary: str) -> None:
    assert next_boundary(of_day(day)) == of_day(boundary)


def test_what_has_not_ended_is_not_judged() -> None:
    member = Life(club(ranks=ladder(1)))
    before = member.facts
    assert advance(member.timeline, before, JOINED + DAY) == (before, ())
    assert member.until(of_day("02-01")).settled == of_day("02-01")


def test_a_rank_lost_on_the_way_is_told_with_the_visit_that_finds_it_lost() -> None:
    member = Life(club(ranks=ladder(2, grace_periods=0, revival=None)))
    member.comes(JOINED, JOINED + DAY)
    changes = member.comes(of_day("05-05")).rank_changes
    assert [(c.before, c.after, c.on, c.reason) for c in changes] == [
        ("r1", None, of_day("03-01"), "short")
    ]


def test_a_refusal_changes_nothing_not_even_what_has_ended() -> None:
    member = Life(club(ranks=ladder(1, grace_periods=0)))
    member.comes(JOINED)
    before = member.facts
    assert member.refused(buys(of_day("06-01"), 100)) == "no_purchases"
    assert member.facts is before


def test_a_beacon_counts_like_the_counter() -> None:
    member = Life(club(earning=[rule("visit", fixed(5))]))
    for n, via in enumerate(get_args(Via)):
        assert member.does(does(Visit(via), JOINED + DAY * n)).points == 5


def test_going_through_a_year_night_by_night_ends_where_one_step_does() -> None:
    parts = club(ranks=ladder(1, 2), streaks=[streak()])
    slow, fast = Life(parts), Life(parts)
    for member in (slow, fast):
        member.comes(JOINED, JOINED + DAY)
    for night in days(JOINED, JOINED + DAY * 365):
        slow.until(night)
    assert slow.facts == fast.until(JOINED + DAY * 364)
