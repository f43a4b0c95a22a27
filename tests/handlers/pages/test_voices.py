"""The public page of what members have said: all of it, by date, as it was let be shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from handlers.pages.voices import SHOWN_MAX
from tests.journeys.town import Town, town


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("cafe")
    with town(f"sqlite:///{folder / 'club.sqlite3'}", folder) as running:
        assert "まだご感想はありません" in running.http.get("/voices").get_data(as_text=True)
        _fill(running)
        yield running


def _fill(cafe: Town) -> None:
    """Two pages of them, the oldest first, of which the odd are of one star."""
    sakura = cafe.newcomer()
    sakura.follows()
    now, day = cafe.club.now(), cafe.today()
    told = Review(sakura.member.id, 0, 5, "", now, day, "counted", shown_as="さくら")
    with cafe.club.store.begin() as uow:
        for n in range(1, SHOWN_MAX + 3):
            stars, on = 1 if n % 2 else 5, day - timedelta(days=99 - n)
            words = f"<i>{n}回めです" + "。" * n
            each = replace(told, n=n, stars=stars, words=words, business_date=on)
            reviews.put(uow, replace(each, rewarded=n == 1, edited_at=now if n == 2 else None))
        hidden = replace(told, words="見えません", business_date=day)
        reviews.put(uow, replace(hidden, n=50, shown_as=None))
        reviews.put(uow, replace(hidden, n=51, status="waiting"))
        reviews.put(uow, replace(hidden, n=52, taken_down="abuse"))


def page(cafe: Town, query: str = "") -> str:
    return str(cafe.http.get(f"/voices{query}").get_data(as_text=True))


def test_it_has_all_by_date_whatever_the_stars_and_nothing_that_nobody_may_read(cafe: Town) -> None:
    first, second = page(cafe), page(cafe, "?page=2")
    places = [first.index(f"&lt;i&gt;{n}回めです") for n in range(SHOWN_MAX + 2, 2, -1)]
    assert places == sorted(places)
    assert "&lt;i&gt;1回めです。" in second
    assert "<i>" not in first
    assert "見えません" not in first + second
    assert "1件の掲載を見合わせています" in first
    assert "★☆☆☆☆" in first
    assert "page=2" in first
    assert "page=1" in second


def test_it_says_what_was_rewarded_and_what_was_rewritten(cafe: Town) -> None:
    second = page(cafe, "?page=2")
    articles = second.split("<article>")
    assert ["特典つき</span>" in each for each in articles[1:]] == [False, True]
    assert ["（書き直し）" in each for each in articles[1:]] == [True, False]


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=999999999", "?lang=%00"])
def test_an_odd_address_is_still_a_page(cafe: Town, query: str) -> None:
    assert cafe.http.get(f"/voices{query}").status_code == 200


def test_it_runs_no_script_is_framed_nowhere_and_has_an_english_side(cafe: Town) -> None:
    answer = cafe.http.get("/voices?lang=en")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "What our customers say" in answer.get_data(as_text=True)
