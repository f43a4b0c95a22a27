"""How often an address may try a door: who isn't signed in yet is counted by where they are.

Behind a proxy that `TRUSTED_PROXIES` doesn't name, everybody comes from the proxy's address. So
what the last one says of its customers is believed as far as to count them apart; and since anybody
may say such a thing, all of one address are counted together too, more generously. One that is
named says the same as the address.

A browser in which somebody has signed in before is counted by itself, wherever it is: no stranger's
tries, however many and from where, stand in its way.
"""

from collections.abc import Callable
from typing import ParamSpec

from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from ...networks import customer, proxies_said, site
from .browsers import is_known_browser, this_browser

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

#: Nobody types faster; who guesses does.
_TRIES = "10 per minute;60 per hour"
#: For all who may be one and the same.
_TRIES_TOGETHER = "60 per minute;360 per hour"


def forwarded() -> int:
    """How many proxies the request says that it came through."""
    return len(proxies_said())


def limited(view: View[P]) -> View[P]:
    """For a view at which strangers try: 429 to whoever comes too often."""
    # The inner one is asked first: what it refuses is not counted with the neighbours'.
    each = limiter.limit(_TRIES)(view)
    together: View[P] = limiter.limit(_TRIES_TOGETHER, key_func=neighbourhood)(each)
    return together


def asker() -> str:
    """Who asks, for counting."""
    return _browser() if is_known_browser() else customer()


def neighbourhood() -> str:
    """Everybody who may be the one who asks: their site, or the proxy that nobody named."""
    return _browser() if is_known_browser() else site()


def _browser() -> str:
    return f"browser {this_browser()}"


limiter = Limiter(asker, storage_uri="memory://", strategy="fixed-window")
