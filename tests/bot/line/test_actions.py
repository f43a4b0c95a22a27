"""Taps: what comes back to us is never cut, what is only read is."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.line.actions import (
    Action,
    DatePickerAction,
    MessageAction,
    PostbackAction,
    UriAction,
    action_dict,
)


def test_each_action_is_lines_object() -> None:
    actions: list[Action] = [
        PostbackAction("見る", "points", "ポイント"),
        PostbackAction("見る", "points"),
        MessageAction("カード", "カード"),
        UriAction("お店", "https://example.com/a"),
        DatePickerAction(
            "選ぶ", "birthday", date(1990, 5, 1), first=date(1920, 1, 1), last=date(2026, 1, 1)
        ),
        DatePickerAction("選ぶ", "birthday"),
    ]
    assert [action_dict(action, label_graphemes=20) for action in actions] == [
        {"type": "postback", "label": "見る", "data": "points", "displayText": "ポイント"},
        {"type": "postback", "label": "見る", "data": "points"},
        {"type": "message", "label": "カード", "text": "カード"},
        {"type": "uri", "label": "お店", "uri": "https://example.com/a"},
        {
            "type": "datetimepicker",
            "label": "選ぶ",
            "data": "birthday",
            "mode": "date",
            "initial": "1990-05-01",
            "min": "1920-01-01",
            "max": "2026-01-01",
        },
        {"type": "datetimepicker", "label": "選ぶ", "data": "birthday", "mode": "date"},
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: PostbackAction("a", ""),
        lambda: PostbackAction("a", "あ" * 301),
        lambda: PostbackAction("a", "🍎" * 151),
        lambda: MessageAction("a", ""),
        lambda: MessageAction("a", "あ" * 301),
        lambda: UriAction("a", "https://example.com/" + "a" * 981),
        lambda: UriAction("a", "javascript:alert(1)"),
        lambda: UriAction("a", "https://example.com/通い"),
        lambda: UriAction("a", "https://example.com/a b"),
        lambda: DatePickerAction("a", ""),
        lambda: DatePickerAction("a", "d", first=date(2026, 1, 1), last=date(2026, 1, 1)),
        lambda: DatePickerAction("a", "d", first=date(1899, 12, 31)),
        lambda: DatePickerAction("a", "d", last=date(2101, 1, 1)),
        lambda: DatePickerAction("a", "d", date(2019, 1, 1), first=date(2020, 1, 1)),
        lambda: DatePickerAction("a", "d", date(2021, 1, 1), last=date(2020, 1, 1)),
    ],
)
def test_what_line_would_refuse_or_we_could_not_read_again_is_refused(
    wrong: Callable[[], Action],
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each says it in its own words
        wrong()


def test_labels_are_cut_to_where_they_stand() -> None:
    long = PostbackAction("👩‍🍳" * 30, "x")
    assert action_dict(long, label_graphemes=20)["label"] == "👩‍🍳" * 19 + "…"
    assert action_dict(long, label_graphemes=40)["label"] == "👩‍🍳" * 30


def test_a_long_display_text_is_cut() -> None:
    shown = action_dict(PostbackAction("a", "x", "あ" * 400), label_graphemes=20)["displayText"]
    assert shown == "あ" * 299 + "…"


@pytest.mark.parametrize("label", ["", " ", "\x00", "\u3000"])
def test_a_label_that_shows_nothing_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="needs a label"):
        action_dict(PostbackAction(label, "x"), label_graphemes=20)
