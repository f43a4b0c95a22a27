"""What a member told about themselves, and the form in which staff fill it in from paper."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.members.members import Member
from handlers.actions.profile.steps import StepAnswers, take_away, tell_steps
from handlers.actions.recording.work import Work
from handlers.showing.profile_steps import StepView, profile_view
from handlers.showing.viewer import viewer_as_known
from rules.activity import StepId

from ...current import current_club
from ...profile_form import StepField, read_steps, step_fields
from ..frame.access import signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import form_work
from .member_acts import back
from .member_views import by_number

#: What the other form has, of name, reading and telephone.
_ELSEWHERE = ("name", "kana", "phone", "birthday")


@dataclass(frozen=True, slots=True)
class ToldPage:
    """What a member told, as far as who looks may see it: what it took a consent for, and where
    they live, managers alone."""

    shown: tuple[StepView, ...]
    progress: str
    fields: tuple[StepField, ...]


def told_page(uow: UnitOfWork, who: Member) -> ToldPage | None:
    """None where the programme asks nothing."""
    viewer = viewer_as_known(current_club(), who)
    if not viewer.programme.profile.steps:
        return None
    view, hidden = profile_view(viewer, uow), _hidden(who)
    shown = (each for each in view.steps if each.step.id not in (*_ELSEWHERE, *hidden))
    return ToldPage(tuple(each for each in shown if each.value), view.progress, _fields(uow, who))


def _fields(uow: UnitOfWork, who: Member) -> tuple[StepField, ...]:
    fields = step_fields(viewer_as_known(current_club(), who), uow, hidden=_hidden(who))
    return tuple(each for each in fields if each.view.step.id not in _ELSEWHERE)


def _hidden(who: Member) -> tuple[StepId, ...]:
    if signed().desk.manages:
        return ()
    steps = viewer_as_known(current_club(), who).programme.profile.steps
    return tuple(step.id for step in steps if step.consent is not None or step.id == "address")


@pages.post("/members/<card:number>/told")
@staff_page
def member_told(number: str) -> ResponseReturnValue:
    """Notes what stands on a member's paper, with the consents that they signed there."""
    with form_work() as work:
        who = by_number(work.uow, number)
        refused = _tell(work, who) if who.number == number else "profile_changed"
    return back(who, refused, "profile")


def _tell(work: Work, who: Member) -> str | None:
    form = read_steps(request.form, _fields(work.uow, who))
    if form.answers:
        answers = StepAnswers(who.id, form.answers, work.now, "counter")
        if refused := tell_steps(work, answers).refused:
            return refused
    for step in form.gone:
        take_away(work.under(f"{work.key}:{step}"), who.id, step, at=work.now)
    return None
