"""Replies on their way: handed over here, and written down together once LINE has spoken.

Nobody waits for LINE's answer but the event's lease. Who hands a reply over goes on with the next
event; one thread, or whoever wants to wait, writes down what became of those before.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock

import structlog

from bot.line.errors import LineError
from bot.line.messages import text_message
from bot.line.people import UserProfile
from bot.line.sender import SendOutcome, SendRequest, messages_json, reply_body
from bot.store.members import line_accounts
from handlers.club import Club
from rules.wording.texts import say

from .claims import Claim
from .introductions import introduction
from .reading import ReadMarks
from .reply import AnsweredReply, Reply, record

log = structlog.get_logger(__name__)

#: How a reply ends that the member has read.
_READ = frozenset({"replied", "used_before"})
#: Replies on their way at the same time: at 100 ms each, LINE's 2,000 a second.
AT_ONCE = 200


class Replies:
    """Any thread may hand over; one at a time writes down what LINE said. `wake` is told that
    somebody is `introduced`."""

    def __init__(self, club: Club, wake: Callable[[], None] = lambda: None) -> None:
        self._club, self._wake = club, wake
        self._sender = club.line.sender(AT_ONCE)
        self._marks = ReadMarks(club, self._sender)
        self._under_way: dict[str, Reply] = {}
        self._introduced: deque[Claim] = deque()
        self._door = Lock()
        # Guarded by the door.
        self._asking = 0

    @property
    def on_the_way(self) -> int:
        """How many replies and questions have left whose outcome is not known yet."""
        return self._sender.on_the_way + self._asking

    @property
    def is_full(self) -> bool:
        return self.on_the_way >= AT_ONCE

    def send(self, reply: Reply) -> None:
        """Hands a reply over; what LINE takes no more is written down at once. While an earlier
        attempt's reply is on its way, as its lease ran out, what becomes of that one counts."""
        event = reply.claim.taken.event_id
        if event in self._under_way:
            reply.claim.count("elsewhere")
            return
        if not reply.claim.is_answerable(self._club.now()):
            self._write_down([AnsweredReply(reply, None)])
            return
        if self._under_way.setdefault(event, reply) is not reply:
            reply.claim.count("elsewhere")
            return
        body = reply_body(reply.claim.event.reply_token or "", reply.messages)
        begin_by = reply.claim.begin_by(self._club.now())
        self._sender.give([SendRequest(event, "reply", body.encode(), begin_by)])

    def apologise(self, claim: Claim, why: str, *, puts_aside: bool = False) -> None:
        """Says once that it went wrong, to somebody who waits; the event ends with that."""
        user_id, account = claim.event.user_id, None
        if user_id is not None:
            with self._club.store.read() as uow:
                account = line_accounts.get(uow, user_id)
        sorry = say(account.language if account else "ja", "chat.sorry")
        messages = messages_json([text_message(sorry)])
        self.send(Reply(claim, messages, sorry_for=why, puts_aside=puts_aside))

    def introduce(self, claim: Claim) -> None:
        """Asks LINE who that is; `introduced` has the claim then."""
        with self._door:
            self._asking += 1
        self._sender.profile(claim.event.user_id or "", partial(self._met, claim))

    def introduced(self) -> Claim | None:
        """One of those for whom LINE has said who that is, if there are any."""
        try:
            return self._introduced.popleft()
        except IndexError:
            return None

    def show_everybodys_menu(self, user_id: str) -> None:
        """Takes the rank's menu from somebody who was erased. Should it fail, it is only a menu."""
        self._sender.unlink_rich_menu(user_id, _note_menu)

    def write_down(self, *, seconds_max: float | None = None) -> bool:
        """Writes down what LINE has said by now; where that is nothing, waits for the first, or for
        a `nudge`. Gives whether some event was written down."""
        said = self._sender.collect(seconds_max=seconds_max)
        self._write_down([self._answered(each) for each in said])
        return bool(said)

    def mark_read(self) -> None:
        """Has marked as read, in LINE's own chat, what was answered since it was last asked."""
        self._marks.send()

    def nudge(self) -> None:
        """Lets whoever writes down look around."""
        self._sender.nudge()

    def wait(self) -> None:
        """Until all that is on its way is written down."""
        while self.on_the_way:
            self.write_down(seconds_max=1)

    def stop(self) -> None:
        """Closes the connections, once LINE has answered or taken too long."""
        self._sender.stop()

    def _met(self, claim: Claim, said: UserProfile | LineError | None) -> None:
        self._introduced.append(replace(claim, introduction=introduction(said)))
        with self._door:
            self._asking -= 1
        self.nudge()
        self._wake()

    def _answered(self, outcome: SendOutcome) -> AnsweredReply:
        return AnsweredReply(self._under_way.pop(outcome.request.retry_key), outcome.said)

    def _write_down(self, answered: Sequence[AnsweredReply]) -> None:
        """All in one transaction. If that fails each in its own, so that one event's trouble is
        never another's; what can't be written down is left to its lease."""
        if not answered:
            return
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
            if outcome == "invalid" and each.reply.sorry_for is None:
                self.apologise(each.reply.claim, outcome)
            else:
                each.reply.claim.count(outcome)
            if outcome in _READ:
                self._marks.gather(each.reply.claim.event)


def _note_menu(trouble: LineError | None) -> None:
    if trouble is not None:
        log.warning("rich_menu_not_unlinked", kind=type(trouble).__name__)
