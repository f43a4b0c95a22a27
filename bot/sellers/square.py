"""Square: what it tells is signed by the key of one subscription, and says which order changed;
the order itself is asked for.

https://developer.squareup.com/docs/webhooks/step3validate. Orders of its tills are announced by
their payments alone (`order_created_event.py` of its Python SDK).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.orders.heard import HeardOrders

from .adapter import Notice, SellerLogin, SellerPage, UnreadableMessage, parsed
from .square_asking import SquareAsker
from .square_lists import SquareList
from .square_webhooks import ORDERS, PAYMENTS, REFUNDS, subscribe
from .wire import SellerWire

PRODUCTION, SANDBOX = "https://connect.squareup.com", "https://connect.squareupsandbox.com"
#: Application ids, as the Developer Console shows them.
_APPLICATION = re.compile(r"(sandbox-)?sq0id[a-z]-[A-Za-z0-9_-]{10,80}")
_SIGNATURE = "x-square-hmacsha256-signature"
#: By what a hint says that it is of a refund, not of an order; and how long a hint may be.
_REFUND, _HINT_MAX = "refund:", 100


@dataclass(frozen=True)
class Square:
    """Square's accounts, each asked by a personal access token: in the sandbox, where the
    application's id says so."""

    wire: SellerWire = field(default_factory=SellerWire)
    production: str = PRODUCTION
    sandbox: str = SANDBOX

    system = "square"

    def account(self, typed: str) -> str | None:
        """The application's id."""
        plain = typed.strip()
        return plain if _APPLICATION.fullmatch(plain) else None

    def is_genuine(self, notice: Notice, secret: str) -> bool:
        """By the signature key of the subscription, over the address and the body."""
        made = hmac.new(secret.encode(), notice.url.encode() + notice.body, hashlib.sha256)
        said = notice.headers.get(_SIGNATURE, "").encode()
        return bool(secret) and hmac.compare_digest(base64.b64encode(made.digest()), said)

    def heard(self, login: SellerLogin, notice: Notice) -> HeardOrders:
        """The order that it is of, to be asked for."""
        del login
        try:
            said = parsed(notice.body)
            hint = _hint(said["type"], said["data"])
        except (KeyError, TypeError, AttributeError):
            raise UnreadableMessage from None
        if hint is None:
            return HeardOrders()
        if not isinstance(hint, str) or not 0 < len(hint) <= _HINT_MAX:
            raise UnreadableMessage
        return HeardOrders(hints=(hint,))

    def who(self, login: SellerLogin) -> str:
        return self._asker(login).name() or login.account

    def places(self, login: SellerLogin) -> Mapping[str, str]:
        return self._asker(login).places()

    def subscribe(self, login: SellerLogin, url: str) -> str:
        return subscribe(self._asker(login), url)

    def fetch(self, login: SellerLogin, order_ids: Sequence[str]) -> HeardOrders:
        asker = self._asker(login)
        named = [each for each in order_ids if not each.startswith(_REFUND)]
        hinted = [each.removeprefix(_REFUND) for each in order_ids if each.startswith(_REFUND)]
        refunds = asker.refunds(hinted)
        of_refunds = (each.order_id for each in refunds if each.order_id)
        return asker.heard(asker.orders([*named, *of_refunds]), refunds)

    def changed(self, login: SellerLogin, since: datetime, cursor: str) -> SellerPage:
        asker = self._asker(login)
        begun = (
            SquareList.read(cursor)
            if cursor
            else SquareList(since=since, locations=tuple(asker.places()))
        )
        return begun.part(asker)

    def _asker(self, login: SellerLogin) -> SquareAsker:
        is_sandbox = login.account.startswith("sandbox-")
        base = self.sandbox if is_sandbox else self.production
        return SquareAsker(self.wire.of_one_task(), base, login.token)


def _hint(kind: str, data: Any) -> Any:
    """What is to be asked for; None where the message is no matter of ours."""
    if kind in ORDERS:
        return data["id"]
    if kind in PAYMENTS:
        # A payment has an order always, but none yet while it is only being made.
        return data["object"]["payment"].get("order_id")
    if kind in REFUNDS:
        refund = data["object"]["refund"]
        hint = f"{_REFUND}{refund['id']}"
        return hint if len(hint) <= _HINT_MAX else refund["order_id"]
    return None
