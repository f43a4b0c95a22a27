"""Outside keys at work: whatever an action does, it does once for its key."""

from collections.abc import Callable
from datetime import datetime

from bot.store import UnitOfWork, claims

from .outcome import Outcome, from_json, to_json


def once(
    uow: UnitOfWork, key: str, asked: str, work: Callable[[], Outcome], *, now: datetime
) -> Outcome:
    """Claims `key`, then does `work` and keeps its outcome, a refusal included.

    A repeat gets the first outcome back and changes nothing. `asked` is all that was asked, except
    when: a door that is told no time takes its own, which a retry reads anew. Raises KeyReused when
    the key was used for something else.
    """
    repeat = claims.claim(uow, key, asked, at=now)
    if repeat is not None:
        return from_json(repeat.outcome)
    outcome = work()
    claims.settle(uow, key, to_json(outcome))
    return outcome
