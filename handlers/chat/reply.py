"""Getting an answer to the member: by reply, which is free; where that fails, perhaps by push."""

import json
from datetime import timedelta
from typing import Any

import structlog

from bot.line.errors import (
    InvalidMessages,
    LineError,
    LineUnavailable,
    RateLimited,
    ReplyTokenInvalid,
)
from bot.line.events import Event
from bot.line.messages import text_message
from bot.store.members import line_accounts, members
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ATTEMPTS_MAX, ClaimedEvent
from handlers.actions.telling import messages
from handlers.club import Club
from rules.wording.texts import say

from ..actions.recording.work import Work
from .context import Answer

log = structlog.get_logger(__name__)

#: LINE takes a reply token for about a minute after it was received.
TOKEN_LIFE = timedelta(seconds=50)
#: How long an answer that is pushed instead is worth having: over a night's quiet hours.
USEFUL = timedelta(hours=18)


def dump(answer: Answer) -> str:
    """The answer as it is kept with the event until it is sent."""
    return json.dumps(
        {
            "messages": answer.messages,
            "must_reach": answer.must_reach,
            "forget": answer.forget,
        },
        ensure_ascii=False,
    )


def deliver(club: Club, claimed: ClaimedEvent, event: Event, kept: str) -> str:
    """Sends a kept answer and closes the event; gives how it ended, in one word.

    A reply is tried once. Only where it certainly never left LINE's error is raised, so that the
    event is taken up again.
    """
    answer = json.loads(kept)
    outcome = _reply(club, claimed, event, answer["messages"])
    with club.work("member") as work:
        if outcome == "too_late" and _queue(work, claimed, event, answer):
            outcome = "queued"
        webhook_events.close(work.uow, claimed.event_id)
        if answer["forget"] and event.user_id:
            webhook_events.forget_bodies(work.uow, user_id=event.user_id)
    if answer["forget"] and event.user_id:
        _show_everybodys_menu(club, event.user_id)
    return outcome


def _show_everybodys_menu(club: Club, user_id: str) -> None:
    """Takes the rank's menu from somebody who was erased. Should it fail, it is only a menu."""
    try:
        club.line.unlink_rich_menu(user_id)
    except LineError as problem:
        log.warning("rich_menu_not_unlinked", kind=type(problem).__name__)


def _reply(club: Club, claimed: ClaimedEvent, event: Event, messages: list[dict[str, Any]]) -> str:
    if not _can_reply(club, claimed, event):
        return "too_late"
    try:
        club.line.reply(event.reply_token or "", messages)
    except ReplyTokenInvalid:
        # At a retake an earlier attempt may have used it: then they have read the answer.
        return "too_late" if claimed.answer is None else "unknown"
    except InvalidMessages:
        log.exception("reply_invalid")
        apologise(club, claimed, event)
        return "invalid"
    except LineError as problem:
        never_left = isinstance(problem, RateLimited) or (
            isinstance(problem, LineUnavailable) and not problem.maybe_done
        )
        if never_left and claimed.attempt < ATTEMPTS_MAX:
            raise
        log.warning("reply_failed", kind=type(problem).__name__, status=problem.status)
        return "too_late" if never_left else "unknown"
    return "replied"


def _can_reply(club: Club, claimed: ClaimedEvent, event: Event) -> bool:
    return event.reply_token is not None and club.now() - claimed.received_at <= TOKEN_LIFE


def _queue(work: Work, claimed: ClaimedEvent, event: Event, answer: dict[str, Any]) -> bool:
    """Puts an answer that the member would miss into the outbox."""
    if not answer["must_reach"] or event.user_id is None:
        return False
    account = line_accounts.get(work.uow, event.user_id)
    if account is None or account.member_id is None:
        return False
    member = members.get(work.uow, account.member_id)
    if member is None:
        return False
    return messages.tell(
        work,
        member,
        messages.SayMessages(messages=tuple(answer["messages"])),
        period=claimed.event_id,
        topic=None,
        useful=USEFUL,
    )


def apologise(club: Club, claimed: ClaimedEvent, event: Event) -> None:
    """Says once that it went wrong, to somebody who waits for an answer; what LINE says is lost."""
    if event.user_id is None or not _can_reply(club, claimed, event):
        return
    with club.store.read() as uow:
        account = line_accounts.get(uow, event.user_id)
    sorry = say(account.language if account else "ja", "chat.sorry")
    try:
        club.line.reply(event.reply_token or "", [text_message(sorry)])
    except LineError as problem:
        log.warning("apology_failed", kind=type(problem).__name__)
