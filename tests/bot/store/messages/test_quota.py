from datetime import date, timedelta

from bot.store.messages import quota
from tests.handlers.clubs import club_on


def test_a_new_month_begins_at_nothing(database_url: str) -> None:
    with club_on(database_url) as club, club.store.begin() as uow:
        january, february = date(2026, 1, 1), date(2026, 2, 1)
        assert quota.begin_month(uow, january)
        assert not quota.begin_month(uow, january)
        quota.note_figures(uow, january, plan=200, used=50, now=club.now)
        quota.spend(uow, january, 7)
        quota.hold(uow, january, until=club.now + timedelta(days=60), reason="monthly_limit")
        assert quota.state(uow, january, now=club.now).left == 143
        assert quota.state(uow, february, now=club.now) == quota.NOTHING_KNOWN
        quota.spend(uow, january, -9)
        assert quota.state(uow, january, now=club.now).used_own == 0


def test_a_longer_hold_stays(database_url: str) -> None:
    with club_on(database_url) as club, club.store.begin() as uow:
        month = club.now.date().replace(day=1)
        quota.begin_month(uow, month)
        quota.hold(uow, month, until=club.now + timedelta(days=9), reason="monthly_limit")
        quota.hold(uow, month, until=club.now + timedelta(minutes=1), reason="credentials")
        assert quota.state(uow, month, now=club.now).held == "monthly_limit"
        assert quota.state(uow, month, now=club.now + timedelta(days=10)).held is None
