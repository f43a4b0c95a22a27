"""What makes the card's page an app in the phone's own browser: a service worker that keeps it for
when there is no network, a manifest and an icon. LINE's browser knows none of these, and is offered
none."""

import json

from flask import Response, request, url_for

from bot.line.mini_app import IN_LINE

from ..headers import safe
from ..home_screen import icon_of, manifest_of
from ..language import browser_language
from .reader import STATIC, files_version, pages

#: Files that the card needs without network.
_KEPT = ("card.css", "moving.js", "live.js", "in-line.js")


def is_in_line() -> bool:
    """Whether LINE's own browser asks."""
    return IN_LINE.search(request.user_agent.string) is not None


@pages.get("/card/sw.js")
def service_worker() -> Response:
    files = [url_for("card.static", filename=name) for name in _KEPT]
    told = {
        "VERSION": files_version(),
        "FILES": [*files, url_for("card.colours")],
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items())
    text = (STATIC / "sw.js").read_text(encoding="utf-8")
    answer = Response(head + text, content_type="text/javascript; charset=utf-8")
    # It stands below what it looks after (Service Workers, 3.1.4 "Service-Worker-Allowed").
    answer.headers["Service-Worker-Allowed"] = "/card"
    answer.headers["Cache-Control"] = "no-cache"
    return safe(answer, "card")


@pages.get("/card/manifest.webmanifest")
def manifest() -> Response:
    answer = manifest_of("/card", browser_language(), lambda size: url_for(".icon", size=size))
    return safe(answer, "card")


@pages.get("/card/icon-<int:size>.png")
def icon(size: int) -> Response:
    return safe(icon_of(size), "picture")
