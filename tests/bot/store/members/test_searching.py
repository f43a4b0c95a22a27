"""Who is found by a name, in which order; and that it costs no more where more have the name."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.phones import e164
from bot.store.members import searching
from bot.store.members.searching import FOUND_MAX, LATEST_MAX, SAME_MAX
from bot.store.tables import members, search_terms
from rules.wording.name_search import name_query, terms
from tests.handlers.clubs import SmallClub, club_on
from tests.journeys.counting import counting, rows_read

#: More than are looked at, whichever way they are found.
MANY = 2 * (2 * SAME_MAX + LATEST_MAX)


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def find(cafe: SmallClub, asked: str) -> list[int]:
    with cafe.store.read() as uow:
        return searching.search(uow, name_query(asked, e164(asked, "JP")))


def come(cafe: SmallClub, count: int, *names: str, number: str = "") -> list[int]:
    """So many new members who are found by these alone, each of whom came an hour after the one
    before."""
    with cafe.store.begin() as uow:
        row = dict(uow.run(select(members).order_by(members.c.id).limit(1)).one()._mapping)
        last = uow.run(select(members.c.id).order_by(members.c.id.desc()).limit(1)).scalar_one()
        ids = list(range(last + 1, last + 1 + count))
        theirs = {"line_user_id": "", "visits": 1}
        uow.run(
            members.insert(),
            [
                row | theirs | {
                    "id": each, "number": f"9{each:011}",
                    "last_visit_at": cafe.now + timedelta(hours=each),
                }
                for each in ids
            ],
        )  # fmt: skip
        found = [{"term": term} for term in terms(names, [number] if number else [])]
        uow.run(search_terms.insert(), [{"member_id": e} | term for e in ids for term in found])
    return ids


def analysed(cafe: SmallClub) -> None:
    with cafe.store.begin() as uow:
        uow.run(text("ANALYZE"))


@pytest.fixture
def somebody(cafe: SmallClub) -> int:
    return cafe.joins("U1")


def test_those_who_came_last_are_shown_first_and_no_more_than_can_be_read(cafe: SmallClub) -> None:
    everybody = [cafe.joins(f"U{n}") for n in range(FOUND_MAX + 2)]
    cafe.visits(everybody[0])
    cafe.passes(days=1)
    cafe.visits(everybody[1])
    found = find(cafe, "さくら")
    assert found[:2] == [everybody[1], everybody[0]]
    assert len(found) == FOUND_MAX


@pytest.mark.usefixtures("somebody")
def test_of_a_common_name_those_come_first_who_came_last(cafe: SmallClub) -> None:
    come(cafe, MANY, "佐藤")
    [hanako] = come(cafe, 1, "佐藤 花子")
    strangers = come(cafe, LATEST_MAX - 2, "鈴木")
    [taro] = come(cafe, 1, "佐藤 太郎")
    found = find(cafe, "佐藤")
    assert found[:2] == [taro, hanako]
    assert len(found) == len(set(found)) == FOUND_MAX
    assert found[2:] == sorted(found[2:], reverse=True)
    assert not set(found) & set(strangers)


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("asked", ["山田 さくら", "さくら 山田", "山田さくら", "山田 0504"])
def test_a_rare_part_is_found_among_common_ones(cafe: SmallClub, asked: str) -> None:
    come(cafe, MANY, "山田 花子")
    [wanted] = come(cafe, 1, "山田 さくら", number="100000000504")
    come(cafe, MANY, "田中 さくら")
    assert find(cafe, asked) == [wanted]


@pytest.mark.usefixtures("somebody")
def test_many_who_have_just_those_digits_are_found_too(cafe: SmallClub) -> None:
    come(cafe, MANY, "鈴木", number="+81900000504")
    assert len(find(cafe, "0504")) == len(find(cafe, "鈴木 0504")) == FOUND_MAX
    assert find(cafe, "佐藤 0504") == find(cafe, "0503") == []


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("asked", ["佐藤", "佐藤 さくら", "0504"])
def test_it_reads_no_more_where_more_have_the_name(cafe: SmallClub, asked: str) -> None:
    come(cafe, 2 * MANY, "鈴木")
    costs = []
    for many in (MANY, 9 * MANY):
        come(cafe, many, "佐藤 さくら", number="100000000504")
        analysed(cafe)
        with counting(cafe.store) as counted:
            assert len(find(cafe, asked)) == FOUND_MAX
        costs.append(rows_read(cafe.store, counted.statements))
    assert 0 < costs[1] < 1.1 * costs[0]
