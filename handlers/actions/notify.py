"""Queuing what a member is to be told: the data a text is made from when it is sent.

Nothing is worded here. Whoever delivers decides by the rules of that moment whether it still goes
out, and says it in the member's language.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.store import UnitOfWork, outbox
from bot.store.members import Member
from bot.store.outbox import Name
from rules.ranks import RankChange
from rules.sending import Topic
from rules.shift import MomentKind

#: How long a change of rank is news.
NEWS = timedelta(days=7)


class _Say(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def journey(cls) -> str:
        """What messages of this kind are queued as."""
        return str(cls.model_fields["kind"].default)


class SayMessages(_Say):
    """An answer that could not be a reply any more: LINE messages as they are."""

    kind: Literal["messages"] = "messages"
    messages: tuple[dict[str, Any], ...]


class SayRank(_Say):
    """A step on the ladder that came with the end of a month."""

    kind: Literal["rank"] = "rank"
    before: str | None
    after: str | None
    reason: Literal["reached", "revived", "short"]


class SayRankAtRisk(_Say):
    """The rank goes at the end of the month beginning `month` unless more visits come."""

    kind: Literal["rank_at_risk"] = "rank_at_risk"
    month: date


class SayPointsExpiring(_Say):
    """Points that are about to run out on `due`."""

    kind: Literal["points_expiring"] = "points_expiring"
    due: date


class SayPraise(_Say):
    """A word of praise for `moment`, from the people at `store`."""

    kind: Literal["praise"] = "praise"
    moment: MomentKind
    target: str | None
    store: str


class SayAnswer(_Say):
    """The staff's answer to what the member wrote (`quote`, its beginning) on `asked_on`."""

    kind: Literal["answer"] = "answer"
    text: str
    quote: str
    asked_on: date


class SayReached(_Say):
    """What a visit brought that staff had scanned: a step up the ladder, badges, rewards."""

    kind: Literal["reached"] = "reached"
    rank: RankChange | None = None
    badges: tuple[str, ...] = ()
    rewards: tuple[str, ...] = ()


Say = Annotated[
    SayMessages | SayRank | SayRankAtRisk | SayPointsExpiring | SayPraise | SayAnswer | SayReached,
    Field(discriminator="kind"),
]
_SAY: TypeAdapter[Say] = TypeAdapter(Say)


def read(text: str) -> Say:
    """What was queued. ValueError for what no version of ours queued."""
    return _SAY.validate_json(text)


def tell(
    uow: UnitOfWork,
    member: Member,
    say: Say,
    *,
    period: str,
    topic: Topic | None,
    now: datetime,
    useful: timedelta,
) -> bool:
    """Queues `say` for the member, once per kind and period; False when it was queued before.

    Someone without LINE can't be told: False too.
    """
    if member.line_user_id is None:
        return False
    return outbox.queue(
        uow,
        Name(member.id, say.kind, period),
        _SAY.dump_json(say).decode(),
        topic=topic,
        now=now,
        useful_until=now + useful,
    )


def tell_rank(
    uow: UnitOfWork, member: Member, change: RankChange, *, day: date, now: datetime
) -> bool:
    """Tells of a step on the ladder that nobody was there to say, while it is news."""
    age = day - change.on
    if age >= NEWS:
        return False
    say = SayRank(before=change.before, after=change.after, reason=change.reason)
    period = f"{change.on.isoformat()}:{change.after or '-'}"
    return tell(uow, member, say, period=period, topic="ranks", now=now, useful=NEWS - age)
