"""To many members at once: chosen in the table, looked at once more with how many they are, begun,
and watched until it is over."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.many import bulks
from bot.store.many.bulks import StoredBulk
from bot.store.members import members
from bot.store.messages import crowds
from handlers.actions.heard.labelling import LABELS_MAX, NAME_MAX
from handlers.actions.many.bulk import EXPORT_FOR, BulkChoice, begin_bulk
from handlers.actions.recording.log import note
from rules.base import Refusal
from rules.broadcasts.bulk import BACK, NOTE_MAX, Bulk, BulkKind, BulkState, unfit_bulk
from rules.characters import whole_number
from rules.wording.refusals import is_refusal
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page, signed_work
from ...staff.frame.layout import not_found, words
from ...staff.frame.words import refusal_here, refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from .exporting import exported
from .filtered import MemberFilter, asked_by_form, filter_of
from .table import SHOWN, bulk_text, kinds

layout.place(59, "owner.bulks")

STATES: tuple[BulkState, ...] = get_args(BulkState)
_SHOWN_MAX = 30


@dataclass(frozen=True, slots=True)
class ChosenMembers:
    """Whom a form chose: those ticked, or all that its filter finds."""

    asked: MemberFilter
    numbers: tuple[str, ...] | None
    ids: tuple[int, ...] | None
    many: int


@pages.post("/members/bulk", endpoint="choose_bulk")
@owner_page
def choose() -> ResponseReturnValue:
    """What is to be done, and to how many, before anything is."""
    kind = _kind()
    return _sure_page(kind, _chosen())


@pages.post("/members/bulk/begin", endpoint="begin_bulk")
@owner_page
def begin() -> ResponseReturnValue:
    kind = _kind()
    chosen, bulk = _chosen(), _typed(kind)
    if chosen.asked.asked is None:
        return _sure_page(kind, chosen)
    if no := unfit_bulk(bulk, _today()):
        return _sure_page(kind, chosen, no.code)
    if bulk.kind == "state" and not request.form.get("sure"):
        return _sure_page(kind, chosen, "bulk_unsure")
    counted = whole_number(request.form.get("counted", ""), 9) or 0
    choice = BulkChoice(chosen.asked.asked, chosen.ids, counted)
    with forms.form_work() as work:
        made = begin_bulk(work, bulk, choice)
    if isinstance(made, Refusal):
        return _sure_page(kind, chosen, made.code)
    return redirect(url_for("owner.bulk", bulk_id=made), 303)


@pages.get("/bulks", endpoint="bulks")
@owner_page
def show_bulks() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = bulks.newest(uow, limit=_SHOWN_MAX)
    return layout.page("bulks", found=found, bulk_text=bulk_text)


@pages.get("/bulks/<int:bulk_id>", endpoint="bulk")
@owner_page
def show_bulk(bulk_id: int) -> ResponseReturnValue:
    club = current_club()
    with club.store.read() as uow:
        stored = _stored(uow, bulk_id)
        fates = bulks.fates(uow, bulk_id)
    done, waits = fates.get("done", 0), fates.get(None, 0)
    refused = [
        (refusal_here(why).why if is_refusal(why) else why, count)
        for why, count in sorted(fates.items(), key=lambda each: -each[1])
        if why not in (None, "done")
    ]
    return layout.page(
        "bulk",
        stored=stored,
        said=_said(stored.bulk),
        done=done,
        waits=waits,
        refused=refused,
        percent=100 if not stored.members else round(100 * (1 - waits / stored.members)),
        fetchable=club.now() < stored.made_at + EXPORT_FOR,
        fetch_days=EXPORT_FOR.days,
        labels={"name": NAME_MAX, "most": LABELS_MAX},
        new_key=forms.new_key,
        bulk_text=bulk_text,
    )


@pages.get("/bulks/<int:bulk_id>/members.csv", endpoint="bulk_table")
@owner_page
def fetch(bulk_id: int) -> ResponseReturnValue:
    """The table of an export, made as it is fetched: no copy of it lies anywhere."""
    club = current_club()
    with club.store.read() as uow:
        stored = _stored(uow, bulk_id)
    if stored.bulk.kind != "export" or club.now() >= stored.made_at + EXPORT_FOR:
        not_found()
    with signed_work() as work:
        note(work, "bulk_fetched", count=stored.members)
    return exported(stored)


def _stored(uow: UnitOfWork, bulk_id: int) -> StoredBulk:
    stored = bulks.get(uow, bulk_id)
    if stored is None:
        not_found()
    return stored


def _kind() -> BulkKind:
    kind = next((each for each in kinds() if each == request.form.get("kind")), None)
    if kind is None:
        not_found()
    return kind


def _today() -> date:
    return current_programme().shop.business_date(current_club().now())


def _chosen() -> ChosenMembers:
    """Whom the form chose, and how many they are now."""
    ticked = request.form.get("scope") != "all"
    with current_club().store.read() as uow:
        asked = filter_of(uow, asked_by_form())
        numbers = tuple(dict.fromkeys(request.form.getlist("n")))[:SHOWN] if ticked else None
        ids = None
        if numbers is not None:
            found = (members.by_code(uow, "number", each[:12]) for each in numbers)
            ids = tuple(sorted(each for each in found if each is not None))
        many = crowds.size(uow, asked.asked, among=ids) if asked.asked else 0
    return ChosenMembers(asked, numbers, ids, many)


def _typed(kind: BulkKind) -> Bulk:
    said = " ".join(forms.field("words", NOTE_MAX).split())
    state = next((each for each in STATES if each == request.form.get("state")), None)
    try:
        since = date.fromisoformat(forms.field("since", 10))
    except ValueError:
        since = None
    if kind == "state":
        return Bulk(kind=kind, state=state, since=since)
    return Bulk(kind=kind, words=said if kind == "note" else "")


def _sure_page(kind: BulkKind, chosen: ChosenMembers, code: str = "") -> ResponseReturnValue:
    code = code or ("" if chosen.many else "bulk_nobody")
    whole = chosen.asked.problems.get("", "")
    return layout.page(
        "bulk_sure",
        status=409 if code or whole else 200,
        kind=kind,
        chosen=chosen,
        problem=whole or refusal_line(code, count=chosen.many),
        typed=request.form,
        today=_today(),
        first_day=_today() - BACK,
        states={each: words(f"staff.members.state.{each}") for each in STATES},
        note_max=NOTE_MAX,
        new_key=forms.new_key,
        bulk_text=bulk_text,
    )


def _said(bulk: Bulk) -> str:
    """What is done, in words."""
    if bulk.kind == "state" and bulk.state and bulk.since:
        state = words(f"staff.members.state.{bulk.state}")
        day = long_date(language(), bulk.since)
        return words("owner.bulk.becomes", state=state, day=day)
    return bulk.words
