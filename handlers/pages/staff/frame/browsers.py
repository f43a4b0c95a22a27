"""The browser that asks: a cookie by which it is known again, and what it says it is.

The cookie opens nothing. In a browser where somebody has signed in before, a stranger's wrong
passwords elsewhere don't count, and new ones are told.
"""

from flask import g, request
from werkzeug.wrappers import Response

from bot.store.staff import browsers
from bot.store.staff.browsers import KnownBrowser
from handlers.actions.staff.signing import new_token, token_hash

from ...cookies import cookie_of, keep_cookie
from ...current import current_club
from .access import signed_or_none
from .blueprint import pages

_COOKIE = "kayoi_browser"
#: What people call it, by what stands in the header; the first that does (RFC 9110, 10.1.5).
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_PROGRAMS = (
    ("Line/", "LINE"), ("Edg", "Edge"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


def this_browser() -> str:
    """The hash of the browser's token; of a new one where it has none yet, which it keeps once
    somebody has signed in."""
    token: str | None = g.get(_COOKIE)
    if token is None:
        token = cookie_of(_COOKIE) or new_token()
        setattr(g, _COOKIE, token)
    return token_hash(token)


def is_known_browser() -> bool:
    """Whether somebody has signed in here before."""
    if not cookie_of(_COOKIE):
        return False
    with current_club().store.glance() as uow:
        return browsers.is_known(uow, this_browser())


def browser_name() -> str:
    """What the browser says it is: "iPhone · Safari"; "" where that is nothing we know."""
    said = request.headers.get("User-Agent", "")
    named = (
        next((name for part, name in known if part in said), "") for known in (_SYSTEMS, _PROGRAMS)
    )
    return " · ".join(name for name in named if name)


@pages.after_request
def _remember(answer: Response) -> Response:
    """Whoever has just signed in is known here again."""
    token: str | None = g.get(_COOKIE)
    if token not in (None, cookie_of(_COOKIE)) and signed_or_none() is not None:
        keep_cookie(answer, _COOKIE, token)
    return answer


def new_browsers() -> list[KnownBrowser]:
    """Those that whoever is signed in here has not said that they know."""
    someone = signed_or_none()
    if someone is None or not cookie_of(_COOKIE):
        return []
    with current_club().store.glance() as uow:
        return browsers.untold(uow, someone.staff_id, this_browser())
