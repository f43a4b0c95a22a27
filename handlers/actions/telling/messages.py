"""Queuing what a member is to be told: the data a text is made from when it is sent.

Nothing is worded here. Whoever delivers decides by the rules of that moment whether it still goes
out, and says it in the member's language.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.codes import RewardUse
from bot.store import UnitOfWork
from bot.store.members.link_codes import LinkCode
from bot.store.members.members import Member
from bot.store.members.phone_proofs import PhoneProof
from bot.store.messages import outbox, outbox_by_member
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.activity import Purchase, Redemption, Referral, TakenBack, Visit, What
from rules.broadcasts.broadcast import ONE_ARM
from rules.facts import Voucher
from rules.judging.replay import RecordedActivity
from rules.outlook.moments import PraiseKind
from rules.programme.ranks import RankChange, RankChangeReason
from rules.sending.policy import Topic
from rules.wording.highlights import Highlights, Thanks

from .circle_messages import (
    SayCircleInvite,
    SayTrialInvite,
    SayTrialOff,
    SayTrialOutcome,
    SayTrialQuestions,
)
from .event_messages import (
    SayEventInvite,
    SayEventOff,
    SayEventOffer,
    SayEventOffNow,
    SayEventReminder,
    SayEventThanks,
)
from .issue_messages import SayNewsletter, SayNewsletterTrial
from .say_kind import SayKind
from .suggestion_messages import SayAdopted, SaySuggestion

#: How long something is news. What happened longer ago is not pushed: the card shows it.
NEWS = timedelta(days=7)
#: After a day nobody needs to be told any more that they used a reward.
_USED_WITHIN = timedelta(days=1)


class SayMessages(SayKind):
    """An answer that could not be a reply any more: LINE messages as they are."""

    kind: Literal["messages"] = "messages"
    messages: tuple[dict[str, Any], ...]


class SayRank(SayKind):
    """A step on the ladder that came with the end of a month, or with another ladder."""

    kind: Literal["rank"] = "rank"
    before: str | None
    after: str | None
    reason: RankChangeReason


class SayRankAtRisk(SayKind):
    """The rank goes at the end of the month beginning `month` unless more visits come."""

    kind: Literal["rank_at_risk"] = "rank_at_risk"
    month: date


class SayPointsExpiring(SayKind):
    """Points that are about to run out on `due`."""

    kind: Literal["points_expiring"] = "points_expiring"
    due: date


class SayPraise(SayKind):
    """A word of praise for `moment`, from the people at `store`; `text` where they worded it, `by`
    where one of them signs it with the name that they chose for members."""

    kind: Literal["praise"] = "praise"
    moment: PraiseKind
    target: str | None
    store: str
    text: str = ""
    by: str = ""


class SayUsed(SayKind):
    """A reward was handed out at `store`: for points, or by a voucher; `more` with it.

    Its period names the activities, with `outbox_by_member.AND` between them.
    """

    kind: Literal["used"] = "used"
    reward: str
    voucher: int | None
    store: str
    more: tuple[str, ...] = ()


class SayAnswer(SayKind):
    """The staff's answer to what the member wrote (`quote`, its beginning) on `asked_on`; `text` is
    empty where they were answered otherwise. With a `card`, the number of it, its `case` with that
    number is closed by it, and whether it helped is asked."""

    kind: Literal["answer"] = "answer"
    text: str
    quote: str
    asked_on: date
    card: str = ""
    case: int = 0


class SayBroadcast(SayKind):
    """What an owner writes to many, by the broadcast's id; what it says is read when it goes out.
    `is_trial`: to the owner alone, and promises nothing."""

    kind: Literal["broadcast"] = "broadcast"
    broadcast: int
    arm: str = ONE_ARM
    is_trial: bool = False


class SayReached(SayKind):
    """What a visit brought that staff had scanned: a step up the ladder, badges, rewards within
    reach, and some in hand. What came of more before it left is told by one.

    Its period names the activities that it tells of, with `outbox_by_member.AND` between them.
    """

    kind: Literal["reached"] = "reached"
    rank: RankChange | None = None
    badges: tuple[str, ...] = ()
    rewards: tuple[str, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    thanks: Thanks | None = None

    @classmethod
    def of(cls, news: Highlights) -> "SayReached":
        return cls(
            rank=news.rank,
            badges=news.badges,
            rewards=news.rewards,
            vouchers=news.vouchers,
            thanks=news.thanks,
        )

    @property
    def news(self) -> Highlights:
        return Highlights(self.rank, self.badges, self.rewards, self.vouchers, self.thanks)


class SayCorrected(SayKind):
    """Something on the card was taken back."""

    kind: Literal["corrected"] = "corrected"
    what: Literal["visit", "purchase", "redemption", "return", "referral", "record"]
    #: The day of what was.
    on: date
    #: By how many the balance changed with it, above or below zero.
    points: int
    #: Whether the rank did.
    rank: bool


class SayCardMoved(SayKind):
    """The member's card was put together with another (joined), or went to another LINE account
    (moved); or is as it was before that (back)."""

    kind: Literal["card_moved"] = "card_moved"
    how: Literal["joined", "moved", "back"]
    on: date
    #: The store at which it was done; None where it was in the chat.
    store: str | None = None
    #: What the button says that takes it back, up to the end of `until`; empty for no button.
    back: str = ""
    until: date | None = None


class SayCardCode(SayKind):
    """A code for a card without LINE, by SMS to the telephone that the card is known by."""

    kind: Literal["card_code"] = "card_code"
    code: str


class SayPhoneCode(SayKind):
    """The code that proves a telephone, by SMS to it. What it is, and where it goes, follows from
    the proof (`phone_proofs`)."""

    kind: Literal["phone_code"] = "phone_code"


class SayJourney(SayKind):
    """A journey's message (`name` is the journey's id): what it says is made when it goes out."""

    kind: Literal["journey"] = "journey"
    name: str
    period: str
    arm: str


Say = Annotated[
    SayMessages
    | SayRank
    | SayRankAtRisk
    | SayPointsExpiring
    | SayPraise
    | SayUsed
    | SayAnswer
    | SayAdopted
    | SaySuggestion
    | SayNewsletter
    | SayNewsletterTrial
    | SayBroadcast
    | SayCircleInvite
    | SayTrialInvite
    | SayTrialQuestions
    | SayTrialOff
    | SayTrialOutcome
    | SayEventInvite
    | SayEventOffer
    | SayEventReminder
    | SayEventOff
    | SayEventOffNow
    | SayEventThanks
    | SayReached
    | SayCorrected
    | SayCardMoved
    | SayCardCode
    | SayPhoneCode
    | SayJourney,
    Field(discriminator="kind"),
]
_SAY: TypeAdapter[Say] = TypeAdapter(Say)


def read(text: str) -> Say:
    """What was queued. ValueError for what no version of ours queued."""
    return _SAY.validate_json(text)


def dump(say: Say) -> str:
    """What is queued for `say`."""
    return _SAY.dump_json(say).decode()


def tell(
    work: Work,
    member: Member,
    say: Say,
    *,
    period: str,
    topic: Topic | None,
    useful: timedelta,
    priority: int | None = None,
) -> bool:
    """Queues `say` for the member, once per kind and period; False when it was queued before.

    Someone without LINE can't be told: False too.
    """
    if member.line_user_id is None:
        return False
    return outbox.queue(
        work.uow,
        MessageKey(member.id, say.kind, period),
        dump(say),
        topic=topic,
        now=work.now,
        useful_until=work.now + useful,
        priority=priority,
    )


def tell_used(
    work: Work,
    member: Member,
    uses: Sequence[RewardUse],
    seqs: Sequence[int],
    *,
    store: str | None = None,
) -> None:
    """Tells of rewards (at least one) that were handed out at `store`, the desk's where none is
    named, by activities of those numbers."""
    first, *others = uses
    store = store if store is not None else work.staff.store
    more = tuple(each.reward for each in others)
    say = SayUsed(reward=first.reward, voucher=first.voucher, store=store, more=more)
    period = outbox_by_member.AND.join(map(str, seqs))
    tell(work, member, say, period=period, topic=None, useful=_USED_WITHIN)


def text_card_code(work: Work, link_code: LinkCode) -> None:
    """Queues a card's code as an SMS to the telephone that the card is known by."""
    outbox.queue(
        work.uow,
        MessageKey(link_code.member_id, SayCardCode.journey(), link_code.code),
        dump(SayCardCode(code=link_code.code)),
        topic=None,
        now=work.now,
        useful_until=link_code.until,
        channel="sms",
    )


def text_phone_code(work: Work, proof: PhoneProof) -> None:
    """Queues the code that proves a telephone as an SMS to it."""
    outbox.queue(
        work.uow,
        MessageKey(proof.member_id, SayPhoneCode.journey(), proof.asked_at.isoformat()),
        dump(SayPhoneCode()),
        topic=None,
        now=work.now,
        useful_until=proof.until,
        channel="sms",
    )


#: What is queued because of actions. The period is the activities' numbers in the history, or the
#: action's outside key.
OF_ACTIONS = ("reached", "used", "adopted")


def unsay(
    uow: UnitOfWork,
    member: Member,
    gone: Sequence[RecordedActivity],
    ranks_gone: Sequence[RankChange],
    *,
    action: str,
) -> bool:
    """Drops what is still queued because of undone activities (their outside key is `action`), and
    of steps on the ladder that went with them. True when the member was told of them already, be it
    in the chat."""
    periods = [action, *(str(recorded.seq) for recorded in gone)]
    steps = [_rank_period(change) for change in ranks_gone]
    sent = (
        outbox_by_member.retract(uow, member.id, OF_ACTIONS, periods),
        outbox_by_member.retract(uow, member.id, [SayRank.journey()], steps),
    )
    in_chat = action.startswith("line:") or any(r.activity.by == "member" for r in gone)
    return any(sent) or in_chat


def tell_corrected(
    work: Work, member: Member, gone: Sequence[RecordedActivity], *, points: int, rank: bool
) -> bool:
    """Tells that activities (at least one) were taken back, and what changed with them: by how many
    `points`, and whether the `rank` did."""
    first = gone[0]
    say = SayCorrected(
        what=_corrected(first.activity.what), on=first.activity.day, points=points, rank=rank
    )
    return tell(work, member, say, period=str(first.seq), topic=None, useful=NEWS)


def _corrected(
    what: What,
) -> Literal["visit", "purchase", "redemption", "return", "referral", "record"]:
    match what:
        case Visit():
            return "visit"
        case Purchase():
            return "purchase"
        case Redemption():
            return "redemption"
        case Referral():
            return "referral"
        case TakenBack(yen=int()):
            return "return"
        case _:
            return "record"


def tell_rank(work: Work, member: Member, change: RankChange, *, day: date) -> bool:
    """Tells of a step on the ladder that nobody was there to say, while it is news."""
    age = day - change.on
    if age >= NEWS:
        return False
    say = SayRank(before=change.before, after=change.after, reason=change.reason)
    useful = NEWS - age
    return tell(work, member, say, period=_rank_period(change), topic="ranks", useful=useful)


def _rank_period(change: RankChange) -> str:
    return f"{change.on.isoformat()}:{change.after or '-'}"
