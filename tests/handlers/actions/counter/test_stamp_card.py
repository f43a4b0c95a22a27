"""An old card of stamps, moved once onto each member's."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.history import history
from bot.store.messages import outbox_by_member
from bot.store.staff import flags
from bot.store.tables import audit_log
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.stamp_card import OldCard, move_stamp_card
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.showing.exported import export, table
from handlers.showing.viewer import viewer_of
from rules.activity import BroughtAlong, Membership
from tests.handlers.clubs import DESK, MANAGER, SmallClub
from tests.rules.examples import CAFE

#: Ten points for each stamp; somebody who joins has 50 by it.
STAMPS = "\n[stamp_cards]\npoints = 10\nstamps_max = 20\nuntil = 2026-03-31\n"
OWNER = Actor(9, "オーナー", "owner", "ekimae", everywhere=True)


@pytest.fixture(name="cafe")
def _takes_old_cards(cafe: SmallClub) -> SmallClub:
    cafe.publishes(CAFE + STAMPS)
    return cafe


def moves(cafe: SmallClub, member: int, stamps: int, desk: Actor = DESK, **of: Any) -> Outcome:
    card = OldCard(stamps, of.get("points", stamps * 10))
    with cafe.work(desk, key=of.get("key") or cafe.key()) as work:
        return move_stamp_card(work, member, card)


def logged(cafe: SmallClub) -> list[Any]:
    with cafe.store.read() as uow:
        rows = uow.run(select(audit_log).where(audit_log.c.action == "stamps")).all()
    return [json.loads(row.details) for row in rows]


def told(cafe: SmallClub, member: int) -> list[Any]:
    """What the member is to hear of it, as it waits to leave."""
    with cafe.store.read() as uow:
        return [json.loads(say) for _, say in outbox_by_member.queued(uow, member, "reached")]


def test_an_old_card_is_moved_once_for_each_member(cafe: SmallClub) -> None:
    member = cafe.joins()
    done = moves(cafe, member, 7, key="staff:1")
    assert (done.points, done.balance) == (70, 120)
    # Tapped twice, and sent by another page.
    assert moves(cafe, member, 7, key="staff:1") == done
    assert moves(cafe, member, 3).refused == "stamps_again"
    assert cafe.balance(member) == 120
    facts = cafe.member(member).facts
    # No visits, and nothing that was earned here.
    assert (facts.visits, facts.earned, facts.visit_days) == (0, 50, ())
    assert logged(cafe) == [{"points": 70, "stamps": 7}]
    assert cafe.differences(member) == []


@pytest.mark.parametrize(
    ("stamps", "points", "why"),
    [
        (0, 0, "stamps_none"),
        (-1, -10, "stamps_none"),
        (21, 210, "stamps_most"),
        (7, 35, "stamps_changed"),
    ],
)
def test_what_no_card_has_is_refused(cafe: SmallClub, stamps: int, points: int, why: str) -> None:
    member = cafe.joins()
    assert moves(cafe, member, stamps, points=points).refused == why
    assert cafe.balance(member) == 50


def test_old_cards_are_taken_up_to_the_last_day_and_where_the_programme_says_so(
    cafe: SmallClub,
) -> None:
    first, second, third = cafe.joins(), cafe.joins(), cafe.joins()
    last = date(2026, 3, 31)
    cafe.passes(days=(last - cafe.timeline.latest.programme.shop.business_date(cafe.now)).days)
    assert moves(cafe, first, 2).done
    cafe.passes(days=1)
    assert moves(cafe, second, 2).refused == "stamps_over"
    cafe.publishes(CAFE)
    assert moves(cafe, third, 2).refused == "stamps_off"
    # What was moved stays.
    assert cafe.balance(first) == 70
    assert cafe.differences(first, second, third) == []


def test_another_worth_later_leaves_what_was_moved(cafe: SmallClub) -> None:
    before, after = cafe.joins(), cafe.joins()
    moves(cafe, before, 5)
    cafe.publishes(CAFE + STAMPS.replace("points = 10", "points = 30"))
    assert moves(cafe, after, 5).refused == "stamps_changed"
    assert moves(cafe, after, 5, points=150).balance == 200
    assert cafe.balance(before) == 100
    assert cafe.differences(before, after) == []


def test_undone_it_can_be_moved_again(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    moves(cafe, member, 7, key="staff:1")
    assert cafe.undoes(member, "staff:1", desk=DESK, reason="").balance == 50
    assert moves(cafe, member, 6, key="staff:2").balance == 110
    assert moves(cafe, member, 6).refused == "stamps_again"
    # The next day it is a manager's.
    cafe.passes(days=1)
    assert cafe.undoes(member, "staff:2", desk=DESK).refused == "undo_managers"
    assert cafe.undoes(member, "staff:2").balance == 50
    assert cafe.differences(member) == []


def change(cafe: SmallClub, member: int, state: Membership) -> None:
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert change_membership(work, member, state, at=work.now).done


def test_whoever_left_has_nothing_moved_and_whoever_pauses_does(cafe: SmallClub) -> None:
    left, paused = cafe.joins("U1"), cafe.joins("U2")
    change(cafe, left, "left")
    change(cafe, paused, "paused")
    assert moves(cafe, left, 3).refused == "left"
    assert moves(cafe, paused, 3).balance == 80
    # Nobody writes to who pauses.
    assert told(cafe, paused) == []
    change(cafe, left, "active")
    assert moves(cafe, left, 3).done
    assert cafe.differences(left, paused) == []


def joined(cafe: SmallClub, keep: int, other: int) -> str:
    key = cafe.key()
    with cafe.work(MANAGER, key=key) as work:
        assert merge(work, MergeRequest(keep, other)).done
    return key


def test_a_card_that_moved_its_stamps_is_merged_with_that_and_parted_with_it(
    cafe: SmallClub,
) -> None:
    keep, other = cafe.joins(), cafe.joins()
    moves(cafe, other, 4)
    key = joined(cafe, keep, other)
    assert moves(cafe, keep, 9).refused == "stamps_again"
    assert moves(cafe, other, 9).refused == "merged"
    assert cafe.undoes(keep, key).done
    assert moves(cafe, other, 9).refused == "stamps_again"
    assert moves(cafe, keep, 9).balance == 140
    # Both had one: both stand, and there is no third.
    joined(cafe, keep, other)
    assert moves(cafe, keep, 1).refused == "stamps_again"
    assert cafe.member(keep).facts.counts["stamps_moved"] == 13
    assert cafe.differences(keep, other) == []


def test_its_points_count_among_those_that_somebody_gives_by_hand(cafe: SmallClub) -> None:
    few = CAFE
    for name, most in (("asked", 100), ("max", 150), ("per_day_max", 250)):
        few = re.sub(rf"(?m)^points_{name} = \d+", f"points_{name} = {most}", few)
    cafe.publishes(few + STAMPS)
    members = [cafe.joins() for _ in range(5)]
    assert moves(cafe, members[0], 16).refused == "points_owner"
    assert moves(cafe, members[0], 15).done
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert adjust(work, members[1], 60, reason="お詫び").done
    # 150 of hers, and 60 of the manager's, who has 250 of their own.
    assert moves(cafe, members[2], 11).refused == "points_day"
    assert moves(cafe, members[2], 10).done
    assert moves(cafe, members[3], 15, MANAGER).done
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert adjust(work, members[3], 41, reason="お詫び").refused == "points_day"
    assert moves(cafe, members[4], 20, OWNER).done
    with cafe.store.read() as uow:
        shown = flags.page(uow, store=None, limit=9)
    assert sorted((each.kind, each.details["count"]) for each in shown) == [
        ("by_hand", 100), ("by_hand", 150), ("by_hand", 150), ("by_hand", 200),
    ]  # fmt: skip


def test_the_member_hears_of_it_once_and_not_of_what_was_undone(cafe: SmallClub) -> None:
    member, paper = cafe.joins("U1"), cafe.joins()
    for _ in range(2):
        moves(cafe, member, 7, key="staff:1")
    moves(cafe, paper, 7)
    [say] = told(cafe, member)
    assert say["thanks"] == {"what": "stamps", "points": 70, "years": 0, "stamps": 7}
    assert told(cafe, paper) == []
    cafe.undoes(member, "staff:1")
    assert told(cafe, member) == []


def test_two_at_once_move_it_once(cafe: SmallClub) -> None:
    member = cafe.joins()
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda n: moves(cafe, member, n), (3, 4)))
    assert sorted(each.refused or "" for each in done) == ["", "stamps_again"]
    whats = [each.activity.what for each in cafe.history(member)]
    [moved] = [what for what in whats if isinstance(what, BroughtAlong)]
    assert cafe.balance(member) == 50 + moved.points
    assert cafe.differences(member) == []


def test_the_member_takes_it_along_in_its_own_words_and_who_is_erased_has_none_moved(
    cafe: SmallClub,
) -> None:
    member = cafe.joins("U1")
    moves(cafe, member, 7)
    with cafe.store.read() as uow:
        viewer = viewer_of(cafe.club, cafe.member(member))
        whole = table(export(uow, viewer, account="", shares=False))
        english = replace(cafe.member(member), language="en")
        abroad = table(export(uow, viewer_of(cafe.club, english), account="", shares=False))
    assert "前のスタンプカードのお引きつぎ（7個）" in whole
    assert "Your old stamp card (7 stamps)" in abroad
    with cafe.work(MANAGER, key=cafe.key()) as work:
        assert erase(work, member).done
    assert moves(cafe, member, 7).refused == "erased"
    assert cafe.differences(member) == []


def test_what_was_brought_before_there_were_stamps_reads_as_it_did() -> None:
    before = history.read_what('BroughtAlong {"points":30,"visits":2,"expires_on":null}')
    assert before == BroughtAlong(30, 2)
    assert (before.text, before.values) == ("brought", {"count": 2})
