"""Members: the row that sums up a history, written whole in the transaction that changed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Boolean, and_, bindparam, case, insert, null, or_, select, true, update

from rules.activity import Membership
from rules.base import Lang
from rules.facts import Facts
from rules.journeys.candidates import DRIFT_ON
from rules.science.drift import Foresight

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, of_many
from ..tables import codes, members
from .member_columns import DAYS, DAYS_AT_ONCE, SUMMED, facts_of, summary

#: What members are called among the rows that a transaction has read.
KIND = "member"


@dataclass(frozen=True, slots=True)
class Member:
    """One member. An erased one has no number, LINE account or day of birth."""

    #: Never shown.
    id: int
    #: The card's.
    number: str
    language: Lang
    line_user_id: str | None
    joined_at: datetime
    referred_by: int | None
    facts: Facts
    #: The last number used in the history.
    seq: int
    #: The last number used in the ledger.
    entry_no: int
    topics_left: tuple[str, ...]
    erased_at: datetime | None
    #: The card's that counts.
    issue: int = 1
    #: How many the card has had: the number of the last one, whichever counts.
    issues: int = 1
    #: Who took this one's history over; None for somebody who stands for themselves.
    merged_into: int | None = None
    #: Until when no reward of much worth is handed out, as the card was moved; None: never was.
    held_until: datetime | None = None
    #: When the last of the events that they ever signed up for is over; None: they never did.
    events_until: datetime | None = None
    #: When the last of what was ever set aside for them is free again; None: nothing was.
    reserved_until: datetime | None = None

    @property
    def membership(self) -> Membership:
        return self.facts.membership

    def is_shared_with(self, user_id: str) -> bool:
        """Whether a LINE account, if it is one, only shares the card of somebody else."""
        return user_id not in ("", self.line_user_id)


#: The columns from which `member_of` makes a member.
COLUMNS = (
    members.c.id, members.c.number, members.c.language, members.c.line_user_id,
    members.c.joined_at, members.c.referred_by, members.c.facts, members.c.history_seq,
    members.c.entry_no, members.c.topics_left, members.c.erased_at, members.c.issue,
    members.c.issues, members.c.merged_into, members.c.held_until, members.c.events_until,
    members.c.reserved_until,
)  # fmt: skip
_ONE = select(*COLUMNS).where(members.c.id == bindparam("member_id"))
_BY_ID, _BY_ID_LOCKED = PreparedStatement(_ONE), PreparedStatement(_ONE.with_for_update())
_MANY = of_many(select(*COLUMNS), members.c.id, "ids")
#: In one order, so that nobody waits in a circle.
_MANY_LOCKED = of_many(
    select(*COLUMNS).order_by(members.c.id).with_for_update(), members.c.id, "ids"
)


def get(uow: UnitOfWork, member_id: int) -> Member | None:
    member: Member | None = uow.identities.get(KIND, member_id)
    if member is None:
        rows = uow.ask(_BY_ID, {"member_id": member_id})
        member = _read(uow, rows[0]) if rows else None
    return member


def many(uow: UnitOfWork, ids: Sequence[int]) -> list[Member]:
    """Those of the members that there are, in no order."""
    return [_read(uow, row) for row in uow.ask(_MANY, {"ids": ids})]


def lock(uow: UnitOfWork, member_id: int) -> Member:
    """The member, theirs alone until the transaction ends. LookupError when there is none."""
    # On SQLite whoever writes is alone anyway.
    member: Member | None = uow.identities.get(KIND, member_id, locked=not uow.is_sqlite)
    if member is not None:
        return member
    rows = uow.ask(_BY_ID_LOCKED, {"member_id": member_id})
    if not rows:
        raise LookupError("no such member")
    return _read(uow, rows[0], locked=True)


def lock_many(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Reads all of them at once for whoever locks each of them later in the transaction."""
    for row in uow.ask(_MANY_LOCKED, {"ids": ids}):
        _read(uow, row, locked=True)


def _read(uow: UnitOfWork, row: Any, *, locked: bool = False) -> Member:
    return keep(uow, member_of(row), locked=locked)


def keep(uow: UnitOfWork, member: Member, *, locked: bool) -> Member:
    """Keeps what was read of a member for the rest of the transaction."""
    uow.identities.put(KIND, member.id, member, locked=locked)
    return member


def _change(
    uow: UnitOfWork, member_id: int, *, beside: dict[str, Any] | None = None, **to: Any
) -> None:
    """Writes fields of a member's, and columns `beside` them, or in place of what is written."""
    uow.run(update(members).where(members.c.id == member_id).values({**to, **(beside or {})}))
    member: Member | None = uow.identities.get(KIND, member_id)
    if member is not None:
        uow.identities.written(KIND, member_id, replace(member, **to))


def member_of(values: Sequence[Any]) -> Member:
    """A member, of what COLUMNS hold."""
    (
        member_id, number, language, line_user_id, joined_at, referred_by, facts, seq, entry_no,
        topics_left, erased_at, issue, issues, merged_into, held_until, events_until,
        reserved_until,
    ) = values  # fmt: skip
    return Member(
        id=member_id,
        number=number,
        language=language,
        line_user_id=line_user_id,
        joined_at=joined_at,
        referred_by=referred_by,
        facts=facts_of(facts),
        seq=seq,
        entry_no=entry_no,
        topics_left=tuple(topics_left.split()),
        erased_at=erased_at,
        issue=issue,
        issues=issues,
        merged_into=merged_into,
        held_until=held_until,
        events_until=events_until,
        reserved_until=reserved_until,
    )


@dataclass(frozen=True, slots=True)
class MemberToBe:
    """Somebody about whom nothing is recorded yet."""

    facts: Facts
    number: str
    language: Lang
    joined_at: datetime
    line_user_id: str | None = None
    referred_by: int | None = None


_INSERT = insert(members).returning(members.c.id, sort_by_parameter_order=True)


def insert_members(
    uow: UnitOfWork, new: Sequence[MemberToBe], foresight: Foresight
) -> list[Member]:
    """Makes them, in that order."""
    rows = [
        {
            "number": each.number, "language": each.language, "joined_at": each.joined_at,
            "line_user_id": each.line_user_id, "referred_by": each.referred_by,
            "history_seq": 0, "entry_no": 0, **summary(each.facts, foresight, erased=False),
        }
        for each in new
    ]  # fmt: skip
    made = [
        Member(
            member_id, each.number, each.language, each.line_user_id, each.joined_at,
            each.referred_by, each.facts, 0, 0, (), None,
        )
        for member_id, each in zip(uow.run(_INSERT, rows).scalars(), new, strict=True)
    ]  # fmt: skip
    for each in made:
        keep(uow, each, locked=True)
    return made


_SAVED = ("history_seq", "entry_no", *SUMMED)
_LIVED = bindparam("lived", type_=Boolean())
_SAVE = PreparedStatement(
    update(members)
    .where(members.c.id == bindparam("member_id"))
    .values({name: bindparam(name) for name in _SAVED} | {
        # Whoever comes, comes back or goes is what the night thought no longer.
        "at_risk": case(
            (
                and_(
                    members.c.away_since == bindparam("away_since"),
                    members.c.membership == bindparam("membership"),
                ),
                members.c.at_risk,
            ),
            else_=null(),
        ),
        "drift_on": case(
            (_LIVED, bindparam("drift_on", type_=members.c.drift_on.type)),
            else_=members.c.drift_on,
        ),
        "figures_due": or_(members.c.figures_due, _LIVED),
    })
)  # fmt: skip


def save(uow: UnitOfWork, member: Member, foresight: Foresight, *, lived: bool = True) -> None:
    """Writes the facts and all on the row that follows from them; of several in a row the last.
    `lived`: something of theirs may have changed that figures count, or that says when they drift,
    in this or in what was written of them before in this transaction."""
    lived = lived or uow.identities.is_written(KIND, member.id)
    uow.write_latest(_SAVE, member.id, partial(_row, member, foresight, lived))
    uow.identities.written(KIND, member.id, member)


def _row(member: Member, foresight: Foresight, lived: bool) -> dict[str, Any]:
    erased, days = member.erased_at is not None, DAYS if lived else DAYS_AT_ONCE
    return {
        "member_id": member.id,
        "lived": lived,
        "history_seq": member.seq,
        "entry_no": member.entry_no,
        DRIFT_ON.name: None,
        **summary(member.facts, foresight, erased=erased, days=days),
    }


_SUMMED = PreparedStatement(
    select(*(members.c[name] for name in (*SUMMED, "at_risk"))).where(
        members.c.id == bindparam("member_id")
    )
)


def columns_off(uow: UnitOfWork, member: Member, foresight: Foresight) -> list[str]:
    """The columns beside the facts that do not say what the facts say."""
    [row] = uow.ask(_SUMMED, {"member_id": member.id})
    erased = member.erased_at is not None
    expected = summary(member.facts, foresight, erased=erased)
    if erased:
        expected["at_risk"] = None
    del expected["facts"]
    return [name for name, value in expected.items() if getattr(row, name) != value]


def set_language(uow: UnitOfWork, member_id: int, language: Lang) -> None:
    _change(uow, member_id, language=language)


def set_referred_by(uow: UnitOfWork, member_id: int, referrer_id: int | None) -> None:
    _change(uow, member_id, referred_by=referrer_id)


def set_line_account(uow: UnitOfWork, member_id: int, user_id: str | None) -> None:
    """Whose chat gets the member's messages; None for nobody's."""
    _change(uow, member_id, line_user_id=user_id, beside={"menu": None})


def set_issue(uow: UnitOfWork, member_id: int, issue: int, *, at: datetime | None = None) -> None:
    """Which issue of the card counts from `at` on; all others are closed. None: from ever on."""
    member = get(uow, member_id)
    if member is None:
        raise LookupError("no such member")
    before = {"issue_before": member.issue if at else None, "issued_at": at}
    _change(uow, member_id, beside=before, issue=issue, issues=max(member.issues, issue))


def set_merged_into(uow: UnitOfWork, member_id: int, keeper_id: int | None) -> None:
    """Who took this member's history over; None for nobody."""
    _change(uow, member_id, merged_into=keeper_id, beside={"at_risk": None, "figures_due": true()})


def set_held_until(uow: UnitOfWork, member_id: int, until: datetime | None) -> None:
    _change(uow, member_id, held_until=until)


def note_event(uow: UnitOfWork, member: Member, until: datetime) -> None:
    """Notes that they signed up for something that is over by then, so that whoever serves them
    before looks for it."""
    if member.events_until is None or member.events_until < until:
        _change(uow, member.id, events_until=until)


def note_reserved(uow: UnitOfWork, member: Member, until: datetime | None) -> None:
    """Notes up to when something is set aside for them, so that whoever serves them looks."""
    if until is not None and (member.reserved_until is None or member.reserved_until < until):
        _change(uow, member.id, reserved_until=until)


def set_joined_at(uow: UnitOfWork, member_id: int, at: datetime) -> None:
    _change(uow, member_id, joined_at=at)


def keeper(uow: UnitOfWork, member_id: int) -> int:
    """Who stands for this member now: whoever took their history over, else they themselves."""
    into = select(members.c.merged_into)
    while (taken := uow.run(into.where(members.c.id == member_id)).scalar()) is not None:
        member_id = taken
    return member_id


_CARDS = PreparedStatement(
    select(members.c.id)
    .where(
        members.c.line_user_id == bindparam("user"),
        members.c.erased_at.is_(None),
        members.c.merged_into.is_(None),
    )
    .order_by(members.c.id)
)


def cards(uow: UnitOfWork, user_id: str) -> list[int]:
    """The cards whose messages go to this LINE account, oldest first: a parent has several."""
    return uow.ids(_CARDS, {"user": user_id})


def set_topics_left(uow: UnitOfWork, member_id: int, topics: Iterable[str]) -> None:
    left = tuple(sorted(topics))
    _change(uow, member_id, beside={"topics_left": " ".join(left)}, topics_left=left)


def add_code(uow: UnitOfWork, kind: str, code: str, member_id: int) -> bool:
    """Notes that `code` leads to the member; False when it is taken."""
    row = {"kind": kind, "code": code, "member_id": member_id}
    return uow.insert_new(codes, [row]) == 1


_OF_CODE = (codes.c.kind == bindparam("of"), codes.c.code == bindparam("text"))
_BY_CODE = PreparedStatement(select(codes.c.member_id).where(*_OF_CODE))
_LOCK_BY_CODE = PreparedStatement(
    select(*COLUMNS)
    .join(codes, codes.c.member_id == members.c.id)
    .where(*_OF_CODE, members.c.merged_into.is_(None))
    .with_for_update(of=members)
)


def by_code(uow: UnitOfWork, kind: str, code: str) -> int | None:
    """The id of the member that `code` leads to."""
    ids = uow.ids(_BY_CODE, {"of": kind, "text": code})
    return ids[0] if ids else None


def lock_by_code(uow: UnitOfWork, kind: str, code: str) -> Member | None:
    """The member that `code` leads to, theirs alone until the transaction ends; None where it leads
    to nobody, or to somebody whose history another took over."""
    rows = uow.ask(_LOCK_BY_CODE, {"of": kind, "text": code})
    return _read(uow, rows[0], locked=True) if rows else None


def code_of(uow: UnitOfWork, kind: str, member_id: int) -> str | None:
    query = select(codes.c.code).where(codes.c.kind == kind, codes.c.member_id == member_id)
    return uow.run(query).scalar()
