"""Members found by any name or number, in a time that doesn't grow with the club.

Of a million members thousands have one name, and nobody looks through more than a few.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import BindParameter, ColumnElement, TextClause, bindparam, func, or_, select

from rules.wording.name_search import NamePart, NameQuery

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, of_many
from ..tables import members, search_terms
from ..tables.club import STANDS

#: Nobody looks through more than these.
FOUND_MAX = 20
#: Of a name that no more members have, all are looked at; of a more common one so many of them, and
#: so many of those who visited last.
SAME_MAX, LATEST_MAX = 100, 200
#: Sorts behind whatever a term goes on with.
_LAST = "\U0010ffff"

_TERM = search_terms.c.term
_START: BindParameter[str] = bindparam("start")
_END: BindParameter[str] = bindparam("end")
_ONE_OF_THEM = select(search_terms.c.member_id)
#: Who has it twice, in a name and in that of LINE, takes the place of two.
_SOME = 2 * SAME_MAX + 1
#: Between the two as the index sorts, which knows no language.
_BEGINS = PreparedStatement(
    _ONE_OF_THEM.where(_TERM.op("~>=~")(_START), _TERM.op("~<~")(_END)).limit(_SOME),
    on_sqlite=_ONE_OF_THEM.where(_TERM >= _START, _TERM < _END).limit(_SOME),
)
_IS = of_many(_ONE_OF_THEM.limit(_SOME), _TERM, "terms")
_LATEST = PreparedStatement(
    select(members.c.id)
    .where(STANDS, members.c.last_visit_at.is_not(None))
    .order_by(members.c.last_visit_at.desc(), members.c.id.desc())
    .limit(LATEST_MAX)
)
_IS_NUMBER = _TERM.in_((bindparam("number"), bindparam("phone")))
#: Of each by their own terms: put so that no database begins with all who have such a term.
_HAS = of_many(
    _ONE_OF_THEM.distinct().where(
        or_(func.substr(_TERM, 1, func.length(_START)) == _START, _IS_NUMBER)
    ),
    search_terms.c.member_id,
    "ids",
    on_sqlite=_ONE_OF_THEM.distinct().where(or_((_START <= _TERM) & (_END > _TERM), _IS_NUMBER)),
)
_BY_VISIT = (members.c.last_visit_at.desc().nulls_last(), members.c.id.desc())
_IN_ORDER = of_many(
    select(members.c.id).where(members.c.erased_at.is_(None)).order_by(*_BY_VISIT).limit(FOUND_MAX),
    members.c.id,
    "ids",
)


def search(uow: UnitOfWork, wanted: NameQuery) -> list[int]:
    """The members that are found, at most FOUND_MAX, those who came last first.

    Where more than SAME_MAX have every part of it, those come first who are among the LATEST_MAX of
    the club's last visitors. Behind them are others of the name, and not all are looked at.
    """
    if not wanted.parts:
        return []
    parts, is_one = wanted.parts, len(wanted.parts) == 1
    some, is_all = _with_rarest(uow, parts)
    if is_all:
        return _in_order(uow, _having(uow, some, () if is_one else parts))
    last = uow.ids(_LATEST, {})
    known = _having(uow, last, parts)
    latest = [each for each in last if each in known]
    if not is_one:
        # Most have their surname and given name together, in one order or the other.
        for whole in (parts, parts[::-1]):
            some |= _with_part(uow, NamePart(start="".join(part.start for part in whole)))
        some = _having(uow, some, parts)
    return [*latest, *_in_order(uow, some - known)][:FOUND_MAX]


def search_among(
    uow: UnitOfWork, wanted: NameQuery, *also: ColumnElement[bool] | TextClause
) -> list[int]:
    """The same of members for whom `also` holds, where each who has the name is looked at."""
    if not wanted.parts:
        return []
    has_all = (
        members.c.id.in_(_ONE_OF_THEM.where(or_(*_conditions(uow, part)))) for part in wanted.parts
    )
    rows = uow.run(
        select(members.c.id)
        .where(*has_all, members.c.erased_at.is_(None), *also)
        .order_by(*_BY_VISIT)
        .limit(FOUND_MAX)
    )
    return list(rows.scalars())


def _with_rarest(uow: UnitOfWork, parts: Iterable[NamePart]) -> tuple[set[int], bool]:
    """Members with the part that the fewest have, and whether these are all."""
    those: set[int] = set()
    for part in parts:
        those = _with_part(uow, part)
        if len(those) <= SAME_MAX:
            return those, True
    return those, False


def _with_part(uow: UnitOfWork, part: NamePart) -> set[int]:
    """Members with that part: all, where no more than SAME_MAX have it."""
    those = uow.ids(_BEGINS, {"start": part.start, "end": part.start + _LAST})
    if part.exactly:
        those += uow.ids(_IS, {"terms": part.exactly})
    return set(those)


def _having(uow: UnitOfWork, ids: Collection[int], parts: Iterable[NamePart]) -> set[int]:
    """Those of them who have every part."""
    those = set(ids)
    for part in parts:
        number, phone = (*part.exactly, "", "")[:2]
        begins = {"start": part.start, "end": part.start + _LAST}
        asked = {"ids": sorted(those), **begins, "number": number, "phone": phone}
        those = set(uow.ids(_HAS, asked)) if those else those
    return those


def _in_order(uow: UnitOfWork, ids: Collection[int]) -> list[int]:
    return uow.ids(_IN_ORDER, {"ids": list(ids)}) if ids else []


def _conditions(uow: UnitOfWork, part: NamePart) -> Iterable[ColumnElement[bool]]:
    if part.exactly:
        yield _TERM.in_(part.exactly)
    if part.start and uow.is_sqlite:
        # SQLite uses the index for a range, but not for its LIKE, which knows no case.
        yield (part.start <= _TERM) & (part.start + _LAST > _TERM)
    elif part.start:
        yield _TERM.startswith(part.start, autoescape=True)
