from datetime import timedelta

from bot.store.history import visit_days
from bot.store.history.visit_days import VisitDay
from handlers.actions.counter.purchase import purchase
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, SmallClub, club_on
from tests.journeys.counting import counting
from tests.rules.examples import CAFE, GYM


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


def buys(club: SmallClub, member: int, yen: int, *, excluded: int = 0) -> None:
    bought = Purchase(yen, excluded_yen=excluded)
    receipt = Request(member, bought, club.now, "ekimae")
    with club.work() as work:
        purchase(work.acting("staff").under(club.key()), receipt)


def merges(club: SmallClub, keep: int, other: int) -> None:
    with club.work() as work:
        assert merge(work.acting("staff").under(club.key()), MergeRequest(keep, other)).done


def test_a_persons_days_are_those_of_all_their_cards_and_whoever_is_gone_has_none(
    fresh_database: FreshDatabase,
) -> None:
    with fresh_database() as url, club_on(url, CAFE) as club:
        keeper, second, first, erased, nobody = (club.joins() for _ in range(5))
        start = club.now.date()
        for member in (keeper, second, erased):
            club.visits(member)
        buys(club, keeper, 800, excluded=300)
        club.passes(days=2)
        club.visits(first)
        buys(club, keeper, 450)
        club.passes(days=2)
        club.visits(keeper, key="scan:wrong")
        assert club.undoes(keeper, "scan:wrong").done
        merges(club, second, first)
        merges(club, keeper, second)
        with club.work() as work:
            erase(work.acting("staff").under(club.key()), erased)
        with counting(club.store) as counted, club.store.read() as uow:
            found = visit_days.of_many(uow, [keeper, second, first, erased, nobody])
        assert len(counted.statements) == 1
        assert found == [
            VisitDay(keeper, start, 2, 500),
            VisitDay(keeper, start + 2 * DAY, 1, 450),
        ]
