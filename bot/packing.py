"""Card numbers and moments as codes hold them: five bytes each."""

from datetime import UTC, datetime
from typing import Final

NUMBER_DIGITS: Final = 10
MOMENT_BYTES: Final = 5


def number_bytes(number: str) -> bytes:
    """ValueError unless the card number has ten digits."""
    if len(number) != NUMBER_DIGITS or not number.isascii() or not number.isdigit():
        raise ValueError("a card number has ten digits")
    return int(number).to_bytes(5, "big")


def number_of(data: bytes) -> str:
    return f"{int.from_bytes(data, 'big'):0{NUMBER_DIGITS}}"


def moment_bytes(at: datetime) -> bytes:
    """The second of a moment."""
    return int(at.timestamp()).to_bytes(MOMENT_BYTES, "big")


def moment_of(data: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(data, "big"), UTC)
