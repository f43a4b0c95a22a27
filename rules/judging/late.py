"""What a member has new by something that came late: in its place in the history it may bring what
only later steps earned, such as a rank that was lost for want of one visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..facts import Facts, Voucher
from ..programme.ranks import Ladder, RankChange
from .replay import Replay


@dataclass(frozen=True, slots=True)
class LateGains:
    """What there is now and was not before."""

    #: The step that led to the rank held, if it is a higher one.
    rank_changes: tuple[RankChange, ...]
    badges: tuple[str, ...]
    vouchers: tuple[Voucher, ...]


def gains(
    ladder: Ladder | None, before: Facts, known: Sequence[RankChange], judged: Replay
) -> LateGains:
    """What `judged` has over `before`, whose steps on the ladder are `known`."""
    after = judged.facts
    return LateGains(
        _steps(ladder, before, known, judged),
        tuple(badge for badge in after.badges if badge not in before.badges),
        tuple(
            voucher
            for reward in dict.fromkeys(voucher.reward for voucher in after.vouchers)
            for voucher in _more(reward, before, after)
        ),
    )


def _steps(
    ladder: Ladder | None, before: Facts, known: Sequence[RankChange], judged: Replay
) -> tuple[RankChange, ...]:
    rank = judged.facts.rank
    if ladder is None or ladder.index(rank.id) <= ladder.index(before.rank.id):
        return ()
    new = [step for step in judged.rank_changes if step not in known and step.after == rank.id]
    # Without a step it was never lost: whoever heard that it was hears that it is back.
    found = new[-1] if new else RankChange(before.rank.id, rank.id, judged.facts.settled, "revived")
    return (found,)


def _more(reward: str, before: Facts, after: Facts) -> Sequence[Voucher]:
    """The newest vouchers of `reward`, as many as there are more of than before."""
    had = sum(voucher.reward == reward for voucher in before.vouchers)
    held = sorted((v for v in after.vouchers if v.reward == reward), key=lambda v: v.n)
    return held[had:]
