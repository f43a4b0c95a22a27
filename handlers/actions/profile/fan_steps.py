"""The fan steps: a member says yes or no to them, or staff do for somebody on paper."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.members import members
from rules.activity import FanStepsAnswered
from rules.base import Refusal
from rules.outlook.fan_ladder import LadderNow, ladder_now

from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from ..recording.work import Work


@dataclass(frozen=True, slots=True)
class FanAnswer:
    """What a member says to the invitation."""

    member_id: int
    accepted: bool
    #: When they said so.
    at: datetime
    #: Where staff were told it; None: by the member.
    store: str | None = None


def answer_fan_steps(work: Work, said: FanAnswer) -> Outcome:
    """Notes it. What says again what holds, or comes after all steps are done, changes nothing.
    Refused with fan_steps_none where the club has none, fan_steps_early before the invitation, and
    left."""
    asked = f"fan_steps {said.member_id} {said.accepted}"
    return once(work, asked, lambda: _answer(work, said))


def _answer(work: Work, said: FanAnswer) -> Outcome:
    member = members.lock(work.uow, said.member_id)
    ladder = ladder_now(work.programme, work.settled(member), work.day)
    if ladder is None:
        return outcome_of_refusal(member.id, Refusal("fan_steps_none"))
    if ladder.state == "early":
        return outcome_of_refusal(member.id, Refusal("fan_steps_early"))
    if _says_nothing_new(ladder, accepted=said.accepted):
        return Outcome(member.id, balance=member.facts.balance)
    what = FanStepsAnswered(said.accepted)
    outcome = carry_out(work, Request(member.id, what, said.at, said.store))
    if outcome.done and work.actor is not None:
        note(work, what.text, member_id=member.id)
    return outcome


def _says_nothing_new(ladder: LadderNow, *, accepted: bool) -> bool:
    return ladder.state in (("climbing", "done") if accepted else ("declined", "done"))
