"""How often an address may try a door: who isn't signed in yet is counted by where they are."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from .access import P, View

_EXTENSION = "kayoi.tries"


@dataclass(frozen=True, slots=True)
class _Tries:
    """What one application has counted, in its memory."""

    #: How many stand in front of it and tell whom they speak for.
    proxies: int
    counter: FixedWindowRateLimiter = field(
        default_factory=lambda: FixedWindowRateLimiter(MemoryStorage())
    )


def install(app: Flask, *, proxies: int) -> None:
    """Makes `app` count. `proxies`: how many stand in front of it and tell whom they speak for."""
    app.extensions[_EXTENSION] = _Tries(proxies)


def limited(often: str) -> Callable[[View[P]], View[P]]:
    """For a view that an address may ask for so often ("10 per minute;60 per hour") and no more:
    429 then."""
    limits = parse_many(often)

    def counting(view: View[P]) -> View[P]:
        @wraps(view)
        def counted(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            tries: _Tries = current_app.extensions[_EXTENSION]
            who = address(tries.proxies), request.endpoint or ""
            if not all(tries.counter.hit(limit, *who) for limit in limits):
                abort(429)
            return view(*args, **kwargs)

        return counted

    return counting


def address(proxies: int) -> str:
    """Who asks, for counting: in IPv6 one customer of a provider has a whole /64."""
    given = _asker(proxies)
    try:
        known = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv4Address):
        return given
    return str(ipaddress.ip_network((known, 64), strict=False))


def _asker(proxies: int) -> str:
    """The address that the outermost of our proxies saw; what stands before it, anybody can say."""
    told = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    if proxies and len(told) >= proxies:
        return told[-proxies].strip()
    return request.remote_addr or ""
