"""Deciding on messages that are due, in one transaction: whether they go out, and in what words.

Those are frozen there as send attempts: a push for each, or one multicast where many members are
told just the same.
"""

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.line import limits
from bot.line.sender import messages_json, multicast_body, push_body
from bot.store import UnitOfWork
from bot.store.finding import audience
from bot.store.history import ledger, stock
from bot.store.members import legible
from bot.store.messages import attempts, broadcasts, line_units, outbox, quota
from bot.store.messages.attempts import Attempt, AttemptKind
from bot.store.messages.outbox import MessageDecision, MessageKey, QueuedMessage
from handlers.actions.telling import messages
from handlers.actions.telling.messages import Say, SayBroadcast, SayJourney, SayMessages
from handlers.club import Club
from handlers.showing.viewer import as_of, in_segments
from rules.journeys.programme import journeys_of
from rules.programme.timeline import Timeline
from rules.sending.policy import Skip, Wait
from rules.sending.quota import Demand, month_of
from rules.sending.units import line_day, unit_of

from .addressee import Addressee
from .circle_at_hand import circle_at_hand
from .event_wording import events_at_hand
from .journey_wording import NOT_YET_TRUE, WordedMessage, due_later
from .permission import Allowance, may_go_by_sms
from .promises import dump
from .wording import word_message

log = structlog.get_logger(__name__)

#: From so many who are told the same, a multicast takes less of LINE's rates than pushes do.
MULTICAST_FROM = limits.PUSHES_PER_SECOND // limits.MULTICASTS_PER_SECOND
#: So many are decided on before somebody looks at the clock.
_PART = 20
#: A message that made us fail is looked at again after so long.
_AFTER_OUR_ERROR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """How much is taken up at once."""

    now: datetime
    limit: int
    #: For so long it is whose takes it.
    lease: timedelta
    #: What is still wanted of the month's messages.
    demands: Sequence[Demand] = ()
    #: So much work is put into one transaction, since it holds its members; what is not decided on
    #: by then is left for the next.
    seconds_max: float = math.inf


@dataclass(frozen=True, slots=True)
class Batch:
    """What was decided on."""

    #: How many messages.
    looked_at: int
    #: Those to be made.
    attempts: Sequence[Attempt]
    outcomes: Counter[str]


NOTHING = Batch(0, (), Counter())


def decide(uow: UnitOfWork, club: Club, take: DeliveryRound) -> Batch:
    """Decides on messages that are due."""
    now, timeline = take.now, club.timeline()
    month = month_of(timeline.at(now).programme.shop, now)
    state = quota.lock(uow, month, now=now)
    claimed = [] if state.held else outbox.claim(uow, now=now, limit=take.limit)
    if not claimed:
        return NOTHING
    to_sms = _to_sms(uow, club, claimed, now)
    claimed = [queued for queued in claimed if queued.name not in to_sms]
    decided: list[MessageDecision] = []
    said: list[_MessageInWords] = []
    looked_at = len(to_sms)
    room = Allowance(state.left, take.demands, now)
    room.look(uow, claimed)
    for part in _parts(claimed, take.seconds_max):
        chosen = list(_chosen(timeline, part, decided, room))
        said += _in_words(uow, club, chosen, decided, now)
        looked_at += len(part)
    frozen = list(_frozen(said, now))
    decided += [
        _is(
            s.queued,
            "sending",
            None,
            now,
            attempt_id=attempt.id,
            first_tried_at=now,
            promise=s.promise,
        )
        for attempt, told in frozen
        for s in told
    ]
    outbox.decide(uow, decided)
    for name in to_sms:
        outbox.move_to(uow, name, "sms")
    made = [attempt for attempt, _ in frozen]
    attempts.freeze(uow, made, lease_until=now + take.lease)
    quota.spend(uow, month, len(said))
    versions = {s.unit: s.version for s in said if s.unit and s.version}
    line_units.note_sending(uow, versions, on=line_day(now))
    skipped = sum(each.status == "skipped" for each in decided)
    return Batch(looked_at, made, Counter(skipped=skipped))


def _to_sms(
    uow: UnitOfWork, club: Club, claimed: Sequence[QueuedMessage], now: datetime
) -> set[MessageKey]:
    """Messages that LINE can't bring any more, as their members have blocked or lost the account
    since, and that an SMS may. Whether they go is decided there."""
    programme = club.timeline().at(now).programme
    lost = [
        queued.name
        for queued in claimed
        if not queued.on_line and may_go_by_sms(programme, queued.name.journey)
    ]
    if not lost or club.sms is None:
        return set()
    phones = audience.sms_phones(uow, [name.member_id for name in lost])
    return {name for name in lost if name.member_id in phones}


def _parts(
    claimed: Sequence[QueuedMessage], seconds_max: float
) -> Iterator[Sequence[QueuedMessage]]:
    """A few at a time, as long as there is time; the first few in any case."""
    until = time.monotonic() + seconds_max
    for start in range(0, len(claimed), _PART):
        if start and time.monotonic() >= until:
            return
        yield claimed[start : start + _PART]


def _chosen(
    timeline: Timeline,
    claimed: Sequence[QueuedMessage],
    decided: list[MessageDecision],
    room: Allowance,
) -> Iterator[QueuedMessage]:
    """Those that may go out, the first ones first; what is decided on the others is added."""
    for queued in claimed:
        says = room.ask(timeline, queued)
        if isinstance(says, Skip):
            decided.append(_is(queued, "skipped", says.reason, room.now))
        elif isinstance(says, Wait):
            decided.append(_is(queued, "queued", says.reason, says.until))
        else:
            yield queued


@dataclass(frozen=True, slots=True)
class _MessageInWords:
    """A message in words: to whom, LINE's message objects as text, and what they promise."""

    queued: QueuedMessage
    to: str
    messages: str
    promise: str | None
    #: The journey and version that LINE counts it with; None for what it doesn't.
    version: tuple[str, str] | None

    @property
    def unit(self) -> str | None:
        return unit_of(*self.version) if self.version else None


def _in_words(
    uow: UnitOfWork,
    club: Club,
    chosen: Sequence[QueuedMessage],
    decided: list[MessageDecision],
    now: datetime,
) -> Iterator[_MessageInWords]:
    """The texts; a message that has none any more is skipped."""
    says: list[tuple[QueuedMessage, Say]] = []
    for queued in chosen:
        try:
            says.append((queued, messages.read(queued.say)))
        except ValueError:
            decided.append(_our_error(queued, now))
    readers = readers_of(uow, club, says, now)
    for queued, say in says:
        try:
            words = _words(say, readers, queued.name.member_id)
        except Exception:
            decided.append(_our_error(queued, now))
            continue
        if words is None or queued.user_id is None:
            decided.append(_untrue(queued, say, readers, now))
        else:
            promise = dump(words.promise) if words.promise else None
            reader = readers.get(queued.name.member_id)
            said = reader.spoken(words.messages) if reader else words.messages
            version = _version(queued, say)
            yield _MessageInWords(queued, queued.user_id, messages_json(said), promise, version)


def _version(queued: QueuedMessage, say: Say) -> tuple[str, str] | None:
    match say:
        case SayJourney(arm=arm) | SayBroadcast(arm=arm, is_trial=False):
            return queued.name.journey, arm
        case _:
            return None


def readers_of(
    uow: UnitOfWork, club: Club, says: Sequence[tuple[QueuedMessage, Say]], now: datetime
) -> dict[int, Addressee]:
    """Whoever reads something that is made from facts."""
    names = {
        queued.name.member_id: queued.display_name
        for queued, say in says
        if not isinstance(say, SayMessages)
    }
    if not names:
        return {}
    timeline = club.timeline()
    programme = timeline.at(now).programme
    shop = programme.shop
    day = shop.business_date(now)
    lots = ledger.open_lots_of(uow, names)
    of_journeys = [q.name.member_id for q, say in says if isinstance(say, SayJourney)]
    left = stock.left(uow, programme.rewards, now=now)
    written = broadcasts.contents_of(
        uow, (say.broadcast for _, say in says if isinstance(say, SayBroadcast))
    )
    at_hand = events_at_hand(uow, ((q.name.member_id, say) for q, say in says), now)
    circle = circle_at_hand(uow, ((q.name.member_id, say) for q, say in says))
    called = audience.last_calls(uow, of_journeys) if of_journeys else {}
    told = {say.name for _, say in says if isinstance(say, SayJourney)}
    sent = (each for each in journeys_of(programme) if each.id in told)
    also = {named for each in sent for named in each.segments_asked}
    known = [as_of(timeline, member, now) for member in legible.many(uow, list(names))]
    return {
        member.id: Addressee(
            club=club,
            programme=programme,
            member=member,
            day=day,
            display_name=names[member.id],
            lots=lots.get(member.id, ()),
            withheld=programme.withheld(left, member.held_until, now),
            events=at_hand,
            circle=circle,
            now=now,
            called_on=shop.business_date(called[member.id]) if member.id in called else None,
            broadcasts=written,
        )
        for member in in_segments(uow, programme, day, known, also=also)
    }


def _words(say: Say, readers: Mapping[int, Addressee], member_id: int) -> WordedMessage | None:
    if isinstance(say, SayMessages):
        return WordedMessage(list(say.messages))
    return word_message(say, readers[member_id])


def _untrue(
    queued: QueuedMessage, say: Say, readers: Mapping[int, Addressee], now: datetime
) -> MessageDecision:
    """What isn't true now: it is over, or waits until it will be."""
    reader = readers.get(queued.name.member_id)
    later = due_later(reader, say) if reader else None
    if later is None:
        return _is(queued, "skipped", "no_longer_true", now)
    return _is(queued, "queued", NOT_YET_TRUE, later.since, useful_until=later.useful_until)


def _our_error(queued: QueuedMessage, now: datetime) -> MessageDecision:
    # One message's trouble is not the next one's. It comes back until it is of no use any more.
    log.exception("message_not_made", journey=queued.name.journey)
    return _is(queued, "queued", "our_error", now + _AFTER_OUR_ERROR)


def _frozen(
    worded: Sequence[_MessageInWords], now: datetime
) -> Iterator[tuple[Attempt, Sequence[_MessageInWords]]]:
    """The attempts, each with what it sends."""
    same: dict[tuple[str, str | None], dict[str, _MessageInWords]] = {}
    for each in worded:
        group = same.setdefault((each.messages, each.unit), {})
        if each.queued.alone or each.to in group:
            # LINE reads a multicast's list as a set: whoever has two cards gets two pushes.
            yield _pushed(each, now)
        else:
            group[each.to] = each
    for (words, unit), group in same.items():
        recipients = list(group.values())
        if len(recipients) < MULTICAST_FROM:
            for each in recipients:
                yield _pushed(each, now)
            continue
        for start in range(0, len(recipients), limits.MULTICAST_RECIPIENTS):
            part = recipients[start : start + limits.MULTICAST_RECIPIENTS]
            body = multicast_body([each.to for each in part], words, unit)
            yield _attempt("multicast", body, part, now)


def _pushed(each: _MessageInWords, now: datetime) -> tuple[Attempt, Sequence[_MessageInWords]]:
    return _attempt("push", push_body(each.to, each.messages, each.unit), [each], now)


def _attempt(
    kind: AttemptKind, body: str, recipients: Sequence[_MessageInWords], now: datetime
) -> tuple[Attempt, Sequence[_MessageInWords]]:
    tried = max(each.queued.attempts for each in recipients)
    made = Attempt(str(uuid4()), kind, len(recipients), body, now, tries=1, refused=tried)
    return made, recipients


def _is(
    queued: QueuedMessage,
    status: outbox.DecidedStatus,
    reason: str | None,
    not_before: datetime,
    *,
    useful_until: datetime | None = None,
    attempt_id: str | None = None,
    first_tried_at: datetime | None = None,
    promise: str | None = None,
) -> MessageDecision:
    name = queued.name
    return MessageDecision(
        name.member_id, name.journey, name.period, status, reason, not_before,
        useful_until or queued.useful_until, attempt_id, first_tried_at, promise,
    )  # fmt: skip
