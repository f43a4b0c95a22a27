"""What messages show and lead to: the photographs of those to many (/photos/…), the icon of who
speaks in all of them (/icons/…), and the page behind a broadcast's button (/to/…), whose tap is
noted first."""

from flask import Blueprint, Response, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue

from bot.store.history.arts import is_stored_name
from bot.store.messages import broadcasts
from handlers.actions.broadcasts.tapping import note_tap
from handlers.showing.broadcast_links import who_taps
from handlers.showing.photos import photo_of
from handlers.showing.voice import icon_of
from rules.broadcasts.view import opens
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe

#: What is behind such a name never changes.
_SECONDS = 365 * 24 * 3600

pages = Blueprint("messages", __name__)


@pages.get("/photos/<name>.jpg")
def photo(name: str) -> Response:
    """404 for what was never handed in: files of the programme's art are shown by nobody's name."""
    data = photo_of(current_club(), name) if is_stored_name(f"{name}.png") else None
    if data is None:
        abort(404)
    return _shown(data, "image/jpeg")


@pages.get("/icons/<name>")
def icon(name: str) -> Response:
    """404 for what is nobody's icon."""
    data = icon_of(current_club(), name)
    if data is None:
        abort(404)
    return _shown(data, "image/png")


def _shown(data: bytes, mimetype: str) -> Response:
    answer = Response(data, mimetype=mimetype)
    answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}, immutable"
    return safe(answer, "picture")


@pages.get("/to/<int:broadcast_id>/<token>")
def follow_button(broadcast_id: int, token: str) -> ResponseReturnValue:
    """On to the page that the broadcast's button opens, and nowhere else, whatever the token says;
    404 where there is none."""
    club = current_club()
    with club.store.read() as uow:
        stored = broadcasts.get(uow, broadcast_id)
    button = stored.broadcast.button if stored and stored.began_at else None
    page = opens(button, Words(current_programme(), "ja")) if button else ""
    if not page:
        abort(404)
    number = who_taps(club, broadcast_id, token)
    if number is not None and request.method == "GET":
        with club.work() as work:
            note_tap(work, number, broadcast_id)
    return safe(make_response(redirect(page, 303)), "secret")
