"""Where an issue of the newsletter is read: by anybody, or by a member, whose opening it counts."""

from ..club import Club

_PURPOSE = "newsletter issue"
_CARDS = "newsletter readers"
#: How long opening by a message's button counts as reading; the page itself stays.
COUNTS_SECONDS = 400 * 24 * 3600
_DRAFTS = "newsletter draft"
#: So long a draft can be looked at by the address of a trial.
DRAFT_SECONDS = 7 * 24 * 3600


def issue_page(club: Club, issue: str) -> str:
    """The page, for anybody."""
    return f"{club.base_url}/newsletter/{issue}"


def issue_link(club: Club, number: str, issue: str) -> str:
    """The page, for the member with that card."""
    return f"{issue_page(club, issue)}/{club.codes.sign(_PURPOSE, _said(club, number, issue))}"


def reader_of(club: Club, issue: str, token: str) -> str | None:
    """The card of whoever opens that issue by their link; None for a link that isn't ours, or that
    is of another issue."""
    said = club.codes.unsign(_PURPOSE, token, COUNTS_SECONDS)
    sealed, _, named = (said or "").partition(":")
    return club.codes.unseal(_CARDS, sealed) if said and named == issue else None


def draft_page(club: Club, issue: str) -> str:
    """The page of a draft, for who tries it: nobody can guess it."""
    return f"{issue_page(club, issue)}/{_draft_token(club, issue)}"


def draft_picture(club: Club, issue: str) -> str:
    return f"{issue_page(club, issue)}/picture.jpg?draft={_draft_token(club, issue)}"


def shows_draft(club: Club, issue: str, token: str) -> bool:
    """Whether that is a draft's own token."""
    return club.codes.unsign(_DRAFTS, token, DRAFT_SECONDS) == issue


def _draft_token(club: Club, issue: str) -> str:
    return club.codes.sign(_DRAFTS, issue)


def _said(club: Club, number: str, issue: str) -> str:
    # Whoever reads an address shall not learn a card's number.
    return f"{club.codes.seal(_CARDS, number)}:{issue}"
