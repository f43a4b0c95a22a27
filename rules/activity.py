"""What happens to a member: the closed list of activities that make up a history.

An activity is a fact from outside (a visit, a receipt, a birthday arriving). What follows from it —
points, ranks, badges — is never stored in it: that is what `decide` and `replay` work out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .happening import Happening as Happening
from .taken_over import Absorbed as Absorbed
from .taken_over import BroughtAlong as BroughtAlong
from .taken_over import CarriedPoints as CarriedPoints
from .taken_over import Merged as Merged

By = Literal["member", "staff", "system", "api", "import"]
Via = Literal["staff", "counter_qr", "beacon", "card_number", "import", "api"]
Membership = Literal["active", "paused", "left"]
Source = Literal["line", "counter", "referral", "import", "api", "family"]

Trigger = Literal[
    "registration", "visit", "purchase", "profile", "birthday", "review", "share", "referral",
    "referred", "anniversary", "spend", "eco", "feedback", "adopted", "newsletter", "deed",
    "event", "delivery", "streak",
]  # fmt: skip
#: What a member can be asked about themselves, in the order in which it asks for more.
StepId = Literal[
    "birthday", "name", "kana", "age_band", "gender", "area", "interests", "phone", "address"
]


@dataclass(frozen=True, slots=True)
class Registration(Happening):
    """The member joined; `source` is how they came."""

    source: Source = "line"
    #: Whether they had been a member before: there is one welcome.
    again: bool = False


@dataclass(frozen=True, slots=True)
class Visit(Happening):
    via: Via


@dataclass(frozen=True, slots=True)
class Purchase(Happening):
    """One receipt, in yen."""

    with_a_visit = True

    #: All of it: with tax, and with the goods that don't count.
    total_yen: int
    #: The part of it that is tax.
    tax_yen: int = 0
    #: The part of it that was paid for goods that never count.
    excluded_yen: int = 0
    #: What was paid with points.
    points_used_yen: int = 0
    #: The receipt's own date when it was brought later, else None.
    receipt_on: date | None = None

    @property
    def values(self) -> Mapping[str, object]:
        return {"yen": self.total_yen}


@dataclass(frozen=True, slots=True)
class Occasion(Happening):
    """Something that only counts how often it happens: see `Trigger`."""

    with_a_visit = True

    trigger: Literal[
        "birthday", "review", "share", "feedback", "adopted", "newsletter", "deed", "event"
    ]  # fmt: skip

    @property
    def text(self) -> str:
        return self.trigger


@dataclass(frozen=True, slots=True)
class Invited(Happening):
    """The member joined by somebody's invitation, as of the moment of joining, whenever they bring
    the code. When the referral counts is for the rules to say."""


@dataclass(frozen=True, slots=True)
class Referral(Happening):
    """A friend whom the member had invited came: who (their id); None: nobody knows."""

    friend: int | None


@dataclass(frozen=True, slots=True)
class Anniversary(Happening):
    """`years` of membership completed."""

    years: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"count": self.years}


@dataclass(frozen=True, slots=True)
class Eco(Happening):
    """An eco action the programme names (own bag, e-receipt …)."""

    with_a_visit = True

    action: str


@dataclass(frozen=True, slots=True)
class Visitors(Happening):
    """How many came together on one card, the member included: for the figures, never for points.
    The visit itself is recorded by itself."""

    with_a_visit = True

    count: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"count": self.count}


@dataclass(frozen=True, slots=True)
class BirthdayTold(Happening):
    """The member told (or corrected) a birthday; `year` is None when they keep it to themselves.
    The first one is a step of the profile."""

    month: int
    day: int
    year: int | None = None
    #: Whether another card of theirs had told it.
    again: bool = False


@dataclass(frozen=True, slots=True)
class ProfileTold(Happening):
    """The member answered a step of the profile for the first time. What they answered stands
    beside the history, where it can be changed and taken away."""

    step: StepId
    #: Whether another card of theirs had told it.
    again: bool = False
    #: Whether it is a telephone that another member had told: it earns once, whoever shares it.
    shared: bool = False

    @property
    def text(self) -> str:
        return f"told_{self.step}"


@dataclass(frozen=True, slots=True)
class MembershipChanged(Happening):
    """在籍 / 休会 / 退会, as of the activity's day."""

    state: Membership

    @property
    def text(self) -> str:
        return f"membership_{self.state}"


@dataclass(frozen=True, slots=True)
class Redemption(Happening):
    """A reward used: for points, or by the member's `voucher` of that number, then for none."""

    reward: str
    points: int
    voucher: int | None = None

    @property
    def values(self) -> Mapping[str, object]:
        return {"reward": self.reward}


@dataclass(frozen=True, slots=True)
class PerkGiven(Happening):
    """Staff gave what the member's rank brings, of that key."""

    with_a_visit = True

    perk: str

    @property
    def values(self) -> Mapping[str, object]:
        return {"perk": self.perk}


@dataclass(frozen=True, slots=True)
class FanStepsAnswered(Happening):
    """The member said yes or no to the fan steps."""

    accepted: bool

    @property
    def text(self) -> str:
        return "fan_begun" if self.accepted else "fan_declined"


@dataclass(frozen=True, slots=True)
class Subscribed(Happening):
    """The member subscribes (定期): what is said of one subscription is said anew as a whole."""

    subscription: str
    #: The first day; None: that of the activity, or what it was where it runs already.
    since: date | None = None
    #: The last day; None: it is open.
    until: date | None = None

    @property
    def values(self) -> Mapping[str, object]:
        return {"subscription": self.subscription}


@dataclass(frozen=True, slots=True)
class Unsubscribed(Happening):
    """A subscription is over: the day of the activity is no day of it any more."""

    subscription: str

    @property
    def values(self) -> Mapping[str, object]:
        return {"subscription": self.subscription}


@dataclass(frozen=True, slots=True)
class Delivered(Happening):
    """What a subscription brings went out, or was handed over."""

    subscription: str
    on: date

    @property
    def values(self) -> Mapping[str, object]:
        return {"subscription": self.subscription, "day": self.on}


@dataclass(frozen=True, slots=True)
class TakenBack(Happening):
    """An earlier activity of the member's counts no longer: the purchase whose goods were returned,
    or what somebody gets once who had got it by another card."""

    #: Its number in the history.
    of: int
    #: What was returned of a receipt; None where it is about no purchase.
    yen: int | None = None
    #: So many of its points had run out before.
    ran_out: int = 0
    #: Of the yen, tax and what never counts, where lines say it; None: of each an equal share.
    parts: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        return "takenback" if self.yen is None else "returned"

    @property
    def values(self) -> Mapping[str, object]:
        return {} if self.yen is None else {"yen": self.yen}


@dataclass(frozen=True, slots=True)
class Offered(Happening):
    """A message promised something for the next visit: a voucher, points, or both. A newer
    promise of the same journey takes the place of this one."""

    #: The journey's id.
    journey: str
    #: The reward that there will be a voucher of; None for points alone.
    reward: str | None
    points: int
    #: The last day on which a visit brings it.
    until: date
    #: Whether it was to bring somebody back; True, too, where it was promised before that.
    is_comeback: bool = True


@dataclass(frozen=True, slots=True)
class Sampled(Happening):
    """The member took a sample of what their circle tries: a voucher, in hand at once."""

    reward: str
    #: The last day on which it can be fetched.
    until: date

    @property
    def values(self) -> Mapping[str, object]:
        return {"reward": self.reward}


@dataclass(frozen=True, slots=True)
class Expiry(Happening):
    """Points that ran out, as the nightly job found them in the lots."""

    points: int


@dataclass(frozen=True, slots=True)
class Adjustment(Happening):
    """Points given or taken by a manager's hand, never zero, with a reason kept elsewhere."""

    points: int


What = (
    Registration | Invited | Visit | Purchase | Occasion | Referral | Anniversary | Eco | Visitors
    | BirthdayTold | ProfileTold | MembershipChanged | Redemption | PerkGiven | FanStepsAnswered
    | Subscribed | Unsubscribed | Delivered | TakenBack | Offered | Sampled | Expiry | Adjustment
    | BroughtAlong | Absorbed | Merged
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened."""

    what: What
    #: When, aware UTC.
    at: datetime
    #: The business day.
    day: date
    by: By = "member"
    #: The store's id; None where it happened at none.
    store: str | None = None
    #: Whether `day` is a public holiday there; noted at writing, so that a replay needs no
    #: calendar.
    holiday: bool = False
    #: Noted at writing too: campaigns that staff had switched on (rain), segments they were in.
    switches: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


def trigger_of(what: What) -> Trigger | None:
    """The trigger that `what` is by itself; None where it is none. What follows from it by what is
    known of the member, `judging.triggers` says."""
    match what:
        case Registration(again=again):
            return None if again else "registration"
        case Visit():
            return "visit"
        case Purchase():
            return "purchase"
        case Occasion(trigger=trigger):
            return trigger
        case Referral():
            return "referral"
        case Anniversary():
            return "anniversary"
        case Eco():
            return "eco"
        case Delivered():
            return "delivery"
        case _:
            return None
