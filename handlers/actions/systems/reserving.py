"""Setting a reward aside while a sale is open: nobody else has it, or the points for it, until it
is handed out with the sale, let go, or its time is over. What was set aside is handed out as of
then: by the price, the rank and the points of that moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.codes import RewardUse
from bot.store.history import stock
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.programme.rewards import Reserved, check_redemption

from ..counter.redeem import redeem_reserved
from ..recording.idempotency import once, once_for
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal

#: So long it is set aside where nobody says how long, and at most.
MINUTES, MINUTES_MAX = 15, 60


@dataclass(frozen=True, slots=True)
class ReserveOutcome:
    """What setting aside, or letting go, came to."""

    #: Which it is; 0 where none was made.
    number: int = 0
    refused: str | None = None
    #: Goes with a refusal: when it would be a yes.
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReserveRequest:
    """What is to be set aside."""

    member_id: int
    use: RewardUse
    store: str
    minutes: int = MINUTES


RESERVE_OUTCOME: TypeAdapter[ReserveOutcome] = TypeAdapter(ReserveOutcome)


def reserve(work: Work, asked: ReserveRequest) -> ReserveOutcome:
    """Sets the reward aside for the member. Refused as `redeem` is."""

    def act() -> ReserveOutcome:
        member = members.lock(work.uow, asked.member_id)
        no = _refuse(work, member, asked.use)
        if no is not None:
            return ReserveOutcome(refused=no.code, again_at=no.again_at)
        made = reservations.add(work.uow, _made(work, asked))
        members.note_reserved(work.uow, member, made.what.until)
        note(work, "reserve", member_id=member.id, **_said(made))
        return ReserveOutcome(made.id)

    return once_for(RESERVE_OUTCOME, work, f"reserve {asked!r}", act)


def _refuse(work: Work, member: Member, use: RewardUse) -> Refusal | None:
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    facts, reward = work.settled(member), work.programme.reward(use.reward)
    if facts.membership == "left":
        return Refusal("left")
    if reward is not None and (reward.stock is not None or reward.codes is not None):
        # Who takes the last one waits here.
        stock.hold(work.uow, reward.id)
    withheld = stock.withheld(work.uow, work.programme, member, now=work.now)
    return check_redemption(reward, facts, work.day, voucher_n=use.voucher, withheld=withheld)


def _made(work: Work, asked: ReserveRequest) -> Reservation:
    reward, client = work.programme.reward(asked.use.reward), work.client
    if client is None or reward is None:
        raise ValueError("only systems set something aside that there is")
    points = 0 if asked.use.voucher is not None else reward.cost or 0
    until = work.now + timedelta(minutes=asked.minutes)
    what = Reserved(reward.id, asked.use.voucher, points, until)
    whose = asked.member_id
    return Reservation(0, client.client, whose, whose, what, asked.store, work.now, "open")


def hand_out_reserved(work: Work, number: int) -> Outcome:
    """Hands out what is set aside, once, as of when it was. Refused with reservation_used or
    reservation_over, as `redeem` is, or with left."""

    def act() -> Outcome:
        member, held = _held(work, number)
        if member is None or held is None:
            return outcome_of_refusal(0, Refusal("erased"))
        if no := _over(work, held):
            return outcome_of_refusal(member.id, no)
        if member.membership == "left":
            return outcome_of_refusal(member.id, Refusal("left"))
        outcome = redeem_reserved(work, held)
        if outcome.done:
            reservations.end(work.uow, held.id, "redeemed", action=work.key)
        return outcome

    return once(work, f"reservation {number} redeem", act)


def let_go(work: Work, number: int) -> ReserveOutcome:
    """Lets go what was set aside; nothing changes where its time was over. Refused with
    reservation_used."""

    def act() -> ReserveOutcome:
        _, held = _held(work, number)
        if held is None:
            return ReserveOutcome(number, "erased")
        if held.state == "redeemed":
            return ReserveOutcome(number, "reservation_used")
        if held.state == "open":
            reservations.end(work.uow, held.id, "cancelled", action=None)
            note(work, "reserve_cancel", member_id=held.holder_id, **_said(held))
        return ReserveOutcome(number)

    return once_for(RESERVE_OUTCOME, work, f"reservation {number} cancel", act)


def _over(work: Work, held: Reservation) -> Refusal | None:
    if held.state == "redeemed":
        return Refusal("reservation_used")
    return None if held.is_open(work.now) else Refusal("reservation_over")


def _held(work: Work, number: int) -> tuple[Member | None, Reservation | None]:
    """Who has the card of the reservation now, locked, and how it stands: nobody changes it whose
    the member isn't. Nothing where they were erased."""
    while True:
        found = reservations.get(work.uow, number)
        if found is None:
            return None, None
        member = members.lock(work.uow, members.keeper(work.uow, found.member_id))
        held = reservations.get(work.uow, number)
        if held is not None and held.holder_id == member.id:
            return member, held


def _said(held: Reservation) -> dict[str, object]:
    """How the log tells it."""
    what = held.what
    return {"reward": what.reward, "voucher": what.voucher, "points": what.points}
