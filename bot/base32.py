"""Bytes as letters and back: RFC 4648's Base32 for scanners, Crockford's for whoever types."""

import base64
import binascii

from rules.characters import letters_and_digits

#: Without I, L, O and U, which are read and typed as 1, 0 and V (https://www.crockford.com/base32.html).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
#: Five bytes are eight letters.
TYPED_BYTES, _TYPED_LENGTH = 5, 8
#: Nothing longer is ever one of our codes.
CODE_LENGTH_MAX = 400


def plain(code: str) -> str:
    """The letters and digits of `code` as a scanner should have sent them, whatever their case,
    width, spaces and hyphens; "" if it is too long."""
    if len(code) > CODE_LENGTH_MAX:
        return ""
    return letters_and_digits(code)


def encoded(data: bytes) -> str:
    """`data` in RFC 4648's Base32, without padding."""
    return base64.b32encode(data).rstrip(b"=").decode()


def decoded(code: str) -> bytes | None:
    """What `encoded` made it from, in any spelling that `plain` forgives; None for what is none."""
    text = plain(code)
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    # The last letter holds bits that mean nothing: one card has one code.
    return data if encoded(data) == text else None


def to_type(data: bytes) -> str:
    """Five bytes as eight letters of Crockford's Base32."""
    bits = int.from_bytes(data, "big")
    return "".join(_ALPHABET[bits >> place & 31] for place in range(35, -1, -5))


def typed(code: str) -> bytes | None:
    """The five bytes of what was typed, the misread I, L and O forgiven; None for what is none."""
    letters = plain(code).translate(_MISREAD)
    if len(letters) != _TYPED_LENGTH or not set(letters) <= set(_ALPHABET):
        return None
    bits = 0
    for letter in letters:
        bits = bits << 5 | _ALPHABET.index(letter)
    return bits.to_bytes(TYPED_BYTES, "big")
