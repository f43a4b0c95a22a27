"""What becomes of an answer: said by reply, which is free; where that fails, perhaps by push."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog

from bot.line.client import Acceptance
from bot.line.errors import (
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    RateLimited,
    ReplyTokenInvalid,
)
from bot.line.events import BeaconEvent
from bot.line.sender import messages_json
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from bot.store.messages import outbox_by_member, webhook_events
from handlers.actions.telling import messages
from handlers.club import Club
from rules.outlook.suggestion import Suggestion
from rules.sending.policy import MONTH, has_room

from ..actions.recording.work import Work
from .claims import Claim, note_failure
from .context import Answer

log = structlog.get_logger(__name__)

#: How long an answer that is pushed instead is worth having: over a night's quiet hours, where the
#: member would miss something without it; else while they still have the question in mind.
USEFUL, USEFUL_TO_WHO_ASKED = timedelta(hours=18), timedelta(hours=1)
#: How it ends where nothing is missing. `used_before`: at a retake an earlier attempt had used the
#: token, so they have read the answer.
_SAID = frozenset({"replied", "used_before", "queued"})
_READ = frozenset({"replied", "used_before"})
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an event."""

    claim: Claim
    #: LINE's message objects, as `messages_json` gives them.
    messages: str
    must_reach: bool = False
    forget: bool = False
    suggested: Suggestion | None = None
    first_look: bool = False
    #: Of an apology: why the answer itself isn't said.
    sorry_for: str | None = None
    #: The event is put aside then, for a person to look at.
    puts_aside: bool = False

    @classmethod
    def of(cls, claim: Claim, answer: Answer) -> "Reply":
        messages = messages_json(answer.messages)
        return cls(
            claim, messages, answer.must_reach, answer.forget, answer.suggested, answer.first_look
        )


def dump(reply: Reply) -> str:
    """The answer as it is kept with the event until it is sent."""
    beside: dict[str, Any] = {"must_reach": reply.must_reach, "forget": reply.forget}
    if (suggested := reply.suggested) is not None:
        beside |= {"suggested": [suggested.way, suggested.on.isoformat()]}
    if reply.first_look:
        beside["first_look"] = True
    return f'{{"messages":{reply.messages},{json.dumps(beside)[1:]}'


def load(claim: Claim, kept: str) -> Reply:
    """The reply with an answer as `dump` gave it."""
    answer = json.loads(kept)
    messages, suggested = messages_json(answer.pop("messages")), answer.pop("suggested", None)
    if suggested:
        way, on = suggested
        suggested = Suggestion(way, date.fromisoformat(on))
    return Reply(claim, messages, suggested=suggested, **answer)


@dataclass(frozen=True, slots=True)
class AnsweredReply:
    """A reply and what LINE said to it; None: it was too late to try."""

    reply: Reply
    said: Acceptance | LineError | None


def record(club: Club, answered: Sequence[AnsweredReply]) -> list[str]:
    """Closes the events, or leaves them to another attempt, in one transaction; gives how each
    ended, in one word.

    A reply is tried once. Only where it certainly never left is the event taken up again.
    """
    with club.work("member") as work:
        return [_record(work, each.reply, _outcome(each)) for each in answered]


def _record(work: Work, reply: Reply, outcome: str) -> str:
    claim, taken = reply.claim, reply.claim.taken
    if claim.may_be_others(work.now) and not webhook_events.lock_open(work.uow, taken.event_id):
        return "elsewhere"
    if outcome == "retry":
        note_failure(work.uow, claim, "reply_never_left", now=work.now)
        return outcome
    if outcome == "invalid" and reply.sorry_for is None:
        # Still open: an apology follows, and whoever takes up the event after a crash gets here.
        return outcome
    if outcome == "too_late" and _queue(work, reply):
        outcome = "queued"
    if reply.puts_aside:
        webhook_events.put_aside(work.uow, taken.event_id, reply.sorry_for or outcome)
        return "failed"
    if outcome in _READ and claim.event.user_id:
        found = reply.suggested
        suggested = (found.way, found.on) if found else None
        looked_at = work.now if reply.first_look else None
        line_accounts.note_read(
            work.uow, claim.event.user_id, suggested=suggested, looked_at=looked_at
        )
    unsaid = reply.sorry_for or (None if outcome in _SAID else outcome)
    webhook_events.close(work.uow, taken.event_id, unsaid=unsaid)
    if reply.forget and claim.event.user_id:
        webhook_events.forget_bodies(work.uow, user_id=claim.event.user_id)
    return outcome


def _outcome(answered: AnsweredReply) -> str:
    taken, said = answered.reply.claim.taken, answered.said
    if isinstance(said, LineError):
        log.warning("reply_failed", kind=type(said).__name__, status=said.status)
    match said:
        case None:
            return "too_late"
        case Acceptance():
            return "replied"
        case ReplyTokenInvalid():
            return "too_late" if taken.answer is None else "used_before"
        case RateLimited() | LineUnavailable(maybe_done=False):
            return "too_late" if answered.reply.claim.is_last else "retry"
        case LineRejected(status=int(status)) if status == _BAD_REQUEST:
            return "invalid"
        case LineRejected() | MonthlyLimitReached():
            return "rejected"
    return "unknown"


def _queue(work: Work, reply: Reply) -> bool:
    """Puts an answer into the outbox that the member would miss, or asked for and has room for."""
    user_id = reply.claim.event.user_id
    account = line_accounts.get(work.uow, user_id) if user_id else None
    if account is None or account.member_id is None or reply.sorry_for:
        return False
    member = members.get(work.uow, account.member_id)
    if member is None or not (reply.must_reach or _may_be_pushed(work, reply, member)):
        return False
    return messages.tell(
        work,
        member,
        messages.SayMessages(messages=tuple(json.loads(reply.messages))),
        period=reply.claim.taken.event_id,
        topic=None,
        useful=USEFUL if reply.must_reach else USEFUL_TO_WHO_ASKED,
    )


def _may_be_pushed(work: Work, reply: Reply, member: Member) -> bool:
    """Whether they asked, and have had fewer messages than the caps allow: what can be asked for
    again takes nothing from anybody."""
    if isinstance(reply.claim.event, BeaconEvent):
        return False
    pushed = outbox_by_member.all_since(work.uow, member.id, since=work.now - MONTH)
    return has_room(work.programme.sending, pushed, work.now)
