"""Check-ins: a member came."""

from datetime import timedelta

from pydantic import Field

from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.record import Request
from rules.activity import Visit
from rules.base import Refusal

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, is_repeat
from ..frame.doors import does
from ..frame.models import CardNumber, CodeText, Moment, Name, RequestPart, utc
from ..frame.problems import refuse
from ..frame.shown import NO_CARDS, shown_card
from ..frame.subjects import store_of
from ..frame.undoing import NOT_UNDONE, ActionNamed, TakenAway, take_back, taken_away


class CheckInAsked(RequestPart):
    """Who came, where and when."""

    code: CodeText = Field(
        description="The card's QR or barcode as the scanner gives it, or its number as typed."
    )
    store: Name | None = Field(
        None, description="Where; the key's own store, or the only one, if left away."
    )
    at: Moment | None = Field(
        None, description="When, if not now: for what a till kept while it had no network."
    )


class CheckedIn(WhatCame):
    """A visit that was recorded."""

    card_number: CardNumber


@does(
    "/check-ins", CheckedIn, "visits",
    "visited_today", "visited_just_now", "left", "merged", "erased", "too_old",
    "store_missing", "store_unknown", *NO_CARDS,
    status=201, found=False,
)  # fmt: skip
def check_member_in(json: CheckInAsked) -> CheckedIn:
    """Check a member in.

    The points of a visit, and whatever else it brings by the programme. What happened earlier is
    judged by when it happened.
    """
    with api_work() as work:
        at = min(utc(json.at), work.now) if json.at is not None else work.now
        oldest = work.now - timedelta(hours=work.programme.counter.offline_hours_max)
        if at < oldest and not is_repeat(work):
            raise refuse(Refusal("too_old"))
        store = store_of(work, json.store)
        member = shown_card(work, json.code, at).member
        outcome = check_in(work, Request(member.id, Visit("api"), at, store))
    came = what_came(done(outcome), work.key)
    return CheckedIn(card_number=member.number, **came.model_dump())


@does("/check-ins/cancel", TakenAway, "visits", *NOT_UNDONE)
def cancel_check_in(json: ActionNamed) -> TakenAway:
    """Take a check-in back that this system made, with all that it brought."""
    with api_work() as work:
        outcome = take_back(work, json, Visit)
    return taken_away(outcome)
