"""A campaign of the season: named beforehand, told once when it begins, seen on the calendar."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from handlers.showing.card_links import card_link
from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Town, town
from tests.rules.examples import CAFE

BEGINS = date(2037, 11, 26)
_SEASON = f"""
[[campaigns]]
id = "season"
name = {{ ja = "梅雨の読書フェア", en = "Rainy days" }}
starts = {BEGINS.isoformat()}
ends = {(BEGINS + timedelta(days=6)).isoformat()}
effect = {{ kind = "bonus", points = 7 }}

[[journeys]]
kind = "campaign"
holdout = 0
"""


@pytest.fixture
def season(database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(CAFE + _SEASON, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def page_of(town: Town, customer: Customer) -> FlaskClient:
    """The customer's browser, on their card."""
    phone: FlaskClient = town.http.application.test_client()
    assert phone.get(urlsplit(card_link(town.club, customer.member)).path).status_code == 303
    return phone


def told(customer: Customer) -> list[str]:
    """The messages about it."""
    return [str(each) for each in customer.reads().messages if "梅雨の読書フェア" in str(each)]


def test_a_season_is_named_before_told_once_and_marked_on_the_calendar(season: Town) -> None:
    sakura, silent, stranger = (season.newcomer(name) for name in ("さくら", "静か", "初めて"))
    for each in (sakura, silent, stranger):
        each.follows()
    for each in (sakura, silent):
        each.opens(season.counter_link())
    silent.writes("配信設定")
    silent.taps("do=topics&topic=points&on=0")
    season.skips_to_day(BEGINS - timedelta(days=3))
    before = sakura.writes("今日")
    assert f"{BEGINS.month}月{BEGINS.day}日" in before
    assert "から：梅雨の読書フェア" in before
    assert "読書フェア" not in sakura.writes("会員証")
    assert "読書フェア" not in page_of(season, sakura).get("/card").text
    for each in (sakura, silent, stranger):
        each.reads()

    season.travels_to_day(BEGINS + timedelta(days=2))

    said = told(sakura)
    assert len(said) == 1
    assert "さらに7ポイント" in said[0]
    assert told(silent) == told(stranger) == []
    assert "梅雨の読書フェア" in sakura.writes("会員証")
    assert "から：" not in sakura.writes("今日")
    # The card's own page says it, an open one too, and its calendar marks the days; what the phone
    # keeps for another day doesn't.
    page = page_of(season, sakura)
    named = "本日開催中：梅雨の読書フェア"
    assert named in page.get("/card").text
    assert page.get("/card/state").get_json()["today"] == named
    assert "読書フェア" not in page.get("/card/kept").text
    month = page.get(f"/card/history?month={BEGINS:%Y-%m}").text
    assert "梅雨の読書フェア" in month
    marked = re.findall(r' extra"[^>]*><span>(\d+)<', month)
    assert {"26", "27", "28", "29", "30"} <= set(marked)
    assert "梅雨の読書フェア" in season.http.get("/programme").text
    points = sakura.member.facts.balance
    assert "+7" in sakura.opens(season.counter_link())
    assert sakura.member.facts.balance >= points + 17
    season.travels_to_day(BEGINS + timedelta(days=8))
    assert told(sakura) == []
    assert season.adds_up()
