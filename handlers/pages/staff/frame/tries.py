"""How often an address may try a door: who isn't signed in yet is counted by where they are."""

import ipaddress

from flask import request
from flask_limiter import Limiter


def asker() -> str:
    """Who asks, for counting: in IPv6 one customer of a provider has a whole /64."""
    given = request.remote_addr or ""
    try:
        known = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv4Address):
        return given
    return str(ipaddress.ip_network((known, 64), strict=False))


#: `@limiter.limit("10 per minute;60 per hour")` above a view: 429 to an address that asks oftener.
limiter = Limiter(asker, storage_uri="memory://", strategy="fixed-window")
