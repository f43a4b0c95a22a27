"""Rewards set aside while a sale is open: until handed out, let go, or their time is over."""

from typing import Literal

from pydantic import Field

from bot.codes import RewardUse
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from handlers.actions.recording.work import Work
from handlers.actions.systems.reserving import (
    MINUTES,
    MINUTES_MAX,
    ReserveOutcome,
    ReserveRequest,
    hand_out_reserved,
    let_go,
    reserve,
)
from rules.base import Refusal

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, asking, reading
from ..frame.doors import does, reads
from ..frame.models import PLACE_MAX, AnswerPart, CardNumber, Moment, Name, RequestPart
from ..frame.problems import Trouble, refuse
from ..frame.subjects import member_with, number_of, store_of

_REFUSALS = (
    "reward_gone", "reward_rank", "reward_early", "reward_used_up", "reward_points",
    "reward_stock", "reward_held", "reward_reserved", "voucher_gone", "left", "erased", "merged",
)  # fmt: skip


class ReservationAsked(RequestPart):
    """A reward to set aside."""

    card_number: CardNumber
    reward: Name
    voucher: int | None = Field(
        None, ge=1, le=PLACE_MAX, description="By which voucher; for points if left away."
    )
    minutes: int = Field(MINUTES, ge=1, le=MINUTES_MAX, description="For how long.")
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )


class ReservationStands(AnswerPart):
    """A reward that is, or was, set aside, as it is now."""

    reservation: int = Field(description="By which it is handed out or let go.")
    card_number: CardNumber = Field(description="The card that it counts for now.")
    reward: Name
    voucher: int | None
    points: int = Field(description="What it costs, whatever the price is by then.")
    store: Name
    until: Moment = Field(description="Up to when (exclusive) it is set aside.")
    state: Literal["open", "redeemed", "cancelled", "ended"] = Field(
        description="`ended` by itself, as its time is over."
    )
    action: str | None = Field(
        description="By which a handing out is taken back (/redemptions/cancel)."
    )


class ReservationsOpen(AnswerPart):
    """What is set aside now."""

    reservations: list[ReservationStands]


class ReservedHandedOut(WhatCame):
    """What was handed out that had been set aside."""

    card_number: CardNumber


@does("/reservations", ReservationStands, "rewards", *_REFUSALS, "store_missing", "store_unknown",
      status=201)  # fmt: skip
def reserve_reward(json: ReservationAsked) -> ReservationStands:
    """Set a reward aside for a member while a sale is open.

    Until then nobody else has it, nor the points that it costs: not in the chat, at the counter, or
    at another till. It ends by itself.
    """
    with api_work() as work:
        store = store_of(work, json.store)
        member = member_with(work.uow, json.card_number)
        use = RewardUse(json.reward, json.voucher)
        outcome = reserve(work, ReserveRequest(member.id, use, store, json.minutes))
        stands = _stands_after(work, outcome)
    return _made(outcome, stands)


@reads("/reservations/<int:reservation>", ReservationStands, "rewards", found=True)
def show_reservation(reservation: int) -> ReservationStands:
    """Show how something stands that this system had set aside."""
    with reading() as work:
        return _stands(work, _own(work, reservation))


@reads("/members/<number>/reservations", ReservationsOpen, "rewards", found=True)
def list_reservations(number: str) -> ReservationsOpen:
    """List what this system has set aside for a member now, what ends soonest first.

    For a till that was switched off in the middle of a sale.
    """
    with reading() as work:
        member = member_with(work.uow, number)
        found = reservations.open_of(work.uow, member.id, now=work.now)
        return ReservationsOpen(
            reservations=[_stands(work, each) for each in found if _is_own(each)]
        )


@does("/reservations/<int:reservation>/redeem", ReservedHandedOut, "rewards", *_REFUSALS,
      "reservation_over", "reservation_used", "points_short", status=201)  # fmt: skip
def redeem_reservation(reservation: int) -> ReservedHandedOut:
    """Hand out what was set aside, once, as of when it was: for the points of then.

    Take it back as any other (`/redemptions/cancel`), where the sale comes to nothing after all.
    """
    with api_work() as work:
        held = _own(work, reservation)
        outcome = hand_out_reserved(work, held.id)
        number = number_of(work.uow, outcome.member_id) if outcome.done else ""
    came = what_came(done(outcome), work.key, points=-held.what.points)
    return ReservedHandedOut(card_number=number, **came.model_dump())


@does("/reservations/<int:reservation>/cancel", ReservationStands, "rewards", "reservation_used",
      "erased")  # fmt: skip
def cancel_reservation(reservation: int) -> ReservationStands:
    """Let go what was set aside. Nothing changes where that is over."""
    with api_work() as work:
        held = _own(work, reservation)
        outcome = let_go(work, held.id)
        stands = _stands_after(work, outcome)
    return _made(outcome, stands)


def _is_own(held: Reservation) -> bool:
    """Whether this key set it aside, or another of its system at a store of this one."""
    return held.client == asking().client and asking().may_act_at(held.store)


def _own(work: Work, number: int) -> Reservation:
    """The reservation, if this system made it; 403 where it is of another store than the key."""
    held = reservations.get(work.uow, number) if number <= PLACE_MAX else None
    if held is None or held.client != asking().client:
        raise Trouble(404, "not_found")
    if not asking().may_act_at(held.store):
        raise Trouble(403, "other_store")
    return held


def _stands_after(work: Work, outcome: ReserveOutcome) -> ReservationStands | None:
    held = None if outcome.refused else reservations.get(work.uow, outcome.number)
    return _stands(work, held) if held is not None else None


def _made(outcome: ReserveOutcome, stands: ReservationStands | None) -> ReservationStands:
    if outcome.refused is not None:
        raise refuse(Refusal(outcome.refused, outcome.again_at))
    if stands is None:
        # A repeat, when the member was erased since.
        raise Trouble(404, "not_found")
    return stands


def _stands(work: Work, held: Reservation) -> ReservationStands:
    is_over = held.state == "open" and not held.is_open(work.now)
    return ReservationStands(
        reservation=held.id,
        card_number=number_of(work.uow, held.holder_id),
        reward=held.what.reward,
        voucher=held.what.voucher,
        points=held.what.points,
        store=held.store,
        until=work.programme.shop.local(held.what.until),
        state="ended" if is_over else held.state,
        action=held.action,
    )
