"""Where events may be sent: to the outside, and never to what only we can reach.

An address is looked at when it is typed, and again at each sending: what its name leads to is asked
there once, and the connection goes to the very address that was looked at, so that a name can't
lead elsewhere a moment later (DNS rebinding).

OWASP, "Server-Side Request Forgery Prevention"; RFC 6890 (special-purpose addresses); RFC 6052 and
3056 (IPv4 addresses within IPv6 ones).
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Literal

from yarl import URL

from bot.errors import KayoiError

URL_MAX = 500
_HTTPS_PORT, _PORT_MIN = 443, 1024
#: By IPv6's way to IPv4 networks an inside one could be reached.
_NAT64 = IPv6Network("64:ff9b::/96")
#: Names that lead inside, whoever is asked (RFC 6761, 6762, 8375; ".internal" by ICANN).
_INSIDE_NAMES = (".localhost", ".local", ".internal", ".localdomain", ".lan", ".home.arpa")

AddressProblem = Literal[
    "hook_url_shape", "hook_url_https", "hook_url_login", "hook_url_port", "hook_url_inside",
    "hook_url_unknown",
]  # fmt: skip
#: Gives the addresses that a name has; OSError for none.
Lookup = Callable[[str, int], Sequence[str]]


class InsideAddress(KayoiError):
    """The address leads into a network that only we can reach."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far sending reaches."""

    #: Whether our own machine may be a receiver, and without TLS: where LINE is only played.
    own_machine: bool = False

    def takes(self, address: str) -> bool:
        """Whether a connection may go to that IP address."""
        ip = _ip(address.partition("%")[0])
        if ip is None:
            return False
        return is_outside(ip) or (self.own_machine and ip.is_loopback)


def is_outside(ip: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet has that address, by whatever spelling."""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_outside(inner)
        if ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def problem_of(address: str, reach: Reach) -> AddressProblem | None:
    """What is wrong with an address as it is written; None where nothing is. Asks nobody."""
    try:
        url = URL(address)
        host, port = url.raw_host, url.port
    except ValueError:
        return "hook_url_shape"
    if not host or len(address) > URL_MAX or not address.isprintable() or " " in address:
        return "hook_url_shape"
    if url.raw_user is not None or url.raw_password is not None:
        return "hook_url_login"
    here = reach.own_machine and _is_own(host)
    if url.scheme != "https" and not (here and url.scheme == "http"):
        return "hook_url_https"
    if url.raw_fragment or "\\" in address:
        return "hook_url_shape"
    if port is None or not (port == _HTTPS_PORT or port >= _PORT_MIN or here):
        return "hook_url_port"
    return None if here or _may_be_outside(host) else "hook_url_inside"


def _is_own(host: str) -> bool:
    ip = _ip(host)
    return host == "localhost" if ip is None else ip.is_loopback


def _may_be_outside(host: str) -> bool:
    ip = _ip(host)
    if ip is not None:
        return is_outside(ip)
    if host.endswith(".") or "." not in host or host.endswith(_INSIDE_NAMES):
        return False
    # "2130706433" and "0x7f.1" are names to us, and 127.0.0.1 to many a resolver.
    last = host.rpartition(".")[2].lower()
    return not (last.isdigit() or last.startswith("0x"))


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def look_up(host: str, port: int) -> list[str]:
    """The addresses that the name has; OSError for none. Asks the network."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def problem_there(address: str, reach: Reach, *, ask: Lookup = look_up) -> AddressProblem | None:
    """The same, and what its name leads to now: not in a transaction."""
    problem = problem_of(address, reach)
    if problem is not None:
        return problem
    url = URL(address)
    try:
        found = ask(url.raw_host or "", url.port or _HTTPS_PORT)
    except (OSError, UnicodeError):
        return "hook_url_unknown"
    if not found:
        return "hook_url_unknown"
    return None if all(reach.takes(each) for each in found) else "hook_url_inside"


def checked(found: Sequence[str], reach: Reach) -> list[str]:
    """The addresses that a name has, which the connection then goes to. InsideAddress where one of
    them leads inside: who mixes them wants us there."""
    if not all(reach.takes(each) for each in found):
        raise InsideAddress
    return list(found)
