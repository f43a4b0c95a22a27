"""Taking back what a system did itself."""

from pydantic import Field

from bot.store.history import history
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.recording.work import Work
from rules.activity import What
from rules.base import Refusal

from .current import is_repeat
from .models import AnswerPart, CardNumber, RequestPart
from .problems import refuse
from .subjects import member_with

#: Why something isn't taken back.
NOT_UNDONE = (
    "undo_unknown", "undo_again", "undo_never", "undo_friend", "undo_merged", "undo_elsewhere",
    "undo_needed", "undo_spent", "erased",
)  # fmt: skip


class ActionNamed(RequestPart):
    """Something that this system did."""

    card_number: CardNumber
    action: str = Field(
        min_length=1, max_length=200, pattern=r"^[!-~]+$", description="As its answer named it."
    )


class TakenAway(AnswerPart):
    """What taking something back came to."""

    points: int = Field(description="By how much the balance changed.")
    balance: int = Field(description="The points there were afterwards.")
    rank: str | None = Field(description="The rank afterwards.")


def take_back(work: Work, named: ActionNamed, kind: type[What]) -> UndoOutcome:
    """Undoes the action, if it recorded something of that kind, for a caller who raises what was
    refused when the work is over."""
    member = member_with(work.uow, named.card_number)
    known = history.under(work.uow, member.id, named.action)
    if not is_repeat(work) and not any(
        isinstance(each.recorded.activity.what, kind) for each in known
    ):
        raise refuse(Refusal("undo_unknown"))
    return undo(work, UndoRequest(member.id, named.action))


def taken_away(outcome: UndoOutcome) -> TakenAway:
    """The outcome as it is told; raises what was refused."""
    if outcome.refused is not None:
        raise refuse(Refusal(outcome.refused))
    return TakenAway(points=outcome.points, balance=outcome.balance, rank=outcome.rank)
