from bot.store.finding import today
from bot.store.members import line_accounts
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on

USER = "U" + "1" * 32


def _today(club: SmallClub, limit: int = 10) -> list[today.VisitOfDay]:
    shop = club.timeline.at(club.now).programme.shop
    day = shop.business_date(club.now)
    with club.store.read() as uow:
        return today.visitors(uow, day=day, since=shop.opens(day), limit=limit)


def test_todays_visitors_come_newest_first_with_what_they_reached(
    fresh_database: FreshDatabase,
) -> None:
    with fresh_database() as url, club_on(url) as club:
        early, late = club.joins(USER), club.joins()
        for _ in range(2):
            club.visits(late)
            club.passes(days=1)
        club.visits(early)
        club.passes(hours=1)
        club.visits(late, store="kawabe")
        came = _today(club)
        assert [(c.member.id, c.store, c.name) for c in came] == [
            (late, "kawabe", ""),
            (early, "ekimae", "さくら"),
        ]
        assert [[change.after for change in c.rank_changes] for c in came] == [["bronze"], []]
        assert len(_today(club, limit=1)) == 1
        club.passes(days=1)
        assert _today(club) == []


def test_who_blocked_the_account_is_marked(fresh_database: FreshDatabase) -> None:
    with fresh_database() as url, club_on(url) as club:
        club.visits(club.joins(USER))
        with club.store.begin() as uow:
            line_accounts.set_blocked(uow, USER, True)
        assert [came.blocked for came in _today(club)] == [True]
