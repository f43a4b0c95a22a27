"""Pictures that messages show: /images/…, fetched by LINE and by members' phones.

Their addresses can't be guessed and never expire, or old chats would go blank; that of a card which
counts no more says so. What the `<kind>`s are, `handlers.showing.addresses` says.
"""

from collections import OrderedDict
from threading import Lock

from flask import Blueprint, Response, current_app, make_response, request
from flask.blueprints import BlueprintSetupState

from bot.store.members import members
from handlers.showing import addresses
from handlers.showing.addresses import Drawing

from .current import current_club
from .headers import safe

#: What happened stays as it was: a year is as long as caches keep.
_FOR_EVER_SECONDS = 365 * 24 * 3600
#: What shows the member as they are now is asked for again: it changes, and can be closed.
_SOON_SECONDS = 600
#: A drawn card has about 120 KB: some two hundred of them.
_KEPT_BYTES = 24_000_000
_EXTENSION = "kayoi.pictures"

pages = Blueprint("pictures", __name__)


@pages.get("/images/<kind>/<token>.jpg")
def picture(kind: str, token: str) -> Response:
    """404 for a token we didn't make, and for the pictures of somebody who was erased."""
    drawing = _drawing(kind, token)
    if drawing is None:
        answer = make_response("", 404)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return _answer(drawing)


@pages.record
def _add_cache(state: BlueprintSetupState) -> None:
    """Each application keeps its own."""
    state.app.extensions[_EXTENSION] = _PictureCache(_KEPT_BYTES)


def _drawing(kind: str, token: str) -> Drawing | None:
    club = current_club()
    what = club.codes.read_picture(kind, token)
    if what is None:
        return None
    with club.store.read() as uow:
        member_id = members.by_code(uow, "number", what.number)
        member = members.get(uow, member_id) if member_id is not None else None
        return addresses.find(club, uow, member, what) if member else None


class _PictureCache:
    """The pictures drawn last, as many as fit into so many bytes."""

    def __init__(self, bytes_max: int) -> None:
        self._max = bytes_max
        self._size = 0
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, drawing: Drawing) -> bytes:
        """The picture, drawn if it isn't here."""
        with self._lock:
            if drawing.key in self._pictures:
                self._pictures.move_to_end(drawing.key)
                return self._pictures[drawing.key]
        picture = drawing.bytes()
        with self._lock:
            self._size += len(picture) - len(self._pictures.pop(drawing.key, b""))
            self._pictures[drawing.key] = picture
            while self._size > self._max:
                _, oldest = self._pictures.popitem(last=False)
                self._size -= len(oldest)
        return picture


def drawn(drawing: Drawing) -> bytes:
    """The picture, which is kept for whoever asks for it next."""
    kept: _PictureCache = current_app.extensions[_EXTENSION]
    return kept.get(drawing)


def _answer(drawing: Drawing) -> Response:
    answer = Response(content_type="image/jpeg")
    answer.set_etag(drawing.key)
    answer.cache_control.private = True
    answer.cache_control.max_age = _FOR_EVER_SECONDS if drawing.for_good else _SOON_SECONDS
    answer.cache_control.immutable = drawing.for_good
    safe(answer, "picture")
    # Whoever has it already is told so before anything is drawn.
    if request.if_none_match.contains_weak(drawing.key):
        answer.status_code = 304
        return answer
    answer.set_data(drawn(drawing))
    return answer
