"""Points running out: the warnings that the programme names, and then the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store.finding.audience import Listener
from bot.store.history import ledger
from bot.store.members import members
from bot.store.messages import outbox_by_member
from bot.store.orders import reservations
from bot.store.staff import audit
from handlers.actions.recording.work import Work
from rules.activity import Expiry
from rules.facts import Facts
from rules.programme.points import (
    Lot,
    LotWithdrawal,
    PointsPolicy,
    expiry_day,
    expiry_of,
    goes_unseen_on,
    warning_due,
)

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from ..telling.messages import SayPointsExpiring
from ..telling.warnings import OwedWarning, listener_to, warn_listener, way_by

#: What the audit log calls points that went although nobody could be warned.
UNWARNED = "expired_unwarned"
#: Whom LINE refused to take a warning for is not written to again for so long.
_AFTER_FAILURE = timedelta(days=30)

_JOURNEY = SayPointsExpiring.journey()


@dataclass(frozen=True, slots=True)
class _Due:
    """A lot, and the day on which it is due to be gone."""

    lot: Lot
    on: date


def expire(work: Work, member_id: int, *, day: date, sms: bool = False) -> Outcome | None:
    """Queues the warning that one member is owed on `day`, by SMS if need be and the club can send
    some, and takes the lots whose time is up.

    1. A lot whose warnings have all left goes on its day, or as long after the last as promised.
    2. A lot that is owed one stays, and the warning is queued unless it waits already.
    3. Where nothing reaches the member, it stays until nobody has seen them for long.

    None when nothing ran out. The key is the member's day, so that a day happens once.
    """
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return None
    open_lots = ledger.open_lots(work.uow, member_id)
    gone, owed = _gone_and_owed(work.programme.points, member.facts, open_lots, day)
    unwarned: list[_Due] = []
    listener = listener_to(work, member, "points_expiring") if owed else None
    if owed and listener and _is_reached(work, listener, sms=sms):
        _warn(work, listener, owed, day=day, sms=sms)
    elif owed:
        unwarned = [e for e in owed if day >= goes_unseen_on(e.lot, member.facts, e.on)]
    if not gone and not unwarned:
        return None
    if reservations.reserved_for(work.uow, member, now=work.now):
        # What is set aside for a sale is there for it: the next night is soon enough.
        return None
    return _end(work.acting("system"), member_id, [*gone, *unwarned], unwarned, day=day)


def with_points_due(work: Work, ids: Sequence[int], *, day: date) -> list[int]:
    """Those of the members of whose points some are gone on `day`, or a warning is owed, by reading
    alone."""
    policy, lots = work.programme.points, ledger.open_lots_of(work.uow, ids)
    return [
        member.id
        for member in members.many(work.uow, ids)
        if member.erased_at is None
        and any(_gone_and_owed(policy, member.facts, lots.get(member.id, ()), day))
    ]


def _gone_and_owed(
    policy: PointsPolicy, facts: Facts, lots: Iterable[Lot], day: date
) -> tuple[list[_Due], list[_Due]]:
    """The lots whose time is up on `day`, and those of which a warning is owed."""
    known = [(lot, expiry_of(policy, lot, facts)) for lot in lots]
    due = [_Due(lot, on) for lot, on in known if on is not None]
    gone = [each for each in due if _is_over(policy, each, day)]
    owed = [each for each in due if warning_due(policy, each.lot, each.on, day)]
    return gone, owed


def _is_over(policy: PointsPolicy, due: _Due, day: date) -> bool:
    last_day = expiry_day(policy, due.lot, due.on)
    return last_day is not None and day >= last_day


def _is_reached(work: Work, listener: Listener, *, sms: bool) -> bool:
    """Whether a warning can be written to the member. One that can, but waits for a cap, or for the
    month's messages, does not cost anybody points."""
    if way_by(work, listener, "points_expiring", sms=sms) is None:
        return False
    since = work.now - _AFTER_FAILURE
    failed = outbox_by_member.has_failed(work.uow, listener.member.id, _JOURNEY, since=since)
    return not failed


def _warn(work: Work, listener: Listener, owed: list[_Due], *, day: date, sms: bool) -> None:
    """Queues the warning owed for the points that go soonest; for others it is owed tomorrow. It
    counts as given when it has left."""
    waiting = {
        date.fromisoformat(period.partition(":")[0])
        for period in outbox_by_member.waiting(work.uow, listener.member.id, _JOURNEY)
    }
    days = {each.on for each in owed} - waiting
    if not days:
        return
    soonest = min(days)
    warning = OwedWarning(
        SayPointsExpiring(due=soonest),
        period=f"{soonest.isoformat()}:{day.isoformat()}",
        useful=max(work.programme.shop.opens(soonest) - work.now, timedelta(days=5)),
    )
    warn_listener(work, listener, warning, sms=sms)


def _end(
    work: Work, member_id: int, gone: list[_Due], unwarned: list[_Due], *, day: date
) -> Outcome:
    ending = work.under(f"tick:expiry:{day.isoformat()}:{member_id}")
    takes = tuple(LotWithdrawal(each.lot.no, each.lot.left) for each in gone)
    request = Request(member_id, Expiry(sum(take.points for take in takes)), work.now)

    def act() -> Outcome:
        outcome = carry_out(ending, request, takes=takes)
        if outcome.done and unwarned:
            points = sum(each.lot.left for each in unwarned)
            audit.add(
                work.uow, UNWARNED, at=work.now, staff_id=None, key=ending.key,
                member_id=member_id, points=points,
            )  # fmt: skip
        return outcome

    return once(ending, f"expiry {member_id}", act)
