"""The sign of the counter's app."""

import io

import pytest
from PIL import Image

from images.app_icon import draw_app_icon


@pytest.mark.parametrize("size", [180, 512])
def test_the_icon_is_a_square_in_the_shops_colour_with_its_sign_in_the_safe_middle(
    size: int,
) -> None:
    picture = Image.open(io.BytesIO(draw_app_icon("#8A5A44", size))).convert("L")

    assert picture.size == (size, size)
    signs = picture.point(lambda light: 255 if light > 200 else 0).getbbox()
    assert signs is not None
    left, top, right, bottom = signs
    assert min(left, top) >= size * 0.2
    assert max(right, bottom) <= size * 0.8


def test_a_bright_shop_gets_a_dark_sign() -> None:
    picture = Image.open(io.BytesIO(draw_app_icon("#FFE680", 192))).convert("L")

    assert min(picture.tobytes()) < 80
