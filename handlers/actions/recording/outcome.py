"""What an action came to, as doors show it and as its key remembers it."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from rules.base import Refusal
from rules.facts import Voucher
from rules.judging.decide import Decision
from rules.programme.earning import Grant
from rules.programme.ranks import RankChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refused` is the refusal's code, None when it was done; `again_at` when it would be taken.

    `grants` and `badges` are what this brought, `waiting` the rules that staff must confirm,
    `vouchers` the rewards it gave into the hand, `balance` the points afterwards. `seq` is the
    activity's number in the member's history.
    """

    member_id: int
    seq: int = 0
    refused: str | None = None
    again_at: datetime | None = None
    grants: tuple[Grant, ...] = ()
    rank_changes: tuple[RankChange, ...] = ()
    badges: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    invited: bool = False
    vouchers: tuple[Voucher, ...] = ()
    balance: int = 0

    @property
    def points(self) -> int:
        """The points given in all."""
        return sum(grant.points for grant in self.grants)

    @property
    def done(self) -> bool:
        return self.refused is None


#: How outcomes are kept with their keys.
OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


def to_json(outcome: Outcome) -> str:
    return OUTCOME.dump_json(outcome).decode()


def refused(member_id: int, refusal: Refusal, *, balance: int) -> Outcome:
    return Outcome(member_id, refused=refusal.code, again_at=refusal.again_at, balance=balance)


def decided(member_id: int, seq: int, decision: Decision) -> Outcome:
    return Outcome(
        member_id,
        seq=seq,
        grants=decision.grants,
        rank_changes=decision.rank_changes,
        badges=decision.badges,
        waiting=decision.waiting,
        invited=decision.invited,
        vouchers=decision.vouchers,
        balance=decision.facts.balance,
    )
