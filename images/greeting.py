"""The banner of a message that greets somebody: on their birthday, or after a long time away."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from PIL import Image, ImageDraw

from .fonts import Align, draw_line, fitted, whole_name
from .grounds import paper, put_logo, sparkle
from .look import Art, Look, scaled
from .paint import (
    Point,
    disc,
    faint,
    field,
    fill,
    gradient,
    jpeg,
    pattern,
    rounded,
    shadow,
    smooth,
    stretched,
)
from .theme import BLACK, WHITE, enamels, mix

Occasion = Literal["birthday", "comeback"]

WIDTH, HEIGHT = 1024, 682
_MIDDLE = WIDTH // 2
#: A cake and bunting stand on the left, a curtain hangs above: words have the rest.
_CAKE_AT, _CAKE_TEXT = (70, 196), (452, 530)
_NOREN_HEIGHT = 322


@dataclass(frozen=True, slots=True)
class GreetingPicture:
    """A greeting as finished strings."""

    occasion: Occasion
    headline: str
    #: May be empty.
    name: str
    shop: str


def draw_greeting(greeting: GreetingPicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels in the shop's own colours."""
    picture = paper((WIDTH, HEIGHT), look)
    match greeting.occasion:
        case "birthday":
            _birthday(picture, greeting, look)
        case "comeback":
            _comeback(picture, greeting, look)
    return jpeg(picture)


# ── A birthday: bunting above, a cake with candles ──


def _birthday(picture: Image.Image, greeting: GreetingPicture, look: Look) -> None:
    colours = enamels(look.colours.accent)
    _confetti(picture, colours)
    _bunting(picture, colours)
    _cake(picture, colours)
    draw = ImageDraw.Draw(picture)
    left, room = _CAKE_TEXT
    foot = draw_headline(draw, greeting.headline, (left, 330), room, look.colours.accent, "l")
    name = fitted(whole_name(greeting.name), "bold", width=room, size=44, size_min=28)
    draw_line(draw, (left, foot + 78), name, look.colours.ink)
    _sign(picture, draw, greeting, look)


def draw_headline(
    draw: ImageDraw.ImageDraw, said: str, at: Point, room: int, colour: str, align: Align
) -> int:
    """The headline in the lines it has; where the last one stands."""
    x, y = at
    lines = said.split("\n")
    size = min(round(fitted(line, "bold", width=room, size=66, size_min=34).size) for line in lines)
    for number, line in enumerate(lines):
        drawn = fitted(line, "bold", width=room, size=size, size_min=34)
        draw_line(draw, (x, y + round(number * size * 1.26)), drawn, colour, align=align)
    return y + round((len(lines) - 1) * size * 1.26)


def _bunting(picture: Image.Image, colours: tuple[str, ...]) -> None:
    """Small flags on a string that hangs in two bows."""
    flags, side = 16, 56
    string = smooth((WIDTH, 110), lambda pen, k: pen.line(_bows(k), fill=255, width=5 * k))
    fill(picture, string, (0, 0), mix(colours[0], BLACK, share=0.3))
    tips = ((3, 0), (side - 3, 0), (side // 2, side))
    flag = smooth(
        (side, side), lambda pen, k: pen.polygon([(x * k, y * k) for x, y in tips], fill=255)
    )
    for place in range(flags):
        x = round((place + 0.5) * WIDTH / flags)
        at = x - side // 2, round(_hangs(x))
        shadow(picture, flag, (at[0], at[1] + 3), blur=4, share=0.2)
        fill(picture, flag, at, colours[place % len(colours)])


def _bows(k: int) -> list[tuple[float, float]]:
    return [(x * k, _hangs(x) * k) for x in range(0, WIDTH + 1, 8)]


def _hangs(x: float) -> float:
    """How low the string hangs there."""
    way = x / WIDTH * 2 % 1
    return 20 + 62 * 4 * way * (1 - way)


def _confetti(picture: Image.Image, colours: tuple[str, ...]) -> None:
    """Strewn as by a hand, the same each time, and clear of the words."""
    place, left = 7, _CAKE_TEXT[0] - 30
    for number in range(60):
        place = (place * 1_103_515_245 + 12_345) % 2**31
        x, y = place % WIDTH, (place // WIDTH) % (HEIGHT - 150) + 120
        if x > left and (250 < y < 500 or y > HEIGHT - 110):
            continue
        mask = disc(12) if number % 3 else sparkle(24)
        colour = mix(colours[number % len(colours)], WHITE, share=0.35)
        fill(picture, faint(mask, 0.6), (x, y), colour)


def _cake(picture: Image.Image, colours: tuple[str, ...]) -> None:
    x, y = _CAKE_AT
    shadow(picture, disc(300).resize((330, 40)), (x - 5, y + 352), blur=12, share=0.3)
    fill(picture, rounded(340, 24, 12), (x - 10, y + 356), mix(colours[0], WHITE, share=0.7))
    for left, top, width, height, tone in ((0, 222, 320, 138, 0), (48, 106, 224, 126, 4)):
        colour = mix(colours[tone], WHITE, share=0.32)
        tier = rounded(width, height, 18)
        light, dark = mix(colour, WHITE, share=0.2), mix(colour, BLACK, share=0.12)
        body = gradient((width, height), light, dark)
        picture.paste(body, (x + left, y + top), tier)
        _icing(picture, (x + left, y + top), width)
    for number in range(5):
        _candle(picture, (x + 78 + number * 38, y + 46), colours[(number + 1) % len(colours)])


def _icing(picture: Image.Image, at: Point, width: int) -> None:
    """Cream that runs down from the edge."""
    cream = "#FFF9EE"
    fill(picture, rounded(width, 34, 17), at, cream)
    drops = width // 32
    for number in range(drops):
        length = (40, 58, 46, 66)[number % 4]
        left = at[0] + round(number * width / drops) + 2
        fill(picture, rounded(28, length, 14), (left, at[1]), cream)


def _candle(picture: Image.Image, at: Point, colour: str) -> None:
    x, y = at
    fill(picture, rounded(14, 62, 5), (x, y), mix(colour, WHITE, share=0.15))
    for stripe in range(3):
        fill(picture, rounded(14, 7, 3), (x, y + 10 + stripe * 18), mix(colour, WHITE, share=0.7))
    fill(picture, faint(disc(54), 0.35), (x - 20, y - 44), "#FFE9A8")
    fill(picture, _flame(22, 36), (x - 4, y - 36), "#F6B23C")
    fill(picture, _flame(12, 19), (x + 1, y - 20), "#FFF3CF")


@cache
def _flame(width: int, height: int) -> Image.Image:
    tips = ((0.5, 0), (1, 0.62), (0.5, 1), (0, 0.62))
    return smooth(
        (width, height),
        lambda pen, k: pen.polygon([(x * width * k, y * height * k) for x, y in tips], fill=255),
    )


# ── Back again: the curtain at the door of a shop that is open ──


def _comeback(picture: Image.Image, greeting: GreetingPicture, look: Look) -> None:
    """暖簾: where it hangs, the shop is open."""
    fill(picture, stretched(_glow(), (WIDTH, HEIGHT)), (0, 0), "#FFE9B8")
    _curtain(picture, greeting, look)
    draw = ImageDraw.Draw(picture)
    colour = look.colours.accent
    foot = draw_headline(draw, greeting.headline, (_MIDDLE, 500), 860, colour, "m")
    name = fitted(whole_name(greeting.name), "bold", width=860, size=44, size_min=28)
    draw_line(draw, (_MIDDLE, foot + 80), name, look.colours.ink, align="m")
    _sign(picture, draw, greeting, look)


@cache
def _glow() -> Image.Image:
    """Light from within, below the curtain."""
    return field(lambda u, v: 0.85 * max(0.0, 1 - ((u - 0.5) ** 2 * 2.4 + (v - 0.62) ** 2 * 5.5)))


def _curtain(picture: Image.Image, greeting: GreetingPicture, look: Look) -> None:
    """One cloth, slit from below into five."""
    colours, panels, edge, top = look.colours, 5, 52, 48
    width = WIDTH - 2 * edge
    cloth = rounded(width, _NOREN_HEIGHT, 12).copy()
    for place in range(1, panels):
        slit = rounded(12, _NOREN_HEIGHT - 168, 6)
        cloth.paste(0, (round(place * width / panels) - 6, 176), slit)
    fill(picture, rounded(WIDTH - 36, 22, 11), (18, 32), mix(colours.back, BLACK, share=0.5))
    shadow(picture, cloth, (edge, top + 10), blur=12, share=0.3)
    dyed = gradient(cloth.size, colours.back, colours.back_end, angle=80)
    weave = faint(pattern(cloth.size, look.texture, scale=46), 0.14)
    dyed.paste(colours.on_back, (0, 0), weave)
    picture.paste(dyed, (edge, top), cloth)
    for place in range(2 * panels):
        left = edge + round((place + 0.5) * width / panels / 2) - 14
        fill(picture, rounded(28, 40, 6), (left, 24), mix(colours.back, BLACK, share=0.15))
    if look.logo is not None:
        logo = scaled(look.logo, 420, 104)
        put_logo(picture, logo, (_MIDDLE - logo.width // 2, 134 - logo.height // 2), colours.back)
        return
    shop = fitted(greeting.shop, "bold", width=width - 80, size=78, size_min=34)
    draw_line(ImageDraw.Draw(picture), (_MIDDLE, 166), shop, colours.on_back, align="m")


def _sign(
    picture: Image.Image, draw: ImageDraw.ImageDraw, greeting: GreetingPicture, look: Look
) -> None:
    """Who greets: the mascot if there is one, and on a birthday the shop's name."""
    if look.mascot is not None:
        put_mascot(picture, look.mascot)
    elif greeting.occasion == "birthday":
        shop = fitted(greeting.shop, "regular", width=480, size=30, size_min=20)
        draw_line(draw, (WIDTH - 44, HEIGHT - 44), shop, look.colours.muted, align="r")


def put_mascot(picture: Image.Image, mascot: Art) -> None:
    """The shop's mascot at the foot, on the right."""
    own = scaled(mascot, 170, 200)
    picture.paste(own, (WIDTH - own.width - 30, HEIGHT - own.height - 24), own)
