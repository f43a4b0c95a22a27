"""One event, whole: look who it is, do what it asks in one transaction, then answer.

The network is asked before the transaction (a person's profile, seldom), never inside; the reply
is handed over after it. The answer is kept with the event in the same commit as the work, so that
whoever takes the event up again only has to send it.
"""

from dataclasses import replace
from datetime import datetime

from bot.errors import KayoiError
from bot.line.events import Event, Follow, GroupEvent, Ignored, Unfollow, Unsend
from bot.store.members import changes, holders, line_accounts, members, profiles
from bot.store.members.line_accounts import LineAccount
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ClaimedEvent
from handlers.actions.members.profile import choose_language
from handlers.actions.recording.work import Work
from handlers.club import Club

from . import arrival, dispatch
from .claims import Claim
from .context import SILENCE, Answer
from .conversations import outside_chat
from .introductions import Introduction
from .replies import Replies
from .reply import Reply, dump, load
from .webhook import USER_ID_MAX


class _Stranger(KayoiError):
    """Somebody whom we don't know yet, or not by today's name: LINE must be asked who that is,
    outside the transaction."""


class _TakenOver(KayoiError):
    """Our lease ran out, and whoever took the event up does the work."""


def take_turn(club: Club, claim: Claim, replies: Replies) -> str | None:
    """Handles a claimed event; gives how it ended, in one word for the metrics, or None where
    `replies` has it now: to say the answer, or to ask who that is first.

    Raises whatever went wrong; nothing is kept of the attempt then.
    """
    event, kept = claim.event, claim.taken.answer
    try:
        reply = _do(club, claim) if kept is None else load(claim, kept)
    except _TakenOver:
        return "elsewhere"
    except _Stranger:
        replies.introduce(claim)
        return None
    if reply is None:
        return "quiet"
    replies.send(reply)
    if reply.forget and event.user_id:
        replies.show_everybodys_menu(event.user_id)
    return None


def _do(club: Club, claim: Claim) -> Reply | None:
    """The work in one transaction, and its answer, which is kept with it; None for none. Raises
    _Stranger where LINE must be asked first: somebody comes (back), or is new to us."""
    claimed, event = claim.taken, claim.event
    if isinstance(event, Follow) and _is_personal(event) and claim.introduction is None:
        raise _Stranger
    # Not for the disk's sake: what closes the event waits for it, and until then it is done anew.
    with club.work("member", key=f"line:{claimed.event_id}", durable=False) as work:
        answer = _work(work, club, claimed, event, claim.introduction)
        reply = Reply.of(claim, answer) if answer.messages else None
        if not webhook_events.keep(work.uow, claimed, dump(reply) if reply else None):
            raise _TakenOver
    return reply


def _work(
    work: Work, club: Club, claimed: ClaimedEvent, event: Event, introduced: Introduction | None
) -> Answer:
    """Does what the event asks; gives the answer."""
    match event:
        case GroupEvent():
            return outside_chat.group(club, work.programme, event)
        case Unfollow(user_id=str(user_id)):
            _leave(work, user_id, at=_moment_of(event, claimed, work.now))
            return SILENCE
        case Unsend(user_id=str(user_id), message_id=message_id):
            at = _moment_of(event, claimed, work.now)
            dispatch.unsend(work, user_id, message_id, at=at)
            return SILENCE
    if not _is_personal(event) or event.user_id is None:
        return SILENCE
    guest = _guest(work, claimed, event, event.user_id, introduced)
    if guest is None:
        if not dispatch.was_erased(event):
            return SILENCE
        return outside_chat.erased_already(introduced.language if introduced else "ja")
    return arrival.receive(work, club, event, guest)


def _guest(
    work: Work, claimed: ClaimedEvent, event: Event, user_id: str, introduced: Introduction | None
) -> arrival.Guest | None:
    """Who is there, locked so that one person's events wait for one another; None for somebody who
    was erased since. Raises _Stranger for somebody whom we don't know, or not by today's name."""
    at = _moment_of(event, claimed, work.now)
    holder = holders.lock(work.uow, user_id)
    account = holder.account if holder else line_accounts.lock(work.uow, user_id)
    if account is None:
        if _is_from_before_erasing(work, user_id, at=at):
            return None
        if introduced is None:
            raise _Stranger
        if dispatch.was_erased(event):
            return None
        account = line_accounts.ensure(
            work.uow,
            user_id,
            display_name=introduced.display_name,
            language=introduced.language,
            at=work.now,
            profile_due_at=introduced.due_at(work.now),
        )
    elif introduced is not None:
        account = _meet(work, account, introduced)
    elif account.is_profile_due(work.now):
        raise _Stranger
    return arrival.Guest(account, claimed.event_id, at)


def _is_from_before_erasing(work: Work, user_id: str, *, at: datetime) -> bool:
    """Whether what happened `at` comes from before they were erased."""
    erased_at = changes.last(work.uow, work.codes.marks("account", user_id), "erased")
    return erased_at is not None and at <= erased_at


def _is_personal(event: Event) -> bool:
    """Whether a person speaks to us in the one-to-one chat, and may be answered."""
    if event.standby or event.user_id is None or len(event.user_id) > USER_ID_MAX:
        return False
    if isinstance(event, GroupEvent | Unfollow | Unsend):
        return False
    return not (isinstance(event, Ignored) and (event.malformed or event.reply_token is None))


def _meet(work: Work, account: LineAccount, introduced: Introduction) -> LineAccount:
    """The account, called as LINE calls the person now, if it said so. The card that the chat
    speaks of is locked, as by whoever changes what a member is found by."""
    uow, user_id = work.uow, account.user_id
    name = introduced.display_name if introduced.fresh else account.display_name
    due_at = introduced.due_at(work.now)
    line_accounts.set_display_name(uow, user_id, name, due_at=due_at)
    if name == account.display_name:
        return replace(account, profile_due_at=due_at)
    speaks_of = [] if account.member_id is None else [account.member_id]
    for card in {*speaks_of, *members.cards(uow, user_id)}:
        profiles.refresh(uow, card)
    for card in [] if account.display_name else speaks_of:
        # Nobody had said so far which language is theirs.
        joined_at = members.lock(uow, card).joined_at
        choose_language(work, card, introduced.language, at=joined_at)
    return line_accounts.lock(uow, user_id) or account


def _leave(work: Work, user_id: str, *, at: datetime) -> None:
    """Notes that they blocked us, unless they came back or wrote to us since."""
    uow, subject = work.uow, work.codes.marks("account", user_id)
    line_accounts.lock(uow, user_id)
    if webhook_events.spoke_after(uow, user_id, at):
        return
    if changes.newest(uow, subject, "blocked", at=at, wins_ties=True):
        line_accounts.set_blocked(uow, user_id, True)
        line_accounts.await_answer(uow, user_id, None, now=work.now)


def _moment_of(event: Event, claimed: ClaimedEvent, now: datetime) -> datetime:
    """When it happened, as far as that can be true."""
    if event.occurred_at is None or event.occurred_at > now:
        return min(claimed.received_at, now)
    return event.occurred_at
