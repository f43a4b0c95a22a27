"""What somebody tells of the club they begin, step by step. It can always be published: what can't
be so is never kept, and is told to whoever typed it."""

import tomllib
from collections.abc import Mapping
from typing import Any

from bot import toml_text
from bot.store.staff import first_steps
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme, review
from rules.editing.first_steps import STEPS, asks, parts_of, values
from rules.editing.parts import Part
from rules.editing.templates import TemplateId, template
from rules.journeys.programme import WholeProgramme

from ..staff.staffing import password_to_keep, plain, words_problem


def begun_with(trade: TemplateId) -> FirstSteps:
    """The first answers: none."""
    return FirstSteps(None, None, trade, template(trade), frozenset())


def with_answers(text: str, step: str, answers: Mapping[str, Any]) -> str:
    """The programme's text with what was answered in that step, whatever it is worth."""
    for part, told in parts_of(tomllib.loads(text), step, answers):
        text = _with(text, part, told)
    return text


def tell(
    work: Work, steps: FirstSteps, step: str, answers: Mapping[str, Any]
) -> WholeProgramme | InvalidProgramme:
    """Keeps what was answered in a step, if a programme can say so."""
    text = with_answers(steps.text, step, answers)
    read = review(text)
    if not isinstance(read, InvalidProgramme):
        first_steps.change(work.uow, at=work.wall, text=text, done=steps.done | {step})
    return read


def choose_template(work: Work, steps: FirstSteps, trade: TemplateId) -> None:
    """Begins with another template, and what was told of the shop by now."""
    text = template(trade)
    told, done = tomllib.loads(steps.text), steps.done | {"template"}
    new = text
    for step in (each for each in STEPS if asks(each) and each in done):
        new = with_answers(new, step, values(told, step, is_done=True))
    if isinstance(review(new), InvalidProgramme):
        # What was told doesn't fit this one: it is asked anew.
        new, done = text, done - {each for each in STEPS if asks(each)}
    first_steps.change(work.uow, at=work.wall, template=trade, text=new, done=done)


def name_owner(
    work: Work, steps: FirstSteps, *, login: str, name: str, kept: str
) -> Refusal | None:
    """Keeps who the owner is; `kept` is their password as `password_to_keep` gave it, "" for the
    one that was told before."""
    login, name = plain(login).strip().lower(), name.strip()
    problem = words_problem(login, name)
    if problem is not None:
        return problem
    if not kept and steps.password_hash is None:
        return Refusal("password_short")
    first_steps.change(
        work.uow,
        at=work.wall,
        login=login,
        name=name,
        password_hash=kept or steps.password_hash,
        done=steps.done | {"owner"},
    )
    return None


def owners_password(password: str, again: str, *, login: str, name: str) -> str | Refusal:
    """What is kept of the password. It takes long: never in a transaction."""
    if password != again:
        return Refusal("passwords_differ")
    return password_to_keep(password, login, name)


def _with(text: str, part: Part, values: Mapping[str, Any] | None) -> str:
    if values is None:
        return toml_text.take(text, part.section, entry=part.id)
    return toml_text.put(text, part.section, values, entry=part.id)
