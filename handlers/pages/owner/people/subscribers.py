"""Who subscribes, and what was delivered, brought in by a file: what each row would come to is
shown before anything is kept, and the same file takes it back."""

from dataclasses import dataclass
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.members import line_plans, subscribed
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.subscriber_file import (
    RowOutcome,
    look_at_rows,
    standing_rows,
    take_rows,
)
from rules.characters import whole_number
from rules.editing.code_list import decoded
from rules.editing.subscriber_list import ROWS_MAX, ListKind, SubscriberList, read_subscribers
from rules.explaining.explain_subscriptions import subscription_sentence
from rules.programme.subscriptions import unnamed

from ...current import current_club, current_programme
from ...staff.frame.access import owner_page, signed_work
from ...staff.frame.forms import back_to, done_line, form_work, new_key, problem_line
from ...staff.frame.words import refusal_here, refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages

layout.place(37, "owner.subscribers")

#: Of what isn't done so many rows are named.
_NAMED_MAX = 100


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row that isn't done, and why."""

    n: int
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A subscription, and how many have it now."""

    id: str
    name: str
    says: str
    count: int
    #: The numbers of LINE's plans that stand for it; "" for none.
    line: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file would come to."""

    kind: ListKind
    text: str
    new: int
    known: int
    #: How many of it were done by this very file, and stand.
    standing: int
    wrong: tuple[RowLine, ...]


@pages.get("/subscribers", endpoint="subscribers")
@owner_page
def shown() -> ResponseReturnValue:
    return _page()


@pages.post("/subscribers", endpoint="subscribers_read")
@owner_page
def read_file() -> ResponseReturnValue:
    """Tells what the file would come to; nothing is kept."""
    sent = request.files.get("file")
    data = (sent.read() if sent else b"") or request.form.get("rows", "").encode()
    asked = _read(data)
    if asked.is_broken:
        return _page(problem="subscriber_file", status=400)
    with signed_work() as work:
        report = _report(look_at_rows(work, asked), asked, data, len(standing_rows(work, asked)))
    return _page(report=report)


@pages.post("/subscribers/keep", endpoint="subscribers_keep")
@owner_page
def keep() -> ResponseReturnValue:
    """Does what was shown, or takes it back; each row once, however often it is sent."""
    asked = _read(request.form.get("rows", "").encode())
    if asked.is_broken:
        return back_to("owner.subscribers", "subscriber_file", "")
    with form_work() as work:
        if request.form.get("how") == "back":
            gone = [
                undo(work.under(f"undo:{row.key}"), UndoRequest(row.member_id, row.key, "CSV"))
                for row in standing_rows(work, asked)
            ]
            done, count = "taken_back", sum(each.done for each in gone)
        else:
            done, count = "kept", sum(each.is_done for each in take_rows(work, asked))
    return back_to("owner.subscribers", None, done, count=count)


def _read(data: bytes) -> SubscriberList:
    kind: ListKind = "deliveries" if request.form.get("kind") == "deliveries" else "days"
    return read_subscribers(data, kind, current_programme().subscriptions)


def _report(
    found: list[RowOutcome], asked: SubscriberList, data: bytes, standing: int
) -> FileReport:
    wrong = [each for each in found if not each.is_done and not each.is_known]
    return FileReport(
        asked.kind,
        _text(data),
        sum(each.is_done for each in found),
        sum(each.is_known for each in found),
        standing,
        tuple(RowLine(each.row.n, each.row.who, refusal_here(each.code).why) for each in wrong),
    )


def _text(data: bytes) -> str:
    """The file as it is sent along to be kept."""
    return decoded(data) or ""


def _today() -> date:
    club = current_club()
    return current_programme().shop.business_date(club.now())


def _page(
    *, report: FileReport | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    words, subscriptions = words_now(), current_programme().subscriptions
    with current_club().store.read() as uow:
        found = subscribed.count(uow, _today())
        unknown = unnamed(subscriptions, line_plans.counted(uow))
    return layout.page(
        "subscribers",
        status=status,
        plans=[
            PlanLine(
                each.id,
                words.name(each.name),
                subscription_sentence(words, each),
                found.of_each[each.id],
                ", ".join(map(str, each.line_memberships)),
            )
            for each in subscriptions
        ],
        unknown=[(str(plan), count) for plan, count in unknown.items()],
        subscribed=found.members,
        report=report,
        named=report.wrong[:_NAMED_MAX] if report else (),
        most=ROWS_MAX,
        key=new_key(),
        done=done_line("owner.subscribers.done"),
        count=whole_number(request.args.get("count", ""), 6) or 0,
        problem=refusal_line(problem) or problem_line(),
    )
