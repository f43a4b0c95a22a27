"""A member's card and LINE: a code that links it, merging two cards, and a new telephone."""

from dataclasses import dataclass
from typing import Any, get_args

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.base32 import CODE_LENGTH_MAX
from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.members.link_codes import Purpose
from bot.store.members.members import Member
from handlers.actions.counter.scanned_code import read
from handlers.actions.members import one_time_codes
from handlers.actions.members.link import PRINTED, SHOWN, make_code
from handlers.actions.members.merge import (
    IdentityCheck,
    MergePreview,
    MergeRequest,
    merge,
    preview,
)
from handlers.actions.members.transfer import Transfer, transfer
from rules.base import Refusal
from rules.facts import Facts
from rules.wording.texts import say, show

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work, new_key, problem_line
from ..frame.looks import note_look
from ..frame.sealed import card_number, sealed_card
from ..frame.shell import files_path
from ..frame.words import refusal_line, texts_of_scripts, words_now
from .member_acts import back
from .member_views import MemberRow, by_number, member_row


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One row of a merging: which card, whose (None: what comes of both), and what is on it."""

    title: str
    who: MemberRow | None
    points: str
    visits: int
    rank: str


@pages.post("/members/<card:number>/code")
@staff_page
def member_code(number: str) -> ResponseReturnValue:
    """A code shown as a QR that opens the chat with it typed in."""
    printed = bool(request.form.get("printed"))
    with form_work() as work:
        who = by_number(work.uow, number)
        purpose: Purpose = "link" if who.line_user_id is None else "share"
        made = make_code(work, who.id, purpose, printed=printed)
        name = member_row(work.uow, who).name
    if isinstance(made, Refusal):
        return back(who, made.code, "")
    text = say(who.language, "paper.link_message", code=one_time_codes.readable(made))
    return layout.page(
        "member_code",
        number=who.number,
        name=name,
        title=layout.words(f"staff.members.link.{purpose}"),
        code=one_time_codes.readable(made),
        svg=layout.link_qr(lambda: current_club().chat_link(text)),
        text=text,
        days=PRINTED.days if printed else None,
        minutes=SHOWN.seconds // 60,
    )


@pages.get("/members/<card:number>/merge")
@staff_page
def member_merge(number: str) -> ResponseReturnValue:
    """Which card, then what would come of it."""
    with current_club().reading() as work:
        uow = work.uow
        who, other = by_number(uow, number), _sealed_other(uow)
        found = preview(work, who.id, other.id) if other else None
        sides = _sides(uow, found) if isinstance(found, MergePreview) else None
        name = member_row(uow, who).name
    note_look(signed().desk, "member_seen", who.id)
    problem = refusal_line(found.code) if isinstance(found, Refusal) else problem_line()
    return layout.page(
        "member_merge",
        number=who.number,
        name=name,
        other=other.number if other and sides else "",
        sides=sides,
        problem=problem,
        ways=_ways(),
        key=new_key(),
        **_camera(),
    )


@pages.post("/members/<card:number>/merge/look")
@staff_page
def member_merge_look(number: str) -> ResponseReturnValue:
    """On to what would come of it."""
    with current_club().store.read() as uow:
        who, other = by_number(uow, number), _other(uow)
    if other is None:
        return back_to("staff.member_merge", "merge_unknown", "", number=who.number)
    seen = url_for("staff.member_merge", number=who.number, other=sealed_card(other.number))
    return redirect(seen, 303)


@pages.post("/members/<card:number>/merge")
@staff_page
def member_merged(number: str) -> ResponseReturnValue:
    with form_work() as work:
        who, other, checked = by_number(work.uow, number), _other(work.uow), _checked()
        if other is None:
            return back(who, "merge_unknown", "")
        if checked is None:
            seen = {"number": who.number, "other": sealed_card(other.number)}
            return back_to("staff.member_merge", "transfer_unchecked", "", **seen)
        outcome = merge(work, MergeRequest(who.id, other.id, checked=checked))
    return back(who, outcome.refused, "merged")


@pages.get("/members/<card:number>/transfer")
@staff_page
def member_transfer(number: str) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        shown = member_row(uow, who)
    note_look(signed().desk, "member_seen", who.id)
    return layout.page(
        "member_transfer",
        member=shown,
        problem=problem_line(),
        svg=layout.link_qr(current_club().add_friend_link),
        ways=_ways(),
        key=new_key(),
        **_camera(),
    )


@pages.post("/members/<card:number>/transfer")
@staff_page
def member_transferred(number: str) -> ResponseReturnValue:
    with form_work() as work:
        who, other, checked = by_number(work.uow, number), _other(work.uow), _checked()
        if other is None or checked is None:
            return back_to(
                "staff.member_transfer",
                "transfer_unchecked" if checked is None else "merge_unknown",
                "",
                number=who.number,
            )
        outcome = transfer(work, Transfer(who.id, other.id, checked))
    return back(who, outcome.refused, "transferred")


def _other(uow: UnitOfWork) -> Member | None:
    """The card that was scanned or typed; None for anything else."""
    text = request.form.get("other", "")[:CODE_LENGTH_MAX]
    club = current_club()
    stores = tuple(store.id for store in current_programme().stores)
    prefixes = club.timeline().barcode_prefixes
    shown = read(club.codes, text, stores=stores, now=club.now(), prefixes=prefixes)
    return _known(uow, shown.number)


def _sealed_other(uow: UnitOfWork) -> Member | None:
    """The card that the address names; None while it names none."""
    return _known(uow, card_number(request.args.get("other", "")))


def _known(uow: UnitOfWork, number: str | None) -> Member | None:
    member_id = members.by_code(uow, "number", number) if number else None
    return members.get(uow, member_id) if member_id is not None else None


def _ways() -> list[tuple[str, str]]:
    """How staff may make sure who it is."""
    return [(way, layout.words(f"staff.members.transfer.{way}")) for way in get_args(IdentityCheck)]


def _checked() -> IdentityCheck | None:
    return next(
        (way for way in get_args(IdentityCheck) if way == request.form.get("checked")), None
    )


def _camera() -> dict[str, Any]:
    """What the camera on a page needs: its files, and its words."""
    return {
        "files": files_path(current_programme()),
        "words": texts_of_scripts(language()),
    }


def _sides(uow: UnitOfWork, seen: MergePreview) -> tuple[MergeSide, ...]:
    keep, other = member_row(uow, seen.keep), member_row(uow, seen.other)
    return (
        _side(layout.words("staff.members.merge.keep"), keep, seen.before),
        _side(layout.words("staff.members.merge.given"), other, seen.other_before),
        _side(layout.words("staff.members.merge.after"), None, seen.after),
    )


def _side(title: str, who: MemberRow | None, facts: Facts) -> MergeSide:
    words = words_now()
    ladder = words.programme.ranks
    rank = ladder.get(facts.rank.id) if ladder else None
    return MergeSide(
        title,
        who,
        show(words.lang, facts.balance),
        facts.visits,
        rank.name.in_(words.lang) if rank else "",
    )
