"""How names are compared when staff look for a member: however they are written or typed.

Width, case, kana, small letters, spaces, marks and the variants of kanji don't matter: 髙橋 is
found by 高橋, 渡邉 by 渡辺, サクラ by さくら. Names that merely look alike here are shown together,
and staff choose; nothing is ever decided by it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..characters import as_typed, plain_latin, spelled_out
from ..kanji import VARIANTS

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
class NameQuery:
    """What is looked for."""

    #: Terms that are just these.
    exactly: tuple[str, ...] = ()
    #: Terms that begin so; none if empty.
    start: str = ""

    @property
    def is_nothing(self) -> bool:
        return not (self.exactly or self.start)


def name_query(text: str, phone: str | None = None) -> NameQuery:
    """What `text`, as staff typed it, looks for. `phone` is it as a telephone number (E.164), if it
    is one. A single letter of kana looks for nothing: half the club would be found."""
    start = normalised(text)
    if _ONE_KANA.fullmatch(start):
        return NameQuery()
    plain = as_typed(text)
    digits = "".join(char for char in plain if char.isdigit())
    if not _NUMBER.fullmatch(plain) or len(digits) < LAST_DIGITS:
        return NameQuery(start=start)
    numbers = {DIGITS + digits, *([DIGITS + phone] if phone else [])}
    return NameQuery(tuple(sorted(numbers)), start)
