"""Points of those whom no warning reaches run out only by terms of their own."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.store.members import line_accounts, members
from bot.store.tables import audit_log
from handlers.actions.calendar.expire import UNWARNED
from handlers.actions.telling.warnings import note_shown
from tests.handlers.actions.calendar.expiring import (
    USER,
    changes,
    ends,
    leaves,
    lots,
    night,
    warnings,
)
from tests.handlers.clubs import SmallClub


def _unwarned(club: SmallClub) -> list[str]:
    """What the owner reads of points that went although nobody could be warned."""
    with club.store.read() as uow:
        told = select(audit_log.c.details).where(audit_log.c.action == UNWARNED)
        return list(uow.run(told).scalars())


def _blocks(club: SmallClub, blocked: bool = True) -> None:
    with club.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, blocked)


def _is_shown(club: SmallClub, member: int) -> bool:
    """The counter or their own page shows them their points."""
    with club.work() as work:
        return note_shown(work, club.member(member), lots(club, member))


def test_whom_nothing_reaches_keeps_points_until_unseen_for_ninety_days(
    by_lot: SmallClub,
) -> None:
    member = by_lot.joins()  # on paper, on 5 January: due on 5 March
    for day in (date(2026, 2, 19), date(2026, 3, 2), date(2026, 3, 5), date(2026, 4, 4)):
        assert night(by_lot, member, day) == 0
    assert warnings(by_lot).total() == 0
    assert night(by_lot, member, date(2026, 4, 5)) == 50
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
        changes(by_lot, member, "left")
    assert night(by_lot, member, date(2026, 3, 5)) == 0
    assert night(by_lot, member, date(2026, 4, 4)) == 0
    assert night(by_lot, member, date(2026, 4, 5)) == 50
    assert warnings(by_lot).total() == 0
    assert len(_unwarned(by_lot)) == 1


def test_what_is_shown_to_whom_nothing_reaches_is_a_warning(by_lot: SmallClub) -> None:
    member = by_lot.joins()
    by_lot.clock.set(by_lot.now + timedelta(days=44))  # 18 February: nothing is owed yet
    assert not _is_shown(by_lot, member)
    by_lot.passes(days=10)  # 28 February: the first of two
    assert _is_shown(by_lot, member)
    assert not _is_shown(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 5)) == 0
    by_lot.passes(days=1)  # 6 March: the second, with three days to go
    assert _is_shown(by_lot, member)
    assert night(by_lot, member, date(2026, 3, 8)) == 0
    assert night(by_lot, member, date(2026, 3, 9)) == 50
    assert _unwarned(by_lot) == []


def test_what_is_shown_to_whom_we_write_is_no_warning(by_lot: SmallClub) -> None:
    member = by_lot.joins(USER)
    by_lot.passes(days=50)
    assert not _is_shown(by_lot, member)
    assert [lot.warnings for lot in lots(by_lot, member)] == [0]


def test_whoever_can_be_written_to_again_is_warned_first(by_lot: SmallClub) -> None:
    """Blocked for months, and back three days before it is over for the unseen."""
    member = by_lot.joins(USER)
    _blocks(by_lot)
    assert night(by_lot, member, date(2026, 4, 2)) == 0
    _blocks(by_lot, False)
    assert night(by_lot, member, date(2026, 4, 5)) == 0
    leaves(by_lot, member)
    assert night(by_lot, member, date(2026, 4, 7)) == 0
    assert night(by_lot, member, date(2026, 4, 8)) == 50
    assert _unwarned(by_lot) == []


def test_whom_line_refuses_goes_by_the_terms_and_is_not_tried_every_night(
    by_lot: SmallClub,
) -> None:
    member = by_lot.joins(USER)
    for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 20)):
        assert night(by_lot, member, day) == 0
        ends(by_lot, "failed")
    assert warnings(by_lot).total() == 1
    assert night(by_lot, member, date(2026, 4, 2)) == 0
    ends(by_lot, "failed")
    assert warnings(by_lot).total() == 2
    assert night(by_lot, member, date(2026, 4, 5)) == 50
