"""Shopify: signed webhooks, and the REST Admin API with an app's token.

Shopify, "Verify webhooks", "Using the client credentials grant", "REST Admin API reference: Order,
Webhook", version 2026-07; a version that is no more is answered by the oldest that is.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import ValidationError

from rules.characters import one_width
from rules.orders.heard import HeardOrders
from rules.orders.shopify import heard_order, heard_refund
from rules.orders.shopify_said import ID_END, ShopifyOrder, ShopifyRefund

from .adapter import Notice, SellerError, SellerLogin, SellerPage, UnreadableMessage, parsed
from .wire import SellerAnswer, SellerWire

VERSION = "2026-07"
TOPICS = (
    "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/edited",
    "refunds/create",
)  # fmt: skip
#: So many orders are asked for at once.
PAGE = 100
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com")
_ADMIN = "admin.shopify.com/store/"
_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="?next"?')
#: "page_info" is one word of Base64.
_CURSOR = re.compile(r"[A-Za-z0-9_=+/.-]{1,2000}")
#: The headers' names since 2026, and those of before.
_PREFIXES = ("shopify-", "x-shopify-")


@dataclass(frozen=True, slots=True)
class Shopify:
    """Shops on Shopify. `base`: where all of them are, in the tests."""

    base: str = ""
    wire: SellerWire = field(default_factory=SellerWire)
    system: str = "shopify"

    def account(self, typed: str) -> str | None:
        """The shop's domain at Shopify, of whatever is copied from its admin."""
        text = one_width(typed).strip().lower().removeprefix("https://").removeprefix("http://")
        host = text.removeprefix(_ADMIN).partition("/")[0].partition("?")[0]
        domain = host if "." in host else f"{host}.myshopify.com"
        return domain if _DOMAIN.fullmatch(domain) else None

    def is_genuine(self, notice: Notice, secret: str) -> bool:
        given = _header(notice, "hmac-sha256").encode("utf-8", "replace")
        made = hmac.new(secret.encode(), notice.body, hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(made), given)

    def heard(self, login: SellerLogin, notice: Notice) -> HeardOrders:
        """By what it looks like: the topic isn't signed. Nor is the shop's domain, but where one
        app is in two shops it tells whose address was pasted into which."""
        domain = _header(notice, "shop-domain").lower()
        if domain and domain != login.account:
            return HeardOrders(problem="account")
        said = parsed(notice.body)
        if not isinstance(said, dict):
            raise UnreadableMessage
        if isinstance(edit := said.get("order_edit"), dict):
            return HeardOrders(hints=(_id(edit.get("order_id")),))
        if "refund_line_items" in said:
            return _mapped(said, is_refund=True)
        if "line_items" in said and "financial_status" in said:
            return _mapped(said)
        return HeardOrders()

    def who(self, login: SellerLogin) -> str:
        said = self._get(login, "shop.json").said
        shop = said.get("shop") if isinstance(said, dict) else None
        return str(shop.get("name", "")) if isinstance(shop, dict) else ""

    def subscribe(self, login: SellerLogin, url: str) -> str:
        """Has the shop tell `url` of orders, where it doesn't yet. It signs with its own secret."""
        return replace(self, wire=self.wire.of_one_task())._subscribed(login, url)

    def _subscribed(self, login: SellerLogin, url: str) -> str:
        token = self._token(login)
        said = self._get(login, "webhooks.json?limit=250", token=token).said
        known = said.get("webhooks") if isinstance(said, dict) else None
        if not isinstance(known, list) or not all(isinstance(each, dict) for each in known):
            raise SellerError("nonsense")
        there = {each.get("topic") for each in known if each.get("address") == url}
        for topic in TOPICS:
            if topic not in there:
                wanted = {"webhook": {"topic": topic, "address": url, "format": "json"}}
                headers = {"X-Shopify-Access-Token": token}
                self.wire.ask("POST", self._url(login, "webhooks.json"), headers, body=wanted)
        return login.secret

    def fetch(self, login: SellerLogin, order_ids: Sequence[str]) -> HeardOrders:
        asked = urlencode({"status": "any", "limit": PAGE, "ids": ",".join(order_ids)})
        return _listed(self._get(login, f"orders.json?{asked}"))

    def changed(self, login: SellerLogin, since: datetime, cursor: str) -> SellerPage:
        asked: dict[str, Any] = {"limit": PAGE, "page_info": cursor}
        if not cursor:
            at = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            asked = {
                "limit": PAGE, "status": "any", "updated_at_min": at, "order": "updated_at asc",
            }  # fmt: skip
        answer = self._get(login, f"orders.json?{urlencode(asked)}")
        return SellerPage(_listed(answer), _cursor(answer.headers))

    def _get(self, login: SellerLogin, path: str, *, token: str = "") -> SellerAnswer:
        headers = {"X-Shopify-Access-Token": token or self._token(login)}
        return self.wire.ask("GET", self._url(login, path), headers)

    def _url(self, login: SellerLogin, path: str) -> str:
        return f"{self._host(login)}/admin/api/{VERSION}/{path}"

    def _host(self, login: SellerLogin) -> str:
        if not _DOMAIN.fullmatch(login.account):
            raise SellerError("nonsense")
        return self.base or f"https://{login.account}"

    def _token(self, login: SellerLogin) -> str:
        """That of an app of the shop's admin; else one for a day, by the app's id and secret."""
        if login.token:
            return login.token
        asked = {
            "grant_type": "client_credentials", "client_id": login.client,
            "client_secret": login.secret,
        }  # fmt: skip
        url = f"{self._host(login)}/admin/oauth/access_token"
        try:
            said = self.wire.ask("POST", url, {}, body=asked).said
        except SellerError as problem:
            # It says 400 of an app that it doesn't know, or that isn't installed.
            if problem.trouble == "nonsense":
                raise SellerError("unauthorized") from None
            raise
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SellerError("nonsense")
        return token


def _header(notice: Notice, name: str) -> str:
    found = (notice.headers.get(f"{prefix}{name}", "") for prefix in _PREFIXES)
    return next((each.strip() for each in found if each), "")


def _id(told: Any) -> str:
    if not isinstance(told, int) or not 0 < told < ID_END:
        raise UnreadableMessage
    return str(told)


def _mapped(said: Any, *, is_refund: bool = False) -> HeardOrders:
    try:
        if is_refund:
            return heard_refund(ShopifyRefund.model_validate(said))
        return heard_order(ShopifyOrder.model_validate(said))
    except (ValidationError, ArithmeticError, OverflowError):
        raise UnreadableMessage from None


def _listed(answer: SellerAnswer) -> HeardOrders:
    """All orders of a list; of one that can't be read only that there is one."""
    said = answer.said.get("orders") if isinstance(answer.said, dict) else None
    if not isinstance(said, list):
        raise SellerError("nonsense")
    found: list[HeardOrders] = []
    for each in said:
        try:
            found.append(_mapped(each))
        except UnreadableMessage:
            found.append(HeardOrders(problem="unreadable"))
    return HeardOrders(
        tuple(order for each in found for order in each.orders),
        tuple(goods for each in found for goods in each.returns),
        newest=max((each.newest for each in found if each.newest), default=None),
        problem=next((each.problem for each in found if each.problem), None),
    )


def _cursor(headers: Mapping[str, str]) -> str:
    """Where the list goes on; of the address only that is taken."""
    link = _NEXT.search(headers.get("link", ""))
    if link is None:
        return ""
    found = parse_qs(urlsplit(link[1]).query).get("page_info", [""])[0]
    return found if _CURSOR.fullmatch(found) else ""
