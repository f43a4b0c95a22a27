"""My data: what is held and by which consent, what was written, and the ways to take it along or
out."""

from dataclasses import dataclass, replace

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.members import line_accounts, mergers, profiles
from bot.store.messages import inbox
from handlers.showing import held
from handlers.showing.viewer import Viewer
from rules.heard.stars import stars_line
from rules.wording.texts import long_date

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import cards_of, current_session, is_shared, member_page, outside_link
from ..shell import is_in_line
from .forms import said, whole_number

#: So many letters are shown at once.
_LETTERS = 20


@dataclass(frozen=True, slots=True)
class LetterShown:
    on: str
    words: str


@pages.get("/card/data")
@member_page
def data(viewer: Viewer) -> ResponseReturnValue:
    shares, privacy = is_shared(viewer), viewer.programme.privacy
    with current_club().store.read() as uow:
        others = _other_cards(viewer, uow)
        theirs = named_by_line(viewer, uow)
        facts = (
            *held.who(theirs, uow, shares=shares),
            *held.membership(theirs, uow, other_cards=others),
            held.contact(theirs),
        )
        given = [] if shares else held.agreed(theirs, uow)
        wrote = inbox.count_of(uow, account_here(viewer))
        told = [] if shares else _reviews(viewer, uow)
        note = "" if shares else profiles.get(uow, viewer.member.id).note
    return page(
        viewer,
        "sections/data",
        said=said(viewer),
        purpose=privacy.purpose.in_(viewer.lang),
        facts=facts,
        given=given,
        wrote=wrote,
        told=bool(told),
        note=note,
        shares=shares,
        policy_url=current_club().policy_link(privacy, viewer.lang),
        outside=outside_link("data") if is_in_line() else "",
    )


def account_here(viewer: Viewer) -> str:
    """The LINE account of whoever looks; empty where there is none."""
    session = current_session()
    return (session.account if session else "") or viewer.member.line_user_id or ""


def named_by_line(viewer: Viewer, uow: UnitOfWork) -> Viewer:
    """The same, called as LINE calls whoever looks."""
    account = line_accounts.get(uow, account_here(viewer))
    return replace(viewer, display_name=account.display_name if account else "")


def _other_cards(viewer: Viewer, uow: UnitOfWork) -> tuple[str, ...]:
    cards = cards_of(uow, account_here(viewer))
    return tuple(card.number for card in cards if card.id != viewer.member.id)


@pages.get("/card/data/letters")
@member_page
def letters(viewer: Viewer) -> ResponseReturnValue:
    """What they wrote to the shop, newest first."""
    before = whole_number("before")
    with current_club().store.read() as uow:
        account = account_here(viewer)
        found = inbox.of_account(uow, account, before=before, limit=_LETTERS + 1)
        told = [] if before or is_shared(viewer) else _reviews(viewer, uow)
    shop, shown = viewer.programme.shop, found[:_LETTERS]
    return page(
        viewer,
        "sections/letters",
        letters=[
            LetterShown(long_date(viewer.lang, shop.local(letter.at).date()), letter.text)
            for letter in shown
        ],
        reviews=[
            LetterShown(
                f"{long_date(viewer.lang, each.business_date)} {stars_line(each.stars)}", each.words
            )
            for each in told
        ],
        older=shown[-1].id if len(found) > len(shown) else None,
    )


def _reviews(viewer: Viewer, uow: UnitOfWork) -> list[Review]:
    cards = mergers.with_absorbed(uow, viewer.member.id)
    return reviews.of_cards(uow, cards, limit=_LETTERS)
