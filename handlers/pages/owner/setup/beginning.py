"""The last step: the club begins, and the process starts anew with it."""

from flask import Response, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.store.history import arts
from bot.store.staff import first_steps, staff
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.begin import (
    ClubBeginning,
    begin_apart,
    begin_here,
    is_taken,
    missing,
)
from handlers.actions.founding.opening import steps_of
from handlers.art import named_art
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme, parse

from ...current import current_club
from ...headers import safe
from ...staff.frame.access import language
from ...staff.frame.login import enter, way_here
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from . import frame
from .access import let_go, steps_here, steps_page, token_here
from .ground import current_ground


@pages.get("/setup/begin", endpoint="setup_begin")
@steps_page
def show(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps)


@pages.post("/setup/begin", endpoint="setup_begun")
@steps_page
def begin(steps: FirstSteps) -> ResponseReturnValue:
    club, ground = current_club(), current_ground()
    art = art_of(steps.text)
    beginning = ClubBeginning(steps, club.codes, club.wall.now(), language(), art)
    done = (
        begin_here(club.store, beginning)
        if ground.clubs is None
        else begin_apart(ground.clubs, beginning)
    )
    if isinstance(done, Refusal):
        return _page(steps, refusal_line(done.code))
    # The answer itself says that it takes a moment: another address couldn't be asked for just now.
    answer = frame.page("wait", steps, "begin")
    answer.call_on_close(ground.restart)
    return answer


@pages.get("/setup/ready", endpoint="setup_ready")
def ready() -> ResponseReturnValue:
    """Whether the club that was begun is the one that answers. For the page that waits for it."""
    return safe(Response(status=202 if current_ground().is_stale() else 204), "machine")


@pages.get("/setup/enter", endpoint="setup_enter")
def show_enter() -> ResponseReturnValue:
    """Who began the club comes in by its button, once; everybody else signs in."""
    steps = steps_here()
    if steps is None or steps.begun_at is None:
        there = steps is not None
        return redirect(url_for("owner.setup" if there else "owner.setup_after"), 303)
    return frame.page("enter", steps, name=steps.name, shop_name=_shop(steps))


@pages.post("/setup/enter", endpoint="setup_entered")
def come_in() -> ResponseReturnValue:
    club, token, wanted = current_club(), token_here(), url_for("owner.setup_after")
    person = None
    with club.work() as work:
        steps = steps_of(work, token) if token else None
        if steps is not None and steps.begun_at is not None and steps.login is not None:
            person = staff.by_login(work.uow, steps.login)
            first_steps.change(work.uow, at=work.wall, session=None)
    entered = enter(person, way_here("link", None), wanted) if person else None
    answer: Response = make_response(entered or redirect(wanted, 303))
    let_go(answer)
    return answer


def art_of(text: str) -> tuple[bytes, ...]:
    """What was handed in of the art that the programme names."""
    programme = parse(text)
    if isinstance(programme, InvalidProgramme):
        return ()
    with current_club().store.read() as uow:
        found = [arts.read(uow, name) for _, name in named_art(programme)]
    return tuple(each for each in found if each is not None)


def _page(steps: FirstSteps, problem: str = "") -> ResponseReturnValue:
    ground = current_ground()
    with current_club().store.read() as uow:
        taken = ground.clubs is None and is_taken(uow)
    return frame.page(
        "begin",
        steps,
        "begin",
        status=422 if problem else 200,
        missing=missing(steps),
        problem=problem or (refusal_line("setup_taken") if taken else ""),
        taken=taken,
        shop_name=_shop(steps),
        apart=ground.clubs is not None,
    )


def _shop(steps: FirstSteps) -> str:
    programme = parse(steps.text)
    return "" if isinstance(programme, InvalidProgramme) else programme.shop.name.in_(language())
