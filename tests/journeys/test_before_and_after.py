"""Purchases, visits and weeks that bring something by their count are told before and after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.handlers.pages.staff.conftest import Desks, WallClock
from tests.handlers.pages.staff.counters import counter_of
from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Town, town
from tests.rules.examples import LEAST

_COUNTED = """
[visits]
counter_qr = true
[purchase]
[[streaks]]
id = "weekly"
name = { ja = "週1回" }
goal = 1
[[earning]]
id = "visit"
name = { ja = "ご来店" }
on = "visit"
award = { kind = "fixed", points = 1 }
[[earning]]
id = "weeks"
name = { ja = "2週つづけて" }
on = "streak"
streak = "weekly"
award = { kind = "nth", every = 2, points = 40 }
[[rewards]]
id = "cup"
name = { ja = "3杯めの一杯" }
kind = "coupon"
given = { kind = "nth_purchase", every = 3 }
valid_days = 60
value_yen = 400
[[rewards]]
id = "cake"
name = { ja = "5回めのケーキ" }
kind = "coupon"
given = { kind = "nth_visit", at = [5] }
valid_days = 60
value_yen = 400
"""


_SUM = """
[purchase]
[[earning]]
id = "sum"
name = { ja = "お買い上げ累計" }
on = "spend"
award = { kind = "per_amount", points = 50, yen = 10000 }
[[journeys]]
kind = "spend"
every_yen = 10000
"""


@pytest.fixture(params=[_COUNTED])
def stand(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(LEAST + request.param, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def test_purchases_visits_and_weeks_are_told_before_and_after(stand: Town) -> None:
    desks = Desks(stand.club, stand.http.application, WallClock())
    counter = counter_of(desks, store="main")
    sakura = stand.newcomer("さくら")
    sakura.follows()
    for left in (2, 1):
        stand.travels_to_day(stand.today() + timedelta(days=1), hour=12)
        counter.scans(sakura.member, amount=500)
        assert f"あと{left}回のお買い物で「3杯めの一杯」！" in sakura.writes("会員証")
        sakura.reads()
    stand.travels_to_day(stand.today() + timedelta(days=1), hour=12)
    counter.scans(sakura.member, amount=500)
    stand.travels(days=0.01)
    assert "「3杯めの一杯」をプレゼント" in sakura.reads()

    assert "あと2回のご来店で「5回めのケーキ」！" in sakura.writes("会員証")
    stand.travels_to_day(stand.today() + timedelta(days=1), hour=12)
    assert "あと1回のご来店で「5回めのケーキ」！" in sakura.opens(stand.counter_link())
    # In another week the streak comes first: it would be lost.
    stand.travels_to_day(stand.today() + timedelta(days=7), hour=12)
    assert "今週あと1回のご来店で2週連続！" in sakura.writes("会員証")
    reached = sakura.opens(stand.counter_link())
    assert "「5回めのケーキ」をプレゼント" in reached
    assert "+41" in reached
    assert "2週つづけて" in reached
    assert "2週連続" in sakura.writes("会員証")
    assert stand.adds_up()


@pytest.mark.parametrize("stand", [_SUM], indirect=True)
def test_a_sum_of_purchases_is_told_before_it_is_reached_and_the_day_after(stand: Town) -> None:
    counter = counter_of(Desks(stand.club, stand.http.application, WallClock()), store="main")
    sakura = stand.newcomer("さくら")
    sakura.follows()
    stand.travels_to_day(stand.today() + timedelta(days=1), hour=12)
    counter.scans(sakura.member, amount=9_500)
    assert "500円" in sakura.writes("会員証"), "so much is missing"
    stand.travels_to_day(stand.today() + timedelta(days=1), hour=12)
    counter.scans(sakura.member, amount=1_000)
    sakura.reads()
    stand.travels_to_day(stand.today() + timedelta(days=1), hour=19)
    told = sakura.reads()
    assert "累計が10,000円" in told or "累計10,000円" in told
    stand.travels_to_day(stand.today() + timedelta(days=3), hour=19)
    assert not sakura.reads().messages, "once"
    assert stand.adds_up()
