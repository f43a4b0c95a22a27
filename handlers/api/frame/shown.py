"""What stands on a card that somebody shows, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.scan import holder_and_keeper, is_closed
from handlers.actions.counter.scanned_code import ScannedCode, read
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.characters import as_scanned

from .current import current_club, is_repeat
from .problems import refuse


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card, and whom it leads to, who is locked where something is written."""

    shown: ScannedCode
    #: Whose card it is.
    holder: Member
    #: Who has its points now: the same, unless another one's history took it over.
    member: Member


def shown_card(work: Work, code: str, at: datetime, *, looks: bool = False) -> ShownCard:
    """Whose card was shown `at`, by what was scanned or typed; `looks`: nothing is written about
    them. Refused by what it is where it is no card, and with card_closed for one that was replaced.
    """
    timeline = current_club().timeline()
    shown = read(
        work.codes,
        code,
        stores=tuple(store.id for store in work.programme.stores),
        now=at,
        prefixes=timeline.barcode_prefixes,
    )
    number, issue, live = shown.number, shown.issue, shown.live
    if shown.kind == "use_expired" and not looks and is_repeat(work):
        # A repeat comes whenever it comes: it counted when it was shown first.
        live = work.codes.open_live(as_scanned(code), at)
    if live is not None:
        number, issue = live.number, live.issue
    if number is None:
        raise refuse(Refusal(shown.kind))
    cards = _looked_at(work.uow, number) if looks else holder_and_keeper(work.uow, number)
    if cards is None or cards[1].erased_at is not None:
        raise refuse(Refusal("no_member"))
    if is_closed(work.uow, issue, cards[0], at) and (looks or not is_repeat(work)):
        raise refuse(Refusal("card_closed"))
    return ShownCard(shown, *cards)


def _looked_at(uow: UnitOfWork, number: str) -> tuple[Member, Member] | None:
    """As `holder_and_keeper`, without holding anybody."""
    holder_id = members.by_code(uow, "number", number)
    if holder_id is None:
        return None
    holder, keeper = (members.get(uow, i) for i in (holder_id, members.keeper(uow, holder_id)))
    return (holder, keeper) if holder is not None and keeper is not None else None


#: What a code is, where it is no member's card.
NO_CARDS = (
    "mistyped", "slip", "counter", "link", "foreign", "goods", "in_store", "input_method",
    "unreadable", "use_expired", "no_member", "card_closed",
)  # fmt: skip
