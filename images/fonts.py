"""Text in pictures: a Japanese font in two weights, with emoji in one colour, made to fit its room.

Names hold anything. What the fonts lack is shown in its plainest form (𝓢 as S, ễ as e) or left out;
a text of which more would be missing than is left is not shown at all, nor is a person's name of
which anything would be. A variant of a kanji is drawn in the form that stands for all (𠮷 as 吉).
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

import regex
from PIL import ImageDraw, ImageFont

from rules.characters import graphemes, is_invisible
from rules.kanji import VARIANTS

Weight = Literal["regular", "bold"]
Align = Literal["l", "m", "r"]

_FILES = {
    "regular": "BIZUDPGothic-Regular.ttf",
    "bold": "BIZUDPGothic-Bold.ttf",
    "emoji": "NotoEmoji-Bold.ttf",
}
_FOLDER = Path(__file__).parent / "fonts"
#: No character has this number, so what is drawn for it is the font's "missing" box.
_NO_CHARACTER = "\U0010ffff"
#: Words in letters or katakana stay whole; anywhere else a line may break.
_WORDS = regex.compile(r"[\p{Latin}\d][\p{Latin}\p{M}\d'’.,&@#%/:+-]*|[\p{Katakana}ー]+|\s+|\X")
_SENTENCES = regex.compile(r"[^。！？!?]*(?:[。！？!?]+[」』）)]*|$)")
_ELLIPSIS = "…"
_PROBE = 24
#: Emoji are drawn a little smaller than the text, or they would shout.
_EMOJI_SIZE = 0.88
#: These don't begin a line (JIS X 4051), and those don't end one.
_NOT_FIRST = frozenset(
    "、。，．・：；？！!?,.)）」』】〉》〕］｝ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…％%"
)
_NOT_LAST = frozenset("（(「『【〈《〔［｛¥￥“‘")
_CARRIED_MAX = 3


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as it is drawn."""

    text: str
    weight: Weight
    #: Of the letters, in pixels.
    size: int
    #: Of the whole line, in pixels.
    width: float


@lru_cache(maxsize=96)
def font(name: Literal["regular", "bold", "emoji"], size: int) -> ImageFont.FreeTypeFont:
    """The font at `size` pixels."""
    path = _FOLDER / _FILES[name]
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=2048)
def drawable(text: str) -> str:
    """`text` as the fonts can draw it, on one line; "" if less than half of its letters can be."""
    kept, lost = _kept(text)
    return "" if lost > sum(char.isalpha() for char in kept) else kept


@lru_cache(maxsize=2048)
def whole_name(text: str) -> str:
    """A person's name, greeted or not, as the fonts can draw it; "" if any letter of it is missing:
    王刚さん is nobody's 「王さん」."""
    kept, lost = _kept(text)
    return "" if lost else kept


def _kept(text: str) -> tuple[str, int]:
    """What the fonts can draw of it, on one line, and how many letters they can't."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    shown, lost = [], 0
    for cluster in graphemes(line):
        piece = _shown(cluster)
        shown.append(piece)
        lost += not piece and any(char.isalpha() and not _is_invisible(char) for char in cluster)
    return " ".join("".join(shown).split()), lost


def _shown(cluster: str) -> str:
    """A character as people see one, in a form that can be drawn; "" if there is none."""
    seen = "".join(char for char in cluster if not _is_invisible(char))
    for form in (seen, seen[:1], *(unicodedata.normalize(kind, seen) for kind in ("NFKC", "NFKD"))):
        plain = "".join(char for char in form if not unicodedata.combining(char))
        if form and form == plain and all(map(_is_text, form)):
            return form
        if plain and all(map(_is_text, plain)):
            return plain
    variant = seen.translate(VARIANTS)
    if variant != seen and all(map(_is_text, variant)):
        return variant
    return seen[:1] if seen and _is_emoji(seen[0]) else ""


def _is_invisible(char: str) -> bool:
    """What shows nothing, and control characters."""
    return is_invisible(char) or unicodedata.category(char)[0] == "C"


def _is_text(char: str) -> bool:
    return char.isspace() or _has_glyph("bold", char)


def _is_emoji(char: str) -> bool:
    # The halves of flags are letters in a box here: better none than those.
    return not "\U0001f1e6" <= char <= "\U0001f1ff" and _has_glyph("emoji", char)


@lru_cache(maxsize=8192)
def _has_glyph(name: Literal["bold", "emoji"], character: str) -> bool:
    probe = font(name, _PROBE)
    drawn, missing = probe.getmask(character), probe.getmask(_NO_CHARACTER)
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


def line(text: str, weight: Weight, size: int) -> TextLine:
    """`text`, which `drawable` has gone over, at one size."""
    return TextLine(text, weight, size, _width(text, weight, size))


def _width(text: str, weight: Weight, size: int) -> float:
    return sum(_advance(char, weight, size) for char in text)


@lru_cache(maxsize=16384)
def _advance(char: str, weight: Weight, size: int) -> float:
    return _face(char, weight, size).getlength(char)


def _face(char: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    if _is_text(char):
        return font(weight, size)
    return font("emoji", max(1, round(size * _EMOJI_SIZE)))


def fitted(text: str, weight: Weight, *, width: int, size: int, size_min: int) -> TextLine:
    """`text` as it fits into `width` pixels: smaller if need be, cut with "…" at `size_min`."""
    return wrapped(text, weight, width=width, size=size, size_min=size_min, lines_max=1)[0]


@lru_cache(maxsize=2048)
def wrapped(
    text: str, weight: Weight, *, width: int, size: int, size_min: int, lines_max: int
) -> tuple[TextLine, ...]:
    """`text` on as many lines as it needs, up to `lines_max`, each within `width` pixels.

    Fewer lines go before larger letters until those would be smaller than three quarters of `size`;
    below `size_min` the last line is cut with "…". A text without anything to draw is one empty
    line.
    """
    shown = drawable(text)
    floor = max(size_min, size * 3 // 4)
    for count in range(1, lines_max + 1):
        lowest = size_min if count == lines_max else floor
        for smaller in range(size, lowest - 1, -2):
            if count == 1:
                if _width(shown, weight, smaller) <= width:
                    return (line(shown, weight, smaller),)
                continue
            broken = _broken(shown, weight, smaller, width)
            if len(broken) <= count:
                return _balanced(shown, weight, smaller, width, len(broken))
    return _cut(shown, weight, width=width, size=size_min, lines_max=lines_max)


def _balanced(text: str, weight: Weight, size: int, width: int, count: int) -> tuple[TextLine, ...]:
    """`text` on `count` lines: one sentence each, or else about as long as each other."""
    sentences = [each.strip() for each in _SENTENCES.findall(text)]
    whole = [line(each, weight, size) for each in sentences if each]
    if len(whole) == count and all(each.width <= width for each in whole):
        return tuple(whole)
    low, high = width // 2, width
    while high - low > size // 2:
        middle = (low + high) // 2
        if len(_broken(text, weight, size, middle)) <= count:
            high = middle
        else:
            low = middle
    broken = _broken(text, weight, size, high)
    return tuple(line(each, weight, size) for each in broken)


def _cut(
    text: str, weight: Weight, *, width: int, size: int, lines_max: int
) -> tuple[TextLine, ...]:
    broken = _broken(text, weight, size, width)
    pieces = graphemes("".join(broken[lines_max - 1 :]))
    while pieces and _width("".join(pieces) + _ELLIPSIS, weight, size) > width:
        pieces.pop()
    last = "".join(pieces).rstrip() + _ELLIPSIS
    return tuple(line(each, weight, size) for each in [*broken[: lines_max - 1], last])


def _broken(text: str, weight: Weight, size: int, width: int) -> list[str]:
    """`text` in lines no wider than `width`, as long as each can be."""
    lines, current, filled = [], "", 0.0
    for word in _words(text, weight, size, width):
        advance = _width(word, weight, size)
        if current and filled + advance > width and not word.isspace():
            kept = len(current) - _carried(current, word)
            lines.append(current[:kept].strip())
            current = current[kept:]
            filled = _width(current, weight, size)
        current, filled = current + word, filled + advance
    lines.append(current.strip())
    # What was carried on may have made a long word too long for its line.
    return [piece for each in lines for piece in _forced(each, weight, size, width)]


def _words(text: str, weight: Weight, size: int, width: int) -> Iterator[str]:
    for word in _WORDS.findall(text):
        if _width(word, weight, size) > width:
            yield from graphemes(word)
        else:
            yield word


def _carried(line: str, following: str) -> int:
    """How many characters of a full line go on to the next, so that neither ends or begins badly;
    0 also if too many had to."""
    for count in range(min(_CARRIED_MAX, len(line) - 1) + 1):
        ends, begins = line[-1 - count], line[-count] if count else following[0]
        if ends not in _NOT_LAST and begins not in _NOT_FIRST:
            return count
    return 0


def _forced(text: str, weight: Weight, size: int, width: int) -> list[str]:
    """`text`, broken where it must be, whatever that parts."""
    parts, current = [], ""
    for piece in graphemes(text):
        if current and _width(current + piece, weight, size) > width:
            parts.append(current)
            current = ""
        current += piece
    return [*parts, current]


def draw_line(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    what: TextLine,
    fill: str,
    *,
    align: Align = "l",
) -> None:
    """Draws a line whose baseline is at `at`: from there, around it, or up to it."""
    x, y = at
    x -= {"l": 0.0, "m": what.width / 2, "r": what.width}[align]
    for is_text, chars in groupby(what.text, _is_text):
        run = "".join(chars)
        if is_text:
            draw.text((x, y), run, font=font(what.weight, what.size), fill=fill, anchor="ls")
        else:
            emoji = font("emoji", max(1, round(what.size * _EMOJI_SIZE)))
            draw.text((x, y), run, font=emoji, fill=fill, anchor="ls")
        x += _width(run, what.weight, what.size)


def draw_lines(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    lines: Sequence[TextLine],
    fill: str,
    *,
    leading: float = 1.3,
    align: Align = "l",
) -> float:
    """Draws lines below each other, the first one's baseline at `at`; gives the last baseline."""
    x, y = at
    for place, each in enumerate(lines):
        if place:
            y += each.size * leading
        draw_line(draw, (x, y), each, fill, align=align)
    return y
