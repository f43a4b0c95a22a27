"""A trial is made, changed, opened, closed and cancelled by the owner, who tells in the end what
came of it; and those who are to know of any of that are told, each once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from bot.store.events import seats, trial_parts, trials
from bot.store.events.trials import StoredTrial
from bot.store.members import members
from rules.base import LocalText, Refusal
from rules.events.trial import CircleTrial, TrialPart, TrialState, is_over

from ..recording.log import note
from ..recording.work import Work
from ..telling.circle_messages import (
    SayTrialInvite,
    SayTrialOff,
    SayTrialOutcome,
    SayTrialQuestions,
)
from ..telling.messages import tell

#: What is done to a trial as a whole.
TrialStep = Literal["open", "close", "cancel", "invite"]
#: So long an invitation may wait for room among what else a member gets.
_INVITED_WITHIN = timedelta(days=7)
#: So long what came of it, or that it is off, is worth telling.
TOLD_WITHIN = timedelta(days=14)
#: Questions come while the taste is fresh.
_ASKED_WITHIN = timedelta(days=3)
#: An invitation waits behind what is about the member's own things.
_INVITATION_PRIORITY = 7


def make_trial(work: Work, trial: CircleTrial) -> int:
    """Keeps a new trial as a draft; gives its id."""
    trial_id = trials.add(work.uow, trial, at=work.now)
    note(work, "trial_made", trial=trial_id)
    return trial_id


def change_trial(work: Work, trial_id: int, revision: int, trial: CircleTrial) -> Refusal | None:
    """Writes a trial anew. Refused with trial_gone, trial_changed (somebody was quicker),
    trial_over, trial_choice_taken (somebody voted for what is gone) or trial_samples_taken (fewer
    samples than are somebody's, or another)."""
    stored = _locked(work, trial_id, revision)
    if isinstance(stored, Refusal):
        return stored
    if is_over(stored.trial, stored.state, work.now):
        return Refusal("trial_over")
    figures = trial_parts.figures(work.uow, [trial_id])[trial_id]
    if any(count and trial.choice(each) is None for each, count in figures.votes.items()):
        return Refusal("trial_choice_taken")
    too_few = trial.samples is not None and trial.samples < figures.samples
    if figures.samples and (too_few or trial.reward != stored.trial.reward):
        return Refusal("trial_samples_taken")
    trials.change(work.uow, stored, trial)
    note(work, "trial_changed", trial=trial_id)
    return None


def _locked(work: Work, trial_id: int, revision: int) -> StoredTrial | Refusal:
    """The trial as its reader saw it, theirs alone until the transaction ends; or why not."""
    stored = trials.lock(work.uow, trial_id)
    if stored is None:
        return Refusal("trial_gone")
    return stored if stored.revision == revision else Refusal("trial_changed")


def step_trial(work: Work, trial_id: int, revision: int, step: TrialStep) -> Refusal | None:
    """Opens it, ends it early, or calls it off, or lets the circle be told. Who took part in what
    is called off is told by itself.

    Refused with trial_gone, trial_changed, trial_over, or trial_not_open (nobody can be told of
    what isn't open)."""
    stored = _locked(work, trial_id, revision)
    if isinstance(stored, Refusal):
        return stored
    if is_over(stored.trial, stored.state, work.now):
        return Refusal("trial_over")
    match step:
        case "invite" if stored.state != "open":
            return Refusal("trial_not_open")
        case "invite":
            trials.begin_saying(work.uow, stored, "invite", at=work.now)
        case "cancel":
            trials.set_state(work.uow, stored, "cancelled", at=work.now)
            trials.begin_saying(work.uow, stored, "off", at=work.now)
        case _:
            state: TrialState = "open" if step == "open" else "closed"
            trials.set_state(work.uow, stored, state, at=work.now)
    note(work, f"trial_{step}", trial=trial_id)
    return None


def tell_outcome(work: Work, trial_id: int, revision: int, said: LocalText) -> Refusal | None:
    """Lets everybody who took part be told what came of it. Refused with trial_gone,
    trial_changed, trial_off, trial_running (it isn't over) or trial_told (they were)."""
    stored = _locked(work, trial_id, revision)
    if isinstance(stored, Refusal):
        return stored
    if stored.state == "cancelled":
        return Refusal("trial_off")
    if stored.state == "draft" or not is_over(stored.trial, stored.state, work.now):
        return Refusal("trial_running")
    if stored.outcome is not None:
        return Refusal("trial_told")
    trials.set_outcome(work.uow, stored, said, at=work.now)
    trials.begin_saying(work.uow, stored, "outcome", at=work.now)
    note(work, "trial_outcome", trial=trial_id)
    return None


def say_news(work: Work, stored: StoredTrial, after: int, *, limit: int) -> int | None:
    """Tells the next of those who are to know of what is being said; gives the last one who was
    looked at, None where nobody is left."""
    if stored.saying == "invite":
        ids = seats.seated(work.uow, after=after, limit=limit)
        is_open = stored.state == "open" and work.now < stored.trial.ends_at
        ids = ids if is_open else ()
    else:
        ids = trial_parts.concerned(work.uow, stored.id, after=after, limit=limit)
    told = _say(work, stored, ids)
    last = ids[-1] if ids else None
    invited = told if stored.saying == "invite" else 0
    trials.note_said(work.uow, stored, invited, after=last)
    return last


def _say(work: Work, stored: StoredTrial, ids: Sequence[int]) -> int:
    invites = stored.saying == "invite"
    kinds = {"off": SayTrialOff, "outcome": SayTrialOutcome}
    kind = kinds.get(stored.saying or "", SayTrialInvite)
    ends = stored.trial.ends_at - work.now
    return sum(
        tell(
            work,
            member,
            kind(trial=stored.id),
            period=str(stored.id),
            topic="news" if invites else None,
            useful=min(_INVITED_WITHIN, ends) if invites else TOLD_WITHIN,
            priority=_INVITATION_PRIORITY if invites else None,
        )
        for member in sorted(members.many(work.uow, ids), key=lambda each: each.id)
    )


def ask_after(work: Work, found: TrialPart) -> None:
    """Asks somebody who fetched a sample what they think of it; once."""
    member = members.lock(work.uow, found.member_id)
    part = trial_parts.get(work.uow, member.id, found.trial_id)
    stored = trials.get(work.uow, found.trial_id)
    if stored is None or part.fetched_at is None or part.asked_at is not None:
        return
    trial_parts.note_asked(work.uow, part, at=work.now)
    if stored.trial.asks and stored.state != "cancelled":
        say = SayTrialQuestions(trial=stored.id)
        tell(work, member, say, period=str(stored.id), topic=None, useful=_ASKED_WITHIN)
