"""What may be sent to a member unasked, and when: quiet hours and days, caps, topics, the quota."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from ..activity import Membership
from ..base import WEEKDAYS, YEN_MAX, ClockTime, Impossible, Strict, Weekday
from ..shop import ClosedPeriod, Shop

#: What members can say no to, one by one. The newsletter goes only to who asked for it.
Topic = Literal["points", "ranks", "birthday", "visits", "comeback", "news", "newsletter"]
#: What journeys may be about.
JourneyTopic = Literal["points", "ranks", "birthday", "visits", "comeback"]
#: What goes to everybody who doesn't say no; "news" is what the shop writes to many at once.
TOPICS: tuple[JourneyTopic | Literal["news"], ...] = (*get_args(JourneyTopic), "news")

#: How far back a member's messages are counted for the caps.
DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
#: What waits for room under a cap or in the quota is looked at again after so long.
LOOK_AGAIN = timedelta(hours=6)
_QUIET_DAYS_MAX = 400
#: News of this priority, or a higher number, leaves the week's last place to what matters more.
MINOR = 6
_SECOND = timedelta(seconds=1)
_NEW_YEAR = (1, 1)
#: Between two messages about staying away: a comeback, a warning, a rank that went.
_REST = timedelta(days=5)
#: But a message goes so long before it is of no use.
_IN_TIME = timedelta(days=3)


class SendingPolicy(Strict):
    """When nothing is pushed, and to nobody more often than how often."""

    #: From here to `quiet_until` of the shop's clock nothing is pushed.
    quiet_from: ClockTime = time(20, 0)
    quiet_until: ClockTime = time(10, 0)
    #: Nor on these.
    quiet_weekdays: tuple[Weekday, ...] = ()
    #: Nor on these.
    quiet_days: Annotated[tuple[ClosedPeriod, ...], Field(max_length=50)] = ()
    #: In 24 hours.
    per_day_max: Annotated[int, Field(ge=1, le=10)] = 1
    #: In seven days.
    per_week_max: Annotated[int, Field(ge=1, le=30)] = 3
    #: In thirty days.
    per_month_max: Annotated[int, Field(ge=1, le=100)] = 8
    #: So many messages of the month are left to the shop's own broadcasts.
    quota_reserve: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    #: What a message costs, yen.
    message_yen: Annotated[float, Field(ge=0, le=1_000)] = 3
    #: What the shop earns by a visit after the cost of what is sold, yen; None: nobody said.
    visit_margin_yen: Annotated[int, Field(ge=1, le=YEN_MAX)] | None = None

    @model_validator(mode="after")
    def _some_time_to_send(self) -> "SendingPolicy":
        if self.quiet_from == self.quiet_until:
            raise Impossible("same_times", first="quiet_from", second="quiet_until")
        if len(set(self.quiet_weekdays)) == len(WEEKDAYS):
            raise Impossible("no_day_to_send")
        return self

    def is_quiet(self, here: datetime) -> bool:
        """Whether nothing is sent at `here`, an instant on the shop's wall clock."""
        clock, start, end = here.time(), self.quiet_from, self.quiet_until
        at_night = start <= clock < end if start < end else clock >= start or clock < end
        return at_night or self._is_quiet_day(here.date())

    def _is_quiet_day(self, day: date) -> bool:
        named = any(period.covers(day) for period in self.quiet_days)
        return named or WEEKDAYS[day.weekday()] in self.quiet_weekdays


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who it would go to."""

    #: Whether there is a way to write to them at all.
    reachable: bool
    membership: Membership
    topics_left: tuple[str, ...]
    #: Pushes of the last 24 hours (`sent_counts`).
    sent_day: int
    #: Those of the last seven days.
    sent_week: int
    #: Those of the last thirty days.
    sent_month: int = 0
    blocked: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


WaitReason = Literal[
    "quiet", "cap_day", "cap_week", "cap_month", "priority", "quota", "rest", "halted"
]


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet."""

    #: Not before this moment.
    until: datetime
    #: Quiet hours, a cap, something more important that waits too, the month's quota, another word
    #: to who stays away a few days ago, or that the owner halted it.
    reason: WaitReason


@dataclass(frozen=True, slots=True)
class Skip:
    """Not at all, and why."""

    reason: Literal[
        "erased", "blocked", "unreachable", "left", "paused", "topic", "too_late", "withdrawn"
    ]


def sent_counts(sent_at: Iterable[datetime], now: datetime) -> tuple[int, int, int]:
    """How many of the pushes at these instants are of the last day, week and month."""
    ages = [now - at for at in sent_at]
    day, week, month = (sum(age < span for age in ages) for span in (DAY, WEEK, MONTH))
    return day, week, month


def has_room(policy: SendingPolicy, sent_at: Iterable[datetime], now: datetime) -> bool:
    """Whether who got pushes at these instants may get one more, by the caps."""
    most = (policy.per_day_max, policy.per_week_max, policy.per_month_max)
    return all(sent < cap for sent, cap in zip(sent_counts(sent_at, now), most, strict=True))


def may_send(
    policy: SendingPolicy,
    shop: Shop,
    recipient: Recipient,
    *,
    topic: Topic | None,
    useful_until: datetime,
    quota_left: int | None,
    now: datetime,
    states: tuple[Membership, ...] = ("active",),
    ahead: int = 0,
    kept_back: int | None = None,
    minor: bool = False,
    at_once: bool = False,
    wishes_new_year: bool = False,
) -> Send | Wait | Skip:
    """Whether a queued message goes out at `now`.

    `topic` None marks an answer to something the member did, which a reply could not bring them:
    it knows no caps. What is told `at_once`, a notice of security without a topic, knows no quiet
    hours either: whose card is taken over at night has it emptied at night. `states` are the
    memberships it is meant for, `ahead` counts messages of more importance that wait for the same
    member. `quota_left` is None when the plan has no limit; `kept_back` of it are for others
    (`quota.reserve_before`; None: the shop's reserve alone). What is `minor` leaves the last place
    of the week to what isn't; what `wishes_new_year` goes out on New Year's Day, too.
    """
    if reason := _never(recipient, topic, states):
        return Skip(reason)
    if now >= useful_until:
        return Skip("too_late")
    reserve = policy.quota_reserve if kept_back is None else kept_back
    if quota_left is not None and quota_left <= (reserve if topic else 0):
        return Wait(now + LOOK_AGAIN, "quota")
    if topic is not None and (full := _full(policy, recipient, ahead, minor=minor)):
        return Wait(now + LOOK_AGAIN, full)
    if at_once:
        return Send()
    wakes_at = quiet_until(
        policy, shop, now, unasked=topic is not None, wishes_new_year=wishes_new_year
    )
    return Wait(wakes_at, "quiet") if wakes_at else Send()


def _never(
    recipient: Recipient, topic: Topic | None, states: tuple[Membership, ...]
) -> Literal["erased", "blocked", "unreachable", "left", "paused", "topic"] | None:
    """Why this member is not written to about this, whenever it be; None when they are."""
    if recipient.erased:
        return "erased"
    if recipient.blocked:
        return "blocked"
    if not recipient.reachable:
        return "unreachable"
    membership = recipient.membership
    if membership == "left" and "left" not in states:
        return "left"
    if membership == "paused" and topic is not None and "paused" not in states:
        return "paused"
    return "topic" if topic in recipient.topics_left else None


def _full(
    policy: SendingPolicy, recipient: Recipient, ahead: int, *, minor: bool
) -> WaitReason | None:
    """The cap that leaves no room for one more; None when there is room."""
    a_week = max(1, policy.per_week_max - minor)
    caps: tuple[tuple[int, int, WaitReason], ...] = (
        (recipient.sent_day, policy.per_day_max, "cap_day"),
        (recipient.sent_week, a_week, "cap_week"),
        (recipient.sent_month, policy.per_month_max, "cap_month"),
    )
    for sent, most, reason in caps:
        if sent >= most:
            return reason
    # What is more important takes its places first.
    return "priority" if any(sent + ahead >= most for sent, most, _ in caps) else None


def rests_until(last: datetime | None, useful_until: datetime) -> datetime | None:
    """Until when who stays away is left in peace after the `last` word about it: some days, but
    not until the next one is of no use any more."""
    return None if last is None else min(last + _REST, useful_until - _IN_TIME)


def time_to_quiet(
    policy: SendingPolicy, shop: Shop, now: datetime, *, most: timedelta
) -> timedelta:
    """How long after `now` it isn't quiet: up to `most`, of which every second is looked at, since
    clocks change. All of `most` where it is quiet now: what goes out then may."""
    if policy.is_quiet(shop.local(now)):
        return most
    second = now.replace(microsecond=0)
    while second < now + most:
        second += _SECOND
        if policy.is_quiet(shop.local(second)):
            return min(second - now, most)
    return most


def _is_at_rest(shop: Shop, day: date, *, wishes_new_year: bool) -> bool:
    """Whether nobody is at the shop, or it is New Year's Day, on which only wishes are welcome."""
    is_new_year = (day.month, day.day) == _NEW_YEAR and not wishes_new_year
    return is_new_year or not shop.is_open(day)


def _instants(shop: Shop, day: date, clock: time) -> Iterator[datetime]:
    """When the shop's clock shows that on that day: twice where it is put back over it."""
    for fold in (0, 1):
        # By way of UTC: in an hour that the clock leaves out there is no such time.
        yield datetime.combine(day, clock, tzinfo=shop.zone).replace(fold=fold).astimezone(UTC)


def quiet_until(
    policy: SendingPolicy,
    shop: Shop,
    now: datetime,
    *,
    unasked: bool = False,
    wishes_new_year: bool = False,
) -> datetime | None:
    """The first instant after `now` at which something may be sent; None when that is now. What is
    sent `unasked` leaves the shop's closed days in peace, too, and New Year's Day, unless it
    `wishes_new_year`.

    Where the clock is put back, an hour that comes twice may be quiet twice.
    """

    def is_quiet(at: datetime) -> bool:
        here = shop.local(at)
        if policy.is_quiet(here):
            return True
        return unasked and _is_at_rest(shop, here.date(), wishes_new_year=wishes_new_year)

    here = shop.local(now)
    if not is_quiet(now):
        return None
    for offset in range(_QUIET_DAYS_MAX):
        day = here.date() + timedelta(days=offset)
        for clock in sorted((time(), policy.quiet_until)):
            for ends in _instants(shop, day, clock):
                if ends > now and not is_quiet(ends):
                    return ends.astimezone(now.tzinfo)
    return now + timedelta(days=_QUIET_DAYS_MAX)
