"""What is being written: the draft and what it is read as, or the programme that holds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.store.history.drafts import ProgrammeDraft
from handlers.actions.programme.drafting import draft_of
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme, parse
from rules.journeys.programme import WholeProgramme
from rules.wording.words import Words

from ...current import current_club
from ...staff.frame.access import language
from ...staff.frame.words import refusal_line
from ..frame.segment_names import owner_words


@dataclass(frozen=True)
class Drafted:
    """The next programme as it stands, and the newest version's number."""

    draft: ProgrammeDraft
    newest: int

    @property
    def is_begun(self) -> bool:
        return self.draft.revision > 0

    @property
    def is_behind(self) -> bool:
        """Whether a version was published since it was begun."""
        return self.draft.base != self.newest

    @cached_property
    def data(self) -> Mapping[str, Any]:
        return tomllib.loads(self.draft.text)

    @cached_property
    def programme(self) -> WholeProgramme:
        programme = parse(self.draft.text)
        if isinstance(programme, InvalidProgramme):
            # What is kept was reviewed: only an older version of ours can have kept another.
            raise ValueError(programme.listed("en"))
        return programme

    @cached_property
    def words(self) -> Words:
        return owner_words(self.programme)


def problem_of(done: object) -> str:
    """What stands against it, where the draft couldn't be changed or published; "" where it was."""
    if isinstance(done, InvalidProgramme):
        return done.listed(language())
    return refusal_line(done.code) if isinstance(done, Refusal) else ""


def drafted_now() -> Drafted:
    """The draft, or the newest version where nobody writes one."""
    club = current_club()
    with club.reading() as work:
        return Drafted(draft_of(work), work.timeline.latest.number)
