"""What a message promised is noted in the transaction that says how the message ended: the next
visit really brings it, also where nobody knows whether the message arrived."""

from collections.abc import Sequence

import structlog
from pydantic import TypeAdapter

from bot.store import StoreBusy, UnitOfWork
from bot.store.members import members
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import EndedAttempt
from bot.store.messages.outbox import MessagePromise
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.recording.work import Work
from rules.activity import Offered

log = structlog.get_logger(__name__)

_OFFERED = TypeAdapter(Offered)


def dump(offered: Offered) -> str:
    """What is kept with a message that promises `offered`."""
    return _OFFERED.dump_json(offered).decode()


def end(work: Work, ended: Sequence[EndedAttempt]) -> None:
    """Ends attempts, and notes what their messages promised, unless LINE surely refused them."""
    went = [each.id for each in ended if each.status != "failed"]
    promised = outbox.promises_of(work.uow, went) if went else []
    # Members first, as everybody does who changes them, and in one order.
    for each in promised:
        members.lock(work.uow, each.member_id)
    attempts.end(work.uow, ended, now=work.now)
    note(work, promised)


def note(work: Work, promised: Sequence[MessagePromise]) -> None:
    """Records promises as made when the messages were first tried; each once."""
    for each in promised:
        try:
            with work.apart():
                _note(work, each)
        except StoreBusy:
            # All of it again: a promise that was made must not be lost to a moment's crowd.
            raise
        except Exception:
            # One promise's trouble must not keep the others' answers from being written down.
            log.exception("promise_not_noted", journey=each.journey)


def _note(work: Work, each: MessagePromise) -> None:
    made = _OFFERED.validate_json(each.promise)
    outcome = offer(
        work.under(f"offer:{made.journey}:{each.period}:{each.member_id}"),
        _holder(work.uow, each.member_id),
        Promise(made.journey, made.until, made.reward, made.points),
        at=each.first_tried_at,
    )
    if outcome.refused:
        log.warning("promise_refused", journey=made.journey, reason=outcome.refused)


def _holder(uow: UnitOfWork, member_id: int) -> int:
    """Who has the card now: it may have been merged into another since the message went out."""
    while (merged_into := members.lock(uow, member_id).merged_into) is not None:
        member_id = merged_into
    return member_id
