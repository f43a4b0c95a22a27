"""What is queued to be said of the inner circle."""

from typing import Literal

from .say_kind import SayKind


class SayCircleInvite(SayKind):
    """The shop would like to have them in its circle."""

    kind: Literal["circle_invite"] = "circle_invite"


class SayOfTrial(SayKind):
    """Something about what the circle tries, by its id. What it is, and whether it is still so, is
    looked up when it goes out."""

    trial: int


class SayTrialInvite(SayOfTrial):
    """There is a sample, a vote, or both."""

    kind: Literal["trial_invite"] = "trial_invite"


class SayTrialQuestions(SayOfTrial):
    """They fetched the sample: how was it?"""

    kind: Literal["trial_questions"] = "trial_questions"


class SayTrialOff(SayOfTrial):
    """It comes to nothing."""

    kind: Literal["trial_off"] = "trial_off"


class SayTrialOutcome(SayOfTrial):
    """What came of it."""

    kind: Literal["trial_outcome"] = "trial_outcome"
