"""The banner of a New Year's greeting: the first sunrise, and the animal of the year before it."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from .fonts import draw_line, fitted, font, whole_name
from .greeting import draw_headline, put_mascot
from .grounds import paper, shine
from .look import Look
from .paint import Point, disc, faint, fill, gradient, jpeg, pattern, rounded, shadow
from .theme import WHITE, mix

WIDTH, HEIGHT = 1024, 682
_SUN, _SUN_AT = 400, (40, 96)
_SEA = 150
_LEFT, _ROOM = 472, 510
#: The red of seals.
_VERMILION = "#B7392B"


@dataclass(frozen=True, slots=True)
class NewYearPicture:
    """A New Year's greeting as finished strings."""

    headline: str
    #: May be empty.
    name: str
    #: Which year it is, and whose.
    year: str
    #: An emoji of one character.
    animal: str
    #: The animal's sign, one character.
    sign: str
    shop: str


def draw_new_year(greeting: NewYearPicture, look: Look) -> bytes:
    """A JPEG of 1,024 × 682 pixels in the shop's own colours."""
    picture = paper((WIDTH, HEIGHT), look)
    colours = look.colours
    middle = (_SUN_AT[0] + _SUN // 2, _SUN_AT[1] + _SUN // 2)
    shine(picture, middle, colours.accent, strength=0.14)
    _sun(picture, look)
    _animal(picture, greeting.animal, middle)
    _sea(picture, look)
    draw = ImageDraw.Draw(picture)
    _seal(picture, draw, greeting.sign, (_SUN_AT[0] + _SUN - 70, _SUN_AT[1] + _SUN - 96))
    foot = draw_headline(draw, greeting.headline, (_LEFT, 236), _ROOM, colours.accent, "l")
    name = fitted(whole_name(greeting.name), "bold", width=_ROOM, size=44, size_min=28)
    draw_line(draw, (_LEFT, foot + 82), name, colours.ink)
    year = fitted(greeting.year, "regular", width=_ROOM, size=32, size_min=20)
    draw_line(draw, (_LEFT, foot + (140 if greeting.name else 82)), year, colours.muted)
    shop = fitted(greeting.shop, "bold", width=740, size=36, size_min=20)
    draw_line(draw, (44, HEIGHT - 44), shop, colours.on_back)
    if look.mascot is not None:
        put_mascot(picture, look.mascot)
    return jpeg(picture)


def _sun(picture: Image.Image, look: Look) -> None:
    """It rises out of the sea."""
    colours = look.colours
    glow = disc(_SUN + 60)
    fill(picture, faint(glow, 0.18), (_SUN_AT[0] - 30, _SUN_AT[1] - 30), colours.accent)
    light = mix(colours.accent, WHITE, share=0.18)
    picture.paste(gradient((_SUN, _SUN), light, colours.accent, angle=70), _SUN_AT, disc(_SUN))


def _animal(picture: Image.Image, animal: str, middle: Point) -> None:
    """The year's animal as a paper cut before the sun."""
    cut = Image.new("L", (_SUN, _SUN))
    face = font("emoji", 250)
    ImageDraw.Draw(cut).text((_SUN / 2, _SUN / 2), animal, fill=255, font=face, anchor="mm")
    box = cut.getbbox()
    if box is None:
        return
    cut = cut.crop(box)
    at = (middle[0] - cut.width // 2, middle[1] - cut.height // 2 - 8)
    shadow(picture, cut, (at[0], at[1] + 5), blur=6, share=0.25)
    fill(picture, cut, at, "#FFFDF6")


def _sea(picture: Image.Image, look: Look) -> None:
    """青海波, for a calm year: whatever pattern the shop's cards have."""
    colours = look.colours
    top = HEIGHT - _SEA
    sea = gradient((WIDTH, _SEA), colours.back, colours.back_end, angle=80)
    waves = faint(pattern((WIDTH, _SEA), "waves", scale=52), 0.25)
    sea.paste(colours.on_back, (0, 0), waves)
    picture.paste(sea, (0, top))


def _seal(picture: Image.Image, draw: ImageDraw.ImageDraw, sign: str, at: Point) -> None:
    """The year's sign, as a seal is put under a picture."""
    fill(picture, rounded(92, 92, 16), at, _VERMILION)
    inner = rounded(80, 80, 11).copy()
    inner.paste(0, (3, 3), rounded(74, 74, 9))
    fill(picture, inner, (at[0] + 6, at[1] + 6), "#FFF6EA")
    said = fitted(sign, "bold", width=64, size=56, size_min=30)
    draw_line(draw, (at[0] + 46, at[1] + 66), said, "#FFF6EA", align="m")
