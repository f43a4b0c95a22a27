"""The Messaging API as the bot calls it: what every endpoint shares, messages, people, the bot.

Served below /simulator/api, so that `Configuration(host=…/simulator/api)` of LINE's SDK finds
/v2/bot/…; the addresses of LINE's api-data host are here too, as the SDK's `host` moves both.
"""

import hmac
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, request

from . import menu_api, statistics_api
from .answers import ApiError, answer, json_body, refuse_if
from .errors import AlreadyAccepted, InvalidReplyToken, PlanUsedUp
from .people import USER_ID, Account
from .platform import BOT_ID, Platform
from .validate import ErrorBody

BODY_BYTES_MAX = 2 * 1024 * 1024
LOADING_SECONDS_DEFAULT = 20


def api_blueprint(platform: Platform) -> Blueprint:
    """Every route of the platform, relative to where the API is mounted."""
    api = Blueprint("api", __name__)
    _add_common(api, platform)
    _add_sending(api, platform)
    _add_messages(api, platform)
    _add_people(api, platform)
    _add_channel(api, platform)
    menu_api.add_routes(api, platform)
    statistics_api.add_routes(api, platform)
    return api


def _add_common(api: Blueprint, platform: Platform) -> None:
    @api.before_request
    def authorise() -> None:
        g.request_id = str(uuid.uuid4())
        request.max_content_length = None  # we answer 413 in LINE's words
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise ApiError(
                401,
                "Authorization header required. Must follow the scheme, "
                "'Authorization: Bearer <ACCESS TOKEN>'",
            )
        if not hmac.compare_digest(token.strip().encode(), platform.access_token.encode()):
            raise ApiError(
                401,
                "Authentication failed. Confirm that the access token in the authorization "
                "header is valid.",
            )
        if (request.content_length or 0) > BODY_BYTES_MAX:
            raise ApiError(413, "Request exceeds the max size of 2MB")
        _, _, path = str(request.url_rule).partition("/v2/")
        endpoint = f"{request.method} /v2/{path}"
        if not platform.rates.admit(endpoint):
            raise ApiError(429, "The API rate limit has been exceeded. Try again later.")
        if "X-Line-Retry-Key" in request.headers and endpoint not in _RETRYABLE:
            raise ApiError(400, "The 'X-Line-Retry-Key' header is not supported by this endpoint")

    @api.after_request
    def identify(response: Response) -> Response:
        response.headers["x-line-request-id"] = g.get("request_id", "")
        return response

    @api.errorhandler(ApiError)
    def refuse(error: ApiError) -> Response:
        return error.response()

    @api.route("/", methods=_ALL_METHODS)
    @api.route("/<path:_>", methods=_ALL_METHODS)
    def unknown(_: str = "") -> Response:
        raise ApiError(404, "Not found")


# LINE's "Retry failed API requests" names the endpoints; all others refuse the header.
_RETRYABLE = ("POST /v2/bot/message/push", "POST /v2/bot/message/multicast")
_ALL_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def _retry_key() -> str | None:
    key = request.headers.get("X-Line-Retry-Key")
    if key is None:
        return None
    try:
        parsed = uuid.UUID(key)
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != key.lower():
        raise ApiError(400, "The value for the 'X-Line-Retry-Key' header is invalid")
    return str(parsed)


def _messages_body(platform: Platform, request_name: str) -> Mapping[str, Any]:
    body: Mapping[str, Any] = json_body()
    refuse_if(request_name, body, http_origin=platform.http_origin)
    return body


@contextmanager
def _refusals_of_sending() -> Iterator[None]:
    """What the chat refuses, in LINE's answers."""
    try:
        yield
    except InvalidReplyToken:
        raise ApiError(400, "Invalid reply token") from None
    except PlanUsedUp:
        raise ApiError(429, "You have reached your monthly limit.") from None
    except AlreadyAccepted as error:
        raise ApiError(
            409,
            "The retry key is already accepted",
            extra={"sentMessages": error.sent} if error.sent is not None else {},
            accepted_request_id=error.request_id,
        ) from None


def _add_sending(api: Blueprint, platform: Platform) -> None:
    chat, people = platform.chat, platform.people

    @api.post("/v2/bot/message/reply")
    def reply() -> Response:
        body = _messages_body(platform, "reply")
        with _refusals_of_sending():
            sent = chat.reply(body["replyToken"], body["messages"], at=platform.time.now())
        return answer({"sentMessages": sent})

    @api.post("/v2/bot/message/push")
    def push() -> Response:
        retry_key = _retry_key()
        body = _messages_body(platform, "push")
        account = people.get(body["to"])
        if account is None:
            raise ApiError(400, "Failed to send messages")
        with _refusals_of_sending():
            sent = chat.push(
                account,
                body["messages"],
                retry_key=retry_key,
                request_id=g.request_id,
                at=platform.time.now(),
            )
        if account.reachable:
            statistics_api.note_sent(platform, body, [account])
        return answer({"sentMessages": sent})

    @api.post("/v2/bot/message/multicast")
    def multicast() -> Response:
        retry_key = _retry_key()
        body = _messages_body(platform, "multicast")
        known = (people.get(user_id) for user_id in dict.fromkeys(body["to"]))
        accounts: list[Account] = [account for account in known if account is not None]
        friends = [account for account in accounts if account.status == "friend"]
        with _refusals_of_sending():
            chat.multicast(
                friends,
                body["messages"],
                retry_key=retry_key,
                request_id=g.request_id,
                at=platform.time.now(),
            )
        statistics_api.note_sent(platform, body, friends)
        return answer({})


def _add_messages(api: Blueprint, platform: Platform) -> None:
    chat, people = platform.chat, platform.people

    @api.post("/v2/bot/message/validate/<any(reply, push, multicast, narrowcast, broadcast):_>")
    def validate(_: str) -> Response:
        _messages_body(platform, "validate")
        return answer({})

    @api.get("/v2/bot/message/quota")
    def quota() -> Response:
        plan = chat.plan()
        return answer({"type": "none"} if plan is None else {"type": "limited", "value": plan})

    @api.get("/v2/bot/message/quota/consumption")
    def consumption() -> Response:
        return answer({"totalUsage": chat.used(platform.time.now())})

    @api.get("/v2/bot/message/<int:message_id>/content")
    def content(message_id: int) -> Response:
        found = chat.content(message_id)
        if found is None:
            raise ApiError(404, "not found")
        return Response(found[1], content_type=found[0])

    @api.post("/v2/bot/chat/markAsRead")
    def mark_as_read() -> Response:
        token = json_body().get("markAsReadToken")
        if not isinstance(token, str) or not platform.chat.mark_read(token):
            raise ApiError(400, "Invalid markAsReadToken")
        return answer({})

    @api.post("/v2/bot/chat/loading/start")
    def loading() -> Response:
        body = json_body()
        refuse_if("loading", body, http_origin=None)
        if not USER_ID.fullmatch(body["chatId"]):
            raise ApiError.of(ErrorBody("The request body has 1 error(s)", (_ONLY_USERS,)))
        seconds = body.get("loadingSeconds") or LOADING_SECONDS_DEFAULT
        people.show_loading(body["chatId"], time.time() + seconds)
        return answer({}, 202)


_ONLY_USERS = (
    "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.",
    "chatId",
)


def _add_people(api: Blueprint, platform: Platform) -> None:
    @api.get("/v2/bot/profile/<user_id>")
    def profile(user_id: str) -> Response:
        if not USER_ID.fullmatch(user_id):
            raise ApiError(400, "The value for the 'userId' parameter is invalid")
        account = platform.people.get(user_id)
        if account is None or not account.reachable:
            raise ApiError(404, "Not found")
        return answer(
            {
                "displayName": account.display_name,
                "userId": user_id,
                "language": account.language,
            }
        )


def _add_channel(api: Blueprint, platform: Platform) -> None:
    @api.get("/v2/bot/info")
    def info() -> Response:
        return answer(
            {
                "userId": platform.bot_user_id,
                "basicId": BOT_ID,
                "displayName": platform.bot_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    @api.get("/v2/bot/channel/webhook/endpoint")
    def endpoint() -> Response:
        return answer({"endpoint": platform.webhooks.url, "active": True})

    @api.put("/v2/bot/channel/webhook/endpoint")
    def set_endpoint() -> Response:
        """Only to where the bot is known to be: whoever plays LINE here calls nobody else."""
        body = json_body()
        refuse_if("webhook endpoint", body, http_origin=None)
        if not platform.webhooks.knows(body["endpoint"]):
            raise ApiError(400, "Invalid webhook endpoint URL")
        platform.webhooks.url = body["endpoint"]
        return answer({})

    @api.post("/v2/bot/channel/webhook/test")
    def test_webhook() -> Response:
        body = json_body()
        refuse_if("webhook test", body, http_origin=None)
        url = body.get("endpoint") or platform.webhooks.url
        if not platform.webhooks.knows(url):
            raise ApiError(400, "Invalid webhook endpoint URL")
        delivery = platform.webhooks.ping(url)
        return answer(
            {
                "success": delivery.ok,
                "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "statusCode": delivery.status or 0,
                "reason": delivery.error or "OK",
                "detail": str(delivery.status or delivery.error),
            }
        )
