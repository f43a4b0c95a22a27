"""Points run out only after the warnings that the programme names."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from bot.codes import RewardUse
from bot.store.history import ledger
from bot.store.messages import outbox, outbox_figures
from bot.store.tables import outbox as outbox_table
from handlers.actions.calendar.expire import expire
from handlers.actions.members.membership import change_membership
from rules.programme.points import Lot
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, LEAST, changed

USER = "U" + "1" * 32
WELCOME = """
[[earning]]
id = "welcome"
name = { ja = "ご入会" }
on = "registration"
award = { kind = "first", points = 50 }

[[earning]]
id = "visit"
name = { ja = "ご来店" }
on = "visit"
award = { kind = "fixed", points = 10 }
"""
NEVER = 'expiry = { kind = "never" }'
BY_LOT = 'expiry = { kind = "lot", months = 2, month_end = false, warn_days = [14, 3] }'
BY_INACTIVITY = 'expiry = { kind = "inactivity", months = 2, warn_days = [14, 3] }'


@pytest.fixture
def by_lot(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME, (NEVER, BY_LOT))) as club:
        yield club


@pytest.fixture
def by_inactivity(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME, (NEVER, BY_INACTIVITY))) as club:
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


def _warnings(club: SmallClub) -> int:
    with club.store.read() as uow:
        return sum(outbox_figures.counts(uow).values())


def _sent(club: SmallClub, member: int) -> None:
    """Everything queued has been sent."""
    with club.store.begin() as uow:
        for queued in outbox.claim(uow, now=club.now, limit=9):
            name = queued.name
            gone = outbox.MessageDecision(
                member, name.journey, name.period, "skipped", "test", club.now
            )
            outbox.decide(uow, [gone])


def _lots(club: SmallClub, member: int) -> list[Lot]:
    with club.store.read() as uow:
        return list(ledger.open_lots(uow, member))


def test_a_lot_goes_after_both_warnings_on_its_day(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)  # on 5 January: gone on 5 March
    assert _night(by_lot, member, date(2026, 2, 18)) == 0
    assert _warnings(by_lot) == 0
    assert _night(by_lot, member, date(2026, 2, 19)) == 0
    assert _warnings(by_lot) == 1
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 2)) == 0
    assert _warnings(by_lot) == 2
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 4)) == 0
    assert _night(by_lot, member, date(2026, 3, 5)) == 50
    assert _lots(by_lot, member) == []


def test_a_warning_that_had_to_wait_puts_the_end_off_as_long(by_lot: SmallClub) -> None:
    """It is the day on which they are told that the promised days are counted from."""
    member = by_lot.joins(USER)
    _night(by_lot, member, date(2026, 2, 19))
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 2)) == 0
    with by_lot.store.begin() as uow:  # no room under a cap, till the fourth
        at = by_lot.now + timedelta(days=2)
        waited = outbox_table.update().where(outbox_table.c.status == "queued")
        uow.run(waited.values(status="sent", sent_at=at))
    assert _night(by_lot, member, date(2026, 3, 5)) == 0
    assert _night(by_lot, member, date(2026, 3, 6)) == 0
    assert _night(by_lot, member, date(2026, 3, 7)) == 50


def test_a_night_done_twice_warns_and_takes_once(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 2, 19), date(2026, 3, 2)):
        _night(by_lot, member, day)
        _night(by_lot, member, day)
        _sent(by_lot, member)
    assert _warnings(by_lot) == 2
    assert _night(by_lot, member, date(2026, 3, 5)) == 50
    assert _night(by_lot, member, date(2026, 3, 5)) == 0


def test_a_late_warning_puts_the_end_off(by_lot: SmallClub) -> None:
    """The nights from the first warning to the day itself were missed."""
    member = by_lot.joins(USER)
    assert _night(by_lot, member, date(2026, 3, 10)) == 0
    assert _warnings(by_lot) == 1
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 12)) == 0
    assert _night(by_lot, member, date(2026, 3, 13)) == 50


def test_nothing_goes_while_its_warning_could_not_be_sent(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    _night(by_lot, member, date(2026, 2, 19))
    _sent(by_lot, member)
    _night(by_lot, member, date(2026, 3, 2))
    assert _night(by_lot, member, date(2026, 3, 6)) == 0
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 7)) == 50


def test_of_several_lots_each_has_its_own_warnings(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    by_lot.passes(days=1)
    by_lot.visits(member, store="main")
    assert _night(by_lot, member, date(2026, 3, 3)) == 0
    # Both are owed a last warning; the one that goes first is told first.
    assert [lot.warnings for lot in _lots(by_lot, member)] == [2, 0]
    assert _night(by_lot, member, date(2026, 3, 4)) == 0
    assert [lot.warnings for lot in _lots(by_lot, member)] == [2, 2]
    _sent(by_lot, member)
    assert _night(by_lot, member, date(2026, 3, 6)) == 50
    assert _night(by_lot, member, date(2026, 3, 7)) == 10


def test_a_visit_keeps_points_that_go_by_inactivity(by_inactivity: SmallClub) -> None:
    member = by_inactivity.joins(USER)
    _night(by_inactivity, member, date(2026, 2, 19))
    _sent(by_inactivity, member)
    _night(by_inactivity, member, date(2026, 3, 2))
    _sent(by_inactivity, member)
    by_inactivity.passes(days=1)
    by_inactivity.visits(member, store="main")  # on 3 March: all is kept until 3 May
    assert _night(by_inactivity, member, date(2026, 3, 6)) == 0
    assert _night(by_inactivity, member, date(2026, 4, 19)) == 0
    assert _warnings(by_inactivity) == 3
    _sent(by_inactivity, member)
    _night(by_inactivity, member, date(2026, 4, 30))
    _sent(by_inactivity, member)
    assert _night(by_inactivity, member, date(2026, 5, 3)) == 60


def test_the_nights_search_finds_everybody_whom_a_warning_is_owed(
    by_inactivity: SmallClub,
) -> None:
    """Also the last active on the 31st, two months after which there may be no 31st."""
    from handlers.jobs.journeys.audience import with_points_in_danger

    shop = by_inactivity.timeline.latest.programme.shop
    by_inactivity.clock.set(datetime(2025, 12, 31, 12, tzinfo=shop.zone))
    member = by_inactivity.joins(USER)
    day = date(2026, 2, 14)  # 14 days before 28 February
    programme = by_inactivity.timeline.latest.programme
    assert list(with_points_in_danger(by_inactivity.store, programme, day)) == [member]


def test_somebody_who_left_loses_points_untold(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    with by_lot.work() as work:
        change_membership(work.acting("member").under("m"), member, "left", at=work.now)
    _night(by_lot, member, date(2026, 2, 19))
    _night(by_lot, member, date(2026, 3, 2))
    assert _night(by_lot, member, date(2026, 3, 5)) == 50
    assert _warnings(by_lot) == 0


def test_a_spend_takes_the_oldest_points_so_that_fewer_run_out(database_url: str) -> None:
    from handlers.actions.counter.redeem import redeem

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
