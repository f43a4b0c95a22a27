"""SMS on a member's page: whether they agree to them, said at the counter."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from bot.store.members.members import Member
from handlers.actions.members.sms_consent import choose_at_counter
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.recording.work import Work
from handlers.club import Club

from ..frame.access import staff_page
from ..frame.words import sms_wording
from .member_acts import act


def routes(pages: Blueprint, club: Club) -> None:
    """POST `/staff/members/<number>/sms`, which leads back to the member's page."""

    @pages.post("/members/<number>/sms", endpoint="member_sms")
    @staff_page
    def choose(number: str) -> ResponseReturnValue:
        done = "sms_agreed" if _agrees() else "sms_stopped"
        return act(club, number, done, _choose)


def _agrees() -> bool:
    return request.form.get("agrees") == "1"


def _choose(work: Work, who: Member) -> Acknowledgement:
    return choose_at_counter(work, who.id, agrees=_agrees(), wording=sms_wording())
