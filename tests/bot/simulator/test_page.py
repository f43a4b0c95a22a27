"""The page at /simulator: what it shows, what its buttons do, and who may press them."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from bot.simulator import new_user_id

from .conftest import World
from .test_menu_api import create, png


def act(world: World, name: str, user: str, **body: Any) -> Any:
    return world.page(f"/page/act/{name}", {"user": user, **body})


def test_the_page_and_all_it_needs_is_served_by_us(world: World) -> None:
    page = world.page("")
    html = page.data.decode()

    assert page.status == 200
    assert "喫茶テスト" in html
    for address in re.findall(r'(?:href|src)="([^#"][^"]*)"', html):
        assert address.startswith("/simulator/static/")
        assert world.http.request("GET", world.base_url + address).status == 200
    assert "<script>" not in html
    assert " onclick" not in html
    assert " style=" not in html


def test_the_page_runs_no_script_but_its_own(world: World) -> None:
    policy = world.page("").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_a_chat_link_opens_the_page_with_its_text(world: World) -> None:
    words = '入店 "<b>&1'

    page = world.page(f"/R/oaMessage/%40simulator/?{quote(words)}").data.decode()

    assert 'data-draft="入店 &#34;&lt;b&gt;&amp;1"' in page
    assert world.page("/R/oaMessage/%40other/?a").status == 404


def test_an_add_friend_link_asks_who_it_is(world: World) -> None:
    assert 'data-follow="yes"' in world.page("/R/ti/p/@simulator").data.decode()
    assert "data-follow" not in world.page("").data.decode()
    assert world.page("/R/ti/p/@other").status == 404


def test_a_new_customer_is_made_and_follows(world: World) -> None:
    made = world.page("/page/people", {"name": " はなこ ", "language": "ja"}).json()["person"]

    answer = act(world, "follow", made["id"])

    assert made["name"] == "はなこ"
    assert made["status"] == "stranger"
    assert answer.json()["delivery"]["ok"] is True
    state = world.page(f"/page/state?user={made['id']}").json()
    assert state["person"]["status"] == "friend"
    assert [line["body"] for line in state["lines"]] == [{"kind": "follow"}]
    assert world.bot.events[-1]["type"] == "follow"


def test_customers_are_found_by_name_and_the_last_played_comes_first(world: World) -> None:
    for name in ("さくら", "100%の人", "太郎"):
        world.friend(name)
    played = world.friend("太郎")
    act(world, "text", played, text="あ")

    everybody = world.page("/page/people").json()
    taros = world.page(f"/page/people?q={quote('太郎')}").json()["people"]
    percent = world.page(f"/page/people?q={quote('%')}").json()["people"]

    assert everybody["count"] == 4
    assert everybody["people"][0]["id"] == played
    assert [one["name"] for one in taros] == ["太郎", "太郎"]
    assert [one["name"] for one in percent] == ["100%の人"]


@pytest.mark.parametrize(
    ("name", "body", "event"),
    [
        ("text", {"text": "カード"}, ("message", "message", {"type": "text", "text": "カード"})),
        (
            "postback",
            {"data": "bd", "params": {"date": "1990-01-01"}},
            ("postback", "postback", {"data": "bd", "params": {"date": "1990-01-01"}}),
        ),
        (
            "sticker",
            {"packageId": "446", "stickerId": "1988"},
            ("message", "message", {"type": "sticker", "stickerId": "1988"}),
        ),
        (
            "picture",
            {"data": base64.b64encode(png(2, 2)).decode()},
            ("message", "message", {"type": "image", "contentProvider": {"type": "line"}}),
        ),
        ("location", {}, ("message", "message", {"type": "location"})),
        ("beacon", {"hwid": "0123456789"}, ("beacon", "beacon", {"hwid": "0123456789"})),
        (
            "membership",
            {"what": "joined", "plan": "3189"},
            ("membership", "membership", {"type": "joined", "membershipId": 3189}),
        ),
    ],
)
def test_each_act_of_the_page_becomes_its_event(
    world: World, name: str, body: dict[str, Any], event: tuple[str, str, dict[str, Any]]
) -> None:
    user = world.friend()

    answer = act(world, name, user, **body)

    kind, part, contents = event
    sent = world.bot.events[-1]
    assert (answer.status, sent["type"]) == (200, kind)
    assert {key: sent[part][key] for key in contents} == contents


def test_a_deprecated_postback_text_is_sent_as_a_message_too(world: World) -> None:
    act(world, "postback", world.friend(), data="x", text="見る")

    assert [event["type"] for event in world.bot.events] == ["message", "postback"]


def test_a_sent_picture_is_shown_again(world: World) -> None:
    user, image = world.friend(), png(2, 2)
    act(world, "picture", user, data=base64.b64encode(image).decode())

    shown = world.page(f"/sent/{world.lines(user)[0].id}")

    assert (shown.data, shown.headers["Content-Type"]) == (image, "image/png")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("text", {"text": ""}),
        ("text", {"text": " "}),
        ("text", {"text": "あ" * 5_001}),
        ("text", {"text": 5}),
        ("postback", {"data": "x" * 301}),
        ("postback", {"data": "x", "params": {"date": 1}}),
        ("picture", {"data": "not base64!"}),
        ("picture", {"data": base64.b64encode(b"<svg onload=alert(1)>").decode()}),
        ("beacon", {}),
        ("membership", {"what": "joined", "plan": "none"}),
        ("membership", {"what": "paid", "plan": "3189"}),
    ],
)
def test_acts_that_make_no_sense_are_refused_with_a_sentence(
    world: World, name: str, body: dict[str, Any]
) -> None:
    answer = act(world, name, world.friend(), **body)

    assert answer.status == 400
    assert answer.json()["error"]
    assert world.bot.events == []


def test_acts_of_who_blocked_and_of_nobody_are_refused(world: World) -> None:
    user = world.friend()
    act(world, "block", user)

    assert act(world, "text", user, text="あ").status == 409
    assert act(world, "text", new_user_id(), text="あ").status == 409
    assert act(world, "dance", user).status == 404


def test_the_list_shows_the_newest_talk_first_with_what_is_unread(world: World) -> None:
    quiet, sakura = world.friend("無口"), world.friend("さくら")
    act(world, "text", sakura, text="こんにちは")
    world.push(sakura, "新しい\nメニューです")
    world.push(sakura, "お待ちしています")

    first, second = world.page("/page/people").json()["people"]

    assert (first["id"], first["unread"], first["words"]) == (sakura, 2, "お待ちしています")
    assert (second["id"], second["unread"], second["words"], second["at"]) == (quiet, 0, "", None)
    lines = world.lines(sakura)
    world.page("/page/seen", {"user": sakura, "line": str(lines[1].id)})
    assert world.page("/page/people").json()["people"][0]["unread"] == 1
    world.page("/page/seen", {"user": sakura, "line": str(lines[0].id)})  # read stays read
    assert world.page("/page/people").json()["people"][0]["unread"] == 1
    assert world.page("/page/seen", {"user": sakura, "line": "x"}).status == 400


def test_messages_that_never_arrived_are_not_in_the_list(world: World) -> None:
    user = world.friend()
    world.simulator.customers.block(user)
    world.push(user, "届かない")

    [one] = world.page("/page/people").json()["people"]

    assert (one["unread"], one["words"]) == (0, "")


def test_every_event_is_listed_and_can_be_sent_again(world: World) -> None:
    user = world.friend()
    act(world, "text", user, text="カード")
    act(world, "beacon", user, hwid="0a1b2c3d01")
    act(world, "postback", user, data="do=card")
    beacon = world.page(f"/page/events?user={user}").json()["events"][1]

    world.page("/page/redeliver", {"event": beacon["id"]})

    events = world.page(f"/page/events?user={user}").json()["events"]
    assert [(e["kind"], e["words"], e["times"]) for e in events] == [
        ("postback", "do=card", 1),
        ("beacon", "0a1b2c3d01", 2),
        ("message", "カード", 1),
    ]
    assert world.bot.events[-1]["deliveryContext"] == {"isRedelivery": True}
    assert world.bot.events[-1]["webhookEventId"] == beacon["id"]


def test_beacons_of_lately_are_offered_to_everybody(world: World) -> None:
    for hwid in ("0a1b2c3d01", "0a1b2c3d02", "0a1b2c3d01"):
        act(world, "beacon", world.friend(), hwid=hwid)

    beacons = world.page(f"/page/events?user={world.friend()}").json()["beacons"]

    assert beacons == ["0a1b2c3d01", "0a1b2c3d02"]


def test_the_page_says_whose_menu_it_shows(world: World) -> None:
    user = world.friend()
    ours, own = (create(world, image=png(1200, 405), name=name) for name in ("全員", "金"))
    world.client.set_default_rich_menu(ours)
    before = world.page(f"/page/state?user={user}").json()["menu"]

    world.client.link_rich_menu_id_to_user(user, own)

    after = world.page(f"/page/state?user={user}").json()["menu"]
    assert (before["name"], before["own"]) == ("全員", False)
    assert (after["name"], after["own"]) == ("金", True)


def test_polling_brings_only_what_is_new(world: World) -> None:
    user = world.friend()
    act(world, "text", user, text="一")
    first = world.page(f"/page/state?user={user}").json()["lines"]
    world.push(user, "二")

    then = world.page(f"/page/state?user={user}&after={first[-1]['id']}").json()["lines"]

    assert [line["body"]["text"] for line in first] == ["一"]
    assert [(line["side"], line["via"], line["body"]["text"]) for line in then] == [
        ("bot", "push", "二")
    ]


def test_a_failed_webhook_is_shown_until_it_is_delivered(world: World) -> None:
    user = world.friend()
    world.bot.status = 503
    act(world, "text", user, text="あ")
    [(event, failed)] = world.page(f"/page/state?user={user}").json()["deliveries"].items()
    world.bot.status = 200

    again = world.page("/page/redeliver", {"event": event})

    assert (failed["ok"], failed["status"]) == (False, 503)
    assert again.json()["delivery"]["ok"] is True
    now = world.page(f"/page/state?user={user}").json()["deliveries"]
    assert now[event]["ok"] is True
    assert world.page("/page/redeliver", {"event": "nothing"}).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"},
        {"Sec-Fetch-Site": "same-origin", "Host": "evil.example"},
    ],
)
def test_strange_pages_can_change_nothing(world: World, headers: dict[str, str]) -> None:
    answer = world.page("/page/people", {"name": "悪", "language": "ja"}, headers=headers)

    assert answer.status == 403
    assert world.page("/page/people").json()["count"] == 0


@pytest.mark.parametrize(
    ("origin", "status"), [("{base}", 200), ("http://evil.example", 403), (None, 403)]
)
def test_browsers_without_fetch_metadata_are_judged_by_their_origin(
    world: World, origin: str | None, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    if origin is not None:
        headers["Origin"] = origin.format(base=world.base_url)

    answer = world.http.request(
        "POST",
        f"{world.base_url}/simulator/page/people",
        body=b'{"name": "a", "language": "ja"}',
        headers=headers,
    )

    assert answer.status == status


def test_moments_are_shown_in_simulated_time(world: World) -> None:
    user = world.friend()
    world.simulator.set_offset(timedelta(days=10))
    world.push(user)

    [line] = world.page(f"/page/state?user={user}").json()["lines"]

    assert line["at"] / 1000 > datetime.now(UTC).timestamp() + 9 * 86_400
