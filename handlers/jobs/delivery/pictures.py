"""Photographs that an owner handed in, as messages show them."""

from bot.line.actions import UriAction
from bot.line.views import MessagePicture
from handlers.showing.photos import photo_address
from handlers.showing.viewer import Viewer


def picture_of(reader: Viewer, name: str | None) -> MessagePicture | None:
    """A tap on it shows it large."""
    address = photo_address(reader.club, name)
    if address is None:
        return None
    tap = UriAction(reader.words.say("chat.button.enlarge"), address.url)
    return MessagePicture(address.url, address.ratio, tap)
