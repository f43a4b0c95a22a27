"""What pictures are painted on: a rank's metal, the shop's paper, and light."""

from functools import cache, lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageStat

from .look import Look
from .paint import (
    Point,
    Size,
    band,
    faint,
    field,
    fill,
    gradient,
    pattern,
    rounded,
    smooth,
    stretched,
)
from .theme import INK, WHITE, Metal, Splendour, Texture, contrast, mix

#: What warms the shop's own tint to paper.
_CREAM = "#FFFBF3"
_RAYS = 20
#: A logo with less contrast than this to its ground gets a plate, with so wide a rim.
_SEEN, _RIM = 1.7, 14


#: Where light crosses a sheet of metal, how broad and how strong: plain metal is matt, fine metal
#: brushed, rich metal polished like a mirror.
_LIGHT: dict[Splendour, tuple[tuple[float, float, float], ...]] = {
    "plain": ((0.5, 0.4, 0.2),),
    "fine": ((0.42, 0.16, 0.5), (0.72, 0.04, 0.35), (1.2, 0.1, 0.4)),
    "rich": ((0.12, 0.05, 0.4), (0.4, 0.13, 0.8), (0.56, 0.03, 0.6), (0.98, 0.1, 0.55),
             (1.12, 0.02, 0.6), (1.36, 0.06, 0.4)),
}  # fmt: skip
#: How far the lines of a frame lie from the edge, and how broad they are.
_FRAME: dict[Splendour, tuple[tuple[int, int], ...]] = {
    "plain": (),
    "fine": ((9, 2),),
    "rich": ((7, 4), (14, 2)),
}
#: How far from both edges a stone is set into a corner.
_CORNER = 15


def metal_ground(
    size: Size, ground: Metal, texture: Texture, worth: Splendour = "fine"
) -> Image.Image:
    """A sheet of the rank's metal with the shop's pattern in it, with light and a frame as its rank
    is worth."""
    picture = gradient(size, ground.start, ground.end)
    for middle, width, strength in _LIGHT[worth]:
        light = band(size, middle=middle, width=width, strength=strength)
        fill(picture, light, (0, 0), ground.shine)
    weave = pattern(size, texture, scale=46)
    fading = stretched(_to_a_corner(), size)
    picture.paste(ground.ink, (0, 0), Image.composite(fading, Image.new("L", size, 0), weave))
    for inset, line in _FRAME[worth]:
        _frame(picture, inset, line, ground)
    if worth == "rich":
        _corners(picture, ground)
    return picture


def _frame(picture: Image.Image, inset: int, line: int, ground: Metal) -> None:
    """A line around the sheet, bright above and deep below, as if it were raised."""
    width, height = picture.width - 2 * inset, picture.height - 2 * inset
    edge = rounded(width, height, 26).copy()
    edge.paste(0, (line, line), rounded(width - 2 * line, height - 2 * line, 26 - line))
    raised = gradient((width, height), mix(ground.shine, WHITE, share=0.5), ground.deep, angle=60)
    picture.paste(raised, (inset, inset), faint(edge, 0.7))


def _corners(picture: Image.Image, ground: Metal) -> None:
    """A small lozenge set into each corner of the frame."""
    for x in (_CORNER, picture.width - 1 - _CORNER):
        for y in (_CORNER, picture.height - 1 - _CORNER):
            for side, colour in ((26, ground.deep), (16, mix(ground.shine, WHITE, share=0.6))):
                fill(picture, _lozenge(side), (x - side // 2, y - side // 2), colour)


@cache
def _lozenge(side: int) -> Image.Image:
    tips = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))
    return smooth(
        (side, side),
        lambda pen, k: pen.polygon([(x * side * k, y * side * k) for x, y in tips], fill=255),
    )


@cache
def _to_a_corner() -> Image.Image:
    """Strongest at the foot, on the left."""
    return field(lambda x, y: 0.05 + 0.15 * (1 - x) * y)


def put_logo(picture: Image.Image, logo: Image.Image, at: Point, ground: str) -> None:
    """Lays a logo on the picture; where it would hardly be seen on `ground`, on a plate."""
    tone = ImageStat.Stat(logo.convert("RGB"), logo.getchannel("A")).mean
    colour = "#" + "".join(f"{round(channel):02X}" for channel in tone)
    if contrast(colour, ground) < _SEEN:
        plate = rounded(logo.width + 2 * _RIM, logo.height + 2 * _RIM, _RIM)
        back = WHITE if contrast(colour, WHITE) >= contrast(colour, INK) else INK
        fill(picture, plate, (at[0] - _RIM, at[1] - _RIM), back)
    picture.paste(logo, at, logo)


def paper(size: Size, look: Look) -> Image.Image:
    """The shop's own paper, its pattern barely there."""
    tint = mix(look.colours.ground, _CREAM, share=0.4)
    picture = gradient(size, mix(tint, WHITE, share=0.5), tint, angle=70)
    picture.paste(look.colours.accent, (0, 0), faint(pattern(size, look.texture, scale=46), 0.045))
    return picture


def shine(picture: Image.Image, middle: Point, colour: str, *, strength: float) -> None:
    """Rays and a glow from `middle`, which fade towards the edges."""
    rays, glow = _light(picture.size, middle, strength)
    picture.paste(colour, (0, 0), rays)
    picture.paste(colour, (0, 0), glow)


@lru_cache(maxsize=2)
def _light(size: Size, middle: Point, strength: float) -> tuple[Image.Image, Image.Image]:
    """The masks of the rays and of the glow."""
    width, height = size
    x, y = middle[0] / width, middle[1] / height

    def away(u: float, v: float) -> float:
        return float((((u - x) * width / height) ** 2 + (v - y) ** 2) ** 0.5)

    fading = field(lambda u, v: strength * max(0.0, 1 - away(u, v) * 1.15))
    glow = field(lambda u, v: 2.4 * strength * max(0.0, 1 - away(u, v) / 0.52) ** 1.5)
    rays = smooth(size, lambda pen, k: _rays(pen, k, middle, width + height))
    faded = Image.composite(stretched(fading, size), Image.new("L", size, 0), rays)
    return faded, stretched(glow, size)


def _rays(pen: ImageDraw.ImageDraw, k: int, middle: Point, reach: int) -> None:
    x, y = middle
    for ray in range(_RAYS):
        angle = 2 * pi * ray / _RAYS
        tips = [
            ((x + reach * cos(angle + side)) * k, (y + reach * sin(angle + side)) * k)
            for side in (-0.07, 0.07)
        ]
        pen.polygon([(x * k, y * k), *tips], fill=255)


def sparkle(size: int) -> Image.Image:
    """The mask of a star of four long points, `size` pixels across."""
    points = [
        (0.5 + reach * sin(turn * pi / 4), 0.5 - reach * cos(turn * pi / 4))
        for turn in range(8)
        for reach in (0.5 if turn % 2 == 0 else 0.12,)
    ]
    return smooth(
        (size, size),
        lambda pen, k: pen.polygon([(x * size * k, y * size * k) for x, y in points], 255),
    )
