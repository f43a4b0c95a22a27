"""Photographs that an owner handed in for a message: the same for everybody who gets it."""

from functools import lru_cache

from bot.line.actions import UriAction
from bot.line.views import MessagePicture
from bot.store.history import arts
from images.photo import photo

from ..club import Club
from .addresses import Address
from .viewer import Viewer


def photo_address(club: Club, name: str | None) -> Address | None:
    """Where what is kept by that name (`arts`) is shown; None where there is none. Nobody who
    hasn't got the message can guess it."""
    art = club.art.get(name)
    if art is None or name is None:
        return None
    return Address(f"{club.base_url}{photo_path(name)}", art.image.size)


def photo_in_message(reader: Viewer, name: str | None) -> MessagePicture | None:
    """The same in a message: a tap on it shows it large."""
    address = photo_address(reader.club, name)
    if address is None:
        return None
    tap = UriAction(reader.words.say("chat.button.enlarge"), address.url)
    return MessagePicture(address.url, address.ratio, tap)


def photo_path(name: str) -> str:
    return f"/photos/{name.removesuffix('.png')}.jpg"


def photo_of(club: Club, name: str) -> bytes | None:
    """What stands at that address, as a JPEG."""
    with club.store.read() as uow:
        data = arts.read(uow, f"{name}.png")
    return _as_jpeg(data) if data else None


@lru_cache(maxsize=16)
def _as_jpeg(data: bytes) -> bytes | None:
    made = photo(data)
    return made[0] if made else None
