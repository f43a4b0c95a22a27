"""What a message promised is noted in the transaction that says how the message ended: the next
visit really brings it, also where nobody knows whether the message arrived. That points were warned
of is noted only of what has surely left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from pydantic import TypeAdapter

from bot.store import StoreBusy, UnitOfWork
from bot.store.members import members
from bot.store.messages import attempts, outbox
from bot.store.messages.attempts import EndedAttempt
from bot.store.messages.outbox import MessagePromise
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.heard.asking import ask_survey
from handlers.actions.recording.work import Work
from handlers.actions.telling.warnings import note_left
from rules.activity import Offered
from rules.explaining.event_questions import survey_named

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PointsWarned:
    """The points that go on `due` were warned of."""

    due: date


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The questions of that survey were put by the journey `by`."""

    survey: str
    by: str


#: What follows from a message that left.
Promised = Offered | PointsWarned | SurveyAsked
_PROMISED: TypeAdapter[Promised] = TypeAdapter(Promised)


def dump(promised: Promised) -> str:
    """What is kept with a message that promises that."""
    return _PROMISED.dump_json(promised).decode()


def end(work: Work, ended: Sequence[EndedAttempt]) -> None:
    """Ends attempts, and notes what their messages promised, unless LINE surely refused them."""
    left = _promised(work.uow, (each.id for each in ended if each.status == "delivered"))
    perhaps = _promised(work.uow, (each.id for each in ended if each.status == "uncertain"))
    # Members first, as everybody does who changes them, and in one order.
    for member_id in sorted({each.member_id for each in (*left, *perhaps)}):
        members.lock(work.uow, member_id)
    if "message" in work.told_outside:
        work.uow.journal += attempts.messages_of(work.uow, ended)
    attempts.end(work.uow, ended, now=work.now)
    note(work, left, left=True)
    note(work, perhaps, left=False)


def _promised(uow: UnitOfWork, attempt_ids: Iterable[str]) -> list[MessagePromise]:
    ids = list(attempt_ids)
    return outbox.promises_of(uow, ids) if ids else []


def note(work: Work, promised: Sequence[MessagePromise], *, left: bool) -> None:
    """Records promises as made when the messages were first tried; each once. `left`: the messages
    surely did."""
    for each in promised:
        try:
            with work.apart():
                _note(work, each, left=left)
        except StoreBusy:
            # All of it again: a promise that was made must not be lost to a moment's crowd.
            raise
        except Exception:
            # One promise's trouble must not keep the others' answers from being written down.
            log.exception("promise_not_noted", journey=each.journey)


def _note(work: Work, each: MessagePromise, *, left: bool) -> None:
    made = _PROMISED.validate_json(each.promise)
    if isinstance(made, PointsWarned):
        if left:
            note_left(work, each.member_id, made.due)
        return
    if isinstance(made, SurveyAsked):
        survey = survey_named(work.programme, made.survey)
        if survey is not None:
            owner = _holder(work.uow, each.member_id)
            ask_survey(work, owner, survey, by=made.by, at=each.first_tried_at)
        return
    outcome = offer(
        work.under(f"offer:{made.journey}:{each.period}:{each.member_id}"),
        _holder(work.uow, each.member_id),
        Promise(made.journey, made.until, made.reward, made.points, made.is_comeback),
        at=each.first_tried_at,
    )
    if outcome.refused:
        log.warning("promise_refused", journey=made.journey, reason=outcome.refused)


def _holder(uow: UnitOfWork, member_id: int) -> int:
    """Who has the card now: it may have been merged into another since the message went out."""
    while (merged_into := members.lock(uow, member_id).merged_into) is not None:
        member_id = merged_into
    return member_id
