"""Replies on their way: handed over here, and written down together once LINE has spoken.

Nobody waits for LINE's answer but the event's lease. Who hands a reply over goes on with the next
event; one thread, or whoever wants to wait, writes down what became of those before.
"""

from collections.abc import Sequence

import structlog

from bot.line.errors import LineError
from bot.line.messages import Message, text_message
from bot.line.sender import SendOutcome, SendRequest, messages_json, reply_body
from bot.store.members import line_accounts
from handlers.club import Club
from rules.wording.texts import say

from .claims import Claim
from .reply import AnsweredReply, Reply, record

log = structlog.get_logger(__name__)

#: Replies on their way at the same time: at 100 ms each, LINE's 2,000 a second.
AT_ONCE = 200


class Replies:
    """Any thread may hand over; one at a time writes down what LINE said."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._sender = club.line.sender(AT_ONCE)
        self._under_way: dict[str, Reply] = {}

    @property
    def on_the_way(self) -> int:
        """How many have left whose outcome is not known yet."""
        return self._sender.on_the_way

    @property
    def is_full(self) -> bool:
        return self.on_the_way >= AT_ONCE

    def send(self, reply: Reply) -> None:
        """Hands a reply over; what LINE takes no more is written down at once."""
        if not reply.claim.is_answerable(self._club.now()):
            self._write_down([AnsweredReply(reply, None)])
            return
        # When a lease ran out two attempts at one event may be on their way.
        name = f"{reply.claim.taken.event_id}:{reply.claim.taken.attempt}"
        self._under_way[name] = reply
        self._give(name, reply.claim, reply.messages)

    def apologise(self, claim: Claim) -> None:
        """Says once that it went wrong, to somebody who waits; what LINE says is lost."""
        user_id = claim.event.user_id
        if user_id is None or not claim.is_answerable(self._club.now()):
            return
        with self._club.store.read() as uow:
            account = line_accounts.get(uow, user_id)
        sorry = say(account.language if account else "ja", "chat.sorry")
        self._give(f"{claim.taken.event_id}:sorry", claim, [text_message(sorry)])

    def write_down(self, *, seconds_max: float) -> bool:
        """Writes down what LINE has said by now; where that is nothing, waits for the first. Gives
        whether some event was written down."""
        said = self._sender.collect(seconds_max=seconds_max)
        answered = [found for each in said if (found := self._answered(each)) is not None]
        if answered:
            self._write_down(answered)
        return bool(answered)

    def wait(self) -> None:
        """Until all that is on its way is written down."""
        while self.on_the_way:
            self.write_down(seconds_max=1)

    def stop(self) -> None:
        """Closes the connections, once LINE has answered or taken too long."""
        self._sender.stop()

    def _give(self, name: str, claim: Claim, messages: Sequence[Message]) -> None:
        body = reply_body(claim.event.reply_token or "", messages_json(messages))
        begin_by = claim.begin_by(self._club.now())
        self._sender.give([SendRequest(name, "reply", body.encode(), begin_by)])

    def _answered(self, outcome: SendOutcome) -> AnsweredReply | None:
        """What was said to a reply; None for an apology."""
        reply = self._under_way.pop(outcome.request.retry_key, None)
        if reply is not None:
            return AnsweredReply(reply, outcome.said)
        if isinstance(outcome.said, LineError):
            log.warning("apology_failed", kind=type(outcome.said).__name__)
        return None

    def _write_down(self, answered: Sequence[AnsweredReply]) -> None:
        """All in one transaction. If that fails each in its own, so that one event's trouble is
        never another's; what can't be written down is left to its lease."""
        try:
            outcomes = record(self._club, answered)
        except Exception:
            if len(answered) > 1:
                for each in answered:
                    self._write_down([each])
                return
            log.exception("reply_not_recorded")
            outcomes = ["unrecorded"]
        for each, outcome in zip(answered, outcomes, strict=True):
            each.reply.claim.count(outcome)
            if outcome == "invalid":
                self.apologise(each.reply.claim)
