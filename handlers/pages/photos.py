"""Photographs that messages show to everybody who gets them: /photos/…"""

from flask import Blueprint, Response, abort

from bot.store.history.arts import is_stored_name
from handlers.showing.photos import photo_of

from .current import current_club
from .headers import safe

#: What is behind such a name never changes.
_SECONDS = 365 * 24 * 3600

pages = Blueprint("photos", __name__)


@pages.get("/photos/<name>.jpg")
def photo(name: str) -> Response:
    """404 for what was never handed in: files of the programme's art are shown by nobody's name."""
    data = photo_of(current_club(), name) if is_stored_name(f"{name}.png") else None
    if data is None:
        abort(404)
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}, immutable"
    return safe(answer, "picture")
