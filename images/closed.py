"""What an address shows whose card has been issued anew, moved or put together with another."""

from dataclasses import dataclass

from PIL import ImageDraw

from .fonts import draw_line, draw_lines, fitted, wrapped
from .grounds import metal_ground
from .icons import icon
from .look import Look
from .paint import faint, fill, jpeg
from .theme import metal

WIDTH, HEIGHT = 1024, 682
_MIDDLE, _ROOM, _SIGN = WIDTH // 2, 860, 132
#: Nobody's rank: a card that counts no more has lost its colours.
_GREY = metal("#C9C7C3", "#A9A7A3")


@dataclass(frozen=True, slots=True)
class ClosedPicture:
    """The words on it."""

    shop: str
    #: What it is: "このカードは使えなくなりました".
    headline: str
    #: What to do.
    advice: str


def draw_closed(closed: ClosedPicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels that nobody can take for a card: grey, and without a QR."""
    picture = metal_ground((WIDTH, HEIGHT), _GREY, look.texture)
    draw = ImageDraw.Draw(picture)
    at = (_MIDDLE - _SIGN // 2, 96)
    fill(picture, faint(icon("card", _SIGN), 0.45), at, _GREY.ink)
    headline = wrapped(closed.headline, "bold", width=_ROOM, size=54, size_min=36, lines_max=2)
    draw_lines(draw, (_MIDDLE, 348), headline, _GREY.ink, align="m", leading=1.3)
    advice = wrapped(closed.advice, "regular", width=_ROOM, size=36, size_min=26, lines_max=2)
    draw_lines(draw, (_MIDDLE, 494), advice, _GREY.ink, align="m", leading=1.4)
    shop = fitted(closed.shop, "regular", width=_ROOM, size=30, size_min=20)
    draw_line(draw, (_MIDDLE, HEIGHT - 44), shop, _GREY.ink_soft, align="m")
    return jpeg(picture)
