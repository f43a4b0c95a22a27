"""Statistics by unit, as LINE's own client gets them."""

from datetime import date, timedelta

import pytest
from linebot.v3 import insight, messaging

from bot.simulator import new_user_id
from bot.simulator.times import JAPAN

from .conftest import TOKEN, World

UNIT = "winter_a"


def friends(world: World, count: int) -> list[str]:
    return [world.friend(f"友だち{n}") for n in range(count)]


def multicast(
    world: World, to: list[str], unit: str = UNIT, *, uri: str = "https://example.jp/beans"
) -> None:
    button = messaging.URIAction(label="見る", uri=uri)
    card = messaging.TemplateMessage(
        alt_text="豆", template=messaging.ButtonsTemplate(text="豆", actions=[button])
    )
    world.client.multicast(
        messaging.MulticastRequest(to=to, messages=[card], custom_aggregation_units=[unit])
    )


def told(world: World, first: date, last: date, unit: str = UNIT) -> tuple[int | None, int | None]:
    host = f"{world.base_url}/simulator/api"
    configuration = insight.Configuration(host=host, access_token=TOKEN)
    with insight.ApiClient(configuration) as client:
        found = insight.Insight(client).get_statistics_per_unit(
            unit, f"{first:%Y%m%d}", f"{last:%Y%m%d}"
        )
    return found.overview.unique_impression, found.overview.unique_click


def opens(world: World, user_id: str) -> None:
    newest = world.lines(user_id)[-1].id
    assert world.page("/page/seen", {"user": user_id, "line": str(newest)}).status == 200


def taps(world: World, user_id: str, uri: str = "https://example.jp/beans") -> None:
    assert world.page("/page/tapped", {"user": user_id, "uri": uri}).status == 200


def today(world: World) -> date:
    return world.simulator.now().astimezone(JAPAN).date()


def test_of_fewer_than_twenty_people_nothing_is_told(world: World) -> None:
    people = friends(world, 21)
    multicast(world, people)
    day = today(world)
    for user_id in people[:19]:
        opens(world, user_id)
        taps(world, user_id)
    assert told(world, day, day) == (None, None)
    opens(world, people[19])
    opens(world, people[19])
    assert told(world, day, day) == (20, None)
    opens(world, people[20])
    taps(world, people[19])
    taps(world, people[20], "https://example.jp/other")
    assert told(world, day, day) == (21, 20)


def test_a_link_that_begins_like_another_is_not_taken_for_it(world: World) -> None:
    people = friends(world, 20)
    multicast(world, people)
    multicast(world, people, "longer", uri="https://example.jp/beans/dark")
    for user_id in people:
        taps(world, user_id)
    day = today(world)
    assert [told(world, day, day, unit)[1] for unit in (UNIT, "longer")] == [20, None]


def test_units_and_days_are_counted_apart(world: World) -> None:
    people = friends(world, 20)
    multicast(world, people)
    day = today(world)
    for user_id in people:
        opens(world, user_id)
    assert told(world, day, day, "winter_b") == (None, None)
    assert told(world, day - timedelta(2), day - timedelta(1)) == (None, None)
    assert told(world, day - timedelta(30), day) == (20, None)


def test_who_does_not_receive_it_has_not_opened_it(world: World) -> None:
    people = friends(world, 20)
    world.push(people[0])
    opens(world, people[0])
    world.simulator.customers.block(people[0])
    multicast(world, people)
    push = messaging.PushMessageRequest(
        to=people[0], messages=[messaging.TextMessage(text="豆")], custom_aggregation_units=[UNIT]
    )
    world.client.push_message(push)
    for user_id in people[1:]:
        opens(world, user_id)
    assert told(world, today(world), today(world)) == (None, None)


@pytest.mark.parametrize(
    "query",
    [
        "from=20260401&to=20260430",
        "customAggregationUnit=a&from=20260401",
        "customAggregationUnit=a&from=20260431&to=20260431",
        "customAggregationUnit=a&from=20260430&to=20260401",
        "customAggregationUnit=a&from=20260401&to=20260502",
        "customAggregationUnit=a&from=2026-4-1&to=20260401",
    ],
)
def test_what_line_refuses_is_refused(world: World, query: str) -> None:
    answer = world.call("GET", f"/v2/bot/insight/message/event/aggregation?{query}")
    assert answer.status == 400
    assert answer.json()["message"]


def test_a_stranger_opens_nothing(world: World) -> None:
    taps(world, new_user_id())
    assert told(world, today(world), today(world)) == (None, None)
