"""Members, visits, purchases and balances as tables, in the columns in which they come in again; a
page of members at a time, whose rows are all that is in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.phones import spoken
from bot.store import Store, UnitOfWork
from bot.store.many import taken_out
from bot.store.many.taken_out import TakenOutMember
from rules.activity import Purchase, TakenBack
from rules.importing.columns import ImportField, ImportKind
from rules.programme.programme import Programme
from rules.wording.words import Words

from .tables import Cell

#: What can be taken out, and its columns.
COLUMNS: dict[ImportKind, tuple[ImportField, ...]] = {
    "members": ("number", "name", "kana", "phone", "birthday", "joined", "language"),
    "visits": ("number", "day", "time", "store"),
    "purchases": ("number", "day", "time", "yen", "tax", "store", "receipt"),
    "balances": ("number", "points", "until"),
}
#: So many members are read at once.
_PAGE = 500
_ACTS = {"visits": ("Visit",), "purchases": ("Purchase", "TakenBack")}


def heading(words: Words, kind: ImportKind) -> list[str]:
    return [words.say(f"owner.import.field.{each}") for each in COLUMNS[kind]]


def rows(store: Store, words: Words, kind: ImportKind) -> Iterator[Sequence[Cell]]:
    """All rows, in the order of joining, and each member's as they happened."""
    after = 0
    while True:
        with store.read() as uow:
            people = taken_out.people(uow, after=after, limit=_PAGE)
            page = list(_rows(uow, words, kind, people))
        if not people:
            return
        yield from page
        after = people[-1].id


def _rows(
    uow: UnitOfWork, words: Words, kind: ImportKind, people: Sequence[TakenOutMember]
) -> Iterator[Sequence[Cell]]:
    if kind == "members":
        yield from (_person(words, each) for each in people)
        return
    numbers = {each.id: each.number for each in people}
    if kind == "balances":
        for whose, points, until in taken_out.open_points(uow, list(numbers)):
            yield numbers[whose], points, until.isoformat() if until else ""
        return
    programme = words.programme
    acts = taken_out.acts(uow, list(numbers), _ACTS[kind])
    backs = {(a.card_id, a.what.of): a.what for a in acts if isinstance(a.what, TakenBack)}
    for act in acts:
        when = _when(programme, act.at)
        store = _store(words, act.store)
        what = act.what
        if isinstance(what, Purchase):
            back = backs.get((act.card_id, act.seq))
            yen = what.total_yen - (back.yen or 0 if back else 0)
            if yen > 0:
                tax = min(what.tax_yen, yen)
                yield numbers[act.member_id], *when, yen, tax, store, act.receipt
        elif not isinstance(what, TakenBack):
            yield numbers[act.member_id], *when, store


def _person(words: Words, each: TakenOutMember) -> Sequence[Cell]:
    shop, born = words.programme.shop, each.birthday
    birthday = ""
    if born is not None:
        birthday = f"{born.month:02}-{born.day:02}"
        birthday = f"{born.year:04}-{birthday}" if born.year else birthday
    phone = spoken(each.phone, shop.country) if each.phone else ""
    joined = shop.business_date(each.joined_at).isoformat()
    return each.number, each.name, each.kana, phone, birthday, joined, each.language


def _when(programme: Programme, at: datetime) -> tuple[str, str]:
    here = programme.shop.local(at)
    return here.date().isoformat(), f"{here:%H:%M:%S}"


def _store(words: Words, store: str | None) -> str:
    branch = words.programme.store(store)
    return branch.name.in_(words.lang) if branch else ""
