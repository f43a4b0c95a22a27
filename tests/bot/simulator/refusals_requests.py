"""Wrong requests of every kind but messages and rich menus."""

from collections.abc import Mapping

from .refusal_rows import (
    HELLO,
    LOADING,
    MULTICAST,
    NOBODY,
    PUSH,
    REPLY,
    Row,
    errors,
    post,
)

REQUESTS: Mapping[str, Row] = {
    # Who may ask, and in which form.
    "no token": Row(
        "ref: Status codes", "GET", "/v2/bot/info", None, 401,
        "Authorization header required. Must follow the scheme, "
        "'Authorization: Bearer <ACCESS TOKEN>'",
        headers={"Authorization": ""},
    ),
    "a wrong token": Row(
        "ref: Status codes", "GET", "/v2/bot/info", None, 401,
        "Authentication failed. Confirm that the access token in the authorization header is "
        "valid.",
        headers={"Authorization": "Bearer wrong"},
    ),
    "a form instead of JSON": Row(
        "ref: Error messages", "POST", PUSH, b"to=x", 415,
        "The content type, application/x-www-form-urlencoded, is not supported",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    "broken JSON": Row(
        "ref: Error messages", "POST", PUSH, b'{"to": ', 400,
        "The request body could not be parsed as JSON (line: 1, column: 8)",
    ),
    "more than 2 MB": Row(
        "ref: Status codes", "POST", PUSH, b" " * (2 * 1024 * 1024 + 1), 413,
        "Request exceeds the max size of 2MB",
    ),
    "an address that isn't there": post("ref: Status codes", "/v2/bot/none", {}, 404, "Not found"),
    # Replies.
    "a used reply token": post(
        "ref: Send reply message", REPLY, {"replyToken": "{used_token}", "messages": [HELLO]},
        400, "Invalid reply token",
    ),
    "an expired reply token": post(
        "ref: Send reply message", REPLY, {"replyToken": "{old_token}", "messages": [HELLO]},
        400, "Invalid reply token",
    ),
    "an unknown reply token": post(
        "ref: Send reply message", REPLY, {"replyToken": "0" * 32, "messages": [HELLO]},
        400, "Invalid reply token",
    ),
    "no reply token": post(
        "ref: Send reply message", REPLY, {"messages": [HELLO]},
        400, *errors(("must be specified", "replyToken"))[:1], ("must be specified", "replyToken"),
    ),
    "a retry key on a reply": Row(
        "guide: Retry failed API requests", "POST", REPLY,
        {"replyToken": "{token}", "messages": [HELLO]}, 400,
        "The 'X-Line-Retry-Key' header is not supported by this endpoint",
        headers={"X-Line-Retry-Key": "{fresh_key}"},
    ),
    # Pushing.
    "nobody": post(
        "ref: Send push message", PUSH, {"to": NOBODY, "messages": [HELLO]},
        400, "Failed to send messages",
    ),
    "no recipient": post(
        "ref: Send push message", PUSH, {"messages": [HELLO]},
        400, "The request body has 1 error(s)", ("must be specified", "to"),
    ),
    "a user id of another form": post(
        "ref: Send push message", PUSH, {"to": "sakura", "messages": [HELLO]},
        400, "The property, 'to', in the request body is invalid (line: -, column: -)",
    ),
    "a number as recipient": post(
        "ref: Send push message", PUSH, {"to": 5, "messages": [HELLO]},
        400, "The property, 'to', in the request body is invalid (line: -, column: -)",
    ),
    "a retry key used before": Row(
        "ref: Retrying an API request", "POST", PUSH, {"to": "{user}", "messages": [HELLO]}, 409,
        "The retry key is already accepted",
        headers={"X-Line-Retry-Key": "{used_key}"},
        answer_headers=("x-line-accepted-request-id", "x-line-request-id"),
    ),
    "a multicast's retry key used before": Row(
        "ref: Retrying an API request", "POST", MULTICAST, {"to": ["{user}"], "messages": [HELLO]},
        409, "The retry key is already accepted",
        headers={"X-Line-Retry-Key": "{used_key}"},
        answer_headers=("x-line-accepted-request-id", "x-line-request-id"),
    ),
    "a retry key that is no UUID": Row(
        "ref: Send push message", "POST", PUSH, {"to": "{user}", "messages": [HELLO]}, 400,
        "The value for the 'X-Line-Retry-Key' header is invalid",
        headers={"X-Line-Retry-Key": "123"},
    ),
    "two aggregation units": post(
        "ref: Send push message", PUSH,
        {"to": "{user}", "messages": [HELLO], "customAggregationUnits": ["a", "b"]},
        400, "The request body has 1 error(s)",
        ("Size must be between 1 and 1", "customAggregationUnits"),
    ),
    "an aggregation unit in Japanese": post(
        "ref: Send push message", PUSH,
        {"to": "{user}", "messages": [HELLO], "customAggregationUnits": ["春"]},
        400,
        "The property, 'customAggregationUnits[0]', in the request body is invalid "
        "(line: -, column: -)",
    ),
    "a word where yes or no belongs": post(
        "ref: Send push message", PUSH,
        {"to": "{user}", "messages": [HELLO], "notificationDisabled": "yes"},
        400,
        "The property, 'notificationDisabled', in the request body is invalid "
        "(line: -, column: -)",
    ),
    "501 recipients": post(
        "ref: Send multicast message", MULTICAST, {"to": [NOBODY] * 501, "messages": [HELLO]},
        400, "The request body has 1 error(s)", ("Size must be between 1 and 500", "to"),
    ),
    "a group in a multicast": post(
        "ref: Send multicast message", MULTICAST,
        {"to": ["{user}", "C" + "0" * 32], "messages": [HELLO]},
        400, "The property, 'to[1]', in the request body is invalid (line: -, column: -)",
    ),
    "one recipient, not a list": post(
        "ref: Send multicast message", MULTICAST, {"to": "{user}", "messages": [HELLO]},
        400, "The property, 'to', in the request body is invalid (line: -, column: -)",
    ),
    # Validation.
    **{
        f"six messages to validate for {kind}": post(
            f"ref: Validate message objects of a {kind} message",
            f"/v2/bot/message/validate/{kind}", {"messages": [HELLO] * 6},
            400, "The request body has 1 error(s)", ("Size must be between 1 and 5", "messages"),
        )
        for kind in ("reply", "push", "multicast", "narrowcast", "broadcast")
    },
    # Loading, profile, content, webhook.
    "4 seconds of loading": post(
        "ref: Display a loading animation", LOADING, {"chatId": "{user}", "loadingSeconds": 4},
        400, "The request body has 2 error(s)",
        ("Must be between 5 and 60", "loadingSeconds"),
        ("must be a multiple of five", "loadingSeconds"),
    ),
    "7 seconds of loading": post(
        "ref: Display a loading animation", LOADING, {"chatId": "{user}", "loadingSeconds": 7},
        400, "The request body has 1 error(s)", ("must be a multiple of five", "loadingSeconds"),
    ),
    "loading in a group": post(
        "ref: Display a loading animation", LOADING, {"chatId": "C" + "0" * 32},
        400, "The request body has 1 error(s)",
        (
            "Only user id is acceptable, please confirm if there are any group/room ids or "
            "illegal ids.",
            "chatId",
        ),
    ),
    "the profile of an impossible id": Row(
        "ref: Get profile", "GET", "/v2/bot/profile/sakura", None, 400,
        "The value for the 'userId' parameter is invalid",
    ),
    "the profile of nobody": Row(
        "ref: Get profile", "GET", f"/v2/bot/profile/{NOBODY}", None, 404, "Not found"
    ),
    "the profile of someone who blocked": Row(
        "ref: Status codes", "GET", "/v2/bot/profile/{blocked}", None, 404, "Not found"
    ),
    "content that isn't there": Row(
        "ref: Get content", "GET", "/v2/bot/message/1/content", None, 404, "not found"
    ),
    "a strange webhook": Row(
        "ref: Set webhook endpoint URL", "PUT", "/v2/bot/channel/webhook/endpoint",
        {"endpoint": "https://example.com/other"}, 400, "Invalid webhook endpoint URL",
    ),
    "a test of a strange webhook": post(
        "ref: Test webhook endpoint", "/v2/bot/channel/webhook/test",
        {"endpoint": "https://example.com/other"}, 400, "Invalid webhook endpoint URL",
    ),
}  # fmt: skip
