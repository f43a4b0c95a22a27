import io
from typing import get_args

import pytest
from PIL import Image

from images.paint import (
    band,
    disc,
    faint,
    field,
    fill,
    gradient,
    jpeg,
    pattern,
    rounded,
    shadow,
    stretched,
)
from images.theme import Texture
from tests.images.pictures import grey_at, shades


def test_corners_are_round_and_smooth() -> None:
    mask = rounded(60, 40, 12)
    assert [grey_at(mask, *at) for at in ((0, 0), (59, 0), (0, 39), (59, 39))] == [0] * 4
    assert [grey_at(mask, *at) for at in ((30, 0), (0, 20), (30, 20))] == [255] * 3
    assert len(set(mask.crop((0, 0, 12, 12)).tobytes())) > 8


def test_a_disc_fills_its_square_and_no_corner() -> None:
    mask = disc(50)
    assert (grey_at(mask, 0, 0), grey_at(mask, 25, 25)) == (0, 255)
    assert mask.getbbox() == (0, 0, 50, 50)


def test_a_mask_grows_faint_by_its_share() -> None:
    assert shades(faint(disc(20), 0.5)) == (0, 128)


def test_colour_lies_where_the_mask_is() -> None:
    picture = Image.new("RGB", (40, 40), "#000000")
    fill(picture, disc(20), (10, 10), "#FF0000")
    assert picture.getpixel((20, 20)) == (255, 0, 0)
    assert picture.getpixel((10, 10)) == picture.getpixel((39, 39)) == (0, 0, 0)


def test_a_gradient_leads_from_one_colour_to_the_other() -> None:
    row = [grey_at(gradient((80, 50), "#000000", "#FFFFFF"), n, n * 49 // 79) for n in range(80)]
    assert row == sorted(row)
    assert row[0] < 4
    assert row[-1] > 251


def test_a_field_is_as_strong_as_is_said_and_never_more() -> None:
    mask = stretched(field(lambda x, _y: 3 * x - 1), (90, 30))
    assert [grey_at(mask, x, 15) for x in (5, 85)] == [0, 255]


def test_a_band_is_brightest_in_its_middle() -> None:
    light = band((100, 20), middle=0.5, width=0.1, strength=0.5)
    row = [grey_at(light, x, 0) for x in range(100)]
    assert 45 <= row.index(max(row)) <= 55
    assert row[0] == row[99] == 0


def test_a_shadow_is_soft_and_darker_below_what_throws_it() -> None:
    picture = Image.new("RGB", (60, 60), "#FFFFFF")
    shadow(picture, disc(20), (20, 20), blur=4, share=0.5)
    assert 100 < grey_at(picture, 30, 30) < 200
    assert grey_at(picture, 0, 0) == 255


@pytest.mark.parametrize("texture", get_args(Texture))
def test_a_pattern_covers_the_whole_of_it(texture: Texture) -> None:
    mask = pattern((301, 203), texture, scale=46)
    assert mask.size == (301, 203)
    if texture == "plain":
        assert mask.getbbox() is None
    else:
        for corner in ((0, 0, 92, 92), (209, 111, 301, 203)):
            assert shades(mask.crop(corner))[1] > 200


def test_a_picture_goes_out_as_a_jpeg() -> None:
    picture = Image.open(io.BytesIO(jpeg(Image.new("RGB", (20, 10), "#8A5A44"))))
    assert (picture.format, picture.size) == ("JPEG", (20, 10))
