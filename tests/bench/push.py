"""Pushes a second from one process, database included, to a LINE that answers after 50 ms.

The limit is LINE's own rate.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from statistics import median

import psutil
from sqlalchemy import text

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient
from bot.line.limits import PUSHES_PER_SECOND
from bot.line.messages import text_message
from bot.store import Store
from bot.store.finding.due_members import everyone
from bot.store.history.programs import Programmes
from bot.store.messages import outbox, outbox_figures
from bot.store.messages.outbox import PlannedMessage
from handlers.actions.telling.messages import Say, SayJourney, SayMessages
from handlers.club import Club
from handlers.commands.serving import set_up_python
from handlers.jobs.delivery.line import Delivery
from handlers.showing.journey_audience import JourneyRun, judge
from rules.journeys.member import DueMessage
from rules.journeys.programme import journey_named

from . import crowd
from .club import DAY, OPENED, settle_first
from .databases import Database, vacuum
from .line_server import line_server
from .measure import Goal, Row, Sizes

#: So long after their last visit members are written to: the café's second word to who stays away
#: names them and promises no gift.
AWAY = 92 * DAY
_RUNS = count(1)


@dataclass(frozen=True, slots=True)
class _Sent:
    """Pushes a second, and the share of a core that 2,000 a second would take."""

    speed: float
    core: float


class _Still(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def measure(databases: Sequence[Database], sizes: Sizes) -> list[Row]:
    """On each database, in turn: texts that are ready, and texts made from the member's facts."""
    set_up_python()
    rows = []
    for database in databases:
        with line_server() as address, _club(database, address, sizes) as club:
            rows += _measure(f"{database.name}", club, sizes)
    return rows


def _measure(where: str, club: Club, sizes: Sizes) -> list[Row]:
    own = _missed(club)
    rounds = [(_sent(club, _ready, sizes), _sent(club, own, sizes)) for _ in range(sizes.rounds)]
    ready, made = zip(*rounds, strict=True)
    speed, most = median(each.speed for each in ready), float(PUSHES_PER_SECOND)
    of_ready = median(theirs.speed / same.speed for same, theirs in rounds)
    path, path_of_own = f"push, texts ready, {where}", f"push, texts made from facts, {where}"
    return [
        Row(path, "/s", speed, most, speed / most, Goal(ratio_min=0.95)),
        _core(path, ready, Goal(ours_max=0.6)),
        Row(
            path_of_own,
            "/s",
            median(each.speed for each in made),
            speed,
            of_ready,
            Goal(ratio_min=0.6),
        ),
        _core(path_of_own, made),
    ]


def _core(path: str, done: Sequence[_Sent], goal: Goal | None = None) -> Row:
    share = median(each.core for each in done)
    return Row(f"{path}: of a core at 2,000/s", "", share, 1, share, goal or Goal())


def _sent(club: Club, say: Callable[[int], Say], sizes: Sizes) -> _Sent:
    enough = int(sizes.push_seconds * PUSHES_PER_SECOND) + 1
    _queue(club, say, enough)
    delivery = Delivery(club)
    began, used = time.perf_counter(), _cpu(club)
    delivery.deliver_due(seconds_max=sizes.push_seconds)
    elapsed, used = time.perf_counter() - began, _cpu(club) - used
    with club.store.begin() as uow:
        sent = outbox_figures.counts(uow)["sent"]
        for table in ("outbox", "send_attempts"):
            uow.run(text(f"DELETE FROM {table}"))
    vacuum(club.store)
    return _Sent(sent / elapsed, used / sent * PUSHES_PER_SECOND)


def _queue(club: Club, say: Callable[[int], Say], most: int) -> None:
    run, now = f"{next(_RUNS)}", club.now()
    useful = now + timedelta(days=1)
    with club.store.begin() as uow:
        planned = [
            PlannedMessage(m, "news", run, say(m).model_dump_json(), "ranks", now, now, useful)
            for m in list(everyone(club.store))[:most]
        ]
        if outbox.queue_many(uow, planned) != len(planned):
            raise RuntimeError("not all was queued")


def _ready(member: int) -> Say:
    return SayMessages(
        messages=(text_message(f"{member}番のお客様、いつもありがとうございます。"),)
    )


def _missed(club: Club) -> Callable[[int], Say]:
    """What the journey `lapsed` has for each: all have the same past, and a name of their own."""
    timeline, now = club.timeline(), club.now()
    programme = timeline.at(now).programme
    journey = journey_named(programme, "lapsed")
    assert journey
    asking = JourneyRun(club, timeline, programme, journey, programme.shop.business_date(now))
    with club.store.begin() as uow:
        [judged] = judge(uow, asking, [1])
    assert isinstance(judged.answer, DueMessage)
    assert judged.draw
    said = SayJourney(name=journey.id, period=judged.answer.period, arm=judged.draw.arm)
    return lambda _: said


def _cpu(club: Club) -> float:
    """Seconds of a core: this process, and the database's."""
    used = time.process_time()
    if club.store.is_sqlite:
        return used
    with club.store.read() as uow:
        backend = int(uow.run(text("SELECT pg_backend_pid()")).scalar_one())
    server = psutil.Process(backend).parent()
    processes = [server, *server.children()] if server else []
    times = [process.cpu_times() for process in processes]
    return used + sum(float(each.user + each.system) for each in times)


@contextmanager
def _club(database: Database, address: str, sizes: Sizes) -> Iterator[Club]:
    store = Store(database.copy())
    now = OPENED + sizes.visits * DAY + AWAY
    settle_first(store, now)
    crowd.make(store, int(sizes.push_seconds * PUSHES_PER_SECOND) + 1)
    try:
        yield Club(
            store=store,
            clock=_Still(now),
            programmes=Programmes(store),
            line=LineClient("token", address),
            codes=Codes("a secret of the benchmarks that is long enough"),
            base_url="https://kayoi.example",
            link_base="https://line.me",
            bot_id=lambda: "@kayoi",
        )
    finally:
        store.close()
