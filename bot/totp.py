"""The codes that an authenticator app shows (TOTP, RFC 6238): six digits, new ones every 30 s."""

from datetime import datetime

import pyotp

_STEP_SECONDS = 30
#: Telephones' clocks are off by less, and people type for a while (RFC 6238, section 5.2).
_STEPS_OFF_MAX = 1


def new_secret() -> str:
    """What the app and we share: 160 bits, in Base32."""
    return pyotp.random_base32()


def app_link(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth:// link that a QR tells the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """Which 30 seconds have that code, by `at` and one more at most; None if none have. Those up to
    `after` are over: a code that was used is good no more."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // _STEP_SECONDS
    for step in range(now - _STEPS_OFF_MAX, now + _STEPS_OFF_MAX + 1):
        is_over = after is not None and step <= after
        if pyotp.utils.strings_equal(totp.generate_otp(step), code) and not is_over:
            return step
    return None
