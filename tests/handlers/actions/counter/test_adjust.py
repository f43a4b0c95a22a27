"""Points by a manager's hand."""

import json

from sqlalchemy import select

from bot.store.tables import audit_log
from handlers.actions.counter.adjust import adjust
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from tests.handlers.clubs import DESK, MANAGER, SmallClub


def adjusts(cafe: SmallClub, member: int, points: int, key: str, desk: Actor = MANAGER) -> Outcome:
    with cafe.work(desk, key=key) as work:
        return adjust(work, member_id=member, points=points, reason="お詫び")


def test_adjusting_is_for_managers_with_a_reason(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert adjusts(cafe, member, 30, "staff:1", DESK).refused == "adjust_managers"
    assert adjusts(cafe, member, 0, "staff:2").refused == "adjust_points"
    assert adjusts(cafe, member, -51, "staff:3").refused == "points_short"
    given = adjusts(cafe, member, 30, "staff:4")
    assert (given.points, given.balance) == (30, 80)
    assert adjusts(cafe, member, 30, "staff:4") == given
    assert adjusts(cafe, member, -20, "staff:5").balance == 60
    with cafe.store.read() as uow:
        logged = uow.run(select(audit_log).where(audit_log.c.action == "adjust")).all()
    assert [json.loads(row.details)["points"] for row in logged] == [30, -20]
    assert cafe.differences(member) == []


def test_an_adjustment_can_be_undone(cafe: SmallClub) -> None:
    member = cafe.joins()
    adjusts(cafe, member, 30, "staff:1")
    adjusts(cafe, member, -70, "staff:2")
    refused = cafe.undoes(member, "staff:1")
    assert (refused.refused, refused.missing) == ("undo_spent", 20)
    assert cafe.undoes(member, "staff:2").balance == 80
    assert cafe.undoes(member, "staff:1").balance == 50
    assert cafe.differences(member) == []
