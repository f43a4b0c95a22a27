"""The list of what changed at Square: the orders of ten locations after the other, then the refunds
that came to nothing, by which their orders need not change.

It is a list only as a whole: of none of its parts but the last is said which change is the newest,
as what comes after may be older.
"""

from dataclasses import replace
from datetime import UTC
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from rules.orders.heard import HeardOrders
from rules.orders.square_said import NOT_REFUNDED, SquareRefund, read_all

from .adapter import SellerError, SellerPage
from .square_asking import AT_ONCE, SquareAsker, part_of

#: So many locations are searched at once.
_LOCATIONS_MAX = 10


class SquareList(BaseModel):
    """How far the reading of one list is."""

    model_config = ConfigDict(frozen=True)

    since: AwareDatetime
    #: Whose orders are yet to be read, those first whose are being read; none: the refunds are.
    locations: tuple[str, ...]
    #: By what Square gives the next part; empty: from the beginning.
    after: str = ""
    #: The newest change so far.
    newest: AwareDatetime | None = None

    @classmethod
    def read(cls, cursor: str) -> "SquareList":
        """Where a list goes on; SellerError for what never was one."""
        try:
            return cls.model_validate_json(cursor)
        except ValidationError:
            raise SellerError("nonsense") from None

    def part(self, asker: SquareAsker) -> SellerPage:
        """Its next part."""
        return self._orders(asker) if self.locations else self._refunds(asker)

    def _orders(self, asker: SquareAsker) -> SellerPage:
        asked: dict[str, Any] = {
            "location_ids": self.locations[:_LOCATIONS_MAX],
            "limit": AT_ONCE,
            "query": {
                "filter": {"date_time_filter": {"updated_at": {"start_at": self._from}}},
                "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
            },
        }
        said = asker.post("/v2/orders/search", asked | self._next)
        heard = asker.heard(part_of(said, "orders", list) or [])
        then = part_of(said, "cursor", str) or ""
        rest = self.locations if then else self.locations[_LOCATIONS_MAX:]
        return self._page(heard, {"locations": rest, "after": then})

    def _refunds(self, asker: SquareAsker) -> SellerPage:
        asked = {
            "updated_at_begin_time": self._from,
            "sort_field": "UPDATED_AT",
            "sort_order": "ASC",
            "limit": str(AT_ONCE),
        }
        said = asker.get("/v2/refunds", asked | self._next)
        found = read_all(SquareRefund, part_of(said, "refunds", list) or [])
        failed = [each for each in found if each.status in NOT_REFUNDED and each.order_id]
        heard = asker.heard(asker.orders(each.order_id for each in failed), failed)
        then = part_of(said, "cursor", str) or ""
        return self._page(heard, {"after": then} if then else None)

    @property
    def _from(self) -> str:
        return self.since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def _next(self) -> dict[str, str]:
        return {"cursor": self.after} if self.after else {}

    def _page(self, heard: HeardOrders, then: dict[str, Any] | None) -> SellerPage:
        """The part, and by what the one after is asked for; None where that was the last."""
        newest = max((each for each in (self.newest, heard.newest) if each), default=None)
        if then is None:
            return SellerPage(replace(heard, newest=newest))
        after = self.model_copy(update=then | {"newest": newest})
        return SellerPage(replace(heard, newest=None), after.model_dump_json())
