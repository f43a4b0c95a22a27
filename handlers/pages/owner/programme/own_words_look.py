"""The phone beside the form of a text: the message, button, card or page on which it stands."""

from dataclasses import dataclass

from handlers.showing.views import Scene
from rules.base import LANGS
from rules.editing.own_words import SeenText, seen
from rules.journeys.programme import WholeProgramme
from rules.wording.own.offered import offered

from ...current import current_club
from .preview import card_of


@dataclass(frozen=True, slots=True)
class TextLook:
    """What is seen of a text, in each language; pictures as addresses that hold them. Nothing
    where what is typed can't be so."""

    texts: tuple[SeenText, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


def look_of(programme: WholeProgramme, key: str) -> TextLook:
    """How members will see the text `key` of the programme that was read."""
    pictures: tuple[tuple[str, str], ...] = ()
    if offered()[key] == "card" and key.startswith("card."):
        art = current_club().art
        ranked = key != "card.no_rank"
        drawn = (card_of(Scene(programme, art, lang), ranked=ranked) for lang in LANGS)
        pictures = tuple(zip(LANGS, drawn, strict=True))
    return TextLook(seen(programme, key), pictures)
