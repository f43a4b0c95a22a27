"""What is added after the scan: an amount, how many came, an eco action, a word vouched for. It
needs no second scan and no visit: somebody may come back to the till."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note
from ..recording.idempotency import once_for
from ..telling.highlights import tell_what_was_reached
from .extras import Extras, Occasioned, add_extras
from .scan import SCANNED, Scanned, keeper


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to whom. `key` is the device's own for it; `scan` the scan it follows, None
    where there was none."""

    key: str
    number: str
    extras: Extras
    scan: str | None = None

    @property
    def asked(self) -> str:
        return f"add {self.number} {self.extras!r}"


def add_later(
    uow: UnitOfWork, timeline: Timeline, desk: Desk, addition: Addition, *, now: datetime
) -> Scanned:
    """Records it at the desk's store; a repeat of the key changes nothing. "unknown" where the
    number leads to nobody, "refused" where nothing of it was taken.

    Raises KeyReused when the key was used for something else.
    """

    def work() -> Scanned:
        return _add(uow, timeline, desk, addition, now=now)

    return once_for(SCANNED, uow, addition.key, addition.asked, work, now=now)


def _add(
    uow: UnitOfWork, timeline: Timeline, desk: Desk, addition: Addition, *, now: datetime
) -> Scanned:
    member_id = members.by_code(uow, "number", addition.number)
    if member_id is None:
        return Scanned(addition.key, "unknown", now, "no_member")
    member = keeper(uow, member_id)
    where = Occasioned(addition.key, member.id, now, desk.store)
    added = add_extras(uow, timeline, where, addition.extras, now=now)
    outcomes = [each.outcome for each in added]
    done = any(outcome.done for outcome in outcomes)
    note(
        uow, desk, "add", now=now, key=addition.key, member_id=member.id, scan=addition.scan,
        added={each.kind: each.outcome.refused or "done" for each in added},
    )  # fmt: skip
    brought = tell_what_was_reached(uow, timeline, member, outcomes, now=now)
    return Scanned(
        addition.key,
        "added" if done else "refused",
        now,
        reason=None if done else next((o.refused for o in outcomes), None),
        member_id=member.id,
        added=added,
        reached=brought,
    )
