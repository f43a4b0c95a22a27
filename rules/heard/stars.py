"""The stars of a review."""

from typing import Final

STARS: Final = (1, 2, 3, 4, 5)
#: A review with no more of them opens a case.
LOW_STARS_MAX: Final = 2


def stars_line(stars: int) -> str:
    """「★★★★☆」."""
    return "★" * stars + "☆" * (STARS[-1] - stars)
