"""The judge of all messages must itself refuse what LINE would refuse."""

import copy
from typing import Any

import pytest

from bot.line.messages import (
    Button,
    NoticeMessage,
    PostbackAction,
    RichMenuArea,
    notice_message,
    rich_menu,
    text_message,
)
from bot.line.views import Banner
from tests.bot.line.strict import assert_line_accepts, assert_line_accepts_menu, texts


def good() -> dict[str, Any]:
    view = NoticeMessage(
        title="ブロンズ",
        banner=Banner("#A0694B", "#D9A27E"),
        big="10 pt",
        next_step="あと1回",
        progress=0.5,
        buttons=(Button(PostbackAction("見る", "see", "見る")),),
    )
    return notice_message(view, [PostbackAction("特典", "rewards")])


def change(message: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(message)
    *steps, last = path.split(".")
    place: Any = changed
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return changed


def test_a_good_message_passes() -> None:
    assert_line_accepts([text_message("はい"), good()])


def test_the_texts_of_a_message_are_found_in_order() -> None:
    assert texts(good()) == ["ブロンズ", "10 pt", "あと1回", "見る"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("altText", " "),
        ("altText", "あ" * 1_501),
        ("subject", "unknown field"),
        ("contents.size", "huge"),
        ("contents.body.colour", "#FFFFFF"),
        ("contents.body.backgroundColor", "red"),
        ("contents.body.spacing", "wide"),
        ("contents.body.contents.0.contents.0.text", ""),
        ("contents.body.contents.0.contents.0.text", "a\x00"),
        ("contents.body.contents.0.contents.0.text", None),
        ("contents.body.contents.0.contents.0.size", "giant"),
        ("contents.body.contents.0.contents.0.flex", -1),
        ("contents.footer.contents.0.action.label", ""),
        ("contents.footer.contents.0.action.label", "あ" * 41),
        ("contents.footer.contents.0.action.data", "d" * 301),
        ("contents.footer.contents.0.action.displayText", "あ" * 301),
        ("contents.footer.contents.0.action", {"type": "uri", "label": "a", "uri": "ftp://a"}),
        ("contents.hero", {"type": "image", "url": "http://example.com/a.png"}),
        ("quickReply.items", []),
        ("quickReply.items.0.action.label", "あ" * 21),
        ("type", "telegram"),
    ],
)
def test_a_message_that_line_refuses_fails(path: str, value: Any) -> None:
    with pytest.raises((AssertionError, ValueError)):
        assert_line_accepts([change(good(), path, value)])


def test_a_box_within_a_line_of_text_fails() -> None:
    holder = {"type": "box", "layout": "baseline", "contents": [good()["contents"]["body"]]}
    with pytest.raises(AssertionError, match="holds a box"):
        assert_line_accepts([change(good(), "contents.body", holder)])


def test_a_bubble_that_is_too_large_fails() -> None:
    body = [{"type": "text", "text": "あ" * 1_000}] * 6
    with pytest.raises(AssertionError, match="too large"):
        assert_line_accepts([change(good(), "contents.body.contents", body)])


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_messages_fit_a_request(count: int) -> None:
    with pytest.raises(AssertionError, match="messages in one request"):
        assert_line_accepts([text_message("a")] * count)


def test_quick_replies_before_the_last_message_fail() -> None:
    with pytest.raises(AssertionError, match="only the last"):
        assert_line_accepts([good(), text_message("a")])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("size.height", 1_100),
        ("size.width", 799),
        ("chatBarText", "あ" * 15),
        ("areas.0.bounds.width", 1_201),
        ("areas.0.action.label", "あ" * 21),
        ("colour", "red"),
    ],
)
def test_a_menu_that_line_refuses_fails(path: str, value: Any) -> None:
    area = RichMenuArea(x=0, y=0, width=1_200, height=800, action=PostbackAction("見る", "see"))
    menu = rich_menu(size=(1_200, 800), areas=[area], name="menu", chat_bar_text="メニュー")
    assert_line_accepts_menu(menu)
    with pytest.raises((AssertionError, ValueError)):
        assert_line_accepts_menu(change(menu, path, value))
