"""Travelling through time and choosing a plan on the page."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.simulator.page_world import months_later
from tests.waiting import SECONDS_MAX

from .conftest import World


def test_time_goes_forward_by_hours_and_to_dates(world: World) -> None:
    before = world.simulator.now()
    world.page("/page/travel", {"seconds": 3600})
    target = (before + timedelta(days=3)).astimezone(UTC) + timedelta(hours=9)

    answer = world.page("/page/travel", {"to": f"{target:%Y-%m-%dT%H:%M}"})

    assert answer.status == 200
    assert len(world.travelled) == 2
    assert world.simulator.now() - before > timedelta(days=2, hours=23, minutes=58)
    state = world.page("/page/state").json()["world"]
    assert abs(state["now"] / 1000 - world.simulator.now().timestamp()) < 10
    assert state["ahead"] > 2 * 86_400


def test_a_journey_tells_what_arrived_meanwhile(world: World) -> None:
    sakura, taro = world.friend("さくら"), world.friend("太郎")
    world.push(sakura, "前から")
    world.on_the_way = lambda: [world.push(sakura), world.push(sakura), world.push(taro)]

    told = world.page("/page/travel", {"seconds": 3600, "user": sakura}).json()

    assert (told["mine"], told["messages"], told["people"]) == (2, 3, 2)
    assert told["now"] - told["departed"] >= 3_600_000


@pytest.mark.parametrize(
    ("departed", "months", "arrived"),
    [
        ("2026-11-23T10:05", 2, "2027-01-23T10:05"),
        ("2026-12-31T23:00", 2, "2027-02-28T23:00"),
        ("2027-12-31T08:00", 2, "2028-02-29T08:00"),
        ("2026-11-30T10:00", 1, "2026-12-30T10:00"),
        ("2026-11-23T10:05", 36, "2029-11-23T10:05"),
    ],
)
def test_months_are_those_of_the_calendar(departed: str, months: int, arrived: str) -> None:
    now = datetime.fromisoformat(f"{departed}+09:00").astimezone(UTC)

    assert months_later(now, months) == datetime.fromisoformat(f"{arrived}+09:00")


def test_two_months_ahead_is_one_button(world: World) -> None:
    before = world.simulator.now()

    world.page("/page/travel", {"months": 2})

    [moment] = world.travelled
    assert timedelta(0) <= moment - months_later(before, 2) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "body",
    [
        {"months": 0},
        {"months": 37},
        {"months": True},
        {"to": "2020-01-01T10:00"},
        {"to": "soon"},
        {"to": "9999-12-31T23:59"},
        {"seconds": 0},
        {"seconds": -60},
        {"seconds": 10**10},
        {},
    ],
)
def test_time_never_goes_back_nor_absurdly_far(world: World, body: dict[str, Any]) -> None:
    answer = world.page("/page/travel", body)

    assert answer.status == 400
    assert answer.json()["error"]
    assert world.travelled == []
    assert world.simulator.offset() == timedelta(0)


def test_only_one_journey_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way, arrived = threading.Event(), threading.Event()

    def slow(_: timedelta) -> None:
        on_the_way.set()
        arrived.wait(SECONDS_MAX)

    monkeypatch.setattr(world.simulator, "set_offset", slow)
    first = threading.Thread(target=world.page, args=("/page/travel", {"seconds": 60}))
    first.start()
    on_the_way.wait(SECONDS_MAX)

    second = world.page("/page/travel", {"seconds": 60})
    arrived.set()
    first.join()

    assert second.status == 409


def test_the_plan_is_chosen_on_the_page(world: World) -> None:
    world.page("/page/plan", {"limit": 200})
    assert world.page("/page/state").json()["world"]["plan"] == 200
    world.page("/page/plan", {"limit": None})
    assert world.page("/page/state").json()["world"]["plan"] is None
    assert world.page("/page/plan", {"limit": -1}).status == 400
    assert world.page("/page/plan", {"limit": "many"}).status == 400
