"""What puts pages of ours on a telephone's home screen as an app: a manifest and an icon."""

from collections.abc import Callable

from flask import Response, jsonify, make_response

from images.app_icon import draw_app_icon
from images.theme import palette
from rules.base import Lang

from .current import current_programme

#: Apple's, and the two that browsers ask for (web.dev, "Add a web app manifest").
_SIZES = (180, 192, 512)


def manifest_of(start: str, lang: Lang, icon_url: Callable[[int], str]) -> Response:
    """The manifest of the pages below `start`, whose icons are at `icon_url`."""
    shop = current_programme().shop
    ground, name = palette(shop.accent).ground, shop.name.in_(lang)
    answer = jsonify(
        id=start,
        name=name,
        short_name=name[:12],
        lang=lang,
        start_url=start,
        scope=start,
        display="standalone",
        background_color=ground,
        theme_color=ground,
        icons=[
            {"src": icon_url(size), "sizes": f"{size}x{size}", "purpose": purpose}
            for size in _SIZES[1:]
            for purpose in ("any", "maskable")
        ],
    )
    answer.content_type = "application/manifest+json"
    return answer


def icon_of(size: int) -> Response:
    """The shop's icon; 404 in a size that nobody is led to."""
    if size not in _SIZES:
        return make_response("", 404)
    picture = draw_app_icon(current_programme().shop.accent, size)
    answer = Response(picture, content_type="image/png")
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer
