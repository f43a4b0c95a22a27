"""What staff know of a member by name, and what members are found by: any name or number."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)

from rules.wording.name_search import DIGITS, terms

from ..engine.db import UnitOfWork
from ..engine.statements import (
    PreparedStatement,
    insert_new_statement,
    insert_statement,
    of_many,
)
from ..tables import codes, line_accounts, members, profiles, search_terms
from ..tables.types import BigInt
from .members import Member, keeper
from .mergers import with_absorbed

#: The kinds of codes that stand on cards: ours, and those of another system.
CARD_NUMBERS = ("number", "old")


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as staff know them, each part empty while unknown."""

    name: str = ""
    kana: str = ""
    #: E.164 ("+8190…").
    phone: str = ""
    #: For staff; holds nothing on anybody's health.
    note: str = ""
    #: Of these four the ids that the programme gives its choices; of interests any number, with
    #: blanks between them.
    age_band: str = ""
    gender: str = ""
    area: str = ""
    interests: str = ""
    #: Seven digits.
    postcode: str = ""
    #: From the prefecture on.
    address: str = ""
    #: The number (E.164) that the member proved to have, which may have changed since.
    proven_phone: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a member is for staff."""

    profile: Profile
    #: What LINE calls whoever is sent their messages, else somebody else who uses the card; empty
    #: where nobody has a name.
    line_name: str
    on_line: bool
    blocked: bool

    @property
    def name(self) -> str:
        """The name that staff know, else LINE's; may be empty."""
        return self.profile.name or self.line_name


#: What a member is called, where both tables are joined: as they said, else as in LINE.
CALLED = func.coalesce(func.nullif(profiles.c.name, ""), line_accounts.c.display_name, "")
_PROFILE = tuple(profiles.c[field.name] for field in fields(Profile))
_GET = PreparedStatement(select(*_PROFILE).where(profiles.c.member_id == bindparam("member")))
_MEMBER: BindParameter[int] = bindparam("member", type_=BigInt)
_OTHERS = line_accounts.alias("others")


def _name_of_others(member: ColumnElement[int]) -> ScalarSelect[str]:
    """What LINE calls the first of all who use the card."""
    return (
        select(_OTHERS.c.display_name)
        .where(_OTHERS.c.member_id == member, _OTHERS.c.display_name != "")
        .order_by(_OTHERS.c.created_at)
        .limit(1)
        .scalar_subquery()
    )


_ONE = select(literal(1).label("one")).subquery()
#: A row also for whom nothing is known of.
_CONTACT = PreparedStatement(
    select(
        *_PROFILE,
        line_accounts.c.user_id,
        line_accounts.c.blocked,
        func.coalesce(
            func.nullif(line_accounts.c.display_name, ""), _name_of_others(_MEMBER), ""
        ).label("line_name"),
    ).select_from(
        _ONE.outerjoin(profiles, profiles.c.member_id == _MEMBER).outerjoin(
            line_accounts, line_accounts.c.user_id == bindparam("account")
        )
    )
)
#: The same of many, each with their own account.
_CONTACTS = of_many(
    select(
        members.c.id,
        *_PROFILE,
        line_accounts.c.user_id,
        line_accounts.c.blocked,
        func.coalesce(
            func.nullif(line_accounts.c.display_name, ""), _name_of_others(members.c.id), ""
        ).label("line_name"),
    ).select_from(
        members.outerjoin(profiles, profiles.c.member_id == members.c.id).outerjoin(
            line_accounts, line_accounts.c.user_id == members.c.line_user_id
        )
    ),
    members.c.id,
    "ids",
)


def get(uow: UnitOfWork, member_id: int) -> Profile:
    rows = uow.ask(_GET, {"member": member_id})
    return Profile(*rows[0]) if rows else Profile()


def contact(uow: UnitOfWork, member: Member) -> Contact:
    """Who the member is for staff."""
    [row] = uow.ask(_CONTACT, {"member": member.id, "account": member.line_user_id})
    return _contact(row, row[: len(_PROFILE)])


def contacts(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, Contact]:
    """The same of many, by the member."""
    rows = uow.ask(_CONTACTS, {"ids": ids})
    return {row.id: _contact(row, row[1 : len(_PROFILE) + 1]) for row in rows}


def _contact(row: Any, known: Sequence[Any]) -> Contact:
    profile = Profile(*known) if row.name is not None else Profile()
    return Contact(profile, row.line_name, row.user_id is not None, bool(row.blocked))


@dataclass(frozen=True, slots=True)
class ProfileWritten:
    """That what is known of a member was written anew."""

    member_id: int


def put(uow: UnitOfWork, member_id: int, profile: Profile, *, at: datetime) -> None:
    """Writes the profile in the place of what was known, and what the member is found by."""
    uow.run(delete(profiles).where(profiles.c.member_id == member_id))
    uow.run(insert(profiles).values(member_id=member_id, updated_at=at, **asdict(profile)))
    uow.journal.append(ProfileWritten(member_id))
    refresh(uow, member_id)


_NEW = insert_statement(profiles, "member_id", "updated_at", *(f.name for f in fields(Profile)))
_NEW_TERM = insert_new_statement(search_terms, "member_id", "term")


def put_new(
    uow: UnitOfWork, member_id: int, profile: Profile, numbers: Iterable[str], *, at: datetime
) -> None:
    """The same for somebody who is new, and has these numbers: nothing is asked for."""
    uow.write(_NEW, [{"member_id": member_id, "updated_at": at, **asdict(profile)}])
    phone = [profile.phone] if profile.phone else []
    found = terms([profile.name, profile.kana], [*numbers, *phone])
    uow.write(_NEW_TERM, [{"member_id": member_id, "term": term} for term in sorted(found)])


_WITH_PHONE = PreparedStatement(
    select(profiles.c.member_id)
    .join(
        search_terms,
        and_(
            search_terms.c.member_id == profiles.c.member_id,
            search_terms.c.term == bindparam("term"),
        ),
    )
    .where(profiles.c.phone == bindparam("phone"))
)


def with_phone(uow: UnitOfWork, phone: str) -> list[int]:
    """Everybody with that telephone number (E.164); nobody without one."""
    if not phone:
        return []
    return uow.ids(_WITH_PHONE, {"term": DIGITS + phone, "phone": phone})


_WITH_PHONES = of_many(
    select(profiles.c.phone, profiles.c.member_id).join(
        search_terms, search_terms.c.member_id == profiles.c.member_id
    ),
    search_terms.c.term,
    "terms",
)


def with_phones(uow: UnitOfWork, phones: Collection[str]) -> dict[str, set[int]]:
    """The same for many, by the number; without those that nobody has."""
    found: dict[str, set[int]] = {}
    for row in uow.ask(_WITH_PHONES, {"terms": [DIGITS + phone for phone in phones]}):
        if row.phone in phones:
            found.setdefault(row.phone, set()).add(row.member_id)
    return found


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes the profile, and everything that the member was found by."""
    uow.run(delete(profiles).where(profiles.c.member_id.in_(member_ids)))
    uow.run(delete(search_terms).where(search_terms.c.member_id.in_(member_ids)))


def display_names(uow: UnitOfWork, member_id: int) -> list[str]:
    """What LINE calls those who use this card, the one who is sent its messages first."""
    owner = select(members.c.line_user_id).where(members.c.id == member_id).scalar_subquery()
    mine = or_(line_accounts.c.member_id == member_id, line_accounts.c.user_id == owner)
    rows = uow.run(
        select(line_accounts.c.display_name)
        .where(mine)
        .order_by(line_accounts.c.user_id != owner, line_accounts.c.created_at)
    )
    return [row.display_name for row in rows if row.display_name]


def refresh(uow: UnitOfWork, member_id: int) -> None:
    """Makes anew what the member is found by: after a change of name, account or card number."""
    profile = get(uow, member_id)
    names = [profile.name, profile.kana, *display_names(uow, member_id)]
    numbers = _numbers(uow, member_id)
    new = terms(names, [*numbers, *([profile.phone] if profile.phone else [])]) if numbers else ()
    uow.run(delete(search_terms).where(search_terms.c.member_id == member_id))
    uow.insert_new(search_terms, [{"member_id": member_id, "term": term} for term in sorted(new)])


def _numbers(uow: UnitOfWork, member_id: int) -> list[str]:
    """The numbers of cards, of ours or before, that lead to the member, those of cards merged into
    theirs too; none for one who was erased, or merged into another."""
    if keeper(uow, member_id) != member_id:
        return []
    theirs = codes.c.member_id.in_(with_absorbed(uow, member_id))
    rows = uow.run(select(codes.c.code).where(codes.c.kind.in_(CARD_NUMBERS), theirs))
    return [row.code for row in rows]


_BY_NUMBERS = of_many(
    select(codes.c.kind, codes.c.code, codes.c.member_id).where(
        or_(*(codes.c.kind == kind for kind in CARD_NUMBERS))
    ),
    codes.c.code,
    "numbers",
)


def by_numbers(uow: UnitOfWork, numbers: Collection[str]) -> dict[tuple[str, str], int]:
    """To whom these numbers of cards lead, ours and those of before, by the kind and the number;
    without those that lead to nobody."""
    rows = uow.ask(_BY_NUMBERS, {"numbers": numbers})
    return {(row.kind, row.code): row.member_id for row in rows}


_NEW_NUMBER = insert_new_statement(codes, "kind", "code", "member_id")


def write_number(uow: UnitOfWork, kind: str, number: str, member_id: int) -> None:
    """Notes that a card's number leads to the member, unless it is taken."""
    uow.write(_NEW_NUMBER, [{"kind": kind, "code": number, "member_id": member_id}])


def drop_old_numbers(uow: UnitOfWork, member_id: int) -> None:
    """Takes the numbers of cards of before from the member."""
    mine = (codes.c.kind == CARD_NUMBERS[1], codes.c.member_id == member_id)
    uow.run(delete(codes).where(*mine))
    refresh(uow, member_id)


def unsearchable(uow: UnitOfWork, *, limit: int, after: int = 0) -> list[int]:
    """Members with an id above `after` whom no search would find yet, in the order of their ids:
    those of a database from before there was one."""
    known = select(search_terms.c.term).where(search_terms.c.member_id == members.c.id)
    rows = uow.run(
        select(members.c.id)
        .where(
            members.c.id > after,
            members.c.erased_at.is_(None),
            members.c.merged_into.is_(None),
            ~known.exists(),
        )
        .order_by(members.c.id)
        .limit(limit)
    )
    return [row.id for row in rows]
