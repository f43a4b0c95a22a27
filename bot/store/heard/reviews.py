"""Reviews told in the chat, of each member by number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Row, Select, delete, func, select, update

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import IS_SHOWN, reviews

Status = Literal["draft", "waiting", "counted", "withdrawn"]
#: Why staff may take a review off the page. What it says of the shop, and its stars, are none.
Reason = Literal["rights", "personal", "abuse"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Review:
    """One review."""

    member_id: int
    n: int
    stars: int
    #: Empty for a draft, and for what was withdrawn.
    words: str
    #: When its words were first written, aware UTC.
    at: datetime
    business_date: date
    status: Status
    edited_at: datetime | None = None
    #: The stars chosen with words that are asked for now.
    next_stars: int | None = None
    key: str | None = None
    #: Whose chat its words were told in; None where nobody knows.
    user_id: str | None = None
    #: Whether points or a reward were given for it.
    rewarded: bool = False
    #: The activity that it was recorded as: whose, and its number there.
    counted_for: int | None = None
    counted_seq: int | None = None
    #: The name it is shown under, "" for none; None: it isn't shown.
    shown_as: str | None = None
    taken_down: Reason | None = None
    taken_down_at: datetime | None = None
    taken_down_by: int | None = None
    #: Where they had come last when its words were first written.
    store: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether its words are there to be read."""
        return self.status in ("waiting", "counted")

    @property
    def is_agreed(self) -> bool:
        """Whether its writer lets it be shown."""
        return self.shown_as is not None


def put(uow: UnitOfWork, review: Review) -> None:
    """Writes a review anew, or over what it was."""
    values = {name: getattr(review, name) for name in Review.__dataclass_fields__}
    if uow.insert_new(reviews, [values]):
        return
    mine = (reviews.c.member_id == review.member_id) & (reviews.c.n == review.n)
    uow.run(update(reviews).where(mine).values(values))


def get(uow: UnitOfWork, member_id: int, n: int) -> Review | None:
    mine = (reviews.c.member_id == member_id) & (reviews.c.n == n)
    return _one(uow, select(reviews).where(mine))


def by_key(uow: UnitOfWork, key: str) -> Review | None:
    """The review whose words came under that outside key."""
    return _one(uow, select(reviews).where(reviews.c.key == key))


def of_cards(uow: UnitOfWork, cards: Collection[int], *, limit: int) -> list[Review]:
    """What was told for these cards and not withdrawn, the newest first."""
    told = select(reviews).where(reviews.c.member_id.in_(cards), _IS_TOLD)
    return _all(uow, told.order_by(reviews.c.at.desc(), reviews.c.n.desc()).limit(limit))


def opened(uow: UnitOfWork, cards: Collection[int]) -> Review | None:
    """The review whose words are asked for now."""
    mine = reviews.c.member_id.in_(cards) & reviews.c.next_stars.is_not(None)
    return _one(uow, select(reviews).where(mine).limit(1))


def close(uow: UnitOfWork, cards: Collection[int]) -> None:
    """Asks for the words of none any more; drafts go."""
    mine = reviews.c.member_id.in_(cards) & reviews.c.next_stars.is_not(None)
    uow.run(delete(reviews).where(mine, reviews.c.status == "draft"))
    uow.run(update(reviews).where(mine).values(next_stars=None))


def next_n(uow: UnitOfWork, member_id: int) -> int:
    """The number of the next one of the member, whose row is locked."""
    return next_number(uow, reviews.c.n, member_id=member_id)


def told_on(uow: UnitOfWork, cards: Collection[int], day: date) -> bool:
    """Whether a review was told on that business day, withdrawn since or not."""
    mine = reviews.c.member_id.in_(cards) & (reviews.c.business_date == day)
    found = select(reviews.c.n).where(mine, reviews.c.status != "draft")
    return uow.run(found.limit(1)).first() is not None


def waiting_of(uow: UnitOfWork, cards: Collection[int]) -> Review | None:
    """The oldest review of these cards that waits for staff."""
    mine = reviews.c.member_id.in_(cards) & _WAITS
    oldest = (reviews.c.at, reviews.c.member_id, reviews.c.n)
    return _one(uow, select(reviews).where(mine).order_by(*oldest).limit(1))


def count_waiting(uow: UnitOfWork) -> int:
    """How many wait for staff: none that was taken down, which nobody confirms."""
    waiting = select(func.count()).select_from(reviews).where(_WAITS)
    return int(uow.run(waiting).scalar_one())


def take_reward_back(uow: UnitOfWork, member_id: int, seq: int) -> None:
    """Notes that what the review brought that was recorded as this activity was taken back."""
    its = (reviews.c.counted_for == member_id) & (reviews.c.counted_seq == seq)
    uow.run(update(reviews).where(its).values(rewarded=False))


def shown(uow: UnitOfWork, *, after: int, limit: int) -> list[Review]:
    """What stands on the public page, the newest business day first, without the first `after`: all
    of it, whatever the stars."""
    return _by_day(uow, select(reviews).where(IS_SHOWN), after, limit)


def count_taken_down(uow: UnitOfWork) -> int:
    """How many that their writers would show are not shown."""
    gone = _IS_TOLD & reviews.c.taken_down.is_not(None) & reviews.c.shown_as.is_not(None)
    return int(uow.run(select(func.count()).select_from(reviews).where(gone)).scalar_one())


def told(uow: UnitOfWork, *, waiting: bool, after: int, limit: int) -> list[Review]:
    """What staff read: all that was told, or what waits for them; the newest day first."""
    which = _WAITS if waiting else _IS_TOLD
    return _by_day(uow, select(reviews).where(which), after, limit)


def forget_account(uow: UnitOfWork, user_id: str) -> None:
    """Whose chat they were told in is nobody's to know any more."""
    uow.run(update(reviews).where(reviews.c.user_id == user_id).values(user_id=None))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    uow.run(delete(reviews).where(reviews.c.member_id.in_(member_ids)))


_IS_TOLD = reviews.c.status.in_(("waiting", "counted"))
_WAITS = (reviews.c.status == "waiting") & reviews.c.taken_down.is_(None)


def _by_day(uow: UnitOfWork, found: Select[Any], after: int, limit: int) -> list[Review]:
    order = (reviews.c.business_date, reviews.c.member_id, reviews.c.n)
    newest = found.order_by(*(column.desc() for column in order))
    return _all(uow, newest.offset(after).limit(limit))


def _one(uow: UnitOfWork, found: Select[Any]) -> Review | None:
    row = uow.run(found).first()
    return _review(row) if row else None


def _all(uow: UnitOfWork, found: Select[Any]) -> list[Review]:
    rows: Iterable[Row[Any]] = uow.run(found)
    return [_review(row) for row in rows]


def _review(row: Row[Any]) -> Review:
    return Review(**{name: getattr(row, name) for name in Review.__dataclass_fields__})
