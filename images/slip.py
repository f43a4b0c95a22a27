"""A slip of 80 mm, as receipt printers have it: what it is worth, and the code that claims it."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import TextLine, draw_line, draw_lines, fitted, wrapped
from .qr import link_qr
from .theme import INK, WHITE

DPI = 300
#: 80 mm; as long as it takes.
WIDTH = 945
_EDGE = 60
_ROOM = WIDTH - 2 * _EDGE
_QR = 560


@dataclass(frozen=True, slots=True)
class SlipPicture:
    """A slip as finished strings."""

    shop: str
    title: str
    #: What it is worth, and until when.
    lines: tuple[str, ...]
    #: What to do.
    how: str
    #: Goes into the QR.
    link: str
    #: The code, to be typed.
    code: str


def slip_png(slip: SlipPicture) -> bytes:
    """A PNG, 945 pixels wide, in black and white."""
    out = io.BytesIO()
    _painted(slip).save(out, "PNG", compress_level=6, dpi=(DPI, DPI))
    return out.getvalue()


def slip_pdf(slip: SlipPicture) -> bytes:
    """The same as a PDF of one page, 80 mm wide."""
    out = io.BytesIO()
    _painted(slip).save(out, "PDF", resolution=DPI, quality=95, title=slip.title)
    return out.getvalue()


def _painted(slip: SlipPicture) -> Image.Image:
    title = wrapped(slip.title, "bold", width=_ROOM, size=60, size_min=40, lines_max=2)
    how = wrapped(slip.how, "regular", width=_ROOM, size=36, size_min=28, lines_max=4)
    lines = [fitted(line, "regular", width=_ROOM, size=42, size_min=26) for line in slip.lines]
    height = 240 + 76 * len(title) + 62 * len(lines) + _QR + 100 + 50 * len(how) + 60
    picture = Image.new("RGB", (WIDTH, height), WHITE)
    _write(picture, slip, title, lines, how)
    return picture


def _write(
    picture: Image.Image,
    slip: SlipPicture,
    title: tuple[TextLine, ...],
    lines: list[TextLine],
    how: tuple[TextLine, ...],
) -> None:
    draw, middle = ImageDraw.Draw(picture), WIDTH / 2
    shop = fitted(slip.shop, "bold", width=_ROOM, size=44, size_min=28)
    draw_line(draw, (middle, 90), shop, INK, align="m")
    draw_lines(draw, (middle, 190), title, INK, leading=1.25, align="m")
    y = 190 + 76 * len(title)
    for line in lines:
        draw_line(draw, (middle, y), line, INK, align="m")
        y += 62
    code = link_qr(slip.link, side=_QR)
    picture.paste(code, ((WIDTH - code.width) // 2, y - 20))
    y += _QR + 20
    typed = fitted(slip.code, "bold", width=_ROOM, size=56, size_min=20)
    draw_line(draw, (middle, y), typed, INK, align="m")
    draw_lines(draw, (middle, y + 76), how, INK, leading=1.38, align="m")
