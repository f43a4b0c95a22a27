"""Schedulers and workers are killed by SIGKILL while a full event's list moves up, and members are
told: each once, and in their order."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from handlers.actions.events.signing_up import OfferAnswer, answer_offer
from tests.handlers.actions.events.occasions import (
    gives_up,
    opened,
    place_of,
    signs_up,
    sitting_at,
    states,
    steps_on,
)
from tests.handlers.clubs import DAY, TUESDAY_NOON, SmallClub, club_on
from tests.handlers.jobs.line import Line, line_on_loopback
from tests.handlers.jobs.messages import everybody, user
from tests.handlers.jobs.processes import Nursery, do_all, keep_schedule, kill, work
from tests.waiting import SECONDS_MAX

PEOPLE, PLACES = 60, 20
OFFERED, OFF = "お席が空きました", "中止になりました"


def told(line: Line, words: str) -> dict[str, int]:
    """Who was told it, and how often."""
    return {who: n for (who, text), n in line.arrived.items() if words in text}


def passes_on(cafe: SmallClub, member_id: int, event: int) -> None:
    no = place_of(cafe, member_id, event).no
    with cafe.work("member", key=cafe.key()) as doing:
        assert answer_offer(doing, OfferAnswer(member_id, event, no, False)).done


def test_each_is_told_once_and_each_place_offered_once_whoever_is_killed(
    database_url: str, nursery: Nursery
) -> None:
    chance, killed = random.Random(7), 0
    with (
        line_on_loopback() as line,
        club_on(database_url, now=TUESDAY_NOON, line_url=line.url) as cafe,
    ):
        mine = everybody(cafe, PEOPLE)
        event = opened(cafe, sitting_at(cafe.now + 14 * DAY, places=PLACES))
        for each in mine:
            signs_up(cafe, each, event)
        offset = cafe.now - datetime.now(UTC)
        is_alone = database_url.startswith("sqlite")
        kinds: tuple[Callable[..., None], ...] = (do_all,) if is_alone else (keep_schedule, work)
        running = [nursery.starts(kind, database_url, line.url, offset) for kind in kinds]

        def until_all(are_told: list[int], words: str) -> None:
            """Kills one after another until they are."""
            nonlocal killed
            give_up, wanted = (
                time.monotonic() + SECONDS_MAX,
                {user(mine.index(m)) for m in are_told},
            )
            last = killed + 4
            while not wanted <= told(line, words).keys():
                assert time.monotonic() < give_up, "not over in time"
                time.sleep(chance.uniform(0.05, 0.5))
                if killed < last:
                    place = chance.randrange(len(kinds))
                    kill(running[place])
                    running[place] = nursery.starts(kinds[place], database_url, line.url, offset)
                    killed += 1

        for each in mine[:10]:
            gives_up(cafe, each, event)
        until_all(mine[20:30], OFFERED)
        for each in mine[20:25]:
            passes_on(cafe, each, event)
        until_all(mine[20:35], OFFERED)
        assert steps_on(cafe, event, "cancel") is None
        concerned = [*mine[10:20], *mine[25:]]
        until_all(concerned, OFF)
        stand = states(cafe, event)
    assert told(line, OFFERED) == {user(n): 1 for n in range(20, 35)}
    assert told(line, OFF) == {user(mine.index(each)): 1 for each in concerned}
    assert {stand[each] for each in concerned} == {"off"}
    assert killed
