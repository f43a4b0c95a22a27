"""Ranks: reached at once, lost slowly, soon regained."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.judging.decide import advance
from rules.programme.ranks import (
    Ladder,
    at_risk,
    revival_ends,
    visits_to_revive,
)
from rules.shop import days
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    at,
    becomes,
    club,
    fixed,
    ladder,
    of_day,
    reward,
    rule,
    timeline,
    visits,
)


def life(
    *steps: int, shop: Part | None = None, club_has: Part | None = None, **more: object
) -> Life:
    return Life(club(ranks=ladder(*steps, **more), shop=shop or {}, **(club_has or {})))


def held_on(member: Life, day: str) -> str | None:
    return member.until(of_day(day)).rank.id


def regular(member: Life, *days_: str) -> None:
    for day in days_:
        member.comes(of_day(day))


def test_a_rank_is_reached_by_the_visit_that_reaches_it() -> None:
    member = life(2, 3)
    regular(member, "01-10", "01-20", "01-31")
    assert member.ranks() == ["r1", "r2"]
    assert member.facts.rank.since == of_day("01-31")


def test_a_new_month_counts_from_nothing() -> None:
    member = life(3)
    regular(member, "01-30", "01-31", "02-01")
    assert member.facts.rank.id is None


def test_several_steps_can_be_taken_at_once() -> None:
    member = life(10, 20, measure="points", club_has={"earning": [rule("visit", fixed(25))]})
    decision = member.comes(of_day("01-10"))
    assert [(c.before, c.after, c.reason) for c in decision.rank_changes] == [
        (None, "r2", "reached")
    ]


def test_the_business_day_decides_about_the_month() -> None:
    member = life(1)
    member.does(visits(of_day("01-31"), 26))
    assert member.facts.rank.since == of_day("01-31")


@pytest.mark.parametrize("grace", [0, 1, 2])
def test_so_many_short_months_are_forgiven(grace: int) -> None:
    member = life(1, grace_periods=grace)
    regular(member, "01-10")
    lost_on = [of_day("03-01"), of_day("04-01"), of_day("05-01")][grace]
    assert member.until(lost_on - DAY).rank.id == "r1"
    assert member.until(lost_on).rank.id is None


def test_a_good_month_makes_the_grace_whole_again() -> None:
    member = life(1, grace_periods=1)
    regular(member, "01-10", "03-10")
    assert held_on(member, "04-30") == "r1"
    assert member.facts.rank.short == 0
    assert held_on(member, "05-01") == "r1"
    assert held_on(member, "06-01") is None


def test_a_rank_is_lost_one_step_at_a_time_each_with_its_grace() -> None:
    member = life(1, 2, grace_periods=1)
    regular(member, "01-10", "01-11")
    assert [held_on(member, f"{month:02}-01") for month in range(2, 8)] == [
        "r2", "r2", "r1", "r1", None, None,
    ]  # fmt: skip


def test_what_a_month_asks_is_what_the_rank_asks() -> None:
    member = life(1, 3, grace_periods=0)
    regular(member, "01-10", "01-11", "01-12", "02-02", "02-03")
    assert held_on(member, "03-01") == "r1"


@pytest.mark.parametrize(
    ("closed", "came", "keeps"),
    [
        ([], 2, False),
        # Half of February shut: of four visits two are enough.
        ([{"on": "2026-02-01", "until": "2026-02-14"}], 2, True),
        ([{"on": "2026-02-01", "until": "2026-02-14"}], 1, False),
        # Shut all month: nobody is judged.
        ([{"on": "2026-01-25", "until": "2026-03-02"}], 0, True),
    ],
)
def test_days_the_shop_is_closed_do_not_count_against_a_member(
    closed: list[Part], came: int, keeps: bool
) -> None:
    member = life(4, grace_periods=0, shop={"closed": closed})
    regular(member, "01-10", "01-11", "01-12", "01-13")
    regular(member, *(f"02-{20 + n}" for n in range(came)))
    assert (held_on(member, "03-01") == "r1") is keeps


def test_only_days_that_would_have_been_open_count_as_closed() -> None:
    # Open at weekends only, 8 days of February; shut for 4 of them, and 15 days in a row.
    shop = {
        "closed_weekdays": ["mon", "tue", "wed", "thu", "fri"],
        "closed": [{"on": "2026-02-01", "until": "2026-02-15"}],
    }
    member = life(4, grace_periods=0, shop=shop)
    regular(member, "01-10", "01-11", "01-17", "01-18", "02-21")
    assert held_on(member, "03-01") is None
    member = life(4, grace_periods=0, shop=shop)
    regular(member, "01-10", "01-11", "01-17", "01-18", "02-21", "02-22")
    assert held_on(member, "03-01") == "r1"


def test_someone_away_is_not_judged() -> None:
    member = life(1, grace_periods=0)
    regular(member, "01-10")
    member.does(becomes("paused", of_day("01-20")))
    assert held_on(member, "05-01") == "r1"
    member.does(becomes("active", of_day("05-20")))
    assert held_on(member, "06-01") == "r1"
    assert held_on(member, "07-01") is None


def test_a_visit_brings_a_lost_rank_back() -> None:
    member = life(3, grace_periods=0)
    regular(member, "01-10", "01-11", "01-12")
    assert held_on(member, "03-01") is None
    decision = member.comes(of_day("03-20"))
    assert [(c.after, c.reason) for c in decision.rank_changes] == [("r1", "revived")]
    assert (member.facts.rank.lost, member.facts.rank.lost_on) == (None, None)


def test_a_rank_that_the_months_visits_bring_back_is_no_promotion() -> None:
    gift = reward(given={"kind": "rank", "ranks": ["r1", "r2"]}, cost=None, valid_days=9)
    member = life(2, 3, grace_periods=0, revival=None, club_has={"rewards": [gift]})
    regular(member, "01-10", "01-11")
    assert held_on(member, "03-01") is None
    back = [member.comes(of_day(day)) for day in ("03-10", "03-11", "03-12")]
    assert [(c.after, c.reason) for each in back for c in each.rank_changes] == [
        ("r1", "revived"), ("r2", "reached"),
    ]  # fmt: skip
    assert [len(each.vouchers) for each in back] == [0, 0, 1]


def test_a_revival_late_in_a_month_survives_its_end() -> None:
    member = life(3, grace_periods=0)
    regular(member, "01-10", "01-11", "01-12")
    member.until(of_day("03-01"))
    regular(member, "03-30")
    assert held_on(member, "04-01") == "r1"
    assert held_on(member, "05-01") is None


@pytest.mark.parametrize(("day", "back"), [("03-30", "r1"), ("03-31", None)])
def test_the_window_of_a_revival_ends(day: str, back: str | None) -> None:
    member = life(3, grace_periods=0, revival={"days": 30})
    regular(member, "01-10", "01-11", "01-12")
    regular(member, day)
    assert member.facts.rank.id == back


def test_closed_days_lengthen_the_window_of_a_revival() -> None:
    shop = {"closed": [{"on": "2026-03-10", "until": "2026-03-14"}]}
    programme = club(ranks=ladder(3, grace_periods=0), shop=shop)
    assert programme.ranks
    assert revival_ends(programme.ranks, programme.shop, of_day("03-01")) == of_day("04-05")


def test_a_revival_may_ask_for_several_visits() -> None:
    member = life(3, grace_periods=0, revival={"visits": 2})
    regular(member, "01-10", "01-11", "01-12")
    member.until(of_day("03-01"))
    programme = member.timeline.latest.programme
    assert programme.ranks
    for day, missing in (("03-02", 1), ("03-03", None)):
        regular(member, day)
        left = visits_to_revive(programme.ranks, programme.shop, member.facts, of_day(day))
        assert left == missing
    assert member.facts.rank.id == "r1"


def test_a_club_may_do_without_revival() -> None:
    member = life(3, grace_periods=0, revival=None)
    regular(member, "01-10", "01-11", "01-12", "03-02")
    assert member.facts.rank.id is None


def test_the_higher_rank_comes_back_while_its_promise_stands() -> None:
    member = life(1, 2, 3, grace_periods=0, revival={"days": 60})
    regular(member, "01-10", "01-11", "01-12")
    assert held_on(member, "03-01") == "r2"
    assert held_on(member, "04-01") == "r1"
    regular(member, "04-15")
    assert member.facts.rank.id == "r3"


def test_when_a_promise_is_over_the_rank_lost_since_can_come_back() -> None:
    member = life(1, 2, 3, grace_periods=0, revival={"days": 20})
    regular(member, "01-10", "01-11", "01-12")
    assert held_on(member, "04-01") == "r1"
    regular(member, "04-15")
    assert member.facts.rank.id == "r2"


def test_reaching_a_lower_rank_again_leaves_the_higher_one_to_revive() -> None:
    member = life(1, 3, grace_periods=0, revival={"visits": 2, "days": 90})
    regular(member, "01-10", "01-11", "01-12")
    assert held_on(member, "04-01") is None
    regular(member, "04-02")
    assert (member.facts.rank.id, member.facts.rank.lost) == ("r1", "r2")
    regular(member, "04-03")
    assert (member.facts.rank.id, member.facts.rank.lost) == ("r2", None)


@pytest.mark.parametrize(
    ("day", "missing"), [("02-20", None), ("02-21", None), ("02-22", 2), ("02-28", 2)]
)
def test_the_warning_comes_in_the_last_days_of_the_month_that_would_cost_the_rank(
    day: str, missing: int | None
) -> None:
    member = life(3, grace_periods=0, warn_days=7)
    regular(member, "01-10", "01-11", "01-12", "02-03")
    programme = member.timeline.latest.programme
    assert programme.ranks
    facts = member.until(of_day(day))
    assert at_risk(programme.ranks, programme.shop, facts, of_day(day)) == missing


def test_nobody_is_warned_without_need() -> None:
    programme = club(ranks=ladder(1, grace_periods=1))
    assert programme.ranks
    member = Life(programme)

    def risk(day: str) -> int | None:
        assert programme.ranks
        return at_risk(programme.ranks, programme.shop, member.until(of_day(day)), of_day(day))

    assert risk("01-31") is None  # no rank
    regular(member, "02-01")
    assert risk("02-28") is None  # kept
    assert risk("03-31") is None  # short, but forgiven
    assert risk("04-30") == 1
    member.does(becomes("paused", of_day("04-30")))
    assert risk("04-30") is None  # away


def test_every_loss_was_warned_of_the_day_before() -> None:
    for grace in (0, 1):
        member = life(1, 2, grace_periods=grace)
        regular(member, "01-10", "01-11", "03-03")
        programme = member.timeline.latest.programme
        assert programme.ranks
        for day in days(of_day("02-01"), of_day("09-01")):
            risk = at_risk(programme.ranks, programme.shop, member.until(day), day)
            _, changes = advance(member.timeline, member.facts, day + DAY)
            assert bool(changes) <= (risk is not None), day


def test_who_holds_a_rank_that_the_programme_dropped_stands_on_the_ladder_that_is() -> None:
    old, new = club(ranks=ladder(1)), club(ranks={**ladder(1), "steps": [
        {"id": "fan", "name": {"ja": "ファン"}, "at": 1}]})  # fmt: skip
    line = timeline(old, new, since=at(JOINED) - DAY * 335)
    member = Life(line)
    regular(member, "01-10")
    assert held_on(member, "04-01") == "fan"
    regular(member, "04-02")
    assert member.facts.rank.id == "fan"


def test_a_month_is_judged_by_the_version_in_force_at_its_end() -> None:
    mild, strict = (club(ranks=ladder(n, grace_periods=0)) for n in (1, 5))
    member = Life(timeline(mild, strict, since=at(of_day("03-02")) - DAY * 365))
    regular(member, "01-10", "02-10")
    assert held_on(member, "03-31") == "r1"
    assert held_on(member, "04-01") is None


def test_a_club_may_do_without_ranks() -> None:
    member = Life(club())
    regular(member, "01-10", "01-11")
    assert member.ranks() == []
    assert member.until(date(2027, 1, 1)).rank.id is None


@pytest.mark.parametrize("steps", [(3, 3), (3, 2)])
def test_ranks_must_rise(steps: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="ranks_rise"):
        Ladder.model_validate(ladder(*steps))


def test_a_lost_rank_is_revived_by_no_visit_where_the_shop_has_none() -> None:
    member = life(2, grace_periods=0, revival={"days": 0})
    regular(member, "01-10", "01-20")
    assert held_on(member, "03-01") is None
    programme = member.timeline.latest.programme
    assert programme.ranks is not None
    assert programme.ranks.offered_revival is None
    facts = member.until(of_day("03-01"))
    assert visits_to_revive(programme.ranks, programme.shop, facts, of_day("03-01")) is None
    regular(member, "03-02")
    assert held_on(member, "03-02") is None
