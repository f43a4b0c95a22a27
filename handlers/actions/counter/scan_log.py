"""The log of scans, and what is unusual in it: flagged to the owner in the scan's transaction."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import UnitOfWork
from bot.store.finding import scans
from bot.store.staff import flags
from bot.store.staff.flags import Place
from rules.programme.counter import Seen
from rules.programme.counter import flags as unusual
from rules.programme.timeline import Timeline

from ..recording.actor import Desk, note


@dataclass(frozen=True, slots=True)
class Noted:
    """What the log says of a scan: its key, what it came to and why, how much was added, and how
    the code came in."""

    key: str
    result: str
    reason: str | None
    added: int
    via: str


def note_scan(
    uow: UnitOfWork, timeline: Timeline, desk: Desk, seen: Seen, noted: Noted, *, now: datetime
) -> None:
    """Writes the scan into the audit log, and keeps its flags."""
    programme = timeline.at(now).programme
    policy, shop = programme.counter, programme.shop
    most = policy.scans_per_minute_max + 1
    recent = scans.recent(uow, seen, now=now, most=most)
    found = unusual(policy, shop, programme.hours_of(desk.store), recent, seen)
    day = shop.business_date(seen.at)
    flags.add(uow, found, Place(now, day, desk.store, desk.staff_id, desk.device_id))
    note(
        uow,
        desk,
        scans.VISIT if noted.result == "checked_in" else scans.OTHER,
        now=now,
        key=noted.key,
        member_id=seen.member_id,
        result=noted.result,
        reason=noted.reason,
        added=noted.added,
        via=noted.via,
        **scans.details(seen),
    )
