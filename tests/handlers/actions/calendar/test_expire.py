"""Points run out only after the warnings that the programme names."""

from datetime import date, datetime, timedelta

import pytest

from bot.codes import RewardUse
from bot.store.members import members
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from rules.facts import Birthday
from rules.programme.rewards import Reserved
from tests.handlers.actions.calendar.expiring import (
    BY_INACTIVITY,
    BY_LOT,
    NEVER,
    USER,
    VISITS,
    changes,
    ends,
    leaves,
    lots,
    night,
    warnings,
)
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, LEAST, WELCOME, changed

#: The café's.
BY_A_YEAR = 'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }'


def test_a_lot_goes_after_both_warnings_on_its_day(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)  # on 5 January: gone on 5 March
    assert night(by_lot, member, date(2026, 2, 18)) == 0
    assert warnings(by_lot).total() == 0
    assert night(by_lot, member, date(2026, 2, 19)) == 0
    assert warnings(by_lot).total() == 1
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 2)) == 0
    assert warnings(by_lot).total() == 2
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 4)) == 0
    assert night(by_lot, member, date(2026, 3, 5)) == 50
    assert lots(by_lot, member) == []


def test_a_warning_that_had_to_wait_puts_the_end_off_as_long(by_lot: SmallClub) -> None:
    """It is the day on which they are told that the promised days are counted from."""
    member = by_lot.joins(USER)
    night(by_lot, member, date(2026, 2, 19))
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 2)) == 0
    by_lot.passes(days=2)  # no room under a cap, till the fourth
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 5)) == 0
    assert night(by_lot, member, date(2026, 3, 6)) == 0
    assert night(by_lot, member, date(2026, 3, 7)) == 50


def test_a_night_done_twice_warns_and_takes_once(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2)):
        night(by_lot, member, day)
        night(by_lot, member, day)
        leaves(by_lot, member)
    assert warnings(by_lot).total() == 2
    assert night(by_lot, member, date(2026, 3, 5)) == 50
    assert night(by_lot, member, date(2026, 3, 5)) == 0


def test_what_is_set_aside_for_a_sale_goes_a_night_later(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2)):
        night(by_lot, member, day)
        leaves(by_lot, member)
    shop = by_lot.timeline.latest.programme.shop
    by_lot.clock.set(shop.opens(date(2026, 3, 5)) - timedelta(minutes=1))
    with by_lot.store.begin() as uow:
        held = Reserved("tea", None, 50, by_lot.now + timedelta(minutes=15))
        made = Reservation(0, 1, member, member, held, "main", by_lot.now, "open")
        reservations.add(uow, made)
        members.note_reserved(uow, members.lock(uow, member), held.until)
    assert night(by_lot, member, date(2026, 3, 5)) == 0
    assert night(by_lot, member, date(2026, 3, 6)) == 50


def test_a_late_warning_puts_the_end_off(by_lot: SmallClub) -> None:
    """The nights from the first warning to the day itself were missed."""
    member = by_lot.joins(USER)
    assert night(by_lot, member, date(2026, 3, 10)) == 0
    assert warnings(by_lot).total() == 1
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 12)) == 0
    assert night(by_lot, member, date(2026, 3, 13)) == 50


def test_nothing_goes_while_its_warning_could_not_be_leaves(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    night(by_lot, member, date(2026, 2, 19))
    leaves(by_lot, member)
    night(by_lot, member, date(2026, 3, 2))
    assert night(by_lot, member, date(2026, 3, 6)) == 0
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 8)) == 0
    assert night(by_lot, member, date(2026, 3, 9)) == 50


@pytest.mark.parametrize("ended", ["skipped", "uncertain"])
def test_a_warning_that_did_not_surely_leave_is_owed_anew(by_lot: SmallClub, ended: str) -> None:
    """The month's messages were used up until it was too late, or nobody knows what became of
    it."""
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2), date(2026, 3, 10), date(2026, 6, 1)):
        assert night(by_lot, member, day) == 0
        assert warnings(by_lot)["queued"] == 1
        ends(by_lot, ended)
    assert night(by_lot, member, date(2026, 6, 2)) == 0
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 6, 4)) == 0
    assert night(by_lot, member, date(2026, 6, 5)) == 50


def test_of_several_lots_each_has_its_own_warnings(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    by_lot.passes(days=1)
    by_lot.visits(member, store="main")
    assert night(by_lot, member, date(2026, 3, 3)) == 0
    # Both are owed a last warning; the one that goes first is told first.
    leaves(by_lot, member)
    assert [lot.warnings for lot in lots(by_lot, member)] == [2, 0]
    assert night(by_lot, member, date(2026, 3, 4)) == 0
    leaves(by_lot, member)
    assert [lot.warnings for lot in lots(by_lot, member)] == [2, 2]
    assert night(by_lot, member, date(2026, 3, 6)) == 50
    assert night(by_lot, member, date(2026, 3, 7)) == 10


def test_a_visit_keeps_points_that_go_by_inactivity(by_inactivity: SmallClub) -> None:
    member = by_inactivity.joins(USER)
    night(by_inactivity, member, date(2026, 2, 19))
    leaves(by_inactivity, member)
    night(by_inactivity, member, date(2026, 3, 2))
    leaves(by_inactivity, member)
    by_inactivity.passes(days=1)
    by_inactivity.visits(member, store="main")  # on 3 March: all is kept until 3 May
    assert night(by_inactivity, member, date(2026, 3, 6)) == 0
    assert night(by_inactivity, member, date(2026, 4, 19)) == 0
    assert warnings(by_inactivity).total() == 3
    leaves(by_inactivity, member)
    night(by_inactivity, member, date(2026, 4, 30))
    leaves(by_inactivity, member)
    assert night(by_inactivity, member, date(2026, 5, 3)) == 60


def test_the_nights_search_finds_everybody_whom_a_warning_is_owed(
    by_inactivity: SmallClub,
) -> None:
    """Also the last active on the 31st, two months after which there may be no 31st."""
    from handlers.showing.journey_audience import with_points_in_danger

    shop = by_inactivity.timeline.latest.programme.shop
    by_inactivity.clock.set(datetime(2025, 12, 31, 12, tzinfo=shop.zone))
    member = by_inactivity.joins(USER)
    day = date(2026, 2, 14)  # 14 days before 28 February
    programme = by_inactivity.timeline.latest.programme
    assert list(with_points_in_danger(by_inactivity.store, programme, day)) == [member]


def test_a_pause_stops_the_clock_and_who_comes_back_is_warned(by_inactivity: SmallClub) -> None:
    member = by_inactivity.joins(USER)  # on 5 January
    by_inactivity.passes(days=55)  # on 1 March, four days before the end
    changes(by_inactivity, member, "paused")
    for day in (date(2026, 3, 2), date(2026, 3, 5), date(2026, 8, 1)):
        assert night(by_inactivity, member, day) == 0
    assert warnings(by_inactivity).total() == 0
    changes(by_inactivity, member, "active")  # 153 days later
    assert night(by_inactivity, member, date(2026, 8, 2)) == 0
    assert warnings(by_inactivity).total() == 1
    leaves(by_inactivity, member)
    assert night(by_inactivity, member, date(2026, 8, 4)) == 0
    assert night(by_inactivity, member, date(2026, 8, 5)) == 50


def test_a_gift_keeps_no_points_alive(database_url: str) -> None:
    gift = changed(
        LEAST + WELCOME + VISITS,
        (NEVER, BY_INACTIVITY),
        ('on = "visit"', 'on = "birthday"'),
    )
    with club_on(database_url, gift) as club:
        member = club.joins(USER)
        with club.work() as work:
            born = ToldBirthday(member, Birthday(2, 20), work.now)
            tell_birthday(work.acting("member").under("b"), born)
        for day in (date(2026, 2, 20), date(2026, 3, 2)):
            with club.work() as work:
                celebrate_birthday(work.under(f"birthday:{day}"), member, day=day)
            night(club, member, day)
            leaves(club, member)
        assert night(club, member, date(2026, 3, 5)) == 50


def test_what_is_refunded_into_a_lot_that_has_ended_gets_notice_anew(database_url: str) -> None:
    """A reward for 50 points, taken back after their lot's day."""
    with club_on(database_url, changed(CAFE, (BY_A_YEAR, BY_LOT))) as cafe:
        member = cafe.joins(USER)
        for day in (date(2026, 2, 19), date(2026, 3, 2)):
            night(cafe, member, day)
            leaves(cafe, member)
        with cafe.work() as work:
            used = redeem(
                work.acting("staff").under("r"), member, RewardUse("donation", None), at=work.now
            )
        assert used.done
        left = cafe.balance(member)
        assert night(cafe, member, date(2026, 3, 5)) == left
        cafe.passes(days=10)
        back = cafe.undoes(member, "r").points
        assert back > 0
        assert night(cafe, member, date(2026, 3, 16)) == 0
        assert night(cafe, member, date(2026, 3, 17)) == 0
        leaves(cafe, member)
        assert night(cafe, member, date(2026, 3, 19)) == 0
        assert night(cafe, member, date(2026, 3, 20)) == back


def test_a_spend_takes_the_oldest_points_so_that_fewer_run_out(database_url: str) -> None:
    with club_on(database_url, changed(CAFE, ("months = 12", "months = 1"))) as cafe:
        member = cafe.joins(USER)
        cafe.passes(days=30)
        cafe.visits(member)
        with cafe.work() as work:
            redeem(
                work.acting("member").under("r"), member, RewardUse("donation", None), at=work.now
            )
        assert [lot.no > 1 for lot in lots(cafe, member)] == [True] * len(lots(cafe, member))
        assert cafe.differences(member) == []
