"""Colours that stay readable: a shop may choose any, the text on it must still be read.

Contrast is WCAG 2's: (lighter + 0.05) / (darker + 0.05) of the relative luminances; 4.5 is its
level AA for text.
"""

import re
from functools import lru_cache

WHITE = "#FFFFFF"
INK = "#1F2328"
MUTED = "#6A6F76"
HAIRLINE = "#E6E8EB"
#: What can't be taken back.
DANGER = "#B3261E"
READABLE = 4.5

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255. ValueError unless `colour` is "#RRGGBB"."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f'a colour must look like "#8A5A44", not {colour!r}')
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


# A shop has a handful of colours, which come back in every message.
@lru_cache(maxsize=1_024)
def mix(colour: str, other: str, *, share: float) -> str:
    """`colour` with `share` (0..1) of `other` in it."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@lru_cache(maxsize=1_024)
def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1_024)
def text_on(*backgrounds: str, preferred: str = WHITE) -> str:
    """`preferred` if it can be read on all of `backgrounds`, else the better of white and ink.

    For a gradient give both ends.
    """

    def worst(colour: str) -> float:
        return min(contrast(colour, background) for background in backgrounds)

    if worst(preferred) >= READABLE:
        return preferred
    return max((WHITE, INK), key=worst)


@lru_cache(maxsize=1_024)
def darkened(colour: str, *, on: str = WHITE) -> str:
    """`colour`, or as much darker as it takes to be read on the light colour `on` (or under it)."""
    for step in range(20):
        candidate = mix(colour, "#000000", share=step / 20)
        if contrast(candidate, on) >= READABLE:
            return candidate
    return INK


def tint(colour: str) -> str:
    """A breath of `colour`, for the ground of a box with dark text."""
    return mix(colour, WHITE, share=0.92)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)
