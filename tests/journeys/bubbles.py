"""What a message of the chat says and shows, as its reader has it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.store.members import members
from handlers.club import Club
from handlers.showing import addresses
from handlers.showing.addresses import Drawing
from images.closed import ClosedPicture

Json = dict[str, Any]


def lines_of(message: Json) -> list[str]:
    """What there is to read in a message's own body and head, in its order."""
    if message["type"] == "text":
        return str(message["text"]).split("\n")
    bubbles = message["contents"].get("contents", [message["contents"]])
    return [line for bubble in bubbles for line in block_lines(bubble)]


def block_lines(bubble: Json) -> list[str]:
    """The same of one bubble."""
    parts = (bubble.get("header"), bubble.get("body"))
    return [line for part in parts for text in _texts(part) for line in text.split("\n")]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "text":
            yield part["text"].replace("\u2060", "")
        for each in part.get("contents", ()):
            yield from _texts(each)


def bars_of(message: Json) -> list[int]:
    """How full its bars are, in percent."""
    return list(_bars(message.get("contents", {}).get("body")))


def _bars(part: Any) -> Iterator[int]:
    if not isinstance(part, dict):
        return
    inside = part.get("contents", ())
    if part.get("height") == "8px" and "width" not in part:
        yield int(inside[0]["width"].rstrip("%")) if inside else 0
        return
    for each in inside:
        yield from _bars(each)


def picture_of(club: Club, message: Json) -> Drawing | None:
    """What the picture above a message draws now; None where it has none."""
    hero = message.get("contents", {}).get("hero")
    if hero is None:
        return None
    *_, kind, token = urlsplit(hero["url"]).path.split("/")
    what = club.codes.read_picture(kind, token.removesuffix(".jpg"))
    assert what is not None, hero["url"]
    with club.store.read() as uow:
        member_id = members.by_code(uow, "number", what.number)
        member = members.get(uow, member_id) if member_id else None
        assert member is not None, "a picture of nobody"
        drawing = addresses.find(club, uow, member, what)
    assert drawing is not None, "a picture of nothing"
    assert not isinstance(drawing.view, ClosedPicture), "a picture of a card that counts no more"
    return drawing
