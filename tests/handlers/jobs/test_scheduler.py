import threading
import time

import pytest

from handlers.jobs import scheduler
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.scheduler import Scheduler
from tests.handlers.clubs import SmallClub


class _Slow(Clockwork):
    """Its night's work goes on for longer than anybody waits."""

    def __init__(self, cafe: SmallClub) -> None:
        super().__init__(cafe.club)
        self.begun, self.may_end = threading.Event(), threading.Event()

    def tick(self) -> None:
        self.begun.set()
        self.may_end.wait(60)


def test_it_ticks_until_it_is_stopped(cafe: SmallClub) -> None:
    ticks: list[float] = []

    class Counted(Clockwork):
        def tick(self) -> None:
            ticks.append(time.monotonic())

    ticking = Scheduler(cafe.store, Counted(cafe.club), seconds=0.02)
    ticking.start()
    give_up = time.monotonic() + 20
    while len(ticks) < 3 and time.monotonic() < give_up:
        time.sleep(0.01)
    ticking.stop()
    count = len(ticks)
    assert count >= 3
    time.sleep(0.1)
    assert len(ticks) == count


def test_a_long_tick_keeps_nobody_from_the_end(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "STOP_SECONDS_MAX", 0.1)
    clockwork = _Slow(cafe)
    ticking = Scheduler(cafe.store, clockwork, seconds=0.02)
    ticking.start()
    assert clockwork.begun.wait(20)
    began = time.monotonic()
    ticking.stop()
    assert time.monotonic() - began < 10
    # Nor does what runs on keep the process alive.
    ours = [each for each in threading.enumerate() if each.name in ("APScheduler", "end")]
    assert ours
    assert all(each.daemon for each in ours)
    clockwork.may_end.set()
    for each in ours:
        each.join(20)
