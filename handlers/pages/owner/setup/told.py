"""The steps that ask for parts of the programme: the shop, and how it looks; and beside them what
members and customers will see of it."""

import tomllib
from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.telling import tell, with_answers
from images.card import draw_card
from images.poster import poster_preview
from images.rich_menu import menu_preview
from rules.checking.reading import InvalidProgramme, parse
from rules.editing import labels
from rules.editing.fields import Filled
from rules.editing.first_steps import asks, controls, values
from rules.editing.parts import field_name
from rules.editing.typed import NOTHING, read
from rules.journeys.programme import WholeProgramme
from rules.wording.words import Words

from ...current import current_club
from ...headers import safe
from ...staff.frame.access import language
from ...staff.frame.blueprint import takes_pictures
from ...staff.frame.layout import not_found
from ..frame.blueprint import pages
from ..frame.held import held_drawing
from ..programme.handed_in import art_address, handed_in
from ..programme.preview import Preview, voice_preview
from . import frame
from .access import steps_page
from .drawn import sample_card, sample_menu, sample_poster


@pages.get("/setup/shop", endpoint="setup_shop")
@steps_page
def show_shop(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps, "shop", _there(steps, "shop"))


@pages.post("/setup/shop", endpoint="setup_shop_told")
@steps_page
@takes_pictures
def tell_shop(steps: FirstSteps) -> ResponseReturnValue:
    return _tell(steps, "shop")


@pages.get("/setup/look", endpoint="setup_look")
@steps_page
def show_look(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps, "look", _there(steps, "look"))


@pages.post("/setup/look", endpoint="setup_look_told")
@steps_page
@takes_pictures
def tell_look(steps: FirstSteps) -> ResponseReturnValue:
    return _tell(steps, "look")


@pages.get("/setup/voice", endpoint="setup_voice")
@steps_page
def show_voice(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps, "voice", _there(steps, "voice"))


@pages.post("/setup/voice", endpoint="setup_voice_told")
@steps_page
@takes_pictures
def tell_voice(steps: FirstSteps) -> ResponseReturnValue:
    return _tell(steps, "voice")


@pages.post("/setup/seen/<step>", endpoint="setup_seen")
@steps_page
@takes_pictures
def seen(steps: FirstSteps, step: str) -> ResponseReturnValue:
    """What is seen of what stands in the form just now. For the page's script."""
    if not asks(step):
        not_found()
    return frame.page("seen", steps, step, **_seen(_typed(steps, step), step))


@pages.get("/setup/poster.jpg", endpoint="setup_poster")
@steps_page
def poster(steps: FirstSteps) -> ResponseReturnValue:
    """The counter's poster, small, of what may be no more than typed."""
    accent, *theme = (request.args.get(name, "")[:60] for name in ("accent", "texture", "logo"))
    look = {key: said for key, said in zip(("texture", "logo"), theme, strict=True) if said}
    told = {"shop": {"accent": accent}, "theme": look}
    programme = parse(with_answers(steps.text, "look", told))
    if isinstance(programme, InvalidProgramme):
        programme = _programme(steps)
    name = request.args.get("name", "")[:60]
    picture = poster_preview(*sample_poster(programme, language(), name))
    return safe(Response(picture, content_type="image/jpeg"), "staff")


def _there(steps: FirstSteps, step: str) -> dict[str, Any]:
    return values(tomllib.loads(steps.text), step, is_done=step in steps.done)


def _tell(steps: FirstSteps, step: str) -> ResponseReturnValue:
    art = handed_in(current_club().work)
    told = read(controls(step), art.form, _there(steps, step))
    if art.unusable:
        return _page(steps, step, told, unusable=art.unusable)
    with current_club().work() as work:
        done = tell(work, steps, step, told)
    if isinstance(done, InvalidProgramme):
        return _page(steps, step, told, done)
    return frame.to_next(step)


def _typed(steps: FirstSteps, step: str) -> WholeProgramme | None:
    art = handed_in(current_club().work)
    told = read(controls(step), art.form, _there(steps, step))
    programme = parse(with_answers(steps.text, step, told))
    return None if isinstance(programme, InvalidProgramme) else programme


def _programme(steps: FirstSteps) -> WholeProgramme:
    programme = parse(steps.text)
    if isinstance(programme, InvalidProgramme):
        # What is kept was reviewed: only an older version of ours can have kept another.
        raise ValueError(programme.listed("en"))
    return programme


def _page(
    steps: FirstSteps,
    step: str,
    told: Mapping[str, Any],
    wrong: InvalidProgramme | None = None,
    *,
    unusable: Mapping[str, str] = NOTHING,
) -> ResponseReturnValue:
    programme = _programme(steps)
    words = Words(programme, language())
    problems: dict[str, str] = dict(unusable)
    for problem in wrong.problems if wrong else ():
        said = labels.in_words(words, problem.message(words.lang))
        problems.setdefault(field_name(problem.path), said)
    own = tuple(f"{control.key}" for control in controls(step))
    others = [said for name, said in problems.items() if not name.startswith(own)]
    shown = programme if step in steps.done or step != "shop" else None
    return frame.page(
        "told",
        steps,
        step,
        status=422 if problems else 200,
        title=f"owner.setup.{step}.title",
        lead=f"owner.setup.{step}.lead",
        parts={each.key: f"owner.setup.part.{step}.{each.key}" for each in controls(step)},
        fields=Filled(told, problems).fields(controls(step)),
        others=others,
        is_wrong=bool(problems),
        labels=labels,
        words=words,
        placeholders="",
        art=art_address,
        open_rows=True,
        **_seen(None if wrong else shown, step),
    )


def _seen(programme: WholeProgramme | None, step: str) -> dict[str, Any]:
    """What stands beside the step's form."""
    if step != "voice":
        return _pictures(programme)
    seen = voice_preview(programme, language()) if programme else Preview(is_broken=True)
    return {"preview": seen}


def _pictures(programme: WholeProgramme | None) -> dict[str, Any]:
    """The card and the menu, as addresses that hold them, and where the poster is."""
    if programme is None:
        return {"pictures": (), "poster": ""}
    lang = language()
    pictures = [
        held_drawing(draw_card, *sample_card(programme, lang)),
        held_drawing(menu_preview, *sample_menu(programme, lang)),
    ]
    shop = programme.shop
    where = url_for(
        "owner.setup_poster",
        accent=shop.accent,
        texture=programme.theme.texture,
        logo=programme.theme.logo,
        name=shop.name.in_(lang),
    )
    return {"pictures": pictures, "poster": where}
