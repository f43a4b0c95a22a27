"""The steps of a profile: what a shop asks of its members, why, and what they have told so far.

Each is theirs to leave out. That a step was told is part of the history; what was told stands
beside it (`ProfileTold`).
"""

from hashlib import sha256
from typing import Annotated, Self, get_args

from pydantic import Field, model_validator

from ..activity import StepId
from ..base import Id, Impossible, Lang, LocalText, Strict
from ..facts import Facts

STEPS: tuple[StepId, ...] = get_args(StepId)
#: Those that are answered by choosing.
CHOSEN: frozenset[StepId] = frozenset(("age_band", "gender", "area", "interests"))
#: How `Facts.counts` notes a step told, before its name; a birthday is known by itself.
TOLD = "told:"
#: A message of LINE's suggests thirteen answers at most; one of them is "later".
CHOICES_MAX = 12


def wording_mark(wording: str) -> str:
    """A few characters that say which words somebody is shown. They come back with the tap or the
    form by which they agree to them."""
    return sha256(wording.encode()).hexdigest()[:16]


class Choice(Strict):
    """One answer to choose."""

    id: Id
    name: LocalText


class ProfileStep(Strict):
    """One thing that members are asked."""

    id: StepId
    #: What it is for, as it is told where it is asked.
    purpose: LocalText
    #: The answers, for what is chosen; of interests somebody may choose several.
    choices: Annotated[tuple[Choice, ...], Field(max_length=CHOICES_MAX)] = ()
    #: What is agreed to before it is told, kept word for word; None where nothing is.
    consent: LocalText | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.id in CHOSEN and not self.choices:
            raise Impossible("step_choices", step=self.id)
        if self.choices and self.id not in CHOSEN:
            raise Impossible("step_no_choices", step=self.id)
        ids = [choice.id for choice in self.choices]
        if len({*ids}) < len(ids):
            raise Impossible("step_choices_twice", step=self.id)
        if self.consent is not None and self.id == "birthday":
            raise Impossible("step_birthday")
        return self

    def agreed(self, lang: Lang, mark: str) -> str | None:
        """The words that somebody agreed to who was shown those with this `mark`; None where they
        were others than stand here by now, or in another language."""
        wording = self.consent.in_(lang) if self.consent is not None else ""
        return wording if wording and mark == wording_mark(wording) else None

    def choice(self, choice: str) -> Choice | None:
        return next((each for each in self.choices if each.id == choice), None)


def told(facts: Facts) -> set[StepId]:
    """The steps that the member has told, whatever is asked."""
    found: set[StepId] = {step for step in STEPS if facts.counts.get(f"{TOLD}{step}")}
    return found | {"birthday"} if facts.birthday is not None else found
