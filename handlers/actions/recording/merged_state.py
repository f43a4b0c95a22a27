"""How things stood outside the histories before two cards were merged: kept in the activity that
closes one of them, so that whoever takes it apart finds it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from bot.store.members.consents import ConsentKind
from rules.activity import Merged, What
from rules.shop import Shop

#: So long whoever had one of the cards can take it back, and no reward of much worth is handed out.
_BACK_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StateBeforeMerge:
    """How things stood outside the histories."""

    #: LINE accounts, each with the card its chat spoke of.
    accounts: dict[str, int | None]
    #: Where the keeper's messages went.
    keep_line: str | None
    #: Where the other's went.
    other_line: str | None
    #: The lost account's other cards.
    cards: tuple[int, ...]
    joined_at: datetime
    topics_left: tuple[str, ...]
    #: Which parts of the keeper's profile were empty.
    filled: tuple[str, ...]
    #: Which issue of the card counted, if it was issued anew.
    issue: int | None = None
    #: Which counts since then.
    issued: int | None = None
    #: Who else something was taken back of that counts once (`counted_once`).
    also: tuple[int, ...] = ()
    #: Whether the keeper is since then who the other's referrer had invited; and who had invited
    #: the keeper before.
    inherits: bool = False
    referred_by: int | None = None
    #: The accounts that had one of the cards, each with the card it had: they are told, and may
    #: take it back.
    told: dict[str, int] = field(default_factory=dict)
    #: The one of them that asked for it in the chat, and heard in the answer how it went.
    asked_by: str | None = None
    #: The account that lost its card by it.
    lost: str | None = None
    #: Where the keeper's messages go since then; not known of mergings of before.
    to_line: str | None = None
    #: Until when the keeper's rewards were held before.
    held_until: datetime | None = None
    #: The other's last word on the newsletter, where it became the keeper's: its kind, and when it
    #: was said.
    newsletter: tuple[ConsentKind, datetime] | None = None
    #: The issues of the newsletter that only the other had opened.
    read: tuple[str, ...] = ()
    #: How many of each reward, by its id, the keeper had been given: the other's came after those.
    given: dict[str, int] = field(default_factory=dict)


BEFORE: TypeAdapter[StateBeforeMerge] = TypeAdapter(StateBeforeMerge)


def last_day_back(shop: Shop, at: datetime) -> date:
    """The last day on which a merging of that moment can be taken back."""
    return shop.business_date(at + _BACK_WITHIN)


def back_until(shop: Shop, at: datetime) -> datetime:
    """Up to which moment (exclusive) it can: that day's end."""
    return shop.opens(last_day_back(shop, at) + timedelta(days=1))


def state_before(what: What) -> StateBeforeMerge | None:
    """What a merging keeps; None for anything else, and for one that was undone or forgotten."""
    return BEFORE.validate_json(what.before) if isinstance(what, Merged) and what.before else None
