"""The inner circle: what it tries, who is in it, and who was asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests, seats, trial_parts, trials
from bot.store.events.trials import StoredTrial
from rules.characters import spaced_number
from rules.events.circle import CircleSeat, brings_seat
from rules.events.trial import TrialFigures, is_over
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...staff.frame.access import language, owner_page, signed
from ...staff.frame.forms import done_line, problem_line
from ...staff.frame.layout import when, words
from ...staff.frame.looks import note_look
from ..frame import layout
from ..frame.blueprint import pages

layout.place(64, "owner.circle")

#: The newest of so many are named.
_SHOWN = 200
_TRIALS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody who is in, or was asked."""

    name: str
    number: str
    spaced: str
    state: str
    ground: str
    at: str
    on_line: bool


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A trial in the list."""

    id: int
    title: str
    #: draft, open, over, told or cancelled.
    state: str
    until: str
    figures: TrialFigures
    has_sample: bool
    samples: int | None
    has_vote: bool


def word(text: str) -> str:
    """A text of these pages."""
    return words(f"owner.circle.{text}")


@pages.get("/circle")
@owner_page
def circle() -> ResponseReturnValue:
    programme, lang = current_programme(), language()
    its, ladder = programme.circle, programme.ranks
    with current_club().store.read() as uow:
        inside = _lines(uow, seats.in_state(uow, "in", limit=_SHOWN))
        asked = _lines(uow, seats.in_state(uow, "invited", limit=_SHOWN))
        counts = seats.counts(uow)
        found = trials.newest(uow, limit=_TRIALS_SHOWN, drafts=True)
        figures = trial_parts.figures(uow, [each.id for each in found])
    if inside or asked:
        note_look(signed().desk, "circle_seen")
    asking = [each for each in ladder.steps if brings_seat(programme, each.id)] if ladder else []
    return layout.page(
        "circle",
        word=word,
        circle=its,
        name=its.name.in_(lang) if its else "",
        about=its.about.in_(lang) if its else "",
        ranks=[each.name.in_(lang) for each in asking],
        rank_ids=[each.id for each in asking],
        inside=inside,
        asked=asked,
        counts=counts,
        trials=[_trial_line(each, figures[each.id]) for each in found],
        done=done_line("owner.circle.done"),
        problem=problem_line(),
    )


def state_of(stored: StoredTrial) -> str:
    """draft, open, over, told or cancelled."""
    if stored.state in ("draft", "cancelled"):
        return stored.state
    if stored.outcome is not None:
        return "told"
    return "over" if is_over(stored.trial, stored.state, current_club().now()) else "open"


def _trial_line(stored: StoredTrial, figures: TrialFigures) -> TrialLine:
    trial = stored.trial
    return TrialLine(
        stored.id,
        trial.title.in_(language()),
        state_of(stored),
        when(trial.ends_at),
        figures,
        trial.reward is not None,
        trial.samples,
        bool(trial.choices),
    )


def _lines(uow: UnitOfWork, found: Sequence[CircleSeat]) -> list[SeatLine]:
    people = guests.named(uow, {each.member_id for each in found})
    return [
        SeatLine(
            formal(who.name, language()),
            who.number,
            spaced_number(who.number),
            each.state,
            each.ground,
            when(each.at),
            who.on_line,
        )
        for each in found
        if (who := people.get(each.member_id)) is not None
    ]
