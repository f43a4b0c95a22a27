"""Outside keys at work: whatever an action does, it does once for its key."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter

from bot.store import UnitOfWork
from bot.store.history import claims

from .outcome import OUTCOME, Outcome

T = TypeVar("T")


def once(
    uow: UnitOfWork, key: str, asked: str, work: Callable[[], Outcome], *, now: datetime
) -> Outcome:
    """Claims `key`, then does `work` and keeps its outcome, a refusal included.

    A repeat gets the first outcome back and changes nothing. `asked` is all that was asked, except
    when: a door that is told no time takes its own, which a retry reads anew. Raises KeyReused when
    the key was used for something else.
    """
    return once_for(OUTCOME, uow, key, asked, work, now=now)


def once_for(
    kind: TypeAdapter[T],
    uow: UnitOfWork,
    key: str,
    asked: str,
    work: Callable[[], T],
    *,
    now: datetime,
) -> T:
    """`once` for work that comes to something else than an Outcome. What is kept must not say who
    somebody is: keys outlive a member who is erased."""
    repeat = claims.claim(uow, key, asked, at=now)
    if repeat is not None:
        return kind.validate_json(repeat.outcome)
    outcome = work()
    claims.settle(uow, key, kind.dump_json(outcome).decode())
    return outcome
