import threading
import time

import pytest

from handlers.jobs import scheduler
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.scheduler import Scheduler
from tests.handlers.clubs import SmallClub
from tests.waiting import SECONDS_MAX, until


class _Slow(Clockwork):
    """Its night's work goes on for longer than anybody waits."""

    def __init__(self, cafe: SmallClub) -> None:
        super().__init__(cafe.club)
        self.begun, self.may_end = threading.Event(), threading.Event()

    def tick(self) -> None:
        self.begun.set()
        self.may_end.wait(SECONDS_MAX)


def test_it_ticks_until_it_is_stopped(cafe: SmallClub) -> None:
    ticks: list[float] = []

    class Counted(Clockwork):
        def tick(self) -> None:
            ticks.append(time.monotonic())

    ticking = Scheduler(cafe.store, Counted(cafe.club), seconds=0.02)
    ticking.start()
    until(lambda: len(ticks) >= 3, "the third tick")
    ticking.stop()
    count = len(ticks)
    time.sleep(0.1)
    assert len(ticks) == count


def test_a_long_tick_keeps_nobody_from_the_end(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "STOP_SECONDS_MAX", 0.1)
    clockwork = _Slow(cafe)
    ticking = Scheduler(cafe.store, clockwork, seconds=0.02)
    ticking.start()
    assert clockwork.begun.wait(SECONDS_MAX)
    began = time.monotonic()
    ticking.stop()
    assert time.monotonic() - began < SECONDS_MAX / 2
    # Nor does what runs on keep the process alive.
    ours = [each for each in threading.enumerate() if each.name in ("APScheduler", "end")]
    assert ours
    assert all(each.daemon for each in ours)
    clockwork.may_end.set()
    for each in ours:
        each.join(SECONDS_MAX)
