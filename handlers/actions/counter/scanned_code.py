"""What was held before a scanner, or typed in its place: a card, a number, or something else."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.base32 import CODE_LENGTH_MAX
from bot.codes import Codes, LiveCode
from rules.characters import as_scanned, as_typed, without_marks
from rules.programme.card import is_jan, is_of_a_shop, looks_like_jan, number_in

from ..members import one_time_codes
from ..members.card_numbers import is_card_number

#: What it is. Of a `card` (its lasting code, or a moving one too old), a `live` one and a `number`
#: it is known whose; `use` is a reward's page, `use_expired` one that is too old. The others are
#: told apart so that staff learn what to do: a number mistyped, a slip, the code on the counter's
#: own tablet, a link, a card of another club, the barcode of goods, one that a shop gave to
#: something else, letters that an input method made of a code, or nothing we know.
CodeKind = Literal[
    "card", "live", "number", "use", "use_expired", "mistyped", "slip", "counter", "link",
    "foreign", "goods", "in_store", "input_method", "unreadable",
]  # fmt: skip

_NUMBER = re.compile(r"\d{10}")
_LINK = re.compile(r"https?://|www\.|line\.me/", re.IGNORECASE)
_KANA = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
#: Cards of this kind of club, ours or not: how their codes look.
_LIKE_A_CARD = re.compile(r"[A-Z2-7]{110,200}")


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a code says, each None where it says no such thing."""

    kind: CodeKind
    #: Whose card.
    number: str | None = None
    #: Which of theirs; a number alone has none.
    issue: int | None = None
    #: What the moving code of a reward's page says, or of a card with rewards selected.
    live: LiveCode | None = None


def read(
    codes: Codes,
    text: str,
    *,
    stores: tuple[str, ...],
    now: datetime,
    prefixes: Collection[str] = (),
) -> ScannedCode:
    """What `text` is, whatever it holds; a card's JAN has one of the `prefixes`. Forgives width,
    case, spaces, marks in a number, the invisible ones that telephones copy along, and what
    scanners add."""
    text = as_scanned(text) if len(text) <= CODE_LENGTH_MAX else text
    card = codes.open_card(text)
    if card is not None:
        return ScannedCode("card", card.number, card.issue)
    live = codes.open_live(text, now)
    if live is not None:
        return _moving(live)
    if len(text) > CODE_LENGTH_MAX:
        return ScannedCode("unreadable")
    plain = as_typed(text)
    digits = without_marks(plain)
    if looks_like_jan(digits):
        return _barcode(digits, prefixes)
    if _NUMBER.fullmatch(digits) and digits.isascii():
        return ScannedCode("number", digits) if is_card_number(digits) else ScannedCode("mistyped")
    return ScannedCode(_other(codes, plain, stores=stores, now=now))


def _barcode(digits: str, prefixes: Collection[str]) -> ScannedCode:
    """The number in a card's JAN; its bars say no more than the number itself."""
    if not is_jan(digits):
        return ScannedCode("mistyped")
    if digits[:2] in prefixes:
        number = number_in(digits)
        return ScannedCode("number", number) if is_card_number(number) else ScannedCode("in_store")
    return ScannedCode("in_store" if is_of_a_shop(digits) else "goods")


def _moving(live: LiveCode) -> ScannedCode:
    if live.use is None:
        selected = live if live.selection else None
        return ScannedCode("live" if live.is_good else "card", live.number, live.issue, selected)
    return ScannedCode("use", live=live) if live.is_good else ScannedCode("use_expired")


def _other(codes: Codes, plain: str, *, stores: tuple[str, ...], now: datetime) -> CodeKind:
    """What it is, where it is no card and no number of ours."""
    if one_time_codes.plain(plain):
        return "slip"
    last_word = plain.split(" ")[-1]
    if codes.check_counter(last_word, stores, now, minutes=1) != "unknown":
        return "counter"
    if _LINK.search(plain):
        return "link"
    if is_jan(without_marks(plain)):
        return "goods"
    if _LIKE_A_CARD.fullmatch("".join(plain.split()).upper()):
        return "foreign"
    return "input_method" if _KANA.search(plain) else "unreadable"
