"""What the shop wrote to the demo's members in their year by its journeys, and whom that brought
back.

To whom something is due, and who by lot gets nothing, is asked of the rules as every night asks
them. Only whether somebody heeds a message is the demo's own: what messages brought is counted of
it as of any club.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from bot.store.finding.audience import Listener
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import Attempt, EndedAttempt
from bot.store.messages.outbox import MessageDecision, PlannedMessage
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.recording.work import Work
from handlers.club import Club
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.jobs.journeys.queue import planned
from handlers.showing.journey_audience import JourneyVerdict, journeys_to_queue
from rules.facts import Facts
from rules.journeys.absence import AbsenceJourney
from rules.journeys.drawing import draw
from rules.journeys.journey import Journey
from rules.journeys.member import Background, DueMessage, JourneyReason, MemberOnDay
from rules.journeys.words import offer_of
from rules.programme.programme import Programme

_SEED = 18
#: What was sent, by kind, and how many of a hundred who would have stayed away come after it.
_HEED = {"rhythm": 75, "lapsed": 20, "first_visit": 25, "birthday": 0}
#: They come within so many days.
_SOON = 9
_DAY = timedelta(days=1)
#: When the night's work queues, and what it queued goes out.
_QUEUED, _SENT = timedelta(minutes=10), time(10)


def count_results(club: Club) -> None:
    """Counts what they brought, as the ticks of a day would."""
    counting = JourneyCounting(club)
    while counting.count_next():
        """One journey after the other."""


class Letters:
    """The messages to one member; none where they have no LINE."""

    def __init__(self, work: Work, season: Programme, member_id: int, *, on_line: bool) -> None:
        self.work, self.member_id = work, member_id
        self._programme = season
        self._random = Random(_SEED + member_id)  # noqa: S311 - a demo, not a secret
        asked = journeys_to_queue(season) if on_line else ()
        self._journeys = [each for each in asked if each.kind in _HEED]
        self._sent_on: dict[str, date] = {}
        self._kept: list[tuple[PlannedMessage, datetime]] = []

    def sooner(self, coming: date | None) -> date | None:
        """When they come who by themselves come on that day, or never (None)."""
        member = self._member()
        for day, journey in sorted(self._days(member.facts), key=lambda each: each[0]):
            if coming is not None and day >= coming:
                break
            on = self._write(journey, member, day)
            if on is not None and (coming is None or on < coming):
                return on
        return coming

    def wish(self, day: date) -> None:
        """For the birthday that is celebrated on that day."""
        for journey in self._journeys:
            if journey.kind == "birthday":
                self._write(journey, self._member(), self._open(day))

    def keep(self) -> None:
        """Keeps all that was written as sent, or as held back."""
        uow = self.work.uow
        outbox.queue_many(uow, [message for message, _ in self._kept])
        sent = [
            (str(uuid5(NAMESPACE_URL, "/".join(map(str, each[:3])))), each, at)
            for each, at in self._kept
            if each.status == "queued"
        ]
        made = [Attempt(name, "push", 1, "", at, 1) for name, _, at in sent]
        attempts.freeze(uow, made, lease_until=self.work.now)
        outbox.decide(
            uow,
            [
                MessageDecision(
                    *each[:3], "sending", None, each.not_before, each.useful_until, name, at
                )
                for name, each, at in sent
            ],
        )
        for name, _, at in sent:
            attempts.end(uow, [EndedAttempt(name, "delivered")], now=at)

    def _member(self) -> Member:
        member = members.get(self.work.uow, self.member_id)
        if member is None:
            raise LookupError("nobody has that id")
        return member

    def _days(self, facts: Facts) -> Iterator[tuple[date, Journey]]:
        """The days on which something is due, if they don't come before."""
        if facts.last_visit_on is None:
            return
        today = MemberOnDay(self._programme, facts, facts.last_visit_on, self.work.timeline.models)
        for journey in self._journeys:
            if isinstance(journey, AbsenceJourney):
                reasons = journey.reasons(today)
                found = () if isinstance(reasons, str) else reasons
            else:
                reason = journey.trigger(today) if journey.kind == "first_visit" else None
                found = (reason,) if isinstance(reason, JourneyReason) else ()
            yield from ((self._open(each.since), journey) for each in found)

    def _open(self, day: date) -> date:
        while not self._programme.shop.is_open(day):
            day += _DAY
        return day

    def _write(self, journey: Journey, member: Member, day: date) -> date | None:
        """Writes, if something is due on that day; gives when they come for it, if they do."""
        shop = self._programme.shop
        queued_at = shop.opens(day) + _QUEUED
        sent_at = datetime.combine(day, _SENT, tzinfo=shop.zone)
        sent_at += timedelta(minutes=self._random.randrange(90))
        if sent_at >= self.work.now:
            return None
        known = Background(member.language, sent_on=self._sent_on.get(journey.id))
        models = self.work.timeline.models
        on_day = MemberOnDay(self._programme, member.facts, day, models, known)
        due = journey.due(on_day)
        if not isinstance(due, DueMessage) or due.not_before is not None:
            return None
        drawn = draw(journey, on_day, str(member.id), due.period)
        listener = Listener(member, "", True, False, "", None, None)
        verdict = JourneyVerdict(listener, member.facts, known, due, drawn, "line")
        self._kept.append((planned(journey, verdict, due, now=queued_at), sent_at))
        self._sent_on[journey.id] = day
        heeds = self._random.randrange(100) < _HEED[journey.kind]
        soon = self._open(day + _DAY * self._random.randint(1, _SOON))
        if drawn.withheld:
            return None
        self._promise(journey, due, drawn.arm, sent_at)
        return soon if heeds else None

    def _promise(self, journey: Journey, due: DueMessage, arm: str, at: datetime) -> None:
        promised = offer_of(journey, arm, due.step)
        if promised is None:
            return
        until = self._programme.shop.business_date(at) + _DAY * (promised.valid_days - 1)
        key = f"demo:offer:{journey.id}:{due.period}:{self.member_id}"
        made = Promise(journey.id, until, promised.reward, promised.points or 0)
        offer(self.work.moment(at).under(key), self.member_id, made, at=at)
