"""A club over two years by a fast clock and the pure rules alone: what the jobs will do, in memory.

Each night those whom the indexes name are asked whether a journey is due to them; through the day
messages are claimed, decided on by the rules of that moment, made and sent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from rules.activity import Visit
from rules.facts import Facts
from rules.journeys.arms import arm_of, is_held_back, share_held_back
from rules.journeys.candidates import ClubOnDay
from rules.journeys.journey import Journey
from rules.journeys.member import Background, DueMessage, MemberOnDay
from rules.journeys.message import JourneyView, QueuedWording, view
from rules.journeys.programme import journeys_of
from rules.judging.decide import Decision, advance, apply
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline, Version
from rules.science.drift import Foresight
from rules.sending.policy import Recipient, Send, Skip, Wait, may_send, sent_counts
from rules.sending.quota import Demand, Usage, expected_demand, reserve_before
from rules.shop import month_start, next_month
from rules.wording.texts import show

from .index import Index
from .people import DAY, Person, Town, celebrate, does, lives, newcomer, told
from .points import expires, left, lot_of, warns
from .watch import Watch

#: The hours at which a worker looks; some of them in the night, when nothing may go out.
LOOKS = (1, 6, 8, 10, 12, 16, 18, 21)
_LATELY = 28
#: A warning about points is useful for so long at least.
_USEFUL = timedelta(days=5)


@dataclass(slots=True)
class Message:
    """One in the outbox."""

    person: Person
    journey: Journey
    period: str
    useful_until: datetime
    not_before: datetime
    queued_on: date


@dataclass(slots=True)
class Promise:
    """A gift somebody was promised, to be given at a visit up to and with `until`."""

    journey: str
    until: date


@dataclass(slots=True)
class Club:
    """The club, its members and its outbox."""

    town: Town
    watch: Watch
    index: Index
    by_hand: int
    people: list[Person] = field(default_factory=list)
    outbox: list[Message] = field(default_factory=list)
    queued: dict[tuple[int, str], dict[str, date]] = field(default_factory=dict)
    promises: dict[int, list[Promise]] = field(default_factory=dict)
    sent_lately: list[tuple[date, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    promises_kept: int = 0
    expired: int = 0
    held_back: int = 0

    @property
    def programme(self) -> Programme:
        return self.town.programme

    @property
    def dice(self) -> Random:
        return self.town.dice


def founded(programme: Programme, *, seed: int, plan: int, by_hand: int) -> Club:
    """A club on its first day, without a member. Its month has `plan` messages, of which the shop
    sends `by_hand` itself."""
    since = datetime(2020, 1, 1, tzinfo=UTC)
    dice = Random(seed)
    town = Town(Timeline((Version(1, since, programme),)), dice)
    index = Index(Foresight(town.timeline.models, programme.shop))
    return Club(town, Watch(programme, plan), index, by_hand)


def run(club: Club, *, members: int, first: date, days: int, ask_all: int = 0) -> Iterator[date]:
    """Lives through the days, each given when it is over. Every `ask_all`-th day (0: never)
    everybody is asked about everything, to see that the indexes forget nobody."""
    joining = sorted(club.dice.randrange(max(1, days // 2)) for _ in range(members))
    for offset in range(days):
        day = first + DAY * offset
        while joining and joining[0] <= offset:
            joining.pop(0)
            club.people.append(newcomer(club.town, len(club.people), day))
            club.index.note(club.people[-1])
        _night(club, day)
        if ask_all and offset % ask_all == 0:
            _forgets_nobody(club, day)
        _points(club, day)
        _queue(club, day)
        _day(club, day)
        yield day


def _night(club: Club, day: date) -> None:
    """Weeks and months that ended are judged, birthdays celebrated."""
    settles = day.weekday() == 0 or day.day == 1
    for person in club.people:
        celebrated = celebrate(club.town, person, day)
        if settles:
            person.facts, _ = advance(club.town.timeline, person.facts, day)
        if settles or celebrated:
            club.index.note(person)


def _points(club: Club, day: date) -> None:
    """Points run out, and warnings before it are queued."""
    opens = club.programme.shop.opens(day)
    waiting = {m.person.number for m in club.outbox if m.journey.kind == "points_expiring"}
    for person in club.people:
        if person.erased:
            continue
        due = expires(club.town, person, day)
        if due is not None:
            club.expired += 1
            club.watch.expired(person, due, day)
            club.index.note(person)
        warning = warns(club.town, person, day)
        if warning is not None and person.number not in waiting:
            useful = max(club.programme.shop.opens(warning.due), opens + _USEFUL)
            message = Message(person, warning.journey, warning.period, useful, opens, day)
            club.outbox.append(message)


def _facts(club: Club, person: Person, day: date) -> Facts:
    return advance(club.town.timeline, person.facts, day)[0]


def _known(club: Club, person: Person, journey: Journey) -> Background:
    sent = club.queued.get((person.number, journey.id), {})
    return Background(
        language=person.language,
        lots=(lot_of(person),),
        sent_on=max(sent.values(), default=None),
        called_on=person.called_on,
    )


def _due(club: Club, person: Person, journey: Journey, day: date) -> DueMessage | None:
    facts, known = _facts(club, person, day), _known(club, person, journey)
    answer = journey.due(MemberOnDay(club.programme, facts, day, club.town.timeline.models, known))
    return answer if isinstance(answer, DueMessage) and not person.erased else None


def _forgets_nobody(club: Club, day: date) -> None:
    for journey in _asked(club.programme):
        today = ClubOnDay(club.programme, day)
        asked = {p.number for p in club.index.asked(journey.candidates(today))}
        for person in club.people:
            if person.number not in asked:
                assert _due(club, person, journey, day) is None, (journey.kind, day, person.facts)


def _asked(programme: Programme) -> list[Journey]:
    """The journeys that members are asked about; lots tell whose points go."""
    return [j for j in journeys_of(programme) if not j.looks_at_lots]


def _queue(club: Club, day: date) -> None:
    opens = club.programme.shop.opens(day)
    for journey in _asked(club.programme):
        for person in club.index.asked(journey.candidates(ClubOnDay(club.programme, day))):
            answer = _due(club, person, journey, day)
            periods = club.queued.setdefault((person.number, journey.id), {})
            if answer is None or answer.period in periods:
                continue
            periods[answer.period] = day
            share = share_held_back(journey, club.programme)
            if is_held_back(journey, person.salt, answer.period, share):
                club.held_back += 1
                continue
            begins = answer.not_before or opens
            message = Message(person, journey, answer.period, answer.useful_until, begins, day)
            club.outbox.append(message)


def _day(club: Club, day: date) -> None:
    """Visits and the worker's looks, in the order of the clock."""
    opens = club.programme.shop.opens(day)
    here = club.programme.shop.local(opens).replace(hour=0, minute=0)
    events: list[tuple[datetime, Callable[[datetime], None]]] = [
        ((here + timedelta(hours=hour, minutes=club.dice.randint(0, 59))).astimezone(UTC),
         lambda at: _deliver(club, at))
        for hour in LOOKS
    ]  # fmt: skip
    for hour in (11, 14, 17):
        at = (here + timedelta(hours=hour)).astimezone(UTC)
        events.append((at, lambda at: _hour(club, day, at)))
    for at, happen in sorted(events, key=lambda event: event[0]):
        if at >= opens:
            happen(at)


def _hour(club: Club, day: date, at: datetime) -> None:
    """A third of the members may come in this hour."""
    hour = club.programme.shop.local(at).hour
    for person in club.people[hour % 3 :: 3]:
        before = person.facts
        decision = lives(club.town, person, day, hour - club.programme.shop.day_starts_at.hour)
        if decision is not None:
            _keeps_promises(club, person, decision, day)
        if person.facts is not before:
            club.index.note(person)


def _keeps_promises(club: Club, person: Person, decision: Decision, day: date) -> None:
    """What a message promised is given at this visit, if it is still good."""
    for promise in club.promises.pop(person.number, []):
        if day > promise.until:
            continue
        by_points = any(grant.rule == f"offer:{promise.journey}" for grant in decision.grants)
        by_voucher = any(
            voucher.reason in ("comeback", "promised") for voucher in decision.vouchers
        )
        assert by_points or by_voucher, "a promised gift was not given"
        club.promises_kept += 1


def _deliver(club: Club, now: datetime) -> None:
    """One look of a worker: what is due, the most important first."""
    ready = [message for message in club.outbox if message.not_before <= now]
    ready.sort(key=lambda m: (m.journey.priority, m.queued_on, m.person.number))
    demands = _demands(club, now)
    waiting: dict[int, list[int]] = defaultdict(list)
    for message in ready:
        waiting[message.person.number].append(message.journey.priority)
    done: set[int] = set()
    for message in ready:
        others = waiting[message.person.number]
        ahead = sum(priority < message.journey.priority for priority in others)
        if _decide(club, message, demands, ahead, now):
            done.add(id(message))
            others.remove(message.journey.priority)
    club.outbox = [message for message in club.outbox if id(message) not in done]


def _demands(club: Club, now: datetime) -> list[Demand]:
    """What each journey still wants this month: what waits, and what is to be expected."""
    today = club.programme.shop.local(now).date()
    club.sent_lately = [(on, j) for on, j in club.sent_lately if (today - on).days < _LATELY]
    lately = Counter(journey for _, journey in club.sent_lately)
    waits = Counter(message.journey.id for message in club.outbox)
    left = (next_month(today) - today).days - 1
    return [
        Demand(
            j.id,
            j.priority,
            waits[j.id] + expected_demand(lately[j.id], days=_LATELY, days_left=left),
        )
        for j in journeys_of(club.programme)
    ]


def _decide(club: Club, message: Message, demands: list[Demand], ahead: int, now: datetime) -> bool:
    """Whether the message is done with: sent, or not to be sent."""
    journey, usage = message.journey, _usage(club, now)
    policy, shop = club.programme.sending, club.programme.shop
    verdict = may_send(
        policy,
        shop,
        _recipient(club, message.person, now),
        topic=journey.topic,
        useful_until=message.useful_until,
        quota_left=usage.left,
        now=now,
        states=journey.states,
        ahead=ahead,
        kept_back=reserve_before(demands, priority=journey.priority, reserve=policy.quota_reserve),
    )
    match verdict:
        case Send():
            _send(club, message, now)
            return True
        case Wait(until=until):
            message.not_before = until
            return False
        case Skip(reason=reason):
            club.skipped[reason] += 1
            return True


def _usage(club: Club, now: datetime) -> Usage:
    month = month_start(club.programme.shop.local(now).date())
    own = club.watch.by_month[month]
    # LINE's figure comes late and takes in what the shop sends itself.
    return Usage(
        club.watch.plan, used_line=club.by_hand + own * 9 // 10, used_own=own + club.by_hand
    )


def _recipient(club: Club, person: Person, now: datetime) -> Recipient:
    sent = [push.at for push in club.watch.sent[person.number]]
    day, week, month = sent_counts(sent, now)
    return Recipient(
        reachable=True,
        membership=person.facts.membership,
        topics_left=tuple(person.topics_left),
        sent_day=day,
        sent_week=week,
        sent_month=month,
        blocked=person.blocked,
        erased=person.erased,
    )


def _send(club: Club, message: Message, now: datetime) -> None:
    person, journey = message.person, message.journey
    day = club.programme.shop.business_date(now)
    facts, known = _facts(club, person, day), _known(club, person, journey)
    member = MemberOnDay(club.programme, facts, day, club.town.timeline.models, known)
    written = QueuedWording(message.period, arm_of(journey, person.salt, message.period))
    words = view(journey, member, written, name=person.name)
    if words is None:
        club.skipped["no_longer_true"] += 1
        return
    _is_well_said(words)
    if journey.kind == "points_expiring":
        assert show(person.language, person.facts.balance) in words.body, "other points than theirs"
    if journey.kind == "one_short":
        _would_bring_it(club, person, now)
    club.watch.pushed(person, journey, message.period, at=now, by_hand=club.by_hand)
    if journey.kind == "points_expiring":
        left(club.town, person, message.period, day)
    club.sent_lately.append((club.programme.shop.local(now).date(), journey.id))
    if words.promise is not None and does(club.town, person, told(club.town, words.promise, now)):
        given = club.promises.setdefault(person.number, [])
        given[:] = [old for old in given if old.journey != journey.id]
        given.append(Promise(journey.id, words.promise.until))
        club.index.note(person)


def _would_bring_it(club: Club, person: Person, now: datetime) -> None:
    """Whoever reads that one visit is missing gets it by a visit at once, whatever the rules of
    the journey think."""
    at = now + timedelta(minutes=1)
    visit = told(club.town, Visit("staff"), at)
    outcome = apply(club.town.timeline, person.facts, visit)
    assert isinstance(outcome, Decision), outcome
    assert outcome.rank_changes or outcome.badges, "one visit more was not enough"


def _is_well_said(words: JourneyView) -> None:
    for line in (words.title, words.body, words.offer):
        assert "{" not in line
        assert "さんさん" not in line
