"""Pictures that messages show: /images/…, fetched by LINE and by members' phones.

Their addresses can't be guessed and never expire, or old chats would go blank.
"""

import hashlib
from functools import lru_cache

from flask import Blueprint, Response, make_response, request

from bot.store import members
from bot.store.members import Member
from handlers.club import Club
from images.card import CardPicture, draw_card
from images.theme import palette
from rules.texts import say

#: How long a picture may be shown without asking again: a month.
_KEPT_SECONDS = 30 * 24 * 3600
#: A drawn card has about 7 KB.
_CARDS_KEPT = 500


def pictures_blueprint(club: Club) -> Blueprint:
    """`/images/card/<token>.png` (see `Codes.card_picture_path`): the QR of a member's card.

    404 for a token we didn't make, and for the card of somebody who was erased.
    """
    pictures = Blueprint("pictures", __name__)

    @pictures.get("/images/card/<token>.png")
    def card(token: str) -> Response:
        number = club.codes.read_card_picture(token)
        member = _member(club, number) if number else None
        if member is None:
            answer = make_response("", 404)
            answer.headers["Cache-Control"] = "no-store"
            return answer
        shop = club.timeline().at(club.now()).programme.shop
        view = CardPicture(
            shop=shop.name.in_(member.language),
            label=say(member.language, "menu.card"),
            number=readable(member.number),
            code=club.codes.card_code(member.number),
        )
        return _picture(*_drawn(view, shop.accent))

    return pictures


def readable(number: str) -> str:
    """A card number in groups that can be read out: "482 011 7736"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def _member(club: Club, number: str) -> Member | None:
    with club.store.read() as uow:
        member_id = members.by_code(uow, "number", number)
        return members.get(uow, member_id) if member_id is not None else None


@lru_cache(maxsize=_CARDS_KEPT)
def _drawn(view: CardPicture, accent: str) -> tuple[bytes, str]:
    """The picture and its ETag."""
    picture = draw_card(view, palette(accent))
    return picture, hashlib.sha256(picture).hexdigest()[:32]


def _picture(picture: bytes, etag: str) -> Response:
    answer = Response(picture, content_type="image/png")
    answer.set_etag(etag)
    answer.cache_control.private = True
    answer.cache_control.max_age = _KEPT_SECONDS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.make_conditional(request)
    return answer
