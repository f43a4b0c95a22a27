"""The ledger's audit: everything stored that could be worked out again is, and compared. All at
once by command, and a slice every night."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

import structlog

from bot.batches import batched, side_by_side
from bot.store import UnitOfWork
from bot.store.finding import due_members, ticks
from bot.store.finding.due_members import everyone
from bot.store.history import history, ledger
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.club import Club
from rules.journeys.candidates import DRIFT_ON
from rules.judging.replay import Replay, corrections, replay_like, spends
from rules.programme.counter import Flag
from rules.programme.timeline import Timeline
from rules.science.drift import Foresight

log = structlog.get_logger(__name__)

#: Everybody is looked at once in so many nights.
NIGHTS = 28
#: So many members' ids are at hand at once, and so many of them are read at one moment.
PAGE, TOGETHER = 500, 20


@dataclass(frozen=True, slots=True)
class Difference:
    """A member whose stored `what` is not what their history gives."""

    number: str
    what: str


def audit(club: Club) -> Iterator[list[Difference]]:
    """The differences of each member in turn (an empty list for most, one hopes)."""
    timeline, foresight = club.timeline(), club.foresight()
    for member_id in everyone(club.store):
        with club.store.read() as uow:
            yield audit_member(uow, timeline, foresight, member_id)


def audit_slice(club: Club, day: date, now: datetime) -> int:
    """Audits the members whose turn it is this night, and tells the owner of what doesn't add up;
    gives of how many members that is. A night broken off begins its slice again."""
    with club.store.read() as uow:
        size = ceil(due_members.count_members(uow) / NIGHTS) or 1
        last = ticks.place(uow, "audit")
    counted: list[int] = []

    def count_off(ids: Sequence[int]) -> None:
        counted.append(_count_off(club, ids))

    count = 0
    for page in _pages(club, after=last, most=size):
        side_by_side(count_off, batched(page, TOGETHER), club.store.at_a_time)
        count, last = count + len(page), page[-1]
    off = sum(counted)
    with club.store.begin() as uow:
        # Past the last one it begins with the first again.
        ticks.set_place(uow, "audit", last if count == size else 0)
        if off:
            flag = Flag("ledger", f"ledger:{day.isoformat()}", details={"count": off})
            flags.add(uow, [flag], Sighting(now, day, None, None, None))
    log.info("ledger_audited", members=count, off=off)
    return off


def _pages(club: Club, *, after: int, most: int) -> Iterator[list[int]]:
    """The ids of `most` members, or of all that there are behind the one `after`."""
    while most > 0:
        with club.store.read() as uow:
            page = due_members.slice_after(uow, after, limit=min(PAGE, most))
        if not page:
            return
        yield page
        after, most = page[-1], most - len(page)


def _count_off(club: Club, ids: Sequence[int]) -> int:
    """Of how many of the members anything does not add up. The log says what, and whose by id
    alone."""
    timeline, foresight = club.timeline(), club.foresight()
    try:
        with club.store.read() as uow:
            found = [(each, audit_member(uow, timeline, foresight, each)) for each in ids]
    except Exception as problem:
        if len(ids) > 1:
            return sum(_count_off(club, [each]) for each in ids)
        # What can't even be read is a difference, too. Its words might quote the member.
        log.error("ledger_unreadable", member_id=ids[0], error=type(problem).__name__)
        return 1
    for member_id, differences in found:
        for difference in differences:
            log.error("ledger_difference", member_id=member_id, what=difference.what)
    return sum(bool(differences) for _, differences in found)


def audit_member(
    uow: UnitOfWork, timeline: Timeline, foresight: Foresight, member_id: int
) -> list[Difference]:
    """Compares one member's ledger, facts, and ranks with a replay of their history."""
    member = members.get(uow, member_id)
    if member is None:
        return []
    differences: list[str] = []
    summed, left = ledger.balance(uow, member_id)
    if not summed == left == member.facts.balance:
        differences.append(f"balance {member.facts.balance}, entries {summed}, lots {left}")
    differences += [f"lot {no} does not add up" for no in ledger.lots_off(uow, member_id)]
    differences += [f"column {name} out of date" for name in _columns_off(uow, member, foresight)]
    judged = replay_like(timeline, history.of(uow, member_id), member.facts)
    if judged.refused:
        differences.append(f"{len(judged.refused)} activities that would be refused")
    differences += [
        f"activity {wrong.seq}, rule {wrong.rule}: {wrong.points:+} points missing"
        for wrong in corrections(ledger.granted(uow, member_id), judged)
    ]
    differences += _spends_off(judged, ledger.spent(uow, member_id))
    if judged.facts != member.facts:
        differences.append("facts that differ from the history's")
    if judged.rank_changes != history.rank_history(uow, member_id):
        differences.append("rank changes that differ from the history's")
    return [Difference(member.number, what) for what in differences]


def _columns_off(uow: UnitOfWork, member: Member, foresight: Foresight) -> list[str]:
    off = members.columns_off(uow, member, foresight)
    if DRIFT_ON.name in off and ticks.foreseen_by(uow) != foresight.fingerprint:
        # All days of drifting are being moved.
        off.remove(DRIFT_ON.name)
    return off


def _spends_off(judged: Replay, taken: dict[int, int]) -> list[str]:
    """Activities for which more or fewer points were taken than they cost; undone ones cost none,
    so that all must have been put back."""
    wanted = spends(judged)
    off = {seq: wanted.get(seq, 0) - taken.get(seq, 0) for seq in sorted({*wanted, *taken})}
    return [f"activity {seq}: {points:+} points to take" for seq, points in off.items() if points]
