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
from .theme import INK, WHITE, Metal, Texture, contrast, mix

#: What warms the shop's own tint to paper.
_CREAM = "#FFFBF3"
_RAYS = 20
#: A logo with less contrast than this to its ground gets a plate, with so wide a rim.
_SEEN, _RIM = 1.7, 14


def metal_ground(size: Size, ground: Metal, texture: Texture) -> Image.Image:
    """A sheet of the rank's metal with the shop's pattern in it, a little light across."""
    picture = gradient(size, ground.start, ground.end)
    light = band(size, middle=0.42, width=0.16, strength=0.42)
    fill(picture, light, (0, 0), ground.shine)
    fill(picture, band(size, middle=1.2, width=0.1, strength=0.3), (0, 0), ground.shine)
    weave = pattern(size, texture, scale=46)
    fading = stretched(_to_a_corner(), size)
    picture.paste(ground.ink, (0, 0), Image.composite(fading, Image.new("L", size, 0), weave))
    return picture


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
