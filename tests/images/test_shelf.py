import pytest

from images.medal import Medal
from images.shelf import BADGES_MAX, ShelfBadge, ShelfPicture, draw_shelf, shelf_size
from tests.images.pictures import LOOKS, opened

MEDAL = Medal("☕", 0, "earned")


@pytest.mark.parametrize("count", [0, 1, 4, 5, 12, 40])
def test_a_shelf_is_never_larger_than_line_allows(count: int) -> None:
    badges = (ShelfBadge(MEDAL, "はじめの一杯とその次の一杯とさらに次の一杯", "11月3日"),) * count
    size = shelf_size(count)
    assert opened(draw_shelf(ShelfPicture("バッジ", "1 / 12", badges), LOOKS[0])).size == size
    assert max(size) <= 1_024
    assert BADGES_MAX == 12
