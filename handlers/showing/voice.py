"""Who speaks in the shop's messages: the name and the icon that LINE shows beside each."""

from collections.abc import Mapping, Sequence

from bot.line.messages import Message, with_sender
from bot.store.history.arts import is_stored_name
from images.icon import draw_icon
from rules.base import Lang
from rules.programme.programme import Programme

from ..club import Club


def in_voice(
    club: Club, programme: Programme, lang: Lang, messages: Sequence[Message]
) -> list[Message]:
    """The messages as the shop says them to who reads that language."""
    return with_sender(messages, sender_of(club, programme, lang))


def sender_of(club: Club, programme: Programme, lang: Lang) -> Mapping[str, str]:
    """As LINE's `sender`; empty where the account itself speaks."""
    voice, sender = programme.voice, {}
    if voice.sender:
        sender["name"] = voice.sender.in_(lang)
    if icon := _icon_address(club, voice.icon):
        sender["iconUrl"] = icon
    return sender


def _icon_address(club: Club, name: str | None) -> str | None:
    """Where the icon is shown; None where there is none. Of another picture it is another."""
    art = club.art.get(name)
    if art is None or name is None:
        return None
    return f"{club.base_url}/icons/{name}?{art.digest}"


def icon_of(club: Club, name: str) -> bytes | None:
    """What stands at that address, as a PNG: of art that was handed in, or of the file that the
    programme names, and of no other file."""
    is_shown = is_stored_name(name) or name == club.timeline().at(club.now()).programme.voice.icon
    art = club.art.get(name) if is_shown else None
    return draw_icon(art) if art else None
