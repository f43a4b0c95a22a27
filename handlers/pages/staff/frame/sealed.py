"""What an address would tell of a member, sealed: no proxy's log and no browser's history learns a
card's number, or what somebody looked for.

Views and templates know a card by its number; its address, `<card:number>`, is sealed.
"""

from werkzeug.routing import BaseConverter

from ...current import current_club

_CARD, _SEARCH = "card", "search"


class CardConverter(BaseConverter):
    """A card's number in an address; in one that we didn't make it is empty, which is nobody's."""

    def to_python(self, value: str) -> str:
        return card_number(value) or ""

    def to_url(self, value: str) -> str:
        return sealed_card(value)


def sealed_card(number: str) -> str:
    """What stands for the card in an address."""
    return current_club().codes.seal(_CARD, number)


def card_number(sealed: str) -> str | None:
    """The number of the card that stands there; None for what isn't ours."""
    return current_club().codes.unseal(_CARD, sealed)


def sealed_search(query: str) -> str:
    """What stands for what somebody looks for: a name, a telephone, a card."""
    return current_club().codes.seal(_SEARCH, query)


def search_of(sealed: str) -> str:
    """What somebody looks for; empty for what isn't ours."""
    return current_club().codes.unseal(_SEARCH, sealed) or ""
