from datetime import timedelta

from bot.store.history import visit_days
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, club_on
from tests.rules.examples import GYM


def test_visits_are_counted_by_business_day_and_nothing_else_is(
    fresh_database: FreshDatabase,
) -> None:
    with fresh_database() as url, club_on(url, GYM) as club:
        member, other = club.joins(), club.joins()
        start = club.now.date()
        club.visits(member, store="honkan")
        club.visits(member, store="pool", at=club.passes(hours=5))
        club.visits(other, store="honkan")
        club.visits(member, store="honkan", at=club.passes(days=2))
        club.visits(member, store="honkan", at=club.passes(days=30))
        with club.store.read() as uow:
            found = visit_days.between(uow, member, start, start + 10 * DAY)
            none = visit_days.between(uow, member, start + timedelta(days=3), start + 9 * DAY)
    assert found == {start: 2, start + 2 * DAY: 1}
    assert none == {}
