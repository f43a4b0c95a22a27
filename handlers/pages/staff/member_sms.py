"""SMS on a member's page: whether they agree to them, said at the counter."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from handlers.actions.sms_consent import choose_at_counter
from handlers.club import Club

from .access import signed, staff_page
from .member_acts import back
from .member_views import by_number, sms_wording
from .members import form_key


def routes(pages: Blueprint, club: Club) -> None:
    """POST `/staff/members/<number>/sms`, which leads back to the member's page."""

    @pages.post("/members/<number>/sms", endpoint="member_sms")
    @staff_page
    def choose(number: str) -> ResponseReturnValue:
        agrees = request.form.get("agrees") == "1"
        with club.store.begin() as uow:
            who = by_number(uow, number)
            outcome = choose_at_counter(
                uow, signed().desk, who.id, agrees=agrees, wording=sms_wording(), key=form_key(),
                now=club.now(),
            )  # fmt: skip
        return back(who, outcome.refused, "sms_agreed" if agrees else "sms_stopped")
