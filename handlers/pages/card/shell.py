"""What makes the card's page an app in the phone's own browser: a service worker that keeps it for
when there is no network, a manifest and an icon. LINE's browser knows none of these, and is offered
none."""

import json

from flask import Response, jsonify, make_response, request, url_for

from bot.line.mini_app import IN_LINE
from images.app_icon import draw_app_icon
from images.theme import palette
from rules.base import LANGS, Lang

from ..current import current_programme
from ..headers import safe
from .reader import STATIC, files_version, pages

_ICON_SIZES = (180, 192, 512)
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
    programme = current_programme()
    lang: Lang = "en" if request.accept_languages.best_match(LANGS) == "en" else "ja"
    colours, name = palette(programme.shop.accent), programme.shop.name.in_(lang)
    answer = jsonify(
        id="/card",
        name=name,
        short_name=name[:12],
        lang=lang,
        start_url="/card",
        scope="/card",
        display="standalone",
        background_color=colours.ground,
        theme_color=colours.ground,
        icons=[
            {"src": url_for(".icon", size=size), "sizes": f"{size}x{size}", "purpose": purpose}
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
    )
    answer.content_type = "application/manifest+json"
    return safe(answer, "card")


@pages.get("/card/icon-<int:size>.png")
def icon(size: int) -> Response:
    if size not in _ICON_SIZES:
        return make_response("", 404)
    picture = draw_app_icon(current_programme().shop.accent, size)
    answer = Response(picture, content_type="image/png")
    answer.headers["Cache-Control"] = "max-age=3600"
    return safe(answer, "picture")
