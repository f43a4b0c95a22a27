"""What the bot gets from the platform, asked by LINE's own client over HTTP."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from linebot.v3 import messaging
from linebot.v3.messaging.exceptions import ApiException

from bot.simulator import chat, new_user_id

from .conftest import World

HELLO = messaging.TextMessage(text="いらっしゃいませ", quickReply=None, quoteToken=None)


def reply(world: World, token: str, *messages: Any) -> Any:
    return world.client.reply_message(
        messaging.ReplyMessageRequest(replyToken=token, messages=list(messages) or [HELLO])
    )


def test_a_reply_is_shown_in_the_chat_and_costs_nothing(world: World) -> None:
    user = world.friend()

    answer = reply(world, world.reply_token(user))

    assert world.texts(user) == ["いらっしゃいませ"]
    assert answer.sent_messages[0].id == str(world.lines(user)[-1].id)
    assert world.client.get_message_quota_consumption().total_usage == 0


def test_a_reply_token_works_once(world: World) -> None:
    user = world.friend()
    token = world.reply_token(user)
    reply(world, token)

    with pytest.raises(ApiException) as refused:
        reply(world, token)

    assert refused.value.status == 400
    assert refused.value.body == '{"message": "Invalid reply token"}'
    assert len(world.texts(user)) == 1


def test_a_reply_token_is_dead_after_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.reply_token(world.friend())
    monkeypatch.setattr(chat, "REPLY_TOKEN_SECONDS", -1.0)

    with pytest.raises(ApiException, match="Invalid reply token"):
        reply(world, token)


def test_travelling_does_not_age_a_reply_token(world: World) -> None:
    user = world.friend()
    token = world.reply_token(user)
    world.simulator.set_offset(timedelta(days=60))

    reply(world, token)

    assert world.texts(user) == ["いらっしゃいませ"]


def test_refused_messages_leave_the_reply_token_usable(world: World) -> None:
    user = world.friend()
    token = world.reply_token(user)
    wrong = world.call(
        "POST",
        "/v2/bot/message/reply",
        {"replyToken": token, "messages": [{"type": "text", "text": ""}]},
    )

    reply(world, token)

    assert wrong.status == 400
    assert world.texts(user) == ["いらっしゃいませ"]


def test_only_one_of_many_replies_at_once_is_taken(world: World) -> None:
    user = world.friend()
    token = world.reply_token(user)
    body = {"replyToken": token, "messages": [{"type": "text", "text": "はい"}]}

    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(world.call, "POST", "/v2/bot/message/reply", body) for _ in range(8)]
        statuses = sorted(call.result().status for call in calls)

    assert statuses == [200] + [400] * 7
    assert world.texts(user) == ["はい"]


def test_a_push_is_shown_and_counted_once_however_many_messages_it_holds(world: World) -> None:
    user = world.friend()

    world.client.push_message(messaging.PushMessageRequest(to=user, messages=[HELLO, HELLO]))

    assert len(world.texts(user)) == 2
    assert world.client.get_message_quota_consumption().total_usage == 1


def test_a_retry_key_is_accepted_once_in_24_hours(world: World) -> None:
    user, key = world.friend(), str(uuid.uuid4())
    first = world.client.push_message_with_http_info(
        messaging.PushMessageRequest(to=user, messages=[HELLO]), x_line_retry_key=key
    )

    with pytest.raises(ApiException) as again:
        world.push(user, retry_key=key)

    assert again.value.status == 409
    assert again.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert first.data.sent_messages[0].id in again.value.body
    assert world.texts(user) == ["いらっしゃいませ"]
    assert world.client.get_message_quota_consumption().total_usage == 1


def test_after_24_hours_a_retry_key_sends_again(world: World) -> None:
    user, key = world.friend(), str(uuid.uuid4())
    world.push(user, retry_key=key)
    world.simulator.set_offset(timedelta(hours=24, minutes=1))

    world.push(user, retry_key=key)

    assert len(world.texts(user)) == 2


def test_a_retry_key_must_be_a_uuid(world: World) -> None:
    user = world.friend()
    body = {"to": user, "messages": [{"type": "text", "text": "x"}]}

    answer = world.call(
        "POST", "/v2/bot/message/push", body, headers={"X-Line-Retry-Key": "not-a-uuid"}
    )

    assert answer.status == 400
    assert world.texts(user) == []


def test_a_push_to_someone_who_blocked_is_accepted_and_not_shown(world: World) -> None:
    user = world.friend()
    world.simulator.customers.block(user)

    world.push(user)

    assert world.texts(user) == []
    assert world.client.get_message_quota_consumption().total_usage == 0


def test_a_push_to_nobody_fails(world: World) -> None:
    with pytest.raises(ApiException) as refused:
        world.push(new_user_id())

    assert (refused.value.status, refused.value.reason) == (400, "BAD REQUEST")
    assert "Failed to send messages" in refused.value.body


def test_past_the_plan_pushes_stop_and_replies_go_on(world: World) -> None:
    user = world.friend()
    world.simulator.set_plan(2)
    world.push(user)
    world.push(user)

    with pytest.raises(ApiException) as refused:
        world.push(user, retry_key=str(uuid.uuid4()))

    assert refused.value.status == 429
    assert refused.value.body == '{"message": "You have reached your monthly limit."}'
    reply(world, world.reply_token(user))
    assert len(world.texts(user)) == 3


def test_a_refused_push_does_not_use_up_its_retry_key(world: World) -> None:
    user, key = world.friend(), str(uuid.uuid4())
    world.simulator.set_plan(0)
    with pytest.raises(ApiException):
        world.push(user, retry_key=key)
    world.simulator.set_plan(10)

    world.push(user, retry_key=key)

    assert len(world.texts(user)) == 1


def test_the_plan_begins_anew_with_the_month(world: World) -> None:
    user = world.friend()
    world.simulator.set_plan(1)
    world.push(user)
    world.simulator.set_offset(timedelta(days=32))

    world.push(user)

    assert world.client.get_message_quota_consumption().total_usage == 1
    assert len(world.texts(user)) == 2


def test_the_quota_names_the_plan(world: World) -> None:
    assert world.client.get_message_quota().value == 5_000
    world.simulator.set_plan(None)
    assert world.client.get_message_quota().type == messaging.QuotaType.NONE


def test_a_multicast_reaches_friends_only_and_counts_them(world: World) -> None:
    friend, other, blocked = world.friend(), world.friend("太郎"), world.friend("花子")
    world.simulator.customers.block(blocked)

    world.client.multicast(
        messaging.MulticastRequest(to=[friend, other, blocked, new_user_id()], messages=[HELLO])
    )

    assert [world.texts(user) for user in (friend, other, blocked)] == [
        ["いらっしゃいませ"],
        ["いらっしゃいませ"],
        [],
    ]
    assert world.client.get_message_quota_consumption().total_usage == 2


def test_a_profile_is_for_friends_and_those_who_wrote(world: World) -> None:
    user, stranger = world.friend("髙橋 🌸"), new_user_id()
    world.simulator.add_account(stranger, "通りすがり", "en", follows=False)

    profile = world.client.get_profile(user)

    assert (profile.display_name, profile.language) == ("髙橋 🌸", "ja")
    assert world.call("GET", f"/v2/bot/profile/{stranger}").status == 404
    world.simulator.customers.write(stranger, "やっていますか")
    assert world.client.get_profile(stranger).language == "en"


@pytest.mark.parametrize(("user_id", "status"), [("U" + "0" * 32, 404), ("someone", 400)])
def test_no_profile_of_unknown_or_impossible_users(world: World, user_id: str, status: int) -> None:
    assert world.call("GET", f"/v2/bot/profile/{user_id}").status == status


def test_blocking_hides_the_profile(world: World) -> None:
    user = world.friend()
    world.simulator.customers.block(user)

    answer = world.call("GET", f"/v2/bot/profile/{user}")

    assert (answer.status, answer.json()) == (404, {"message": "Not found"})


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_wrong_token_is_refused(world: World, token: str) -> None:
    with pytest.raises(ApiException) as refused:
        world.client_with(token).get_bot_info()

    assert refused.value.status == 401
    assert refused.value.headers["x-line-request-id"]


def test_the_bot_is_named(world: World) -> None:
    info = world.client.get_bot_info()
    assert (info.basic_id, info.display_name) == ("@simulator", "喫茶テスト")


def test_loading_dots_show_until_the_answer_comes(world: World) -> None:
    user = world.friend()
    token = world.reply_token(user)
    asked = world.client.show_loading_animation_with_http_info(
        messaging.ShowLoadingAnimationRequest(chatId=user, loadingSeconds=20)
    )
    while_waiting = world.page(f"/page/state?user={user}").json()["loading"]

    reply(world, token)

    assert asked.status_code == 202
    assert while_waiting is True
    assert world.page(f"/page/state?user={user}").json()["loading"] is False


def test_loading_wants_multiples_of_five(world: World) -> None:
    answer = world.call(
        "POST", "/v2/bot/chat/loading/start", {"chatId": world.friend(), "loadingSeconds": 61}
    )

    assert answer.status == 400
    assert answer.json() == {
        "message": "The request body has 2 error(s)",
        "details": [
            {"message": "Must be between 5 and 60", "property": "loadingSeconds"},
            {"message": "must be a multiple of five", "property": "loadingSeconds"},
        ],
    }


def test_validation_tells_and_sends_nothing(world: World) -> None:
    user = world.friend()
    world.client.validate_push(messaging.ValidateMessageRequest(messages=[HELLO]))

    refused = world.call("POST", "/v2/bot/message/validate/reply", {"messages": []})

    assert refused.status == 400
    assert refused.json()["details"] == [
        {"message": "Size must be between 1 and 5", "property": "messages"}
    ]
    assert world.lines(user) == []


def test_the_webhook_can_be_looked_up_and_tested(world: World) -> None:
    endpoint = world.client.get_webhook_endpoint()
    tested = world.client.test_webhook_endpoint(messaging.TestWebhookEndpointRequest())

    assert (endpoint.endpoint, endpoint.active) == (f"{world.base_url}/callback", True)
    assert (tested.success, tested.status_code, tested.reason) == (True, 200, "OK")
    assert world.bot.bodies[-1]["events"] == []


def test_a_failing_webhook_test_says_why(world: World) -> None:
    world.bot.status = 500

    tested = world.client.test_webhook_endpoint(messaging.TestWebhookEndpointRequest())

    assert (tested.success, tested.status_code) == (False, 500)
    assert tested.reason == "ERROR_STATUS_CODE"


@pytest.mark.parametrize(
    ("body", "headers", "status", "message"),
    [
        (b"{", {}, 400, "The request body could not be parsed as JSON (line: 1, column: 2)"),
        (b"[]", {}, 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b"\xff\xff", {}, 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (
            b"a=b",
            {"Content-Type": "text/plain"},
            415,
            "The content type, text/plain, is not supported",
        ),
        (b" " * (2 * 1024 * 1024 + 1), {}, 413, "Request exceeds the max size of 2MB"),
    ],
)
def test_bodies_that_are_not_json_are_refused(
    world: World, body: bytes, headers: dict[str, str], status: int, message: str
) -> None:
    answer = world.call("POST", "/v2/bot/message/push", body, headers=headers)

    assert (answer.status, answer.json()["message"]) == (status, message)


def test_unknown_addresses_answer_in_lines_shape(world: World) -> None:
    answer = world.call("POST", "/v2/bot/no/such/thing", {})

    assert (answer.status, answer.json()) == (404, {"message": "Not found"})
    assert answer.headers["x-line-request-id"]


def _read_token(world: World, user_id: str) -> str:
    """They write; the token that came with it."""
    world.reply_token(user_id)
    return str(world.bot.events[-1]["message"]["markAsReadToken"])


def test_a_read_token_marks_its_message_and_those_before_it(world: World) -> None:
    user = world.friend()
    first, second = (_read_token(world, user) for _ in range(2))
    one, two = (line.id for line in world.lines(user) if line.side == "user")
    for token, read in ((second, two), (first, two)):
        world.client.mark_messages_as_read_by_token(
            messaging.MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
        )
        assert world.page(f"/page/state?user={user}").json()["read"] == str(read)
    assert one < two
    with pytest.raises(ApiException) as refused:
        world.client.mark_messages_as_read_by_token(
            messaging.MarkMessagesAsReadByTokenRequest(markAsReadToken="nothing")
        )
    assert refused.value.status == 400
