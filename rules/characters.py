"""Characters as people see and type them: one width, no invisible marks, any keyboard's hyphen.

What a scanner, a till or somebody's thumbs send is made comparable here and nowhere else; the
counter's scripts do the same in codes.js and result.js.
"""

import unicodedata
from typing import Final

import regex

#: What keyboards write for a hyphen, the long vowel of a Japanese one and the minus included; the
#: full-width ones are made into these by `one_width`.
HYPHENS: Final = "-‐‑‒–—―−ー"

_CLUSTERS = regex.compile(r"\X")


def one_width(text: str) -> str:
    """`text` in one form of each character (NFKC): "７Ｋ２" as "7K2", "ｻｸﾗ" as "サクラ"."""
    return unicodedata.normalize("NFKC", text)


def visible(text: str) -> str:
    """`text` without the invisible marks (Unicode's format characters) that copying a number out of
    a message or an address book brings along."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def as_typed(text: str) -> str:
    """What was meant by what was typed or pasted: one width, no invisible marks, none around it."""
    return visible(one_width(text)).strip()


def without_marks(text: str) -> str:
    """`text` without what people put between the parts of a number: blanks, hyphens, full stops."""
    return "".join(char for char in text if not char.isspace() and char not in f"{HYPHENS}.")


def letters_and_digits(text: str) -> str:
    """The letters and digits alone, in one width, in capitals."""
    return "".join(char for char in one_width(text).upper() if char.isalnum() and char != "ー")


def hyphened(text: str) -> str:
    """The letters and digits in one width and in capitals, with one plain hyphen wherever something
    else stands between them."""
    plain = "".join(
        char if char.isalnum() and char != "ー" else " " for char in one_width(text).upper()
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
