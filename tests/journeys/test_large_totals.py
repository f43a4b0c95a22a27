"""Totals of more than 32 bits work alike on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.codes import RewardUse
from bot.store.history import ledger
from handlers.actions.calendar.expire import expire
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from rules.base import POINTS_MAX, YEN_MAX
from tests.handlers.clubs import DESK, MANAGER, SmallClub, club_on
from tests.rules.examples import CAFE, changed

#: More than 32 bits hold.
MANY = 3_000_000_000
EVERY_YEN = changed(CAFE, ("points = 1, yen = 100 }", "points = 1000, yen = 1 }"))


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, EVERY_YEN) as cafe:
        yield cafe


def buys(cafe: SmallClub, member: int, yen: int, key: str) -> int:
    with cafe.work("staff", key=key) as work:
        return purchase(work, Request(member, Purchase(yen), cafe.now, "ekimae")).points


def test_a_balance_of_billions_is_given_spent_undone_and_merged(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    cafe.passes(days=1)
    assert buys(cafe, member, YEN_MAX, "till:1") > MANY
    assert buys(cafe, other, YEN_MAX, "till:2") > MANY
    cafe.passes(days=1)
    assert buys(cafe, member, YEN_MAX, "till:3") > MANY
    assert cafe.member(member).facts.spend == 2 * YEN_MAX
    assert cafe.differences(member, other) == []
    with cafe.work("staff", key="use:1") as work:
        assert redeem(work, member, RewardUse("off_100", None), at=cafe.now).done
    with cafe.work(DESK, key="merge:1") as work:
        assert merge(work, MergeRequest(member, other)).done
    assert cafe.balance(member) > 3 * MANY
    assert cafe.differences(member, other) == []
    before = cafe.balance(member)
    undone = cafe.undoes(member, "till:3")
    assert undone.points < -MANY
    assert cafe.balance(member) == before + undone.points
    assert cafe.undoes(member, "merge:1").done
    assert cafe.differences(member, other) == []
    with cafe.store.read() as uow:
        summed, left = ledger.balance(uow, member)
    assert summed == left == cafe.balance(member)


def test_points_by_hand_and_points_that_run_out_have_no_smaller_end(cafe: SmallClub) -> None:
    member = cafe.joins()
    owner = replace(MANAGER, role="owner")
    for n in range(4):
        with cafe.work(owner, key=f"adjust:{n}") as work:
            adjust(work, member, POINTS_MAX, reason="お詫び")
    assert cafe.balance(member) == 50 + 4 * POINTS_MAX
    for _ in range(4):
        cafe.passes(days=200)
        with cafe.work() as work:
            expire(work, member, day=work.day)
    assert cafe.balance(member) == 0
    assert cafe.differences(member) == []
