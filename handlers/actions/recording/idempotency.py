"""Outside keys at work: whatever an action does, it does once for its key."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter

from bot.store.history import claims

from .log import note_refusal
from .outcome import OUTCOME, Outcome
from .work import Work

T = TypeVar("T")


def once(work: Work, asked: str, act: Callable[[], Outcome]) -> Outcome:
    """Claims the work's key, then does `act` and keeps its outcome, a refusal included.

    A repeat gets the first outcome back and changes nothing. `asked` is all that was asked, except
    when: a door that is told no time takes its own, which a retry reads anew. Raises KeyReused when
    the key was used for something else.
    """
    return once_for(OUTCOME, work, asked, act)


def once_for(kind: TypeAdapter[T], work: Work, asked: str, act: Callable[[], T]) -> T:
    """`once` for an act that comes to something else than an Outcome. What is kept must not say who
    somebody is: keys outlive a member who is erased."""
    repeat = claims.claim(work.uow, work.key, asked, at=work.now)
    if repeat is not None:
        return kind.validate_json(repeat.outcome)
    outcome = act()
    # A scan says what it came to in another way, and stands in the log with it.
    refused = getattr(outcome, "refused", None)
    if refused is not None:
        note_refusal(work, refused, member_id=getattr(outcome, "member_id", None) or None)
    claims.settle(work.uow, work.key, kind.dump_json(outcome).decode())
    return outcome
