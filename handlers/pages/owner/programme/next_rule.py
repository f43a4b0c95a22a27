"""The line that offers the next way to earn, and its two buttons."""

from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.next_rule import not_now, offered, take_up
from rules.editing.next_rule import NextWay
from rules.editing.parts import Part

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import words
from ..frame.blueprint import pages


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What is offered, why, and how well the last way is used, as the owner reads it."""

    way: NextWay
    title: str
    why: str
    used: str


@pages.post("/programme/next", endpoint="next_rule")
@owner_page
def take_next() -> ResponseReturnValue:
    """Puts it into the draft, and opens its form."""
    with forms.form_work() as work:
        done = take_up(work, forms.field("way", 20))
    if isinstance(done, Part):
        return redirect(
            url_for("owner.part", section=done.section, entry=done.id, done="next"), 303
        )
    # A page of yesterday: what the draft says now is the answer.
    return redirect(url_for("owner.programme", done="next_gone"), 303)


@pages.post("/programme/next/later", endpoint="next_rule_later")
@owner_page
def put_off_next() -> ResponseReturnValue:
    with forms.form_work() as work:
        not_now(work)
    return redirect(url_for("owner.programme", done="next_later"), 303)


def offer_now() -> OfferLine | None:
    """The line of this moment; None where nothing is offered."""
    with current_club().reading() as work:
        offer = offered(work)
    if offer is None:
        return None
    use = offer.use
    return OfferLine(
        offer.way,
        words("owner.next.title", name=words(f"owner.next.way.{offer.way}")),
        words(f"owner.next.why.{offer.way}"),
        words("owner.next.used", count=use.users, members=use.members),
    )
