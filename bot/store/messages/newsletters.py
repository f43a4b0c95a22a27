"""The newsletter's issues, who asked for them, and who opened which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, select, update

from rules.programme.newsletter import Issue

from ..engine.db import UnitOfWork
from ..tables import (
    IS_QUEUED,
    IS_SENDING,
    consents,
    members,
    newsletter_issues,
    newsletter_reads,
    outbox,
)
from ..tables.club import STANDS

#: draft: being written. sending: it is on its way. stopping: what hasn't left is withdrawn.
#: stopped, done: nothing of it is on its way any more.
IssueState = Literal["draft", "sending", "stopping", "stopped", "done"]
#: By this the outbox knows all issues; the period is the issue's id.
JOURNEY = "newsletter"


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
    revision: int
    state: IssueState
    #: Since when it is in that state; None for a draft.
    state_at: datetime | None
    #: The last member that was asked for.
    reached: int
    all_queued: bool

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

    def of(self, *statuses: str) -> int:
        return sum(self.messages.get(each, 0) for each in statuses)


def add(uow: UnitOfWork, issue: Issue, picture: IssuePicture | None, *, at: datetime) -> bool:
    """Keeps a new draft; False where there is an issue of that id."""
    row = {"id": issue.id, "added_at": at, **_written(issue, picture)}
    return uow.insert_new(newsletter_issues, [row]) == 1


def put(uow: UnitOfWork, issue: Issue, picture: IssuePicture | None, *, at: datetime) -> bool:
    """Keeps a draft, in place of the one of that id; False where that issue has gone out."""
    if add(uow, issue, picture, at=at):
        return True
    its = update(newsletter_issues).where(
        newsletter_issues.c.id == issue.id, newsletter_issues.c.state == "draft"
    )
    revision = newsletter_issues.c.revision + 1
    done = its.values(added_at=at, revision=revision, **_written(issue, picture))
    return uow.run(done.returning(newsletter_issues.c.id)).first() is not None


def _written(issue: Issue, picture: IssuePicture | None) -> dict[str, Any]:
    return {
        "contents": issue.model_dump_json(),
        "picture": picture.data if picture else None,
        "ratio": picture.ratio if picture else "",
    }


#: All but the picture itself.
_ISSUES = select(*(column for column in newsletter_issues.c if column.name != "picture"))


def get(uow: UnitOfWork, issue_id: str, *, lock: bool = False) -> StoredIssue | None:
    """With `lock` it is nobody else's until the transaction ends."""
    query = _ISSUES.where(newsletter_issues.c.id == issue_id)
    row = uow.run(query.with_for_update() if lock else query).first()
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
    known = dict(row._mapping)
    issue = Issue.model_validate_json(known.pop("contents"))
    known.pop("id")
    return StoredIssue(issue=issue, **known)


def opened(uow: UnitOfWork) -> list[str]:
    """The ids of those that the clock has something to do for."""
    is_open = newsletter_issues.c.state.in_(("sending", "stopping"))
    query = select(newsletter_issues.c.id).where(is_open).order_by(newsletter_issues.c.id)
    return list(uow.run(query).scalars())


def stopped(uow: UnitOfWork, ids: Collection[str]) -> set[str]:
    """Which of those somebody stopped."""
    if not ids:
        return set()
    is_over = newsletter_issues.c.state.in_(("stopping", "stopped"))
    query = select(newsletter_issues.c.id).where(newsletter_issues.c.id.in_(ids), is_over)
    return set(uow.run(query).scalars())


def begin(uow: UnitOfWork, issue_id: str, *, at: datetime) -> None:
    """Lets a locked one go out, to all from the first member on; from the first time on its words
    stay as they are."""
    sent_at = func.coalesce(newsletter_issues.c.sent_at, at)
    _change(uow, issue_id, state="sending", state_at=at, sent_at=sent_at, reached=0,
            all_queued=False)  # fmt: skip


def go_on(
    uow: UnitOfWork, issue_id: str, *, reached: int, all_queued: bool, recipients: int
) -> None:
    """Notes how far a locked one's members have been asked for, and that it was queued for so many
    more."""
    more = newsletter_issues.c.recipients + recipients
    _change(uow, issue_id, reached=reached, all_queued=all_queued, recipients=more)


def turn(uow: UnitOfWork, issue_id: str, state: IssueState, *, at: datetime) -> None:
    """Puts a locked one into that state."""
    _change(uow, issue_id, state=state, state_at=at)


def _change(uow: UnitOfWork, issue_id: str, **values: Any) -> None:
    uow.run(update(newsletter_issues).where(newsletter_issues.c.id == issue_id).values(values))


def is_under_way(uow: UnitOfWork, issue_id: str) -> bool:
    """Whether a message of it waits, or is on its way."""
    its = select(outbox.c.member_id).where(outbox.c.journey == JOURNEY, outbox.c.period == issue_id)
    return any(
        uow.run(its.where(is_open).limit(1)).first() is not None
        for is_open in (IS_QUEUED, IS_SENDING)
    )


def note_read(uow: UnitOfWork, member_id: int, issue_id: str, *, at: datetime) -> bool:
    """Notes that the member opened the issue; False where they had before."""
    row = {"member_id": member_id, "issue": issue_id, "at": at}
    return uow.insert_new(newsletter_reads, [row]) == 1


def figures(uow: UnitOfWork, issues: Sequence[StoredIssue]) -> dict[str, IssueFigures]:
    """What became of those, by their ids: two statements, however many they are."""
    ids = [each.issue.id for each in issues]
    by = (outbox.c.period, outbox.c.status)
    its = (outbox.c.journey == JOURNEY, outbox.c.period.in_(ids))
    messages: dict[str, dict[str, int]] = {}
    for row in uow.run(select(*by, func.count()).where(*its).group_by(*by)):
        messages.setdefault(row[0], {})[row[1]] = int(row[2])
    issue = newsletter_reads.c.issue
    read = uow.run(select(issue, func.count()).where(issue.in_(ids)).group_by(issue))
    readers = {row[0]: int(row[1]) for row in read}
    return {each: IssueFigures(messages.get(each, {}), readers.get(each, 0)) for each in ids}


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


def forget(
    uow: UnitOfWork, member_ids: Collection[int], *, only: Collection[str] | None = None
) -> None:
    """Removes that the members opened issues: all, or `only` these."""
    mine = delete(newsletter_reads).where(newsletter_reads.c.member_id.in_(member_ids))
    uow.run(mine if only is None else mine.where(newsletter_reads.c.issue.in_(only)))


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """What both opened is the keeper's."""
    theirs = select(newsletter_reads).where(newsletter_reads.c.member_id == other_id)
    rows = [
        {"member_id": keep_id, "issue": row.issue, "at": row.at} for row in uow.run(theirs).all()
    ]
    if rows:
        uow.insert_new(newsletter_reads, rows)
