"""What a rank brings, by its kind: what staff give once in a period, what opens to some first."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.activity import Activity, PerkGiven
from rules.programme.ranks import Perk
from rules.programme.rewards import Reward, check_redemption, standing
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    club,
    does,
    gets,
    ladder,
    of_day,
    reward,
    takes,
    text,
    visits,
)


def perk(key: str = "sip", **more: object) -> Part:
    return {"name": text(key), **more}


def key_of(name: str) -> str:
    return Perk.model_validate(perk(name)).key


def with_perks(*of_each: list[Part]) -> Life:
    ranks = ladder(*range(1, len(of_each) + 1))
    for step, perks in zip(ranks["steps"], of_each, strict=True):
        step["perks"] = perks
    return Life(club(ranks=ranks, visits={"per_day_max": 9}))


def gives(name: str, day: date) -> Activity:
    return does(PerkGiven(key_of(name)), day, 16, by="staff", store="main")


def test_a_perk_without_a_kind_is_given_by_staff() -> None:
    assert Perk.model_validate({"name": text("試食")}).kind == "staff"


def test_what_the_rank_brings_is_given_to_nobody_else() -> None:
    member = with_perks([perk()])
    assert member.refused(gives("sip", JOINED)) == "perk_none"
    member.does(visits(JOINED), gives("sip", JOINED))
    assert member.facts.perks == {key_of("sip"): JOINED}


@pytest.mark.parametrize(
    ("every", "again", "later"),
    [
        ("day", "01-05", "01-06"),
        ("month", "01-31", "02-01"),
        ("year", "12-31", "2027-01-01"),
        ("once", "12-31", ""),
    ],
)
def test_it_is_given_once_in_its_period(every: str, again: str, later: str) -> None:
    member = with_perks([perk(every=every)])
    member.does(visits(JOINED), gives("sip", JOINED))
    held = Perk.model_validate(perk(every=every))
    assert not held.is_due(member.facts.perks[key_of("sip")], of_day(again))
    assert member.refused(gives("sip", JOINED)) == "perk_given"
    if later:
        day = date.fromisoformat(later) if len(later) > 5 else of_day(later)
        assert held.is_due(member.facts.perks[key_of("sip")], day)


def test_a_higher_rank_has_the_perks_below_and_of_prices_its_own() -> None:
    low = [perk("sip"), perk("price_5", kind="price", percent=5)]
    high = [perk("price_10", kind="price", percent=10)]
    member = with_perks(low, high)
    member.does(visits(JOINED), visits(JOINED, 15))
    held = member.timeline.latest.programme.ranks
    assert held is not None
    assert [each.name.ja for each in held.perks_of("r2")] == ["sip", "price_10"]
    assert [each.name.ja for each in held.perks_of("r1")] == ["sip", "price_5"]
    assert held.perks_of(None) == ()


def test_only_what_staff_give_is_noted_as_given() -> None:
    member = with_perks([perk("off", kind="price", percent=5)])
    member.does(visits(JOINED))
    assert member.refused(gives("off", JOINED)) == "perk_none"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "price"},
        {"kind": "price", "percent": 5, "yen_off": 50},
        {"kind": "staff", "percent": 5},
        {"kind": "event", "reward": "gift"},
        {"kind": "seat"},
    ],
)
def test_a_kind_has_its_own_keys(wrong: Part) -> None:
    with pytest.raises(ValidationError):
        Perk.model_validate(perk(**wrong))


FIRST = {"ranks": ["r1"], "until": of_day("01-06").isoformat()}


def test_a_reward_opens_to_a_rank_first_and_then_to_all_by_itself() -> None:
    member = Life(club(rewards=[reward(first=FIRST)], ranks=ladder(1, 2)))
    member.does(gets(50, JOINED))
    assert member.refused(takes("gift", 10, JOINED)) == "reward_early"
    assert member.refused(takes("gift", 10, JOINED + DAY)) == "reward_early"
    member.does(takes("gift", 10, JOINED + DAY * 2))
    early = Life(club(rewards=[reward(first=FIRST)], ranks=ladder(1, 2)))
    early.does(gets(50, JOINED), visits(JOINED, 15), takes("gift", 10, JOINED, 16))
    assert early.facts.balance == 40


def test_what_is_open_to_some_first_goes_back_to_its_own_ranks_later() -> None:
    gift = Reward.model_validate(reward(first=FIRST, ranks=["r2"]))
    member = Life(club(rewards=[reward()], ranks=ladder(1, 2)))
    member.does(gets(50, JOINED), visits(JOINED, 15))
    assert standing(gift, member.facts, JOINED).ready
    later = standing(gift, member.facts, JOINED + DAY * 2)
    assert (later.needs_rank, later.early_until) == (True, None)
    no = check_redemption(gift, member.facts, JOINED + DAY * 2)
    assert no is not None
    assert no.code == "reward_rank"


def test_who_must_wait_knows_until_when() -> None:
    gift = Reward.model_validate(reward(first=FIRST))
    facts = Life(club()).facts
    assert standing(gift, facts, JOINED).early_until == of_day("01-06")
    assert standing(gift, facts, of_day("01-07")).early_until is None


def test_what_is_over_before_it_begins_can_not_be() -> None:
    with pytest.raises(ValidationError):
        Reward.model_validate(reward(first=FIRST, starts="2026-01-07"))
