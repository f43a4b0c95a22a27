"""SMS out by Twilio, each at most once: Twilio knows no retry key.

A message is marked as tried before the call, in a transaction of its own. What may have left is
never sent again, and so is what a dead process had in hand; what surely did not is tried later.
The same rules of sending hold as for LINE, whose month's messages it does not touch.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.sms import SmsError, SmsRefused, SmsUnavailable, segments
from bot.store import UnitOfWork, audience, members, outbox
from bot.store.outbox import Decided, Name, Promised, Queued
from handlers.actions import notify
from handlers.club import Club
from rules.activity import Offered
from rules.journeys.say import JourneyView
from rules.sending import Skip, Wait
from rules.texts import say

from . import promises
from .deciding import readers_of
from .journey_words import SayAsJourney, of_journey, seen
from .verdicts import Room
from .wording import Reader

log = structlog.get_logger(__name__)

#: So many are in hand at once, so that the last one's turn comes long before ABANDONED.
_BATCH = 10
#: What was tried so long ago without an answer was in the hand of a process that is no more.
ABANDONED = timedelta(minutes=5)
#: A longer one would be cut off by some carriers (660 letters in Japan), and cost too much.
SEGMENTS_MAX = 9
#: How often, and how long after one another, Twilio is asked again when it can't take a message.
_TRIES_MAX, _WAIT = 5, timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message that is marked as tried: to which number, in which words."""

    queued: Queued
    to: str
    text: str


def deliver_due(club: Club) -> int:
    """Sends, puts off or ends every SMS due now; gives how many it looked at."""
    if club.sms is None:
        _end_late(club)
        return 0
    _give_up(club)
    looked_at = 0
    while True:
        with club.store.read() as uow:
            if not outbox.is_due(uow, now=club.now(), channel="sms"):
                return looked_at
        count, ready = _next_batch(club)
        if not count:
            return looked_at
        looked_at += count
        for each in ready:
            _send(club, each)


def _end_late(club: Club) -> None:
    """Ends what was to go by SMS and is too late, in a club that sends none any more: points don't
    expire while a warning about them waits."""
    now = club.now()
    with club.store.read() as uow:
        if not outbox.is_due(uow, now=now, channel="sms"):
            return
    with club.store.begin() as uow:
        outbox.skip_late(uow, now=now)


def _give_up(club: Club) -> None:
    now = club.now()
    with club.store.begin() as uow:
        for name in outbox.tried_alone(uow, tried_before=now - ABANDONED):
            _end(uow, club, name, "uncertain", reason="no_answer", now=now)


def _next_batch(club: Club) -> tuple[int, list[_Ready]]:
    """Decides on messages that are due; gives how many, and those to be sent."""
    now, timeline = club.now(), club.timeline()
    decided: list[Decided] = []
    ready: list[_Ready] = []
    with club.store.begin() as uow:
        claimed = outbox.claim(uow, now=now, limit=_BATCH, channel="sms")
        phones = audience.sms_phones(uow, [queued.name.member_id for queued in claimed])
        room = Room(None, (), now)
        room.look(uow, claimed)
        for queued in claimed:
            if queued.user_id is not None and not queued.blocked:
                # LINE reaches them again: it costs less and says more.
                outbox.move_to_line(uow, queued.name)
                continue
            to = phones.get(queued.name.member_id, "")
            by_phone = replace(queued, reachable=bool(to), blocked=False)
            says = room.ask(timeline, by_phone)
            if isinstance(says, Skip):
                decided.append(_is(queued, "skipped", says.reason, now))
            elif isinstance(says, Wait):
                decided.append(_is(queued, "queued", says.reason, says.until))
            else:
                decided.append(_worded(uow, club, queued, to, now, ready))
        outbox.decide(uow, decided)
    skipped = sum(each.status == "skipped" for each in decided)
    metrics.count_messages(Counter(skipped=skipped))
    return len(claimed), ready


def _worded(
    uow: UnitOfWork, club: Club, queued: Queued, to: str, now: datetime, ready: list[_Ready]
) -> Decided:
    """Marks the message as tried, and adds it to those that are `ready`; or skips it."""
    try:
        said = notify.read(queued.say)
        reader = readers_of(uow, club, [(queued, said)], now)[queued.name.member_id]
        shown = _seen(said, reader)
        text = _text(club, reader, shown) if shown else ""
    except Exception:
        log.exception("sms_not_made", journey=queued.name.journey)
        return _is(queued, "queued", "our_error", now + timedelta(minutes=10))
    if shown is None:
        return _is(queued, "skipped", "no_longer_true", now)
    if not text:
        return _is(queued, "skipped", "too_long", now)
    ready.append(_Ready(queued, to, text))
    return _is(queued, "sending", None, now, first_tried_at=now, promise=shown.promise)


def _seen(said: notify.Say, reader: Reader) -> JourneyView | None:
    return seen(reader, *of_journey(said)) if isinstance(said, SayAsJourney) else None


def _text(club: Club, reader: Reader, shown: JourneyView) -> str:
    """All of it, or where that is too long its title and what it promises; empty if that is too.

    特定電子メールの送信の適正化等に関する法律 第4条: who sends it and how to stop it stand in each.
    """
    shop = reader.programme.shop
    short = "\n".join(line for line in (shown.title, shown.offer) if line)
    for words in (shown.sms, short):
        text = say(
            reader.lang,
            "sms.text",
            shop=shop.name.in_(reader.lang),
            words=words,
            sender=shop.legal_name,
            link=club.sms_stop_link(reader.member.number),
        )
        if segments(text) <= SEGMENTS_MAX:
            return text
    return ""


def _send(club: Club, ready: _Ready) -> None:
    """Asks Twilio once, and writes down what it said."""
    try:
        if club.sms is None:
            raise SmsUnavailable
        club.sms.send(ready.to, ready.text)
    except SmsError as problem:
        log.warning("sms_failed", kind=type(problem).__name__, code=problem.code)
        _after(club, ready.queued, problem)
        return
    except Exception:
        # Nobody knows how far it came.
        log.exception("sms_failed")
        _after(club, ready.queued, None)
        return
    _after(club, ready.queued, None, sent=True)


def _after(club: Club, queued: Queued, problem: SmsError | None, *, sent: bool = False) -> None:
    now = club.now()
    with club.store.begin() as uow:
        outcome = "sent" if sent else "uncertain"
        if sent:
            _end(uow, club, queued.name, "sent", now=now)
        elif isinstance(problem, SmsRefused):
            outcome = "failed"
            outbox.end_alone(uow, queued.name, "failed", reason="number_refused", now=now)
        elif isinstance(problem, SmsUnavailable):
            outcome = _not_taken(uow, queued, now)
        else:
            _end(uow, club, queued.name, "uncertain", reason="no_answer", now=now)
    metrics.count_messages(Counter({outcome: 1}))


def _not_taken(uow: UnitOfWork, queued: Queued, now: datetime) -> str:
    if queued.attempts + 1 >= _TRIES_MAX:
        outbox.end_alone(uow, queued.name, "failed", reason="sms_unavailable", now=now)
        return "failed"
    wait = _WAIT * 2**queued.attempts
    outbox.queue_again(uow, queued.name, reason="sms_unavailable", not_before=now + wait)
    return "not_taken"


def _end(
    uow: UnitOfWork,
    club: Club,
    name: Name,
    status: outbox.EndedAlone,
    *,
    reason: str | None = None,
    now: datetime,
) -> None:
    members.lock(uow, name.member_id)
    promised = outbox.end_alone(uow, name, status, reason=reason, now=now)
    promises.note(uow, club.timeline(), list(_made(promised)), now=now)


def _made(promised: Promised | None) -> Iterator[Promised]:
    if promised is not None:
        yield promised


def _is(
    queued: Queued,
    status: outbox.DecidedStatus,
    reason: str | None,
    not_before: datetime,
    *,
    first_tried_at: datetime | None = None,
    promise: Offered | None = None,
) -> Decided:
    name = queued.name
    return Decided(
        name.member_id, name.journey, name.period, status, reason, not_before, None,
        first_tried_at, promises.dump(promise) if promise else None,
    )  # fmt: skip
