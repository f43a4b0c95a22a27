"""The conversations. A function marked in a file here is one; nothing lists them."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from ..conversation import Conversation


def _defined_here() -> Iterator[Conversation]:
    for file in iter_modules(__path__):
        parts = vars(import_module(f"{__name__}.{file.name}")).values()
        yield from (part for part in parts if isinstance(part, Conversation))


#: By intent.
CONVERSATIONS: Final = {each.intent: each for each in _defined_here()}
#: What a tap may ask for.
TAPPED: Final = {intent: each for intent, each in CONVERSATIONS.items() if each.by_tap}
#: The kinds of letters that members' texts become.
LETTERS: Final = frozenset(each.letter for each in CONVERSATIONS.values() if each.letter)
