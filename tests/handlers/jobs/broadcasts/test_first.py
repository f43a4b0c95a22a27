"""A broadcast goes to some first, and by itself to the others from a day on: each once."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from bot.store.tables import members
from handlers.actions.broadcasts import queueing
from handlers.actions.broadcasts.leading import send_at
from handlers.jobs.broadcasts.queue import run_if_due
from rules.base import Refusal
from tests.handlers.broadcasting import (
    OWNER,
    broadcast,
    fates,
    messages_of,
    sends,
    stored,
    takes,
    writes,
)
from tests.handlers.clubs import TUESDAY_NOON, SmallClub
from tests.handlers.jobs.broadcasts.dying import Killed, dies_at
from tests.handlers.jobs.messages import everybody
from tests.handlers.segments_saved import becomes, english, kept

#: What is pushed here stands in the files of the texts, in whichever language.
pytestmark = pytest.mark.usefixtures("pushed_abroad")

FIRST = {"ranks": ["silver"], "until": "2026-01-07"}


@pytest.fixture(autouse=True)
def tuesday(cafe: SmallClub) -> None:
    """The sixth of January."""
    cafe.clock.set(TUESDAY_NOON)


def ranked(cafe: SmallClub, member_id: int, rank: str | None) -> None:
    with cafe.store.begin() as uow:
        uow.run(update(members).where(members.c.id == member_id).values(rank=rank))


def two(cafe: SmallClub) -> tuple[int, int]:
    """Somebody with Silver, and somebody without a rank."""
    silver, other = everybody(cafe, 2)
    ranked(cafe, silver, "silver")
    return silver, other


def got(cafe: SmallClub, *ids: int) -> list[int]:
    return [len(messages_of(cafe, each)) for each in ids]


def test_the_first_get_it_first_and_the_others_from_the_day_after(cafe: SmallClub) -> None:
    silver, other = two(cafe)
    number = writes(cafe, first=FIRST)
    assert sends(cafe, number) is None
    for _ in range(2):
        run_if_due(cafe.club)
    assert got(cafe, silver, other) == [1, 0]
    assert (stored(cafe, number).state, stored(cafe, number).waits_for_rest) == ("sending", True)
    cafe.passes(hours=39)  # Three in the morning of the eighth, which is still business day seven.
    run_if_due(cafe.club)
    assert got(cafe, silver, other) == [1, 0]
    cafe.passes(hours=9)
    late = cafe.joins("U" + "f" * 32)
    for _ in range(2):
        run_if_due(cafe.club)
    assert got(cafe, silver, other, late) == [1, 1, 1]
    assert not stored(cafe, number).waits_for_rest


def test_whose_rank_comes_or_goes_between_has_it_once(cafe: SmallClub) -> None:
    silver, other = two(cafe)
    number = writes(cafe, first=FIRST)
    sends(cafe, number)
    run_if_due(cafe.club)
    ranked(cafe, silver, None)
    ranked(cafe, other, "silver")
    cafe.passes(days=2)
    run_if_due(cafe.club)
    assert got(cafe, silver, other) == [1, 1]


def test_paused_it_goes_on_and_stopped_it_goes_to_nobody_else(cafe: SmallClub) -> None:
    silver, other = two(cafe)
    paused, halted = writes(cafe, first=FIRST), writes(cafe, name="もう一つ", first=FIRST)
    for number in (paused, halted):
        sends(cafe, number)
    run_if_due(cafe.club)
    takes(cafe, "pause", paused)
    takes(cafe, "stop", halted)
    cafe.passes(days=3)
    run_if_due(cafe.club)
    assert got(cafe, silver, other) == [2, 0]
    assert takes(cafe, "resume", paused) is None
    run_if_due(cafe.club)
    assert got(cafe, silver, other) == [2, 1]
    assert stored(cafe, halted).ended_at is not None


def test_the_others_have_as_many_days_of_it_as_the_first(cafe: SmallClub) -> None:
    two(cafe)
    number = writes(cafe, first=FIRST, good_days=1)
    sends(cafe, number)
    run_if_due(cafe.club)
    cafe.passes(days=2)
    run_if_due(cafe.club)
    assert fates(cafe, number)["queued"] == 2
    assert stored(cafe, number).chosen_at == cafe.now


def test_it_cannot_begin_when_the_first_ones_days_are_over(cafe: SmallClub) -> None:
    silver, other = two(cafe)
    past = {**FIRST, "until": "2026-01-05"}
    assert sends(cafe, writes(cafe, first=past)) == Refusal("broadcast_first_past")
    number = writes(cafe, first=FIRST)
    with cafe.work(OWNER, key=cafe.key()) as work:
        later = cafe.now + timedelta(days=2)
        assert send_at(work, number, later, revision=1) == Refusal("broadcast_first_past")
        assert send_at(work, number, cafe.now + timedelta(days=1), revision=1) is None
    # Nobody was there to begin it in time: then it is for all at once.
    cafe.passes(days=4)
    run_if_due(cafe.club)
    run_if_due(cafe.club)
    assert got(cafe, silver, other) == [1, 1]


@pytest.mark.parametrize(
    "more",
    [
        {"first": {"until": "2026-01-07"}},
        {"first": FIRST, "trial": {"arms": [{"title": {"ja": "b"}}]}},
    ],
)
def test_somebody_comes_first_and_nothing_is_tried_besides(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="broadcast_first"):
        broadcast(**more)


def test_a_rank_that_is_no_more_halts_it(cafe: SmallClub) -> None:
    two(cafe)
    gone = {**FIRST, "ranks": ["platinum"]}
    assert sends(cafe, writes(cafe, first=gone)) == Refusal("broadcast_rank_gone")


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_anywhere_writes_nobody_twice(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    monkeypatch.setattr(queueing, "CHUNK", 1)
    silver, *others = everybody(cafe, 3)
    ranked(cafe, silver, "silver")
    turn, died = 0, True
    while died:
        turn += 1
        number = writes(cafe, name=f"{turn}", first={**FIRST, "until": f"{cafe.now:%Y-%m-%d}"})
        sends(cafe, number)
        run_if_due(cafe.club)
        cafe.passes(days=1)
        before = got(cafe, silver, *others)
        with dies_at(monkeypatch, turn, after=after):
            try:
                run_if_due(cafe.club)
                died = False
            except Killed:
                pass
        for _ in range(2):
            run_if_due(cafe.club)
        assert got(cafe, silver, *others) == [before[0], before[1] + 1, before[2] + 1], turn
        takes(cafe, "stop", number)
    assert turn > 3, "there were commits to die at"


def test_a_segment_comes_first_as_it_said_when_sending_began(cafe: SmallClub) -> None:
    everybody(cafe, 1)
    vip, other = english(cafe, "U" + "1" * 32), cafe.joins("U" + "2" * 32)
    saved = kept(cafe)
    number = writes(cafe, first={"segments": ["vip"], "until": "2026-01-07"})
    becomes(cafe, saved, languages=("en",), ranks=())
    assert sends(cafe, number) is None
    becomes(cafe, saved, languages=("ja",))
    for _ in range(2):
        run_if_due(cafe.club)
    assert got(cafe, vip, other) == [1, 0]
    cafe.passes(days=2)
    for _ in range(2):
        run_if_due(cafe.club)
    assert got(cafe, vip, other) == [1, 1]


def test_one_of_several_segments_is_enough_and_a_rank_is_asked_besides(cafe: SmallClub) -> None:
    silver, other = two(cafe)
    vip = english(cafe, "U" + "1" * 32)
    ranked(cafe, vip, "silver")
    kept(cafe)
    kept(cafe, "japanese", languages=("ja",))
    until = "2026-01-07"
    alone = writes(cafe, first={"segments": ["vip"], "ranks": ["silver"], "until": until})
    sends(cafe, alone)
    run_if_due(cafe.club)
    assert got(cafe, vip, silver, other) == [1, 0, 0]
    both = writes(
        cafe, first={"segments": ["vip", "japanese"], "ranks": ["silver"], "until": until}
    )
    sends(cafe, both)
    run_if_due(cafe.club)
    assert got(cafe, vip, silver, other) == [2, 1, 0]


def test_it_does_not_begin_for_a_segment_that_is_gone(cafe: SmallClub) -> None:
    two(cafe)
    number = writes(cafe, first={"segments": ["vip"], "until": "2026-01-07"})
    assert sends(cafe, number) == Refusal("segment_gone")
