"""The draft of the next programme, changed part by part. It can always be published: what can't be
so is never kept, and is told to whoever typed it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import toml_text
from bot.store.history import drafts, programs
from bot.store.history.drafts import ProgrammeDraft
from bot.store.history.programs import PublishedText
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme
from rules.editing.parts import Part, changed_parts, id_of, mark_of, values_of
from rules.editing.taps import announcements

from ..recording.log import note
from ..recording.work import Work
from .reviewing import review_here

#: Somebody else changed it meanwhile, or published, or threw it away.
CHANGED = Refusal("draft_changed")


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part as somebody wants it; `values` None takes it out. `seen`: the mark of what it was when
    they began (`parts.mark_of`)."""

    part: Part
    values: Mapping[str, Any] | None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A draft that was put on a newer version; `lost` are the parts that both had changed, of which
    the published ones stand."""

    draft: ProgrammeDraft
    lost: tuple[Part, ...] = ()


def draft_of(work: Work) -> ProgrammeDraft:
    """What is being written; where nothing is, the newest version, still unchanged."""
    return drafts.find(work.uow) or _begun(programs.newest(work.uow))


def _begun(newest: PublishedText) -> ProgrammeDraft:
    return ProgrammeDraft(newest.text, newest.number)


def change_part(work: Work, change: PartChange) -> ProgrammeDraft | InvalidProgramme | Refusal:
    """Changes one part of the draft, which begins with that. Where somebody else changed the same
    part since, nothing is done, unless they did just that."""
    draft, part = draft_of(work), change.part
    there = values_of(tomllib.loads(draft.text), part)
    if there == change.values:
        return draft
    if mark_of(there) != change.seen:
        return Refusal("part_changed")
    return _keep(work, draft, _with(draft.text, part, change.values))


def change_parts(
    work: Work, changes: Sequence[PartChange]
) -> ProgrammeDraft | InvalidProgramme | Refusal:
    """Changes several parts of the draft in one go, where only together they can be; whatever they
    are by now."""
    draft = draft_of(work)
    text = draft.text
    for change in changes:
        text = with_change(text, change)
    return _keep(work, draft, text)


def move_part(
    work: Work, part: Part, *, place: int, up: bool
) -> ProgrammeDraft | InvalidProgramme | Refusal:
    """Moves an entry of a list by one place, up or down, from that `place`; nothing is done where
    it stands elsewhere by now, as after a second tap, or can't go further."""
    draft = draft_of(work)
    ids = [id_of(each) for each in tomllib.loads(draft.text).get(part.section, [])]
    to = place - 1 if up else place + 1
    if not (0 <= place < len(ids) and 0 <= to < len(ids)) or ids[place] != part.id:
        return draft
    return _keep(work, draft, toml_text.swap(draft.text, part.section, part.id, ids[to]))


def with_change(text: str, change: PartChange) -> str:
    """A programme's text with the change, whatever it is worth."""
    return _with(text, change.part, change.values)


def _with(text: str, part: Part, values: Mapping[str, Any] | None) -> str:
    if values is None:
        if part.section == "campaigns":
            # Nobody is told of what there isn't.
            for teller in announcements(tomllib.loads(text), part.id):
                text = toml_text.take(text, teller.section, entry=teller.id)
        return toml_text.take(text, part.section, entry=part.id)
    return toml_text.put(text, part.section, values, entry=part.id)


def begin_with(work: Work, text: str, revision: int) -> ProgrammeDraft | InvalidProgramme | Refusal:
    """Makes `text` the draft, in place of the one of that revision (0: of none)."""
    draft = drafts.find(work.uow)
    if (draft.revision if draft else 0) != revision:
        return CHANGED
    return _keep(work, draft or _begun(programs.newest(work.uow)), text)


def discard(work: Work, revision: int) -> Refusal | None:
    """Throws the draft of that revision away."""
    if not drafts.drop(work.uow, revision):
        return CHANGED
    note(work, "draft_discarded")
    return None


def catch_up(work: Work) -> CaughtUp | InvalidProgramme | Refusal:
    """Puts the draft's changes onto the newest version, which was published meanwhile."""
    draft = drafts.find(work.uow)
    if draft is None:
        return CHANGED
    versions = programs.published(work.uow)
    newest = versions[-1]
    # What a version taken back was replaced by has its number, and is no older.
    base = next((each for each in versions if each.number == draft.base), newest)
    was, wanted, there = (tomllib.loads(each.text) for each in (base, draft, newest))
    text, lost = newest.text, []
    for part, values in changed_parts(was, wanted):
        if values_of(there, part) in (values_of(was, part), values):
            text = _with(text, part, values)
        else:
            lost.append(part)
    kept = _keep(work, replace(draft, base=newest.number), text)
    return CaughtUp(kept, tuple(lost)) if isinstance(kept, ProgrammeDraft) else kept


def _keep(
    work: Work, draft: ProgrammeDraft, text: str
) -> ProgrammeDraft | InvalidProgramme | Refusal:
    reviewed = review_here(work.uow, text, lock=True)
    if isinstance(reviewed, InvalidProgramme):
        return reviewed
    actor = work.actor
    kept = ProgrammeDraft(
        text, draft.base, draft.revision + 1, work.now, actor.staff_id if actor else None
    )
    return kept if drafts.keep(work.uow, kept) else CHANGED
