"""Something done to many members at once: to whom is settled when it begins, and each of them has
it once, whatever dies on the way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter

from bot.store import StoreBusy
from bot.store.events import seats
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.many import bulks
from bot.store.many.bulks import StoredBulk
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages.crowds import CrowdAsked
from bot.store.staff import staff
from handlers.actions.events.circle import invite_to_circle
from handlers.actions.members.membership import change_membership
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.broadcasts.bulk import Bulk, unfit_bulk

from ..recording.idempotency import once_for
from ..recording.log import note
from ..staff.signing import desk_of

log = structlog.get_logger(__name__)

#: So many members in one transaction.
CHUNK = 50
#: For so long the table of an export is handed out, and nobody is added to it.
EXPORT_FOR = timedelta(days=7)
_BEGUN: TypeAdapter[int | str] = TypeAdapter(int | str)
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """Whom somebody chose: all that are asked for, or those of `ids` among them; and how many that
    were when they said yes."""

    asked: CrowdAsked
    ids: tuple[int, ...] | None
    counted: int


def begin_bulk(work: Work, bulk: Bulk, choice: BulkChoice) -> int | Refusal:
    """Settles to whom it is done, once for the form; gives its id. The clock does the rest.

    Refused with bulk_nobody, bulk_changed where by now they are others in number than somebody
    said yes to, bulk_nothing or bulk_day.
    """

    def act() -> int | str:
        if no := unfit_bulk(bulk, work.day):
            return no.code
        return _choose(work, bulk, choice)

    wanted = f"bulk {bulk!r} {choice.asked.whom!r} {choice.ids} {choice.counted}"
    made = once_for(_BEGUN, work, wanted, act)
    return Refusal(made) if isinstance(made, str) else made


def _choose(work: Work, bulk: Bulk, choice: BulkChoice) -> int | str:
    made = bulks.add(work.uow, bulk, by=work.staff.staff_id, store=work.staff.store, at=work.now)
    many = bulks.choose(work.uow, made, choice.asked, choice.ids)
    if many != choice.counted or not many:
        bulks.drop(work.uow, made)
        return "bulk_changed" if many else "bulk_nobody"
    if not bulk.is_done_to_each:
        bulks.end(work.uow, made, work.now)
    note(work, f"bulk_{bulk.kind}", count=many)
    return made


def do_part(work: Work, bulk_id: int) -> bool:
    """Does it to the next ones, and notes it with each; gives whether there are more."""
    stored = bulks.get(work.uow, bulk_id, lock=True)
    if stored is None or stored.ended_at is not None:
        return False
    person = staff.get(work.uow, stored.made_by)
    ids = bulks.waiting(work.uow, bulk_id, limit=CHUNK)
    if person is not None:
        acting = work.acting(desk_of(person, None, stored.store))
        _do(acting, stored, ids)
    if len(ids) < CHUNK or person is None:
        bulks.end(work.uow, bulk_id, work.now)
        return False
    return True


def _do(work: Work, stored: StoredBulk, ids: Collection[int]) -> None:
    for each in ids:
        its = work.under(f"bulk:{stored.id}:{each}")
        bulks.settle(work.uow, stored.id, each, _tried(its, stored, each))


def _tried(work: Work, stored: StoredBulk, member_id: int) -> str:
    try:
        with work.apart():
            return _done_to(work, stored, member_id)
    except StoreBusy:
        # All of it again: this passes.
        raise
    except Exception:
        # One member's trouble must not keep it from the others.
        log.exception("bulk_member_failed", bulk=stored.id, member_id=member_id)
        return "bulk_failed"


def _done_to(work: Work, stored: StoredBulk, member_id: int) -> str:
    """What became of it for that member: "done", or the code of a refusal."""
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None:
        return "erased"
    if member.merged_into is not None:
        return "merged"
    bulk = stored.bulk
    if bulk.kind == "circle":
        return _asked_in(work, member)
    if bulk.kind == "note":
        noted = NotedContact(work.now, "noted", bulk.words, work.staff.staff_id, None)
        contacts.add(work.uow, member_id, noted)
        note(work, "noted", member_id=member_id)
        return "done"
    if bulk.state is None or member.membership == bulk.state:
        return "bulk_already"
    outcome = change_membership(work, member_id, bulk.state, at=_from(work, stored))
    return outcome.refused or "done"


def _asked_in(work: Work, member: Member) -> str:
    """Asks them into the circle, where a message reaches them and nobody has asked before."""
    if seats.get(work.uow, member.id) is not None:
        return "circle_asked"
    if member.line_user_id is None:
        return "circle_no_line"
    if member.membership == "paused":
        return "circle_paused"
    return invite_to_circle(work, member.id).refused or "done"


def _from(work: Work, stored: StoredBulk) -> datetime:
    """The moment from which a membership is so: of today that at which it was chosen."""
    shop = work.programme.shop
    since = stored.bulk.since
    if since is None or since == shop.business_date(stored.made_at):
        return stored.made_at
    return shop.opens(since) + _NOON
