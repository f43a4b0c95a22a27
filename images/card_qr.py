"""The QR code of a card (ISO/IEC 18004), always version 6-M in alphanumeric mode with mask 2.

All that differs from card to card are the data and their error correction. So everything else is
asked of segno once, and a card's own modules are put into it: ten times as fast as a whole encoder.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter

import segno
from PIL import Image

from .qr import QUIET_ZONE

CARD_VERSION = 6
_SIDE = 17 + 4 * CARD_VERSION
#: A card's QR with its margin is so many modules wide.
CARD_MODULES = _SIDE + 2 * QUIET_ZONE
#: The most characters that fit.
CODE_LENGTH_MAX = 154

_MASK = 2
_TIMING, _ALIGNMENT = 6, 34
_ALPHABET = {
    char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
}
#: Table 9 of the standard for 6-M: four blocks of 27 codewords, each with 16 to correct them.
_BLOCKS, _DATA, _CORRECTION = 4, 27, 16
_BITS = 8 * _BLOCKS * (_DATA + _CORRECTION)
_PADDING = (0xEC, 0x11)
_FIELD = 0x11D
_CORRECTION_BITS = 8 * _CORRECTION
#: A module's bit, 0 or 1 (dark), is written as "0" or "1"; this makes it a shade of grey.
_SHADES = bytes(255 if value in (0, ord("0")) else 0 for value in range(256))

_Place = Callable[[bytes], tuple[int, ...]]


def card_qr(code: str, *, module: int) -> Image.Image:
    """The QR of a card's code in black on white ("L"), `module` pixels each, margin included.

    ValueError when the code has more than 154 characters, or others than capital letters, digits
    and " $%*+-./:".
    """
    place, inverted = _frame()
    # The last two are what a place without data of its own is filled from: light and dark.
    bits = f"{_codewords(code):0{_BITS}b}".encode() + b"01"
    modules = int.from_bytes(bytes(place(bits)), "big") ^ inverted
    grey = modules.to_bytes(CARD_MODULES**2, "big").translate(_SHADES)
    side = CARD_MODULES * module
    return Image.frombytes("L", (CARD_MODULES, CARD_MODULES), grey).resize(
        (side, side), Image.Resampling.NEAREST
    )


def _codewords(code: str) -> int:
    """All 172 codewords in the order in which they are placed, as one number."""
    data = _data(code)
    blocks = [data[_DATA * n : _DATA * (n + 1)] for n in range(_BLOCKS)]
    corrections = [_correction(block) for block in blocks]
    words = [word for words in zip(*blocks, strict=True) for word in words]
    words += [word for words in zip(*corrections, strict=True) for word in words]
    return int.from_bytes(bytes(words), "big")


def _data(code: str) -> bytes:
    """Mode, length, two characters to 11 bits, the end, and padding."""
    if len(code) > CODE_LENGTH_MAX:
        raise ValueError(f"a card's code has at most {CODE_LENGTH_MAX} characters")
    try:
        values = [_ALPHABET[char] for char in code]
    except KeyError:
        raise ValueError("a card's code may only have letters and digits") from None
    bits, length = 0b0010 << 9 | len(values), 13
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits, length = bits << 11 | first * 45 + second, length + 11
    if len(values) % 2:
        bits, length = bits << 6 | values[-1], length + 6
    room = 8 * _BLOCKS * _DATA
    end = min(4, room - length)
    end += -(length + end) % 8
    data = (bits << end).to_bytes((length + end) // 8, "big")
    missing = room // 8 - len(data)
    return data + bytes(_PADDING[n % 2] for n in range(missing))


def _correction(block: bytes) -> bytes:
    """The Reed-Solomon remainder of a block."""
    steps, rest = _steps(), 0
    for word in block:
        lead = rest >> (_CORRECTION_BITS - 8) ^ word
        rest = (rest << 8 & (1 << _CORRECTION_BITS) - 1) ^ steps[lead]
    return rest.to_bytes(_CORRECTION, "big")


@lru_cache(maxsize=1)
def _steps() -> list[int]:
    """What each leading codeword takes off: the generator polynomial times it, as one number."""
    generator = [1]
    root = 1
    for _ in range(_CORRECTION):
        shifted, times = [*generator, 0], [0, *(_times(root, factor) for factor in generator)]
        generator = [a ^ b for a, b in zip(shifted, times, strict=True)]
        root = _times(root, 2)
    return [
        int.from_bytes(bytes(_times(lead, factor) for factor in generator[1:]), "big")
        for lead in range(256)
    ]


def _times(one: int, other: int) -> int:
    """The product in the field of 256 elements."""
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = one << 1 ^ (_FIELD if one & 0x80 else 0)
        other >>= 1
    return product


@lru_cache(maxsize=1)
def _frame() -> tuple[_Place, int]:
    """Which bit each module is filled from, margin included, and which modules the mask inverts."""
    model = segno.make_qr(
        "K", version=CARD_VERSION, error="m", mode="alphanumeric", mask=_MASK, boost_error=False
    )
    dark = [list(row) for row in model.matrix_iter(1, QUIET_ZONE)]
    source = [[_BITS + is_dark for is_dark in row] for row in dark]
    inverted = [[0] * CARD_MODULES for _ in range(CARD_MODULES)]
    for bit, (column, row) in enumerate(_zigzag()):
        x, y = column + QUIET_ZONE, row + QUIET_ZONE
        # What is left over after the last codeword is light.
        source[y][x] = bit if bit < _BITS else _BITS
        inverted[y][x] = int(column % 3 == 0)
    flat = [bit for row in source for bit in row]
    return itemgetter(*flat), int.from_bytes(bytes(bit for row in inverted for bit in row), "big")


def _zigzag() -> Iterator[tuple[int, int]]:
    """The places of the data, two columns at a time from the right, up and down by turns."""
    # The column of the vertical timing pattern is passed over.
    pairs = [right if right > _TIMING else right - 1 for right in range(_SIDE - 1, 0, -2)]
    for turn, right in enumerate(pairs):
        rows = range(_SIDE) if turn % 2 else range(_SIDE - 1, -1, -1)
        for row in rows:
            yield from ((x, row) for x in (right, right - 1) if not _is_fixed(x, row))


def _is_fixed(x: int, y: int) -> bool:
    """Whether the module belongs to a pattern or to the format: the same on every card."""
    corner = (x < 9 and y < 9) or (x < 9 and y >= _SIDE - 8) or (x >= _SIDE - 8 and y < 9)
    aligns = abs(x - _ALIGNMENT) <= 2 and abs(y - _ALIGNMENT) <= 2
    return corner or aligns or _TIMING in (x, y)
