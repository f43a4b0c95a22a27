"""A broadcast that is tried on some first: who gets which version, and what goes to the others."""

from typing import Any

import pytest

from handlers.actions.broadcasts.queueing import choose_arm
from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.delivery.line import Delivery
from rules.base import Refusal
from rules.broadcasts.trial import TrialResult, draw
from tests.handlers.broadcasting import OWNER, TITLE, fates, sends, stored, writes
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import everybody, user

from .test_queue import told
from .test_queue import tuesday as tuesday

TRIAL = {"arms": [{"title": {"ja": f"{TITLE}（b）"}}], "share_percent": 50, "days": 3}


def sides(cafe: SmallClub, number: int) -> dict[str, set[int]]:
    """Who is on which side: by version, or "none"."""
    written = stored(cafe, number).broadcast
    found: dict[str, set[int]] = {}
    for member in range(1, 200):
        drawn = draw(written, number, member)
        where = "later" if not drawn.is_first else "none" if drawn.is_held_back else drawn.arm
        found.setdefault(where, set()).add(member)
    return found


def chooses(cafe: SmallClub, number: int, arm: str) -> Refusal | None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return choose_arm(work, number, arm)


def test_a_part_is_written_first_by_lot_and_the_version_that_is_chosen_goes_to_the_others(
    cafe: SmallClub, line: Line, delivery: Delivery
) -> None:
    people = everybody(cafe, 40)
    number = writes(cafe, trial=TRIAL)
    drawn = sides(cafe, number)
    sends(cafe, number)
    assert chooses(cafe, number, "b") == Refusal("broadcast_changed"), "nothing was tried yet"
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
    by_text = {user(n): text for n in range(40) for (who, text) in line.arrived if who == user(n)}
    got = {people[n]: "（b）" in by_text[user(n)] for n in range(40) if user(n) in by_text}
    assert set(got) == {m for m in people if m in drawn["a"] | drawn["b"]}
    assert {m for m, is_b in got.items() if is_b} == drawn["b"] & set(people)
    assert stored(cafe, number).is_tried
    assert stored(cafe, number).ended_at is None
    assert chooses(cafe, number, "c") == Refusal("broadcast_changed"), "there is no such version"
    cafe.passes(days=4)
    assert [chooses(cafe, number, "b") for _ in range(2)] == [None, None], "a tap that comes twice"
    assert chooses(cafe, number, "a") == Refusal("broadcast_changed"), "the first choice counts"
    for _ in range(2):
        run_if_due(cafe.club)
        delivery.deliver_due()
    later = {user(people.index(m)) for m in people if m in drawn["later"]}
    assert set(told(line)) == later | {user(people.index(m)) for m in got}
    assert set(told(line).values()) == {1}
    assert stored(cafe, number).state == "done"
    held = len(drawn["none"] & set(people))
    assert fates(cafe, number) == {"sent": 40 - held, "held_out": held}


def test_what_has_surely_won_goes_to_the_others_by_itself_and_nothing_else_does(
    cafe: SmallClub, line: Line, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody(cafe, 20)
    number = writes(cafe, trial=TRIAL | {"by_itself": True})
    sends(cafe, number)
    won: list[str | None] = [None]

    def shown(*_: Any) -> TrialResult:
        return TrialResult({}, 0, (), won[0])

    monkeypatch.setattr("handlers.jobs.broadcasts.queue.trial_result", shown)
    for winner, day, is_chosen in (("b", 1, False), (None, 2, False), ("b", 1, True)):
        cafe.passes(days=day)
        won[0] = winner
        run_if_due(cafe.club)
        assert (stored(cafe, number).chosen == "b") is is_chosen
        delivery.deliver_due()
    run_if_due(cafe.club)
    assert stored(cafe, number).all_queued
    assert line.accepted
