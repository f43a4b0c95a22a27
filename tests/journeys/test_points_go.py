"""Points run out after warnings that left, and by the terms for whom none reaches: whole years, by
the night's work and a LINE that answers as told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.store.staff import flags
from bot.store.staff.flags import StoredFlag
from handlers.actions.members.membership import change_membership
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from rules.activity import Anniversary, Expiry, Membership, Occasion
from rules.facts import Birthday
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import REFUSED, SILENCE, USED_UP, Line
from tests.handlers.jobs.messages import USER, statuses, travels
from tests.rules.examples import CAFE, LEAST, WELCOME, changed

BY_LOT = '{ kind = "lot", months = 2, month_end = false, warn_days = [14] }'
OF_TWO_MONTHS = changed(LEAST + WELCOME, ('{ kind = "never" }', BY_LOT))
#: Who joins on 5 January is warned on 19 February, at ten in the morning; on 5 March it is over.
WARNED = datetime(2026, 2, 19, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    """A shop whose points last two months, with one warning."""
    with club_on(database_url, OF_TWO_MONTHS, line_url=line.url) as club:
        yield club


def warnings_in(line: Line) -> int:
    return len(warnings_of(line))


def warnings_of(line: Line) -> list[str]:
    return [push.text for push in line.accepted if "ポイントの有効期限は" in push.text]


def went_on(club: SmallClub, member: int) -> list[date]:
    """The days on which points of theirs ran out."""
    return [
        recorded.activity.day
        for recorded in club.history(member)
        if isinstance(recorded.activity.what, Expiry)
    ]


def changes(club: SmallClub, member: int, state: Membership) -> None:
    with club.work() as work:
        change_membership(work.acting("staff").under(club.key()), member, state, at=work.now)


def test_gifts_of_a_year_keep_no_points_of_somebody_who_never_came_back(
    database_url: str, line: Line
) -> None:
    """The café that ships: a year of points, a birthday and an anniversary in it. It is closed on
    the last of those days."""
    closed = ("until = 2027-01-02 }", "until = 2027-01-05 }")
    with club_on(database_url, changed(CAFE, closed), line_url=line.url) as cafe:
        member = cafe.joins(USER)
        with cafe.work() as work:
            born = ToldBirthday(member, Birthday(12, 20), work.now)
            tell_birthday(work.acting("member").under("b"), born)
        cafe.visits(member)
        # Of the other nights nothing is to be seen.
        for month, day in ((11, 6), (12, 1), (12, 22), (1, 5)):
            night = datetime(2027 if month == 1 else 2026, month, day, tzinfo=UTC)
            travels(cafe, night + DAY, past=night)

        gifts = [r.activity.what for r in cafe.history(member)]
        assert Occasion("birthday") in gifts
        assert Anniversary(1) in gifts
        assert warnings_in(line) == 2
        for warning in warnings_of(line):
            assert "1月4日までです。12月30日までに一度ご来店いただくと、すべてそのまま" in warning
        assert went_on(cafe, member) == [date(2027, 1, 5)]
        # What was given on the way has its own two months, and one warning.
        assert cafe.balance(member) > 0
        for month, day in ((1, 16), (1, 30), (2, 20), (3, 6)):
            night = datetime(2027, month, day, tzinfo=UTC)
            travels(cafe, night + DAY, past=night)
        assert went_on(cafe, member) == [date(2027, 1, 5), date(2027, 1, 30), date(2027, 3, 6)]
        assert warnings_in(line) == 4
        assert cafe.balance(member) == 0
        assert cafe.differences(member) == []


@pytest.mark.parametrize("month", ["used_up", "refused"])
def test_no_points_go_while_the_months_messages_are_used_up(
    shop: SmallClub, line: Line, month: str
) -> None:
    member = shop.joins(USER)
    if month == "used_up":
        line.limit, line.used = 200, 200
    else:
        line.react = lambda: USED_UP
    travels(shop, datetime(2026, 3, 20, tzinfo=UTC), past=WARNED)
    assert (warnings_in(line), shop.balance(member)) == (0, 50)
    line.used, line.react = 0, Line.react
    # With April there are messages again; fourteen days later it is over.
    travels(shop, datetime(2026, 4, 14, tzinfo=UTC), past=datetime(2026, 4, 1, tzinfo=UTC))
    assert (warnings_in(line), shop.balance(member)) == (1, 50)
    travels(shop, datetime(2026, 4, 16, tzinfo=UTC), past=datetime(2026, 4, 14, tzinfo=UTC))
    assert went_on(shop, member) == [date(2026, 4, 15)]
    assert shop.differences(member) == []


def test_nor_while_nobody_knows_whether_the_warning_arrived(shop: SmallClub, line: Line) -> None:
    member = shop.joins(USER)
    line.react = lambda: SILENCE
    travels(shop, datetime(2026, 3, 6, tzinfo=UTC), past=WARNED)
    assert statuses(shop)["uncertain"] > 0
    assert shop.balance(member) == 50


def test_whom_line_refuses_keeps_points_until_unseen_for_ninety_days(
    shop: SmallClub, line: Line
) -> None:
    member = shop.joins(USER)
    line.react = lambda: REFUSED
    travels(shop, datetime(2026, 4, 4, tzinfo=UTC), past=WARNED)
    assert shop.balance(member) == 50
    travels(shop, datetime(2026, 4, 6, tzinfo=UTC), past=datetime(2026, 4, 4, tzinfo=UTC))
    assert went_on(shop, member) == [date(2026, 4, 5)]


def test_who_comes_back_from_a_pause_is_warned_first(shop: SmallClub, line: Line) -> None:
    """Paused before the warning, and back three days before the points would have gone."""
    member = shop.joins(USER)
    shop.passes(days=30)
    changes(shop, member, "paused")
    travels(shop, datetime(2026, 3, 2, 3, tzinfo=UTC), past=WARNED)
    changes(shop, member, "active")  # after 26 days: they are due on 31 March
    travels(shop, datetime(2026, 3, 16, 12, tzinfo=UTC), past=datetime(2026, 3, 5, tzinfo=UTC))
    assert (warnings_in(line), shop.balance(member)) == (0, 50)
    travels(shop, datetime(2026, 4, 1, tzinfo=UTC), past=datetime(2026, 3, 17, tzinfo=UTC))
    assert warnings_in(line) == 1
    assert went_on(shop, member) == [date(2026, 3, 31)]
    assert shop.differences(member) == []


def test_the_owner_reads_of_how_many_points_went_unwarned(shop: SmallClub) -> None:
    for _ in range(2):
        shop.joins()
    travels(shop, datetime(2026, 4, 6, tzinfo=UTC), past=datetime(2026, 4, 4, tzinfo=UTC))
    assert alarms(shop) == []
    travels(shop, datetime(2026, 5, 3, tzinfo=UTC), past=datetime(2026, 5, 1, tzinfo=UTC))
    [told] = alarms(shop)
    assert (told.kind, told.details) == ("unwarned", {"count": 2})


def alarms(shop: SmallClub) -> list[StoredFlag]:
    with shop.store.read() as uow:
        return flags.of_the_club(uow, limit=9)
