"""The way of each who began in a period, read a page at a time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.finding import funnel
from bot.store.members import line_accounts
from bot.store.tables import activities
from handlers.actions.members.merge import MergeRequest, merge
from rules.outlook.funnel import Beginning
from tests.handlers.clubs import MANAGER, SmallClub, club_on
from tests.journeys.counting import counting, plans

DAY = timedelta(days=1)


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def ways(club: SmallClub) -> list[Beginning]:
    shop = club.timeline.at(club.now).programme.shop
    since, until = club.now - 100 * DAY, club.now + DAY
    found = list(funnel.members_since(club.store, since, until, shop.business_date))
    return found + list(funnel.followers_since(club.store, since, until, shop.business_date))


def user(n: int) -> str:
    return f"U{n:032x}"


def test_a_way_is_told_by_days_and_what_was_undone_was_not(club: SmallClub) -> None:
    today = club.timeline.at(club.now).programme.shop.business_date(club.now)
    sakura = club.joins(user(1))
    with club.store.begin() as uow:
        line_accounts.note_look(uow, user(1), browser="b", at=club.now)
        line_accounts.ensure(uow, user(9), display_name="", language="ja", at=club.now)
    for days in (0, 2, 0, 3, 1):
        club.passes(days=days, hours=1)
        club.visits(sakura)
    undone = club.key()
    club.passes(days=1)
    club.visits(sakura, key=undone)
    club.undoes(sakura, undone)
    sure, follower = ways(club)
    assert (sure.followed, sure.joined, sure.looked) == (today, today, today)
    assert [sure.first, sure.second, sure.third, sure.rhythm] == [
        today, today + 2 * DAY, today + 5 * DAY, None,
    ]  # fmt: skip
    assert sure.ranked is not None
    assert not sure.left
    assert follower == Beginning(today)
    with club.store.read() as uow:
        shop = club.timeline.at(club.now).programme.shop
        assert funnel.way_of(uow, sakura, shop.business_date) == sure
        # A second look is none.
        known = line_accounts.get(uow, user(1))
        assert known is not None
        assert known.looked_at is not None


def test_a_merged_cards_days_are_its_keepers_and_it_is_nobody_itself(club: SmallClub) -> None:
    keeper, paper = club.joins(user(1)), club.joins()
    club.visits(paper)
    club.passes(days=1)
    club.visits(keeper)
    before = ways(club)
    assert len(before) == 2
    with club.work(MANAGER, key=club.key()) as work:
        merge(work, MergeRequest(keeper, paper, checked="known"))
    [one] = ways(club)
    assert one.second is not None
    assert one.first is not None
    assert one.second == one.first + DAY


def test_a_page_of_members_is_one_statement_that_reads_no_table_whole(
    club: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(funnel, "PAGE", 3)
    for n in range(7):
        member = club.joins(user(n))
        for _ in range(n):
            club.visits(member)
            club.passes(days=1)
    with counting(club.store) as counted:
        found = ways(club)
    assert [one.first is not None for one in found] == [False, *[True] * 6]
    # Three pages, and those who only follow.
    assert len(counted.statements) == 4
    lines = plans(club.store, counted.statements[:3])
    whole = [line for line in lines if "SCAN members" in line or "SCAN activities" in line]
    assert whole == []
    assert not [line for line in lines if "Seq Scan on activities" in line]
    with club.store.read() as uow:
        assert uow.run(select(activities.c.seq)).all()
