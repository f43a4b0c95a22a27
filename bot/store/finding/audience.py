"""What is known of many members at once when a journey asks whether it is due to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, of_many
from ..members import consents
from ..members.members import Member, many
from ..members.mergers import by_card
from ..tables import activities, audit_log, line_accounts, members, outbox, profiles

#: What the audit log calls it when somebody of the staff spoke with a member.
SPOKEN: tuple[str, ...] = ("called", "spoken")
#: What it calls a telephone call that nobody answered.
NO_ANSWER: tuple[str, ...] = ("called_no_answer",)
#: What became of messages that count as written: they went out, may have, or still may.
_WRITTEN = ("queued", "sending", "sent", "uncertain", "held_out")


@dataclass(frozen=True, slots=True)
class Listener:
    """One member, and how they can be written to."""

    member: Member
    #: LINE's; empty without an account.
    display_name: str
    #: Whether LINE reaches them.
    on_line: bool
    blocked: bool
    #: Where an SMS may go (E.164); empty where none may.
    phone: str
    #: When the journey asked about last wrote to them.
    queued_at: datetime | None
    #: When staff last spoke with them.
    called_at: datetime | None


def listeners(uow: UnitOfWork, ids: Sequence[int], *, journey: str) -> list[Listener]:
    """All of `ids` that there are, in their order; `journey` is the outbox's name for it."""
    known = {member.id: member for member in many(uow, ids)}
    accounts = _accounts(uow, ids)
    phones = sms_phones(uow, ids)
    queued = _queued(uow, ids, journey)
    called_at = last_calls(uow, ids)
    found = []
    for member_id in ids:
        member = known.get(member_id)
        if member is None:
            continue
        name, there, blocked = accounts.get(member_id, ("", False, False))
        found.append(
            Listener(
                member=member,
                display_name=name,
                on_line=there and not blocked,
                blocked=blocked,
                phone=phones.get(member_id, ""),
                queued_at=queued.get(member_id),
                called_at=called_at.get(member_id),
            )
        )
    return found


_ACCOUNTS = of_many(
    select(members.c.id, line_accounts.c.display_name, line_accounts.c.blocked).join(
        line_accounts, line_accounts.c.user_id == members.c.line_user_id
    ),
    members.c.id,
    "ids",
)


def _accounts(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[str, bool, bool]]:
    rows = uow.ask(_ACCOUNTS, {"ids": ids})
    return {row.id: (row.display_name, True, row.blocked) for row in rows}


_PHONES = of_many(
    select(profiles.c.member_id, profiles.c.phone).where(profiles.c.phone != ""),
    profiles.c.member_id,
    "ids",
)


def sms_phones(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, str]:
    """Where an SMS may go (E.164), for those of the members who agreed to SMS."""
    rows = uow.ask(_PHONES, {"ids": ids})
    agreed = consents.sms_agreed(uow, [row.member_id for row in rows])
    return {row.member_id: row.phone for row in rows if row.member_id in agreed}


_QUEUED = of_many(
    select(outbox.c.member_id, func.max(outbox.c.queued_at, type_=outbox.c.queued_at.type))
    .where(
        outbox.c.journey == bindparam("journey"),
        or_(*(outbox.c.status == status for status in _WRITTEN)),
    )
    .group_by(outbox.c.member_id),
    outbox.c.member_id,
    "ids",
)


def _queued(uow: UnitOfWork, ids: Sequence[int], journey: str) -> dict[int, datetime]:
    return {row[0]: row[1] for row in uow.ask(_QUEUED, {"ids": ids, "journey": journey})}


def _calls_of(outcome: tuple[str, ...]) -> PreparedStatement:
    return of_many(
        select(audit_log.c.member_id, func.max(audit_log.c.at, type_=audit_log.c.at.type))
        .where(or_(*(audit_log.c.action == action for action in outcome)))
        .group_by(audit_log.c.member_id),
        audit_log.c.member_id,
        "ids",
    )


_CALLS = {outcome: _calls_of(outcome) for outcome in (SPOKEN, NO_ANSWER)}


def last_calls(
    uow: UnitOfWork, ids: Sequence[int], *, outcome: tuple[str, ...] = SPOKEN
) -> dict[int, datetime]:
    """When staff last turned to those of the members whom they did, with that outcome (`SPOKEN` or
    `NO_ANSWER`), on whichever of their cards it was noted."""
    whose = by_card(uow, ids)
    found: dict[int, datetime] = {}
    for card, at in uow.ask(_CALLS[outcome], {"ids": list(whose)}):
        found[whose[card]] = max(at, found.get(whose[card], at))
    return found


def told_in_chat(uow: UnitOfWork, visits: dict[int, date]) -> set[int]:
    """Which of the members recorded their visit of that business day themselves, and so were
    answered in the chat."""
    if not visits:
        return set()
    rows = uow.run(
        select(activities.c.member_id, activities.c.business_date).where(
            and_(
                activities.c.member_id.in_(list(visits)),
                activities.c.business_date.in_(set(visits.values())),
                activities.c.made_by == "member",
                activities.c.what.like("Visit %"),
                activities.c.undone_at.is_(None),
            )
        )
    )
    return {row.member_id for row in rows if visits[row.member_id] == row.business_date}
