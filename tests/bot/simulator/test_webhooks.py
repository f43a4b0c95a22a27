"""What the bot is told, and what becomes of it when the bot doesn't listen."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linebot.v3 import messaging, webhooks
from linebot.v3.messaging.exceptions import ApiException

from bot.simulator import NotPossible, Photo, Simulator, WebhookDelivery, chat, new_user_id
from bot.simulator import webhooks as simulated

from .conftest import World, last_event

#: As it is where no test changes it.
LINES_PATIENCE = simulated.WEBHOOK_TIMEOUT_SECONDS


def test_a_written_text_arrives_signed_and_complete(world: World) -> None:
    user = world.friend()

    delivery = world.simulator.customers.write(user, "ポイント")

    event = last_event(world, delivery)
    assert world.bot.signatures_valid == [True]
    assert re.fullmatch(r"U[0-9a-f]{32}", world.bot.bodies[0]["destination"])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", event["webhookEventId"])
    assert event["source"] == {"type": "user", "userId": user}
    assert (event["type"], event["mode"]) == ("message", "active")
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["message"]["text"] == "ポイント"
    assert event["message"]["id"].isdigit()
    assert event["message"]["quoteToken"]


def test_events_carry_simulated_time(world: World) -> None:
    world.simulator.set_offset(timedelta(days=40))

    event = last_event(world, world.simulator.customers.write(world.friend(), "あ"))

    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    assert abs(at - world.simulator.now()) < timedelta(hours=1)
    assert at > datetime.now(UTC) + timedelta(days=39)


def test_following_blocking_and_returning_are_told_apart(world: World) -> None:
    user, customers = new_user_id(), world.simulator.customers
    world.simulator.add_account(user, "さくら", follows=False)

    events = [
        last_event(world, act(user))
        for act in (customers.follow, customers.block, customers.follow)
    ]

    assert [event["type"] for event in events] == ["follow", "unfollow", "follow"]
    assert events[0]["follow"] == {"isUnblocked": False}
    assert events[2]["follow"] == {"isUnblocked": True}
    assert "replyToken" not in events[1]


def every_act(world: World, user: str) -> list[Any]:
    customers = world.simulator.customers
    picture = Photo("image/png", b"\x89PNG\r\n\x1a\n")
    return [
        customers.write(user, "あ"),
        customers.send_sticker(user, package_id="446", sticker_id="1988"),
        customers.send_picture(user, picture),
        customers.send_location(user, title="駅", address="東京", latitude=35.6, longitude=139.7),
        customers.postback(user, "a=1", display_text="見る"),
        customers.postback(user, "a=2", params={"date": "1990-01-01"}),
        customers.enter_beacon(user, "0123456789"),
        customers.tell_membership(user, "joined", 3189),
        customers.tell_membership(user, "left", 3189),
        customers.block(user),
        customers.follow(user),
    ]


def test_lines_own_models_read_every_event(world: World) -> None:
    for delivery in every_act(world, world.friend()):
        assert delivery.ok

    for body in world.bot.bodies:
        read = webhooks.CallbackRequest.from_dict(body)
        assert read is not None
        for event in read.events:
            assert type(event) is not webhooks.Event  # its base: a kind or form it doesn't know


def test_a_postback_shows_its_display_text_and_carries_its_params(world: World) -> None:
    user, customers = world.friend(), world.simulator.customers

    shown = last_event(world, customers.postback(user, "rewards", display_text="特典"))
    picked = last_event(world, customers.postback(user, "bd", params={"date": "1990-01-01"}))

    assert shown["postback"] == {"data": "rewards"}
    assert picked["postback"] == {"data": "bd", "params": {"date": "1990-01-01"}}
    assert world.texts(user, side="user") == ["特典"]


def test_a_sent_picture_can_be_fetched_by_the_bot(world: World) -> None:
    user = world.friend()
    event = last_event(
        world, world.simulator.customers.send_picture(user, Photo("image/png", b"\x89PNG..."))
    )

    fetched = world.blob_client.get_message_content(event["message"]["id"])

    assert bytes(fetched) == b"\x89PNG..."
    assert world.call("GET", "/v2/bot/message/1/content").status == 404


def test_a_failed_webhook_is_recorded_and_can_be_delivered_again(world: World) -> None:
    user = world.friend()
    world.bot.status = 500
    failed = world.simulator.customers.write(user, "聞こえますか")
    world.bot.status = 200

    again = world.simulator.redeliver(failed.event_id)

    assert (failed.ok, failed.status, failed.error) == (False, 500, "ERROR_STATUS_CODE")
    assert again.ok
    first, second = world.bot.events
    assert first["deliveryContext"] == {"isRedelivery": False}
    assert second == {**first, "deliveryContext": {"isRedelivery": True}}
    assert len(world.texts(user, side="user")) == 1


def test_redelivery_renews_the_reply_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user = world.friend()
    delivery = world.simulator.customers.write(user, "あ")
    body = messaging.ReplyMessageRequest(
        replyToken=last_event(world, delivery)["replyToken"],
        messages=[messaging.TextMessage(text="はい", quickReply=None, quoteToken=None)],
    )
    with monkeypatch.context() as late:
        late.setattr(chat, "REPLY_TOKEN_SECONDS", -1.0)
        with pytest.raises(ApiException, match="Invalid reply token"):
            world.client.reply_message(body)
    world.simulator.redeliver(delivery.event_id)

    world.client.reply_message(body)

    assert world.texts(user) == ["はい"]


def test_redelivery_does_not_revive_a_used_token_or_an_old_event(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = world.friend()
    delivery = world.simulator.customers.write(user, "あ")
    world.simulator.redeliver(delivery.event_id)
    monkeypatch.setattr(chat, "EVENT_SECONDS_MAX", -1.0)

    with pytest.raises(ApiException, match="Invalid reply token"):
        world.client.reply_message(
            messaging.ReplyMessageRequest(
                replyToken=last_event(world, delivery)["replyToken"],
                messages=[messaging.TextMessage(text="はい", quickReply=None, quoteToken=None)],
            )
        )


def test_a_slow_bot_counts_as_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LINES_PATIENCE == 2.0
    monkeypatch.setattr(simulated, "WEBHOOK_TIMEOUT_SECONDS", 0.05)
    world.bot.may_answer.clear()

    delivery = world.simulator.customers.write(world.friend(), "あ")

    world.bot.may_answer.set()
    assert (delivery.status, delivery.error) == (None, "REQUEST_TIMEOUT")


def test_a_bot_that_is_not_there_counts_as_failed(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    simulator = Simulator(tmp_path / "s.sqlite3", "secret", "token", nowhere, f"{nowhere}/callback")
    user = new_user_id()
    simulator.add_account(user, "さくら")

    delivery = simulator.customers.write(user, "あ")
    simulator.close()

    assert (delivery.status, delivery.error) == (None, "COULD_NOT_CONNECT")


def test_who_blocked_can_do_nothing_but_return(world: World) -> None:
    user, customers = world.friend(), world.simulator.customers
    customers.block(user)
    sent = len(world.bot.events)

    acts: list[Callable[[], WebhookDelivery]] = [
        lambda: customers.write(user, "あ"),
        lambda: customers.postback(user, "x"),
        lambda: customers.enter_beacon(user, "0123456789"),
        lambda: customers.block(user),
    ]
    for act in acts:
        with pytest.raises(NotPossible):
            act()

    assert len(world.bot.events) == sent
    assert customers.follow(user).ok


def test_unknown_accounts_and_events_are_refused(world: World) -> None:
    with pytest.raises(NotPossible):
        world.simulator.customers.write(new_user_id(), "あ")
    with pytest.raises(KeyError):
        world.simulator.redeliver("01FZ74A0TDDPYRVKNK77XKC3ZR")


def test_ulids_are_26_characters_and_sort_by_time() -> None:
    early = simulated.ulid(datetime(2026, 1, 1, tzinfo=UTC))
    late = simulated.ulid(datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC))

    assert len(early) == 26
    assert early < late


def test_half_an_emoji_does_not_stop_a_webhook(world: World) -> None:
    delivery = world.simulator.customers.write(world.friend(), "a\ud83d")

    assert delivery.ok
    assert last_event(world, delivery)["message"]["text"] == "a?"
