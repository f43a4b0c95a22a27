"""What a MINI App needs of LINE: that its page is opened, and that an ID token is verified.

LINE Login v2.1 API reference, "Verify ID token"; LIFF v2 API reference, "liff.getIDToken".
"""

import base64
import hmac
import json
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .platform import Platform

#: The MINI App's channel and its page, as LINE numbers them.
CHANNEL_ID = "2000000000"
LIFF_ID = f"{CHANNEL_ID}-simulate"
#: How long an ID token is good.
_TOKEN_SECONDS = 3600
_ISSUER = "https://access.line.me"


def login_blueprint(platform: Platform) -> Blueprint:
    """The one route, relative to where the API is mounted. It asks for no access token."""
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

    return login


def id_token(platform: Platform, user_id: str, *, at: float | None = None) -> str:
    """What LINE gives the page that this account opened."""
    now = int(time.time() if at is None else at)
    said = {"iss": _ISSUER, "sub": user_id, "aud": CHANNEL_ID, "iat": now}
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encoded(json.dumps(said | {"exp": now + _TOKEN_SECONDS}).encode())
    return f"{head}.{body}.{_signature(platform, f'{head}.{body}')}"


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
