"""LINE's refusals, row by row: status, message, details and headers, and that nothing happened."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.simulator import chat, rates

from .conftest import World, running
from .refusal_rows import HELLO, LOADING, MULTICAST, PUSH, Row
from .refusals_flex import FLEX
from .refusals_menus import MENUS
from .refusals_messages import MESSAGES
from .refusals_requests import REQUESTS
from .test_menu_api import create, png

PICTURE = png(1200, 405)
ROWS = {**REQUESTS, **MESSAGES, **FLEX, **MENUS}


def stage(world: World) -> dict[str, str]:
    """What the rows speak of: people, tokens, keys and menus."""
    user, blocked, quiet = world.friend(), world.friend("花子"), world.friend("無口")
    world.simulator.customers.block(blocked)
    used = world.reply_token(quiet)
    reply(world, used)
    old = world.reply_token(quiet)
    wall = time.time() - chat.REPLY_TOKEN_SECONDS - 1
    with world.simulator._platform.store.writing() as connection:
        connection.execute("UPDATE events SET delivered_at = ? WHERE reply_token = ?", (wall, old))
    key = str(uuid.uuid4())
    world.push(quiet, retry_key=key)
    menu_id = create(world, image=PICTURE)
    alias = {"richMenuAliasId": "silver", "richMenuId": menu_id}
    assert world.call("POST", "/v2/bot/richmenu/alias", alias).status == 200
    return {
        "user": user,
        "blocked": blocked,
        "token": world.reply_token(quiet),
        "used_token": used,
        "old_token": old,
        "used_key": key,
        "fresh_key": str(uuid.uuid4()),
        "menu": menu_id,
        "bare_menu": create(world),
    }


def reply(world: World, token: str) -> None:
    body = {"replyToken": token, "messages": [HELLO]}
    assert world.call("POST", "/v2/bot/message/reply", body).status == 200


def filled(value: Any, names: dict[str, str]) -> Any:
    """`value` with every "{name}" replaced."""
    if isinstance(value, str):
        for name, word in names.items():
            value = value.replace("{" + name + "}", word)
        return value
    if isinstance(value, dict):
        return {key: filled(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, names) for part in value]
    return PICTURE if value == b"{png}" else value


def ask(world: World, row: Row, names: dict[str, str]) -> Any:
    headers = filled(dict(row.headers), names)
    return world.call(row.method, filled(row.path, names), filled(row.body, names), headers)


Staged = tuple[World, dict[str, str]]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    """One world for all rows, as none of them may change anything; looked at again at the end."""
    with running(tmp_path_factory.mktemp("refusals")) as world:
        names = stage(world)
        used, menus = usage(world), world.client.get_rich_menu_list()
        yield world, names
        assert usage(world) == used
        assert world.client.get_rich_menu_list() == menus


def usage(world: World) -> int:
    return int(world.client.get_message_quota_consumption().total_usage)


@pytest.mark.parametrize("name", ROWS)
def test_what_line_refuses_is_refused_in_its_words(staged: Staged, name: str) -> None:
    row = ROWS[name]
    world, names = staged

    answer = ask(world, row, names)

    body = answer.json()
    assert answer.status == row.status, body
    assert body["message"] == row.message
    expected = [{"message": message, "property": place} for message, place in row.details]
    assert body.get("details", []) == expected
    assert answer.headers["Content-Type"] == "application/json"
    assert all(answer.headers.get(header) for header in row.answer_headers)
    assert world.lines(names["user"]) == []


def test_the_table_is_long_and_says_where_each_rule_is_written() -> None:
    assert len(ROWS) == sum(map(len, (REQUESTS, MESSAGES, FLEX, MENUS))) >= 120
    assert all(row.doc.startswith(("ref: ", "guide: ")) for row in ROWS.values())
    assert {row.status for row in ROWS.values()} >= {400, 401, 404, 409, 413, 415}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PUSH, {"to": "{user}", "messages": [HELLO]}),
        (MULTICAST, {"to": ["{user}"], "messages": [HELLO]}),
    ],
)
def test_past_the_monthly_limit_nothing_is_pushed(world: World, path: str, body: Any) -> None:
    names = stage(world)
    world.simulator.set_plan(1)  # used up by the stage

    answer = world.call("POST", path, filled(body, names))

    assert (answer.status, answer.json()) == (
        429,
        {"message": "You have reached your monthly limit."},
    )
    assert world.lines(names["user"]) == []


def test_too_many_requests_are_refused_until_the_bucket_fills(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rates.RATES, f"POST {LOADING}", rates.Rate(2, rates.HOUR))
    body = {"chatId": world.friend(), "loadingSeconds": 5}

    answers = [world.call("POST", LOADING, body) for _ in range(3)]

    assert [answer.status for answer in answers] == [202, 202, 429]
    message = "The API rate limit has been exceeded. Try again later."
    assert answers[-1].json() == {"message": message}
    assert world.call("GET", "/v2/bot/info").status == 200


def test_a_bucket_fills_as_time_goes_by() -> None:
    now = [0.0]
    limits = rates.Rates(clock=lambda: now[0])
    endpoint = "DELETE /v2/bot/richmenu/<menu_id>"
    first = [limits.admit(endpoint) for _ in range(101)]

    now[0] += 36
    after_a_while = [limits.admit(endpoint) for _ in range(2)]

    assert first == [True] * 100 + [False]
    assert after_a_while == [True, False]


@pytest.mark.parametrize("path", [PUSH, MULTICAST])
def test_a_retry_key_tells_which_request_was_accepted(world: World, path: str) -> None:
    user, key = world.friend(), str(uuid.uuid4())
    to = user if path == PUSH else [user]
    body = {"to": to, "messages": [HELLO]}
    first = world.call("POST", path, body, {"X-Line-Retry-Key": key})

    again = world.call("POST", path, body, {"X-Line-Retry-Key": key.upper()})

    assert (first.status, again.status) == (200, 409)
    accepted = again.headers["x-line-accepted-request-id"]
    assert accepted == first.headers["x-line-request-id"]
    assert again.json().get("sentMessages") == first.json().get("sentMessages")
    assert len(world.lines(user)) == 1
    world.simulator.set_offset(timedelta(hours=25))
    assert world.call("POST", path, body, {"X-Line-Retry-Key": key}).status == 200
    assert len(world.lines(user)) == 2


def test_only_flex_minds_unknown_fields(world: World) -> None:
    user = world.friend()
    message = {**HELLO, "mood": "happy"}

    answer = world.call("POST", PUSH, {"to": user, "messages": [message], "extra": 1})

    assert answer.status == 200
