"""Coming into the inner circle, saying no, leaving it, and asking somebody in.

The member's row is locked first: whoever taps twice, or at two doors, finds what was done before.
Who is in stays until they leave: a rank that goes takes nobody's seat.
"""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from bot.store.events import seats
from bot.store.members import members
from bot.store.members.members import Member
from rules.events.circle import CircleSeat, SeatGround, SeatState, SeatWay, brings_seat, may_join

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.work import Work
from ..telling.circle_messages import SayCircleInvite
from ..telling.messages import tell
from .signing_up import refuse_member

#: So long an invitation may wait for room among what else a member gets.
_INVITED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """Yes or no to a seat in the circle."""

    member_id: int
    wanted: bool
    via: SeatWay


@dataclass(frozen=True, slots=True)
class SeatOutcome:
    """What an answer, leaving or an invitation came to."""

    member_id: int
    #: The refusal's code; None when it was done.
    refused: str | None = None
    state: SeatState | None = None
    #: Whether they stood so before.
    again: bool = False

    @property
    def done(self) -> bool:
        return self.refused is None


SEATED: TypeAdapter[SeatOutcome] = TypeAdapter(SeatOutcome)


def answer_seat(work: Work, answer: SeatAnswer) -> SeatOutcome:
    """Takes the seat, or says no to it. Whoever is in stays in at a no: an old button is no
    leaving.

    Refused with circle_none, circle_not_asked, erased, merged or left.
    """
    asked = f"circle {answer.member_id} {answer.wanted}"
    return once_for(SEATED, work, asked, lambda: _answer(work, answer))


def _answer(work: Work, answer: SeatAnswer) -> SeatOutcome:
    member = members.lock(work.uow, answer.member_id)
    seat = seats.get(work.uow, member.id)
    if seat is not None and seat.is_in and work.programme.circle is not None:
        return SeatOutcome(member.id, state="in", again=True)
    rank = work.settled(member).rank.id
    if no := refuse_member(member) or may_join(work.programme, rank, seat):
        return SeatOutcome(member.id, refused=no.code)
    state: SeatState = "in" if answer.wanted else "declined"
    if seat is not None and seat.state == state:
        return SeatOutcome(member.id, state=state, again=True)
    _write(work, member, seat, state, answer.via)
    return SeatOutcome(member.id, state=state)


def leave_circle(work: Work, member_id: int, via: SeatWay) -> SeatOutcome:
    """Gives the seat back; who has none has done so before."""

    def act() -> SeatOutcome:
        member = members.lock(work.uow, member_id)
        seat = seats.get(work.uow, member.id)
        if seat is None or not seat.is_in:
            return SeatOutcome(member.id, state=seat.state if seat else None, again=True)
        _write(work, member, seat, "left", via)
        return SeatOutcome(member.id, state="left")

    return once_for(SEATED, work, f"circle_leave {member_id}", act)


def invite_to_circle(work: Work, member_id: int) -> SeatOutcome:
    """Somebody of the staff asks a member in, whatever their rank: by a message where LINE reaches
    them, else they do it themselves. Who is in already, is so.

    Refused with circle_none, erased, merged or left.
    """
    return once_for(SEATED, work, f"circle_invite {member_id}", lambda: _invite(work, member_id))


def _invite(work: Work, member_id: int) -> SeatOutcome:
    member = members.lock(work.uow, member_id)
    if work.programme.circle is None:
        return SeatOutcome(member.id, refused="circle_none")
    if no := refuse_member(member):
        return SeatOutcome(member.id, refused=no.code)
    seat = seats.get(work.uow, member.id)
    if seat is not None and seat.is_in:
        return SeatOutcome(member.id, state="in", again=True)
    joined_at = seat.joined_at if seat else None
    asked = CircleSeat(member.id, "invited", work.now, "staff", "staff", work.now, joined_at)
    seats.put(work.uow, asked)
    say_invited(work, member, period=work.day.isoformat())
    note(work, "circle_invited", member_id=member.id)
    return SeatOutcome(member.id, state="invited")


def say_invited(work: Work, member: Member, *, period: str) -> bool:
    """Queues the invitation; once in a period, and never for whom LINE doesn't reach."""
    return tell(
        work, member, SayCircleInvite(), period=period, topic="ranks", useful=_INVITED_WITHIN
    )


def _write(
    work: Work, member: Member, seat: CircleSeat | None, state: SeatState, via: SeatWay
) -> None:
    rank = work.settled(member).rank.id
    by_rank = brings_seat(work.programme, rank) and (seat is None or seat.ground == "rank")
    joined_at = work.now if state == "in" else seat.joined_at if seat else None
    invited_at = seat.invited_at if seat else None
    ground: SeatGround = "rank" if by_rank else "staff"
    seats.put(work.uow, CircleSeat(member.id, state, work.now, via, ground, invited_at, joined_at))
    if work.actor is not None:
        note(work, f"circle_{state}", member_id=member.id)
