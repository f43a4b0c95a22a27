"""One trial of the inner circle: how it stands, who took part, and what came of it."""

from dataclasses import dataclass
from typing import get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests, trial_parts, trials
from bot.store.events.guests import GuestName
from bot.store.events.trials import StoredTrial
from handlers.actions.events.trials import TrialStep, step_trial, tell_outcome
from handlers.showing.photos import photo_path
from rules.base import LocalText
from rules.characters import spaced_number
from rules.events.trial import TrialFigures, TrialPart, is_over
from rules.explaining.event_questions import questions_of
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page, signed
from ...staff.frame.layout import not_found, when
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from .circle import state_of, word
from .one import voices

#: No database holds a larger id than that, nor has any club so many trials.
_ID_MAX = 10**9
#: So many of who took part are named.
_NAMED = 200
OUTCOME_MAX = 300


@dataclass(frozen=True, slots=True)
class VoteBar:
    """One choice with its votes, and their share in per cent."""

    name: str
    #: Where its photograph is; empty for none.
    picture: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class PartLine:
    """Somebody who took part. `number` is empty once they are erased."""

    name: str
    number: str
    spaced: str
    sample: str
    choice: str
    on_line: bool


def trial_here(uow: UnitOfWork, trial_id: int) -> StoredTrial:
    """The trial; 404 for none."""
    stored = trials.get(uow, trial_id) if trial_id < _ID_MAX else None
    if stored is None:
        not_found()
    return stored


@pages.get("/circle/<int:trial_id>", endpoint="circle_trial")
@owner_page
def show_trial(trial_id: int) -> ResponseReturnValue:
    return _page(trial_id)


@pages.post("/circle/<int:trial_id>/step", endpoint="circle_trial_step")
@owner_page
def step_on_trial(trial_id: int) -> ResponseReturnValue:
    step: TrialStep | None = next(
        (each for each in get_args(TrialStep) if each == request.form.get("step")), None
    )
    if step is None:
        not_found()
    if step in ("cancel", "close") and "sure" not in request.form:
        return _page(trial_id, asks=step)
    with forms.form_work() as work:
        trial_here(work.uow, trial_id)
        no = step_trial(work, trial_id, forms.number("revision") or 0, step)
    return forms.back_to("owner.circle_trial", no.code if no else None, step, trial_id=trial_id)


@pages.post("/circle/<int:trial_id>/outcome", endpoint="circle_trial_outcome")
@owner_page
def tell_trial_outcome(trial_id: int) -> ResponseReturnValue:
    """Looked at once more before it goes out: it goes once."""
    ja, en = (
        request.form.get(f"outcome_{lang}", "").replace("\0", "").strip() for lang in ("ja", "en")
    )
    if not ja or max(len(ja), len(en)) > OUTCOME_MAX:
        return _page(trial_id, outcome=(ja, en), wrong="missing" if not ja else "long")
    if "again" in request.form:
        return _page(trial_id, outcome=(ja, en))
    if "sure" not in request.form:
        return _page(trial_id, asks="outcome", outcome=(ja, en))
    with forms.form_work() as work:
        trial_here(work.uow, trial_id)
        said = LocalText(ja=ja, en=en)
        no = tell_outcome(work, trial_id, forms.number("revision") or 0, said)
    return forms.back_to(
        "owner.circle_trial", no.code if no else None, "outcome", trial_id=trial_id
    )


def _page(
    trial_id: int, *, asks: str = "", outcome: tuple[str, str] = ("", ""), wrong: str = ""
) -> ResponseReturnValue:
    club, words, lang = current_club(), words_now(), language()
    now = club.now()
    with club.store.read() as uow:
        stored = trial_here(uow, trial_id)
        figures = trial_parts.figures(uow, [trial_id])[trial_id]
        found = trial_parts.of_trial(uow, trial_id, limit=_NAMED)
        people = guests.named(uow, {each.member_id for each in found})
        concerned = trial_parts.count_concerned(uow, trial_id)
        heard = voices(uow, questions_of(trial_id, None))
    if found:
        note_look(signed().desk, "parts_seen")
    trial = stored.trial
    reward = current_programme().reward(trial.reward or "")
    return layout.page(
        "circle_trial",
        status=422 if wrong else 200,
        word=word,
        stored=stored,
        state=state_of(stored),
        title=trial.title.in_(lang),
        about=words.name(trial.about),
        photo=photo_path(trial.picture) if trial.picture else "",
        until=when(trial.ends_at),
        is_over=is_over(trial, stored.state, now),
        question=words.name(trial.question) if trial.question else "",
        bars=_bars(stored, figures),
        figures=figures,
        sample=words.name(reward.name) if reward else (trial.reward or ""),
        heard=heard,
        survey=trial.survey or "",
        parts=[_line(each, people[each.member_id], stored) for each in found],
        concerned=concerned,
        told=stored.outcome.in_(lang) if stored.outcome else "",
        told_at=when(stored.outcome_at),
        invited_at=when(stored.invited_at),
        asks=asks,
        outcome=outcome,
        outcome_max=OUTCOME_MAX,
        wrong=wrong,
        key=forms.new_key(),
        done=forms.done_line("owner.circle.done"),
        problem=forms.problem_line(),
    )


def _bars(stored: StoredTrial, figures: TrialFigures) -> list[VoteBar]:
    counted = [(each, figures.votes.get(each.id, 0)) for each in stored.trial.choices]
    whole = figures.voted or 1
    return [
        VoteBar(
            choice.name.in_(language()),
            photo_path(choice.picture) if choice.picture else "",
            count,
            round(100 * count / whole),
        )
        for choice, count in counted
    ]


def _line(part: TrialPart, who: GuestName, stored: StoredTrial) -> PartLine:
    choice = stored.trial.choice(part.choice)
    sample = "fetched" if part.fetched_at else "taken" if part.sample_no is not None else ""
    return PartLine(
        formal(who.name, language()),
        who.number,
        spaced_number(who.number),
        word(f"sample.{sample}") if sample else "",
        choice.name.in_(language()) if choice else "",
        who.on_line,
    )
