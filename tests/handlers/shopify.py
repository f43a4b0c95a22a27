"""A shop on Shopify, played on a real port here: its orders, its API, and how it signs."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sellers.shopify import Shopify
from tests.loopback import Quiet, on_loopback

DOMAIN = "kissaten.myshopify.com"
CLIENT, SECRET, TOKEN = "a-client-id", "a-client-secret", "shpat_a-token"


@dataclass
class PlayedShop:
    """The shop."""

    url: str = ""
    #: As they are now, by id.
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    #: What was asked, without the version.
    asked: list[str] = field(default_factory=list)
    #: The tokens that it takes.
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    #: What it answers instead: status and headers.
    instead: tuple[int, dict[str, str]] | None = None
    page_size: int = 250

    @property
    def adapter(self) -> Shopify:
        return Shopify(base=self.url)

    def sells(self, order: dict[str, Any]) -> dict[str, Any]:
        self.orders[order["id"]] = deepcopy(order)
        return order

    def answer(self, method: str, target: str, token: str, body: Any) -> tuple[int, Any, str]:
        """Status, JSON and Link."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = url.path.removeprefix("/admin/").partition("/")[2]
        self.asked.append(f"{method} {path.partition('/')[2] or path}")
        if path == "access_token":
            is_known = (body["client_id"], body["client_secret"]) == (CLIENT, SECRET)
            if not is_known or body["grant_type"] != "client_credentials":
                return 400, {"error": "application_cannot_be_found"}, ""
            return 200, {"access_token": TOKEN, "scope": "read_orders", "expires_in": 86399}, ""
        if token not in self.tokens:
            return 401, {"errors": "[API] Invalid API key or access token"}, ""
        return self._said(method, path.partition("/")[2], query, body)

    def _said(
        self, method: str, path: str, query: dict[str, str], body: Any
    ) -> tuple[int, Any, str]:
        if path == "shop.json":
            return 200, {"shop": {"name": "喫茶かよい", "myshopify_domain": DOMAIN}}, ""
        if path == "webhooks.json" and method == "POST":
            self.webhooks.append(body["webhook"])
            return 201, body, ""
        if path == "webhooks.json":
            return 200, {"webhooks": self.webhooks}, ""
        if path != "orders.json":
            return 404, {"errors": "Not Found"}, ""
        return self._list(query)

    def _list(self, query: dict[str, str]) -> tuple[int, Any, str]:
        if "ids" in query:
            ids = [int(each) for each in query["ids"].split(",")]
            return 200, {"orders": [self.orders[i] for i in ids if i in self.orders]}, ""
        begin, since = 0, query.get("updated_at_min", "")
        if cursor := query.get("page_info"):
            # A page's address says nothing else.
            assert set(query) == {"limit", "page_info"}, query
            begin, since = json.loads(base64.urlsafe_b64decode(cursor))
        else:
            assert (query["status"], query["order"]) == ("any", "updated_at asc")
        known = sorted(self.orders.values(), key=lambda each: _at(each["updated_at"]))
        found = [each for each in known if _at(each["updated_at"]) >= _at(since)]
        end = begin + min(self.page_size, int(query["limit"]))
        link = ""
        if end < len(found):
            cursor = base64.urlsafe_b64encode(json.dumps([end, since]).encode()).decode()
            link = (
                f'<https://{DOMAIN}/admin/api/x/orders.json?limit=9&page_info={cursor}>; rel="next"'
            )
        return 200, {"orders": found[begin:end]}, link


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def signed_headers(
    body: bytes, secret: str = SECRET, topic: str = "orders/updated"
) -> dict[str, str]:
    """Those with which Shopify sends a message."""
    made = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(made).decode(),
        "X-Shopify-Shop-Domain": DOMAIN,
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }


def sale(
    order_id: int, at: datetime, *, card: str = "", yen: int = 1_000, **more: Any
) -> dict[str, Any]:
    """An order as Shopify writes it: two pieces of one thing and a gift card, with tax in the
    prices."""
    beans = {
        "id": order_id * 10 + 1, "title": "深煎り豆", "sku": "B-200", "quantity": 2,
        "price": str(yen // 2), "tax_lines": [{"price": str(yen * 8 // 108)}],
        "discount_allocations": [],
    }  # fmt: skip
    gift = {
        "id": order_id * 10 + 2, "title": "ギフトカード", "sku": None, "quantity": 1,
        "price": "500", "gift_card": True,
    }  # fmt: skip
    told = {
        "id": order_id, "name": f"#{order_id}", "created_at": at.isoformat(),
        "processed_at": at.isoformat(), "updated_at": at.isoformat(), "cancelled_at": None,
        "currency": "JPY", "financial_status": "paid", "taxes_included": True, "test": False,
        "line_items": [beans, gift], "shipping_lines": [], "refunds": [],
        "note_attributes": [{"name": "kayoi_card", "value": card}] if card else [],
    }  # fmt: skip
    return told | more


def refund(order: dict[str, Any], refund_id: int, at: datetime, pieces: int = 1) -> dict[str, Any]:
    """Pieces of an order's first line that went back, for what was paid for them."""
    line = order["line_items"][0]
    worth = int(line["price"]) * pieces
    return {
        "id": refund_id, "order_id": order["id"], "created_at": at.isoformat(),
        "processed_at": at.isoformat(), "order_adjustments": [],
        "refund_line_items": [
            {"line_item_id": line["id"], "quantity": pieces, "subtotal": worth, "total_tax": 0}
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": str(worth), "currency": "JPY"}
        ],
    }  # fmt: skip


@contextmanager
def shop_on_loopback() -> Iterator[PlayedShop]:
    shop = PlayedShop()

    class Handler(Quiet, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            self._answer("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, method: str, body: Any) -> None:
            token = self.headers.get("X-Shopify-Access-Token", "")
            status, said, link = shop.answer(method, self.path, token, body)
            headers = {"Link": link} if link else {}
            if shop.instead is not None:
                status, headers = shop.instead
            sent = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(sent))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

    with on_loopback(Handler) as shop.url:
        yield shop
