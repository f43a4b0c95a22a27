"""Where a line of a message may not end, whatever the width."""

import re

import pytest

from bot.line.flex import columns
from bot.line.line_breaks import held_together
from rules.wording.texts import keys

#: The sections whose texts members read in messages.
SAID = ("chat", "push", "journey", "reached", "step", "reward", "voucher", "given", "activity")
#: What Flex shows of a club: names of rewards and ranks, and every text of the chat.
NAMES = (
    *("ゴールドファンのお祝いラテ", "珈琲豆のお取り寄せ 送料無料", "試作ブレンドのお試しパック"),
    *("レジで100円お値引きします。", "ランクアップのお祝い ・ 5月26日まで", "シルバーファン限定"),
    *(
        re.sub(r"{\w+}", "12", text)
        for key, text in keys("ja").items()
        if isinstance(text, str) and key.split(".")[0] in SAID
    ),
)
#: From a column beside a button to the whole width of a message, in half-width columns.
WIDTHS = range(18, 38)
_CLOSING = "」』）。、！？…ー"


def lines(text: str, width: int) -> list[str]:
    """The lines as LINE breaks them: between any two Japanese letters but where a joiner or closing
    punctuation says no, and elsewhere at spaces."""
    unbroken = rf"(?:[ -~]+|.)(?:\u2060(?:[ -~]+|.)|[{_CLOSING}])*"
    shown: list[str] = [""]
    for piece in re.findall(rf"[!-~]+(?:\u2060.|[{_CLOSING}])*|{unbroken}", text):
        if columns(shown[-1] + piece.replace("\u2060", "")) > width and shown[-1].strip():
            shown.append("")
        shown[-1] += piece.replace("\u2060", "")
    return shown


def letters(line: str) -> int:
    return len(re.findall(r"\w", line))


def test_no_letter_stands_alone_on_a_last_line() -> None:
    alone = {
        text: width
        for paragraph in NAMES
        for text in paragraph.splitlines()
        for width in WIDTHS
        if len(broken := lines(held_together(text), width)) > 1 and letters(broken[-1]) == 1
    }
    assert alone == {}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ゴールドファンのお祝いラテ", ("ゴールドファン", "ラテ")),
        ("あと1,200ポイントで「ブロンズファン」に", ("1,200ポイント", "ブロンズファン")),
        ("12月31日までに3回", ("12月31日", "3回")),
        ("珈琲豆のお取り寄せ 送料無料", ("送料無料",)),
    ],
)
def test_words_and_figures_are_not_broken(text: str, whole: tuple[str, ...]) -> None:
    for word in whole:
        assert "\u2060".join(word) in held_together(text)


def test_nothing_else_is_touched() -> None:
    for text in ("10 points by Nov 23", "👨‍👩‍👧‍👦", "か\u3099", "", "Sakura"):
        assert held_together(text) == text
    assert held_together("ひろい世界").replace("\u2060", "") == "ひろい世界"
