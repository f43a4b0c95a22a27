"""What Kayoi needs to know of a till's or web shop's system, whichever it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from bot.errors import KayoiError
from rules.orders.heard import HeardOrders

#: It takes our key no more; it can't be reached, or not now; we asked too often; what it says makes
#: no sense.
SellerTrouble = Literal["unauthorized", "away", "too_often", "nonsense"]


class UnreadableMessage(KayoiError):
    """What came is no message of that system as we know them."""


class SellerError(KayoiError):
    """A system didn't answer as it should."""

    def __init__(self, trouble: SellerTrouble, retry_after: float | None = None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        #: For how many seconds it asks us to stay away.
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Notice:
    """A message as it came in: nothing of it is believed before its signature is."""

    #: By their names in small letters.
    headers: Mapping[str, str]
    body: bytes
    #: The address that it was sent to, as its sender has it.
    url: str


def parsed(raw: bytes) -> Any:
    """The JSON that it is, if all its texts are texts. UnreadableMessage for anything else."""
    try:
        said = json.loads(raw)
        # Half of a pair of surrogates is JSON, but no text; and no database keeps a NUL.
        text = json.dumps(said, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):
        raise UnreadableMessage from None
    if r"\u0000" in text:
        raise UnreadableMessage
    return said


@dataclass(frozen=True, slots=True)
class SellerLogin:
    """By what a system is asked, in the open."""

    #: What the system calls the shop's account: a domain, a number.
    account: str
    #: The id of the app that asks, where the system wants one.
    client: str
    #: What messages are signed with.
    secret: str = field(repr=False)
    #: By what we may ask; empty where the app's id and the secret do.
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SellerPage:
    """Part of what changed, the oldest first."""

    heard: HeardOrders
    #: By what the next part is asked for; empty: that was all.
    cursor: str = ""


class Adapter(Protocol):
    """One system. What asks it may raise SellerError, and is never called in a transaction."""

    @property
    def system(self) -> str:
        """Its name in addresses, and that of what tells its orders from all others'."""

    def account(self, typed: str) -> str | None:
        """What somebody typed, as the system writes it; None for what is no account's name."""

    def is_genuine(self, notice: Notice, secret: str) -> bool:
        """Whether the message is signed by the secret; looked at in constant time, unparsed."""

    def heard(self, login: SellerLogin, notice: Notice) -> HeardOrders:
        """What a genuine message says; nothing where it is no matter of ours. Asks nobody.
        UnreadableMessage for what makes no sense."""

    def who(self, login: SellerLogin) -> str:
        """What the account calls itself."""

    def fetch(self, login: SellerLogin, order_ids: Sequence[str]) -> HeardOrders:
        """Those orders as they are now; what isn't there is left out."""

    def changed(self, login: SellerLogin, since: datetime, cursor: str) -> SellerPage:
        """What changed at `since` or later; `cursor`: the next part of a list that was begun."""


@runtime_checkable
class Placed(Protocol):
    """A system that says where it sells."""

    def places(self, login: SellerLogin) -> Mapping[str, str]:
        """What its places are called, by their ids."""


@runtime_checkable
class Subscriber(Protocol):
    """A system that can be told by its API where to tell us of orders."""

    def subscribe(self, login: SellerLogin, url: str) -> str:
        """Has it tell `url`, where it doesn't yet; gives the secret that it signs with then."""
