"""Cookies: how they are named, and how a browser is had to keep one for us."""

from typing import Literal

from flask import request
from werkzeug.wrappers import Response

from handlers.club import Club

from .current import current_club

#: As long as browsers keep a cookie at most (RFC 6265bis, 400 days).
SECONDS_MAX = 400 * 24 * 3600


def is_secure(club: Club) -> bool:
    """Whether the pages are asked for over HTTPS alone."""
    return club.base_url.startswith("https://")


def cookie_name(name: str, club: Club) -> str:
    # A browser takes such a name from this very host alone, not from a neighbour's (RFC 6265bis).
    return f"__Host-{name}" if is_secure(club) else name


def cookie_of(name: str) -> str:
    """What the browser keeps for us under that name; "" for nothing."""
    return request.cookies.get(cookie_name(name, current_club()), "")


def keep_cookie(
    answer: Response,
    name: str,
    token: str,
    *,
    seconds: int = SECONDS_MAX,
    samesite: Literal["Lax", "Strict"] = "Strict",
) -> None:
    """Has the browser keep a token for us, as long as it will. `samesite`: "Lax" where it is shown
    when somebody comes by a link from elsewhere, too."""
    club = current_club()
    answer.set_cookie(
        cookie_name(name, club),
        token,
        max_age=seconds,
        path="/",
        secure=is_secure(club),
        httponly=True,
        samesite=samesite,
    )


def drop_cookie(answer: Response, name: str) -> None:
    """Has the browser forget what it kept for us under that name."""
    club = current_club()
    answer.delete_cookie(
        cookie_name(name, club), path="/", secure=is_secure(club), httponly=True, samesite="Lax"
    )
