"""Text in pictures: one Japanese font in two weights, fitted to the room there is."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import regex
from PIL import ImageFont

Weight = Literal["regular", "bold"]

_FILES = {"regular": "BIZUDPGothic-Regular.ttf", "bold": "BIZUDPGothic-Bold.ttf"}
_FOLDER = Path(__file__).parent / "fonts"
#: No character has this number, so what is drawn for it is the font's "missing" box.
_NO_CHARACTER = "\U0010ffff"
_CLUSTERS = regex.compile(r"\X")
_ELLIPSIS = "…"
#: Asks for the coloured form of the character before it, which we could not draw.
_AS_EMOJI = "\ufe0f"


@lru_cache(maxsize=64)
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The font at `size` pixels."""
    path = _FOLDER / _FILES[weight]
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """`text` without what the font has no glyphs for (emoji among them), on one line."""
    line = " ".join(text.replace(_AS_EMOJI, "").split())
    kept = (c.group() for c in _CLUSTERS.finditer(line) if all(map(_has_glyph, c.group())))
    return " ".join("".join(kept).split())


def fitted(
    text: str, weight: Weight, *, width: int, size: int, size_min: int
) -> tuple[str, ImageFont.FreeTypeFont]:
    """`text` as it fits into `width` pixels: smaller if need be, cut with "…" at `size_min`."""
    shown = drawable(text)
    for smaller in range(size, size_min - 1, -2):
        if font(weight, smaller).getlength(shown) <= width:
            return shown, font(weight, smaller)
    smallest = font(weight, size_min)
    pieces = _CLUSTERS.findall(shown)
    while pieces and smallest.getlength("".join(pieces) + _ELLIPSIS) > width:
        pieces.pop()
    return "".join(pieces).rstrip() + _ELLIPSIS, smallest


def two_lines(
    text: str, weight: Weight, *, width: int, size: int, size_min: int
) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """`text` on one line, or on two of `size_min` where it would have to be smaller than that.

    Breaks at a space if there is one not too early, else anywhere, as Japanese does.
    """
    shown = drawable(text)
    small = font(weight, size_min)
    if small.getlength(shown) <= width:
        line, chosen = fitted(shown, weight, width=width, size=size, size_min=size_min)
        return [line], chosen
    first = ""
    for piece in _CLUSTERS.findall(shown):
        if small.getlength(first + piece) > width:
            break
        first += piece
    space = first.rfind(" ")
    if space > len(first) // 3:
        first = first[:space]
    rest = shown[len(first) :].strip()
    return [
        first.strip(),
        fitted(rest, weight, width=width, size=size_min, size_min=size_min)[0],
    ], small


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    probe = font("regular", 24)
    if character.isspace():
        return True
    drawn, missing = probe.getmask(character), probe.getmask(_NO_CHARACTER)
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))
