import io
from typing import get_args

import pytest
from PIL import Image, ImageChops

from images.icons import Icon, icon
from images.rich_menu import BYTES_MAX, HEIGHT, WIDTH, Tile, areas, draw_rich_menu
from images.theme import palette

ICONS: tuple[Icon, ...] = get_args(Icon)
TILES = [Tile(icon, "会員証", "Member card") for icon in ICONS[:6]]


def drawn(tiles: list[Tile], accent: str = "#8A5A44") -> Image.Image:
    return Image.open(io.BytesIO(draw_rich_menu(tiles, palette(accent)))).convert("RGB")


@pytest.mark.parametrize("accent", ["#8A5A44", "#1F6F5C", "#FFFFFF", "#000000"])
def test_the_picture_is_as_line_takes_it(accent: str) -> None:
    data = draw_rich_menu(TILES, palette(accent))
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (2500, 1686))
    assert len(data) <= BYTES_MAX // 4


def test_the_areas_cover_the_picture_without_a_gap_or_an_overlap() -> None:
    six = areas(6)
    assert sum(area.width * area.height for area in six) == WIDTH * HEIGHT
    assert [(area.x, area.y) for area in six[:3]] == [(0, 0), (833, 0), (1666, 0)]
    for row in (six[:3], six[3:]):
        assert [a.x + a.width for a in row] == [833, 1666, 2500]
    assert {a.y + a.height for a in six} == {843, 1686}


def test_each_tile_is_drawn_inside_its_own_area() -> None:
    plain = drawn(TILES)
    for place, area in enumerate(areas(6)):
        other = drawn([Tile("help", "別", "x") if n == place else t for n, t in enumerate(TILES)])
        # Both pictures choose their own 128 colours, so a little may differ anywhere.
        changed = ImageChops.difference(plain, other).convert("L").point(lambda v: v > 24 and 255)
        left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
        assert area.x < left < right < area.x + area.width
        assert area.y < top < bottom < area.y + area.height


def test_a_long_word_stays_in_its_tile() -> None:
    long = [Tile("points", "とても長いポイントの名前" * 3, "a very long name of points " * 4)] * 6
    between = drawn(long).crop((830, 0, 860, HEIGHT))
    assert between.getcolors() == [(30 * HEIGHT, between.getpixel((0, 0)))]


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_smooth_and_stays_on_its_square(name: Icon) -> None:
    mask = icon(name, 216)
    assert mask.size == (216, 216)
    values = mask.histogram()
    assert values[255] > 2_000
    assert sum(values[16:240]) > 200
    bordered = mask.copy()
    bordered.paste(0, (2, 2, 214, 214))
    assert bordered.getbbox() is None


def test_the_icons_all_differ() -> None:
    assert len({icon(name, 100).tobytes() for name in ICONS}) == len(ICONS)


def test_a_menu_has_six_tiles() -> None:
    with pytest.raises(ValueError, match="6 tiles"):
        draw_rich_menu(TILES[:5], palette("#8A5A44"))
