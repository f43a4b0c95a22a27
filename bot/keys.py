"""What is derived from a `SECRET_KEY`: a key for each kind of code, so that one kind can never pass
for another (HKDF-SHA256, RFC 5869)."""

import hashlib
from functools import cache, partial

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Keys:
    """The keys of one `SECRET_KEY`."""

    def __init__(self, secret_key: str) -> None:
        # To derive one takes longer than to sign with it.
        self._derived = cache(partial(_derived, secret_key.encode()))
        #: Encrypts what the address of a picture says (AES-SIV, RFC 5297).
        self.picture = AESSIV(self.key("picture", 64))
        #: Encrypts what other addresses, or the database, would tell of somebody.
        self.address = AESSIV(self.key("address", 64))
        self._card = Ed25519PrivateKey.from_private_bytes(self.key("card"))
        self._verifier = self._card.public_key()
        #: Stands on each card and says whose signature it has: 4 bytes.
        self.card_id = hashlib.sha256(self.public_key()).digest()[:4]

    def key(self, purpose: str, length: int = 32) -> bytes:
        """`length` bytes for one purpose alone."""
        return self._derived(purpose, length)

    def sign_card(self, said: bytes) -> bytes:
        """The Ed25519 signature (RFC 8032) of what a card says: 64 bytes."""
        return self._card.sign(said)

    def signed_card(self, signature: bytes, said: bytes) -> bool:
        try:
            self._verifier.verify(signature, said)
        except InvalidSignature:
            return False
        return True

    def public_key(self) -> bytes:
        """The 32 bytes (RFC 8032) with which anybody can check a card's signature."""
        return self._verifier.public_bytes_raw()


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    info = b"kayoi 1 " + purpose.encode()
    return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret)
