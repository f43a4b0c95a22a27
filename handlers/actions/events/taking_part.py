"""Taking part in what the inner circle tries: a sample, and a vote.

The member's row is locked before the trial's, whose lock makes the order of the samples: whoever
waits for it finds what was taken before. A vote needs no such order, and locks the member alone.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from bot.store.events import seats, trial_parts, trials
from bot.store.events.trials import StoredTrial
from bot.store.members import members
from bot.store.members.members import Member
from rules.activity import Sampled
from rules.base import Refusal
from rules.events.circle import SeatWay
from rules.events.trial import TrialPart, refuse_part, refuse_sample
from rules.shop import Shop

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.record import Request, carry_out
from ..recording.work import Work
from .signing_up import refuse_member


@dataclass(frozen=True, slots=True)
class PartWish:
    """Somebody takes a sample; or votes, where a `choice` is named."""

    member_id: int
    trial_id: int
    via: SeatWay
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What it came to."""

    member_id: int
    #: The refusal's code; None when it was done.
    refused: str | None = None
    #: Whether a vote was another one before.
    changed: bool = False
    #: Whether they had it, or had voted so, before.
    again: bool = False

    @property
    def done(self) -> bool:
        return self.refused is None


TOOK_PART: TypeAdapter[PartOutcome] = TypeAdapter(PartOutcome)


def take_sample(work: Work, wish: PartWish) -> PartOutcome:
    """Gives them a voucher of the sample, first come. Who has had one keeps it, and hears so.

    Refused with trial_gone, trial_off, trial_over, trial_no_sample, trial_samples_gone,
    circle_not_in, reward_gone, erased, merged or left.
    """
    asked = f"trial_sample {wish.member_id} {wish.trial_id}"
    return once_for(TOOK_PART, work, asked, lambda: _take_sample(work, wish))


def _take_sample(work: Work, wish: PartWish) -> PartOutcome:
    member = members.lock(work.uow, wish.member_id)
    stored = trials.lock(work.uow, wish.trial_id)
    part = trial_parts.get(work.uow, member.id, wish.trial_id)
    if part.sample_no is not None:
        return PartOutcome(member.id, again=True)
    if stored is None:
        return PartOutcome(member.id, refused="trial_gone")
    taken, number = trial_parts.next_sample(work.uow, stored.id)
    no = _refuse(work, member, stored) or refuse_sample(stored.trial, taken)
    if no is not None:
        return PartOutcome(member.id, refused=no.code)
    until = _last_day(work.programme.shop, stored, taken_at=work.now)
    what = Sampled(stored.trial.reward or "", until)
    store = work.actor.store if work.actor else None
    given = carry_out(work, Request(member.id, what, work.now, store))
    if given.refused is not None:
        return PartOutcome(member.id, refused=given.refused)
    trial_parts.put(
        work.uow, replace(part, sample_no=number, sampled_at=work.now, sampled_key=work.key)
    )
    if work.actor is None:
        # They hear it in the answer.
        work.answered.add(member.id)
    else:
        note(work, "trial_sample", member_id=member.id, trial=stored.id)
    return PartOutcome(member.id)


def _last_day(shop: Shop, stored: StoredTrial, *, taken_at: datetime) -> date:
    """Up to when a sample that was taken then is to be had: the trial's last day."""
    return max(shop.business_date(stored.trial.ends_at), shop.business_date(taken_at))


def vote(work: Work, wish: PartWish) -> PartOutcome:
    """Notes their vote, in place of one before: each has one, and may change it up to the end.

    Refused with trial_gone, trial_off, trial_over, trial_choice (there is no such), circle_not_in,
    erased, merged or left.
    """
    asked = f"trial_vote {wish.member_id} {wish.trial_id} {wish.choice}"
    return once_for(TOOK_PART, work, asked, lambda: _vote(work, wish))


def _vote(work: Work, wish: PartWish) -> PartOutcome:
    member = members.lock(work.uow, wish.member_id)
    stored = trials.get(work.uow, wish.trial_id)
    if stored is None:
        return PartOutcome(member.id, refused="trial_gone")
    no = _refuse(work, member, stored)
    if no is None and stored.trial.choice(wish.choice) is None:
        no = Refusal("trial_choice")
    if no is not None:
        return PartOutcome(member.id, refused=no.code)
    part = trial_parts.get(work.uow, member.id, stored.id)
    if part.choice == wish.choice:
        return PartOutcome(member.id, again=True)
    trial_parts.put(work.uow, replace(part, choice=wish.choice, voted_at=work.now))
    if work.actor is not None:
        note(work, "trial_vote", member_id=member.id, trial=stored.id)
    return PartOutcome(member.id, changed=part.choice is not None)


def _refuse(work: Work, member: Member, stored: StoredTrial) -> Refusal | None:
    if no := refuse_member(member) or refuse_part(stored.trial, stored.state, work.now):
        return no
    seat = seats.get(work.uow, member.id)
    is_in = work.programme.circle is not None and seat is not None and seat.is_in
    return None if is_in else Refusal("circle_not_in")


def note_fetched(work: Work, member_id: int, reward: str, *, at: datetime) -> None:
    """Notes that the member, who is locked, used a voucher of that reward: it is the sample that
    they took first and have not fetched, where they have one; one that is over, only where there
    is no other."""
    mine = trial_parts.unfetched(work.uow, member_id)
    known = trials.many(work.uow, {each.trial_id for each in mine}) if mine else {}
    shop = work.programme.shop
    day = shop.business_date(at)

    def has_run_out(part: TrialPart) -> bool:
        return _last_day(shop, known[part.trial_id], taken_at=part.sampled_at or at) < day

    of_reward = [each for each in mine if known[each.trial_id].trial.reward == reward]
    part = min(of_reward, key=has_run_out, default=None)
    if part is not None:
        trial_parts.put(work.uow, replace(part, fetched_at=at, fetched_key=work.key))
