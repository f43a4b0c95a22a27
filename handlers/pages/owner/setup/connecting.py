"""The step that connects LINE: the channel's secret and token are asked of LINE before they are
kept, and are never shown again."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from bot.line.client import BotInfo
from bot.store.staff import first_steps
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.channel import TOKEN_MAX, TypedChannel, ask_line, seal, typed
from rules.base import Refusal

from ...current import current_club
from ...staff.frame.tries import limited
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from . import frame
from .access import steps_page
from .ground import current_ground


@pages.get("/setup/line", endpoint="setup_line")
@steps_page
def show(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps)


@pages.post("/setup/line", endpoint="setup_line_told")
@limited
@steps_page
def tell(steps: FirstSteps) -> ResponseReturnValue:
    if "later" in request.form or not may_connect():
        _keep(steps, None)
        return frame.to_next("line")
    channel = typed_channel()
    if isinstance(channel, Refusal):
        return _page(steps, channel)
    info = ask_line(channel, current_ground().line)
    if isinstance(info, Refusal):
        return _page(steps, info)
    _keep(steps, (channel, info))
    return frame.to_next("line")


def typed_channel() -> TypedChannel | Refusal:
    """What stands in the form."""
    secret, token = (request.form.get(name, "")[: TOKEN_MAX + 100] for name in ("secret", "token"))
    return typed(secret, token)


def may_connect() -> bool:
    """Whether LINE could reach us, and nobody connected it otherwise."""
    is_https = current_club().base_url.startswith("https://")
    return is_https and not current_ground().channel_is_given


def _keep(steps: FirstSteps, told: tuple[TypedChannel, BotInfo] | None) -> None:
    club = current_club()
    kept: dict[str, str | None] = dict.fromkeys(
        ("channel_secret", "channel_token", "channel_account")
    )
    if told is not None:
        channel, info = told
        sealed = seal(club.codes, channel, f"{info.display_name} ({info.basic_id})"[:200])
        kept = {"channel_secret": sealed.secret, "channel_token": sealed.token}
        kept["channel_account"] = sealed.account
    with club.work() as work:
        first_steps.change(work.uow, at=work.wall, done=steps.done | {"line"}, **kept)


def form_values(no: Refusal | None) -> dict[str, Any]:
    """What the form is drawn from, with what was wrong."""
    club = current_club()
    return {
        "problem": refusal_line(no.code) if no else "",
        "wrong": no.code if no else "",
        "is_https": club.base_url.startswith("https://"),
        "is_given": current_ground().channel_is_given,
        "base_url": club.base_url,
        "token_max": TOKEN_MAX,
    }


def _page(steps: FirstSteps, no: Refusal | None = None) -> ResponseReturnValue:
    return frame.page(
        "line", steps, "line", status=422 if no else 200, action="owner.setup_line_told",
        next=url_for("owner.setup_owner"), **form_values(no),
    )  # fmt: skip
