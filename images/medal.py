"""A badge as a thing: an enamelled medal with a golden rim, or the place where one will be."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import Literal

from PIL import Image, ImageDraw, ImageOps

from .fonts import drawable, font
from .icons import icon
from .look import Art, scaled
from .paint import disc, faint, gradient, shadow, smooth
from .theme import GOLD, WHITE, enamels, mix

State = Literal["locked", "earned", "new"]

_SCALLOPS = 18


@dataclass(frozen=True, slots=True)
class Medal:
    """A badge as it is drawn."""

    #: An emoji.
    icon: str
    #: Chooses the enamel.
    tone: int
    state: State
    #: How much of the way to it has been gone (0..1), shown while it is locked.
    fraction: float = 0.0
    #: The shop's own picture instead of the icon.
    art: Art | None = None


@lru_cache(maxsize=64)
def medal(what: Medal, side: int, ground: str, accent: str) -> Image.Image:
    """The medal on a transparent square of `side` pixels; a locked one is faint on its `ground`."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    if what.state == "locked":
        _locked(picture, what, side, ground, accent)
    else:
        _struck(picture, what, side, accent)
    return picture


def enamel(tone: int, accent: str) -> str:
    """The colour of a badge in a shop of that accent."""
    colours = enamels(accent)
    return colours[tone % len(colours)]


def _struck(picture: Image.Image, what: Medal, side: int, accent: str) -> None:
    colour = enamel(what.tone, accent)
    margin = side // 14
    rim = _scalloped(side - 2 * margin)
    shadow(picture, rim, (margin, margin + side // 40), blur=side // 45, share=0.34)
    _lay(picture, gradient(rim.size, *GOLD, angle=55), rim, (margin, margin))
    _ring(picture, side, 0.385, mix(GOLD[1], "#5A3A00", share=0.35))
    face = gradient((side, side), mix(colour, WHITE, share=0.16), mix(colour, "#000000", share=0.2))
    face_mask = _disc_at(side, 0.37)
    _lay(picture, face, face_mask, (0, 0))
    _ring_line(picture, side, 0.335, mix(colour, WHITE, share=0.45))
    if what.art is not None:
        _put_art(picture, what.art, side, grey=False)
    else:
        _put_sign(picture, what.icon, side, "#FFF8E6", sunk=mix(colour, "#000000", share=0.45))
    gloss = _disc_at(side, 0.325)
    gloss.paste(0, (0, 0), _disc_at(side, 0.45, y=0.78))
    _tint(picture, faint(gloss, 0.12), WHITE)


def _locked(picture: Image.Image, what: Medal, side: int, ground: str, accent: str) -> None:
    hollow = mix(ground, "#8A857C", share=0.12)
    _ring(picture, side, 0.41, mix(ground, "#8A857C", share=0.26))
    _ring(picture, side, 0.375, ground)
    _tint(picture, _disc_at(side, 0.35), hollow)
    if what.fraction > 0:
        arc = smooth(
            (side, side),
            lambda pen, k: pen.arc(
                (side * 0.09 * k, side * 0.09 * k, side * 0.91 * k, side * 0.91 * k),
                -90,
                -90 + 360 * min(1.0, what.fraction),
                fill=255,
                width=round(side * 0.035 * k),
            ),
        )
        _tint(picture, arc, accent)
    if what.art is not None:
        _put_art(picture, what.art, side, grey=True)
    else:
        _put_sign(picture, what.icon, side, mix(hollow, "#6F6A62", share=0.42), sunk=None)


@lru_cache(maxsize=12)
def _scalloped(side: int) -> Image.Image:
    """A round mask with a soft wave along its edge."""
    points = []
    for step in range(360):
        angle = 2 * pi * step / 360
        reach = 0.472 + 0.02 * cos(_SCALLOPS * angle)
        points.append((0.5 + reach * cos(angle), 0.5 + reach * sin(angle)))
    return smooth(
        (side, side),
        lambda pen, k: pen.polygon([(x * side * k, y * side * k) for x, y in points], 255),
    )


def _disc_at(side: int, radius: float, y: float = 0.5) -> Image.Image:
    mask = Image.new("L", (side, side), 0)
    across = round(side * radius * 2)
    mask.paste(disc(across), ((side - across) // 2, round(side * y - across / 2)))
    return mask


def _ring(picture: Image.Image, side: int, radius: float, colour: str) -> None:
    _tint(picture, _disc_at(side, radius), colour)


def _ring_line(picture: Image.Image, side: int, radius: float, colour: str) -> None:
    line = _disc_at(side, radius)
    line.paste(0, (0, 0), _disc_at(side, radius - max(1.5 / side, 0.006)))
    _tint(picture, line, colour)


def _put_sign(picture: Image.Image, sign: str, side: int, colour: str, *, sunk: str | None) -> None:
    mask = _sign(sign, round(side * 0.44))
    at = ((side - mask.width) // 2, (side - mask.height) // 2)
    if sunk is not None:
        drop = max(1, side // 130)
        _tint(picture, mask, sunk, (at[0] + drop, at[1] + drop * 2))
    _tint(picture, mask, colour, at)


@lru_cache(maxsize=64)
def _sign(sign: str, room: int) -> Image.Image:
    """The mask of an emoji, or of a star where there is none, cropped to what is drawn."""
    shown = drawable(sign)[:1]
    if not shown:
        return icon("star", room)
    face = font("emoji", room)
    missing = face.getmask("\U0010ffff")
    drawn = face.getmask(shown)
    if bytes(drawn) == bytes(missing):
        face = font("bold", room)
    left, top, right, bottom = face.getbbox(shown)
    mask = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))), 0)
    ImageDraw.Draw(mask).text((-left, -top), shown, font=face, fill=255)
    share = min(room / mask.width, room / mask.height, 1.15)
    return mask.resize(
        (max(1, round(mask.width * share)), max(1, round(mask.height * share))),
        Image.Resampling.LANCZOS,
    )


def _put_art(picture: Image.Image, art: Art, side: int, *, grey: bool) -> None:
    """The shop's own picture within the face of the medal."""
    room = round(side * 0.5)
    own = scaled(art, room, room)
    if grey:
        alpha = faint(own.getchannel("A"), 0.4)
        own = ImageOps.grayscale(own.convert("RGB")).convert("RGBA")
        own.putalpha(alpha)
    picture.alpha_composite(own, ((side - own.width) // 2, (side - own.height) // 2))


def _tint(
    picture: Image.Image, mask: Image.Image, colour: str, at: tuple[int, int] = (0, 0)
) -> None:
    layer = Image.new("RGBA", picture.size, colour)
    whole = Image.new("L", picture.size, 0)
    whole.paste(mask, at)
    layer.putalpha(whole)
    picture.alpha_composite(layer)


def _lay(
    picture: Image.Image, coloured: Image.Image, mask: Image.Image, at: tuple[int, int]
) -> None:
    layer = coloured.convert("RGBA")
    layer.putalpha(mask)
    picture.alpha_composite(layer, at)
