"""Secrets and signatures, as Standard Webhooks has them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

#: A secret has 24 to 64 bytes there.
_SECRET_BYTES = 32
_PREFIX = "whsec_"


def new_secret() -> str:
    """A new one: "whsec_…"."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(
    keys: Sequence[str], message_id: str, body: str, *, at: datetime
) -> dict[str, str]:
    """The headers by which a receiver knows that the body is ours, with a signature by each of the
    secrets. `at`: aware UTC, when it is sent: receivers take nothing that is minutes old."""
    signatures = [Webhook(key).sign(message_id, at, body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
