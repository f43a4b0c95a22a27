import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images import fonts
from images.fonts import drawable, fitted, font, two_lines


@pytest.mark.parametrize("name", ["髙橋﨑子", "齋藤", "①㈱通い路", "ガガガ", "Café", "¥1,200〜～"])
def test_what_names_are_written_with_can_be_drawn(name: str) -> None:
    assert drawable(name) == name


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("通い路珈琲☕", "通い路珈琲"),
        ("♥️の店", "♥の店"),
        ("👨‍👩‍👧 家族", "家族"),
        (" 二\n行  です ", "二 行 です"),
        ("🎉", ""),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_left_out_rather_than_drawn_as_boxes(name: str, drawn: str) -> None:
    assert drawable(name) == drawn


def test_a_short_text_is_drawn_large_and_a_longer_one_smaller() -> None:
    _, short = fitted("通い路", "bold", width=300, size=60, size_min=20)
    text, longer = fitted("通い路珈琲 駅前本店", "bold", width=300, size=60, size_min=20)
    assert short.size == 60
    assert text == "通い路珈琲 駅前本店"
    assert 20 <= longer.size < 60


@given(st.text(max_size=80), st.integers(80, 600))
def test_a_fitted_text_never_leaves_its_room(text: str, width: int) -> None:
    shown, face = fitted(text, "bold", width=width, size=60, size_min=20)
    assert face.getlength(shown) <= width
    lines, face = two_lines(text, "regular", width=width, size=60, size_min=30)
    assert 1 <= len(lines) <= 2
    assert all(face.getlength(line) <= width for line in lines)


def test_a_long_name_takes_two_lines_and_breaks_at_a_space_if_there_is_one() -> None:
    lines, _ = two_lines("Kayoiji Coffee Roasters", "bold", width=300, size=46, size_min=34)
    assert lines == ["Kayoiji Coffee", "Roasters"]
    lines, _ = two_lines("スポーツクラブ川辺公園前本店", "bold", width=300, size=46, size_min=34)
    assert "".join(lines) == "スポーツクラブ川辺公園前本店"


def test_both_weights_are_there() -> None:
    assert font("bold", 40).getname() == ("BIZ UDPGothic", "Bold")
    assert font("regular", 40).getname() == ("BIZ UDPGothic", "Regular")


def test_every_file_that_others_made_is_listed_and_unchanged() -> None:
    folder = Path(fonts.__file__).parent / "fonts"
    lines = (folder / "README.md").read_text(encoding="utf-8")
    listed = {name: digest for digest, name in re.findall(r"(?m)^([0-9a-f]{64})  (\S+)$", lines)}
    there = {path.name: path for path in folder.iterdir() if path.name != "README.md"}
    assert listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()
    }
