"""Histories, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from bot.store.history import history
from rules.programme.ranks import RankChange
from tests.handlers.clubs import SmallClub, club_on

STEPS = [
    RankChange(None, "bronze", date(2026, 1, 5), "reached"),
    RankChange("bronze", None, date(2026, 2, 1), "short"),
    RankChange(None, "silver", date(2026, 2, 3), "reached"),
]


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def test_steps_on_the_ladder_keep_their_order(cafe: SmallClub) -> None:
    one, other = cafe.joins(), cafe.joins()
    with cafe.store.begin() as uow:
        history.add_rank_changes(uow, one, STEPS[:2])
        history.add_rank_changes(uow, other, STEPS[:1])
        history.add_rank_changes(uow, one, STEPS[2:])
    with cafe.store.read() as uow:
        assert history.rank_history(uow, one) == tuple(STEPS)
        assert history.rank_history(uow, other) == tuple(STEPS[:1])


def test_steps_are_replaced_by_what_a_replay_found(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.store.begin() as uow:
        history.add_rank_changes(uow, member, STEPS)
        history.replace_rank_changes(uow, member, STEPS[:1])
        assert history.rank_history(uow, member) == tuple(STEPS[:1])
        history.replace_rank_changes(uow, member, [])
        assert history.rank_history(uow, member) == ()


def test_the_last_visit_is_that_of_the_day_or_the_one_before(cafe: SmallClub) -> None:
    member, day = cafe.joins(), timedelta(days=1)
    came = cafe.now
    cafe.visits(member)
    cafe.passes(days=3)
    cafe.visits(member)

    def last(at: datetime) -> datetime | None:
        on = cafe.timeline.latest.programme.shop.business_date(at)
        with cafe.store.glance() as uow:
            found = history.last_visit(uow, member, at=at, day=on)
        return found.activity.at if found else None

    hour = timedelta(hours=1)
    assert last(came - day) is None
    assert last(came - hour) == last(came + hour) == last(came + 2 * day) == came
    assert last(cafe.now - hour) == last(cafe.now + day) == cafe.now
