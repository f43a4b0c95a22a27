"""What a MINI App needs of LINE: that its page is opened, and that an ID token is verified; and
what LINE tells of a channel to who has its access token, or its secret.

LINE Login v2.1 API reference, "Verify ID token"; LIFF v2 API reference, "liff.getIDToken";
Messaging API reference, "Verify the validity of short-lived and long-lived channel access tokens",
"Issue stateless channel access token".
"""

import base64
import hmac
import json
import secrets
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .platform import Platform

#: The MINI App's channel and its page, as LINE numbers them.
CHANNEL_ID = "2000000000"
LIFF_ID = f"{CHANNEL_ID}-simulate"
#: How long an ID token is good.
_TOKEN_SECONDS = 3600
#: The bot's own channel, and for how long what is given for its secret is good.
BOT_CHANNEL_ID = "1000000000"
_STATELESS_SECONDS = 900
_ISSUER = "https://access.line.me"


def login_blueprint(platform: Platform) -> Blueprint:
    """The routes, relative to where the API is mounted. They ask for no access token."""
    login = Blueprint("login", __name__)

    @login.post("/oauth2/v2.1/verify")
    def verify() -> tuple[Response, int]:
        said = _opened(platform, request.form.get("id_token", ""))
        if said is None:
            return _refused("Invalid IdToken.")
        if said["exp"] < time.time():
            return _refused("IdToken expired.")
        if said["aud"] != request.form.get("client_id"):
            return _refused("Invalid IdToken Audience.")
        return jsonify(said), 200

    @login.post("/v2/oauth/verify")
    def verify_access() -> tuple[Response, int]:
        if not _same(request.form.get("access_token", ""), platform.access_token):
            return _refused("access token expired")
        return jsonify(client_id=BOT_CHANNEL_ID, expires_in=2_591_659, scope="P CM"), 200

    @login.post("/oauth2/v3/token")
    def stateless() -> tuple[Response, int]:
        is_channel = request.form.get("client_id") == BOT_CHANNEL_ID
        if not is_channel or not _same(
            request.form.get("client_secret", ""), platform.webhooks.secret
        ):
            return _refused("invalid client_secret")
        given = {"token_type": "Bearer", "expires_in": _STATELESS_SECONDS}
        return jsonify(given | {"access_token": secrets.token_urlsafe(64)}), 200

    return login


def id_token(platform: Platform, user_id: str, *, at: float | None = None) -> str:
    """What LINE gives the page that this account opened."""
    now = int(time.time() if at is None else at)
    said = {"iss": _ISSUER, "sub": user_id, "aud": CHANNEL_ID, "iat": now}
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encoded(json.dumps(said | {"exp": now + _TOKEN_SECONDS}).encode())
    return f"{head}.{body}.{_signature(platform, f'{head}.{body}')}"


def _same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode(), own.encode())


def _opened(platform: Platform, token: str) -> dict[str, Any] | None:
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_signature(platform, signed).encode(), signature.encode()):
        return None
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    return said


def _signature(platform: Platform, signed: str) -> str:
    return _encoded(hmac.digest(platform.access_token.encode(), signed.encode(), "sha256"))


def _encoded(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _refused(why: str) -> tuple[Response, int]:
    return jsonify(error="invalid_request", error_description=why), 400
