"""Links to a member's own pages: one that begins a session at `/card`, and a reward about to be
used.

The link is the secret: it is signed, it says whose it is, and it is good for a short time by the
wall clock. Whoever has it sees what the member's phone would show.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.codes import RewardUse, page_nonce
from bot.selections import packed, selection_name
from bot.store.members.members import Member

from ..club import Club

#: How long a reward's page can be used after the tap that opened it.
USE_MINUTES = 15
#: How long a link begins a session: a visit with a good while before it.
CARD_HOURS = 6
#: How long the button in the chat opens pages: the list was looked at on the way to the shop.
TAP_HOURS = 6
#: How long an old page is still known, to say what became of it.
_KNOWN_SECONDS = 24 * 3600
_TAP, _USE, _CARD, _SELECTION = "use tap", "use page", "card link", "card selection"
_PAGES = "card pages"


@dataclass(frozen=True, slots=True)
class UsePage:
    """A page by which a member redeems a reward."""

    #: Whose.
    number: str
    #: Of which issue of the card.
    issue: int
    #: For which reward.
    use: RewardUse
    #: The page's own name.
    nonce: str
    #: How long it is still good; zero: no more.
    left: timedelta


@dataclass(frozen=True, slots=True)
class CardLink:
    """What a link to the card says."""

    #: The LINE account in whose chat it stood, whose other cards may be looked at too; empty: of
    #: none.
    account: str
    #: Whose.
    number: str
    #: Which issue of it.
    issue: int


def use_link(club: Club, member: Member, use: RewardUse) -> str:
    """What a button 「使う」 opens: each tap on it makes a page of its own (`use_page_path`)."""
    said = (_sealed(club, member), str(member.issue), use.reward, str(use.voucher or 0))
    return f"{club.base_url}/card/tap/{club.codes.sign(_TAP, ':'.join(said))}/"


def use_page_path(club: Club, token: str) -> str | None:
    """Where a tap leads: a new page, that can be handed out once. None for a tap that isn't ours,
    or on a button of long ago."""
    said = club.codes.unsign(_TAP, token, TAP_HOURS * 3600)
    return f"/card/use/{club.codes.sign(_USE, f'{said}:{page_nonce()}')}/" if said else None


def card_link(club: Club, member: Member, *, account: str | None = None) -> str:
    """What the card's button opens. `account`: in whose chat it stands, if not in its holder's."""
    account = member.line_user_id if account is None else account
    said = club.codes.seal(_CARD, f"{account or ''}:{member.number}:{member.issue}")
    return f"{club.base_url}/card/{club.codes.sign(_CARD, said)}/"


@dataclass(frozen=True, slots=True)
class SelectionLink:
    """The rewards that a member selected to be used with the next scan."""

    #: The selection's own name (`bot.selections`).
    name: str
    uses: tuple[RewardUse, ...]
    #: How long it is still good; zero: no more.
    left: timedelta

    @property
    def packed(self) -> bytes:
        """As the card's code carries it."""
        return packed(self.name, [(use.reward, use.voucher) for use in self.uses])


def selection_token(club: Club, member: Member, uses: Iterable[RewardUse]) -> str:
    """What stands for a selection that a member makes now, in the address of their card."""
    named = ",".join(f"{use.reward}/{use.voucher or 0}" for use in uses)
    said = (_sealed(club, member), str(member.issue), selection_name(club.now()), named)
    return club.codes.sign(_SELECTION, ":".join(said))


def open_selection(club: Club, member: Member, token: str) -> SelectionLink | None:
    """What was selected; None for what isn't of that member's card, or is older than a day."""
    opened = club.codes.unsign_aged(_SELECTION, token, _KNOWN_SECONDS)
    if opened is None:
        return None
    sealed, issue, name, named = opened[0].split(":")
    if (_number(club, sealed), int(issue)) != (member.number, member.issue):
        return None
    pairs = [each.split("/") for each in named.split(",")]
    uses = tuple(RewardUse(reward, int(voucher) or None) for reward, voucher in pairs)
    return SelectionLink(name, uses, max(timedelta(minutes=USE_MINUTES) - opened[1], timedelta(0)))


def _sealed(club: Club, member: Member) -> str:
    """What stands for the card: whoever reads an address shall not learn its number."""
    return club.codes.seal(_PAGES, member.number)


def _number(club: Club, sealed: str) -> str:
    """The card's number; empty, which is nobody's, for what we didn't seal."""
    return club.codes.unseal(_PAGES, sealed) or ""


def open_use(club: Club, token: str) -> UsePage | None:
    """What a reward's link says; None for what isn't ours, or is older than a day."""
    opened = club.codes.unsign_aged(_USE, token, _KNOWN_SECONDS)
    if opened is None:
        return None
    sealed, issue, reward, voucher, nonce = opened[0].split(":")
    use = RewardUse(reward, int(voucher) or None)
    left = max(timedelta(minutes=USE_MINUTES) - opened[1], timedelta(0))
    return UsePage(_number(club, sealed), int(issue), use, nonce, left)


def open_card(club: Club, token: str) -> CardLink | None:
    """What a card's link says; None for what isn't ours, or is too old."""
    sealed = club.codes.unsign(_CARD, token, CARD_HOURS * 3600)
    said = club.codes.unseal(_CARD, sealed) if sealed else None
    if said is None:
        return None
    account, number, issue = said.split(":")
    return CardLink(account, number, int(issue))
