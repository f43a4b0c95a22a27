"""Signature, taking webhooks apart, and reading each kind of event."""

import json
from dataclasses import FrozenInstanceError, asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import events
from tests.bot.line.examples import (
    AT,
    EXAMPLES,
    ODD,
    SAKURA,
    event,
    message,
    sign,
    ulid,
    webhook,
)

SECRET = "8f2a"
any_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def parsed(raw: Any) -> events.Event:
    [only] = events.split(webhook(raw))
    return events.parse(only.body)


# Signature


def test_a_signature_of_line_is_valid() -> None:
    body = webhook(EXAMPLES["text"])
    assert events.signature_is_valid(SECRET, body, sign(SECRET, body))


@pytest.mark.parametrize(
    "signature", [None, "", "x", "é", "\udcff", sign("other", b"{}"), "=" * 44]
)
def test_any_other_signature_is_not(signature: str | None) -> None:
    assert not events.signature_is_valid(SECRET, b"{}", signature)


def test_a_signature_counts_for_its_own_body_only() -> None:
    assert not events.signature_is_valid(SECRET, b"{} ", sign(SECRET, b"{}"))


def test_without_a_secret_nothing_is_valid() -> None:
    assert not events.signature_is_valid("", b"{}", sign("", b"{}"))


# Taking a webhook apart


def test_the_verify_button_sends_no_events() -> None:
    assert events.split(webhook()) == []


def test_events_keep_their_order_and_what_tells_them_apart() -> None:
    first, second = events.split(webhook(EXAMPLES["text"], EXAMPLES["join"]))
    assert (first.event_id, second.event_id) == (ulid(1), ulid(23))
    assert (first.user_id, first.source_type) == (SAKURA, "user")
    assert second.source_type == "group"
    assert first.occurred_at == datetime(2026, 11, 18, 11, 6, 40, 124_000, tzinfo=UTC)
    assert json.loads(first.body) == EXAMPLES["text"]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b"{}", b'{"events":{}}', b'{"events":null}', b"\xff", b"[" * 9_999],
)
def test_a_body_without_a_list_of_events_is_malformed(body: bytes) -> None:
    with pytest.raises(events.MalformedBody):
        events.split(body)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_event_leaves_its_neighbours_alone(name: str) -> None:
    before, odd, after = events.split(webhook(EXAMPLES["text"], ODD[name], EXAMPLES["follow"]))
    assert isinstance(events.parse(before.body), events.Text)
    assert isinstance(events.parse(after.body), events.Follow)
    assert odd.event_id
    assert events.parse(odd.body).event_id == odd.event_id


def test_numbers_that_python_refuses_hurt_nobody() -> None:
    odd = b'{"events":[{"timestamp":' + b"9" * 5_000 + b'},{"timestamp":1e999},{"timestamp":NaN}]}'
    raw = events.split(odd)
    assert [one.occurred_at for one in raw] == [None, None, None]
    assert [json.loads(one.body) for one in raw] == [{"timestamp": None}] * 3


def test_an_event_without_id_has_the_same_made_up_one_when_redelivered() -> None:
    anonymous = {k: v for k, v in EXAMPLES["text"].items() if k != "webhookEventId"}
    again = anonymous | {"deliveryContext": {"isRedelivery": True}}
    later = anonymous | {"timestamp": AT + 99}
    ids = [raw.event_id for raw in events.split(webhook(anonymous, again, later))]
    assert ids[0].startswith("sha256:")
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("odd_id", ["", 7, None, "x" * 256, "a\x00b", "通い", ["a"]])
def test_an_impossible_event_id_is_replaced(odd_id: Any) -> None:
    [raw] = events.split(webhook(event("follow", webhookEventId=odd_id)))
    assert raw.event_id.startswith("sha256:")


@pytest.mark.parametrize("stamp", [None, True, -1, 0, 1_795_000_000, 10**17, 1.5, "2026", [AT]])
def test_an_absurd_time_is_no_time(stamp: Any) -> None:
    [raw] = events.split(webhook(event("follow", timestamp=stamp)))
    assert raw.occurred_at is None
    assert events.parse(raw.body).occurred_at is None


@pytest.mark.parametrize("source", [None, "user", {}, {"userId": 5}, {"userId": "a\x00"}, []])
def test_an_odd_source_is_no_user(source: Any) -> None:
    [raw] = events.split(webhook(event("follow", source=source)))
    assert raw.user_id is None
    assert isinstance(events.parse(raw.body), events.Follow)


# What each event says


def test_every_kind_in_the_examples_is_read_as_what_it_is() -> None:
    kinds = {name: type(parsed(example)).__name__ for name, example in EXAMPLES.items()}
    assert kinds == {
        "text": "Text",
        "text_with_line_emoji": "Text",
        "text_with_unicode_emoji": "Text",
        "text_mentioning_the_bot_in_a_group": "GroupEvent",
        "text_quoting_another": "Text",
        "text_in_a_room": "GroupEvent",
        "sticker": "Sticker",
        "sticker_with_text": "Sticker",
        "image": "Media",
        "image_first_of_a_set": "Media",
        "image_second_of_a_set": "Media",
        "image_from_elsewhere": "Media",
        "video": "Media",
        "audio": "Media",
        "file": "Media",
        "location": "Location",
        "message_edited": "MessageEdited",
        "unsend": "Unsend",
        "follow": "Follow",
        "follow_after_a_block": "Follow",
        "follow_without_details": "Follow",
        "unfollow": "Unfollow",
        "join": "GroupEvent",
        "leave": "GroupEvent",
        "member_joined": "GroupEvent",
        "member_left": "GroupEvent",
        "postback": "Postback",
        "postback_of_a_date_picker": "Postback",
        "postback_of_a_time_picker": "Postback",
        "postback_of_a_menu_switch": "Postback",
        "video_play_complete": "Ignored",
        "beacon_enter": "BeaconEvent",
        "beacon_banner": "BeaconEvent",
        "beacon_stay": "BeaconEvent",
        "account_link": "AccountLink",
        "account_link_failed": "AccountLink",
        "membership_joined": "MembershipEvent",
        "membership_left": "MembershipEvent",
        "membership_renewed": "MembershipEvent",
        "module_attached": "Ignored",
        "module_detached": "Ignored",
        "activated": "Ignored",
        "deactivated": "Ignored",
        "bot_suspended": "Ignored",
        "bot_resumed": "Ignored",
        "delivery": "Ignored",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", {"text": "カード", "message_id": "590000000000000001", "quote_token": "q-9dkW2"}),
        ("text_with_line_emoji", {"text": "ありがとう(love)"}),
        ("text_with_unicode_emoji", {"text": "ポイント👨‍👩‍👧‍👦？"}),
        ("text_quoting_another", {"quoted_message_id": "590000000000000001"}),
        ("text_mentioning_the_bot_in_a_group", {"kind": "message", "mentions_bot": True}),
        ("text_in_a_room", {"kind": "message", "mentions_bot": False, "user_id": None}),
        ("sticker", {"keywords": ("cheer", "hooray"), "text": ""}),
        ("sticker_with_text", {"keywords": (), "text": "またね"}),
        ("image", {"kind": "image", "starts_set": True}),
        ("image_first_of_a_set", {"starts_set": True}),
        ("image_second_of_a_set", {"starts_set": False}),
        ("video", {"kind": "video"}),
        ("audio", {"kind": "audio"}),
        ("file", {"kind": "file", "message_id": "590000000000000015"}),
        ("message_edited", {"message_id": "590000000000000001", "text": "ポイント"}),
        ("unsend", {"message_id": "590000000000000001", "reply_token": None}),
        ("follow", {"is_unblocked": False, "reply_token": f"{19:032x}"}),
        ("follow_after_a_block", {"is_unblocked": True}),
        ("follow_without_details", {"is_unblocked": False}),
        ("unfollow", {"reply_token": None, "user_id": SAKURA}),
        ("join", {"kind": "join"}),
        ("leave", {"kind": "leave", "reply_token": None}),
        ("member_joined", {"kind": "memberJoined"}),
        ("postback", {"data": "card", "params": {}}),
        ("postback_of_a_date_picker", {"data": "birthday", "params": {"date": "1990-05-12"}}),
        (
            "postback_of_a_menu_switch",
            {"params": {"newRichMenuAliasId": "alias-b", "status": "SUCCESS"}},
        ),
        ("beacon_enter", {"kind": "enter", "hwid": "d41d8cd98f"}),
        ("beacon_banner", {"kind": "banner"}),
        ("beacon_stay", {"kind": "stay"}),
        ("account_link", {"succeeded": True, "nonce": "n-4f1"}),
        ("account_link_failed", {"succeeded": False, "user_id": None, "reply_token": None}),
        ("membership_renewed", {"kind": "renewed", "membership_id": 3189}),
        ("delivery", {"kind": "delivery", "malformed": False}),
    ],
)
def test_an_event_says_what_it_carries(name: str, said: dict[str, Any]) -> None:
    found = asdict(parsed(EXAMPLES[name]))
    assert {field: found[field] for field in said} == said


@pytest.mark.parametrize(
    ("name", "kind", "malformed"),
    [
        ("null", "", True),
        ("no type", "", True),
        ("type of the wrong kind", "", True),
        ("a kind from the future", "hologram", False),
        ("a message from the future", "message/poll", False),
        ("a beacon from the future", "beacon/leave", False),
        ("a plan's event from the future", "membership/paused", False),
        ("a chat from the future", "message", False),
        ("a message without message", "message", True),
        ("a text without text", "message", True),
        ("a postback without data", "postback", True),
    ],
)
def test_what_is_not_understood_is_ignored_by_name(name: str, kind: str, malformed: bool) -> None:
    ignored = parsed(ODD[name])
    assert isinstance(ignored, events.Ignored)
    assert (ignored.kind, ignored.malformed) == (kind, malformed)


@pytest.mark.parametrize("name", ODD)
def test_every_odd_event_is_ignored(name: str) -> None:
    assert isinstance(parsed(ODD[name]), events.Ignored)


def test_standby_is_told_and_has_no_reply_token() -> None:
    waiting = parsed(EXAMPLES["text"] | {"mode": "standby"})
    assert waiting.standby
    assert waiting.reply_token is None


@pytest.mark.parametrize("mode", [None, "dozing", 3])
def test_another_mode_than_standby_can_be_answered(mode: Any) -> None:
    answered = parsed(EXAMPLES["text"] | {"mode": mode})
    assert not answered.standby
    assert answered.reply_token


@pytest.mark.parametrize(
    ("context", "again"),
    [({"isRedelivery": True}, True), ({"isRedelivery": "yes"}, False), (None, False), ([], False)],
)
def test_a_redelivery_is_told(context: Any, again: bool) -> None:
    assert parsed(EXAMPLES["text"] | {"deliveryContext": context}).is_redelivery is again


def test_a_text_loses_what_no_database_can_hold() -> None:
    typed = parsed(message("text", text="カ\x00ー\ud83dド\n次"))
    assert isinstance(typed, events.Text)
    assert typed.text == "カー\ufffdド\n次"


def test_an_empty_text_is_still_a_text() -> None:
    assert isinstance(parsed(message("text", text="")), events.Text)


def test_events_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        parsed(EXAMPLES["text"]).user_id = "U1"  # type: ignore[misc]  # what must not work


@pytest.mark.parametrize("body", ["", "nonsense", "[" * 9_999, "7", '"follow"', "NaN"])
def test_parse_takes_any_string(body: str) -> None:
    assert isinstance(events.parse(body), events.Ignored)


@given(st.lists(any_json, max_size=4))
def test_split_and_parse_never_raise(odd: list[Any]) -> None:
    for raw in events.split(webhook(*odd)):
        assert raw.body.isascii()
        assert events.parse(raw.body).event_id == raw.event_id


@given(
    st.sampled_from(sorted(EXAMPLES)),
    st.sampled_from(
        ["type", "source", "message", "postback", "beacon", "follow", "timestamp", "replyToken"]
    ),
    any_json,
)
def test_a_field_of_any_shape_is_survived(name: str, field: str, value: Any) -> None:
    [raw] = events.split(webhook(EXAMPLES[name] | {field: value}))
    assert events.parse(raw.body).event_id == raw.event_id
