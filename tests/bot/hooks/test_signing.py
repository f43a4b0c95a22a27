"""Signatures, by the example that the standard's own library is tested with."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from bot.hooks.signing import new_secret, signed_headers

#: standard-webhooks/libraries, test_webhooks.py: "test_sign_function".
KEY, ID = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT, BODY = datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_standards_own_example_is_signed_as_it_says() -> None:
    assert signed_headers([KEY], ID, BODY, at=AT) == {
        "webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": EXPECTED,
    }  # fmt: skip


def test_each_secret_has_its_signature() -> None:
    now, keys = datetime.now(UTC), (new_secret(), new_secret())
    headers = signed_headers(keys, ID, "{}", at=now)

    for key in keys:
        assert Webhook(key).verify("{}", headers) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify("{}", headers)


def test_no_two_secrets_are_the_same() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
