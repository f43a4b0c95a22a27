"""What may become of a broadcast, and what stands against sending it."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast, id_of, queued_as
from rules.broadcasts.life import STEPS, Crowd, State, after, bad_moment, cost_of, unfit
from tests.rules.examples import CAFE, programme

NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)


def a_broadcast(**more: object) -> Broadcast:
    return Broadcast.model_validate({"name": "豆", "title": {"ja": "豆"}} | more, strict=False)


def test_a_step_leads_from_where_it_can_be_taken_and_nowhere_else() -> None:
    assert after("draft", "send") == "sending"
    assert after("done", "send") is None
    assert after("stopped", "go_on") is None
    # What was stopped, or is over, stays so.
    for state in ("stopped", "done"):
        assert all(after(state, step) is None for step in STEPS)
    reached = {state for ways in STEPS.values() for state in ways.values()}
    assert reached == set(get_args(State))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"whom": {"ranks": ("platinum",)}}, "broadcast_rank_gone"),
        ({"whom": {"stores": ("osaka",)}}, "broadcast_store_gone"),
        ({"offer": {"reward": "nothing"}}, "broadcast_reward_gone"),
        ({"whom": {"topics": ("newsletter",)}}, "broadcast_no_newsletter"),
        ({"button": {"label": {"ja": "予約"}, "leads": "menu"}}, "broadcast_no_page"),
    ],
)
def test_what_names_something_that_is_not_there_does_not_go_out(
    parts: dict[str, object], why: str
) -> None:
    without = re.sub("(?m)^menu_url.*$", "", CAFE)
    assert unfit(a_broadcast(**parts), programme(without)) == Refusal(why)
    assert unfit(a_broadcast(), programme(CAFE)) is None
    assert unfit(a_broadcast(whom={"ranks": ("silver",)}), programme(CAFE)) is None


def test_a_moment_is_ahead_and_not_too_far() -> None:
    assert bad_moment(NOW + timedelta(minutes=1), NOW) is None
    assert bad_moment(NOW, NOW) == Refusal("broadcast_moment_past")
    assert bad_moment(NOW + timedelta(days=181), NOW) == Refusal("broadcast_moment_far")


def test_what_it_costs_and_what_it_leaves() -> None:
    crowd = Crowd({"ok": 120, "cap": 10, "blocked": 3, "left": 7})
    assert (crowd.found, crowd.reached, crowd.full) == (140, 120, 10)
    assert crowd.never == [("left", 7), ("blocked", 3)]
    cost = cost_of(crowd, message_yen=3, free=100)
    assert (cost.yen, cost.before, cost.after, cost.missing) == (360, 100, 0, 20)
    assert cost_of(crowd, message_yen=3, free=None).missing == 0


def test_the_outbox_knows_it_by_a_name() -> None:
    assert id_of(queued_as(12)) == 12
    assert [id_of(name) for name in ("journey:12", "broadcast", "broadcast:x")] == [None] * 3
