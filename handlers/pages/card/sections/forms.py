"""Forms of the sections: each has a key of its own, by which it counts once however often it is
sent, and ends on a page that says how it went."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import uuid4

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.history.claims import KeyReused
from handlers.actions.recording.work import Work
from handlers.showing.viewer import Viewer
from rules import characters
from rules.characters import instant
from rules.wording.refusals import Circumstances, is_refusal, refusal_text
from rules.wording.texts import has_text

from ...current import current_club
from ..session import is_shared

P = ParamSpec("P")
_MemberView = Callable[Concatenate[Viewer, P], ResponseReturnValue]
_KEY = re.compile(r"[0-9a-f-]{36}")


def new_key() -> str:
    return str(uuid4())


def act(do: Callable[[Work], str | None]) -> str | None:
    """Does it in a transaction of the member's, under the key of the form that was sent. Gives the
    refusal's code, None where it was done."""
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        return "form_unreadable"
    try:
        with current_club().work("member", key=f"card:{key}") as work:
            return do(work)
    except KeyReused:
        # Somebody went back to a form that was sent, and sent it with something else in it.
        return "sent_before"


def ends_on(
    page: str, no: str | None, done: str, again_at: datetime | None = None
) -> ResponseReturnValue:
    """To a page that says how it went: `no` is the refusal's code, with when it would be taken;
    None where it was `done`."""
    again = again_at.isoformat() if again_at else None
    where = url_for(page, no=no, again=again) if no else url_for(page, done=done)
    return redirect(where, 303)


def owner_only(page: str) -> Callable[[_MemberView[P]], _MemberView[P]]:
    """For what only a card's owner does, under `member_page`: who shares it is told so on
    `page`."""

    def decorate(view: _MemberView[P]) -> _MemberView[P]:
        @wraps(view)
        def guarded(viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if is_shared(viewer):
                return ends_on(page, "card_shared", "")
            return view(viewer, *args, **kwargs)

        return guarded

    return decorate


def said(viewer: Viewer) -> str:
    """How a form went, as the address says it; empty for anything else."""
    no, done = request.args.get("no", ""), f"member_page.done.{request.args.get('done', '')}"
    if is_refusal(no):
        again_at = instant(request.args.get("again", ""))
        about = Circumstances(current_club().now(), again_at=again_at)
        return refusal_text(viewer.words, no, "member", about).whole
    return viewer.words.say(done) if has_text(viewer.lang, done) else ""


def whole_number(name: str) -> int | None:
    """The number that the address says there; None for none that a history has."""
    return characters.whole_number(request.args.get(name, ""), 9)
