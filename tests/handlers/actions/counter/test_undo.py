"""Undoing: as if it had never been, or a refusal that says why."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.codes import RewardUse
from bot.store.finding import undoable
from bot.store.history import stock
from bot.store.tables import activities, audit_log, entries, lot_uses, lots
from handlers.actions.calendar.expire import expire
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.counter.undo import DependentAction, UndoOutcome
from handlers.actions.members.membership import erase
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.log import note
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from tests.handlers.clubs import DESK, MANAGER, TUESDAY_NOON, SmallClub, club_on
from tests.rules.examples import CAFE, changed


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    """The café that ships, on each database, on an ordinary day."""
    with club_on(database_url, now=TUESDAY_NOON) as club:
        yield club


def buys(
    cafe: SmallClub, member: int, yen: int, key: str, number: str | None = None, **more: timedelta
) -> Outcome:
    at = cafe.now - more.get("ago", timedelta(0))
    receipt = Request(member, Purchase(yen), at, "ekimae", number)
    with cafe.work() as work:
        return purchase(work.acting("staff").under(key), receipt)


def redeems(cafe: SmallClub, member: int, reward: str, key: str) -> Outcome:
    with cafe.work("staff", key=key) as work:
        return redeem(work, member, RewardUse(reward, None), at=cafe.now)


def at_the_counter(cafe: SmallClub, member: int, key: str, desk: Actor = DESK) -> Outcome:
    """A visit scanned by staff, as the log has it."""
    outcome = cafe.visits(member, key=key)
    with cafe.work(desk) as work:
        note(work.under(key), "check_in", member_id=member)
    return outcome


def lots_of(cafe: SmallClub, member: int) -> list[tuple[int, int]]:
    with cafe.store.read() as uow:
        rows = uow.run(select(lots).where(lots.c.member_id == member).order_by(lots.c.no))
        return [(row.no, row.left) for row in rows]


def test_an_undone_visit_leaves_what_was_before_it(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    cafe.visits(member)
    before = cafe.member(member).facts
    cafe.passes(days=1)
    cafe.visits(member, key="scan:1")
    undone = cafe.undoes(member, "scan:1")
    assert (undone.points, undone.balance, undone.refused) == (-10, 60, None)
    assert cafe.member(member).facts == before
    assert len(cafe.history(member)) == 2
    assert cafe.differences(member) == []


def test_what_was_undone_stays_written_down(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member, key="scan:1")
    cafe.undoes(member, "scan:1", key="staff:9")
    with cafe.store.read() as uow:
        row = uow.run(select(activities).where(activities.c.key == "scan:1")).one()
        kinds = [
            (entry.kind, entry.points, entry.key)
            for entry in uow.run(select(entries).where(entries.c.seq == row.seq))
        ]
    assert (row.undone_at, row.undone_by) == (cafe.now, "staff:9")
    assert kinds == [("grant", 10, "scan:1"), ("correction", -10, "staff:9")]


def test_a_visit_in_the_middle_takes_rank_badges_and_streak_with_it(cafe: SmallClub) -> None:
    """Undone and not, the same member but for one visit."""
    member, other = cafe.joins(), cafe.joins()
    for n in range(8):
        cafe.passes(days=1)
        cafe.visits(member, key=f"scan:{n}")
        if n != 1:
            cafe.visits(other)
        if cafe.member(member).facts.rank.id == "silver":
            break
    assert cafe.member(other).facts.rank.id == "bronze"
    undone = cafe.undoes(member, "scan:1")
    assert (undone.rank_before, undone.rank) == ("silver", "bronze")
    mine, theirs = cafe.member(member), cafe.member(other)
    assert mine.facts == theirs.facts
    assert cafe.differences(member, other) == []


def test_undoing_twice_is_undoing_once(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member, key="scan:1")
    first = cafe.undoes(member, "scan:1", key="staff:1")
    assert cafe.undoes(member, "scan:1", key="staff:1") == first
    assert cafe.undoes(member, "scan:1", key="staff:2").refused == "undo_again"
    # The scan's own retry, from a device that never heard the answer, changes nothing either.
    assert cafe.visits(member, key="scan:1").done
    assert cafe.member(member).facts.visits == 0
    assert cafe.visits(member).done
    assert cafe.differences(member) == []


def test_what_is_not_there_can_not_be_undone(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    cafe.visits(member, key="scan:1")
    refused = cafe.visits(member, key="scan:2")
    assert refused.refused == "visited_today"
    assert cafe.undoes(member, "scan:2").refused == "undo_unknown"
    assert cafe.undoes(other, "scan:1").refused == "undo_unknown"
    assert cafe.undoes(member, "test:1").refused == "undo_never"


def test_points_spent_since_say_how_many(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    buys(cafe, member, 6_000, "till:1")
    cafe.passes(hours=1)
    redeems(cafe, member, "off_100", "use:1")
    before = cafe.member(member)
    undone = cafe.undoes(member, "till:1")
    assert undone == UndoOutcome(member, refused="undo_spent", balance=10, missing=50)
    assert cafe.member(member) == before
    assert cafe.history(member)[-1].activity.what != Purchase(6_000)
    assert cafe.differences(member) == []


def test_a_manager_forces_it_and_the_shortfall_is_logged(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    buys(cafe, member, 6_000, "till:1")
    cafe.passes(hours=1)
    redeems(cafe, member, "off_100", "use:1")
    undone = cafe.undoes(member, "till:1", key="staff:1", force=True, reason="二重に入力")
    assert (undone.refused, undone.missing, undone.balance) == (None, 50, 0)
    assert undone.points == -10
    with cafe.store.read() as uow:
        logged = uow.run(select(audit_log).where(audit_log.c.action == "undo")).one()
    assert json.loads(logged.details) == {"of": "till:1", "shortfall": 50}
    assert (logged.staff_id, logged.key, logged.member_id) == (MANAGER.staff_id, "staff:1", member)
    assert sum(left for _, left in lots_of(cafe, member)) == 0
    assert cafe.differences(member) == []


def test_the_shortfall_is_made_up_for_even_within_one_moment(cafe: SmallClub) -> None:
    member = cafe.joins()
    buys(cafe, member, 6_000, "till:1")
    redeems(cafe, member, "off_100", "use:1")
    assert cafe.undoes(member, "till:1", force=True).missing == 50
    assert cafe.differences(member) == []


def test_later_points_pay_for_what_was_spent(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    cafe.visits(member, key="scan:1")
    cafe.passes(days=1)
    cafe.visits(member)
    redeems(cafe, member, "donation", "use:1")
    undone = cafe.undoes(member, "scan:1")
    assert (undone.refused, undone.balance) == (None, 10)
    assert cafe.differences(member) == []


def test_an_undone_redemption_puts_its_points_back_where_they_were(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(days=1)
    cafe.visits(member)
    before, held = cafe.member(member).facts, lots_of(cafe, member)
    cafe.passes(days=40)
    redeems(cafe, member, "donation", "use:1")
    undone = cafe.undoes(member, "use:1")
    assert (undone.points, undone.balance) == (50, 60)
    assert lots_of(cafe, member) == held
    assert cafe.member(member).facts.balance == before.balance
    with cafe.store.read() as uow:
        back = uow.run(select(entries).where(entries.c.kind == "refund")).one()
        uses = uow.run(select(lot_uses).where(lot_uses.c.entry_no == back.no)).all()
        assert stock.all_used(uow)["donation"] == stock.Used()
    assert (back.points, back.rule) == (50, "reward:donation")
    assert [use.points for use in uses] == [-50]
    assert cafe.differences(member) == []
    # And spent again, from the same lot.
    assert redeems(cafe, member, "donation", "use:2").done
    assert cafe.undoes(member, "use:2").done
    assert lots_of(cafe, member) == held


def test_a_reward_for_a_rank_must_be_cancelled_first(cafe: SmallClub) -> None:
    member = cafe.joins()
    for n in range(12):
        cafe.passes(days=1)
        cafe.visits(member, key=f"scan:{n}")
        if cafe.member(member).facts.rank.id == "silver":
            break
    buys(cafe, member, 10_000, "till:1")
    assert redeems(cafe, member, "trial_blend", "use:1").done
    day = cafe.timeline.at(cafe.now).programme.shop.business_date(cafe.now)
    undone = cafe.undoes(member, "scan:0", force=True)
    assert undone.refused == "undo_needed"
    assert undone.needed == DependentAction("use:1", member, "redemption", day)
    assert cafe.undoes(member, "use:1").done
    assert cafe.undoes(member, "scan:0").done
    assert cafe.differences(member) == []


def test_a_voucher_that_was_used_must_be_cancelled_first(database_url: str) -> None:
    every_second = changed(CAFE, ("every = 10 }\nvalid_days", "every = 2 }\nvalid_days"))
    with club_on(database_url, every_second, now=TUESDAY_NOON) as club:
        member = club.joins()
        for n in range(2):
            club.passes(hours=1)
            buys(club, member, 1_000, f"till:{n}")
        (held,) = club.member(member).facts.vouchers
        with club.work("staff", key="use:1") as work:
            assert redeem(work, member, RewardUse(held.reward, held.n), at=club.now).done
            assert stock.all_used(work.uow)[held.reward].times == 1
        refused = club.undoes(member, "till:0", force=True)
        assert refused.refused == "undo_needed"
        assert refused.needed is not None
        assert refused.needed.key == "use:1"
        assert club.undoes(member, "use:1").done
        assert club.member(member).facts.vouchers == (held,)
        with club.store.read() as uow:
            assert stock.all_used(uow)[held.reward] == stock.Used()
        assert club.undoes(member, "till:0").done
        assert club.member(member).facts.vouchers == ()
        assert club.differences(member) == []


def test_a_receipt_can_be_brought_again(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    buys(cafe, member, 1_000, "till:1", "0001")
    assert buys(cafe, other, 1_000, "till:2", "0001").refused == "receipt_again"
    cafe.undoes(member, "till:1")
    assert buys(cafe, other, 1_000, "till:3", "0001").done
    assert cafe.differences(member, other) == []


def test_a_purchase_without_a_number_frees_no_receipt(cafe: SmallClub) -> None:
    member = cafe.joins()
    buys(cafe, member, 1_000, "till:1", "0001")
    buys(cafe, member, 1_000, "till:2")
    cafe.undoes(member, "till:2")
    assert buys(cafe, member, 1_000, "till:3", "0001").refused == "receipt_again"


def test_what_was_recorded_late_can_be_undone_and_the_other_way_round(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    start = cafe.now
    cafe.passes(days=40)
    for n in (30, 3, 10):
        cafe.visits(member, at=start + timedelta(days=n), key=f"scan:{n}")
    for n in (30, 10):
        cafe.visits(other, at=start + timedelta(days=n))
    cafe.undoes(member, "scan:3")
    assert cafe.member(member).facts == cafe.member(other).facts
    assert cafe.differences(member, other) == []


BY_LOT = '{ kind = "lot", months = 2, month_end = true, warn_days = [30, 7] }'
LOTS = changed(CAFE, ('{ kind = "inactivity", months = 12, warn_days = [60, 14] }', BY_LOT))


def runs_out(club: SmallClub, member: int) -> None:
    """Warned twice, then gone."""
    for _ in range(3):
        day = club.timeline.at(club.now).programme.shop.business_date(club.now)
        with club.work() as work:
            expire(work, member, day=day)
        club.passes(days=20)


def test_points_that_ran_out_count_as_spent(database_url: str) -> None:
    with club_on(database_url, LOTS, now=TUESDAY_NOON) as club:
        member = club.joins()
        club.passes(hours=1)
        club.visits(member, key="scan:1")
        club.passes(days=70)
        runs_out(club, member)
        club.visits(member)
        assert club.balance(member) == 10
        refused = club.undoes(member, "scan:1")
        assert (refused.refused, refused.missing) == ("undo_spent", 10)
        forced = club.undoes(member, "scan:1", force=True)
        # Nobody pays with today's points for those that ran out long ago.
        assert (forced.missing, forced.points, forced.balance) == (10, 0, 10)
        assert club.differences(member) == []


def test_points_given_back_after_their_day_get_their_warnings(database_url: str) -> None:
    with club_on(database_url, LOTS, now=TUESDAY_NOON) as club:
        member = club.joins()
        club.passes(hours=1)
        redeems(club, member, "donation", "use:1")
        club.passes(days=120)
        assert club.undoes(member, "use:1").balance == 50
        assert [left for _, left in lots_of(club, member)] == [50]
        runs_out(club, member)
        assert club.balance(member) == 0
        assert club.differences(member) == []


def test_staff_undo_what_their_device_did_today(cafe: SmallClub) -> None:
    member = cafe.joins()
    at_the_counter(cafe, member, "scan:1")
    elsewhere = Actor(9, "あおい", "staff", "ekimae", device_id=4)
    laptop = Actor(9, "あおい", "staff", "ekimae")
    for desk in (elsewhere, laptop):
        assert cafe.undoes(member, "scan:1", desk=desk, reason="").refused == "undo_managers"
    assert cafe.undoes(member, "scan:1", desk=DESK, force=True).refused == "undo_managers"
    assert cafe.undoes(member, "scan:1", desk=DESK, reason="").done


def test_yesterdays_is_for_managers_with_a_reason(cafe: SmallClub) -> None:
    member = cafe.joins()
    at_the_counter(cafe, member, "scan:1")
    cafe.passes(days=1)
    assert cafe.undoes(member, "scan:1", desk=DESK).refused == "undo_managers"
    assert cafe.undoes(member, "scan:1", reason=" ").refused == "undo_reason"
    assert cafe.undoes(member, "scan:1", reason="人違い").done


def test_a_scan_that_arrived_late_is_of_the_day_it_arrived(cafe: SmallClub) -> None:
    """The device had no network for a day; staff notice the slip when it is sent."""
    member = cafe.joins()
    yesterday = cafe.now
    cafe.passes(days=1)
    cafe.visits(member, at=yesterday, key="scan:1")
    with cafe.work(DESK) as work:
        note(work.under("scan:1"), "check_in", member_id=member)
    assert cafe.undoes(member, "scan:1", desk=DESK, reason="").done


def test_the_last_actions_of_a_device_are_listed(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    at_the_counter(cafe, member, "scan:1")
    at_the_counter(cafe, other, "scan:2")
    at_the_counter(cafe, other, "scan:3")
    cafe.undoes(member, "scan:1", desk=DESK, reason="")
    with cafe.work(DESK) as work:
        note(work.under("staff:5"), "praise", member_id=member)
        note(work.under("test:1"), "join", member_id=member)
    with cafe.store.read() as uow:
        here = undoable.undoable_on(uow, device_id=3, limit=10)
        newest = undoable.undoable_on(uow, device_id=3, limit=1)
    assert [(d.action, d.key, d.points, d.undone) for d in here] == [
        ("check_in", "scan:2", 10, False),
        ("check_in", "scan:1", 0, True),
    ]
    assert newest == here[:1]


def test_nothing_is_undone_of_somebody_erased(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member, key="scan:1")
    with cafe.work("staff", key="staff:1") as work:
        erase(work, member)
    assert cafe.undoes(member, "scan:1").refused == "erased"
