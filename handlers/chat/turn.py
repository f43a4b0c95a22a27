"""One event, whole: look who it is, do what it asks in one transaction, then answer.

The network is asked before the transaction (an unknown person's profile), never inside; the reply
is handed over after it. The answer is kept with the event in the same commit as the work, so that
whoever takes the event up again only has to send it.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.errors import KayoiError
from bot.line import limits
from bot.line.client import UserProfile
from bot.line.errors import LineError
from bot.line.events import Event, Follow, GroupEvent, Ignored, Unfollow, Unsend
from bot.store import UnitOfWork
from bot.store.members import changes, holders, line_accounts, profiles
from bot.store.members.line_accounts import LineAccount
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ClaimedEvent
from handlers.actions.recording.work import Work
from handlers.club import Club
from rules.base import Lang

from . import arrival, dispatch
from .claims import Claim
from .context import SILENCE, Answer
from .conversations import outside_chat
from .replies import Replies
from .reply import dump, load
from .webhook import USER_ID_MAX

log = structlog.get_logger(__name__)

_NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class _Introduction:
    """What LINE says of a person."""

    display_name: str = ""
    language: Lang = "ja"
    #: Whether it did answer.
    fresh: bool = False


class _Stranger(KayoiError):
    """Somebody whom we don't know yet: LINE must be asked who that is, outside the transaction."""


class _TakenOver(KayoiError):
    """Our lease ran out, and whoever took the event up does the work."""


def take_turn(club: Club, claim: Claim, replies: Replies) -> str | None:
    """Handles a claimed event; gives how it ended, in one word for the metrics, or None for an
    answer that is `replies`'.

    Raises whatever went wrong; nothing is kept of the attempt then.
    """
    claimed, event = claim.taken, claim.event
    kept = claimed.answer
    if kept is None:
        if _is_personal(event):
            _learn_our_name(club)
        try:
            kept = _do(club, claimed, event)
        except _TakenOver:
            return "elsewhere"
    if kept is None:
        return "quiet"
    reply = load(claim, kept)
    replies.send(reply)
    if reply.forget and event.user_id:
        _show_everybodys_menu(club, event.user_id)
    return None


def _show_everybodys_menu(club: Club, user_id: str) -> None:
    """Takes the rank's menu from somebody who was erased. Should it fail, it is only a menu."""
    try:
        club.line.unlink_rich_menu(user_id)
    except LineError as problem:
        log.warning("rich_menu_not_unlinked", kind=type(problem).__name__)


def _do(club: Club, claimed: ClaimedEvent, event: Event) -> str | None:
    """Does the work and gives the answer as it is kept with it; None for none.

    LINE is asked who that is when somebody comes (back), or is new to us.
    """
    if not (isinstance(event, Follow) and _is_personal(event)):
        with suppress(_Stranger):
            return _in_one(club, claimed, event, None)
    return _in_one(club, claimed, event, _introduction(club, event))


def _in_one(
    club: Club, claimed: ClaimedEvent, event: Event, introduced: _Introduction | None
) -> str | None:
    """The work and its answer in one transaction."""
    with club.work("member", key=f"line:{claimed.event_id}") as work:
        answer = _work(work, club, claimed, event, introduced)
        kept = dump(answer) if answer.messages else None
        if not webhook_events.keep(work.uow, claimed, kept):
            raise _TakenOver
    return kept


def _introduction(club: Club, event: Event) -> _Introduction:
    """What LINE says of whose event it is; a failure only costs the name."""
    profile = _profile(club, event.user_id) if event.user_id else None
    if profile is None:
        return _Introduction()
    name = limits.cut(profile.display_name, _NAME_MAX, ellipsis="")
    return _Introduction(name, _language(profile), fresh=True)


def _learn_our_name(club: Club) -> None:
    """Asks for the account's id while we may: links need it, and it is known from then on."""
    try:
        club.bot_id()
    except LineError as problem:
        log.warning("bot_id_unknown", kind=type(problem).__name__)


def _profile(club: Club, user_id: str) -> UserProfile | None:
    try:
        return club.line.profile(user_id)
    except LineError as problem:
        log.warning("profile_unknown", kind=type(problem).__name__)
        return None


def _language(profile: UserProfile) -> Lang:
    language = (profile.language or "ja").lower()
    return "ja" if language.startswith("ja") else "en"


def _work(
    work: Work, club: Club, claimed: ClaimedEvent, event: Event, introduced: _Introduction | None
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
    work: Work, claimed: ClaimedEvent, event: Event, user_id: str, introduced: _Introduction | None
) -> arrival.Guest | None:
    """Who is there, locked so that one person's events wait for one another; None for somebody who
    was erased since. Raises _Stranger for somebody whom we don't know."""
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
        )
    elif introduced is not None and introduced.fresh:
        account = _rename(work.uow, account, introduced.display_name)
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


def _rename(uow: UnitOfWork, account: LineAccount, name: str) -> LineAccount:
    """The account, called as LINE calls the person now. Its card is locked, as by whoever changes
    what a member is found by."""
    if account.display_name == name:
        return account
    line_accounts.set_display_name(uow, account.user_id, name)
    if account.member_id is not None:
        profiles.refresh(uow, account.member_id)
    return replace(account, display_name=name)


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
