"""A card before the staff's scanner: who it is, the visit, and what is added to it, in one
transaction. The programme's limits hold inside it, whatever a device believes."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.codes import LiveCode
from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import members
from bot.store.members.members import Member
from rules.activity import Via, Visit
from rules.base import Refusal
from rules.programme.counter import CounterPolicy, Seen, Told, is_clock_off
from rules.programme.timeline import Timeline
from rules.wording.counter import Mark, Result
from rules.wording.highlights import Reached

from ..recording.actor import Desk
from ..recording.idempotency import once_for
from ..recording.outcome import Outcome
from ..telling.highlights import tell_what_was_reached
from . import scan_log
from .check_in import CheckIn, record_visit
from .extras import Added, Extras, Occasioned, add_extras
from .redeem import redeem_at_counter, use_key
from .scanned_code import Shown, ShownKind

#: Refusals after which the member stands at the counter all the same, and may buy something.
_STILL_WELCOME = ("visited_today", "visited_just_now")
#: How the member was told, by what was shown.
_TOLD: dict[ShownKind, Told] = {"card": "card", "live": "live", "use": "live"}
#: What takes longer than this to arrive was kept by the device.
_LATE = timedelta(minutes=2)
#: How far back the visit is looked for that made this one the second of the day.
_LOOK_BACK = 30


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a device says of time: when the scan was made, and what its clock said on sending it.
    Each None where it didn't say. `offline`: it was kept for a while, so that the time it was made
    counts; else it is now."""

    made_at: datetime | None = None
    sent_at: datetime | None = None
    offline: bool = False

    def travelled(self, far: timedelta) -> "Clocks":
        """As a device would show them that had travelled as far as the club has."""
        made_at = self.made_at + far if self.made_at else None
        return replace(self, made_at=made_at, sent_at=self.sent_at + far if self.sent_at else None)

    def ahead(self, now: datetime) -> timedelta | None:
        """How far ahead of ours the device's clock is."""
        return self.sent_at - now if self.sent_at else None

    def happened(self, now: datetime) -> datetime:
        """When the scan was made by our clock, never in the future.

        Between two readings of one clock lies the same time whatever it shows. Where they are out
        of order, somebody set it in between: then it counts from now.
        """
        if not self.offline or self.made_at is None:
            return now
        if self.sent_at is None:
            return min(self.made_at, now)
        return now - max(self.sent_at - self.made_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan. `key` is the device's own for it, `shown` what was read (`text` as it was), `via`
    how it came in."""

    key: str
    shown: Shown
    text: str
    clocks: Clocks = field(default_factory=Clocks)
    extras: Extras = field(default_factory=Extras)
    via: str = "camera"

    @property
    def asked(self) -> str:
        """All that is asked but the time: a retry may come from the queue."""
        return f"scan {self.text} {self.extras!r}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The visit that is in the way of another."""

    at: datetime
    store: str | None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan came to; it names nobody, as its key remembers it for ever.

    `reason` says why it wasn't counted: a refusal's code, or of what kind the code was.
    `member_id` is None when nobody was found, `visit` when none was tried. `earlier` is the visit
    of the same day, or when the reward was handed out before. `at` is when it happened. `reward` is
    what was asked for, and `handed` the outside key under which it was handed out just now.
    """

    key: str
    result: Result
    at: datetime
    reason: str | None = None
    member_id: int | None = None
    visit: Outcome | None = None
    added: tuple[Added, ...] = ()
    reached: Reached = field(default_factory=Reached)
    earlier: Earlier | None = None
    marks: tuple[Mark, ...] = ()
    handed: str | None = None
    reward: str | None = None

    @property
    def action(self) -> str | None:
        """The outside key of what was recorded, by which it is undone; None where nothing was."""
        if self.handed:
            return self.handed
        return self.key if any(outcome.done for outcome in self.outcomes) else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        visit = (self.visit,) if self.visit else ()
        return (*visit, *(added.outcome for added in self.added))


#: How a scan's outcome is kept with its key.
SCANNED: TypeAdapter[Scanned] = TypeAdapter(Scanned)


def scan(uow: UnitOfWork, timeline: Timeline, desk: Desk, scan: Scan, *, now: datetime) -> Scanned:
    """Checks the member in, adds what is to be added, and says what came of it; a repeat of the key
    changes nothing. The store is the desk's.

    Raises KeyReused when the key was used for something else.
    """

    def work() -> Scanned:
        scanned = _scan(uow, timeline, desk, scan, now=now)
        noted = scan_log.Noted(
            scan.key, scanned.result, scanned.reason, len(scanned.added), scan.via
        )
        scan_log.note_scan(uow, timeline, desk, _seen(desk, scan, scanned, now), noted, now=now)
        return scanned

    return once_for(SCANNED, uow, scan.key, scan.asked, work, now=now)


def _scan(uow: UnitOfWork, timeline: Timeline, desk: Desk, scan: Scan, *, now: datetime) -> Scanned:
    at = scan.clocks.happened(now)
    blank = Scanned(scan.key, "unknown", at)
    if scan.shown.live is not None:
        return _redeem(uow, timeline, desk, scan.shown.live, blank, scan.clocks, now=now)
    if scan.shown.number is None:
        return replace(blank, reason=scan.shown.kind)
    member_id = members.by_code(uow, "number", scan.shown.number)
    if member_id is None:
        # Our own signature on a number that leads to nobody: the member was erased.
        result: Result = "unknown" if scan.shown.issue is None else "refused"
        return replace(blank, result=result, reason="no_member" if result == "unknown" else "gone")
    holder = members.get(uow, member_id)
    member = keeper(uow, member_id)
    policy = timeline.at(now).programme.counter
    marks = _marks(policy, scan, holder, member, now)
    known = replace(blank, member_id=member.id, marks=marks)
    if holder is not None and scan.shown.issue is not None and scan.shown.issue < holder.issue:
        return replace(known, result="refused", reason="card_closed")
    if now - at > timedelta(hours=policy.offline_hours_max):
        return replace(known, result="refused", reason="too_old")
    return _check_in(uow, timeline, desk, scan, known, member, now=now)


def _redeem(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    live: LiveCode,
    blank: Scanned,
    clocks: Clocks,
    *,
    now: datetime,
) -> Scanned:
    """The page of a reward: handed out once, and only while we can be asked."""
    asked = replace(
        blank,
        result="refused",
        member_id=members.by_code(uow, "number", live.number),
        reward=live.use.reward if live.use else None,
    )
    if clocks.offline:
        return replace(asked, reason="use_offline")
    found = redeem_at_counter(uow, timeline, desk, live, now=now)
    if isinstance(found, Refusal):
        return replace(asked, reason=found.code)
    if not found.first:
        earlier = Earlier(found.at, found.store)
        return replace(asked, result="not_counted", reason="use_again", earlier=earlier)
    return replace(asked, result="redeemed", handed=use_key(live.nonce))


def keeper(uow: UnitOfWork, member_id: int) -> Member:
    """The member that a card leads to, locked: whoever took its history over, if somebody did."""
    while True:
        found = members.get(uow, member_id)
        if found is None:
            raise LookupError("no such member")
        if found.merged_into is None:
            member = members.lock(uow, member_id)
            if member.merged_into is None:
                return member
            found = member
        member_id = found.merged_into or member_id


def _marks(
    policy: CounterPolicy, scan: Scan, holder: Member | None, member: Member, now: datetime
) -> tuple[Mark, ...]:
    ahead = scan.clocks.ahead(now)
    off_s = round(ahead.total_seconds()) if ahead is not None else None
    held: dict[Mark, bool] = {
        "old_code": scan.shown.kind == "card",
        "by_number": scan.shown.kind == "number",
        "late": now - scan.clocks.happened(now) > _LATE,
        "clock_off": is_clock_off(policy, off_s),
        "merged": holder is not None and holder.id != member.id,
        "paused": member.membership == "paused",
    }
    return tuple(mark for mark, is_so in held.items() if is_so)


def _check_in(
    uow: UnitOfWork,
    timeline: Timeline,
    desk: Desk,
    scan: Scan,
    known: Scanned,
    member: Member,
    *,
    now: datetime,
) -> Scanned:
    via: Via = "card_number" if scan.shown.kind == "number" else "staff"
    visit = CheckIn(scan.key, member.id, desk.store, known.at, via, "staff")
    outcome = record_visit(uow, timeline, visit, now=now)
    scanned = replace(known, result=_result(outcome), reason=outcome.refused, visit=outcome)
    if outcome.done or outcome.refused in _STILL_WELCOME:
        where = Occasioned(scan.key, member.id, known.at, desk.store)
        scanned = replace(scanned, added=add_extras(uow, timeline, where, scan.extras, now=now))
    if outcome.refused in _STILL_WELCOME:
        scanned = _with_earlier(uow, timeline, desk, scanned)
    if scanned.action is None:
        return scanned
    brought = tell_what_was_reached(uow, timeline, member, scanned.outcomes, now=now)
    return replace(scanned, reached=brought)


def _result(visit: Outcome) -> Result:
    if visit.done:
        return "checked_in"
    return "not_counted" if visit.refused in _STILL_WELCOME else "refused"


def _with_earlier(uow: UnitOfWork, timeline: Timeline, desk: Desk, scanned: Scanned) -> Scanned:
    """With the visit that is in the way: the newest that isn't later, or of the same day."""
    at = scanned.at
    day = timeline.at(at).programme.shop.business_date(at)
    for recorded in history.latest(uow, scanned.member_id or 0, limit=_LOOK_BACK):
        was = recorded.activity
        if isinstance(was.what, Visit) and (was.at <= at or was.day == day):
            elsewhere: tuple[Mark, ...] = ("other_store",) if was.store != desk.store else ()
            marks = (*scanned.marks, *elsewhere)
            return replace(scanned, earlier=Earlier(was.at, was.store), marks=marks)
    return scanned


def _seen(desk: Desk, scan: Scan, scanned: Scanned, now: datetime) -> Seen:
    ahead = scan.clocks.ahead(now)
    return Seen(
        at=scanned.at,
        store=desk.store,
        staff_id=desk.staff_id,
        device_id=desk.device_id,
        member_id=scanned.member_id,
        told=_TOLD.get(scan.shown.kind, "number"),
        counted=scanned.action is not None,
        clock_off_s=round(ahead.total_seconds()) if ahead is not None else None,
        is_closed=scanned.reason == "card_closed",
    )
