"""What the inner circle tries: a sample to fetch, a vote, or both; and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from ..base import Count, Id, Impossible, LocalText, Refusal, Strict
from ..programme.theme import ArtFile
from .event import EventTitle

#: draft: nobody sees it yet. closed: its owner ended it early. cancelled: it comes to nothing.
TrialState = Literal["draft", "open", "closed", "cancelled"]
#: What those whom it concerns are told of it, one after another.
TrialNews = Literal["invite", "off", "outcome"]
#: A vote between fewer is none, and a message has room for so many.
CHOICES_MIN, CHOICES_MAX = 2, 5


class TrialChoice(Strict):
    """One of what is voted on, and how it looks. Its `id` stays when its name is put right."""

    id: Annotated[str, Field(pattern=r"^[a-z]$")]
    name: EventTitle
    picture: ArtFile | None = None


class CircleTrial(Strict):
    """All that an owner says of it."""

    title: EventTitle
    about: LocalText
    picture: ArtFile | None = None
    #: The reward of which whoever wants one gets a voucher; None: there is no sample.
    reward: Id | None = None
    #: How many there are, first come; None: one for each of the circle.
    samples: Count | None = None
    #: Whether who fetched it is asked two questions …
    asks: bool = True
    #: … or those of this survey of the programme.
    survey: Id | None = None
    #: What is voted on; None: there is no vote.
    question: LocalText | None = None
    choices: Annotated[tuple[TrialChoice, ...], Field(max_length=CHOICES_MAX)] = ()
    #: Up to here one votes, takes a sample, and fetches it.
    ends_at: AwareDatetime

    @model_validator(mode="after")
    def _fits_together(self) -> "CircleTrial":
        if self.reward is None and self.question is None:
            raise Impossible("trial_empty")
        if (self.question is None) != (len(self.choices) < CHOICES_MIN):
            raise Impossible("trial_choices")
        if len({each.id for each in self.choices}) < len(self.choices):
            raise Impossible("trial_choices")
        return self

    def choice(self, choice: str | None) -> TrialChoice | None:
        return next((each for each in self.choices if each.id == choice), None)


@dataclass(frozen=True, slots=True)
class TrialPart:
    """What somebody did in a trial."""

    member_id: int
    trial_id: int
    #: Which sample it is, in the order in which they were taken; None: they took none.
    sample_no: int | None = None
    sampled_at: datetime | None = None
    #: The outside key by which it was taken.
    sampled_key: str | None = None
    fetched_at: datetime | None = None
    fetched_key: str | None = None
    #: When the questions about it were queued.
    asked_at: datetime | None = None
    choice: str | None = None
    voted_at: datetime | None = None
    #: What a person told them last, whom LINE doesn't reach.
    told: TrialNews | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """What came together: samples taken and fetched, and votes, by choice."""

    samples: int = 0
    fetched: int = 0
    voted: int = 0
    votes: dict[str, int] = field(default_factory=dict)


def is_over(trial: CircleTrial, state: TrialState, now: datetime) -> bool:
    """Whether nobody takes part any more."""
    return state in ("closed", "cancelled") or now >= trial.ends_at


def refuse_part(trial: CircleTrial, state: TrialState, now: datetime) -> Refusal | None:
    """Why nobody takes part in it now: trial_gone (a draft), trial_off or trial_over."""
    if state == "draft":
        return Refusal("trial_gone")
    if state == "cancelled":
        return Refusal("trial_off")
    return Refusal("trial_over") if is_over(trial, state, now) else None


def refuse_sample(trial: CircleTrial, taken: int) -> Refusal | None:
    """Why no sample is left, of which so many were taken: trial_no_sample, trial_samples_gone."""
    if trial.reward is None:
        return Refusal("trial_no_sample")
    gone = trial.samples is not None and taken >= trial.samples
    return Refusal("trial_samples_gone") if gone else None
