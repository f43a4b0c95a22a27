"""Who is at the door: members go straight in, everybody else gets a card first.

Anybody may appear with any event, as friends from before never follow again. What they came with
(a counter's code, a friend's) is done right after joining, in the same answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.line.events import Event, Follow, Media, MessageEdited, Sticker, Text
from bot.store import UnitOfWork
from bot.store.members import holders, line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.members.members import Member
from handlers.actions.members.join import Joining, join
from handlers.actions.members.link import add_card
from handlers.club import Club
from rules.programme.timeline import Timeline

from . import dispatch, intents
from .context import Answer, Turn
from .conversations import link, welcome
from .parts import joined

_WRITTEN = Text | MessageEdited | Media | Sticker


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose event it is, with the card that their chat speaks of (None: they have none yet), when
    it happened (`at`) and what time it is now. Account and card are locked."""

    account: LineAccount
    member: Member | None
    event_id: str
    at: datetime
    now: datetime


def receive(uow: UnitOfWork, club: Club, timeline: Timeline, event: Event, guest: Guest) -> Answer:
    """Lets the person in, as a member if they aren't one yet, and answers their event."""
    user_id = guest.account.user_id
    if guest.account.blocked:
        line_accounts.set_blocked(uow, user_id, False)
        guest = replace(guest, account=replace(guest.account, blocked=False))
    is_new = guest.account.member_id is None
    linked = _linked(uow, event, guest) if is_new else None
    if linked is not None:
        return link.at_the_door(_turn(uow, club, timeline, event, guest), linked)
    if is_new:
        _join(uow, timeline, event, guest)
    turn = _turn(uow, club, timeline, event, guest)
    if not is_new:
        return dispatch.answer(turn, event)
    greeting = welcome.welcome(turn)
    asked = dispatch.asked(turn, event)
    if isinstance(event, Follow) or asked.intent in welcome.SAID_ALREADY:
        return greeting
    return joined(greeting, dispatch.answer(turn, event))


def _join(uow: UnitOfWork, timeline: Timeline, event: Event, guest: Guest) -> None:
    programme = timeline.at(guest.at).programme
    friend = _friend(uow, event)
    joining = Joining(
        key=f"line:{guest.event_id}:join",
        at=guest.at,
        language=guest.account.language,
        purpose=programme.privacy.purpose.in_(guest.account.language),
        source="referral" if friend else "line",
        line_user_id=guest.account.user_id,
        referred_by=friend,
    )
    join(uow, timeline, joining, now=guest.now)


def _linked(uow: UnitOfWork, event: Event, guest: Guest) -> Member | None:
    """The card that somebody without one brings with them; None without a good code for one."""
    asked = intents.codes(event.text) if isinstance(event, Text) else None
    if asked is None or asked.intent != "link":
        return None
    outcome = add_card(
        uow, guest.account.user_id, asked.params["code"],
        key=f"line:{guest.event_id}:link", now=guest.now,
    )  # fmt: skip
    return members.get(uow, outcome.member_id) if outcome.done else None


def _friend(uow: UnitOfWork, event: Event) -> int | None:
    """The member whose referral code the event brings."""
    asked = intents.codes(event.text) if isinstance(event, Text) else None
    if asked is None or asked.intent != "referred":
        return None
    return members.by_code(uow, "referral", asked.params["code"])


def _turn(uow: UnitOfWork, club: Club, timeline: Timeline, event: Event, guest: Guest) -> Turn:
    account, member = guest.account, guest.member
    if member is None:
        found = holders.lock(uow, account.user_id)
        if found is None:
            raise LookupError("an account without its member")
        account, member = found.account, found.member
    message_id = event.message_id if isinstance(event, _WRITTEN) else None
    return Turn(
        uow, club, timeline, guest.event_id, account, member, guest.at, guest.now, message_id,
        is_new=guest.account.member_id is None,
    )  # fmt: skip
