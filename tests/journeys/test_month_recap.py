"""A month of steady visits is seen: told once as a picture, and read again by asking."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Said, Town, town
from tests.rules.examples import CAFE

_JOURNEY = '\n[[journeys]]\nkind = "month_recap"\n'


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(CAFE + _JOURNEY, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def recaps(customer: Customer) -> list[str]:
    said = [str(each) for each in customer.reads().messages]
    return [each for each in said if "ありがとうございました" in each or "のまとめ" in each]


def picture(shop: Town, said: Said) -> tuple[str, str, bytes]:
    """The picture on top: its kind, its month, and itself."""
    url = said.messages[0]["contents"]["hero"]["url"]
    kind, token = url.removesuffix(".jpg").split("/")[-2:]
    what = shop.club.codes.read_picture(kind, token)
    assert what is not None
    answer = shop.http.get(urlsplit(url).path)
    assert answer.content_type == "image/jpeg"
    return what.kind, what.detail.split()[0], answer.data


def test_a_steady_month_is_told_once_and_read_again_by_asking(shop: Town) -> None:
    steady, rare, quiet = (shop.newcomer(name) for name in ("さくら", "たまに", "静か"))
    shop.skips_to_day(date(2037, 12, 2))
    for each in (steady, rare, quiet):
        each.follows()
    quiet.taps("do=topics&topic=visits&on=0")
    assert "12月" not in steady.writes("先月のまとめ")
    for day, coming in ((6, 3), (13, 2), (20, 2)):
        shop.skips_to_day(date(2037, 12, day))
        for each in (steady, quiet, rare)[:coming]:
            each.opens(shop.counter_link())
    shop.skips_to_day(date(2037, 12, 31))
    points = steady.member.facts.totals(date(2037, 12, 1), date(2038, 1, 1)).points
    for each in (steady, rare, quiet):
        each.reads()

    shop.travels_to_day(date(2038, 1, 1) + timedelta(days=3))

    said = steady.reads()
    assert len(said.messages) == 1
    assert "12月" in said
    assert "3回" in said
    assert f"{points}ポイント" in said
    assert picture(shop, said)[:2] == ("month", "2037-12")
    assert recaps(rare) == recaps(quiet) == []
    # Who isn't told asks, and reads their own; late in the month, too.
    shop.skips_to_day(date(2038, 1, 31))
    asked = rare.writes("先月のまとめ")
    assert "1回お越しくださいました" in asked
    # The next thing worth doing stands where they are anyway, once; never in what is sent unasked.
    assert "🌱 よろしければ、お誕生日をご登録ください" in asked
    assert "🌱" not in said
    assert "🌱" not in rare.writes("先月のまとめ")
    assert picture(shop, asked)[:2] == ("month", "2037-12")
    # An old message's picture is what it was.
    first = picture(shop, said)[2]
    shop.skips_to_day(date(2038, 5, 1))
    assert picture(shop, said)[2] == first
    assert "4月のご来店はありませんでした" in rare.writes("先月のまとめ")
