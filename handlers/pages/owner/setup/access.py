"""Who may take the first steps: the one browser that the link was opened in, known by a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.opening import SESSION_FOR, steps_of

from ...cookies import cookie_of, drop_cookie, keep_cookie
from ...current import current_club

P = ParamSpec("P")
_COOKIE = "kayoi_setup"


def steps_page(
    view: Callable[Concatenate[FirstSteps, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """For who takes the first steps: the view is handed what they told. Others are told how to get
    there; and once the club is begun there is nothing left to tell."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        steps = steps_here()
        if steps is None:
            return redirect(url_for("owner.setup"), 303)
        if steps.begun_at is not None:
            return redirect(url_for("owner.setup_enter"), 303)
        return view(steps, *args, **kwargs)

    return guarded


def steps_here() -> FirstSteps | None:
    """What was told in this browser; None where it may not go on."""
    token = token_here()
    if not token:
        return None
    with current_club().reading() as work:
        return steps_of(work, token)


def token_here() -> str:
    return cookie_of(_COOKIE)


def let_go_on(answer: Response, token: str) -> None:
    """Lets this browser go on, also after it was closed."""
    seconds = int(SESSION_FOR.total_seconds())
    keep_cookie(answer, _COOKIE, token, seconds=seconds, samesite="Lax")


def let_go(answer: Response) -> None:
    drop_cookie(answer, _COOKIE)
