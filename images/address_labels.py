"""Address labels on sheets of A4: 86.4 × 42.3 mm, two by six in the middle."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, draw_lines, fitted, wrapped
from .theme import BLACK, WHITE

DPI = 300
#: A4, and a label (エーワン 12面 and its like).
_SHEET = (2480, 3508)
_WIDTH, _HEIGHT = 1020, 500
COLUMNS, ROWS = 2, 6
LABELS_A_SHEET = COLUMNS * ROWS
#: 5 mm are left free at each side.
_PADDING = 60
#: From the last line of an address down to the name, which is nearer to it than to the next label.
_TO_NAME = 120


@dataclass(frozen=True, slots=True)
class AddressLabel:
    """What goes on an envelope, as finished strings."""

    postcode: str
    address: str
    name: str


def labels_pdf(labels: Sequence[AddressLabel], title: str) -> bytes:
    """Pages of A4 with twelve labels each; at least one label."""
    pages = [
        _sheet(labels[start : start + LABELS_A_SHEET])
        for start in range(0, len(labels), LABELS_A_SHEET)
    ]
    out = io.BytesIO()
    pages[0].save(
        out, "PDF", resolution=DPI, quality=90, title=title, save_all=True,
        append_images=pages[1:],
    )  # fmt: skip
    return out.getvalue()


def _sheet(labels: Sequence[AddressLabel]) -> Image.Image:
    picture = Image.new("L", _SHEET, WHITE)
    draw = ImageDraw.Draw(picture)
    left, top = (_SHEET[0] - COLUMNS * _WIDTH) // 2, (_SHEET[1] - ROWS * _HEIGHT) // 2
    for place, label in enumerate(labels):
        _put(draw, label, left + place % COLUMNS * _WIDTH, top + place // COLUMNS * _HEIGHT)
    return picture


def _put(draw: ImageDraw.ImageDraw, label: AddressLabel, left: int, top: int) -> None:
    room, x = _WIDTH - 2 * _PADDING, left + _PADDING
    postcode = fitted(label.postcode, "regular", width=room, size=46, size_min=30)
    draw_line(draw, (x, top + 88), postcode, BLACK)
    address = wrapped(label.address, "regular", width=room, size=44, size_min=22, lines_max=6)
    last = draw_lines(draw, (x, top + 152), address, BLACK, leading=1.22)
    name = fitted(label.name, "bold", width=room, size=58, size_min=32)
    draw_line(draw, (x, min(last + _TO_NAME, top + _HEIGHT - 54)), name, BLACK)
