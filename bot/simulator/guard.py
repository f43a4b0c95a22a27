"""Who may change something through the simulator's page: the page itself, and nobody else.

There is no login, so a strange web site must not be able to act through the visitor's browser:
every change is a JSON POST from our own origin, on a host name that can only be this one.
"""

from urllib.parse import urlsplit

from flask import Request

from .checks import is_loopback


def is_from_our_page(request: Request, *, base_url: str) -> bool:
    """Whether a request was made by our own page.

    Browsers send Sec-Fetch-Site, older ones Origin; a request with neither is refused. The host
    must be loopback or the configured one, against DNS rebinding.
    """
    parts = urlsplit(f"//{request.host}")
    if not is_loopback(parts.hostname) and request.host != urlsplit(base_url).netloc:
        return False
    if request.mimetype != "application/json":
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def content_policy(base_url: str) -> str:
    """The page's Content-Security-Policy: our own scripts and styles, pictures from the bot.

    The styles of a Flex message are set one by one by our script, which needs no 'unsafe-inline'.
    """
    parts = urlsplit(base_url)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            f"img-src 'self' https: {parts.scheme}://{parts.netloc}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
