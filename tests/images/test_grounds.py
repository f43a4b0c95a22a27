import pytest
from PIL import Image, ImageChops

from images.grounds import metal_ground, paper, put_logo, shine, sparkle
from images.look import Look, open_art
from images.theme import metal
from tests.images.pictures import LOOKS, RANKS, art, grey_at, shades

SIZE = (320, 200)


@pytest.mark.parametrize("rank", RANKS)
def test_a_metal_shines_and_has_the_shops_pattern_in_it(rank: str) -> None:
    ground = metal(*RANKS[rank])
    plain, woven = (metal_ground(SIZE, ground, texture) for texture in ("plain", "waves"))
    assert plain.size == woven.size == SIZE
    assert ImageChops.difference(plain, woven).getbbox() is not None
    assert len(plain.getcolors(SIZE[0] * SIZE[1]) or ()) > 30


@pytest.mark.parametrize("look", LOOKS)
def test_paper_is_light_whatever_the_shops_colour(look: Look) -> None:
    assert shades(paper(SIZE, look))[0] > 200


def test_a_logo_that_would_hardly_be_seen_lies_on_a_plate() -> None:
    def around(colour: str, ground: str) -> object:
        """What is seen just outside the logo."""
        picture = Image.new("RGB", SIZE, ground)
        put_logo(picture, open_art(art(colour, (100, 80))).image, (100, 60), ground)
        return picture.getpixel((150, 55))

    assert around("#D04040", "#FFFFFF") == (255, 255, 255)
    assert around("#D04040", "#D04848") == (255, 255, 255)
    assert around("#FFFFFF", "#101040") == (16, 16, 64)


def test_light_comes_from_the_middle_and_fades() -> None:
    picture = Image.new("RGB", SIZE, "#000000")
    shine(picture, (160, 40), "#FFFFFF", strength=0.34)
    assert grey_at(picture, 160, 45) > grey_at(picture, 5, 195)


def test_a_sparkle_has_four_long_points() -> None:
    mask = sparkle(40)
    assert mask.getbbox() == (0, 0, 40, 40)
    assert grey_at(mask, 3, 3) == 0
