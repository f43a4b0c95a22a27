"""The night's work gives way: whoever writes meanwhile is answered."""

from datetime import timedelta
from threading import Thread

import pytest

from handlers.actions.calendar.settle import settle
from handlers.chat.worker import EventWorkers
from handlers.jobs.night import nightly
from tests.bench import crowd
from tests.waiting import until

from .conftest import World

MEMBERS = 200
#: Each POST waits for no more of the night's transactions than this, far fewer than there are.
STEPS_MAX = 100


def test_a_webhook_is_answered_while_the_night_of_many_members_runs(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, steps = any_world, list[int]()
    person = world.member()
    person.check_in()
    crowd.make(world.club.store, MEMBERS)
    world.travel(timedelta(days=20))

    def counted(*given: object, **more: object) -> object:
        steps.append(1)
        return settle(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(nightly, "settle", counted)
    night = Thread(target=nightly.run_if_due, args=(world.club,))
    workers = EventWorkers(world.club)
    workers.start()
    before, waits = len(person.heard()), list[int]()
    night.start()
    try:
        until(lambda: steps or not night.is_alive(), "the night")
        while len(steps) < MEMBERS:
            begun = len(steps)
            assert world.simulator.customers.write(person.user_id, "ポイント").ok
            waits.append(len(steps) - begun)
            workers.wake()
            until(lambda: len(person.heard()) == before + len(waits), "the answer")
    finally:
        night.join()
        workers.stop()
    assert len(steps) >= MEMBERS
    assert waits, "none while the night ran"
    assert max(waits) <= STEPS_MAX, waits
