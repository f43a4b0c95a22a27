"""The ledger's audit: everything stored that could be worked out again is, and compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.store import UnitOfWork, history, ledger, members
from bot.store.due import everyone
from handlers.club import Club
from rules.replay import Replay, corrections, replay, spends
from rules.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Difference:
    """A member whose stored `what` is not what their history gives."""

    number: str
    what: str


def audit(club: Club) -> Iterator[list[Difference]]:
    """The differences of each member in turn (an empty list for most, one hopes)."""
    timeline = club.timeline()
    for member_id in everyone(club.store):
        with club.store.read() as uow:
            yield audit_member(uow, timeline, member_id)


def audit_member(uow: UnitOfWork, timeline: Timeline, member_id: int) -> list[Difference]:
    """Compares one member's ledger, facts, and ranks with a replay of their history."""
    member = members.get(uow, member_id)
    if member is None:
        return []
    found: list[str] = []
    summed, left = ledger.balance(uow, member_id)
    if not summed == left == member.facts.balance:
        found.append(f"balance {member.facts.balance}, entries {summed}, lots {left}")
    found += [f"lot {no} does not add up" for no in ledger.lots_off(uow, member_id)]
    found += [f"column {name} out of date" for name in members.columns_off(uow, member)]
    judged = replay(timeline, history.of(uow, member_id), member.facts.settled)
    if judged.refused:
        found.append(f"{len(judged.refused)} activities that would be refused")
    found += [
        f"activity {wrong.seq}, rule {wrong.rule}: {wrong.points:+} points missing"
        for wrong in corrections(ledger.granted(uow, member_id), judged)
    ]
    found += _spends_off(judged, ledger.spent(uow, member_id))
    if judged.facts != member.facts:
        found.append("facts that differ from the history's")
    if judged.rank_changes != history.rank_history(uow, member_id):
        found.append("rank changes that differ from the history's")
    return [Difference(member.number, what) for what in found]


def _spends_off(judged: Replay, taken: dict[int, int]) -> list[str]:
    """Activities for which more or fewer points were taken than they cost; undone ones cost none,
    so that all must have been put back."""
    wanted = spends(judged)
    off = {seq: wanted.get(seq, 0) - taken.get(seq, 0) for seq in sorted({*wanted, *taken})}
    return [f"activity {seq}: {points:+} points to take" for seq, points in off.items() if points]
