"""The counter's poster, A4: add the shop on LINE, and what one gets for it."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, draw_lines, fitted, wrapped
from .grounds import metal_ground, paper, put_logo
from .icons import Icon, icon
from .look import Look, scaled
from .paint import disc, fill, jpeg, rounded, shadow
from .qr import link_qr
from .theme import WHITE, metal, mix

#: A4 at 300 dots per inch.
WIDTH, HEIGHT = 2480, 3508
DPI = 300
_EDGE = 190
_HEAD = 1_120
_QR = 1_240
GIFTS_MAX = 3


@dataclass(frozen=True, slots=True)
class Gift:
    """One thing that members get."""

    icon: Icon
    title: str
    #: Small below it; may be empty.
    note: str


@dataclass(frozen=True, slots=True)
class PosterPicture:
    """A poster as finished strings."""

    shop: str
    #: The promise.
    headline: str
    #: What to do.
    invitation: str
    #: Goes into the QR.
    link: str
    #: Three are shown.
    gifts: tuple[Gift, ...]
    #: How it is done, in order.
    steps: tuple[str, ...]
    #: Who says all this.
    foot: str


def draw_poster(poster: PosterPicture, look: Look) -> bytes:
    """A PNG of 2,480 × 3,508 pixels, A4 at 300 dpi."""
    out = io.BytesIO()
    painted(poster, look).save(out, "PNG", compress_level=6, dpi=(DPI, DPI))
    return out.getvalue()


def poster_pdf(poster: PosterPicture, look: Look) -> bytes:
    """The same as a PDF of one A4 page."""
    out = io.BytesIO()
    painted(poster, look).save(out, "PDF", resolution=DPI, quality=92, title=poster.headline)
    return out.getvalue()


def poster_preview(poster: PosterPicture, look: Look) -> bytes:
    """The same small, for a screen: a JPEG a quarter as wide."""
    size = (WIDTH // 4, HEIGHT // 4)
    return jpeg(painted(poster, look).resize(size, reducing_gap=2.0), quality=80)


def painted(poster: PosterPicture, look: Look) -> Image.Image:
    """The poster itself, as large."""
    picture = paper((WIDTH, HEIGHT), look)
    draw = ImageDraw.Draw(picture)
    _head(picture, draw, poster, look)
    foot = _invite(picture, draw, poster, look)
    _gifts(picture, draw, poster, look, top=foot + 96)
    _close(draw, poster, look)
    return picture


def _head(
    picture: Image.Image, draw: ImageDraw.ImageDraw, poster: PosterPicture, look: Look
) -> None:
    """The shop and its promise, on its own colour."""
    colours = look.colours
    ground = metal(colours.back, colours.back_end)
    picture.paste(metal_ground((WIDTH, _HEAD), ground, look.texture), (0, 0))
    middle = WIDTH / 2
    if look.logo is not None:
        logo = scaled(look.logo, 1_200, 220)
        at = (WIDTH - logo.width) // 2, 130 + (220 - logo.height) // 2
        put_logo(picture, logo, at, ground.start)
    else:
        shop = fitted(poster.shop, "bold", width=WIDTH - 2 * _EDGE, size=112, size_min=60)
        draw_line(draw, (middle, 290), shop, ground.ink, align="m")
    headline = wrapped(
        poster.headline, "bold", width=WIDTH - 2 * _EDGE, size=176, size_min=96, lines_max=2
    )
    top = 560 if len(headline) == 1 else 500
    draw_lines(draw, (middle, top), headline, ground.ink, leading=1.22, align="m")


def _invite(
    picture: Image.Image, draw: ImageDraw.ImageDraw, poster: PosterPicture, look: Look
) -> int:
    """The QR on a white card that lies half over the head; gives where the card ends."""
    colours = look.colours
    width, height, top = 1_600, 1_560, 760
    left = (WIDTH - width) // 2
    card = rounded(width, height, 80)
    shadow(picture, card, (left, top + 24), blur=40, share=0.22)
    fill(picture, card, (left, top), WHITE)
    code = link_qr(poster.link, side=_QR)
    code_top = top + 50 + (_QR - code.height) // 2
    picture.paste(code, ((WIDTH - code.width) // 2, code_top))
    invitation = wrapped(
        poster.invitation, "bold", width=width - 160, size=96, size_min=52, lines_max=2
    )
    y = top + 50 + _QR + (124 if len(invitation) == 1 else 80)
    draw_lines(draw, (WIDTH / 2, y), invitation, colours.ink, leading=1.25, align="m")
    if look.mascot is not None:
        own = scaled(look.mascot, 420, 520)
        picture.paste(own, (left + width - 130, top + height - own.height + 40), own)
    return top + height


def _gifts(
    picture: Image.Image,
    draw: ImageDraw.ImageDraw,
    poster: PosterPicture,
    look: Look,
    *,
    top: int,
) -> None:
    """What one gets: a sign, a title and a note each, side by side."""
    colours = look.colours
    gifts = poster.gifts[:GIFTS_MAX]
    if not gifts:
        return
    width = (WIDTH - 2 * _EDGE) // len(gifts)
    for place, gift in enumerate(gifts):
        middle = _EDGE + place * width + width // 2
        fill(picture, disc(280), (middle - 140, top), colours.soft)
        fill(picture, icon(gift.icon, 160), (middle - 80, top + 60), colours.accent)
        title = wrapped(gift.title, "bold", width=width - 60, size=68, size_min=44, lines_max=2)
        last = draw_lines(draw, (middle, top + 380), title, colours.ink, leading=1.2, align="m")
        note = wrapped(gift.note, "regular", width=width - 80, size=48, size_min=34, lines_max=2)
        draw_lines(draw, (middle, last + 74), note, colours.muted, leading=1.3, align="m")


def _close(draw: ImageDraw.ImageDraw, poster: PosterPicture, look: Look) -> None:
    """How it is done, in numbered steps on a tinted strip, and who says so."""
    colours = look.colours
    top, height = HEIGHT - 430, 200
    draw.rounded_rectangle(
        (_EDGE, top, WIDTH - _EDGE, top + height), 60, fill=mix(colours.soft, WHITE, share=0.2)
    )
    count = max(1, len(poster.steps))
    width = (WIDTH - 2 * _EDGE) // count
    for place, step in enumerate(poster.steps):
        left = _EDGE + place * width + 46
        draw.ellipse((left, top + 52, left + 96, top + 148), fill=colours.accent)
        number = fitted(str(place + 1), "bold", width=90, size=56, size_min=56)
        draw_line(draw, (left + 48, top + 120), number, WHITE, align="m")
        words = wrapped(step, "bold", width=width - 210, size=50, size_min=34, lines_max=2)
        y = top + 118 - (len(words) - 1) * 33
        draw_lines(draw, (left + 124, y), words, colours.ink, leading=1.3)
    foot = fitted(poster.foot, "regular", width=WIDTH - 2 * _EDGE, size=42, size_min=28)
    draw_line(draw, (WIDTH / 2, HEIGHT - 110), foot, colours.muted, align="m")
