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
    BotInfo,
    InvalidMessages,
    LineClient,
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    Quota,
    RateLimited,
    ReplyTokenInvalid,
    RichMenu,
)
from bot.line.messages import (
    Banner,
    Button,
    DatePickerAction,
    NoticeMessage,
    PostbackAction,
    RichMenuArea,
    notice_message,
    rich_menu,
    text_message,
)
from bot.line.people import UserProfile
from bot.line.sender import (
    Sender,
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


def asked(client: LineClient, ask: Callable[[Sender, Callable[[Any], None]], None]) -> Any:
    """What a sender was told to one question."""
    told: list[Any] = []
    sender = client.sender()
    ask(sender, told.append)
    sender.stop()
    (said,) = told
    return said


def profile(client: LineClient) -> UserProfile | LineError | None:
    said: UserProfile | LineError | None = asked(
        client, lambda sender, then: sender.profile(SAKURA, then)
    )
    return said


def test_a_profile_is_a_name_and_a_language(line: Loopback, client: LineClient) -> None:
    line.answers = [
        Answer(body={"userId": SAKURA, "displayName": "さくら\u202e🌸 ", "language": "ja"}),
        Answer(body={"userId": SAKURA, "displayName": "Taro"}),
    ]
    assert profile(client) == UserProfile("さくら🌸", "ja")
    assert profile(client) == UserProfile("Taro", None)
    assert (line.seen[0].method, line.seen[0].path) == (
        "GET",
        f"/simulator/api/v2/bot/profile/{SAKURA}",
    )
    assert line.seen[0].headers["Authorization"] == "Bearer token"


def test_who_left_has_no_profile(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(404, {"message": "Not found"}), Answer(401, {"message": "No"})]
    assert profile(client) is None
    assert isinstance(profile(client), LineRejected)


@pytest.mark.parametrize("body", [{"displayName": 7}, {"language": "ja"}, ["さくら"]])
def test_a_profile_that_makes_no_sense_is_an_error(
    line: Loopback, client: LineClient, body: Any
) -> None:
    line.answers = [Answer(body=body)]
    said = profile(client)
    assert isinstance(said, LineUnavailable)
    assert "no sense" in str(said)


@pytest.mark.parametrize(
    ("plan", "limit"), [({"type": "limited", "value": 200}, 200), ({"type": "none"}, None)]
)
def test_the_quota_is_limit_and_use(
    line: Loopback, client: LineClient, plan: Any, limit: int | None
) -> None:
    line.answers = [Answer(body=plan), Answer(body={"totalUsage": 57})]
    assert client.quota() == Quota(limit, 57)
    assert [request.path.rpartition("/message/")[2] for request in line.seen] == [
        "quota",
        "quota/consumption",
    ]


def test_the_loading_dots_are_shown(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(202)]
    client.show_loading(SAKURA, 10)
    assert line.seen[0].path.endswith("/v2/bot/chat/loading/start")
    assert line.seen[0].json == {"chatId": SAKURA, "loadingSeconds": 10}
    for seconds in (0, 7, 65):
        with pytest.raises(ValueError, match="multiple of 5"):
            client.show_loading(SAKURA, seconds)
    assert len(line.seen) == 1


def test_the_account_and_its_webhook_are_known(line: Loopback, client: LineClient) -> None:
    account = {
        "userId": "U" + "0" * 32,
        "basicId": "@216abcde",
        "displayName": "カフェ かよい",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }
    endpoint = {"endpoint": "https://example.com/callback", "active": True}
    line.answers = [Answer(body=account), Answer(body=endpoint), Answer(404, {"message": "none"})]
    assert client.bot_info() == BotInfo("U" + "0" * 32, "@216abcde", "カフェ かよい", False)
    assert client.webhook_endpoint() == ("https://example.com/callback", True)
    assert client.webhook_endpoint() is None


def test_messages_can_be_validated_without_sending(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(), Answer(400, {"message": "The request body has 1 error(s)"})]
    client.validate_reply(HELLO)
    with pytest.raises(LineRejected):
        client.validate_reply(HELLO)
    assert line.seen[0].path.endswith("/v2/bot/message/validate/reply")
    assert line.seen[0].json == {"messages": HELLO}


def test_a_rich_menu_is_made_shown_listed_and_removed(line: Loopback, client: LineClient) -> None:
    area = RichMenuArea(x=0, y=0, width=1_200, height=800, action=PostbackAction("カード", "card"))
    menu = rich_menu(size=(1_200, 800), areas=[area], name="default", chat_bar_text="メニュー")
    line.answers = [
        Answer(body={"richMenuId": "menu-1"}),
        Answer(),
        Answer(),
        Answer(body={"richMenuId": "menu-1"}),
        Answer(body={"richmenus": [menu | {"richMenuId": "menu-1"}]}),
        Answer(),
    ]
    assert client.create_rich_menu(menu) == "menu-1"
    client.upload_rich_menu_image("menu-1", b"\x89PNG\r\n", "image/png")
    client.set_default_rich_menu("menu-1")
    assert client.default_rich_menu_id() == "menu-1"
    assert client.list_rich_menus() == [RichMenu("menu-1", "default", "メニュー")]
    client.delete_rich_menu("menu-1")
    assert [(r.method, r.path.partition("/v2/bot/")[2]) for r in line.seen] == [
        ("POST", "richmenu"),
        ("POST", "richmenu/menu-1/content"),
        ("POST", "user/all/richmenu/menu-1"),
        ("GET", "user/all/richmenu"),
        ("GET", "richmenu/list"),
        ("DELETE", "richmenu/menu-1"),
    ]
    assert line.seen[0].json == menu
    assert line.seen[1].body == b"\x89PNG\r\n"
    assert line.seen[1].headers["Content-Type"] == "image/png"


def test_without_a_default_menu_there_is_none(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(404, {"message": "no default richmenu"}), Answer(404, {"message": "x"})]
    assert client.default_rich_menu_id() is None
    client.delete_rich_menu("menu-gone")


def test_a_menus_picture_may_have_one_megabyte(line: Loopback, client: LineClient) -> None:
    with pytest.raises(ValueError, match="1 MB"):
        client.upload_rich_menu_image("menu-1", b"x" * 1_000_001, "image/png")
    assert line.seen == []


def test_a_menu_that_is_none_of_lines_never_leaves(line: Loopback, client: LineClient) -> None:
    with pytest.raises(InvalidMessages):
        client.create_rich_menu({"size": "large"})
    assert line.seen == []


def test_friends_are_linked_to_a_menu_at_once_and_unlinked_one_by_one(
    line: Loopback, client: LineClient
) -> None:
    line.answers = [Answer(202), Answer(200), Answer(404, {"message": "Not found"})]
    client.link_rich_menu([SAKURA], "richmenu-1")
    for _ in range(2):
        assert asked(client, lambda to, then: to.unlink_rich_menu(SAKURA, then)) is None
    assert [(seen.method, seen.path.partition("/bot/")[2]) for seen in line.seen] == [
        ("POST", "richmenu/bulk/link"),
        ("DELETE", f"user/{SAKURA}/richmenu"),
        ("DELETE", f"user/{SAKURA}/richmenu"),
    ]
    assert line.seen[0].json == {"richMenuId": "richmenu-1", "userIds": [SAKURA]}


def test_aliases_are_made_changed_listed_and_removed(line: Loopback, client: LineClient) -> None:
    listed = {"aliases": [{"richMenuAliasId": "kayoi-ja-gold", "richMenuId": "richmenu-2"}]}
    line.answers = [Answer(200), Answer(200), Answer(body=listed), Answer(200)]
    client.create_rich_menu_alias("kayoi-ja-gold", "richmenu-1")
    client.update_rich_menu_alias("kayoi-ja-gold", "richmenu-2")
    assert client.rich_menu_aliases() == {"kayoi-ja-gold": "richmenu-2"}
    client.delete_rich_menu_alias("kayoi-ja-gold")
    assert [seen.method for seen in line.seen] == ["POST", "POST", "GET", "DELETE"]
    assert line.seen[0].json == {"richMenuAliasId": "kayoi-ja-gold", "richMenuId": "richmenu-1"}
    assert line.seen[1].json == {"richMenuId": "richmenu-2"}


def test_a_menu_has_its_picture_or_not(line: Loopback, client: LineClient) -> None:
    line.answers = [Answer(200), Answer(404, {"message": "Not found"})]
    assert client.has_rich_menu_image("richmenu-1")
    assert not client.has_rich_menu_image("richmenu-1")
