"""What a card has beside its QR: a barcode for tills that read no QR, and which number it says."""

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from ..base import Impossible, Strict

BarcodeKind = Literal["jan13", "code128"]
#: A shop gives numbers of its own below 20 to 29, all others are of goods (GS1 General
#: Specifications 1.4; in Japan 「インストアコード」, GS1 Japan).
BarcodePrefix = Annotated[str, StringConstraints(pattern=r"^2[0-9]$")]
_JAN, _SHORT_JAN = 13, 8


class CardPolicy(Strict):
    """What is on the card."""

    #: None: the QR alone.
    barcode: BarcodeKind | None = None
    #: The first two digits of a `jan13`: by them the till knows a member's card.
    barcode_prefix: BarcodePrefix | None = None

    @model_validator(mode="after")
    def _has_its_prefix(self) -> "CardPolicy":
        if (self.barcode == "jan13") != (self.barcode_prefix is not None):
            raise Impossible("barcode_prefix")
        return self

    def barcode_text(self, number: str) -> str:
        """What the barcode of card `number` (ten digits) says; empty without one."""
        if self.barcode == "jan13":
            return with_check_digit(f"{self.barcode_prefix}{number}")
        return number if self.barcode == "code128" else ""


def with_check_digit(digits: str) -> str:
    """A JAN of 13 or 8 digits from all but the last (GS1 General Specifications 7.9)."""
    weighed = sum(int(d) * (1 if place % 2 else 3) for place, d in enumerate(reversed(digits)))
    return digits + str(-weighed % 10)


def looks_like_jan(text: str) -> bool:
    """Whether it has as many digits as the long one, right or wrong."""
    return len(text) == _JAN and text.isascii() and text.isdigit()


def is_jan(text: str) -> bool:
    """Whether it is a JAN, long or short, of which the last digit is right."""
    is_one = len(text) in (_JAN, _SHORT_JAN) and text.isascii() and text.isdigit()
    return is_one and with_check_digit(text[:-1]) == text


def is_of_a_shop(jan: str) -> bool:
    """Whether a shop gave it itself, so that it is no article's everywhere."""
    return len(jan) == _JAN and jan.startswith("2")


def number_in(jan: str) -> str:
    """The card's number in a card's JAN."""
    return jan[2:-1]
