"""Workers and schedulers in processes of their own, which can be killed at any instant.

They are forked from a process that has everything imported, so that a new one starts at once.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.context import ForkServerContext, ForkServerProcess

from bot.clock import Clock
from bot.settings import PROJECT
from bot.store.messages import attempts
from handlers.club import Club
from handlers.commands.serving import wait_to_be_stopped
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery import line
from handlers.jobs.delivery.outcomes import RetryPolicy
from handlers.jobs.delivery_worker import DeliveryWorker
from handlers.jobs.scheduler import Scheduler
from tests.handlers.clubs import club_at

#: What each process would otherwise load by itself: LINE's SDK takes most of a second, and pytest,
#: which is what was started, almost half of one.
_HEAVY = ("linebot.v3.messaging", "pytest")
#: Nobody waits as long as in production.
HASTE = RetryPolicy(
    lease=timedelta(seconds=1.5),
    backoff=(timedelta(seconds=0.1), timedelta(seconds=0.3)),
    credentials=timedelta(seconds=0.3),
    quota=timedelta(seconds=0.4),
    rest=timedelta(seconds=0.1),
)


def work(database_url: str, line_url: str, offset: timedelta, *, alone: bool = False) -> None:
    """Delivers until it is killed; `alone` as the one process that SQLite has."""
    _keep_quiet()
    club = _club(database_url, offset, line_url)
    if alone:
        with club.store.begin() as uow:
            attempts.free_leases(uow, now=club.now())
    DeliveryWorker(Clockwork(club, HASTE), seconds=0.2).start()
    threading.Event().wait()


def work_until_stopped(database_url: str, line_url: str, offset: timedelta) -> None:
    """Delivers until it is told to end, as the worker's process does."""
    _keep_quiet()
    worker = DeliveryWorker(Clockwork(_club(database_url, offset, line_url), HASTE), seconds=0.05)
    worker.start()
    wait_to_be_stopped()
    worker.stop()


def work_slowly(database_url: str, line_url: str, offset: timedelta, pushes_a_second: int) -> None:
    """Delivers until it is killed, as if LINE took no more pushes than that from all together; a
    few at a time, so that others get theirs."""
    line.RATES["push"], line.BATCH = pushes_a_second, 10
    _keep_quiet()
    club = _club(database_url, offset, line_url)
    DeliveryWorker(Clockwork(club), seconds=0.05).start()
    threading.Event().wait()


def keep_schedule(database_url: str, line_url: str, offset: timedelta) -> None:
    """Ticks while it leads, until it is killed."""
    _keep_quiet()
    club = _club(database_url, offset, line_url)
    Scheduler(club.store, Clockwork(club, HASTE), seconds=0.2).start()
    threading.Event().wait()


def do_all(database_url: str, line_url: str, offset: timedelta) -> None:
    """Ticks and delivers until it is killed: the one process that SQLite has."""
    _keep_quiet()
    club = _club(database_url, offset, line_url)
    with club.store.begin() as uow:
        attempts.free_leases(uow, now=club.now())
    Scheduler(club.store, Clockwork(club, HASTE), seconds=0.2).start()
    DeliveryWorker(Clockwork(club, HASTE), seconds=0.2).start()
    threading.Event().wait()


def _club(database_url: str, offset: timedelta, line_url: str) -> Club:
    """Its clock is off by so much, and it soon takes LINE for silent."""
    return club_at(database_url, Clock(lambda: offset), line_url, read_seconds=0.5)


def _keep_quiet() -> None:
    """What goes wrong is meant to: the log is not worth reading."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


class Nursery:
    """Starts processes for one test, and leaves none of them behind."""

    def __init__(self) -> None:
        # The process they are forked from imports by this, not by what pytest did to the path.
        os.environ["PYTHONPATH"] = str(PROJECT)
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, *_HEAVY])
        self._started: list[ForkServerProcess] = []

    def starts(
        self, what: Callable[..., None], *given: object, **more: object
    ) -> ForkServerProcess:
        process = self._context.Process(target=what, args=given, kwargs=more, daemon=True)
        process.start()
        self._started.append(process)
        return process

    def ends(self) -> None:
        for process in self._started:
            kill(process)


def kill(process: ForkServerProcess) -> None:
    """SIGKILL: it gets no chance to tidy up."""
    process.kill()
    process.join()
