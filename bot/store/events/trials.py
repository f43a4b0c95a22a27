"""What the inner circle tries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from rules.base import LocalText
from rules.events.trial import CircleTrial, TrialNews, TrialState

from ..engine.db import UnitOfWork
from ..tables import trials


@dataclass(frozen=True, slots=True)
class StoredTrial:
    """A trial as it is kept."""

    id: int
    trial: CircleTrial
    state: TrialState
    revision: int
    off_at: datetime | None = None
    #: What came of it, once its owner said so.
    outcome: LocalText | None = None
    outcome_at: datetime | None = None
    #: When its owner let the circle be told, and how many were.
    invited_at: datetime | None = None
    invited: int = 0
    #: What is being said of it, and the last member who was looked at for that.
    saying: TrialNews | None = None
    saying_after: int | None = None


def add(uow: UnitOfWork, trial: CircleTrial, *, at: datetime) -> int:
    """Keeps a new trial as a draft; gives its id."""
    row = {"contents": trial.model_dump_json(), "state": "draft", "revision": 1, "made_at": at}
    return int(uow.run(insert(trials).values(row).returning(trials.c.id)).scalar_one())


def lock(uow: UnitOfWork, trial_id: int) -> StoredTrial | None:
    """The trial, for whoever changes it or takes a sample: theirs alone until the transaction ends.
    Members are locked before it."""
    row = uow.run(select(trials).where(trials.c.id == trial_id).with_for_update()).first()
    return _stored(row) if row else None


def get(uow: UnitOfWork, trial_id: int) -> StoredTrial | None:
    return many(uow, [trial_id]).get(trial_id)


def many(uow: UnitOfWork, ids: Collection[int]) -> dict[int, StoredTrial]:
    """Those of the trials that there are, by their ids."""
    found = uow.run(select(trials).where(trials.c.id.in_(list(ids))))
    return {row.id: _stored(row) for row in found}


def newest(uow: UnitOfWork, *, limit: int, drafts: bool) -> list[StoredTrial]:
    """The newest first."""
    found = select(trials).order_by(trials.c.id.desc()).limit(limit)
    if not drafts:
        found = found.where(trials.c.state != "draft")
    return [_stored(row) for row in uow.run(found)]


def to_say(uow: UnitOfWork) -> list[StoredTrial]:
    """Those of which somebody is still to be told something."""
    found = select(trials).where(trials.c.saying.is_not(None)).order_by(trials.c.id)
    return [_stored(row) for row in uow.run(found)]


def change(uow: UnitOfWork, stored: StoredTrial, trial: CircleTrial) -> None:
    """Writes it anew, who holds it locked."""
    _change(uow, stored.id, contents=trial.model_dump_json(), revision=stored.revision + 1)


def set_state(uow: UnitOfWork, stored: StoredTrial, state: TrialState, *, at: datetime) -> None:
    off_at = at if state in ("closed", "cancelled") else None
    _change(uow, stored.id, state=state, revision=stored.revision + 1, off_at=off_at)


def set_outcome(uow: UnitOfWork, stored: StoredTrial, said: LocalText, *, at: datetime) -> None:
    revision = stored.revision + 1
    _change(uow, stored.id, outcome=said.model_dump_json(), outcome_at=at, revision=revision)


def begin_saying(uow: UnitOfWork, stored: StoredTrial, news: TrialNews, *, at: datetime) -> None:
    """From now on members are told; what was being said before ends with it."""
    more: dict[str, Any] = {"invited_at": at} if news == "invite" else {}
    _change(uow, stored.id, saying=news, saying_after=0, **more)


def note_said(uow: UnitOfWork, stored: StoredTrial, invited: int, *, after: int | None) -> None:
    """So many more were told; `after` whom to go on, None where nobody is left. Where something
    else is being said by now, or it began anew, that goes on as it is.

    Nobody locks the trial for it: who takes a sample holds their own row, which a message to them
    refers to, and waits for the trial's."""
    saying = stored.saying if after is not None else None
    so = (trials.c.saying == stored.saying, trials.c.saying_after == stored.saying_after)
    values = {"saying": saying, "saying_after": after, "invited": trials.c.invited + invited}
    uow.run(update(trials).where(trials.c.id == stored.id, *so).values(values))


def _change(uow: UnitOfWork, trial_id: int, **values: Any) -> None:
    uow.run(update(trials).where(trials.c.id == trial_id).values(values))


def _stored(row: Row[Any]) -> StoredTrial:
    return StoredTrial(
        row.id,
        CircleTrial.model_validate_json(row.contents),
        row.state,
        row.revision,
        row.off_at,
        LocalText.model_validate_json(row.outcome) if row.outcome else None,
        row.outcome_at,
        row.invited_at,
        row.invited,
        row.saying,
        row.saying_after,
    )
