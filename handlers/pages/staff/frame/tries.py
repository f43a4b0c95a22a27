"""How often an address may try a door: who isn't signed in yet is counted by where they are.

Behind a proxy that `TRUSTED_PROXIES` doesn't name, everybody comes from the proxy's address. So
what the last one says of its customers is believed as far as to count them apart; and since anybody
may say such a thing, all of one address are counted together too, more generously. One that is
named says the same as the address.

A browser in which somebody has signed in before is counted by itself, wherever it is: no stranger's
tries, however many and from where, stand in its way.
"""

import ipaddress
from collections.abc import Callable
from typing import ParamSpec

from flask import request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from .browsers import is_known_browser, this_browser

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

#: Nobody types faster; who guesses does.
_TRIES = "10 per minute;60 per hour"
#: For all who may be one and the same.
_TRIES_TOGETHER = "60 per minute;360 per hour"
#: In IPv6 one customer of a provider has a whole /64, and may well have a /48 (RFC 6177).
_CUSTOMER, _SITE = 64, 48


def forwarded() -> int:
    """How many proxies the request says that it came through."""
    return len(_hops())


def limited(view: View[P]) -> View[P]:
    """For a view at which strangers try: 429 to whoever comes too often."""
    # The inner one is asked first: what it refuses is not counted with the neighbours'.
    each = limiter.limit(_TRIES)(view)
    together: View[P] = limiter.limit(_TRIES_TOGETHER, key_func=neighbourhood)(each)
    return together


def asker() -> str:
    """Who asks, for counting."""
    if is_known_browser():
        return _browser()
    hops = _hops()
    if hops:
        return f"{_network(request.remote_addr, _SITE)} for {_network(hops[-1], _CUSTOMER)}"
    return _network(request.remote_addr, _CUSTOMER)


def neighbourhood() -> str:
    """Everybody who may be the one who asks: their site, or the proxy that nobody named."""
    if is_known_browser():
        return _browser()
    return _network(request.remote_addr, _SITE)


def _browser() -> str:
    return f"browser {this_browser()}"


def _hops() -> list[str]:
    given = ",".join(request.headers.getlist("X-Forwarded-For"))
    return [hop.strip() for hop in given.split(",") if hop.strip()]


def _network(address: str | None, prefix: int) -> str:
    """The address, in IPv6 the network of that many bits around it."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        # Where one socket listens for both, IPv4 looks like this.
        known = known.ipv4_mapped or known
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network((known, prefix), strict=False))


limiter = Limiter(asker, storage_uri="memory://", strategy="fixed-window")
