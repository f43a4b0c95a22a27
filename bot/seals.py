"""What stands in an address and only we can read, nor change: AES-SIV (RFC 5297), as Base64url.

It is encrypted without chance, so that one thing has one address, and for one purpose alone.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

#: Longer than anything we seal.
_LENGTH_MAX = 1_000


def sealed(cipher: AESSIV, purpose: bytes, said: bytes) -> str:
    """What `said` is in an address: letters, digits, "-" and "_"."""
    return base64.urlsafe_b64encode(cipher.encrypt(said, [purpose])).rstrip(b"=").decode()


def opened(cipher: AESSIV, purpose: bytes, text: str) -> bytes | None:
    """What was sealed for `purpose`; None for any text that wasn't, with this key."""
    if not text.isascii() or len(text) > _LENGTH_MAX:
        return None
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        # The last letter holds bits that mean nothing: one thing has one address.
        if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
            return None
        return cipher.decrypt(data, [purpose])
    except (binascii.Error, ValueError, InvalidTag):
        return None
