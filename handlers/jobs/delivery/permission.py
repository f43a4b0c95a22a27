"""What the rules of sending say to a message at this moment: the one place where they are asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from bot.store import UnitOfWork
from bot.store.messages import broadcasts, newsletters, outbox_by_member
from bot.store.messages.outbox import QueuedMessage
from bot.store.messages.outbox_by_member import SentMessage
from handlers.actions.telling.event_messages import SayEventOffNow
from handlers.actions.telling.issue_messages import SayNewsletterTrial
from handlers.actions.telling.messages import (
    SayAnswer,
    SayBroadcast,
    SayCardMoved,
    SayRank,
    SayReached,
)
from rules.activity import Membership
from rules.broadcasts.broadcast import id_of as broadcast_id
from rules.broadcasts.life import State
from rules.journeys.journey import Journey
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.sending.policy import (
    DAY,
    LOOK_AGAIN,
    MINOR,
    MONTH,
    Recipient,
    Send,
    Skip,
    Wait,
    may_send,
    rests_until,
    sent_counts,
)
from rules.sending.quota import Demand, reserve_before


def verdict(
    timeline: Timeline,
    queued: QueuedMessage,
    *,
    sent_at: Sequence[datetime] = (),
    ahead: int = 0,
    quota_left: int | None = None,
    demands: Iterable[Demand] = (),
    now: datetime,
) -> Send | Wait | Skip:
    """`sent_at`: when the member got others before; `ahead`: how many more important ones wait for
    them; `demands`: what is still wanted of the month's messages."""
    programme = timeline.at(now).programme
    policy = programme.sending
    day, week, month = sent_counts(sent_at, now)
    return may_send(
        policy,
        programme.shop,
        Recipient(
            reachable=queued.reachable,
            membership=queued.membership,
            topics_left=queued.topics_left,
            sent_day=day,
            sent_week=week,
            sent_month=month,
            blocked=queued.blocked,
            erased=queued.erased,
        ),
        topic=queued.topic,
        useful_until=queued.useful_until,
        quota_left=quota_left,
        now=now,
        states=_states(programme, queued.name.journey),
        at_once=_goes_at_once(queued.name.journey),
        wishes_new_year=_wishes_new_year(programme, queued.name.journey),
        ahead=ahead,
        minor=queued.name.journey == SayReached.journey() and queued.priority >= MINOR,
        kept_back=reserve_before(
            demands, priority=queued.priority, reserve=reserve_for(programme, queued.name.journey)
        ),
    )


def reserve_for(programme: Programme, journey: str) -> int:
    """How many of the month's messages it leaves to the shop's own broadcasts: none, being one."""
    return 0 if broadcast_id(journey) is not None else programme.sending.quota_reserve


def may_go_by_sms(programme: Programme, journey: str) -> bool:
    """Whether what the outbox knows by that name may go by SMS where LINE reaches nobody."""
    found = _journey(programme, journey)
    return found is not None and "sms" in found.channels


def _states(programme: Programme, journey: str) -> tuple[Membership, ...]:
    """The memberships that a journey of the programme is for."""
    if _goes_at_once(journey) or journey == SayAnswer.journey():
        # Who left and asks something is answered, too.
        return get_args(Membership)
    found = _journey(programme, journey)
    return found.states if found else ("active",)


def _goes_at_once(journey: str) -> bool:
    """Whether it goes at once, and to whom the shop writes no more, too: a notice of security, that
    a card was moved; that what they would leave the house for will not take place; and a broadcast
    or an issue that an owner tries on themselves."""
    at_once = (SayCardMoved, SayEventOffNow, SayBroadcast, SayNewsletterTrial)
    return journey in {kind.journey() for kind in at_once}


def _journey(programme: Programme, journey: str) -> Journey | None:
    return next((each for each in journeys_of(programme) if each.queued_as == journey), None)


def _wishes_new_year(programme: Programme, journey: str) -> bool:
    """Whether what the outbox knows by that name wishes a happy New Year."""
    found = _journey(programme, journey)
    return found is not None and found.wishes_new_year


def _is_about_absence(programme: Programme, journey: str) -> bool:
    """Whether what the outbox knows by that name speaks to who stays away."""
    if journey == SayRank.journey():
        return True
    found = _journey(programme, journey)
    return found is not None and found.about_absence


def _is_issue(queued: QueuedMessage) -> bool:
    return queued.name.journey == newsletters.JOURNEY


@dataclass(slots=True)
class Allowance:
    """What room the caps and the quota leave, as one message after another is decided on."""

    quota_left: int | None
    demands: Sequence[Demand]
    now: datetime
    _sent_at: dict[int, list[SentMessage]] = field(default_factory=dict)
    _waiting: dict[int, list[int]] = field(default_factory=dict)
    _broadcasts: dict[str, State] = field(default_factory=dict)
    _stopped_issues: set[str] = field(default_factory=set)

    def look(self, uow: UnitOfWork, claimed: Sequence[QueuedMessage]) -> None:
        """Finds out what the members have got, and what waits for them."""
        ids = {queued.name.member_id for queued in claimed}
        self._sent_at = outbox_by_member.sent_at(uow, ids, since=self.now - MONTH)
        self._waiting = outbox_by_member.priorities_waiting(uow, ids, before=self.now + DAY)
        names = (queued.name.journey for queued in claimed)
        self._broadcasts = broadcasts.states_of(uow, names)
        issues = {each.name.period for each in claimed if _is_issue(each)}
        self._stopped_issues = newsletters.stopped(uow, issues)

    def ask(self, timeline: Timeline, queued: QueuedMessage) -> Send | Wait | Skip:
        """The verdict; what it takes of the room is taken."""
        if halted := self._halted(queued):
            return halted
        waiting = self._waiting.get(queued.name.member_id, [])
        earlier = self._sent_at.setdefault(queued.name.member_id, [])
        says = verdict(
            timeline,
            queued,
            sent_at=[sent.at for sent in earlier],
            ahead=sum(priority < queued.priority for priority in waiting),
            quota_left=self.quota_left,
            demands=self.demands,
            now=self.now,
        )
        programme = timeline.at(self.now).programme
        if isinstance(says, Send) and _is_about_absence(programme, queued.name.journey):
            about = [m.at for m in earlier if _is_about_absence(programme, m.journey)]
            until = rests_until(max(about, default=None), queued.useful_until)
            says = Wait(until, "rest") if until and until > self.now else says
        if queued.priority in waiting and not isinstance(says, Wait):
            waiting.remove(queued.priority)
        if isinstance(says, Send):
            if queued.topic is not None:
                earlier.append(SentMessage(self.now, queued.name.journey))
            if self.quota_left is not None:
                self.quota_left -= 1
        return says

    def _halted(self, queued: QueuedMessage) -> Wait | Skip | None:
        """What an owner said of a broadcast or an issue since it was queued; None where it may go
        on."""
        if _is_issue(queued) and queued.name.period in self._stopped_issues:
            return Skip("withdrawn")
        match self._broadcasts.get(queued.name.journey):
            case "paused" if self.now < queued.useful_until:
                return Wait(min(self.now + LOOK_AGAIN, queued.useful_until), "halted")
            case "stopped":
                return Skip("withdrawn")
            case _:
                return None
