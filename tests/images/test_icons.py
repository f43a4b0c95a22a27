from typing import get_args

import pytest

from images.icons import Icon, icon
from tests.images.pictures import shades


@pytest.mark.parametrize("name", get_args(Icon))
def test_an_icon_is_smooth_and_fills_its_place_without_touching_the_edge(name: Icon) -> None:
    mask = icon(name, 96)
    assert mask.size == (96, 96)
    assert shades(mask) == (0, 255)
    assert len(set(mask.tobytes())) > 8
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    assert max(right - left, bottom - top) > 60
    assert min(left, top, 96 - right, 96 - bottom) >= 0


def test_no_icon_looks_like_another() -> None:
    assert len({icon(name, 96).tobytes() for name in get_args(Icon)}) == len(get_args(Icon))
