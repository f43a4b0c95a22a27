"""「今日は休み」: said by one tap, heard at once by who asks, and nobody loses anything by it."""

from datetime import timedelta

import pytest

from bot.store.history.programs import NOTICE
from tests.handlers.pages.staff.conftest import Browser, Desks, WallClock
from tests.journeys.town import Customer, Town

SECONDS = NOTICE.total_seconds() / 86_400


@pytest.fixture
def owner(shop: Town) -> Browser:
    return Desks(shop.club, shop.http.application, WallClock()).signed_in("boss", "owner", None)


def closes(shop: Town, owner: Browser, **days: str) -> None:
    owner.get("/owner/stores")
    answer = owner.post("/owner/stores/close", **{"store": "*", **days})
    assert answer.status_code == 303
    shop.skips(days=SECONDS)


def comes(shop: Town, who: Customer) -> None:
    assert "ご来店" in who.opens(shop.counter_link())


def weeks(who: Customer) -> int:
    """How many weeks in a row they have come."""
    return who.member.facts.streaks["weekly"].weeks


def test_who_asks_hears_it_at_once_and_of_the_one_branch_alone(shop: Town, owner: Browser) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    assert "まで営業しています" in sakura.writes("営業時間")
    closes(shop, owner)
    assert "本日はお休みです" in sakura.writes("営業時間")
    assert owner.post("/owner/stores/open", store="*").status_code == 303
    shop.skips(days=SECONDS)
    assert "本日はお休みです" not in sakura.writes("今日やってる？")
    closes(shop, owner, store="ekimae")
    said = sakura.writes("営業時間")
    assert "本日はお休みです" in said
    assert "まで営業しています" in said, "the other one is open"


def test_a_week_that_is_closed_breaks_no_streak_and_costs_no_rank(
    shop: Town, owner: Browser
) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    for _ in range(3):
        comes(shop, sakura)
        shop.travels(days=7)
    comes(shop, sakura)
    before, rank = weeks(sakura), sakura.member.facts.rank
    monday = shop.today() + timedelta(days=1)
    closes(shop, owner, first=monday.isoformat(), last=(monday + timedelta(days=6)).isoformat())
    shop.travels(days=9)
    comes(shop, sakura)
    after = sakura.member.facts
    assert after.streaks["weekly"].weeks == before + 1
    assert after.rank == rank
    assert shop.adds_up()
