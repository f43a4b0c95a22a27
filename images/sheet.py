"""A contact sheet: many pictures side by side, to be looked at."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted
from .paint import jpeg
from .theme import INK

_GAP, _LABEL = 16, 52
_GROUND = "#DAD7D2"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Pictures of one kind, in as many lines as it takes."""

    label: str
    #: JPEG or PNG.
    pictures: Sequence[bytes]
    #: Of each line, in pixels.
    height: int


def contact_sheet(rows: Sequence[SheetRow], *, width: int) -> bytes:
    """A JPEG `width` pixels wide and as high as it takes."""
    placed: list[tuple[Image.Image, int, int]] = []
    labels: list[tuple[str, int]] = []
    y = _GAP
    for row in rows:
        labels.append((row.label, y))
        y += _LABEL
        x = _GAP
        for data in row.pictures:
            picture = _opened(data, row.height)
            if x > _GAP and x + picture.width + _GAP > width:
                x, y = _GAP, y + row.height + _GAP
            placed.append((picture, x, y))
            x += picture.width + _GAP
        y += row.height + _GAP
    sheet = Image.new("RGB", (width, y), _GROUND)
    for picture, left, top in placed:
        sheet.paste(picture, (left, top))
    draw = ImageDraw.Draw(sheet)
    for label, top in labels:
        words = fitted(label, "bold", width=width - 2 * _GAP, size=28, size_min=16)
        draw_line(draw, (_GAP, top + 36), words, INK)
    return jpeg(sheet)


def _opened(data: bytes, height: int) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    size = (round(picture.width * height / picture.height), height)
    # A JPEG is unpacked no larger than is seen.
    picture.draft("RGB", size)
    return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
