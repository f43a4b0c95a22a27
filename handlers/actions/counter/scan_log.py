"""The log of scans, and what is unusual in it: flagged to the owner in the scan's transaction."""

from dataclasses import dataclass
from typing import Any

from bot.store.finding import scans
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.recording.work import Work
from rules.programme.counter import CounterScan
from rules.programme.counter import flags as unusual

from ..recording.limits import lately
from ..recording.log import note


@dataclass(frozen=True, slots=True)
class ScanNote:
    """What the log says of a scan."""

    #: What it came to.
    result: str
    #: Why.
    reason: str | None
    #: How much was added.
    added: int
    #: How the code came in.
    via: str
    #: What was entered with it, and why something of it was not taken.
    figures: dict[str, Any]


def note_scan(work: Work, seen: CounterScan, noted: ScanNote) -> None:
    """Writes the scan into the audit log, and keeps its flags."""
    programme = work.programme
    policy, shop = programme.counter, programme.shop
    recent = lately(work, seen.member_id).scans
    found = unusual(policy, shop, programme.hours_of(work.staff.store), recent, seen)
    day = shop.business_date(seen.at)
    flags.add(
        work.uow,
        found,
        Sighting(work.now, day, work.staff.store, work.staff.staff_id, work.staff.device_id),
    )
    note(
        work,
        scans.VISIT if noted.result == "checked_in" else scans.OTHER,
        member_id=seen.member_id,
        result=noted.result,
        reason=noted.reason,
        added=noted.added,
        via=noted.via,
        **noted.figures,
        **scans.details(seen),
    )
