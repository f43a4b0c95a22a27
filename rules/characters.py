"""Characters as people see and type them: one width, no invisible marks, any keyboard's hyphen.

What a scanner, a till or somebody's thumbs send is made comparable here and nowhere else; the
counter's scripts do the same in codes.js and result.js.
"""

import re
import unicodedata
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Final

import regex

#: What keyboards write for a hyphen, the long vowel of a Japanese one and the minus included; the
#: full-width ones are made into these by `one_width`.
HYPHENS: Final = "-‐‑‒–—―−ー"

#: Letters, a symbol and a mark that show nothing: fillers of Hangul, Braille's blank, a joiner.
_FILLERS = "\u115f\u1160\u3164\uffa0\u2800\u034f"
#: Of these the long vowel is one only between letters and digits as codes and dates have them.
_AS_HYPHEN = re.compile(rf"[{HYPHENS[1:-1]}]|(?<=[0-9A-Za-z])ー(?=[0-9A-Za-z])")
#: Letters of the Latin alphabet that Unicode doesn't take for others with a mark.
_PLAIN = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "æ": "ae",
     "œ": "oe", "þ": "th", "ß": "ss"}
)  # fmt: skip
_REPEATED = re.compile(r"(.)([々ゝゞヽヾ])")
_VOICED = "\u3099"
#: What a scanner may put before a code to say of which kind it is (ISO/IEC 15424, "AIM": `]Q1` is a
#: QR code), with what a keyboard of another country makes of the bracket's key.
_SYMBOLOGY = re.compile(r"[\[\]{}「」\\¥][A-Za-z][0-9A-Za-z]")
#: The same twice or more in one run; too short for that are the halves of a card's number.
_READ_AGAIN = re.compile(r"(.{8,}?)\s*(?:\1\s*)+")
_FIGURES = {figure: value for value, figure in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = re.compile("[〇零一二三四五六七八九十百千]+")

_CLUSTERS = regex.compile(r"\X")


def one_width(text: str) -> str:
    """`text` in one form of each character (NFKC): "７Ｋ２" as "7K2", "ｻｸﾗ" as "サクラ"."""
    return unicodedata.normalize("NFKC", text)


def visible(text: str) -> str:
    """`text` without what shows nothing: the marks that copying a number out of a message or an
    address book brings along, selectors of a form, and letters that are blank."""
    return "".join(char for char in text if not is_invisible(char))


def is_invisible(char: str) -> bool:
    """Whether it shows nothing by itself: a format character, a selector of a form, a filler."""
    selects = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selects or char in _FILLERS or unicodedata.category(char) == "Cf"


def as_typed(text: str) -> str:
    """What was meant by what was typed or pasted: one width, one hyphen whatever the keyboard has
    for it, nothing invisible, no blanks around it."""
    return _AS_HYPHEN.sub("-", visible(one_width(text))).strip()


def as_scanned(text: str) -> str:
    """The code that a hand scanner sent, once, without what says of which kind it is."""
    code = _SYMBOLOGY.sub(" ", visible(one_width(text))).strip()
    again = _READ_AGAIN.fullmatch(code)
    return again[1] if again else code


def spelled_out(text: str) -> str:
    """`text` with its iteration marks written out: 佐々木 as 佐佐木, いすゞ as いすず."""
    while found := _REPEATED.search(text):
        again = found[1] + _VOICED if found[2] in "ゞヾ" else found[1]
        letter = unicodedata.normalize("NFC", again)[0]
        text = text[: found.start(2)] + letter + text[found.end(2) :]
    return text


def plain_latin(text: str) -> str:
    """Small letters of the Latin alphabet without what stands on or in them: é as e, ł as l."""
    bare = (unicodedata.normalize("NFD", char)[0] for char in text.translate(_PLAIN))
    return "".join(
        first if first.isascii() else char
        for first, char in zip(bare, text.translate(_PLAIN), strict=True)
    )


def with_figures(text: str) -> str:
    """`text` with kanji numerals as figures: 三十三 as 33, 一九九〇 as 1990."""
    return _NUMERALS.sub(lambda found: _figures(found[0]), text)


def _figures(numerals: str) -> str:
    if not any(each in _TENS for each in numerals):
        return "".join(str(_FIGURES[each]) for each in numerals)
    total, figure = 0, 0
    for each in numerals:
        if each in _TENS:
            total, figure = total + (figure or 1) * _TENS[each], 0
        else:
            figure = _FIGURES[each]
    return str(total + figure)


def without_marks(text: str) -> str:
    """`text` without what people put between the parts of a number: blanks, hyphens, full stops."""
    return "".join(char for char in text if not char.isspace() and char not in f"{HYPHENS}.")


def letters_and_digits(text: str) -> str:
    """The letters and digits alone, in one width, in capitals."""
    return "".join(char for char in as_typed(text).upper() if char.isalnum() and char != "ー")


def hyphened(text: str) -> str:
    """The letters and digits in one width and in capitals, with one plain hyphen wherever something
    else stands between them."""
    plain = "".join(
        char if char.isalnum() and char != "ー" else " " for char in as_typed(text).upper()
    )
    return "-".join(plain.split())


def whole_number(text: str, digits_max: int) -> int | None:
    """The number that plain digits write, at most so many of them; None for anything else."""
    is_one = text.isascii() and text.isdigit() and len(text) <= digits_max
    return int(text) if is_one else None


def spaced_number(number: str) -> str:
    """A card's number as it is read out and shown: "482 011 7736"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def graphemes(text: str) -> list[str]:
    """`text` in the pieces that a reader takes for one character each (UAX #29)."""
    pieces: list[str] = _CLUSTERS.findall(text)
    return pieces


def instant(text: str) -> datetime | None:
    """The moment that an address names; None for what is none, or isn't everywhere the same."""
    try:
        # A plus that nobody encoded comes as a blank.
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return in_utc(at) if at.tzinfo else None


def in_utc(at: datetime) -> datetime | None:
    """The same moment in UTC; None for one that has no year there, or none elsewhere."""
    try:
        there = at.astimezone(UTC)
    except OverflowError:
        return None
    return there if MINYEAR < there.year < MAXYEAR else None
