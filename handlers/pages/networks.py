"""Where somebody who isn't known asks from, for counting how often they do.

Behind a proxy that `TRUSTED_PROXIES` doesn't name, everybody comes from the proxy's address; what
the last one says of its customers is believed as far as to count them apart.
"""

import ipaddress

from flask import request

#: In IPv6 one customer of a provider has a whole /64, and may well have a /48 (RFC 6177).
_CUSTOMER, _SITE = 64, 48


def proxies_said() -> tuple[str, ...]:
    """The addresses of which proxies say that the request came through them, the last one last."""
    given = ",".join(request.headers.getlist("X-Forwarded-For"))
    return tuple(hop.strip() for hop in given.split(",") if hop.strip())


def customer() -> str:
    """The customer of a provider who asks."""
    hops = proxies_said()
    if hops:
        return f"{site()} for {_network(hops[-1], _CUSTOMER)}"
    return _network(request.remote_addr, _CUSTOMER)


def site() -> str:
    """Everybody who may be the one who asks: their site, or the proxy that nobody named."""
    return _network(request.remote_addr, _SITE)


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
