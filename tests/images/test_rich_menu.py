from typing import get_args

import pytest
from PIL import Image, ImageChops

from images.icons import Icon, icon
from images.look import Look
from images.rich_menu import BYTES_MAX, HEIGHT, WIDTH, MenuPicture, Tile, areas, draw_rich_menu
from tests.images.pictures import LOOKS, RANKS, opened, shades

ICONS: tuple[Icon, ...] = get_args(Icon)
TILES = [Tile(icon, "会員証", "Member card") for icon in ICONS[:6]]


def drawn(tiles: list[Tile], look: Look = LOOKS[0], rank: str | None = None) -> Image.Image:
    colours = RANKS[rank] if rank else None
    return opened(draw_rich_menu(MenuPicture(tuple(tiles), colours, 2, 3), look))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("rank", ["bronze", "gold"])
def test_the_picture_is_as_line_takes_it(look: Look, rank: str) -> None:
    data = draw_rich_menu(MenuPicture(tuple(TILES), RANKS[rank], 2, 3), look)
    assert opened(data).size == (2500, 1686)
    assert len(data) <= BYTES_MAX // 2


def test_a_rank_shows_on_the_first_tile_alone() -> None:
    changed = ImageChops.difference(drawn(TILES), drawn(TILES, rank="gold")).convert("L")
    left, top, right, bottom = changed.point(lambda v: 255 if v > 40 else 0).getbbox() or (0,) * 4
    first = areas(6)[0]
    assert 0 < left < right < first.width
    assert 0 < top < bottom < first.height


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
        changed = ImageChops.difference(plain, other).convert("L").point(lambda v: v > 24 and 255)
        left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
        assert area.x < left < right < area.x + area.width
        assert area.y < top < bottom < area.y + area.height


def test_a_long_word_stays_in_its_tile() -> None:
    long = [Tile("points", "とても長いポイントの名前" * 3, "a very long name of points " * 4)] * 6
    short = [Tile("points", "", "")] * 6
    changed = ImageChops.difference(drawn(long), drawn(short)).convert("L")
    assert shades(changed.crop((826, 0, 842, HEIGHT)))[1] < 16


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
        draw_rich_menu(MenuPicture(tuple(TILES[:5])), LOOKS[0])
