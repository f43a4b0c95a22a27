"""SMS out by Twilio, each at most once: Twilio knows no retry key.

A message is marked as tried before the call, in a transaction of its own. What may have left is
never sent again, and so is what a dead process had in hand; what surely did not is tried later.
The same rules of sending hold as for LINE, whose month's messages it does not touch.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.sms import (
    SmsError,
    SmsRefused,
    SmsRejected,
    SmsStopped,
    SmsUnavailable,
    SmsUnknown,
    segments,
)
from bot.store import UnitOfWork
from bot.store.finding import audience
from bot.store.members import members, phone_proofs, profiles
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageDecision, MessageKey, MessagePromise, QueuedMessage
from handlers.actions.members.card_numbers import stop_name
from handlers.actions.members.link import SHOWN
from handlers.actions.members.one_time_codes import readable
from handlers.actions.members.sms_consent import stop_sms_to
from handlers.actions.profile.phone import GOOD_FOR, codes_of
from handlers.actions.recording.work import Work
from handlers.actions.telling import messages
from handlers.club import Club
from rules.journeys.message import JourneyView
from rules.sending.policy import Skip, Wait
from rules.wording.words import Words

from . import promises
from .addressee import Addressee
from .decisions import readers_of
from .journey_wording import (
    NOT_YET_TRUE,
    SayAsJourney,
    due_later,
    journey_view,
    of_journey,
    promise_of,
)
from .line import goes_on
from .permission import Allowance

log = structlog.get_logger(__name__)

#: What was tried so long ago without an answer was in the hand of a process that is no more.
ABANDONED = timedelta(minutes=5)
#: What was decided on so long ago, as by a machine that slept since, is decided on anew.
_STALE = timedelta(seconds=30)
#: A longer one would be cut off by some carriers (660 letters in Japan), and cost too much.
SEGMENTS_MAX = 9
#: Codes that were asked for just now: they go at any hour, whatever topics are off.
_CODES = (messages.SayCardCode.journey(), messages.SayPhoneCode.journey())
#: How often, and how long after one another, Twilio is asked again when it does not take a message.
_TRIES_MAX, _WAIT = 5, timedelta(minutes=2)
#: How long all wait when Twilio takes none, or doesn't answer: each try may cost a message.
_REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _PreparedSms:
    """A message that is marked as tried."""

    queued: QueuedMessage
    #: To which number.
    to: str
    #: In which words.
    text: str
    #: When it was decided on.
    at: datetime


class SmsDelivery:
    """Delivers SMS that are due, one after another. Any number may do so at once, in any number of
    processes."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._rests_until: datetime | None = None

    def deliver_due(
        self, *, seconds_max: float = math.inf, stopping: Callable[[], bool] = goes_on
    ) -> int:
        """Sends, puts off or ends every SMS due now, for `seconds_max` and unless it is `stopping`;
        gives how many it looked at."""
        if self._club.sms is None:
            _end_late(self._club)
            return 0
        _give_up(self._club)
        until = time.monotonic() + seconds_max
        looked_at = 0
        while self._is_any_due() and time.monotonic() < until and not stopping():
            found, ready = _next(self._club)
            if not found:
                break
            looked_at += 1
            if ready is not None:
                self._send(ready)
        return looked_at

    def _is_any_due(self) -> bool:
        now = self._club.now()
        if self._rests_until is not None and now < self._rests_until:
            return False
        with self._club.store.read() as uow:
            return outbox.is_due(uow, now=now, channel="sms")

    def _send(self, ready: _PreparedSms) -> None:
        """Asks Twilio once, and writes down what it said."""
        problem = _ask(self._club, ready)
        now = self._club.now()
        with self._club.work() as work:
            outcome = _after(work, ready, problem)
        metrics.count_messages(Counter({outcome: 1}))
        if problem is not None and not isinstance(problem, SmsRefused | SmsRejected):
            self._rests_until = now + _REST


def _end_late(club: Club) -> None:
    """Ends what was to go by SMS and is too late, in a club that sends none any more: no other
    warning is queued while one waits."""
    now = club.now()
    with club.store.read() as uow:
        if not outbox.is_due(uow, now=now, channel="sms"):
            return
    outbox.skip_late(club.store, now=now)


def _give_up(club: Club) -> None:
    now = club.now()
    with club.store.read() as uow:
        if not outbox.tried_alone(uow, tried_before=now - ABANDONED):
            return
    with club.work() as work:
        for name in outbox.tried_alone(work.uow, tried_before=now - ABANDONED, lock=True):
            _end(work, name, "uncertain", reason="no_answer")


def _next(club: Club) -> tuple[bool, _PreparedSms | None]:
    """Decides on one message that is due; gives whether there was one, and what is to be sent."""
    now = club.now()
    ready: list[_PreparedSms] = []
    with club.store.begin() as uow:
        claimed = outbox.claim(uow, now=now, limit=1, channel="sms")
        room = Allowance(None, (), now)
        room.look(uow, claimed)
        decided = [each for queued in claimed for each in _decide(uow, club, queued, room, ready)]
        outbox.decide(uow, decided)
    metrics.count_messages(Counter(skipped=sum(each.status == "skipped" for each in decided)))
    return bool(claimed), next(iter(ready), None)


def _decide(
    uow: UnitOfWork, club: Club, queued: QueuedMessage, room: Allowance, ready: list[_PreparedSms]
) -> Iterator[MessageDecision]:
    if queued.name.journey in _CODES:
        yield _coded(uow, club, queued, room.now, ready)
        return
    if queued.on_line:
        # LINE reaches them again: it costs less and says more.
        outbox.move_to(uow, queued.name, "line")
        return
    member_id = queued.name.member_id
    to = audience.sms_phones(uow, [member_id]).get(member_id, "")
    says = room.ask(club.timeline(), replace(queued, reachable=bool(to), blocked=False))
    if isinstance(says, Skip):
        yield _is(queued, "skipped", says.reason, room.now)
    elif isinstance(says, Wait):
        yield _is(queued, "queued", says.reason, says.until)
    else:
        yield _worded(uow, club, queued, to, room.now, ready)


def _worded(
    uow: UnitOfWork,
    club: Club,
    queued: QueuedMessage,
    to: str,
    now: datetime,
    ready: list[_PreparedSms],
) -> MessageDecision:
    """Marks the message as tried, and adds it to those that are `ready`; or skips it."""
    try:
        said = messages.read(queued.say)
        reader = readers_of(uow, club, [(queued, said)], now)[queued.name.member_id]
        shown = journey_view(reader, *of_journey(said)) if isinstance(said, SayAsJourney) else None
        stop = club.sms_stop_link(stop_name(uow, queued.name.member_id), to)
        text = _text(reader, shown, stop) if shown else ""
    except Exception:
        log.exception("sms_not_made", journey=queued.name.journey)
        return _is(queued, "queued", "our_error", now + timedelta(minutes=10))
    if shown is None and (later := due_later(reader, said)):
        return _is(queued, "queued", NOT_YET_TRUE, later.since, useful_until=later.useful_until)
    if shown is None:
        return _is(queued, "skipped", "no_longer_true", now)
    if not text:
        return _is(queued, "skipped", "too_long", now)
    ready.append(_PreparedSms(queued, to, text, now))
    promise = promise_of(said, shown)
    return _is(queued, "sending", None, now, first_tried_at=now, promise=promise)


def _coded(
    uow: UnitOfWork,
    club: Club,
    queued: QueuedMessage,
    now: datetime,
    ready: list[_PreparedSms],
) -> MessageDecision:
    """The same of a code, which was asked for just now: it goes at any hour."""
    card, said = members.get(uow, queued.name.member_id), messages.read(queued.say)
    words = Words(club.timeline().at(now).programme, card.language if card else "ja")
    if isinstance(said, messages.SayPhoneCode):
        to, text = _phone_code(uow, club, queued, words)
    else:
        to, text = _card_code(uow, queued, said, words)
    if card is None or not to:
        return _is(queued, "skipped", "no_longer_true", now)
    if now >= queued.useful_until:
        return _is(queued, "skipped", "too_late", now)
    ready.append(_PreparedSms(queued, to, text, now))
    return _is(queued, "sending", None, now, first_tried_at=now)


def _card_code(
    uow: UnitOfWork, queued: QueuedMessage, said: messages.Say, words: Words
) -> tuple[str, str]:
    """To which number a card's code goes, the one the card is known by, and in which words; both
    empty where it goes no more."""
    to = profiles.get(uow, queued.name.member_id).phone
    if not to or queued.reachable or not isinstance(said, messages.SayCardCode):
        return "", ""
    return to, words.say(
        "sms.card_code",
        shop=words.programme.shop.name.in_(words.lang),
        message=words.say("paper.link_message", code=readable(said.code)),
        minutes=SHOWN.seconds // 60,
    )


def _phone_code(
    uow: UnitOfWork, club: Club, queued: QueuedMessage, words: Words
) -> tuple[str, str]:
    """The same of the code that proves a telephone."""
    proof = phone_proofs.newest(uow, queued.name.member_id)
    if proof is None or proof.asked_at.isoformat() != queued.name.period:
        return "", ""
    return proof.phone, words.say(
        "sms.phone_code",
        shop=words.programme.shop.name.in_(words.lang),
        code=codes_of(club.codes, proof)[0],
        minutes=GOOD_FOR.seconds // 60,
    )


def _text(reader: Addressee, shown: JourneyView, stop: str) -> str:
    """All of it, or where that is too long its title and what it promises; empty if that is too.

    特定電子メールの送信の適正化等に関する法律 第4条: who sends it and how to stop it stand in each.
    """
    shop = reader.programme.shop
    short = "\n".join(line for line in (shown.title, shown.offer) if line)
    for words in (shown.sms, short):
        text = reader.words.say(
            "sms.text",
            shop=shop.name.in_(reader.lang),
            words=words,
            sender=shop.legal_name,
            link=stop,
        )
        if segments(text) <= SEGMENTS_MAX:
            return text
    return ""


def _ask(club: Club, ready: _PreparedSms) -> SmsError | None:
    """Twilio's answer; None for a yes."""
    try:
        if club.sms is None or club.now() - ready.at > _STALE:
            raise SmsUnavailable
        club.sms.send(ready.to, ready.text)
    except SmsError as problem:
        log.warning("sms_failed", kind=type(problem).__name__, twilio=problem.code)
        return problem
    except Exception:
        # Nobody knows how far it came.
        log.exception("sms_failed")
        return SmsUnknown()
    return None


def _after(work: Work, ready: _PreparedSms, problem: SmsError | None) -> str:
    """Writes down what follows; gives it in a word."""
    name = ready.queued.name
    if problem is None:
        _end(work, name, "sent")
        return "sent"
    if isinstance(problem, SmsRefused):
        outbox.end_alone(work.uow, name, "failed", reason="number_refused", now=work.now)
        if isinstance(problem, SmsStopped):
            stop_sms_to(work, ready.to, channel="twilio")
        return "failed"
    if isinstance(problem, SmsRejected):
        return _not_taken(work.uow, ready.queued, work.now)
    if isinstance(problem, SmsUnavailable):
        # Not for its own sake: that counts as no try.
        outbox.queue_again(
            work.uow, name, reason="sms_unavailable", not_before=work.now + _REST, tried=False
        )
        return "not_taken"
    _end(work, name, "uncertain", reason="no_answer")
    return "uncertain"


def _not_taken(uow: UnitOfWork, queued: QueuedMessage, now: datetime) -> str:
    if queued.attempts + 1 >= _TRIES_MAX:
        outbox.end_alone(uow, queued.name, "failed", reason="sms_rejected", now=now)
        return "failed"
    wait = _WAIT * 2**queued.attempts
    outbox.queue_again(uow, queued.name, reason="sms_rejected", not_before=now + wait, tried=True)
    return "not_taken"


def _end(
    work: Work, name: MessageKey, status: outbox.EndedAlone, *, reason: str | None = None
) -> None:
    members.lock(work.uow, name.member_id)
    promised = outbox.end_alone(work.uow, name, status, reason=reason, now=work.now)
    promises.note(work, list(_promises(promised)), left=status == "sent")


def _promises(promised: MessagePromise | None) -> Iterator[MessagePromise]:
    if promised is not None:
        yield promised


def _is(
    queued: QueuedMessage,
    status: outbox.DecidedStatus,
    reason: str | None,
    not_before: datetime,
    *,
    useful_until: datetime | None = None,
    first_tried_at: datetime | None = None,
    promise: promises.Promised | None = None,
) -> MessageDecision:
    name = queued.name
    return MessageDecision(
        name.member_id, name.journey, name.period, status, reason, not_before,
        useful_until or queued.useful_until, None, first_tried_at,
        promises.dump(promise) if promise else None,
    )  # fmt: skip
