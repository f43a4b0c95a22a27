"""Points: what a member has, where it came from, and what is given or taken by hand."""

from typing import Annotated

from pydantic import Field

from bot.store.history import history, ledger
from handlers.actions.counter.adjust import adjust
from handlers.actions.recording.work import Work
from rules.activity import Purchase, TakenBack
from rules.base import POINTS_MAX, Refusal
from rules.judging.replay import RecordedActivity
from rules.judging.undo import REASON_LENGTH_MAX

from ..frame.came import WhatCame, done, what_came
from ..frame.current import api_work, asking, reading
from ..frame.doors import does, reads
from ..frame.models import AnswerPart, CardNumber, Moment, RequestPart
from ..frame.paging import PageQuery, next_link
from ..frame.problems import refuse
from ..frame.subjects import member_with


class PointsGoing(AnswerPart):
    """Points that run out together."""

    points: int
    on: str | None = Field(
        description="The first day on which they are gone (YYYY-MM-DD); null: never."
    )


class PointsOfMember(AnswerPart):
    """What a member has."""

    card_number: CardNumber
    balance: int
    lots: list[PointsGoing] = Field(description="The balance by when it runs out.")


class HistoryEntry(AnswerPart):
    """Something that happened, and the points that it brought or took."""

    kind: str = Field(
        description="registration, visit, purchase, returned (goods of a purchase), redemption, "
        "adjustment, expiry, referral, birthday, …; further ones may come."
    )
    at: Moment
    store: str | None
    points: int = Field(
        description="What it gave or took; what came back is taken from its purchase's own."
    )
    purchase: int | None = Field(
        description="The number of the purchase that it is, or of which something came back: goods "
        "are returned by it. Null for anything else."
    )
    action: str = Field(description="The outside key of what caused it.")
    by: str = Field(description="member, staff, system, api or import.")


class HistoryPage(AnswerPart):
    """Part of a member's history, the newest first."""

    entries: list[HistoryEntry]
    next: str | None = Field(description="Where the next part is; null after the last one.")


class PointsByHand(RequestPart):
    """Points to give or to take."""

    card_number: CardNumber
    points: Annotated[int, Field(ge=-POINTS_MAX, le=POINTS_MAX)] = Field(
        description="Below zero takes them; never zero."
    )
    reason: Annotated[
        str, Field(min_length=1, max_length=REASON_LENGTH_MAX, pattern=r"^[^\x00]*$")
    ] = Field(description="Why, in words; for the shop alone.")
    paid_yen: Annotated[int, Field(ge=0, le=100_000_000)] = Field(
        0, description="Always 0: points are never sold, and a sale of them is refused."
    )


@reads("/members/<number>/points", PointsOfMember, "points:read", found=True)
def get_points(number: str) -> PointsOfMember:
    """Get the points that a member has, and when they run out."""
    with reading() as work:
        member = member_with(work.uow, number)
        lots = ledger.open_lots(work.uow, member.id)
        facts = work.settled(member)
        days = dict.fromkeys(lot.expires_on for lot in lots)
        going = [
            PointsGoing(
                points=sum(lot.left for lot in lots if lot.expires_on == day),
                on=day.isoformat() if day else None,
            )
            for day in days
        ]
        return PointsOfMember(card_number=member.number, balance=facts.balance, lots=going)


@reads("/members/<number>/history", HistoryPage, "points:read", found=True)
def list_history(number: str, query: PageQuery) -> HistoryPage:
    """List what happened to a member, the newest first.

    What was undone is left out. A key of one store reads what happened there.
    """
    with reading() as work:
        member = member_with(work.uow, number)
        before = query.place() or None
        found = history.latest(work.uow, member.id, limit=query.limit + 1, before=before)
        page = found[: query.limit]
        seqs = [each.seq for each in page]
        points = ledger.points_by_activity(work.uow, member.id, seqs)
        keys = history.keys_of(work.uow, member.id, seqs)
        return HistoryPage(
            entries=[
                _entry(work, each, points.get(each.seq, 0), keys.get(each.seq, ""))
                for each in page
                if asking().may_act_at(each.activity.store)
            ],
            next=next_link(page[-1].seq if len(found) > query.limit else None, query.limit),
        )


def _entry(work: Work, recorded: RecordedActivity, points: int, key: str) -> HistoryEntry:
    activity = recorded.activity
    return HistoryEntry(
        kind=activity.what.text,
        at=work.programme.shop.local(activity.at),
        store=activity.store,
        points=points,
        purchase=_purchase(recorded),
        action=key,
        by=activity.by,
    )


def _purchase(recorded: RecordedActivity) -> int | None:
    what = recorded.activity.what
    if isinstance(what, Purchase):
        return recorded.seq
    return what.of if isinstance(what, TakenBack) and what.yen is not None else None


@does(
    "/points", WhatCame, "points",
    "points_sold", "adjust_reason", "adjust_points", "points_short", "points_reserved",
    "points_owner", "points_day", "erased", "merged",
    status=201,
)  # fmt: skip
def give_points(json: PointsByHand) -> WhatCame:
    """Give or take points by hand, and say why.

    Within the programme's limits for one time and for a day. Points are never sold.
    """
    if json.paid_yen:
        raise refuse(Refusal("points_sold"))
    with api_work() as work:
        member = member_with(work.uow, json.card_number)
        outcome = adjust(work, member.id, json.points, reason=json.reason)
    return what_came(done(outcome), work.key, points=json.points)
