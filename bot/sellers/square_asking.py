"""What Square is asked.

Paths and fields: github.com/square/connect-api-specification (api.json), BatchRetrieveOrders,
SearchOrders, GetPaymentRefund, ListPaymentRefunds, BulkRetrieveCustomers, ListLocations and
RetrieveMerchant.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from rules.orders.heard import HeardOrders
from rules.orders.square import heard_of
from rules.orders.square_said import (
    SquareCustomer,
    SquareRefund,
    read_all,
    read_orders,
)

from .adapter import SellerError
from .wire import SellerWire

#: The version of the API that the names are of.
VERSION = "2026-09-16"
#: So many orders or customers are asked for at once.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SquareAsker:
    """Asks one account."""

    wire: SellerWire
    base: str
    token: str = field(repr=False)

    def get(
        self, path: str, asked: Mapping[str, str] | None = None, *, missing_ok: bool = False
    ) -> Any:
        """What it says; None where it has no such thing, and that is an answer."""
        query = f"?{urlencode(asked)}" if asked else ""
        url = f"{self.base}{path}{query}"
        return self.wire.ask("GET", url, self._headers, missing_ok=missing_ok).said

    def post(self, path: str, body: Mapping[str, Any], *, method: str = "POST") -> Any:
        return self.wire.ask(method, f"{self.base}{path}", self._headers, body=body).said

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Square-Version": VERSION}

    def name(self) -> str:
        """What the account calls itself."""
        merchant = part_of(self.get("/v2/merchants/me"), "merchant", dict)
        return str(part_of(merchant, "business_name", str) or "")

    def places(self) -> Mapping[str, str]:
        """What its locations are called, by their ids, whether they are open yet or no longer."""
        found = part_of(self.get("/v2/locations"), "locations", list) or []
        return {
            str(each["id"]): str(each.get("name") or "")
            for each in found
            if isinstance(each, dict) and each.get("id")
        }

    def orders(self, ids: Iterable[str]) -> list[Any]:
        """Those that there are, as they are said."""
        found: list[Any] = []
        for some in _some(ids):
            said = self.post("/v2/orders/batch-retrieve", {"order_ids": some})
            found += part_of(said, "orders", list) or []
        return found

    def refunds(self, ids: Iterable[str]) -> tuple[SquareRefund, ...]:
        """Those that there are."""
        said = (
            self.get(f"/v2/refunds/{quote(each, safe='')}", missing_ok=True)
            for each in dict.fromkeys(ids)
        )
        return read_all(SquareRefund, (part_of(each, "refund", dict) for each in said if each))

    def heard(self, said: Sequence[Any], refunds: Iterable[SquareRefund] = ()) -> HeardOrders:
        """What those orders say, with what else is to be asked for: the orders that something came
        back of, and who bought."""
        read = read_orders(said)
        known = {each.id for each in read.orders}
        missing = {source for each in read.orders for source in each.sources} - known
        sources = read_orders(self.orders(sorted(missing))).orders
        buyers = {each.customer for each in read.orders if each.is_sold} - {""}
        return heard_of(read, sources, self._customers(sorted(buyers)), refunds)

    def _customers(self, ids: Iterable[str]) -> tuple[SquareCustomer, ...]:
        found: list[Any] = []
        for some in _some(ids):
            said = self.post("/v2/customers/bulk-retrieve", {"customer_ids": some})
            answers = part_of(said, "responses", dict) or {}
            found += [each.get("customer") for each in answers.values() if isinstance(each, dict)]
        return read_all(SquareCustomer, found)


def _some(ids: Iterable[str]) -> Iterator[list[str]]:
    """Each once, so many at a time as may be asked for."""
    each = list(dict.fromkeys(ids))
    for begin in range(0, len(each), AT_ONCE):
        yield each[begin : begin + AT_ONCE]


def part_of(said: Any, name: str, kind: type) -> Any:
    """A part of an answer, None where it has none; SellerError for what makes no sense."""
    if not isinstance(said, dict):
        raise SellerError("nonsense")
    found = said.get(name)
    if found is not None and not isinstance(found, kind):
        raise SellerError("nonsense")
    return found
