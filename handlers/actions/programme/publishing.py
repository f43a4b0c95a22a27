"""A programme comes into force, now or at a moment, and what waits for its moment is taken back."""

from dataclasses import replace
from datetime import datetime

from bot.store.history import drafts, programs
from bot.store.history.programs import NOTICE, Publication
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme

from ..recording.log import note
from ..recording.work import Work
from .drafting import CHANGED
from .reviewing import review_here


def publish_draft(
    work: Work, revision: int, at: datetime | None = None
) -> Publication | InvalidProgramme | Refusal:
    """Publishes the draft of that revision: at once, as soon as every process can know of it, or
    `at` a moment. What happened before stays judged as it was."""
    draft, newest = drafts.find(work.uow), programs.newest(work.uow)
    if draft is None or draft.revision != revision:
        return CHANGED
    if draft.base != newest.number:
        return Refusal("programme_moved")
    if newest.since > work.now + NOTICE:
        # Two that wait for their moment would have to be compared with each other.
        return Refusal("programme_waits")
    if at is not None and at <= work.now + NOTICE:
        return Refusal("too_early")
    programme = review_here(work.uow, draft.text, lock=True)
    if isinstance(programme, InvalidProgramme):
        return programme
    if not drafts.drop(work.uow, revision):
        return CHANGED
    published = programs.publish(work.uow, draft.text, since=at or work.now + NOTICE)
    note(work, "programme_published", number=published.number)
    return published


def withdraw_waiting(work: Work) -> Refusal | None:
    """Takes back the version that waits for its moment. A draft that began with it keeps what it
    says, and is from now on a change of what holds."""
    if not programs.withdraw_after(work.uow, work.now + NOTICE):
        return Refusal("nothing_waits")
    newest, draft = programs.newest(work.uow), drafts.find(work.uow)
    if draft is not None and draft.base > newest.number:
        drafts.keep(work.uow, replace(draft, base=newest.number, revision=draft.revision + 1))
    if work.actor is not None:
        note(work, "programme_withdrawn")
    return None
