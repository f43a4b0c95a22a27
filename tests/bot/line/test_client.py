"""The client against a server that answers well, badly, late or not at all."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from linebot.v3.messaging import MulticastRequest, PushMessageRequest

from bot.line import wire
from bot.line.client import (
    Acceptance,
    InvalidMessages,
    LineClient,
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    RateLimited,
    ReplyTokenInvalid,
)
from bot.line.messages import (
    Banner,
    Button,
    DatePickerAction,
    NoticeMessage,
    PostbackAction,
    notice_message,
    text_message,
)
from bot.line.sender import (
    SendKind,
    SendRequest,
    messages_json,
    multicast_body,
    push_body,
    reply_body,
)
from tests.bot.line.examples import SAKURA
from tests.bot.line.loopback import Answer, Loopback, serving
from tests.bot.line.strict import assert_line_accepts
from tests.waiting import SECONDS_MAX

ROOT = Path(__file__).parents[3]
KEY = "123e4567-e89b-12d3-a456-426614174000"
HELLO = [text_message("こんにちは")]
BODY = push_body(SAKURA, messages_json(HELLO)).encode()
SENT = {"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]}
MONTHLY = {"message": "You have reached your monthly limit."}
RATE = {"message": "The API rate limit has been exceeded. Try again later."}


def push(client: LineClient) -> Acceptance:
    return send(client, "push", BODY)


def send(client: LineClient, kind: SendKind, body: bytes) -> Acceptance:
    """One request, as delivery sends thousands."""
    sender = client.sender()
    try:
        sender.give([SendRequest(KEY, kind, body)], begin_in=0, seconds_each=0)
        (answered,) = sender.collect(seconds_max=SECONDS_MAX)
    finally:
        sender.stop()
    if isinstance(answered.said, LineError):
        raise answered.said
    return answered.said


def reply(client: LineClient) -> Acceptance:
    return send(client, "reply", reply_body("token-1", messages_json(HELLO)).encode())


both = pytest.mark.parametrize("send", [push, reply])
Send = Callable[[LineClient], Acceptance]


def failure(client: LineClient, send: Send = push) -> LineError:
    with pytest.raises(LineError) as caught:
        send(client)
    return caught.value


# What is sent


def test_a_reply_carries_token_and_messages_whole(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(body=SENT, headers={"X-Line-Request-Id": "r-1"})]
    card = notice_message(
        NoticeMessage(
            title="ブロンズ",
            banner=Banner("#A0694B", "#D9A27E"),
            big="10 pt",
            progress=0.5,
            buttons=(Button(PostbackAction("見る", "points", "ポイント")),),
        ),
        [DatePickerAction("選ぶ", "birthday")],
    )
    body = reply_body("token-1", messages_json([*HELLO, card]))
    assert send(client, "reply", body.encode()) == Acceptance("r-1")
    [request] = line.seen
    assert (request.method, request.path) == ("POST", "/simulator/api/v2/bot/message/reply")
    assert request.headers["Authorization"] == "Bearer token"
    assert "X-Line-Retry-Key" not in request.headers
    assert request.json["replyToken"] == "token-1"
    assert request.json["messages"] == [*HELLO, card]


def test_a_push_carries_its_retry_key(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(body=SENT, headers={"X-Line-Request-Id": "r-2"})]
    assert push(client) == Acceptance("r-2")
    [request] = line.seen
    assert request.path == "/simulator/api/v2/bot/message/push"
    assert request.headers["X-Line-Retry-Key"] == KEY
    assert (request.json["to"], request.json["messages"]) == (SAKURA, HELLO)


def test_a_multicast_goes_to_all_in_one_request(line: Loopback, client: LineClient) -> None:
    others = [f"U{n:032x}" for n in range(3)]
    body = multicast_body(others, messages_json(HELLO))
    assert send(client, "multicast", body.encode()) == Acceptance(None)
    [request] = line.seen
    assert request.path == "/simulator/api/v2/bot/message/multicast"
    assert request.headers["X-Line-Retry-Key"] == KEY
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == "Bearer token"
    assert request.json == {"to": others, "messages": HELLO}


def test_bodies_are_what_the_sdk_would_send() -> None:
    words = [text_message('"引用" \u2028 🎉\n')]
    push_request = json.loads(push_body(SAKURA, messages_json(words)))
    to_many = json.loads(multicast_body([SAKURA], messages_json(words)))
    silent = {"notificationDisabled": False}
    assert PushMessageRequest.from_dict(push_request).to_dict() == push_request | silent
    assert MulticastRequest.from_dict(to_many).to_dict() == to_many | silent
    assert_line_accepts(push_request["messages"])


def test_a_conflict_that_names_no_request_is_no_success(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(409, {"message": "x"})]
    assert failure(client).permanent


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        HELLO * 6,
        [{"type": "text"}],
        [{"type": "text", "text": 7}],
        [{"type": "telegram", "text": "secret words"}],
        [{"text": "secret words"}],
        [{"type": "flex", "altText": "secret words", "contents": {"type": "bubble", "size": 3}}],
        [{"type": "flex", "altText": "a", "contents": {"type": "secret words"}}],
        [{"type": "flex", "altText": "a", "contents": "secret words"}],
    ],
)
def test_what_is_no_message_of_lines_never_leaves(
    line: Loopback, client: LineClient, wrong: list[Any]
) -> None:
    with pytest.raises(InvalidMessages) as caught:
        client.validate_reply(wrong)
    assert caught.value.permanent
    assert "secret" not in str(caught.value)
    assert line.seen == []


# What LINE says


@both
def test_a_bad_request_is_rejected_with_its_details(
    line: Loopback, client: LineClient, send: Send
) -> None:
    details = [{"message": "May not be empty", "property": "messages[0].text"}]
    line.answers = [Answer(400, {"message": "The request body has 1 error(s)", "details": details})]
    refused = failure(client, send)
    assert type(refused) is LineRejected
    assert refused.permanent
    assert refused.status == 400
    assert refused.details == (("messages[0].text", "May not be empty"),)
    assert "May not be empty" in str(refused)


def test_a_used_reply_token_is_told_apart(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(400, {"message": "Invalid reply token"})]
    refused = failure(client, reply)
    assert type(refused) is ReplyTokenInvalid
    assert refused.permanent


@both
def test_too_many_requests_and_too_many_messages_are_two_things(
    line: Loopback, client: LineClient, send: Send
) -> None:
    line.answers = [Answer(429, RATE), Answer(429, MONTHLY)]
    slower, hold = failure(client, send), failure(client, send)
    assert (type(slower), type(hold)) == (RateLimited, MonthlyLimitReached)
    assert not slower.permanent
    assert not hold.permanent


def test_a_retry_key_that_line_knows_is_a_success(line: Loopback, client: LineClient) -> None:
    line.answers = [
        Answer(
            409,
            {"message": "The retry key is already accepted"} | SENT,
            headers={"x-line-request-id": "r-3", "x-line-accepted-request-id": "r-2"},
        )
    ]
    assert push(client) == Acceptance("r-2", again=True)


@both
@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_line_may_pass(
    line: Loopback, client: LineClient, send: Send, status: int
) -> None:
    line.answers = [Answer(status, b"<html>oops</html>")]
    trouble = failure(client, send)
    assert type(trouble) is LineUnavailable
    assert not trouble.permanent
    assert trouble.status == status


@pytest.mark.parametrize("status", [401, 403, 404, 413, 415])
def test_other_refusals_are_permanent_and_keep_their_status(
    line: Loopback, client: LineClient, status: int
) -> None:
    line.answers = [Answer(status, {"message": "No"})]
    refused = failure(client)
    assert type(refused) is LineRejected
    assert (refused.permanent, refused.status) == (True, status)


def test_a_redirection_is_not_followed(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(307, {}, headers={"Location": line.url + "/elsewhere"})]
    assert type(failure(client)) is LineRejected
    assert len(line.seen) == 1


@pytest.mark.parametrize("body", [{}, [], None, "ok", b"", b"{", {"sentMessages": []}])
def test_a_yes_in_other_words_is_still_a_yes(line: Loopback, client: LineClient, body: Any) -> None:
    line.answers = [Answer(200, body)]
    assert reply(client).again is False
    assert len(line.seen) == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"null", b'{"message": 7, "details": 3}'])
def test_an_error_in_other_words_is_still_an_error(
    line: Loopback, client: LineClient, body: bytes
) -> None:
    line.answers = [Answer(400, body)]
    assert isinstance(failure(client), LineRejected | LineUnavailable)


# What LINE does not say


@both
def test_silence_ends_after_the_time_given(line: Loopback, send: Send) -> None:
    client = LineClient("token", line.url, read_seconds=0.3)
    line.answers = [Answer(silent_seconds=SECONDS_MAX)]
    began = time.monotonic()
    late = failure(client, send)
    assert time.monotonic() - began < SECONDS_MAX / 2
    assert isinstance(late, LineUnavailable)
    assert late.maybe_done
    assert not late.permanent
    assert late.status is None


@both
def test_a_broken_connection_is_not_tried_again(
    line: Loopback, client: LineClient, send: Send
) -> None:
    line.answers = [Answer(drop=True)]
    broken = failure(client, send)
    assert isinstance(broken, LineUnavailable)
    assert broken.maybe_done
    assert len(line.seen) == 1


def test_a_kept_connection_that_breaks_is_not_tried_again(
    line: Loopback, client: LineClient
) -> None:
    line.answers = [Answer(body=SENT), Answer(drop=True)]
    reply(client)
    assert isinstance(failure(client, reply), LineUnavailable)
    assert len(line.seen) == 2


def test_where_nobody_listens_nothing_was_sent() -> None:
    with serving() as gone:
        client = LineClient("token", gone.url, connect_seconds=0.5, read_seconds=0.5)
    nobody = failure(client)
    assert isinstance(nobody, LineUnavailable)
    assert not nobody.maybe_done


# The client itself


def test_every_outcome_is_observed(
    line: Loopback, client: LineClient, outcomes: list[tuple[str, str]]
) -> None:
    line.answers = [
        Answer(body=SENT),
        Answer(409, {"message": "x"}, headers={"x-line-accepted-request-id": "r-1"}),
        Answer(400, {"message": "Invalid reply token"}),
        Answer(429, RATE),
        Answer(429, MONTHLY),
        Answer(400, {"message": "x"}),
        Answer(500),
    ]
    push(client)
    push(client)
    failure(client, reply)
    for _ in range(4):
        failure(client)
    assert outcomes == [
        ("push", "ok"),
        ("push", "again"),
        ("reply", "reply_token_invalid"),
        ("push", "rate_limited"),
        ("push", "monthly_limit"),
        ("push", "rejected"),
        ("push", "unavailable"),
    ]


def test_many_threads_share_one_client(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(body=SENT)]
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: reply(client), range(40)))
    assert done == [Acceptance(None)] * 40
    assert len(line.seen) == 40


def test_lines_own_address_leaves_its_two_hosts_to_the_sdk() -> None:
    assert wire.host("https://api.line.me") is None
    assert wire.host("https://api.line.me/") is None
    assert (
        wire.host("http://127.0.0.1:8000/simulator/api/") == "http://127.0.0.1:8000/simulator/api"
    )


def test_an_error_speaks_in_its_own_words() -> None:
    assert str(RateLimited(status=429)) == (
        "Too many requests at once: wait, then repeat with the same retry key. (HTTP 429)"
    )


def test_the_sdk_is_not_loaded_before_the_first_call() -> None:
    code = (
        "import sys; from bot.line import messages, events; from bot.line.client import LineClient;"
        "LineClient('token'); sys.exit('linebot' in sys.modules or 'urllib3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# What else is asked: profiles, quota, account, menus
