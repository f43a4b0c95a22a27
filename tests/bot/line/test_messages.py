"""Views to messages: LINE accepts every one, whatever the strings are, and shows what was meant."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.line import flex
from bot.line.colours import DANGER, HAIRLINE, contrast, darkened, tint
from bot.line.messages import (
    Banner,
    Button,
    CardMessage,
    ListMessage,
    MessageAction,
    MessagePicture,
    NoticeMessage,
    PostbackAction,
    Row,
    UriAction,
    card_message,
    list_message,
    notice_message,
    text_message,
    with_quick_replies,
)
from bot.line.views import DEFAULT_ACCENT, IconLine, StampRow
from tests.bot.line.strict import assert_line_accepts, texts

BRONZE = Banner("#A0694B", "#D9A27E", "#FFFFFF")
SEE = PostbackAction("ポイントを見る", "points", "ポイント")
FAMILY = "👨‍👩‍👧‍👦"


def card(**changed: Any) -> CardMessage:
    fields: dict[str, Any] = {
        "picture": MessagePicture("https://example.com/c.jpg", "1024:682"),
        "stamps": StampRow("今月のスタンプ", "4回", filled=4, places=6),
        "lines": (IconLine("🔥", "週1カフェ 5週連続", "お休み券 2枚"),),
        "buttons": (Button(SEE),),
        "alt_text": "カフェ かよい",
    }
    return CardMessage(**(fields | changed))


def parts(message: Any, kind: str) -> list[Any]:
    """Every object of LINE's type `kind` inside `message`."""
    if isinstance(message, list):
        return [found for part in message for found in parts(part, kind)]
    if not isinstance(message, dict):
        return []
    own = [message] if message.get("type") == kind else []
    return own + [found for part in message.values() for found in parts(part, kind)]


def bars(message: Any) -> list[str]:
    """How full each progress bar is drawn."""
    tracks = [b for b in parts(message, "box") if b.get("height") == "8px" and "width" not in b]
    return ["".join(filled["width"] for filled in track["contents"]) for track in tracks]


# Text and quick replies


def test_a_text_is_sent_as_it_is() -> None:
    assert text_message("こんにちは") == {"type": "text", "text": "こんにちは"}


@pytest.mark.parametrize("value", ["", "  ", "\x00", "🍎" * 3_000, "a\ud83d", FAMILY * 500])
def test_any_text_becomes_one_that_line_takes(value: str) -> None:
    assert_line_accepts([text_message(value)])


def test_quick_replies_have_short_labels() -> None:
    message = text_message("はい", [MessageAction("とても" * 10, "カード"), SEE])
    assert_line_accepts([message])
    labels = [item["action"]["label"] for item in message["quickReply"]["items"]]
    assert labels == ["とても" * 6 + "と…", "ポイントを見る"]


def test_without_suggestions_there_is_no_quick_reply() -> None:
    assert "quickReply" not in with_quick_replies(text_message("はい"), [])


def test_fourteen_quick_replies_are_too_many() -> None:
    assert_line_accepts([text_message("はい", [SEE] * 13)])
    with pytest.raises(ValueError, match="at most 13"):
        text_message("はい", [SEE] * 14)


# Card


def test_a_card_shows_its_picture_and_what_that_does_not_say() -> None:
    link = UriAction("会員証を大きく見る", "https://example.com/card")
    picture = MessagePicture("https://example.com/c.jpg", "1024:682", link)
    message = card_message(card(picture=picture), [MessageAction("特典", "特典")])
    assert_line_accepts([message])
    assert message["contents"]["hero"]["action"]["label"] == "会員証を大きく見る"
    assert "header" not in message["contents"]
    assert texts(message) == [
        *("今月のスタンプ", "4回", "🔥", "週1カフェ 5週連続", "お休み券 2枚", "ポイントを見る"),
    ]
    assert message["altText"] == "カフェ かよい"


@pytest.mark.parametrize(
    ("filled", "places", "drawn"),
    [(0, 0, []), (4, 6, [4, 2]), (13, 13, [13, 0]), (31, 31, [20, 0])],
)
def test_a_card_has_a_place_for_each_stamp(filled: int, places: int, drawn: list[int]) -> None:
    message = card_message(card(stamps=StampRow("今月", "", filled, places)))
    assert_line_accepts([message])
    found = [part for part in parts(message, "box") if part.get("height") == "18px"]
    full = [part for part in found if part["backgroundColor"] != HAIRLINE]
    assert ([len(full), len(found) - len(full)] if found else []) == drawn


def test_a_bare_card_has_no_empty_places() -> None:
    message = card_message(card(lines=(), buttons=()))
    assert_line_accepts([message])
    assert texts(message) == ["今月のスタンプ", "4回"]
    assert "footer" not in message["contents"]


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [("#3B2314", "#5C3A21", "#FFE8C7"), ("#EEF2F3", "#FFFFFF", "#FFFFFF")],
)
def test_the_head_is_readable_whatever_the_ranks_colours(start: str, end: str, wanted: str) -> None:
    message = notice_message(NoticeMessage(title="ゴールド", banner=Banner(start, end, wanted)))
    for text in parts(message["contents"]["header"], "text"):
        assert min(contrast(text["color"], start), contrast(text["color"], end)) >= 4.5


def test_button_and_bar_are_readable_in_a_light_accent() -> None:
    message = card_message(card(accent="#F4D35E"))
    [button] = parts(message, "button")
    assert contrast(button["color"], "#FFFFFF") >= 4.5


@pytest.mark.parametrize(
    ("fraction", "drawn"),
    [(0, ""), (0.001, "4%"), (0.5, "50%"), (0.999, "99%"), (1, "100%"), (7.0, "100%"), (-1, "")],
)
def test_a_bar_shows_a_beginning_and_is_full_only_when_full(fraction: float, drawn: str) -> None:
    message = notice_message(NoticeMessage(title="あと少し", progress=fraction))
    assert bars(message) == [drawn]


# List


def test_a_list_shows_its_rows_and_a_hint() -> None:
    message = list_message(
        ListMessage(
            title="ポイント",
            subtitle="11月23日 現在",
            big="1,240 pt",
            big_caption="いまつかえるポイント",
            rows=(Row(left="12月31日まで", right="120 pt"), Row(left="期限なし", right="1,120 pt")),
            empty="まだありません",
            more="ほかにもあります",
            hint="次のご来店で期限がのびます。",
            buttons=(Button(SEE),),
        )
    )
    assert_line_accepts([message])
    assert texts(message) == [
        "ポイント",
        "11月23日 現在",
        "1,240 pt",
        "いまつかえるポイント",
        "12月31日まで",
        "120 pt",
        "期限なし",
        "1,120 pt",
        "次のご来店で期限がのびます。",
        "ポイントを見る",
    ]
    assert message["altText"] == (
        "ポイント 1,240 pt いまつかえるポイント 12月31日まで 120 pt 期限なし 1,120 pt"
    )


def test_an_empty_list_says_so() -> None:
    message = list_message(ListMessage(title="バッジ", empty="まだありません。次のご来店で。"))
    assert_line_accepts([message])
    assert texts(message) == ["バッジ", "まだありません。次のご来店で。"]
    assert message["altText"] == "バッジ まだありません。次のご来店で。"


def test_a_row_can_begin_with_a_small_picture_that_a_tap_shows_large() -> None:
    large = UriAction("大きく見る", "https://shop.example/a.jpg")
    shown = MessagePicture("https://shop.example/a.jpg", "3:2", large)
    vote = PostbackAction("投票する", "v=a")
    rows = (
        Row(left="ブレンドA", action=vote, picture=shown),
        Row(left="ブレンドB", right="投票済み", picture=shown),
        Row(left="ブレンドC", picture=replace(shown, action=None)),
    )
    message = list_message(ListMessage(title="冬のブレンド", rows=rows))
    assert_line_accepts([message])
    images = parts(message, "image")
    assert [(image["aspectRatio"], "action" in image) for image in images] == [
        ("1:1", True), ("1:1", True), ("1:1", False),
    ]  # fmt: skip


def test_a_row_can_carry_its_progress_and_a_button() -> None:
    message = list_message(
        ListMessage(
            title="特典",
            rows=(
                Row(left="コーヒー", right="100 pt", action=PostbackAction("交換する", "r1")),
                Row(left="ケーキ", right="300 pt", note="あと30ポイント", progress=0.9),
                Row(left="マグカップ", note="2月から", muted=True),
            ),
        )
    )
    assert_line_accepts([message])
    assert [box["action"]["data"] for box in parts(message, "box") if "action" in box] == ["r1"]
    assert bars(message) == ["90%"]
    assert texts(message)[:4] == ["特典", "コーヒー", "100 pt", "交換する"]
    assert texts(message)[4:] == ["ケーキ", "300 pt", "あと30ポイント", "マグカップ", "2月から"]


def test_rows_beyond_what_a_bubble_holds_give_way_to_a_word() -> None:
    rows = tuple(Row(left="行" * 400, right="値" * 400, note="注" * 400) for _ in range(40))
    message = list_message(ListMessage(title="長い", rows=rows, more="ほかにもあります"))
    assert_line_accepts([message])
    assert "ほかにもあります" in texts(message)
    assert 1 <= sum(text.startswith("行") for text in texts(message)) < 20


def test_a_list_ends_after_twenty_rows() -> None:
    rows = tuple(Row(left=f"{n}回目") for n in range(25))
    message = list_message(ListMessage(title="あゆみ", rows=rows, more="ほかにもあります"))
    assert texts(message)[-2:] == ["19回目", "ほかにもあります"]
    assert "ほかにもあります" not in texts(
        list_message(ListMessage(title="あゆみ", rows=rows[:20], more="ほかにもあります"))
    )


# Notice


def test_a_check_in_shows_points_celebrations_and_the_next_step() -> None:
    message = notice_message(
        NoticeMessage(
            title="ご来店ありがとうございます",
            big="+10 pt",
            big_caption="いまのポイント 130 pt",
            celebrations=("🎉 ブロンズファンになりました！", "", "🏅 バッジ「朝の常連」"),
            next_step="今月あと2回でシルバーファンに！",
            progress=0.6,
            progress_caption="3 / 5 回",
            buttons=(Button(SEE),),
        )
    )
    assert_line_accepts([message])
    assert texts(message) == [
        "ご来店ありがとうございます",
        "+10 pt",
        "いまのポイント 130 pt",
        "🎉 ブロンズファンになりました！",
        "🏅 バッジ「朝の常連」",
        "今月あと2回でシルバーファンに！",
        "3 / 5 回",
        "ポイントを見る",
    ]
    assert message["altText"].startswith("ご来店ありがとうございます +10 pt 🎉 ブロンズファン")


def test_a_new_rank_has_a_banner_of_its_own_colours() -> None:
    message = notice_message(
        NoticeMessage(title="シルバーに昇格！", banner=BRONZE, body="ようこそ")
    )
    assert_line_accepts([message])
    header = message["contents"]["header"]
    assert (header["background"]["startColor"], header["background"]["endColor"]) == (
        BRONZE.start,
        BRONZE.end,
    )
    assert texts(message) == ["シルバーに昇格！", "ようこそ"]


def test_a_buttons_role_decides_how_it_looks() -> None:
    buttons = (
        Button(PostbackAction("はい", "y")),
        Button(PostbackAction("ほかの日", "o"), "secondary"),
        Button(PostbackAction("やめる", "n"), "link"),
        Button(PostbackAction("消す", "e"), "danger"),
    )
    message = notice_message(NoticeMessage(title="この日でよろしいですか？", buttons=buttons))
    assert_line_accepts([message])
    shown = [(button["style"], button["color"]) for button in parts(message, "button")]
    ink = darkened(DEFAULT_ACCENT)
    assert shown == [
        ("primary", ink),
        ("secondary", tint(DEFAULT_ACCENT)),
        ("link", ink),
        ("primary", DANGER),
    ]
    assert contrast(DANGER, "#FFFFFF") >= 4.5


def test_short_buttons_of_one_role_stand_in_pairs_and_others_alone() -> None:
    labels = ("特典", "あゆみ", "お店のホームページを見る", "ヘルプ")
    quiet = tuple(Button(PostbackAction(label, "x"), "secondary") for label in labels)
    links = tuple(Button(PostbackAction(label, "x"), "link") for label in ("やめる", "規約"))
    buttons = (Button(PostbackAction("見る", "x")), *quiet, *links)
    message = notice_message(NoticeMessage(title="a", buttons=buttons))
    assert_line_accepts([message])
    rows = message["contents"]["footer"]["contents"]
    assert [[b["action"]["label"] for b in parts(row, "button")] for row in rows] == [
        ["見る"],
        ["特典", "あゆみ"],
        ["お店のホームページを見る"],
        ["ヘルプ"],
        ["やめる", "規約"],
    ]


# Size


def test_what_is_too_large_for_line_is_refused() -> None:
    big = flex.bubble(body=flex.box([flex.text("長" * 2_000, units_max=2_000)] * 3))
    assert len(json.dumps(big)) > 30_000
    with pytest.raises(ValueError, match="bubble is larger"):
        flex.flex_message("長い", big)


def test_a_pictures_address_may_be_too_long() -> None:
    with pytest.raises(ValueError, match="too long"):
        card_message(card(picture=MessagePicture("https://example.com/" + "a" * 2_000, "3:2")))


# Pictures on top


def test_a_picture_stands_above_a_notice_in_the_banners_place_and_its_title_below() -> None:
    shown = MessagePicture(
        "https://example.com/r.jpg", "1024:682", UriAction("大きく", "https://a.example")
    )
    message = notice_message(NoticeMessage(title="昇格しました", banner=BRONZE, picture=shown))
    assert_line_accepts([message])
    bubble = message["contents"]
    assert (bubble["hero"]["url"], bubble["hero"]["aspectRatio"]) == (shown.url, "1024:682")
    assert bubble["hero"]["action"]["uri"] == "https://a.example"
    assert "header" not in bubble
    assert texts(message) == ["昇格しました"]


def test_a_picture_stands_above_a_list() -> None:
    shown = MessagePicture("https://example.com/s.jpg", "1024:444")
    message = list_message(ListMessage(title="バッジ", rows=(Row(left="a"),), picture=shown))
    assert_line_accepts([message])
    assert message["contents"]["hero"]["aspectRatio"] == "1024:444"
    assert "header" not in message["contents"]
    assert "hero" not in list_message(ListMessage(title="バッジ"))["contents"]


# The menu below the chat
