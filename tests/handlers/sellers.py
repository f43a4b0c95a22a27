"""A till's system that is played in this process, and a club that is connected with it."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from bot.sellers.adapter import (
    Adapter,
    Notice,
    SellerError,
    SellerLogin,
    SellerPage,
    UnreadableMessage,
    parsed,
)
from bot.store.orders import connections, hints
from bot.store.orders.connections import ConnectionFields, SellerConnection
from handlers.actions.orders.connecting import TypedConnection, add_connection
from handlers.api import install
from handlers.jobs.orders import asking
from rules.activity import Purchase, TakenBack
from rules.base import Refusal
from rules.orders.heard import HeardOrder, HeardOrders
from rules.orders.order import Order
from tests.handlers.clubs import SmallClub

SECRET = "a-signing-secret"


@dataclass
class PlayedSystem:
    """Says orders in the neutral form, and which changed."""

    system: str = "played"
    orders: dict[str, Order] = field(default_factory=dict)
    #: What it answers instead.
    trouble: SellerError | None = None
    page_size: int = 100
    asked: list[str] = field(default_factory=list)
    place: str = ""

    def account(self, typed: str) -> str | None:
        return typed.strip().lower() or None

    def is_genuine(self, notice: Notice, secret: str) -> bool:
        return hmac.compare_digest(signed(notice.body, secret), notice.headers.get("x-signed", ""))

    def heard(self, login: SellerLogin, notice: Notice) -> HeardOrders:
        try:
            said = parsed(notice.body)
            told = tuple(self._told(Order.model_validate(each)) for each in said["orders"])
            return HeardOrders(told, hints=tuple(said.get("hints", ())))
        except (ValueError, KeyError, TypeError):
            raise UnreadableMessage from None

    def who(self, login: SellerLogin) -> str:
        self._ask("who")
        return login.account

    def fetch(self, login: SellerLogin, order_ids: Sequence[str]) -> HeardOrders:
        self._ask(f"fetch {','.join(order_ids)}")
        found = (self.orders[each] for each in order_ids if each in self.orders)
        return HeardOrders(tuple(self._told(each) for each in found))

    def changed(self, login: SellerLogin, since: datetime, cursor: str) -> SellerPage:
        self._ask(f"changed {cursor}".strip())
        known = sorted(self.orders.values(), key=lambda each: each.updated_at)
        found = [each for each in known if each.updated_at >= since]
        begin = int(cursor or 0)
        some = found[begin : begin + self.page_size]
        end = begin + len(some)
        newest = some[-1].updated_at if some else None
        heard = HeardOrders(tuple(self._told(each) for each in some), newest=newest)
        return SellerPage(heard, str(end) if end < len(found) else "")

    def _told(self, order: Order) -> HeardOrder:
        return HeardOrder(order, self.place)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.trouble is not None:
            raise self.trouble


def signed(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Selling:
    """A club that hears the orders of a system."""

    cafe: SmallClub
    adapter: Adapter
    app: Flask

    def connects(self, account: str = "shop", **more: Any) -> int:
        """A new connection; gives its id."""
        said: dict[str, Any] = {
            "store": "ekimae",
            "places": {},
            "client": "",
            "token": "a-token",
            "secret": SECRET,
        }
        said |= {"since": self.cafe.now} | more
        fields = ConnectionFields(
            self.adapter.system, account, said["store"], said["places"], said["client"]
        )
        typed = TypedConnection(fields, said["secret"], said["token"])
        with self.cafe.work(key=self.cafe.key()) as work:
            made = add_connection(work, typed, since=said["since"])
        assert not isinstance(made, Refusal), made
        return made

    def hears(self, connection: int, body: bytes, system: str = "", **headers: str) -> TestResponse:
        """What it answers to a message."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        where = f"/orders/{system or self.adapter.system}/{connection}"
        return self.app.test_client().post(where, data=body, headers=named)

    def tells(self, connection: int, *orders: Order, told: Sequence[str] = ()) -> int:
        """The same of the played system's orders, signed; gives the status."""
        said: Mapping[str, Any] = {
            "orders": [each.model_dump(mode="json") for each in orders], "hints": list(told),
        }  # fmt: skip
        body = json.dumps(said).encode()
        return self.hears(connection, body, x_signed=signed(body)).status_code

    def brought(self, member: int) -> int:
        """The points that purchases brought the member by now."""
        bought = {
            each.seq
            for each in self.cafe.history(member)
            if isinstance(each.activity.what, Purchase | TakenBack)
        }
        granted = self.cafe.granted(member)
        return sum(points for (seq, _), points in granted.items() if seq in bought)

    def ticks(self) -> None:
        asking.run_if_due(self.cafe.club)

    def known(self, connection: int) -> SellerConnection:
        with self.cafe.store.read() as uow:
            found = connections.get(uow, connection)
        assert found is not None
        return found

    def waiting(self) -> int:
        """How many orders are still to be fetched."""
        with self.cafe.store.read() as uow:
            return sum(hints.waiting(uow).values())


def selling_of(cafe: SmallClub, adapter: Adapter) -> Selling:
    """The club's wall clock is its own."""
    cafe.club = replace(cafe.club, wall=cafe.clock, sellers={adapter.system: adapter})
    app = Flask(__name__, static_folder=None)
    app.testing = True
    install(app, cafe.club)
    return Selling(cafe, adapter, app)
