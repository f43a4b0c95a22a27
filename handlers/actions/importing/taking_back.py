"""Taking an import back as a whole: whoever did something with it since keeps it, with a reason."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import structlog

from bot.store import StoreBusy
from bot.store.history import history
from bot.store.history.claims import UNMADE
from bot.store.many import imports
from bot.store.many.imports import RowFate, StoredImport, StoredRow
from bot.store.members import crowds, line_accounts, members, mergers, profiles
from bot.store.members.members import Member
from handlers.actions.members.membership import erase, forget_cards
from handlers.actions.recording.work import Work
from rules.activity import BroughtAlong, MembershipChanged, Registration
from rules.judging.replay import RecordedActivity

from ..recording.record import Request, carry_out
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
    fates = _tried(work.acting("system"), stored, rows)
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


def _tried(work: Work, stored: StoredImport, rows: Sequence[StoredRow]) -> list[RowFate]:
    """All of them; where there is trouble, each member's by themselves, so that it keeps nobody
    else."""
    groups = {
        member_id or 0: list(group)
        for member_id, group in groupby(rows, key=lambda row: row.member_id)
    }
    try:
        with work.apart():
            codes = _taken_back(work, stored, groups)
    except StoreBusy:
        raise
    except Exception:
        log.exception("import_undo_failed", of=stored.id, rows=[row.n for row in rows])
        if len(groups) > 1:
            return [fate for each in groups.values() for fate in _tried(work, stored, each)]
        codes = dict.fromkeys(groups, "import_stuck")
    return [
        RowFate(row.n, codes[member_id], mended=row.mended, member_id=member_id)
        for member_id, group in groups.items()
        for row in group
    ]


def _taken_back(
    work: Work, stored: StoredImport, groups: Mapping[int, Sequence[StoredRow]]
) -> dict[int, str]:
    """For each member "back", or why theirs stands."""
    locked = crowds.lock(work.uow, list(groups))
    pasts = history.of_crowd(work.uow, list(groups))
    codes: dict[int, str] = {}
    made: list[tuple[Member, list[RecordedActivity]]] = []
    for member_id, rows in groups.items():
        member, past = locked[member_id], pasts[member_id]
        if member.erased_at is not None:
            codes[member_id] = "back"
            continue
        if member.merged_into is not None:
            codes[member_id] = "import_merged"
            continue
        keys = {stored.key(row.n) for row in rows}
        gone = [each for each, key in past if key in keys]
        if not gone:
            if stored.kind == "members":
                profiles.drop_old_numbers(work.uow, member_id)
            codes[member_id] = "back"
        elif any(isinstance(each.activity.what, Registration) for each in gone):
            own = [each for each, key in past if key not in keys and each.activity.by != "system"]
            if own or member.line_user_id is not None:
                codes[member_id] = "import_active"
            else:
                made.append((member, [each for each, _ in past]))
        else:
            its = work.under(f"undo:import:{stored.id}:{rows[0].n}")
            codes[member_id] = _without(its, member, gone)
    return codes | (_unmade(work, stored, made) if made else {})


def _without(work: Work, member: Member, gone: Sequence[RecordedActivity]) -> str:
    rewritten = work_out(work, member, gone)
    if rewritten.without.needed is not None:
        return "undo_needed"
    if rewritten.without.shortfall:
        return "undo_spent"
    write_down(work, rewritten)
    return "back"


def _unmade(
    work: Work, stored: StoredImport, made: Sequence[tuple[Member, Sequence[RecordedActivity]]]
) -> dict[int, str]:
    """Who was made goes, and what they brought: nobody came by it, for figures either."""
    codes: dict[int, str] = {}
    work.look_at_segments([member.id for member, _ in made])
    for member, past in made:
        its = work.under(f"{UNMADE}{stored.id}:{member.id}")
        brought = [each for each in past if isinstance(each.activity.what, BroughtAlong)]
        code = _without(its, member, brought) if brought else "back"
        codes[member.id] = "back" if code == "back" else "undo_spent"
    going = [member_id for member_id, code in codes.items() if code == "back"]
    shared = line_accounts.shared_of(work.uow, going)
    # Nobody is to take whoever comes with that telephone for somebody who was here before.
    profiles.forget(work.uow, shared)
    for member_id in shared:
        if not erase(work.under(f"{UNMADE}{stored.id}:{member_id}"), member_id).done:
            codes[member_id] = "import_stuck"
    alone = [member_id for member_id in going if member_id not in shared]
    for member_id in alone:
        if members.lock(work.uow, member_id).membership != "left":
            its = work.under(f"{UNMADE}{stored.id}:{member_id}")
            carry_out(its, Request(member_id, MembershipChanged("left"), work.now), tells=False)
    forget_cards(work, list(mergers.by_card(work.uow, alone)))
    return codes
