"""Rich menus as LINE wants them."""

import pytest

from bot.line.messages import (
    RichMenuArea,
    rich_menu,
)
from tests.bot.line.strict import assert_line_accepts_menu
from tests.bot.line.test_messages import FAMILY, SEE


def area(**changed: int) -> RichMenuArea:
    return RichMenuArea(**({"x": 0, "y": 0, "width": 1_250, "height": 843} | changed), action=SEE)


def test_a_rich_menu_is_as_line_wants_it() -> None:
    menu = rich_menu(
        size=(2_500, 1_686),
        areas=[area(), area(x=1_250), area(y=843), area(x=1_250, y=843)],
        name="default-1",
        chat_bar_text=FAMILY * 20,
    )
    assert_line_accepts_menu(menu)
    assert menu["selected"] is True
    assert menu["areas"][1]["bounds"] == {"x": 1_250, "y": 0, "width": 1_250, "height": 843}
    assert menu["areas"][0]["action"]["data"] == "points"


@pytest.mark.parametrize("size", [(799, 300), (2_501, 1_000), (1_200, 249), (1_000, 700)])
def test_a_rich_menu_of_another_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a rich menu"):
        rich_menu(size=size, areas=[], name="a", chat_bar_text="b")


@pytest.mark.parametrize("wrong", [{"x": -1}, {"y": 844}, {"width": 0}, {"width": 2_501}])
def test_an_area_outside_the_picture_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        rich_menu(size=(2_500, 1_686), areas=[area(**wrong)], name="a", chat_bar_text="b")


def test_a_rich_menu_has_at_most_twenty_areas() -> None:
    with pytest.raises(ValueError, match="at most 20"):
        rich_menu(size=(2_500, 1_686), areas=[area()] * 21, name="a", chat_bar_text="b")
