"""A card before the staff's scanner: who it is, the visit, and what is added to it, in one
transaction. The programme's limits hold inside it, whatever a device believes."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.codes import LiveCode
from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import holders, members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Via, Visit
from rules.base import Refusal
from rules.programme.counter import CounterScan, Identification, is_clock_off
from rules.wording.counter import Mark, Result
from rules.wording.highlights import Highlights

from ..recording.idempotency import once_for
from ..recording.limits import lately
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request
from ..telling.news import highlights_of
from . import scan_log
from .check_in import record_visit
from .extras import AddedExtra, Extras, add_extras, figures
from .redeem import EarlierVisit, redeem_at_counter, use_key
from .scanned_code import CodeKind, ScannedCode
from .selected import SelectedReward, SelectionScan, hand_out_selected, money_off

#: Refusals after which the member stands at the counter all the same, and may buy something.
_STILL_WELCOME = ("visited_today", "visited_just_now", "read_again")
#: How the member was told, by what was shown.
_IDENTIFICATIONS: dict[CodeKind, Identification] = {"card": "card", "live": "live", "use": "live"}
#: What takes longer than this to arrive was kept by the device.
_LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class DeviceTimes:
    """What a device says of time, each None where it didn't say."""

    #: When the scan was made.
    made_at: datetime | None = None
    #: What its clock said on sending it.
    sent_at: datetime | None = None
    #: It was kept for a while, so that the time it was made counts; else it is now.
    offline: bool = False

    def travelled(self, far: timedelta) -> "DeviceTimes":
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
    """One scan. Its key, which is the device's own, is the work's."""

    #: What was read.
    shown: ScannedCode
    #: The same as it was.
    text: str
    clocks: DeviceTimes = field(default_factory=DeviceTimes)
    extras: Extras = field(default_factory=Extras)
    #: How it came in.
    via: str = "camera"
    #: Within so long the same card was read twice, rather than somebody came twice.
    moment: timedelta = timedelta(0)

    @property
    def asked(self) -> str:
        """All that is asked but the time: a retry may come from the queue."""
        return f"scan {self.text} {self.extras!r}"


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What a scan came to; it names nobody, as its key remembers it for ever."""

    key: str
    result: Result
    #: When it happened.
    at: datetime
    #: Why it wasn't counted: a refusal's code, or of what kind the code was.
    reason: str | None = None
    #: None when nobody was found.
    member_id: int | None = None
    #: None when none was tried.
    visit: Outcome | None = None
    added: tuple[AddedExtra, ...] = ()
    reached: Highlights = field(default_factory=Highlights)
    #: The visit of the same day, or when the reward was handed out before.
    earlier: EarlierVisit | None = None
    marks: tuple[Mark, ...] = ()
    #: The outside key under which it was handed out just now.
    handed: str | None = None
    #: What was asked for.
    reward: str | None = None
    #: The key of the perk that was given.
    perk: str | None = None
    #: When that reward is to be had, where it isn't now.
    again_at: datetime | None = None
    #: What came of the rewards that the member had selected.
    selected: tuple[SelectedReward, ...] = ()
    #: How many yen of the purchase they took off.
    off_yen: int = 0

    @property
    def action(self) -> str | None:
        """The outside key of what was recorded, by which it is undone; None where nothing was."""
        if self.handed:
            return self.handed
        return self.key if any(outcome.done for outcome in self.outcomes) else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        visit = (self.visit,) if self.visit else ()
        selected = (each.outcome for each in self.selected)
        return (*visit, *(added.outcome for added in self.added), *selected)


#: How a scan's outcome is kept with its key.
SCANNED: TypeAdapter[ScanOutcome] = TypeAdapter(ScanOutcome)


def scan(work: Work, scan: Scan) -> ScanOutcome:
    """Checks the member in, adds what is to be added, and says what came of it; a repeat of the key
    changes nothing. The store is the desk's.

    Raises KeyReused when the key was used for something else.
    """

    def act() -> ScanOutcome:
        scanned = _scan(work, scan)
        entered = figures(scan.extras.less(scanned.off_yen), scanned.added)
        entered |= _used(scanned)
        noted = scan_log.ScanNote(
            scanned.result, scanned.reason, len(scanned.added), scan.via, entered
        )
        scan_log.note_scan(work, _counter_scan(work, scan, scanned), noted)
        return scanned

    return once_for(SCANNED, work, scan.asked, act)


def _scan(work: Work, scan: Scan) -> ScanOutcome:
    at = scan.clocks.happened(work.now)
    blank = ScanOutcome(work.key, "unknown", at)
    if scan.shown.live is not None and scan.shown.live.use is not None:
        return _redeem(work, scan.shown.live, blank, scan.clocks)
    if scan.shown.number is None:
        return replace(blank, reason=scan.shown.kind)
    cards = holder_and_keeper(work.uow, scan.shown.number)
    if cards is None:
        # Our own signature on a number that leads to nobody: the member was erased.
        result: Result = "unknown" if scan.shown.issue is None else "refused"
        return replace(blank, result=result, reason="no_member" if result == "unknown" else "gone")
    holder, member = cards
    identified = replace(blank, member_id=member.id, marks=_marks(work, scan, holder, member))
    if is_closed(work.uow, scan.shown.issue, holder, at):
        return replace(identified, result="refused", reason="card_closed")
    if work.now - at > timedelta(hours=work.programme.counter.offline_hours_max):
        return replace(identified, result="refused", reason="too_old")
    return _check_in(work, scan, identified, holder, member)


def is_closed(uow: UnitOfWork, issue: int | None, holder: Member, at: datetime) -> bool:
    """Whether that issue of the card was replaced when it was scanned `at`."""
    if issue is None or issue == holder.issue:
        return False
    return not holders.counted_at(uow, holder.id, issue, at)


def _redeem(work: Work, live: LiveCode, blank: ScanOutcome, clocks: DeviceTimes) -> ScanOutcome:
    """The page of a reward: handed out once, and only while we can be asked."""
    asked = replace(
        blank,
        result="refused",
        member_id=members.by_code(work.uow, "number", live.number),
        reward=live.use.reward if live.use else None,
    )
    if clocks.offline:
        return replace(asked, reason="use_offline")
    handover = redeem_at_counter(work, live)
    if isinstance(handover, Refusal):
        return replace(asked, reason=handover.code, again_at=handover.again_at)
    if not handover.first:
        earlier = EarlierVisit(handover.at, handover.store)
        return replace(asked, result="not_counted", reason="use_again", earlier=earlier)
    return replace(asked, result="redeemed", handed=use_key(live.nonce))


def holder_and_keeper(uow: UnitOfWork, number: str) -> tuple[Member, Member] | None:
    """Whose card it is, and whom it leads to, who is locked: the same, unless somebody took its
    history over. None for a number that leads to nobody."""
    member = members.lock_by_code(uow, "number", number)
    if member is not None:
        return member, member
    holder_id = members.by_code(uow, "number", number)
    if holder_id is None:
        return None
    # Nobody else is locked: who undoes the merging has the keeper first, and then those it took.
    keeper_id = members.keeper(uow, holder_id)
    while (keeper := members.lock(uow, keeper_id)).id != members.keeper(uow, holder_id):
        keeper_id = members.keeper(uow, holder_id)
    holder = members.get(uow, holder_id)
    return (holder, keeper) if holder is not None else None


def _marks(work: Work, scan: Scan, holder: Member, member: Member) -> tuple[Mark, ...]:
    now = work.now
    ahead = scan.clocks.ahead(now)
    off_s = round(ahead.total_seconds()) if ahead is not None else None
    held: dict[Mark, bool] = {
        "old_code": scan.shown.kind == "card",
        "by_number": scan.shown.kind == "number",
        "late": now - scan.clocks.happened(now) > _LATE,
        "clock_off": is_clock_off(work.programme.counter, off_s),
        "merged": holder.id != member.id,
        "paused": member.membership == "paused",
        "held": member.held_until is not None and now < member.held_until,
    }
    return tuple(mark for mark, is_so in held.items() if is_so)


def _check_in(
    work: Work, scan: Scan, identified: ScanOutcome, holder: Member, member: Member
) -> ScanOutcome:
    # Before anything is written: what is asked in between has it written in parts.
    lately(work, member.id)
    via: Via = "card_number" if scan.shown.kind == "number" else "staff"
    request = Request(member.id, Visit(via), identified.at, work.staff.store)
    if _is_read_again(work, scan, member.facts.last_visit_at, request.at):
        outcome = outcome_of_refusal(member.id, Refusal("read_again"))
    else:
        outcome = record_visit(work, request)
    scanned = replace(identified, result=_result(outcome), reason=outcome.refused, visit=outcome)
    if outcome.done or outcome.refused in _STILL_WELCOME:
        scanned = _with_selected(work, scan, scanned, holder)
        extras = scan.extras.less(scanned.off_yen)
        added = add_extras(work, member.id, extras, at=identified.at)
        scanned = replace(scanned, added=added)
    if outcome.refused in _STILL_WELCOME:
        scanned = _with_earlier(work, scanned)
    if scanned.action is None:
        return scanned
    return replace(scanned, reached=highlights_of(work, member.id))


def _with_selected(work: Work, scan: Scan, scanned: ScanOutcome, holder: Member) -> ScanOutcome:
    """With what the member had selected on their page, which is handed out only while we can be
    asked, for a code of this minute, and to whose card it is."""
    live = scan.shown.live
    if live is None or live.selection is None or scanned.member_id is None:
        return scanned
    refused = None
    if scan.clocks.offline:
        refused = "selected_offline"
    elif scan.shown.kind != "live":
        refused = "use_expired"
    elif holder.id != scanned.member_id or holder.issue != live.issue:
        refused = "card_closed"
    asked = SelectionScan(live.selection, refused, scan.extras.purchase)
    came = hand_out_selected(work, scanned.member_id, asked)
    return replace(scanned, selected=came, off_yen=money_off(work, came))


def _used(scanned: ScanOutcome) -> dict[str, list[str]]:
    """What the log tells of the rewards that were handed out with it; nothing for none."""
    used = [each.reward for each in scanned.selected if each.outcome.done and each.reward]
    return {"rewards": used} if used else {}


def _is_read_again(work: Work, scan: Scan, last_at: datetime | None, at: datetime) -> bool:
    """Where one visit counts a day, the day's limit says so, and when."""
    several = work.programme.visits.per_day_max > 1
    return several and last_at is not None and abs(at - last_at) < scan.moment


def _result(visit: Outcome) -> Result:
    if visit.done:
        return "checked_in"
    return "not_counted" if visit.refused in _STILL_WELCOME else "refused"


def _with_earlier(work: Work, scanned: ScanOutcome) -> ScanOutcome:
    """With the visit that is in the way: the newest that isn't later, or of the same day."""
    at = scanned.at
    day = work.timeline.at(at).programme.shop.business_date(at)
    last = history.last_visit(work.uow, scanned.member_id or 0, at=at, day=day)
    if last is None:
        return scanned
    was = last.activity
    elsewhere: tuple[Mark, ...] = ("other_store",) if was.store != work.staff.store else ()
    marks = (*scanned.marks, *elsewhere)
    return replace(scanned, earlier=EarlierVisit(was.at, was.store), marks=marks)


def _counter_scan(work: Work, scan: Scan, scanned: ScanOutcome) -> CounterScan:
    ahead = scan.clocks.ahead(work.now)
    return CounterScan(
        at=scanned.at,
        store=work.staff.store,
        staff_id=work.staff.staff_id,
        device_id=work.staff.device_id,
        member_id=scanned.member_id,
        identified_by=_IDENTIFICATIONS.get(scan.shown.kind, "number"),
        counted=scanned.action is not None,
        clock_off_s=round(ahead.total_seconds()) if ahead is not None else None,
        is_closed=scanned.reason == "card_closed",
    )
