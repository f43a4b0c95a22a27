"""What a member's rank brings, given by staff: from the result of a scan, and from the member's
page."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from handlers.actions.counter.give_perk import PerkHandover, give_perk

from ..frame import forms
from ..frame.access import signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work
from ..members.member_views import by_number
from .json_answers import body, writing
from .scan_answers import answer
from .scan_requests import ExtrasBody, PerkBody


@pages.post("/api/perk")
@staff_page
def api_perk() -> ResponseReturnValue:
    who, asked = signed(), body(PerkBody)
    with writing(who.desk, asked.key) as work:
        done = give_perk(work, PerkHandover(asked.member_number, asked.perk))
        told = answer(work, done, ExtrasBody(), who.language)
    return jsonify({"giveId": str(asked.give_id)} | told)


@pages.post("/members/<card:number>/perk")
@staff_page
def member_perk(number: str) -> ResponseReturnValue:
    with form_work() as work:
        who = by_number(work.uow, number)
        done = give_perk(work, PerkHandover(who.number, forms.field("perk", 40)))
    return back_to("staff.member", done.reason, "perk_given", number=who.number)
