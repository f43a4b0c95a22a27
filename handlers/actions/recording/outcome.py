"""What an action came to, as doors show it and as its key remembers it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from rules.base import Refusal
from rules.facts import Voucher
from rules.judging.decide import Decision
from rules.programme.earning import Grant
from rules.programme.ranks import RankChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recording something came to. Of a refusal only its code and time say anything."""

    #: Whose history; 0 where a refusal found nobody.
    member_id: int
    #: The activity's number in the member's history.
    seq: int = 0
    #: The refusal's code; None when it was done.
    refused: str | None = None
    #: When it would be taken.
    again_at: datetime | None = None
    #: The points that it brought, by rule.
    grants: tuple[Grant, ...] = ()
    rank_changes: tuple[RankChange, ...] = ()
    #: The badges that it brought.
    badges: tuple[str, ...] = ()
    #: The rules that staff must confirm first.
    waiting: tuple[str, ...] = ()
    #: The rules that would have given, or given more, but for a limit.
    capped: tuple[str, ...] = ()
    #: Whether it invited to the fan steps.
    invited: bool = False
    #: The rewards that it gave into the hand.
    vouchers: tuple[Voucher, ...] = ()
    #: The points afterwards.
    balance: int = 0

    @property
    def points(self) -> int:
        """The points given in all."""
        return sum(grant.points for grant in self.grants)

    @property
    def done(self) -> bool:
        return self.refused is None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What something came to that records nothing in a history."""

    #: The refusal's code; None when it was done.
    refused: str | None = None
    #: Whom it was about, where that was found out on the way.
    member_id: int | None = None

    @property
    def done(self) -> bool:
        return self.refused is None


#: How outcomes and acknowledgements are kept with their keys.
OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
ACKNOWLEDGEMENT: TypeAdapter[Acknowledgement] = TypeAdapter(Acknowledgement)


def to_json(outcome: Outcome) -> str:
    return OUTCOME.dump_json(outcome).decode()


def outcome_of_refusal(member_id: int, refusal: Refusal) -> Outcome:
    return Outcome(member_id, refused=refusal.code, again_at=refusal.again_at)


def outcome_of_decision(member_id: int, seq: int, decision: Decision) -> Outcome:
    return Outcome(
        member_id,
        seq=seq,
        grants=decision.grants,
        rank_changes=decision.rank_changes,
        badges=decision.badges,
        waiting=decision.waiting,
        capped=decision.capped,
        invited=decision.invited,
        vouchers=decision.vouchers,
        balance=decision.facts.balance,
    )


def outcome_of_all(outcomes: Sequence[Outcome]) -> Outcome:
    """What several recordings of one member (at least one, all done, in order) came to together."""
    first, last = outcomes[0], outcomes[-1]
    return replace(
        first,
        grants=tuple(grant for each in outcomes for grant in each.grants),
        rank_changes=tuple(change for each in outcomes for change in each.rank_changes),
        badges=tuple(badge for each in outcomes for badge in each.badges),
        waiting=tuple(rule for each in outcomes for rule in each.waiting),
        capped=tuple(rule for each in outcomes for rule in each.capped),
        invited=any(each.invited for each in outcomes),
        vouchers=tuple(voucher for each in outcomes for voucher in each.vouchers),
        balance=last.balance,
    )
