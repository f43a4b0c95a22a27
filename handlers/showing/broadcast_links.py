"""How a tap on a broadcast's button says whose it is, and that it was one."""

from rules.characters import whole_number

from ..club import Club

_PURPOSE = "broadcast tap"
_CARDS = "broadcast readers"
#: How long a tap counts; the button leads on for ever.
_COUNTS_SECONDS = 400 * 24 * 3600
#: The parameter of a button that the chat answers.
VIA = "via"


def button_link(club: Club, number: str, broadcast_id: int) -> str:
    """What the button of the member with that card opens. Who reads it doesn't learn the number."""
    token = club.codes.sign(_PURPOSE, f"{club.codes.seal(_CARDS, number)}:{broadcast_id}")
    return f"{club.base_url}/to/{broadcast_id}/{token}"


def who_taps(club: Club, broadcast_id: int, token: str) -> str | None:
    """The card of whoever taps; None for a link that isn't ours, or of another broadcast."""
    said = club.codes.unsign(_PURPOSE, token, _COUNTS_SECONDS)
    sealed, _, named = (said or "").partition(":")
    return club.codes.unseal(_CARDS, sealed) if named == str(broadcast_id) else None


def via(number: str, broadcast_id: int) -> str:
    """What the button says of itself that the chat answers."""
    return f"{broadcast_id}.{number}"


def read_via(said: str) -> tuple[str, int] | None:
    """The card, and the broadcast; None for what we never wrote."""
    named, _, number = said.partition(".")
    broadcast_id = whole_number(named, 15)
    return (number, broadcast_id) if broadcast_id is not None and number else None
