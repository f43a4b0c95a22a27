"""A happy New Year, wished once a year with a picture, to whom it is welcome."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Town, town
from tests.rules.examples import CAFE

_JOURNEY = '\n[[journeys]]\nkind = "new_year"\n'


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(CAFE + _JOURNEY, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def wishes(customer: Customer) -> list[dict[str, Any]]:
    said = customer.reads()
    return [each for each in said.messages if "あけまして" in str(each) or "新年" in str(each)]


def test_a_happy_new_year_is_wished_once_with_the_picture_of_that_year(shop: Town) -> None:
    sakura, mourning, left, stranger = (
        shop.newcomer(name) for name in ("さくら", "喪中", "退会", "はじめて")
    )
    for each in (sakura, mourning, left, stranger):
        each.follows()
    for each in (sakura, mourning, left):
        each.opens(shop.counter_link())
    mourning.taps("do=topics&topic=birthday&on=0")
    left.writes("退会")
    left.taps("do=leave&yes=1")
    assert left.member.facts.membership == "left"
    shop.skips_to_day(date(2037, 12, 30))
    shop.travels_to_day(date(2037, 12, 31))
    everybody = (sakura, mourning, left, stranger)
    assert [wishes(each) for each in everybody] == [[], [], [], []]

    shop.travels_to_day(date(2038, 1, 4))

    [wish] = wishes(sakura)
    assert "うま年" in str(wish) or "ご多幸" in str(wish)
    hero = wish["contents"]["hero"]["url"]
    kind, token = hero.removesuffix(".jpg").split("/")[-2:]
    what = shop.club.codes.read_picture(kind, token)
    assert what is not None
    assert (what.kind, what.detail.split()[0]) == ("new_year", "2038")
    assert shop.http.get(urlsplit(hero).path).content_type == "image/jpeg"
    assert [wishes(each) for each in (mourning, left, stranger)] == [[], [], []]
    shop.travels_to_day(date(2038, 1, 9))
    assert [wishes(each) for each in everybody] == [[], [], [], []]
