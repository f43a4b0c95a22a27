"""Twilio's API as far as SMS are sent by it: so that an SMS shows on the phone that is played.

Twilio, "Message resource", https://www.twilio.com/docs/messaging/api/message-resource
"""

import hmac
import json
import uuid
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, request

from .platform import Platform

VERSION = "2010-04-01"
#: Twilio takes no longer texts (error 21617).
TEXT_MAX = 1_600


def sms_blueprint(platform: Platform) -> Blueprint:
    """The one route, relative to where the API is mounted."""
    sms = Blueprint("sms", __name__)

    @sms.post(f"/{VERSION}/Accounts/<sid>/Messages.json")
    def create(sid: str) -> Response:
        if not _is_authorised(platform, sid):
            return _error(401, 20003, "Authenticate")
        to, text = request.form.get("To", ""), request.form.get("Body", "")
        sender = request.form.get("From") or request.form.get("MessagingServiceSid")
        if not sender:
            return _error(400, 21603, "A 'From' phone number is required.")
        if not text:
            return _error(400, 21602, "Message body is required.")
        if len(text) > TEXT_MAX:
            return _error(400, 21617, "The concatenated message body exceeds the limit.")
        owner = platform.phones.owner_of(to)
        if owner is None:
            return _error(400, 21211, "Invalid 'To' Phone Number")
        platform.chat.sms(owner, text, at=platform.time.now())
        return Response(json.dumps(_message(platform, sid, to, sender, text)), 201, _JSON)

    return sms


_JSON = {"Content-Type": "application/json"}


def _is_authorised(platform: Platform, sid: str) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    pair = f"{given.username}:{given.password}".encode()
    wanted = f"{platform.sms_account}:{platform.access_token}".encode()
    return sid == platform.sms_account and hmac.compare_digest(pair, wanted)


def _message(platform: Platform, sid: str, to: str, sender: str, text: str) -> dict[str, Any]:
    message, now = f"SM{uuid.uuid4().hex}", format_datetime(platform.time.now().astimezone(UTC))
    return {
        "account_sid": sid,
        "api_version": VERSION,
        "body": text,
        "date_created": now,
        "date_sent": None,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": sender,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": message,
        "status": "queued",
        "subresource_uris": {},
        "to": to,
        "uri": f"/{VERSION}/Accounts/{sid}/Messages/{message}.json",
    }


def _error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return Response(json.dumps(body), status, _JSON)
