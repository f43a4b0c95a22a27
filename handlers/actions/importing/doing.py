"""Bringing rows in: a member's rows together, some members in a transaction, and each row once."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

import structlog

from bot.store import StoreBusy
from bot.store.history import ledger
from bot.store.many import imports
from bot.store.many.imports import RowFate, StoredImport, StoredRow
from bot.store.members import members, profiles
from handlers.actions.recording.work import Work
from rules.activity import BroughtAlong, Purchase, Visit, What
from rules.importing.columns import MAKES_MEMBERS

from ..recording.limits import refuse_reserved
from ..recording.record import Request
from ..recording.record_many import KeyedRequest, record_many
from .finding import OLD_NUMBER
from .joining import ImportedMember, join_imported
from .looking import LookedAt, PageLooking, known_of_same_file

log = structlog.get_logger(__name__)

#: So many rows in one transaction: on SQLite nobody else writes meanwhile.
CHUNK = 100


def do_part(work: Work, import_id: int) -> bool:
    """Does the next rows; gives whether there are more."""
    stored = imports.hold(work.uow, import_id)
    if stored is None or stored.state != "doing":
        return False
    rows = imports.with_fate(work.uow, import_id, "new", limit=CHUNK)
    its = work.acting("import")
    before = known_of_same_file(work, stored, rows)
    more = len(rows) == CHUNK
    if stored.kind not in MAKES_MEMBERS and more and rows[0].member_id != rows[-1].member_id:
        # All rows of a member in one transaction.
        rows = [row for row in rows if row.member_id != rows[-1].member_id]
    fates = _tried(its, stored, rows, before)
    imports.settle(work.uow, import_id, fates)
    imports.empty_done(work.uow, import_id, [each.n for each in fates if each.fate == "done"])
    imports.change(work.uow, import_id, work.now, state="doing" if more else "done")
    return more


#: Which rows stand by another import of the very same file, and whose they are.
_Before = Mapping[int, int | None]


def _tried(
    work: Work, stored: StoredImport, rows: Sequence[StoredRow], before: _Before
) -> list[RowFate]:
    """All of them; where there is trouble, each member's rows by themselves, so that it keeps
    nobody else from theirs."""
    try:
        with work.apart():
            return _done(work, stored, rows, before)
    except StoreBusy:
        raise
    except Exception:
        log.exception("import_rows_failed", of=stored.id, rows=[row.n for row in rows])
    groups = _by_member(stored, rows)
    if len(groups) > 1:
        return [fate for each in groups for fate in _tried(work, stored, each, before)]
    return [_fate(row, "import_failed") for row in rows]


def _by_member(stored: StoredImport, rows: Sequence[StoredRow]) -> list[list[StoredRow]]:
    if stored.kind in MAKES_MEMBERS:
        return [[row] for row in rows]
    return [list(group) for _, group in groupby(rows, key=lambda row: row.member_id)]


def _fate(row: StoredRow, code: str, field: str = "", member_id: int | None = None) -> RowFate:
    return RowFate(row.n, code, field=field, mended=row.mended, member_id=member_id)


def _done(
    work: Work, stored: StoredImport, rows: Sequence[StoredRow], before: _Before
) -> list[RowFate]:
    fates = [_fate(row, "import_known", member_id=before[row.n]) for row in rows if row.n in before]
    left = [row for row in rows if row.n not in before]
    # As they stand now: somebody may have come, or gone, since they were looked at.
    look = PageLooking(work, stored, left)
    if stored.kind in MAKES_MEMBERS:
        for part in look.parts():
            new = look if len(part) == len(left) else PageLooking(work, stored, part)
            fates += _joined(work, stored, new)
        return fates
    seen = [(row, look.at(row)) for row in left]
    fates += [_no(row, its) for row, its in seen if its.code]
    good = [(row, its) for row, its in seen if not its.code]
    for _, group in groupby(good, key=lambda each: each[1].member_id):
        fates += _recorded(work, stored, list(group))
    return fates


def _no(row: StoredRow, its: LookedAt) -> RowFate:
    return _fate(row, its.code, its.field, its.member_id or None)


def _joined(work: Work, stored: StoredImport, look: PageLooking) -> list[RowFate]:
    fates, new = [], []
    for row in look.rows:
        its = look.at(row)
        if its.code:
            fates.append(_no(row, its))
        elif its.member_id and stored.kind == "stamps":
            request = Request(its.member_id, _stamps(work, its), work.now)
            [code] = record_many(work, its.member_id, [KeyedRequest(stored.key(row.n), request)])
            fates.append(_fate(row, code, member_id=its.member_id))
        elif its.member_id:
            members.add_code(work.uow, OLD_NUMBER, its.said.number, its.member_id)
            profiles.refresh(work.uow, its.member_id)
            fates.append(_fate(row, "done", member_id=its.member_id))
        else:
            stamps = _stamps(work, its) if stored.kind == "stamps" else None
            new.append((row, ImportedMember(its.said, stored.key(row.n), stamps)))
    made = join_imported(work, [each for _, each in new], look.finding) if new else []
    for (row, _), member_id in zip(new, made, strict=True):
        fates.append(_fate(row, "done", member_id=member_id))
    return fates


def _stamps(work: Work, its: LookedAt) -> BroughtAlong:
    """An old card as what its stamps are worth now."""
    policy, stamps = work.programme.stamp_cards, its.said.stamps or 0
    return BroughtAlong(stamps * (policy.points if policy else 0), stamps=stamps)


def _recorded(
    work: Work, stored: StoredImport, rows: Sequence[tuple[StoredRow, LookedAt]]
) -> list[RowFate]:
    member_id = rows[0][1].member_id
    if stored.kind == "balances":
        return _brought(work, stored, rows)
    wanted = [KeyedRequest(stored.key(row.n), _request(work, stored, its)) for row, its in rows]
    codes = record_many(work, member_id, wanted)
    return [
        _fate(row, code, member_id=member_id) for (row, _), code in zip(rows, codes, strict=True)
    ]


def _request(work: Work, stored: StoredImport, its: LookedAt) -> Request:
    said, what = its.said, _what(its)
    at = said.moment(work.programme.shop)
    receipt = said.receipt or None if stored.kind == "purchases" else None
    return Request(its.member_id, what, at, its.store, receipt)


def _what(its: LookedAt) -> What:
    said = its.said
    return Purchase(said.yen, tax_yen=said.tax) if said.yen else Visit("import")


def _brought(
    work: Work, stored: StoredImport, rows: Sequence[tuple[StoredRow, LookedAt]]
) -> list[RowFate]:
    """Points that the member has by what was imported shall be what the rows say together: what
    imported visits brought counts among them, what was earned here does not."""
    member_id = rows[0][1].member_id
    told = sum(its.said.points or 0 for _, its in rows)
    left = told - ledger.by_whom(work.uow, member_id, "import")
    parts: dict[int, int] = {}
    if no := refuse_reserved(work, member_id, left):
        return [_fate(row, no.code, member_id=member_id) for row, _ in rows]
    if left < 0:
        parts[rows[0][0].n] = left
    # Those first that last longest: what visits brought lasts as what was earned here does.
    for row, its in sorted(rows, key=lambda each: each[1].said.until or date.max, reverse=True):
        if (part := min(its.said.points or 0, left)) > 0:
            parts[row.n] = part
            left -= part
    fates = []
    for row, its in rows:
        points, code = parts.get(row.n, 0), "import_same"
        if points:
            what = BroughtAlong(points, expires_on=its.said.until if points > 0 else None)
            wanted = KeyedRequest(stored.key(row.n), Request(member_id, what, work.now))
            [code] = record_many(work.under(wanted.key), member_id, [wanted])
        fates.append(_fate(row, code, member_id=member_id))
    return fates
