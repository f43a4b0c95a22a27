"""Who is at the door: members go straight in, everybody else gets a card first.

Anybody may appear with any event, as friends from before never follow again. What they came with
(a counter's code, a friend's) is done right after joining, in the same answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.line.events import Event, Follow, Media, MessageEdited, Sticker, Text
from bot.store import UnitOfWork
from bot.store.members import changes, holders, line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.members.members import Member
from handlers.actions.counter.take_card_back import CardBack, take_card_back
from handlers.actions.members.came_by import come_by
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.link import add_card
from handlers.actions.recording.work import Work
from handlers.club import Club

from . import dispatch, intents
from .context import Answer, Turn
from .conversations import card_back, link, welcome
from .conversations.circle import with_question
from .parts import both_answers, with_news

_WRITTEN = Text | MessageEdited | Media | Sticker


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose event it is, and when it happened. Account and card are locked."""

    account: LineAccount
    event_id: str
    at: datetime


def receive(work: Work, club: Club, event: Event, guest: Guest) -> Answer:
    """Lets the person in, as a member if they aren't one yet, and answers their event."""
    turn, answer = _received(work, club, event, guest)
    return replace(answer, messages=tuple(turn.spoken(answer.messages)))


def _received(work: Work, club: Club, event: Event, guest: Guest) -> tuple[Turn, Answer]:
    if isinstance(event, Follow) or guest.account.blocked:
        _unblock(work, guest)
    is_new = guest.account.member_id is None
    linked = _linked(work, event, guest) if is_new else None
    if linked is not None:
        turn = _turn(work, club, event, guest)
        return turn, link.at_the_door(turn, linked)
    if is_new and _took_back(work, event, guest):
        turn = _turn(work, club, event, guest)
        return turn, card_back.returned(turn)
    if is_new:
        _join(work, event, guest)
    turn = _turn(work, club, event, guest)
    if not is_new:
        return turn, with_question(turn, with_news(turn, dispatch.answer(turn, event)))
    greeting = welcome.welcome(turn)
    asked = dispatch.intent_of(turn, event)
    if isinstance(event, Follow) or asked.intent in welcome.SAID_ALREADY:
        return turn, with_news(turn, greeting)
    said = both_answers(greeting, dispatch.answer(turn, event))
    return turn, with_question(turn, with_news(turn, said))


def _unblock(work: Work, guest: Guest) -> None:
    """Notes that they are with us, unless they blocked us since."""
    subject = work.codes.marks("account", guest.account.user_id)
    newest = changes.newest(work.uow, subject, "blocked", at=guest.at)
    if newest and guest.account.blocked:
        line_accounts.set_blocked(work.uow, guest.account.user_id, False)


def _join(work: Work, event: Event, guest: Guest) -> None:
    programme = work.timeline.at(guest.at).programme
    friend = _friend(work.uow, event)
    joining = JoinRequest(
        at=guest.at,
        language=guest.account.language,
        purpose=programme.privacy.purpose.in_(guest.account.language),
        source="referral" if friend else "line",
        line_user_id=guest.account.user_id,
        referred_by=friend,
    )
    joined = join(work.under(f"{work.key}:join"), joining)
    code = _source_code(event)
    if code:
        come_by(work, joined.member_id, code, at=guest.at)


def _source_code(event: Event) -> str:
    """The code of the poster or flyer that the event brings; "" for none."""
    asked = intents.codes(event.text) if isinstance(event, Text) else None
    return asked.params["code"] if asked is not None and asked.intent == "came_by" else ""


def _linked(work: Work, event: Event, guest: Guest) -> Member | None:
    """The card that somebody without one brings with them; None without a good code for one."""
    asked = intents.codes(event.text) if isinstance(event, Text) else None
    if asked is None or asked.intent != "link":
        return None
    added = add_card(work.under(f"{work.key}:link"), guest.account.user_id, asked.params["code"])
    return members.get(work.uow, added.member_id) if added.member_id is not None else None


def _took_back(work: Work, event: Event, guest: Guest) -> bool:
    """Whether somebody whose card was moved has it back by this very tap: they get no other."""
    token = dispatch.card_back_token(event)
    if token is None:
        return False
    wish = CardBack(guest.account.user_id, token, guest.at)
    return take_card_back(work.under(f"{work.key}:{card_back.INTENT}"), wish).done


def _friend(uow: UnitOfWork, event: Event) -> int | None:
    """The member whose referral code the event brings."""
    asked = intents.codes(event.text) if isinstance(event, Text) else None
    if asked is None or asked.intent != "referred":
        return None
    return members.by_code(uow, "referral", asked.params["code"])


def _turn(work: Work, club: Club, event: Event, guest: Guest) -> Turn:
    holder = holders.lock(work.uow, guest.account.user_id)
    if holder is None:
        raise LookupError("an account without its member")
    account, member = holder.account, holder.member
    return Turn(
        club=club,
        programme=work.programme,
        member=replace(member, facts=work.settled(member)),
        day=work.day,
        display_name=account.display_name,
        work=work,
        event_id=guest.event_id,
        account=account,
        at=guest.at,
        message_id=event.message_id if isinstance(event, _WRITTEN) else None,
        is_new=guest.account.member_id is None,
    )
