"""How names are compared when staff look for a member: however they are written or typed.

Width, case, kana, small letters, spaces, marks and the variants of kanji don't matter: 髙橋 is
found by 高橋, 渡邉 by 渡辺, サクラ by さくら. Nor does the order of a name's words, or a title
behind them. Names that merely look alike here are shown together, and staff choose; nothing is
ever decided by it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..characters import as_typed, plain_latin, spelled_out
from ..kanji import VARIANTS
from .names import is_title, untitled

#: Nobody's name needs more to be found by.
TERM_MAX = 40
#: What numbers begin with among the terms, so that no name is taken for one.
DIGITS = "#"
#: So many last digits of a card or a telephone are enough to look for.
LAST_DIGITS = 4

_SMALL = str.maketrans(
    "ァィゥェォッャュョヮヵヶヰヱヲヂヅヴ", "アイウエオツヤユヨワカケイエオジズブ"
)
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_NUMBER = re.compile(r"[0-9 ()\-.+]+")
#: Of a single letter of kana there is too much.
_ONE_KANA = re.compile(r"[ァ-ヺ]")


def normalised(name: str) -> str:
    """`name` as it is compared; empty for one without letters or digits."""
    wide = plain_latin(as_typed(name).casefold())
    kana = spelled_out(wide).translate(_HIRAGANA).translate(_SMALL).translate(VARIANTS)
    letters = (char for char in kana if char != "ー" and unicodedata.category(char)[0] in "LN")
    return "".join(letters)[:TERM_MAX]


def terms(names: Iterable[str], numbers: Iterable[str]) -> set[str]:
    """What somebody of these names and numbers is found by.

    Every end of a name, as a search looks for what a term begins with: so 中 finds 田中. `numbers`
    are card numbers and telephone numbers (E.164): each is found whole and by its last digits.
    """
    all_terms: set[str] = set()
    for name in map(normalised, names):
        all_terms |= {name[start:] for start in range(len(name))}
    for number in numbers:
        all_terms |= {DIGITS + number, DIGITS + number[-LAST_DIGITS:]}
    return all_terms


@dataclass(frozen=True, slots=True)
class NamePart:
    """One of the words that are looked for: what any of a member's terms must be like."""

    #: Terms that are just these.
    exactly: tuple[str, ...] = ()
    #: Terms that begin so.
    start: str = ""


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What is looked for: members who have every one of these parts, in whatever order."""

    parts: tuple[NamePart, ...] = ()


def name_query(text: str, phone: str | None = None) -> NameQuery:
    """What `text`, as staff typed it, looks for, whatever the order of its words, with a title or
    without, names and numbers together. `phone` is it as a telephone number (E.164), if it is one.
    A single letter of kana looks for nothing: half the club would be found."""
    plain = as_typed(text)
    words = [plain]
    if not _digits(plain):
        words = [word for word in plain.split() if not is_title(word)] or words
    if all(len(word) == 1 for word in words):
        # Letters with blanks between them: one word after all.
        words = ["".join(words)]
    parts = tuple(part for part in (_part(word, phone) for word in words) if part.start)
    lone = len(parts) == 1 and _ONE_KANA.fullmatch(parts[0].start)
    return NameQuery() if lone else NameQuery(parts)


def _part(word: str, phone: str | None) -> NamePart:
    if digits := _digits(word):
        numbers = {DIGITS + digits, *([DIGITS + phone] if phone else [])}
        return NamePart(tuple(sorted(numbers)), normalised(word))
    bare = normalised(untitled(word))
    # みー of みーちゃん is too little to go by.
    return NamePart(start=normalised(word) if _ONE_KANA.fullmatch(bare) else bare)


def _digits(text: str) -> str:
    """The digits of what may be a number, or the end of one; empty for anything else."""
    digits = "".join(char for char in text if char.isdigit())
    return digits if _NUMBER.fullmatch(text) and len(digits) >= LAST_DIGITS else ""
