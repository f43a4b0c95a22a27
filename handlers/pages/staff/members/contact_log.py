"""What people of the shop did for a member, and what the member had said: the newest first; and
how they don't want to be turned to."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.heard import cases, contacts
from bot.store.members import members, mergers
from bot.store.members.members import Member
from bot.store.staff import staff
from handlers.actions.heard.contacting import WORDS_MAX, ByHand, Deed, note_contact
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.showing.held import contact_text
from rules.heard.cases import Way

from ..frame import layout
from ..frame.access import language, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work
from .member_views import by_number

SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One thing of the log. `card` and `case` name the case it was about, 0 for none; `who` is
    empty for the member's own word."""

    at: datetime
    what: str
    text: str
    who: str
    card: str
    case: int


@dataclass(frozen=True, slots=True)
class ContactLog:
    """`kinds` are what can be noted by hand, with their names; `ways` each way with what it is
    called, and whether they said no to it."""

    lines: list[ContactLine]
    kinds: dict[str, str]
    ways: list[tuple[Way, str, bool]]


def contact_log(uow: UnitOfWork, member: Member) -> ContactLog:
    ids = mergers.with_absorbed(uow, member.id)
    refused = contacts.ways_refused(uow, ids)
    return ContactLog(
        lines=contact_lines(uow, ids, limit=SHOWN_MAX),
        kinds={kind: layout.words(f"staff.contacts.{kind}") for kind in get_args(ByHand)},
        ways=[
            (way, layout.words(f"staff.contacts.way.{way}"), way in refused)
            for way in get_args(Way)
        ],
    )


def contact_lines(uow: UnitOfWork, ids: list[int], *, limit: int) -> list[ContactLine]:
    """The newest lines of these cards, which are one person's."""
    people, found = staff.names(uow), []
    for each in ids:
        owner = members.get(uow, each)
        card = owner.number if owner else ""
        found += [
            ContactLine(
                done.at,
                layout.words(f"staff.contacts.{done.kind}"),
                contact_text(done, language()),
                people.get(done.staff_id or 0, ""),
                card,
                done.case_number or 0,
            )
            for done in contacts.of_members(uow, [each], limit=limit)
        ]
        found += [
            ContactLine(
                case.opened_at,
                layout.words(f"staff.inbox.reason.{case.reason}"),
                "",
                "",
                card,
                case.name.number,
            )
            for case in cases.of_members(uow, [each])[:limit]
        ]
    return sorted(found, key=lambda line: line.at, reverse=True)[:limit]


@pages.post("/members/<card:number>/contact")
@staff_page
def member_contact(number: str) -> ResponseReturnValue:
    kind = next((k for k in get_args(ByHand) if k == request.form.get("kind")), None)
    if kind is None:
        layout.not_found()
    words = request.form.get("words", "").replace("\0", "")[:WORDS_MAX]
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = note_contact(work, Deed(who.id, kind, words))
    return back_to("staff.member", outcome.refused, "noted", number=number)


@pages.post("/members/<card:number>/way")
@staff_page
def member_way(number: str) -> ResponseReturnValue:
    way = next((each for each in get_args(Way) if each == request.form.get("way")), None)
    if way is None:
        layout.not_found()
    with form_work() as work:
        who = by_number(work.uow, number)
        wanted = request.form.get("wanted") == "1"
        outcome = choose_way(work, who.id, WayChoice(way, wanted, work.now))
    return back_to("staff.member", outcome.refused, "noted", number=number)
