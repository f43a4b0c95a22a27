"""Posters, flyers and signs, each with its own code, and what they cost: made, changed, closed.

A code leads to the chat for ever: what hangs somewhere can't be taken back from here.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import TypeAdapter

from bot.store.members import sources
from bot.store.members.sources import MemberSource, SourceFields
from handlers.actions.recording.work import Work
from rules.base import YEN_MAX, Refusal
from rules.figures.sources import SourceCost

from ..recording.idempotency import once_for
from ..recording.log import note

NAME_MAX = 60
#: Of more nobody finds the one they mean.
SOURCES_MAX = 200
#: A cost is of so many days at the most.
COST_DAYS_MAX = 3 * 366
_COSTS_MAX = 100
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_CODE_LENGTH, _TRIES = 6, 20
_MADE: TypeAdapter[int | str] = TypeAdapter(int | str)
#: Somebody else changed it meanwhile.
CHANGED = Refusal("source_changed")

#: What may be done with a source besides changing what is said of it.
SourceStep = Literal["close", "open", "drop"]


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What an owner types of a cost."""

    yen: int
    first: date | None
    last: date | None


def add_source(work: Work, fields: SourceFields) -> int | Refusal:
    """Makes one with a code of its own, once for the form; gives its id.

    Refused with source_nameless, source_many or store_unknown.
    """

    def act() -> int | str:
        if no := _unfit(work, fields):
            return no.code
        if sum(each.dropped_at is None for each in sources.every(work.uow)) >= SOURCES_MAX:
            return "source_many"
        made = _made(work, fields)
        note(work, "source_made", name=fields.name)
        return made.id

    made = once_for(_MADE, work, f"source {fields!r}", act)
    return Refusal(made) if isinstance(made, str) else made


def _made(work: Work, fields: SourceFields) -> MemberSource:
    for _ in range(_TRIES):
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        if sources.add(work.uow, code, fields, at=work.now):
            made = sources.by_code(work.uow, code)
            if made is not None:
                return made
    raise RuntimeError("no free code found")


def change_source(
    work: Work, source_id: int, fields: SourceFields, *, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the source of that revision; its code stays."""
    source = sources.get(work.uow, source_id, lock=True)
    if source is None or source.dropped_at is not None:
        return CHANGED
    if SourceFields(source.name, source.kind, source.store) == fields:
        return None
    if source.revision != revision:
        return CHANGED
    if no := _unfit(work, fields, source):
        return no
    sources.change(work.uow, source, name=fields.name, kind=fields.kind, store=fields.store)
    note(work, "source_changed", name=fields.name)
    return None


def take_source_step(work: Work, source_id: int, step: SourceStep) -> Refusal | None:
    """Closes it, puts it up again, or takes it off the list; nothing where that was done."""
    source = sources.get(work.uow, source_id, lock=True)
    if source is None:
        return CHANGED
    if source.dropped_at is not None:
        return None if step == "drop" else CHANGED
    match step:
        case "close" if source.closed_at is None:
            sources.change(work.uow, source, closed_at=work.now)
        case "open" if source.closed_at is not None:
            sources.change(work.uow, source, closed_at=None)
        case "drop":
            sources.change(work.uow, source, dropped_at=work.now)
        case _:
            return None
    note(work, _STEPS[step], name=source.name)
    return None


#: As the log of the staff has it.
_STEPS = {"close": "source_closed", "open": "source_opened", "drop": "source_dropped"}


def add_cost(work: Work, source_id: int, paid: PaidFor) -> int | Refusal:
    """Writes down what a source cost, once for the form.

    Refused with source_changed, cost_yen, cost_days or cost_many.
    """

    def act() -> int | str:
        source = sources.get(work.uow, source_id, lock=True)
        if source is None or source.dropped_at is not None:
            return CHANGED.code
        checked = _checked(paid)
        if isinstance(checked, Refusal):
            return checked.code
        if len(sources.costs(work.uow, [source.id])) >= _COSTS_MAX:
            return "cost_many"
        cost = SourceCost(0, source.id, checked[0], checked[1], paid.yen)
        sources.put_cost(work.uow, cost, by=work.staff.staff_id, at=work.now)
        _note_cost(work, "source_cost", source, cost)
        return source.id

    made = once_for(_MADE, work, f"source cost {source_id} {paid!r}", act)
    return Refusal(made) if isinstance(made, str) else made


def change_cost(work: Work, cost_id: int, paid: PaidFor | None, *, revision: int) -> Refusal | None:
    """Keeps what somebody made of the cost of that revision; None: takes it away."""
    cost = sources.cost(work.uow, cost_id, lock=True)
    if cost is None:
        return None if paid is None else CHANGED
    if paid is not None and (cost.first, cost.last, cost.yen) == (*_days(paid), paid.yen):
        return None
    if cost.revision != revision:
        return CHANGED
    source = sources.get(work.uow, cost.source_id)
    if source is None:
        return CHANGED
    if paid is None:
        sources.drop_cost(work.uow, cost.id)
        _note_cost(work, "source_cost_dropped", source, cost)
        return None
    checked = _checked(paid)
    if isinstance(checked, Refusal):
        return checked
    new = SourceCost(cost.id, source.id, checked[0], checked[1], paid.yen, revision + 1)
    sources.put_cost(work.uow, new, by=work.staff.staff_id, at=work.now)
    _note_cost(work, "source_cost_changed", source, new)
    return None


def _note_cost(work: Work, action: str, source: MemberSource, cost: SourceCost) -> None:
    days = f"{cost.first.isoformat()} – {cost.last.isoformat()}"
    note(work, action, name=source.name, yen=cost.yen, days=days)


def _checked(paid: PaidFor) -> tuple[date, date] | Refusal:
    """From when to when it is; one day where the last is left out."""
    if not 0 <= paid.yen <= YEN_MAX:
        return Refusal("cost_yen")
    first, last = _days(paid)
    if first is None or last is None or not 0 <= (last - first).days < COST_DAYS_MAX:
        return Refusal("cost_days")
    return first, last


def _days(paid: PaidFor) -> tuple[date | None, date | None]:
    return paid.first, paid.last or paid.first


def _unfit(work: Work, fields: SourceFields, of: MemberSource | None = None) -> Refusal | None:
    if not fields.name:
        return Refusal("source_nameless")
    # A store that is gone from the programme may stay with what it put up.
    known = {*(each.id for each in work.programme.stores), of.store if of else None}
    if fields.store is not None and fields.store not in known:
        return Refusal("store_unknown")
    return None
