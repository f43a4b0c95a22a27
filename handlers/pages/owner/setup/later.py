"""LINE is connected later, once the club was tried in the simulator. Whoever joined there lives
nowhere else, and LINE forbids to write to people who don't exist: so where anybody did, a new club
begins, with the same programme and owner and without a member."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.line.client import BotInfo
from bot.store.finding.due_members import count_members
from bot.store.history import programs
from bot.store.messages import line_channel
from bot.store.messages.line_channel import SealedChannel
from bot.store.staff import staff
from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.begin import NEEDED, ClubBeginning, begin_apart
from handlers.actions.founding.channel import ask_line, seal
from handlers.actions.founding.opening import SESSION_FOR
from handlers.actions.recording.log import note
from handlers.actions.staff.signing import new_token, token_hash
from rules.base import Refusal

from ...current import current_club
from ...staff.frame.access import language, owner_page, signed, signed_work
from ...staff.frame.layout import not_found
from ...staff.frame.tries import limited
from ..frame.blueprint import pages
from . import frame
from .access import let_go_on
from .beginning import art_of
from .connecting import form_values, may_connect, typed_channel
from .ground import current_ground


@pages.get("/setup/later", endpoint="setup_later")
@owner_page
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/setup/later", endpoint="setup_later_told")
@limited
@owner_page
def tell() -> ResponseReturnValue:
    ground = current_ground()
    if ground.is_live or not may_connect():
        return _page()
    channel = typed_channel()
    info = channel if isinstance(channel, Refusal) else ask_line(channel, ground.line)
    if isinstance(channel, Refusal) or isinstance(info, Refusal):
        return _page(info if isinstance(info, Refusal) else None)
    sealed = seal(current_club().codes, channel, _called(info))
    with current_club().store.read() as uow:
        played = count_members(uow)
    if played:
        return _begin_without_them(sealed)
    with signed_work() as work:
        line_channel.put(work.uow, sealed, at=work.wall)
        note(work, "line_connected")
    return _wait()


def _begin_without_them(sealed: SealedChannel) -> ResponseReturnValue:
    club, ground = current_club(), current_ground()
    if ground.clubs is None:
        return _page(Refusal("setup_taken"))
    token = new_token()
    with club.store.read() as uow:
        me = staff.get(uow, signed().staff_id) or not_found()
        text = programs.newest(uow).text
    steps = FirstSteps(
        token_hash(token),
        club.wall.now() + SESSION_FOR,
        "",
        text,
        frozenset(NEEDED),
        me.login,
        me.name,
        me.password_hash,
        sealed.secret,
        sealed.token,
        sealed.account,
    )
    beginning = ClubBeginning(steps, club.codes, club.wall.now(), language(), art_of(text))
    done = begin_apart(ground.clubs, beginning)
    if isinstance(done, Refusal):
        return _page(done)
    answer = _wait()
    let_go_on(answer, token)
    return answer


def _called(info: BotInfo) -> str:
    return f"{info.display_name} ({info.basic_id})"[:200]


def _wait() -> Response:
    answer = frame.page("wait")
    answer.call_on_close(current_ground().restart)
    return answer


def _page(no: Refusal | None = None) -> ResponseReturnValue:
    if current_ground().is_live:
        return redirect(url_for("owner.setup_after"), 303)
    with current_club().store.read() as uow:
        played = count_members(uow)
    return frame.page(
        "later", status=422 if no else 200, action="owner.setup_later_told", played=played,
        **form_values(no),
    )  # fmt: skip
