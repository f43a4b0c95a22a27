"""An old card of stamps moved onto a member's: typed, looked at once more, done."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from bot.store.members.members import Member
from handlers.actions.counter.stamp_card import OldCard, move_stamp_card
from rules.programme.points import StampCards, refuse_stamp_card, refuse_stamps
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work, new_key
from ..frame.sure import asked_again
from ..frame.words import refusal_here, words_now
from ..members.member_views import by_number, member_row


@pages.get("/members/<card:number>/stamps", endpoint="member_stamps")
@staff_page
def show_stamp_card(number: str) -> ResponseReturnValue:
    who = _who(number)
    no = _refuse(who)
    return back_to("staff.member", no, "", number=who.number) if no else _form(who)


@pages.post("/members/<card:number>/stamps", endpoint="member_stamps_move")
@staff_page
def take_stamp_card(number: str) -> ResponseReturnValue:
    """Says what the stamps bring and asks once more, then moves them."""
    who, policy = _who(number), current_programme().stamp_cards
    stamps = forms.number("stamps") or 0
    no = _refuse(who)
    if no is None and policy is not None:
        if wrong := refuse_stamps(policy, stamps):
            return _form(who, wrong.code, forms.field("stamps", 20))
        if asking := asked_again(stamps * policy.points):
            return _asks(who, policy, stamps, asking)
    points = stamps * policy.points if policy else 0
    # Also what is refused: somebody who did it a moment ago is told so again.
    with form_work() as work:
        outcome = move_stamp_card(work, by_number(work.uow, number).id, OldCard(stamps, points))
    return back_to("staff.member", outcome.refused, "stamps_moved", number=who.number)


def _who(number: str) -> Member:
    with current_club().store.read() as uow:
        return by_number(uow, number)


def _refuse(who: Member) -> str | None:
    programme = current_programme()
    day = programme.shop.business_date(current_club().now())
    no = refuse_stamp_card(programme.stamp_cards, who.facts, day)
    return no.code if no else None


def _form(who: Member, wrong: str = "", typed: str = "") -> ResponseReturnValue:
    policy = current_programme().stamp_cards
    until = policy.until if policy else None
    with current_club().store.read() as uow:
        row = member_row(uow, who)
    return layout.page(
        "stamp_card",
        status=400 if wrong else 200,
        who=row,
        policy=policy,
        until=long_date(language(), until) if until else "",
        problem=refusal_here(wrong).whole if wrong else "",
        typed=typed,
        key=new_key(),
    )


def _asks(
    who: Member, policy: StampCards, stamps: int, asking: dict[str, Any]
) -> ResponseReturnValue:
    words, points = words_now(), stamps * policy.points
    is_much = current_programme().limits.asks_points(points)
    with current_club().store.read() as uow:
        row = member_row(uow, who)
    return layout.page(
        "stamp_card_sure",
        who=row,
        stamps=stamps,
        gives=words.amount(points),
        after=words.amount(who.facts.balance + points),
        much=refusal_here("points_unsure", count=points) if is_much else None,
        back=url_for("staff.member_stamps", number=who.number),
        **asking,
    )
