"""How pictures are painted: smooth shapes, gradients, patterns, shadows, and out as JPEG or PNG.

Pillow's own shapes have rough edges, so masks are drawn larger and made smaller, once each.
"""

import io
from collections.abc import Callable
from functools import lru_cache
from math import cos, exp, pi, radians, sin

from PIL import Image, ImageDraw, ImageFilter

from .theme import Texture

Size = tuple[int, int]
Point = tuple[int, int]

_OVERSIZE = 4
#: Gradients are worked out on so many points a side and stretched.
_GRID = 96


@lru_cache(maxsize=24)
def rounded(width: int, height: int, radius: int) -> Image.Image:
    """The mask of a rectangle with round corners, in pixels."""
    corner = Image.new("L", (radius * _OVERSIZE,) * 2, 0)
    ImageDraw.Draw(corner).ellipse((0, 0, 2 * radius * _OVERSIZE, 2 * radius * _OVERSIZE), fill=255)
    corner = corner.resize((radius, radius), Image.Resampling.LANCZOS)
    mask = Image.new("L", (width, height), 255)
    turned = Image.Transpose
    mask.paste(corner, (0, 0))
    mask.paste(corner.transpose(turned.FLIP_LEFT_RIGHT), (width - radius, 0))
    mask.paste(corner.transpose(turned.FLIP_TOP_BOTTOM), (0, height - radius))
    mask.paste(corner.transpose(turned.ROTATE_180), (width - radius, height - radius))
    return mask


@lru_cache(maxsize=48)
def disc(side: int) -> Image.Image:
    """The mask of a circle, `side` pixels across."""
    return smooth((side, side), lambda pen, k: pen.ellipse((0, 0, side * k - 1, side * k - 1), 255))


def smooth(size: Size, drawn: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
    """A mask of what `drawn` draws, given a pen and how many times larger it draws."""
    width, height = size
    large = Image.new("L", (width * _OVERSIZE, height * _OVERSIZE), 0)
    drawn(ImageDraw.Draw(large), _OVERSIZE)
    return large.resize(size, Image.Resampling.LANCZOS)


def fill(picture: Image.Image, mask: Image.Image, at: Point, colour: str) -> None:
    """Lays `colour` on the picture wherever the mask is."""
    picture.paste(colour, (*at, at[0] + mask.width, at[1] + mask.height), mask)


def faint(mask: Image.Image, share: float) -> Image.Image:
    """The mask with only `share` (0..1) of its strength."""
    return mask.point(_shares(share))


@lru_cache(maxsize=32)
def _shares(share: float) -> list[int]:
    return [round(value * share) for value in range(256)]


def gradient(size: Size, start: str, end: str, *, angle: float = 35) -> Image.Image:
    """From `start` (top left) to `end` (bottom right), turned by `angle` degrees from level."""
    ramp = stretched(_ramp(angle), size)
    return Image.composite(Image.new("RGB", size, end), Image.new("RGB", size, start), ramp)


@lru_cache(maxsize=16)
def _ramp(angle: float) -> Image.Image:
    across, down = cos(radians(angle)), sin(radians(angle))
    return field(lambda x, y: (x * across + y * down) / (across + down))


def field(strength: Callable[[float, float], float]) -> Image.Image:
    """A small mask to be stretched: `strength` (0..1) at each place, given as shares of width and
    height (0..1). It takes so long that whoever needs one again keeps it."""
    values = [
        round(255 * min(1.0, max(0.0, strength(x / (_GRID - 1), y / (_GRID - 1)))))
        for y in range(_GRID)
        for x in range(_GRID)
    ]
    return Image.frombytes("L", (_GRID, _GRID), bytes(values))


def stretched(small: Image.Image, size: Size) -> Image.Image:
    """A field as a soft mask of that size."""
    return small.resize(size, Image.Resampling.BICUBIC)


def band(size: Size, *, middle: float, width: float, strength: float) -> Image.Image:
    """A soft stripe of light that crosses the picture at `middle` (0..1), leaning to the right."""
    return stretched(_stripe(middle, width, strength), size)


@lru_cache(maxsize=16)
def _stripe(middle: float, width: float, strength: float) -> Image.Image:
    return field(lambda x, y: strength * exp(-(((x + y * 0.45 - middle) / width) ** 2)))


def shadow(picture: Image.Image, mask: Image.Image, at: Point, *, blur: int, share: float) -> None:
    """A soft shadow of the mask, to be painted over."""
    margin = blur * 3
    soft = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin), 0)
    soft.paste(mask, (margin, margin))
    soft = faint(soft.filter(ImageFilter.GaussianBlur(blur)), share)
    fill(picture, soft, (at[0] - margin, at[1] - margin), "#000000")


def pattern(size: Size, texture: Texture, *, scale: int) -> Image.Image:
    """The mask of a traditional pattern over the whole of `size`; `scale` is its unit in pixels."""
    mask = Image.new("L", size, 0)
    if texture == "plain":
        return mask
    tile = _tile(texture, scale)
    row = Image.new("L", (size[0], tile.height))
    for left in range(0, size[0], tile.width):
        row.paste(tile, (left, 0))
    for top in range(0, size[1], tile.height):
        mask.paste(row, (0, top))
    return mask


def _tile(texture: Texture, scale: int) -> Image.Image:
    match texture:
        case "waves":
            return smooth((scale * 2, scale), lambda pen, k: _waves(pen, scale * k))
        case "hemp":
            size = (scale * 2, round(scale * 2 * 3**0.5))
            return smooth(size, lambda pen, k: _hemp(pen, size[0] * k, size[1] * k, k))
        case "stripes":
            return smooth((scale, scale), lambda pen, k: _stripes(pen, scale * k))
        case _:
            return smooth((scale, scale), lambda pen, k: _dots(pen, scale * k))


def _waves(pen: ImageDraw.ImageDraw, unit: int) -> None:
    """青海波: rows of half circles, each row half a step aside and over the one above."""
    line = max(2, unit // 18)
    for row in range(-1, 4):
        for place in range(-1, 3):
            x, y = place * 2 * unit + (row % 2) * unit, row * unit // 2 + unit // 2
            for ring in range(4):
                radius = unit - ring * unit // 4
                box = (x - radius, y - radius, x + radius, y + radius)
                pen.ellipse(box, fill=0, outline=255, width=line)


def _hemp(pen: ImageDraw.ImageDraw, width: int, height: int, k: int) -> None:
    """麻の葉: hexagons on their tips, each a star of triangles that are parted in three."""
    stroke, reach = max(2, round(1.4 * k)), width / 3**0.5
    for x, y in ((0, 0), (width, 0), (width / 2, height / 2), (0, height), (width, height)):
        for turn in range(6):
            tips = [_round(x, y, reach, (turn + side) * pi / 3 + pi / 6) for side in (0, 1)]
            middle = _round(x, y, reach / 3**0.5, (turn + 1) * pi / 3)
            pen.line([*tips, (x, y), tips[0], middle, tips[1]], fill=255, width=stroke)
            pen.line([middle, (x, y)], fill=255, width=stroke)


def _round(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    return x + radius * cos(angle), y + radius * sin(angle)


def _stripes(pen: ImageDraw.ImageDraw, unit: int) -> None:
    for shift in (-unit, 0, unit):
        line = [(shift - unit, 2 * unit), (shift + 2 * unit, -unit)]
        pen.line(line, fill=255, width=unit // 5)


def _dots(pen: ImageDraw.ImageDraw, unit: int) -> None:
    for x, y in ((unit / 4, unit / 4), (unit * 3 / 4, unit * 3 / 4)):
        pen.ellipse((x - unit / 11, y - unit / 11, x + unit / 11, y + unit / 11), fill=255)


def jpeg(picture: Image.Image, *, quality: int = 88) -> bytes:
    """The picture as a JPEG, its colours as sharp as its shapes where that costs little."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
