"""A promise that a message makes: something for the member's next visit."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.actions.recording.work import Work
from rules.activity import Offered

from ..recording.outcome import Outcome
from ..recording.record import Request, record


@dataclass(frozen=True, slots=True)
class Promise:
    """What a message promises for a visit: a voucher, points, or both."""

    #: The id of the message's journey.
    journey: str
    #: The last day on which a visit brings it.
    until: date
    #: What the voucher is of; None for points alone.
    reward: str | None = None
    points: int = 0
    #: Whether it is to bring somebody back who stays away.
    is_comeback: bool = True


def offer(work: Work, member_id: int, promise: Promise, *, at: datetime) -> Outcome:
    """Notes the promise made at `at`, so that the next visit in time really brings it, once.

    A newer promise of the same journey takes the older one's place. Refused with left, reward_gone
    or offer_empty.
    """
    what = Offered(
        promise.journey, promise.reward, promise.points, promise.until, promise.is_comeback
    )
    return record(work.acting("system"), Request(member_id, what, at))
