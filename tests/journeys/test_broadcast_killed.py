"""Schedulers and workers are killed by SIGKILL while a broadcast is queued and sent."""

import random
import time
from datetime import UTC, datetime

from handlers.actions.broadcasts.leading import send
from handlers.actions.broadcasts.writing import add_broadcast
from tests.conftest import FreshDatabase
from tests.handlers.broadcasting import OWNER, TITLE, broadcast, stored
from tests.handlers.clubs import TUESDAY_NOON, club_on
from tests.handlers.jobs.line import line_on_loopback
from tests.handlers.jobs.messages import everybody, user
from tests.handlers.jobs.processes import Nursery, keep_schedule, kill, work
from tests.waiting import SECONDS_MAX

PEOPLE, KILLED = 60, 6


def test_on_postgresql_each_member_is_written_once_whoever_is_killed(
    fresh_postgresql: FreshDatabase, nursery: Nursery
) -> None:
    chance = random.Random(7)
    with (
        fresh_postgresql() as url,
        line_on_loopback() as line,
        club_on(url, now=TUESDAY_NOON, line_url=line.url) as club,
    ):
        everybody(club, PEOPLE)
        with club.work(OWNER, key="test:written") as doing:
            number = add_broadcast(doing, broadcast())
            assert send(doing, number, revision=1) is None
        offset = club.now - datetime.now(UTC)
        kinds = (keep_schedule, work)
        running = [nursery.starts(kind, url, line.url, offset) for kind in kinds]
        give_up, killed = time.monotonic() + SECONDS_MAX, 0
        while stored(club, number).state != "done":
            assert time.monotonic() < give_up, "not over in time"
            time.sleep(chance.uniform(0.05, 0.3))
            if killed < KILLED:
                place = chance.randrange(2)
                kill(running[place])
                running[place] = nursery.starts(kinds[place], url, line.url, offset)
                killed += 1
    told = {who: n for (who, text), n in line.arrived.items() if TITLE in text}
    assert told == {user(n): 1 for n in range(PEOPLE)}
    assert killed
