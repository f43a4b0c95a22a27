"""What may be sent to a member unasked, and when: quiet hours, caps, topics, the month's quota."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .activity import Membership
from .base import ClockTime, Strict
from .shop import Shop

#: What members can say no to, one by one.
Topic = Literal["points", "ranks", "birthday", "visits", "comeback"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


class SendingPolicy(Strict):
    """Nothing is pushed from `quiet_from` to `quiet_until` of the shop's clock, and to nobody more
    often than `per_day_max` a day and `per_week_max` in seven days. `quota_reserve` messages of
    the month are left to the shop's own broadcasts."""

    quiet_from: ClockTime = time(20, 0)
    quiet_until: ClockTime = time(10, 0)
    per_day_max: Annotated[int, Field(ge=1, le=10)] = 1
    per_week_max: Annotated[int, Field(ge=1, le=30)] = 3
    quota_reserve: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    @model_validator(mode="after")
    def _some_time_to_send(self) -> "SendingPolicy":
        if self.quiet_from == self.quiet_until:
            raise ValueError("`quiet_from` and `quiet_until` must differ")
        return self


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who it would go to. `sent_day` and `sent_week` count pushes of the last 1 and 7 days."""

    reachable: bool
    membership: Membership
    topics_left: tuple[str, ...]
    sent_day: int
    sent_week: int


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Skip:
    """Not at all, and why: unreachable, left, paused, topic, too_late."""

    reason: Literal["unreachable", "left", "paused", "topic", "too_late"]


def may_send(
    policy: SendingPolicy,
    shop: Shop,
    recipient: Recipient,
    *,
    topic: Topic | None,
    useful_until: datetime,
    quota_left: int | None,
    now: datetime,
) -> Send | Wait | Skip:
    """Whether a queued message goes out at `now`.

    `topic` None marks an answer to something the member did, which a reply could not bring them:
    it knows no caps. `quota_left` is None when the plan has no limit.
    """
    if not recipient.reachable:
        return Skip("unreachable")
    if recipient.membership == "left":
        return Skip("left")
    if now >= useful_until:
        return Skip("too_late")
    if quota_left is not None and quota_left <= (policy.quota_reserve if topic else 0):
        return Wait(now + timedelta(hours=6))
    if topic is not None and recipient.membership == "paused":
        return Skip("paused")
    if topic in recipient.topics_left:
        return Skip("topic")
    if topic is not None and _had_enough(policy, recipient):
        return Wait(now + timedelta(hours=6))
    wakes_at = quiet_until(policy, shop, now)
    return Wait(wakes_at) if wakes_at else Send()


def _had_enough(policy: SendingPolicy, recipient: Recipient) -> bool:
    return recipient.sent_day >= policy.per_day_max or recipient.sent_week >= policy.per_week_max


def quiet_until(policy: SendingPolicy, shop: Shop, now: datetime) -> datetime | None:
    """When the quiet hours `now` falls in are over; None outside them."""
    here = shop.local(now)
    start, end = policy.quiet_from, policy.quiet_until
    clock = here.time()
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not quiet:
        return None
    day = here.date() if clock < end else here.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=shop.zone).astimezone(now.tzinfo)
