"""The steps of a profile in a form: on the member's own page, and at the counter.

What the page had shown goes with the form, so that what nobody touched on an old page stays as it
is by now, and nobody agrees to other words than they read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from bot.store import UnitOfWork
from bot.store.members import consents, profiles
from handlers.actions.profile.steps import StepAnswer
from handlers.showing.profile_steps import StepView, profile_view
from handlers.showing.viewer import Viewer
from rules.activity import StepId
from rules.profile.answers import FIELDS
from rules.profile.steps import CHOSEN, ProfileStep, wording_mark

#: Nothing that is read is longer; the rules say how long it may be.
_LENGTH_MAX = 400
Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class StepField:
    """A step in a form."""

    view: StepView
    #: What stands in its fields, by their names.
    values: Mapping[str, str]
    #: What stood there when the page was made.
    was: str
    #: What is agreed to before it is told; empty for nothing.
    wording: str
    #: Whether it still is to be.
    asks: bool

    @property
    def kind(self) -> str:
        """How it is drawn: text, address, choice or choices."""
        if self.view.step.id in CHOSEN:
            return "choices" if self.view.step.id == "interests" else "choice"
        return "address" if self.view.step.id == "address" else "text"

    @property
    def mark(self) -> str:
        """By which the form says what was agreed to."""
        return wording_mark(self.wording)

    @property
    def chosen(self) -> list[str]:
        return self.values[self.view.step.id].split() if self.view.step.id in CHOSEN else []


@dataclass(frozen=True, slots=True)
class StepForm:
    """What a form says."""

    answers: tuple[StepAnswer, ...]
    #: The steps whose answers are taken away.
    gone: tuple[StepId, ...]


def step_fields(
    viewer: Viewer,
    uow: UnitOfWork,
    *,
    hidden: Collection[StepId] = (),
    typed: Form | None = None,
) -> list[StepField]:
    """The fields of a member's steps, with what was `typed` where it wasn't taken. What is `hidden`
    can be told, but what is known of it isn't shown."""
    known = profiles.get(uow, viewer.member.id)
    found = []
    for view in profile_view(viewer, uow).steps:
        step = view.step
        if step.id in ("birthday", "phone"):
            continue
        shown = {
            name: "" if step.id in hidden else str(getattr(known, name)) for name in FIELDS[step.id]
        }
        wording = viewer.words.name(step.consent) if step.consent is not None else ""
        found.append(
            StepField(
                view,
                _typed(step, typed) if typed is not None else shown,
                " ".join(shown.values()).strip(),
                wording,
                bool(wording) and not consents.agreed_to_step(uow, viewer.member.id, step.id),
            )
        )
    return found


def _typed(step: ProfileStep, form: Form) -> dict[str, str]:
    return {name: " ".join(_said(form, name)) for name in FIELDS[step.id]}


def read_steps(form: Form, fields: Sequence[StepField]) -> StepForm:
    """What the form changes of the steps that stand in it."""
    answers: list[StepAnswer] = []
    gone: list[StepId] = []
    for field in fields:
        step = field.view.step
        names = FIELDS[step.id]
        if not any(name in form or f"was_{name}" in form for name in (*names, step.id)):
            continue
        said = tuple(each for name in names for each in _said(form, name))
        before = " ".join(_said(form, f"was_{step.id}"))
        if " ".join(said) == before:
            continue
        if not said:
            # Nobody takes away what they aren't shown.
            gone.extend([step.id] if field.was else [])
            continue
        is_agreed = bool(field.wording) and form.get(f"agree_{step.id}") == field.mark
        answers.append(StepAnswer(step.id, said, field.wording if is_agreed else None))
    return StepForm(tuple(answers), tuple(gone))


def _said(form: Form, name: str) -> list[str]:
    found = (each.replace("\0", "").strip()[:_LENGTH_MAX] for each in form.getlist(name))
    return [each for each in found if each]
