"""Pictures that messages show: /images/…, fetched by LINE and by members' phones.

Their addresses can't be guessed and never expire, or old chats would go blank.
"""

from collections import OrderedDict
from threading import Lock

from flask import Blueprint, Response, make_response, request

from bot.store.members import members
from handlers.club import Club
from handlers.showing import addresses
from handlers.showing.addresses import Drawing

from .headers import safe

#: A picture that is as its address was made for never changes: a year is as long as caches keep.
_FOR_EVER_SECONDS = 365 * 24 * 3600
#: An old address shows the member as they are now, so it is asked for again.
_SOON_SECONDS = 600
#: A drawn card has about 120 KB: some two hundred of them.
_KEPT_BYTES = 24_000_000


def pictures_blueprint(club: Club) -> Blueprint:
    """`/images/<kind>/<token>.jpg` (see `handlers.pictures`): cards, badges, months, new ranks.

    404 for a token we didn't make, and for the pictures of somebody who was erased.
    """
    pages = Blueprint("pictures", __name__)
    kept = _PictureCache(_KEPT_BYTES)

    @pages.get("/images/<kind>/<token>.jpg")
    def picture(kind: str, token: str) -> Response:
        drawing = _drawing(club, kind, token)
        if drawing is None:
            answer = make_response("", 404)
            answer.headers["Cache-Control"] = "no-store"
            return answer
        return _answer(drawing, kept)

    return pages


def _drawing(club: Club, kind: str, token: str) -> Drawing | None:
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
        drawn = drawing.bytes()
        with self._lock:
            self._size += len(drawn) - len(self._pictures.pop(drawing.key, b""))
            self._pictures[drawing.key] = drawn
            while self._size > self._max:
                _, oldest = self._pictures.popitem(last=False)
                self._size -= len(oldest)
        return drawn


def _answer(drawing: Drawing, kept: _PictureCache) -> Response:
    answer = Response(content_type="image/jpeg")
    answer.set_etag(drawing.key)
    answer.cache_control.private = True
    answer.cache_control.max_age = _FOR_EVER_SECONDS if drawing.is_current else _SOON_SECONDS
    answer.cache_control.immutable = drawing.is_current
    safe(answer, "picture")
    # Whoever has it already is told so before anything is drawn.
    if request.if_none_match.contains_weak(drawing.key):
        answer.status_code = 304
        return answer
    answer.set_data(kept.get(drawing))
    return answer
