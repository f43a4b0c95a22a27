"""A shop that sells with Square: its orders, refunds and customers as Square's APIs say them, and
the webhooks that it sends. On a real port, it answers as Square does.

The shapes are those of the examples in github.com/square/connect-api-specification (api.json:
RetrieveOrderResponse, RefundUpdatedEvent, PaymentUpdatedEvent, BulkRetrieveCustomersResponse) and
of https://developer.squareup.com/docs/orders-api/order-returns-exchanges.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Quiet, on_loopback

Said = dict[str, Any]
APPLICATION, TOKEN, SIGNATURE_KEY = (
    "sq0idp-kayoi-test-0001",
    "EAAA-token",
    "key-of-the-subscription",
)
START = datetime.fromisoformat("2026-01-07T10:00:00+09:00")


def yen(amount: int) -> Said:
    return {"amount": amount, "currency": "JPY"}


def line(uid: str, amount: int, quantity: str = "1", **more: object) -> Said:
    """A line of a sale, as dear as it says in all."""
    return {
        "uid": uid, "name": f"名前{uid}", "quantity": quantity, "item_type": "ITEM",
        "catalog_object_id": f"ITEM-{uid}", "total_money": yen(amount),
        "total_tax_money": yen(amount * 10 // 110),
    } | more  # fmt: skip


def returned(uid: str, amount: int, quantity: str = "1") -> Said:
    """A line that came back, and what was paid for it."""
    return line(f"r-{uid}", amount, quantity) | {"source_line_item_uid": uid}


#: What is paid back without goods: the line names none.
def paid_back(amount: int) -> Said:
    return {
        "uid": "custom", "quantity": "1", "item_type": "CUSTOM_AMOUNT", "total_money": yen(amount),
    }  # fmt: skip


@dataclass
class SquareShop:
    """Everything that the account knows. Each change is a second after the one before."""

    now: datetime = START
    location: str = "L-EKIMAE"
    orders: dict[str, Said] = field(default_factory=dict)
    refunds: dict[str, Said] = field(default_factory=dict)
    customers: dict[str, Said] = field(default_factory=dict)
    #: Every webhook that was sent, the oldest first.
    events: list[Said] = field(default_factory=list)

    def customer(self, name: str, **said: str) -> str:
        self.customers[name] = {"id": name, "creation_source": "DIRECTORY"} | said
        return name

    def sells(self, name: str, *lines: Said, **more: Any) -> str:
        """At the till: paid at once."""
        total = sum(each["total_money"]["amount"] for each in lines)
        self._put(name, line_items=list(lines), total_money=yen(total), **more)
        return self.pays(name) if more.get("state", "COMPLETED") == "COMPLETED" else name

    def pays(self, name: str, *, closes: bool = True, **card: str) -> str:
        order = self.orders[name]
        self._tick()
        status = card.get("status", "CAPTURED")
        tender = {
            "id": f"pay-{name}", "payment_id": f"pay-{name}", "type": "CARD",
            "amount_money": order["total_money"], "created_at": self._time,
            "card_details": {"status": status},
        }  # fmt: skip
        self._change(
            name,
            tenders=[tender],
            **({"state": "COMPLETED", "closed_at": self._time} if closes else {}),
        )
        self._sent("payment.updated", "payment", f"pay-{name}", {"order_id": name})
        return name

    def edits(self, name: str, *lines: Said) -> None:
        total = sum(each["total_money"]["amount"] for each in lines)
        self._tick()
        self._change(name, line_items=list(lines), total_money=yen(total))

    def cancels(self, name: str) -> None:
        self._tick()
        self._change(name, state="CANCELED", closed_at=self._time)

    def takes_back(
        self, name: str, of: str, *lines: Said, status: str = "PENDING", **more: Any
    ) -> str:
        """By an order of its own, `name`, whose refund is on its way."""
        total = sum(each["total_money"]["amount"] for each in lines)
        back = {"uid": f"{name}-1", "source_order_id": of, "return_line_items": list(lines)}
        refund: Said = {"id": f"refund-{name}", "status": "PENDING", "amount_money": yen(total)}
        self._put(
            name, state="COMPLETED", returns=[back], return_amounts={"total_money": yen(total)},
            refunds=[refund], total_money=yen(0), **more,
        )  # fmt: skip
        self.refunds[refund["id"]] = refund | {"order_id": name, "updated_at": self._time}
        self._sent("refund.created", "refund", refund["id"], self.refunds[refund["id"]])
        return name

    def refunded(self, name: str, status: str) -> None:
        """The money went through, or came to nothing. The order stays as it is."""
        self._tick()
        refund = self.refunds[f"refund-{name}"]
        refund |= {"status": status, "updated_at": self._time}
        self._sent("refund.updated", "refund", refund["id"], refund)

    def _put(self, name: str, **said: Any) -> None:
        self._tick()
        plain = {
            "id": name, "location_id": self.location, "state": "OPEN", "version": 1,
            "created_at": self._time, "updated_at": self._time,
        }  # fmt: skip
        self.orders[name] = plain | said
        self._sent("order.created", "order_created", name)

    def _change(self, name: str, **said: Any) -> None:
        order = self.orders[name]
        order |= said | {"version": order["version"] + 1, "updated_at": self._time}
        self._sent("order.updated", "order_updated", name)

    def _sent(self, kind: str, part: str, name: str, said: Said | None = None) -> None:
        body = {"order_id": name} if said is None else {"id": name} | said
        self.events.append(
            {
                "merchant_id": "5S9MXCS9Y99KK", "type": kind, "event_id": f"e{len(self.events)}",
                "created_at": self._time,
                "data": {"type": part, "id": name, "object": {part: body}},
            }
        )  # fmt: skip

    def _tick(self) -> None:
        self.now += timedelta(seconds=1)

    @property
    def _time(self) -> str:
        return self.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def signature(url: str, body: bytes, key: str = SIGNATURE_KEY) -> str:
    made = hmac.new(key.encode(), url.encode() + body, hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


@dataclass
class SquareServer:
    """Answers for a shop, a page of `page` orders or refunds at a time."""

    shop: SquareShop
    url: str = ""
    page: int = 100
    #: What the next questions are answered with instead, and how long it asks to stay away.
    troubles: list[tuple[int, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    #: Who is told of what.
    subscriptions: list[Said] = field(default_factory=list)

    def answer(self, path: str, token: str, body: Said) -> tuple[int, Said]:
        split = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        self.asked.append(split.path)
        if token != f"Bearer {TOKEN}":
            error = {"category": "AUTHENTICATION_ERROR", "code": "UNAUTHORIZED"}
            return 401, {"errors": [error]}
        match split.path.strip("/").split("/"):
            case ["v2", "merchants", "me"]:
                return 200, {
                    "merchant": {"id": "M", "business_name": "かよい珈琲", "country": "JP"}
                }
            case ["v2", "locations"]:
                places = sorted({each["location_id"] for each in self.shop.orders.values()})
                return 200, {"locations": [{"id": each, "name": f"店{each}"} for each in places]}
            case ["v2", "orders", "batch-retrieve"]:
                found = (self.shop.orders.get(each) for each in body["order_ids"])
                return 200, {"orders": [each for each in found if each]}
            case ["v2", "orders", "search"]:
                return 200, self._search(body)
            case ["v2", "refunds"]:
                return 200, self._refunds(query)
            case ["v2", "refunds", name]:
                refund = self.shop.refunds.get(name)
                return (200, {"refund": refund}) if refund else (404, {"errors": []})
            case ["v2", "customers", "bulk-retrieve"]:
                return 200, {
                    "responses": {each: self._customer(each) for each in body["customer_ids"]}
                }
            case ["v2", "webhooks", "subscriptions", *of]:
                return 200, self._subscribed(of, body)
        return 404, {"errors": [{"code": "NOT_FOUND"}]}

    def _subscribed(self, of: list[str], body: Said) -> Said:
        """The key is said of one alone, as Square does; an empty body asks."""
        if not of and not body:
            listed = [{**each} for each in self.subscriptions]
            for each in listed:
                del each["signature_key"]
            return {"subscriptions": listed}
        if of:
            (known,) = (each for each in self.subscriptions if each["id"] == of[0])
            known |= body.get("subscription", {})
            return {"subscription": known}
        assert len(body["idempotency_key"]) <= 45
        new = {"id": f"wbhk_{len(self.subscriptions)}", "enabled": True}
        new |= body["subscription"] | {"signature_key": SIGNATURE_KEY}
        self.subscriptions.append(new)
        return {"subscription": new}

    def _customer(self, name: str) -> Said:
        known = self.shop.customers.get(name)
        return {"customer": known} if known else {"errors": [{"code": "NOT_FOUND"}]}

    def _search(self, body: Said) -> Said:
        assert len(body["location_ids"]) <= 10
        assert body["query"]["sort"] == {"sort_field": "UPDATED_AT", "sort_order": "ASC"}
        since = body["query"]["filter"]["date_time_filter"]["updated_at"]["start_at"]
        found = [
            each
            for each in self.shop.orders.values()
            if each["location_id"] in body["location_ids"]
        ]
        return self._paged("orders", found, since, body.get("cursor"))

    def _refunds(self, query: dict[str, str]) -> Said:
        assert (query["sort_field"], query["sort_order"]) == ("UPDATED_AT", "ASC")
        found = list(self.shop.refunds.values())
        return self._paged("refunds", found, query["updated_at_begin_time"], query.get("cursor"))

    def _paged(self, name: str, found: list[Said], since: str, cursor: str | None) -> Said:
        new = sorted((each for each in found if each["updated_at"] >= since), key=_changed)
        begin = int(cursor or 0)
        end = begin + self.page
        more = {"cursor": str(end)} if end < len(new) else {}
        # Square leaves away a list that is empty.
        return ({name: new[begin:end]} if new[begin:end] else {}) | more


def _changed(said: Said) -> str:
    return str(said["updated_at"])


@contextmanager
def square_on_loopback(shop: SquareShop) -> Iterator[SquareServer]:
    square = SquareServer(shop)

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_PUT(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Said) -> None:
            status, said = square.answer(self.path, self.headers["Authorization"], body)
            wait = ""
            if square.troubles:
                status, wait = square.troubles.pop(0)
            raw = json.dumps(said).encode()
            self.send_response(status)
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    with on_loopback(Handler) as square.url:
        yield square
