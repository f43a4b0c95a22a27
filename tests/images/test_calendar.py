from dataclasses import replace

import pytest
from PIL import ImageChops

from images.calendar import CalendarDay, CalendarPicture, calendar_size, draw_calendar
from images.look import Look
from tests.images.pictures import HARD, LOOKS, opened

WEEK = tuple(CalendarDay(str(n)) for n in range(1, 8))
MONTH = CalendarPicture(
    "2026年11月", "6", "回のご来店", tuple("日月火水木金土"), (WEEK,) * 5,
    (0.3, 0.1, 1.0, 0.4, 0.2, 0.6, 0.8), "火曜日によくお越しいただいています",
)  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("weeks", [4, 5, 6])
def test_a_month_is_as_large_as_was_said_and_line_allows(weeks: int, look: Look) -> None:
    for rhythm in (True, False):
        month = replace(MONTH, weeks=(WEEK,) * weeks, rhythm_note="x" if rhythm else "")
        size = calendar_size(weeks, rhythm=rhythm)
        assert opened(draw_calendar(month, look)).size == size
        assert max(size) <= 1_024


def day_changed(day: CalendarDay) -> tuple[int, int, int, int] | None:
    other = replace(MONTH, weeks=(WEEK, (*WEEK[:3], day, *WEEK[4:]), *(WEEK,) * 3))
    before, after = (opened(draw_calendar(month, LOOKS[0])) for month in (MONTH, other))
    changed = ImageChops.difference(before, after).convert("L")
    return changed.point(lambda v: 255 if v > 40 else 0).getbbox()


@pytest.mark.parametrize(
    "day",
    [
        CalendarDay("4", 1),
        CalendarDay("4", 2),
        CalendarDay("4", 1, "today"),
        CalendarDay("4", 0, "today"),
        CalendarDay("4", 0, "closed"),
        CalendarDay("4", 0, "future"),
        CalendarDay("4", 0, "future", extra=True),
        CalendarDay(""),
    ],
)
def test_a_day_is_marked_in_its_own_place(day: CalendarDay) -> None:
    left, top, right, bottom = day_changed(day) or (0, 0, 0, 0)
    assert 440 < left < right < 590
    assert 310 < top < bottom < 420


@pytest.mark.parametrize("text", HARD)
def test_any_words_stay_on_the_sheet(text: str) -> None:
    month = replace(MONTH, title=text, figure_caption=text, rhythm_note=text or "x", extras=text)
    size = calendar_size(5, rhythm=True)
    assert opened(draw_calendar(month, LOOKS[1])).size == size
