"""One event, whole: look who it is, do what it asks in one transaction, then answer.

The network is asked before the transaction (an unknown person's profile) and after it (the reply),
never inside. The answer is kept with the event in the same commit as the work, so that whoever
takes the event up again only has to send it.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.line import limits
from bot.line.client import UserProfile
from bot.line.errors import LineError
from bot.line.events import Event, Follow, GroupEvent, Ignored, Unfollow, Unsend, parse
from bot.store import UnitOfWork
from bot.store.history import claims
from bot.store.members import line_accounts, members, profiles
from bot.store.members.line_accounts import LineAccount
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import Claimed
from handlers.club import Club
from rules.base import Lang
from rules.programme.timeline import Timeline

from . import arrival, dispatch
from .context import SILENCE, Answer
from .conversations import elsewhere
from .reply import deliver, dump
from .webhook import USER_ID_MAX

log = structlog.get_logger(__name__)

_NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up before the transaction: how LINE calls the person, in which language."""

    display_name: str = ""
    language: Lang = "ja"
    fresh: bool = False


def take_turn(club: Club, claimed: Claimed) -> str:
    """Handles a claimed event; gives how it ended, in one word for the metrics.

    Raises whatever went wrong; nothing is kept of the attempt then.
    """
    event = parse(claimed.body)
    if claimed.answer is not None:
        return deliver(club, claimed, event, claimed.answer)
    known = _look_up(club, event)
    timeline = club.timeline()
    with club.store.begin() as uow:
        if claims.claim(uow, f"line:{claimed.event_id}:turn", "", at=club.now()) is not None:
            # Somebody whose lease ran out did the work after all; they send the answer too.
            return "elsewhere"
        answer, member_id = _work(uow, club, timeline, claimed, event, known)
        if not answer.messages:
            webhook_events.done(uow, claimed.event_id)
            return "quiet"
        kept = dump(answer, member_id)
        webhook_events.note_answer(uow, claimed.event_id, kept)
    return deliver(club, claimed, event, kept)


def _look_up(club: Club, event: Event) -> _Known:
    """Asks LINE who that is, if we don't know; a failure only costs the name."""
    if not _is_personal(event) or event.user_id is None:
        return _Known()
    _learn_our_name(club)
    with club.store.read() as uow:
        account = line_accounts.get(uow, event.user_id)
    if account is not None and not isinstance(event, Follow):
        return _Known(account.display_name, account.language)
    profile = _profile(club, event.user_id)
    if profile is None:
        return _Known(account.display_name, account.language) if account else _Known()
    name = limits.cut(profile.display_name, _NAME_MAX, ellipsis="")
    return _Known(name, _language(profile), fresh=True)


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
    told = (profile.language or "ja").lower()
    return "ja" if told.startswith("ja") else "en"


def _work(
    uow: UnitOfWork,
    club: Club,
    timeline: Timeline,
    claimed: Claimed,
    event: Event,
    known: _Known,
) -> tuple[Answer, int | None]:
    """Does what the event asks; gives the answer and the member it is for."""
    now = club.now()
    match event:
        case GroupEvent():
            return elsewhere.group(club, timeline.at(now).programme, event), None
        case Unfollow(user_id=str(user_id)):
            _left(uow, user_id, now=now)
            return SILENCE, None
        case Unsend(user_id=str(user_id), message_id=message_id):
            dispatch.unsend(uow, user_id, message_id)
            return SILENCE, None
    if not _is_personal(event) or event.user_id is None:
        return SILENCE, None
    account = line_accounts.get(uow, event.user_id)
    if account is None and dispatch.was_erased(event):
        return elsewhere.erased_already(known.language), None
    account = _account(uow, event.user_id, known, now=now)
    guest = arrival.Guest(account, claimed.event_id, _happened(event, claimed, now), now)
    answer = arrival.receive(uow, club, timeline, event, guest)
    current = line_accounts.get(uow, event.user_id)
    return answer, current.member_id if current else None


def _is_personal(event: Event) -> bool:
    """Whether a person speaks to us in the one-to-one chat, and may be answered."""
    if event.standby or event.user_id is None or len(event.user_id) > USER_ID_MAX:
        return False
    if isinstance(event, GroupEvent | Unfollow | Unsend):
        return False
    return not (isinstance(event, Ignored) and (event.malformed or event.reply_token is None))


def _account(uow: UnitOfWork, user_id: str, known: _Known, *, now: datetime) -> LineAccount:
    """The account, made if it is new, locked so that one person's events wait for one another."""
    account = line_accounts.ensure(
        uow, user_id, display_name=known.display_name, language=known.language, at=now
    )
    line_accounts.lock(uow, user_id)
    if known.fresh and account.display_name != known.display_name:
        line_accounts.set_display_name(uow, user_id, known.display_name)
        if account.member_id is not None:
            # Locked first, as whoever else changes what a member is found by does.
            members.lock(uow, account.member_id)
            profiles.refresh(uow, account.member_id)
    current = line_accounts.get(uow, user_id)
    if current is None:
        raise LookupError("the account was removed meanwhile")
    return current


def _left(uow: UnitOfWork, user_id: str, *, now: datetime) -> None:
    line_accounts.set_blocked(uow, user_id, True)
    line_accounts.await_answer(uow, user_id, None, now=now)


def _happened(event: Event, claimed: Claimed, now: datetime) -> datetime:
    """When it happened, as far as that can be true."""
    if event.occurred_at is None or event.occurred_at > now:
        return min(claimed.received_at, now)
    return event.occurred_at
