"""The cases that wait for an answer (`/staff/inbox`), whoever is to have one first in front; those
that were answered, and those that are over.

LINE's own chat is free and linked; an answer from here is a message of the month's plan.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.heard import cases
from bot.store.heard.cases import Case
from bot.store.members import members
from bot.store.messages.inbox import of_case
from bot.store.staff import staff
from rules.characters import instant

from ...current import current_club
from ..frame import layout
from ..frame.access import signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import done_line, problem_line
from ..frame.looks import note_look
from ..members.member_views import MemberRow, member_row

#: Where staff answer by hand (LINE Official Account Manager, chats).
LINE_CHAT = "https://chat.line.biz/"
SHOWN_MAX = 50
#: So much of the last letter stands in the list.
_GLIMPSE_MAX = 90

#: Which cases: those that wait, of these the reader's own, those answered, and those closed.
Shown = Literal["waiting", "mine", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list. `number` is of the card that it is of, which may stand for another by
    now; `due` says by when it is to be answered, empty where nobody waits;
    `assigned` who sees to it, empty for nobody; `glimpse` is the beginning of the last letter."""

    case: Case
    reason: str
    number: str
    row: MemberRow
    glimpse: str
    when: str
    due: str
    overdue: bool
    assigned: str


layout.link(60, "staff.inbox", "talk")


@pages.get("/inbox")
@staff_page
def inbox() -> ResponseReturnValue:
    note_look(signed().desk, "letters_seen")
    wanted = request.args.get("show", "")
    shown: Shown = next((each for each in get_args(Shown) if each == wanted), "waiting")
    before = instant(request.args.get("before", ""))
    with current_club().store.read() as uow:
        found = _found(uow, shown, before)
        rows = [row for case in found[:SHOWN_MAX] if (row := _row(uow, case)) is not None]
    return layout.page(
        "inbox",
        rows=rows,
        shown=shown,
        choices={each: layout.words(f"staff.inbox.show.{each}") for each in get_args(Shown)},
        empty=layout.words(f"staff.inbox.none.{shown}"),
        older=found[SHOWN_MAX - 1].last_at.isoformat()
        if len(found) > SHOWN_MAX and shown in ("answered", "closed")
        else None,
        line_chat=LINE_CHAT,
        done=done_line("staff.inbox.done"),
        problem=problem_line(),
    )


def _found(uow: UnitOfWork, shown: Shown, before: datetime | None) -> list[Case]:
    match shown:
        case "waiting":
            return cases.waiting(uow, limit=SHOWN_MAX)
        case "mine":
            return cases.waiting(uow, limit=SHOWN_MAX, assigned_to=signed().staff_id)
        case _:
            return cases.spoken_of(uow, shown, limit=SHOWN_MAX + 1, before=before)


def glimpse(text: str) -> str:
    """The beginning of what somebody wrote."""
    return text if len(text) <= _GLIMPSE_MAX else f"{text[:_GLIMPSE_MAX]}…"


def _row(uow: UnitOfWork, case: Case) -> CaseRow | None:
    """None for a case of somebody who was erased, and for one whose words were taken back before
    anybody answered: nothing is left to read."""
    owner = members.get(uow, case.name.member_id)
    if owner is None or owner.erased_at is not None:
        return None
    keeper = members.get(uow, members.keeper(uow, owner.id)) or owner
    letters = of_case(uow, *case.name)
    if not letters and case.state == "closed" and case.answered_at is None:
        return None
    text = letters[-1].text if letters else ""
    return CaseRow(
        case=case,
        reason=layout.words(f"staff.inbox.reason.{case.reason}"),
        number=owner.number,
        row=member_row(uow, keeper),
        glimpse=glimpse(text),
        when=layout.when(case.last_at),
        due=layout.when(case.due_at) if case.state == "open" else "",
        overdue=case.is_overdue(current_club().now()),
        assigned=staff.names(uow).get(case.assigned_to or 0, ""),
    )
