"""Taking an import back as a whole: whoever did something with it since keeps it, with a reason."""

from collections.abc import Sequence
from itertools import groupby

import structlog

from bot.store import StoreBusy
from bot.store.history import history
from bot.store.history.claims import UNMADE
from bot.store.many import imports
from bot.store.many.imports import RowFate, StoredImport, StoredRow
from bot.store.members import members, profiles
from bot.store.members.members import Member
from handlers.actions.members.membership import erase
from handlers.actions.recording.work import Work
from rules.activity import BroughtAlong, Registration
from rules.judging.replay import RecordedActivity

from ..recording.rewrite import work_out, write_down

log = structlog.get_logger(__name__)

#: So many rows in one transaction.
CHUNK = 100


def undo_part(work: Work, import_id: int) -> bool:
    """Takes the next rows back; gives whether there are more."""
    stored = imports.hold(work.uow, import_id)
    if stored is None or stored.state != "undoing":
        return False
    rows = imports.with_fate(work.uow, import_id, "done", limit=CHUNK)
    its, groups = work.acting("system"), groupby(rows, key=lambda row: row.member_id)
    fates = [
        fate for whose, group in groups for fate in _tried(its, stored, whose or 0, list(group))
    ]
    imports.settle(work.uow, import_id, fates)
    if len(rows) == CHUNK:
        imports.change(work.uow, import_id, work.now)
        return True
    _end(work, stored)
    return False


def _end(work: Work, stored: StoredImport) -> None:
    """What was not done yet is not to be done any more."""
    imports.rename(work.uow, stored.id, ["new"], "back")
    imports.change(work.uow, stored.id, work.now, state="undone")


def _tried(
    work: Work, stored: StoredImport, member_id: int, rows: Sequence[StoredRow]
) -> list[RowFate]:
    try:
        with work.apart():
            code = _taken_back(work, stored, member_id, rows)
    except StoreBusy:
        raise
    except Exception:
        log.exception("import_undo_failed", of=stored.id, rows=[row.n for row in rows])
        code = "import_stuck"
    return [RowFate(row.n, code, mended=row.mended, member_id=member_id) for row in rows]


def _taken_back(work: Work, stored: StoredImport, member_id: int, rows: Sequence[StoredRow]) -> str:
    """ "back", or why it stands."""
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return "back"
    if member.merged_into is not None:
        return "import_merged"
    keys = {stored.key(row.n) for row in rows}
    past = history.of(work.uow, member_id)
    of = history.keys_of(work.uow, member_id, [each.seq for each in past])
    gone = [each for each in past if of[each.seq] in keys]
    if not gone:
        if stored.kind == "members":
            profiles.drop_old_numbers(work.uow, member_id)
        return "back"
    if any(isinstance(each.activity.what, Registration) for each in gone):
        own = [each for each in past if each not in gone and each.activity.by != "system"]
        if own or member.line_user_id is not None:
            return "import_active"
        return _unmade(work, stored, member, past)
    rewritten = work_out(work, member, gone)
    if rewritten.without.needed is not None:
        return "undo_needed"
    if rewritten.without.shortfall:
        return "undo_spent"
    write_down(work.under(f"undo:import:{stored.id}:{rows[0].n}"), rewritten)
    return "back"


def _unmade(
    work: Work, stored: StoredImport, member: Member, past: Sequence[RecordedActivity]
) -> str:
    """Who was made goes, and what they brought: nobody came by it, for figures either."""
    its = work.under(f"{UNMADE}{stored.id}:{member.id}")
    brought = [each for each in past if isinstance(each.activity.what, BroughtAlong)]
    if brought:
        rewritten = work_out(its, member, brought)
        if rewritten.without.shortfall or rewritten.without.needed is not None:
            return "undo_spent"
        write_down(its, rewritten)
    # Nobody is to take whoever comes with that telephone for somebody who was here before.
    profiles.forget(its.uow, member.id)
    return "back" if erase(its, member.id).done else "import_stuck"
