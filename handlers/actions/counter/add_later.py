"""What is added after the scan: an amount, how many came, an eco action, a word vouched for. It
needs no second scan and no visit: somebody may come back to the till.

An amount of a kept scan that was asked about counts as of when that was made, like all of the scan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.history import claims
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..telling.news import highlights_of
from .extras import Extras, add_extras, figures
from .scan import SCANNED, ScanOutcome, holder_and_keeper


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to whom. The work's key is the device's own for it."""

    number: str
    extras: Extras
    #: The scan it follows; None where there was none.
    scan: str | None = None

    @property
    def asked(self) -> str:
        return f"add {self.number} {self.extras!r}"


def add_later(work: Work, addition: Addition) -> ScanOutcome:
    """Records it at the desk's store; a repeat of the key changes nothing. "unknown" where the
    number leads to nobody, "refused" where nothing of it was taken.

    Raises KeyReused when the key was used for something else.
    """

    return once_for(SCANNED, work, addition.asked, lambda: _add(work, addition))


def _add(work: Work, addition: Addition) -> ScanOutcome:
    found = holder_and_keeper(work.uow, addition.number)
    if found is None:
        return ScanOutcome(work.key, "unknown", work.now, "no_member")
    _, member = found
    at = _of_scan(work, addition, member.id)
    added = add_extras(work, member.id, addition.extras, at=at)
    outcomes = [each.outcome for each in added]
    done = any(outcome.done for outcome in outcomes)
    note(
        work,
        "add",
        member_id=member.id,
        scan=addition.scan,
        added={each.kind: each.outcome.refused or "done" for each in added},
        **figures(addition.extras, added),
    )
    return ScanOutcome(
        work.key,
        "added" if done else "refused",
        at,
        reason=None if done else next((o.refused for o in outcomes), None),
        member_id=member.id,
        added=added,
        reached=highlights_of(work, member.id),
    )


def _of_scan(work: Work, addition: Addition, member_id: int) -> datetime:
    """When it happened: with its scan, as long as that could come late; else now."""
    known = claims.outcome_of(work.uow, addition.scan) if addition.scan else ""
    if not (known and addition.extras.sure):
        return work.now
    scanned = SCANNED.validate_json(known)
    late = timedelta(hours=work.programme.counter.offline_hours_max)
    is_its = scanned.member_id == member_id and work.now - scanned.at <= late
    return scanned.at if is_its else work.now
