"""The shop's colour, a rank's metal, and what goes well with them in pictures and on pages."""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

#: What a ground is strewn with: 青海波, 麻の葉, stripes, dots, or nothing.
Texture = Literal["waves", "hemp", "stripes", "dots", "plain"]

WHITE = "#FFFFFF"
BLACK = "#000000"
INK = "#1F2328"
MUTED = "#6A6F76"
#: Contrast (WCAG 2) from which text is read easily: level AA.
READABLE = 4.5
#: A colour that would have to lose more of its light than this to carry white, carries dark text.
_DARKER_MAX = 0.25
#: So much more may be lost by making a rank's colours lighter than by making them darker.
_SHINE = 0.15


#: What small words may step back to, at the most.
_SOFT_MIN = 3.4


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, "#RRGGBB", that belong to one accent."""

    #: Can be read on `soft`, `ground` and `paper`.
    accent: str
    #: To `back_end`, what is to be seen first.
    back: str
    back_end: str
    #: A shape behind a sign in `on_back`.
    back_disc: str
    #: Words on `back`.
    on_back: str
    #: Small words on `back`.
    on_back_soft: str
    #: Under dark text, as a box.
    soft: str
    #: Under dark text, as the whole.
    ground: str
    #: Divides.
    line: str
    ink: str = INK
    muted: str = MUTED
    paper: str = WHITE


#: How much is made of a rank: the first is plain, the last rich.
Splendour = Literal["plain", "fine", "rich"]


def splendour(tier: int, tiers: int) -> Splendour:
    """What a place on the ladder of `tiers` steps, counted from 1, is worth."""
    if tier >= tiers:
        return "rich"
    return "plain" if tier <= 1 else "fine"


@dataclass(frozen=True, slots=True)
class Metal:
    """A rank's colours as a ground, "#RRGGBB"."""

    #: To `end`, on all of which `ink` can be read.
    start: str
    end: str
    ink: str
    #: For small words that may step back.
    ink_soft: str
    #: Its brightest spot.
    shine: str
    #: Its darkest.
    deep: str


@lru_cache(maxsize=64)
def metal(start: str, end: str) -> Metal:
    """The metal of a rank's two colours: each a little lighter or darker, whichever costs less.

    ValueError unless both are "#RRGGBB".
    """
    deep = mix(mix(start, end, share=0.5), BLACK, share=0.8)
    bright, lost_bright = _until_readable((start, end), ink=deep, towards=WHITE)
    dark, lost_dark = _until_readable((start, end), ink=WHITE, towards=BLACK)
    # Metals shine: dark words on a bright ground look like engraving, white ones like print.
    if lost_bright <= lost_dark + _SHINE:
        ink, (first, last) = deep, bright
    else:
        ink, (first, last) = WHITE, dark
    soft = mix(ink, first, share=0.1)
    stands_out = min(contrast(soft, first), contrast(soft, last)) >= _SOFT_MIN
    return Metal(
        start=first,
        end=last,
        ink=ink,
        ink_soft=soft if stands_out else ink,
        shine=mix(first, WHITE, share=0.4),
        deep=mix(last, BLACK, share=0.5),
    )


def _until_readable(
    pair: tuple[str, str], *, ink: str, towards: str
) -> tuple[tuple[str, str], float]:
    """Both colours, with as much of `towards` in them as `ink` needs to be read, and how much."""
    for step in range(21):
        share = step / 20
        first, last = (mix(colour, towards, share=share) for colour in pair)
        if min(contrast(ink, first), contrast(ink, last)) >= READABLE:
            return (first, last), share
    raise ValueError(f"nothing can be read in {ink}")


@lru_cache(maxsize=64)
def palette(accent: str) -> Palette:
    """The palette of a shop's accent. ValueError unless it is "#RRGGBB"."""
    soft = mix(accent, WHITE, share=0.86)
    dark, lost = _darkened(accent, until_read_on=WHITE)
    readable, _ = _darkened(accent, until_read_on=soft)
    is_dark = lost <= _DARKER_MAX
    back = dark if is_dark else accent
    return Palette(
        accent=readable,
        back=back,
        back_end=mix(back, BLACK if is_dark else WHITE, share=0.28),
        back_disc=mix(back, BLACK, share=0.28) if is_dark else mix(back, WHITE, share=0.5),
        on_back=WHITE if is_dark else INK,
        on_back_soft=mix(WHITE, accent, share=0.06) if is_dark else INK,
        soft=soft,
        ground=mix(accent, WHITE, share=0.94),
        line=mix(accent, WHITE, share=0.76),
    )


def mix(colour: str, other: str, *, share: float) -> str:
    """`colour` with `share` (0..1) of `other` in it."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _darkened(colour: str, *, until_read_on: str) -> tuple[str, float]:
    """`colour` as dark as it must be to be read there, and how much black that took."""
    shares = (step / 20 for step in range(21))
    shades = ((mix(colour, BLACK, share=share), share) for share in shares)
    return next(shade for shade in shades if contrast(shade[0], until_read_on) >= READABLE)


def _rgb(colour: str) -> tuple[int, ...]:
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f'a colour must look like "#8A5A44", not {colour!r}')
    return tuple(bytes.fromhex(colour[1:]))


def _luminance(colour: str) -> float:
    shares = zip((0.2126, 0.7152, 0.0722), _rgb(colour), strict=True)
    return sum(weight * _linear(channel / 255) for weight, channel in shares)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=64)
def enamels(accent: str) -> tuple[str, ...]:
    """Colours of badges, in turn: the shop's own hue and others that go with it, so that neighbours
    on the shelf differ. ValueError unless `accent` is "#RRGGBB"."""
    red, green, blue = (channel / 255 for channel in _rgb(accent))
    hue, _, depth = rgb_to_hls(red, green, blue)
    # A shop in grey has no hue of its own.
    own = hue if depth > _GREY else _GREYS_HUE
    return tuple(_enamel((own + turn / 360) % 1) for turn in _TURNS)


def _enamel(hue: float) -> str:
    channels = hls_to_rgb(hue, _ENAMEL_LIGHT, _ENAMEL_DEPTH)
    colour = "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)
    return _darkened(colour, until_read_on=WHITE)[0]


#: How far the hues of badges lie from the shop's own, in degrees.
_TURNS = (0, 100, 55, -45, -75, 28)
_ENAMEL_LIGHT, _ENAMEL_DEPTH = 0.42, 0.42
#: Less colour than this is none, and then blue is the middle.
_GREY, _GREYS_HUE = 0.08, 0.58
#: The rim of a badge that was earned.
GOLD = ("#E9C878", "#B98A33")
