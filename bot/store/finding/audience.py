"""What is known of many members at once when a journey asks whether it is due to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from ..engine.db import UnitOfWork
from ..members import consents
from ..members.members import Member, many
from ..members.mergers import by_card
from ..tables import activities, audit_log, line_accounts, members, outbox, profiles

#: What the audit log calls it when somebody of the staff spoke with a member.
SPOKEN = ("called", "spoken")
#: What it calls a telephone call that nobody answered.
NO_ANSWER = ("called_no_answer",)
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


def _accounts(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[str, bool, bool]]:
    rows = uow.run(
        select(members.c.id, line_accounts.c.display_name, line_accounts.c.blocked)
        .join(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(ids))
    )
    return {row.id: (row.display_name, True, row.blocked) for row in rows}


def sms_phones(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, str]:
    """Where an SMS may go (E.164), for those of the members who agreed to SMS."""
    rows = uow.run(
        select(profiles.c.member_id, profiles.c.phone).where(
            profiles.c.member_id.in_(ids), profiles.c.phone != ""
        )
    ).all()
    agreed = consents.sms_agreed(uow, [row.member_id for row in rows])
    return {row.member_id: row.phone for row in rows if row.member_id in agreed}


def _queued(uow: UnitOfWork, ids: Sequence[int], journey: str) -> dict[int, datetime]:
    rows = uow.run(
        select(outbox.c.member_id, func.max(outbox.c.queued_at, type_=outbox.c.queued_at.type))
        .where(
            outbox.c.member_id.in_(ids),
            outbox.c.journey == journey,
            outbox.c.status.in_(_WRITTEN),
        )
        .group_by(outbox.c.member_id)
    )
    return {row[0]: row[1] for row in rows}


def last_calls(
    uow: UnitOfWork, ids: Sequence[int], *, outcome: Sequence[str] = SPOKEN
) -> dict[int, datetime]:
    """When staff last turned to those of the members whom they did, with that outcome, on whichever
    of their cards it was noted."""
    whose = by_card(uow, ids)
    rows = uow.run(
        select(audit_log.c.member_id, func.max(audit_log.c.at, type_=audit_log.c.at.type))
        .where(audit_log.c.member_id.in_(whose), audit_log.c.action.in_(outcome))
        .group_by(audit_log.c.member_id)
    )
    found: dict[int, datetime] = {}
    for card, at in rows:
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
