"""Square's webhooks, ordered by its API: which events go where, and the key that signs them.

github.com/square/connect-api-specification (api.json), ListWebhookSubscriptions,
CreateWebhookSubscription, RetrieveWebhookSubscription and UpdateWebhookSubscription: the key is
said of a new one, and of one that is asked for by itself. Only a personal access token may ask.
"""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from .adapter import SellerError
from .square_asking import VERSION, SquareAsker, part_of

ORDERS = ("order.created", "order.updated", "order.fulfillment.updated")
PAYMENTS = ("payment.created", "payment.updated")
REFUNDS = ("refund.created", "refund.updated")
_EVENTS = (*ORDERS, *PAYMENTS, *REFUNDS)
_PATH = "/v2/webhooks/subscriptions"
#: An application has few; a list that never ends is none.
_PAGES_MAX = 10


def subscribe(asker: SquareAsker, url: str) -> str:
    """Has it tell `url` of orders, where it doesn't yet; gives the key that it signs with."""
    known = _there(asker, url)
    if known is None:
        wanted = {
            "name": "Kayoi", "event_types": list(_EVENTS), "notification_url": url,
            "api_version": VERSION,
        }  # fmt: skip
        return _key(asker.post(_PATH, {"idempotency_key": str(uuid4()), "subscription": wanted}))
    path = f"{_PATH}/{quote(str(known.get('id')), safe='')}"
    events = part_of(known, "event_types", list) or []
    if known.get("enabled") is not True or not set(_EVENTS) <= set(events):
        more = list(dict.fromkeys([*events, *_EVENTS]))
        asker.post(path, {"subscription": {"enabled": True, "event_types": more}}, method="PUT")
    return _key(asker.get(path))


def _there(asker: SquareAsker, url: str) -> dict[str, Any] | None:
    asked = {"include_disabled": "true"}
    for _ in range(_PAGES_MAX):
        said = asker.get(_PATH, asked)
        for each in part_of(said, "subscriptions", list) or []:
            if isinstance(each, dict) and each.get("notification_url") == url:
                return each
        cursor = part_of(said, "cursor", str)
        if not cursor:
            return None
        asked = {"include_disabled": "true", "cursor": cursor}
    raise SellerError("nonsense")


def _key(said: Any) -> str:
    key = part_of(part_of(said, "subscription", dict), "signature_key", str)
    if not key:
        raise SellerError("nonsense")
    return str(key)
