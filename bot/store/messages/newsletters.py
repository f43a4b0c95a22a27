"""The newsletter's issues, who asked for them, and who opened which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, select, update

from rules.programme.newsletter import Issue

from ..engine.db import UnitOfWork
from ..tables import consents, members, newsletter_issues, newsletter_reads, outbox
from ..tables.club import STANDS


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """An issue as it is kept."""

    issue: Issue
    added_at: datetime
    #: When it went out; None for a draft.
    sent_at: datetime | None
    #: To how many it was queued.
    recipients: int
    #: Width and height of its picture, "1024:682"; empty for none.
    ratio: str

    @property
    def has_picture(self) -> bool:
        return bool(self.ratio)


@dataclass(frozen=True, slots=True)
class IssuePicture:
    """A JPEG, and its width and height ("1024:682")."""

    data: bytes
    ratio: str


@dataclass(frozen=True, slots=True)
class IssueFigures:
    """What became of an issue."""

    #: How many messages by what became of them (`outbox.status`).
    messages: dict[str, int]
    #: How many members opened it.
    readers: int


def put(uow: UnitOfWork, issue: Issue, picture: IssuePicture | None, *, at: datetime) -> bool:
    """Keeps a draft, in place of the one of that id; False where that issue has gone out."""
    known = get(uow, issue.id)
    if known is not None and known.sent_at is not None:
        return False
    uow.run(delete(newsletter_issues).where(newsletter_issues.c.id == issue.id))
    row = {
        "id": issue.id, "contents": issue.model_dump_json(), "added_at": at, "sent_at": None,
        "picture": picture.data if picture else None, "ratio": picture.ratio if picture else "",
        "recipients": 0,
    }  # fmt: skip
    return uow.insert_new(newsletter_issues, [row]) == 1


#: All but the picture itself.
_ISSUES = select(*(column for column in newsletter_issues.c if column.name != "picture"))


def get(uow: UnitOfWork, issue_id: str) -> StoredIssue | None:
    row = uow.run(_ISSUES.where(newsletter_issues.c.id == issue_id)).first()
    return _stored(row) if row else None


def issues(
    uow: UnitOfWork, *, sent: bool | None = None, limit: int | None = None
) -> list[StoredIssue]:
    """The issues, the newest first; `sent`: only those that went out, or the drafts."""
    found = _ISSUES
    if sent is not None:
        is_draft = newsletter_issues.c.sent_at.is_(None)
        found = found.where(~is_draft if sent else is_draft)
    newest = func.coalesce(newsletter_issues.c.sent_at, newsletter_issues.c.added_at).desc()
    return [_stored(row) for row in uow.run(found.order_by(newest).limit(limit))]


def picture(uow: UnitOfWork, issue_id: str) -> bytes | None:
    """The picture of an issue that went out; None where there is none."""
    its = select(newsletter_issues.c.picture).where(
        newsletter_issues.c.id == issue_id, newsletter_issues.c.sent_at.is_not(None)
    )
    found: bytes | None = uow.run(its).scalar()
    return found


def draft_picture(uow: UnitOfWork, issue_id: str) -> IssuePicture | None:
    """The picture of a draft; None where there is none."""
    its = select(newsletter_issues.c.picture, newsletter_issues.c.ratio).where(
        newsletter_issues.c.id == issue_id, newsletter_issues.c.sent_at.is_(None)
    )
    row = uow.run(its).first()
    return IssuePicture(row.picture, row.ratio) if row and row.picture is not None else None


def count_subscribers(uow: UnitOfWork) -> int:
    """How many an issue would be queued for now."""
    return int(uow.run(select(func.count()).select_from(_reached().subquery())).scalar_one())


def _stored(row: Row[Any]) -> StoredIssue:
    return StoredIssue(
        Issue.model_validate_json(row.contents),
        row.added_at,
        row.sent_at,
        row.recipients,
        row.ratio,
    )


def note_sent(uow: UnitOfWork, issue_id: str, *, at: datetime, recipients: int) -> None:
    """Notes that it goes out, to so many members more; from the first time on it stays as it is."""
    uow.run(
        update(newsletter_issues)
        .where(newsletter_issues.c.id == issue_id)
        .values(
            sent_at=func.coalesce(newsletter_issues.c.sent_at, at),
            recipients=newsletter_issues.c.recipients + recipients,
        )
    )


def note_read(uow: UnitOfWork, member_id: int, issue_id: str, *, at: datetime) -> bool:
    """Notes that the member opened the issue; False where they had before."""
    row = {"member_id": member_id, "issue": issue_id, "at": at}
    return uow.insert_new(newsletter_reads, [row]) == 1


def figures(uow: UnitOfWork, issue_id: str) -> IssueFigures:
    its = (outbox.c.journey == "newsletter", outbox.c.period == issue_id)
    counted = select(outbox.c.status, func.count()).where(*its).group_by(outbox.c.status)
    readers = select(func.count()).where(newsletter_reads.c.issue == issue_id)
    return IssueFigures(
        {row[0]: row[1] for row in uow.run(counted)},
        int(uow.run(readers).scalar_one()),
    )


def _latest(kind: str) -> ColumnElement[datetime]:
    return func.max(case((consents.c.kind == kind, consents.c.at)))


def subscribers(uow: UnitOfWork, *, after: int, limit: int) -> Sequence[int]:
    """The members, by their ids from `after` on, who asked for the newsletter, didn't stop it since
    and have LINE. Of two words at one moment the no counts."""
    found = _reached().where(members.c.id > after).order_by(consents.c.member_id).limit(limit)
    return list(uow.run(found).scalars())


def _reached() -> Select[tuple[int]]:
    """Those of them whom LINE can bring it, as far as is known."""
    return (
        who_asked()
        .join(members, members.c.id == consents.c.member_id)
        .where(members.c.line_user_id.is_not(None), members.c.membership == "active", STANDS)
    )


def who_asked() -> Select[tuple[int]]:
    """The ids of all who asked for it and didn't stop it since."""
    asked, stopped = _latest("newsletter"), _latest("newsletter_stopped")
    return (
        select(consents.c.member_id)
        .where(consents.c.kind.in_(("newsletter", "newsletter_stopped")))
        .group_by(consents.c.member_id)
        .having(and_(asked.is_not(None), func.coalesce(asked > stopped, True)))
    )


def read_by(uow: UnitOfWork, member_id: int) -> list[tuple[str, datetime]]:
    """Which issues the member opened, and when."""
    theirs = select(newsletter_reads.c.issue, newsletter_reads.c.at)
    mine = theirs.where(newsletter_reads.c.member_id == member_id)
    return [(row.issue, row.at) for row in uow.run(mine.order_by(newsletter_reads.c.at))]


def forget(uow: UnitOfWork, member_id: int, *, only: Collection[str] | None = None) -> None:
    """Removes that the member opened issues: all, or `only` these."""
    mine = newsletter_reads.c.member_id == member_id
    if only is not None:
        mine &= newsletter_reads.c.issue.in_(only)
    uow.run(delete(newsletter_reads).where(mine))


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """What both opened is the keeper's."""
    theirs = select(newsletter_reads).where(newsletter_reads.c.member_id == other_id)
    rows = [
        {"member_id": keep_id, "issue": row.issue, "at": row.at} for row in uow.run(theirs).all()
    ]
    if rows:
        uow.insert_new(newsletter_reads, rows)
