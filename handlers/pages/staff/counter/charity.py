"""What members gave to good causes (`/staff/charity`), and what was handed over, for those who
manage."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.history.handovers import Donation
from handlers.actions.counter.hand_over import RECEIPT_MAX, RECIPIENT_MAX, hand_over, take_back
from handlers.showing.charity import all_causes

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, manager_page, signed
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, field, form_work, new_key, problem_line, yen

layout.link(105, "staff.charity", "yen")


@pages.get("/charity")
@manager_page
def charity() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        found = all_causes(uow, current_club().timeline(), current_programme())
    return layout.page(
        "charity",
        causes=[
            (each, each.reward.name.in_(language()), new_key(), [new_key() for _ in each.handed])
            for each in found
        ],
        most={"recipient": RECIPIENT_MAX, "receipt": RECEIPT_MAX},
        done=done_line("staff.charity.done"),
        problem=problem_line(),
    )


@pages.post("/charity")
@manager_page
def charity_handed() -> ResponseReturnValue:
    day = _day(request.form.get("on", ""))
    if day is None:
        return back_to("staff.charity", "charity_day", "")
    handed = Donation(
        field("reward", 40),
        yen("yen"),
        day,
        field("recipient", RECIPIENT_MAX),
        field("receipt", RECEIPT_MAX),
        signed().desk.staff_id,
    )
    with form_work() as work:
        outcome = hand_over(work, handed)
    return back_to("staff.charity", outcome.refused, "handed")


@pages.post("/charity/<int:number>/back")
@manager_page
def charity_back(number: int) -> ResponseReturnValue:
    with form_work() as work:
        outcome = take_back(work, number)
    return back_to("staff.charity", outcome.refused, "back")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
