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
from ..frame.models import CodeText, Moment, Name, RequestPart, utc
from ..frame.problems import refuse
from ..frame.shown import NO_CARDS, shown_card
from ..frame.subjects import store_of


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


@does(
    "/check-ins", WhatCame, "visits",
    "visited_today", "visited_just_now", "paused", "left", "merged", "erased", "too_old",
    "store_missing", "store_unknown", *NO_CARDS,
    status=201, found=False,
)  # fmt: skip
def check_member_in(json: CheckInAsked) -> WhatCame:
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
    return what_came(done(outcome), work.key)
