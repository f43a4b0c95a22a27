import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from images import fonts
from images.fonts import draw_lines, drawable, fitted, font, whole_name, wrapped


@pytest.mark.parametrize("name", ["髙橋﨑子", "齋藤", "①㈱通い路", "ガガガ", "Café", "¥1,200〜～"])
def test_what_names_are_written_with_can_be_drawn(name: str) -> None:
    assert drawable(name) == name


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("通い路珈琲☕", "通い路珈琲☕"),
        ("♥️の店", "♥の店"),
        ("👨‍👩‍👧 家族", "👨 家族"),
        ("👍🏽", "👍"),
        ("🇯🇵太郎", "太郎"),
        (" 二\n行  です ", "二 行 です"),
        ("か\u3099", "が"),
        ("Nguyễn", "Nguyen"),
        ("𝓢𝓪𝓴𝓾𝓻𝓪", "Sakura"),
        ("葛\U000e0100城", "葛城"),
        ("\u202eさくら\u200b\ufeff", "さくら"),
        ("김민수", ""),
        ("שלום", ""),
        ("", ""),
    ],
)
def test_what_the_fonts_lack_is_made_plain_or_left_out_rather_than_drawn_as_boxes(
    name: str, drawn: str
) -> None:
    assert drawable(name) == drawn


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("王刚さん", ""), ("王刚 様", ""), ("김민수様", ""), ("𠮷田さん", "吉田さん"),
        ("吳様", "呉様"), ("髙橋 﨑山さん", "髙橋 﨑山さん"), ("さくら🌸さん", "さくら🌸さん"),
        ("🇯🇵太郎さん", "太郎さん"), ("Nguyễn", "Nguyen"), ("\u3164さくら", "さくら"),
    ],
)  # fmt: skip
def test_a_name_is_drawn_whole_or_not_at_all(name: str, drawn: str) -> None:
    assert whole_name(name) == drawn


def test_a_short_text_is_drawn_large_and_a_longer_one_smaller() -> None:
    short = fitted("通い路", "bold", width=300, size=60, size_min=20)
    longer = fitted("通い路珈琲 駅前本店", "bold", width=300, size=60, size_min=20)
    assert short.size == 60
    assert longer.text == "通い路珈琲 駅前本店"
    assert 20 <= longer.size < 60


@given(st.text(max_size=80), st.integers(80, 600), st.integers(1, 3))
def test_lines_never_leave_their_room(text: str, width: int, lines_max: int) -> None:
    lines = wrapped(text, "bold", width=width, size=60, size_min=20, lines_max=lines_max)
    assert 1 <= len(lines) <= lines_max
    assert all(line.width <= width for line in lines)
    assert len({line.size for line in lines}) == 1


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_what_is_drawn_is_as_wide_as_was_said(text: str) -> None:
    lines = wrapped(text, "regular", width=500, size=40, size_min=40, lines_max=2)
    picture = Image.new("L", (700, 300), 0)
    draw_lines(ImageDraw.Draw(picture), (100, 100), lines, "white")
    left, _, right, _ = picture.getbbox() or (100, 0, 100, 0)
    # A slanting letter may lean a little over its own width.
    assert left >= 100 - 12
    assert right <= 100 + max(line.width for line in lines) + 12


def lines_of(text: str, lines_max: int = 2) -> list[str]:
    lines = wrapped(text, "bold", width=300, size=46, size_min=34, lines_max=lines_max)
    return [line.text for line in lines]


def test_a_long_name_breaks_where_it_reads_well() -> None:
    assert lines_of("Kayoiji Coffee Roasters") == ["Kayoiji Coffee", "Roasters"]
    assert lines_of("今月あと1回のご来店で「ブロンズ」に昇格！", 3)[-1].endswith("昇格！")
    assert lines_of("ありがとう。またどうぞ。") == ["ありがとう。", "またどうぞ。"]
    assert all(line[0] not in "」。、ー" for line in lines_of("店店店店店店店」。、店店店店店"))


def test_what_does_not_fit_is_cut_between_letters_as_people_see_them() -> None:
    [line] = wrapped("🎉" * 40, "bold", width=300, size=46, size_min=34, lines_max=1)
    assert line.text.endswith("🎉…")


def test_both_weights_and_the_emoji_are_there() -> None:
    assert font("bold", 40).getname() == ("BIZ UDPGothic", "Bold")
    assert font("regular", 40).getname() == ("BIZ UDPGothic", "Regular")
    assert font("emoji", 40).getname()[0] == "Noto Emoji"


def test_every_file_that_others_made_is_listed_and_unchanged() -> None:
    folder = Path(fonts.__file__).parent / "fonts"
    lines = (folder / "README.md").read_text(encoding="utf-8")
    listed = {name: digest for digest, name in re.findall(r"(?m)^([0-9a-f]{64})  (\S+)$", lines)}
    there = {path.name: path for path in folder.iterdir() if path.name != "README.md"}
    assert listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()
    }
