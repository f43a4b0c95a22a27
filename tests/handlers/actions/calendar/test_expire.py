"""Points run out only after the warnings that the programme names."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.codes import RewardUse
from bot.store.history import ledger
from bot.store.members import line_accounts, members
from bot.store.messages import outbox_figures
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from bot.store.tables import audit_log
from bot.store.tables import outbox as table
from handlers.actions.calendar.expire import UNWARNED, expire
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.telling.warnings import note_left, note_shown
from rules.activity import Membership
from rules.facts import Birthday
from rules.programme.points import Lot
from rules.programme.rewards import Reserved
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, LEAST, WELCOME, changed

USER = "U" + "1" * 32
VISITS = """
[[earning]]
id = "visit"
name = { ja = "ご来店" }
on = "visit"
award = { kind = "fixed", points = 10 }
"""
NEVER = 'expiry = { kind = "never" }'
BY_LOT = 'expiry = { kind = "lot", months = 2, month_end = false, warn_days = [14, 3] }'
BY_INACTIVITY = 'expiry = { kind = "inactivity", months = 2, warn_days = [14, 3] }'
#: The café's.
BY_A_YEAR = 'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }'


@pytest.fixture
def by_lot(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME + VISITS, (NEVER, BY_LOT))) as club:
        yield club


@pytest.fixture
def by_inactivity(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME + VISITS, (NEVER, BY_INACTIVITY))) as club:
        yield club


def _night(club: SmallClub, member: int, day: date) -> int:
    """The night's step at the beginning of `day`; gives the points that went."""
    shop = club.timeline.latest.programme.shop
    club.clock.set(max(club.now, shop.opens(day) + timedelta(minutes=5)))
    before = club.balance(member)
    with club.work() as work:
        expire(work, member, day=day)
    assert club.differences(member) == []
    return before - club.balance(member)


def _warnings(club: SmallClub) -> Counter[str]:
    """How many warnings there are, by what became of them."""
    with club.store.read() as uow:
        return Counter(outbox_figures.counts(uow))


def _leaves(club: SmallClub, member: int) -> None:
    """Every warning that is queued leaves."""
    with club.store.read() as uow:
        queued = uow.run(select(table.c.period).where(table.c.status == "queued")).scalars().all()
    _ends(club, "sent")
    for period in queued:
        with club.work() as work:
            note_left(work, member, date.fromisoformat(period.partition(":")[0]))


def _ends(club: SmallClub, status: str) -> None:
    """Every warning that is queued ends so."""
    with club.store.begin() as uow:
        uow.run(table.update().where(table.c.status == "queued").values(status=status))


def _lots(club: SmallClub, member: int) -> list[Lot]:
    with club.store.read() as uow:
        return list(ledger.open_lots(uow, member))


def test_a_lot_goes_after_both_warnings_on_its_day(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)  # on 5 January: gone on 5 March
    assert _night(by_lot, member, date(2026, 2, 18)) == 0
    assert _warnings(by_lot).total() == 0
    assert _night(by_lot, member, date(2026, 2, 19)) == 0
    assert _warnings(by_lot).total() == 1
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 2)) == 0
    assert _warnings(by_lot).total() == 2
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 4)) == 0
    assert _night(by_lot, member, date(2026, 3, 5)) == 50
    assert _lots(by_lot, member) == []


def test_a_warning_that_had_to_wait_puts_the_end_off_as_long(by_lot: SmallClub) -> None:
    """It is the day on which they are told that the promised days are counted from."""
    member = by_lot.joins(USER)
    _night(by_lot, member, date(2026, 2, 19))
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 2)) == 0
    by_lot.passes(days=2)  # no room under a cap, till the fourth
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 5)) == 0
    assert _night(by_lot, member, date(2026, 3, 6)) == 0
    assert _night(by_lot, member, date(2026, 3, 7)) == 50


def test_a_night_done_twice_warns_and_takes_once(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2)):
        _night(by_lot, member, day)
        _night(by_lot, member, day)
        _leaves(by_lot, member)
    assert _warnings(by_lot).total() == 2
    assert _night(by_lot, member, date(2026, 3, 5)) == 50
    assert _night(by_lot, member, date(2026, 3, 5)) == 0


def test_what_is_set_aside_for_a_sale_goes_a_night_later(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2)):
        _night(by_lot, member, day)
        _leaves(by_lot, member)
    shop = by_lot.timeline.latest.programme.shop
    by_lot.clock.set(shop.opens(date(2026, 3, 5)) - timedelta(minutes=1))
    with by_lot.store.begin() as uow:
        held = Reserved("tea", None, 50, by_lot.now + timedelta(minutes=15))
        made = Reservation(0, 1, member, member, held, "main", by_lot.now, "open")
        reservations.add(uow, made)
        members.note_reserved(uow, members.lock(uow, member), held.until)
    assert _night(by_lot, member, date(2026, 3, 5)) == 0
    assert _night(by_lot, member, date(2026, 3, 6)) == 50


def test_a_late_warning_puts_the_end_off(by_lot: SmallClub) -> None:
    """The nights from the first warning to the day itself were missed."""
    member = by_lot.joins(USER)
    assert _night(by_lot, member, date(2026, 3, 10)) == 0
    assert _warnings(by_lot).total() == 1
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 12)) == 0
    assert _night(by_lot, member, date(2026, 3, 13)) == 50


def test_nothing_goes_while_its_warning_could_not_be_leaves(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    _night(by_lot, member, date(2026, 2, 19))
    _leaves(by_lot, member)
    _night(by_lot, member, date(2026, 3, 2))
    assert _night(by_lot, member, date(2026, 3, 6)) == 0
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 8)) == 0
    assert _night(by_lot, member, date(2026, 3, 9)) == 50


@pytest.mark.parametrize("ended", ["skipped", "uncertain"])
def test_a_warning_that_did_not_surely_leave_is_owed_anew(by_lot: SmallClub, ended: str) -> None:
    """The month's messages were used up until it was too late, or nobody knows what became of
    it."""
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2), date(2026, 3, 10), date(2026, 6, 1)):
        assert _night(by_lot, member, day) == 0
        assert _warnings(by_lot)["queued"] == 1
        _ends(by_lot, ended)
    assert _night(by_lot, member, date(2026, 6, 2)) == 0
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 6, 4)) == 0
    assert _night(by_lot, member, date(2026, 6, 5)) == 50


def test_of_several_lots_each_has_its_own_warnings(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    by_lot.passes(days=1)
    by_lot.visits(member, store="main")
    assert _night(by_lot, member, date(2026, 3, 3)) == 0
    # Both are owed a last warning; the one that goes first is told first.
    _leaves(by_lot, member)
    assert [lot.warnings for lot in _lots(by_lot, member)] == [2, 0]
    assert _night(by_lot, member, date(2026, 3, 4)) == 0
    _leaves(by_lot, member)
    assert [lot.warnings for lot in _lots(by_lot, member)] == [2, 2]
    assert _night(by_lot, member, date(2026, 3, 6)) == 50
    assert _night(by_lot, member, date(2026, 3, 7)) == 10


def test_a_visit_keeps_points_that_go_by_inactivity(by_inactivity: SmallClub) -> None:
    member = by_inactivity.joins(USER)
    _night(by_inactivity, member, date(2026, 2, 19))
    _leaves(by_inactivity, member)
    _night(by_inactivity, member, date(2026, 3, 2))
    _leaves(by_inactivity, member)
    by_inactivity.passes(days=1)
    by_inactivity.visits(member, store="main")  # on 3 March: all is kept until 3 May
    assert _night(by_inactivity, member, date(2026, 3, 6)) == 0
    assert _night(by_inactivity, member, date(2026, 4, 19)) == 0
    assert _warnings(by_inactivity).total() == 3
    _leaves(by_inactivity, member)
    _night(by_inactivity, member, date(2026, 4, 30))
    _leaves(by_inactivity, member)
    assert _night(by_inactivity, member, date(2026, 5, 3)) == 60


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


def _unwarned(club: SmallClub) -> list[str]:
    """What the owner reads of points that went although nobody could be warned."""
    with club.store.read() as uow:
        told = select(audit_log.c.details).where(audit_log.c.action == UNWARNED)
        return list(uow.run(told).scalars())


def _blocks(club: SmallClub, blocked: bool = True) -> None:
    with club.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, blocked)


def _changes(club: SmallClub, member: int, state: Membership) -> None:
    with club.work() as work:
        change_membership(work.acting("staff").under(club.key()), member, state, at=work.now)


def _is_shown(club: SmallClub, member: int) -> bool:
    """The counter or their own page shows them their points."""
    with club.work() as work:
        return note_shown(work, club.member(member), _lots(club, member))


def test_whom_nothing_reaches_keeps_points_until_unseen_for_ninety_days(
    by_lot: SmallClub,
) -> None:
    member = by_lot.joins()  # on paper, on 5 January: due on 5 March
    for day in (date(2026, 2, 19), date(2026, 3, 2), date(2026, 3, 5), date(2026, 4, 4)):
        assert _night(by_lot, member, day) == 0
    assert _warnings(by_lot).total() == 0
    assert _night(by_lot, member, date(2026, 4, 5)) == 50
    assert _unwarned(by_lot) == ['{"points": 50}']


@pytest.mark.parametrize("why", ["blocked", "topic", "left"])
def test_whoever_is_not_written_to_goes_by_the_same_terms(by_lot: SmallClub, why: str) -> None:
    member = by_lot.joins(USER)
    if why == "blocked":
        _blocks(by_lot)
    elif why == "topic":
        with by_lot.store.begin() as uow:
            members.set_topics_left(uow, member, ("points",))
    else:
        _changes(by_lot, member, "left")
    assert _night(by_lot, member, date(2026, 3, 5)) == 0
    assert _night(by_lot, member, date(2026, 4, 4)) == 0
    assert _night(by_lot, member, date(2026, 4, 5)) == 50
    assert _warnings(by_lot).total() == 0
    assert len(_unwarned(by_lot)) == 1


def test_what_is_shown_to_whom_nothing_reaches_is_a_warning(by_lot: SmallClub) -> None:
    member = by_lot.joins()
    by_lot.clock.set(by_lot.now + timedelta(days=44))  # 18 February: nothing is owed yet
    assert not _is_shown(by_lot, member)
    by_lot.passes(days=10)  # 28 February: the first of two
    assert _is_shown(by_lot, member)
    assert not _is_shown(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 5)) == 0
    by_lot.passes(days=1)  # 6 March: the second, with three days to go
    assert _is_shown(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 8)) == 0
    assert _night(by_lot, member, date(2026, 3, 9)) == 50
    assert _unwarned(by_lot) == []


def test_what_is_shown_to_whom_we_write_is_no_warning(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    by_lot.passes(days=50)
    assert not _is_shown(by_lot, member)
    assert [lot.warnings for lot in _lots(by_lot, member)] == [0]


def test_whoever_can_be_written_to_again_is_warned_first(by_lot: SmallClub) -> None:
    """Blocked for months, and back three days before it is over for the unseen."""
    member = by_lot.joins(USER)
    _blocks(by_lot)
    assert _night(by_lot, member, date(2026, 4, 2)) == 0
    _blocks(by_lot, False)
    assert _night(by_lot, member, date(2026, 4, 5)) == 0
    _leaves(by_lot, member)
    assert _night(by_lot, member, date(2026, 4, 7)) == 0
    assert _night(by_lot, member, date(2026, 4, 8)) == 50
    assert _unwarned(by_lot) == []


def test_whom_line_refuses_goes_by_the_terms_and_is_not_tried_every_night(
    by_lot: SmallClub,
) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 20)):
        assert _night(by_lot, member, day) == 0
        _ends(by_lot, "failed")
    assert _warnings(by_lot).total() == 1
    assert _night(by_lot, member, date(2026, 4, 2)) == 0
    _ends(by_lot, "failed")
    assert _warnings(by_lot).total() == 2
    assert _night(by_lot, member, date(2026, 4, 5)) == 50


def test_a_pause_stops_the_clock_and_who_comes_back_is_warned(by_inactivity: SmallClub) -> None:
    member = by_inactivity.joins(USER)  # on 5 January
    by_inactivity.passes(days=55)  # on 1 March, four days before the end
    _changes(by_inactivity, member, "paused")
    for day in (date(2026, 3, 2), date(2026, 3, 5), date(2026, 8, 1)):
        assert _night(by_inactivity, member, day) == 0
    assert _warnings(by_inactivity).total() == 0
    _changes(by_inactivity, member, "active")  # 153 days later
    assert _night(by_inactivity, member, date(2026, 8, 2)) == 0
    assert _warnings(by_inactivity).total() == 1
    _leaves(by_inactivity, member)
    assert _night(by_inactivity, member, date(2026, 8, 4)) == 0
    assert _night(by_inactivity, member, date(2026, 8, 5)) == 50


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
            _night(club, member, day)
            _leaves(club, member)
        assert _night(club, member, date(2026, 3, 5)) == 50


def test_what_is_refunded_into_a_lot_that_has_ended_gets_notice_anew(database_url: str) -> None:
    """A reward for 50 points, taken back after their lot's day."""
    with club_on(database_url, changed(CAFE, (BY_A_YEAR, BY_LOT))) as cafe:
        member = cafe.joins(USER)
        for day in (date(2026, 2, 19), date(2026, 3, 2)):
            _night(cafe, member, day)
            _leaves(cafe, member)
        with cafe.work() as work:
            used = redeem(
                work.acting("staff").under("r"), member, RewardUse("donation", None), at=work.now
            )
        assert used.done
        left = cafe.balance(member)
        assert _night(cafe, member, date(2026, 3, 5)) == left
        cafe.passes(days=10)
        back = cafe.undoes(member, "r").points
        assert back > 0
        assert _night(cafe, member, date(2026, 3, 16)) == 0
        assert _night(cafe, member, date(2026, 3, 17)) == 0
        _leaves(cafe, member)
        assert _night(cafe, member, date(2026, 3, 19)) == 0
        assert _night(cafe, member, date(2026, 3, 20)) == back


def test_a_spend_takes_the_oldest_points_so_that_fewer_run_out(database_url: str) -> None:
    with club_on(database_url, changed(CAFE, ("months = 12", "months = 1"))) as cafe:
        member = cafe.joins(USER)
        cafe.passes(days=30)
        cafe.visits(member)
        with cafe.work() as work:
            redeem(
                work.acting("member").under("r"), member, RewardUse("donation", None), at=work.now
            )
        assert [lot.no > 1 for lot in _lots(cafe, member)] == [True] * len(_lots(cafe, member))
        assert cafe.differences(member) == []
