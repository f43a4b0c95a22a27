"""The form of a trial of the inner circle: a new one, a copy, or one that is changed."""

from collections.abc import Mapping

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from werkzeug.datastructures import MultiDict

from bot.store.events.trials import StoredTrial
from handlers.actions.events.trials import change_trial, make_trial
from handlers.actions.recording.idempotency import once_for
from rules.characters import whole_number

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.blueprint import takes_many_pictures
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..programme.handed_in import art_address, handed_in
from . import trial_typed as form_of
from .circle import word
from .trial import trial_here
from .trial_typed import TypedTrial

_ID: TypeAdapter[int] = TypeAdapter(int)


@pages.get("/circle/new", endpoint="new_trial")
@owner_page
def open_new_trial() -> ResponseReturnValue:
    club, shop = current_club(), current_programme().shop
    copied = whole_number(request.args.get("copy", ""), 9)
    if copied is None:
        return _page(form_of.blank(shop, club.now()))
    with club.store.read() as uow:
        stored = trial_here(uow, copied)
    return _page(form_of.of_stored(stored, shop, is_copy=True))


@pages.post("/circle/new", endpoint="make_trial")
@owner_page
@takes_many_pictures
def make_new_trial() -> ResponseReturnValue:
    sent, unusable = _sent()
    if unusable:
        return _page(sent, unusable=unusable)
    ready = form_of.written(sent, current_programme().shop, current_club().now())
    if isinstance(ready, TypedTrial):
        return _page(ready, status=422)
    with forms.form_work() as work:
        trial_id = once_for(_ID, work, repr(ready), lambda: make_trial(work, ready))
    return redirect(url_for("owner.circle_trial", trial_id=trial_id, done="made"), 303)


@pages.get("/circle/<int:trial_id>/edit", endpoint="edit_trial")
@owner_page
def edit_trial(trial_id: int) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        stored = trial_here(uow, trial_id)
    return _page(form_of.of_stored(stored, current_programme().shop, is_copy=False), stored)


@pages.post("/circle/<int:trial_id>/edit", endpoint="save_trial")
@owner_page
@takes_many_pictures
def save_trial(trial_id: int) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        stored = trial_here(uow, trial_id)
    sent, unusable = _sent()
    if unusable:
        return _page(sent, stored, unusable=unusable)
    ready = form_of.written(sent, current_programme().shop, current_club().now())
    if isinstance(ready, TypedTrial):
        return _page(ready, stored, status=422)
    with forms.form_work() as work:
        no = change_trial(work, trial_id, forms.number("revision") or 0, ready)
    if no is not None:
        return _page(sent, stored, status=409, problem=refusal_line(no.code))
    return redirect(url_for("owner.circle_trial", trial_id=trial_id, done="saved"), 303)


def _sent() -> tuple[TypedTrial, Mapping[str, str]]:
    """What was sent, its photograph kept; and why it can't be used."""
    art = handed_in()
    fields = MultiDict[str, str]({name: list(said) for name, said in art.form.items()})
    return form_of.read(fields), art.unusable


def _page(
    typed: TypedTrial,
    stored: StoredTrial | None = None,
    *,
    status: int = 200,
    problem: str = "",
    unusable: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    programme, lang = current_programme(), language()
    rewards = [each for each in programme.rewards if not (each.is_for_others or each.codes)]
    asked = [(each.id, words_now().name(each.title)) for each in programme.surveys]
    return layout.page(
        "circle_trial_form",
        word=word,
        status=422 if unusable else status,
        unusable=unusable or {},
        art=art_address,
        typed=typed,
        stored=stored,
        revision=request.form.get("revision") or (stored.revision if stored else ""),
        rewards=[("", word("no_sample")), *((r.id, r.name.in_(lang)) for r in rewards)],
        surveys=[
            (form_of.TWO_QUESTIONS, word("two_questions")),
            *asked,
            (form_of.NO_QUESTIONS, word("no_questions")),
        ],
        key=forms.field("key", 36) or forms.new_key(),
        problem=problem,
    )
