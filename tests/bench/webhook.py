"""The webhook: verify, store durably, say 200, with 32 connections open.

The limit is an empty Flask route on the same server with the same settings, sent the same.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from bot.settings import PROJECT

from . import wsgi
from .databases import Database
from .load import Load
from .measure import Goal, Row, Sizes, compare, in_turn
from .server import serving

CONNECTIONS = 32
P99_MS_MAX = 50
#: LINE puts several events into a request when many people write at once.
EVENTS = (1, 5)


def measure(databases: list[Database], sizes: Sizes) -> list[Row]:
    """All databases in turn with the empty route, which is their common limit."""
    with ExitStack() as stack:
        ports = {"limit": stack.enter_context(serving("empty", {}))}
        for database in databases:
            environment = wsgi.environment(database.copy())
            ports[database.name] = stack.enter_context(serving("served", environment))
        return [row for events in EVENTS for row in _rows(ports, databases, events, sizes)]


def _rows(
    ports: Mapping[str, int], databases: list[Database], events: int, sizes: Sizes
) -> list[Row]:
    loads: dict[str, list[Load]] = {name: [] for name in ports}

    def note(name: str) -> float:
        loads[name].append(_load(ports[name], events, sizes))
        return loads[name][-1].per_second

    runs: dict[str, Callable[[], float]] = {name: partial(note, name) for name in ports}
    samples = in_turn(sizes.rounds, runs)
    rows = []
    for name in (database.name for database in databases):
        path = f"webhook, {events} event{'s' if events > 1 else ''} a request, {name}"
        rows += [
            compare(path, "/s", samples[name], samples["limit"], Goal(ratio_min=0.5)),
            compare(
                f"{path}, p99",
                "ms",
                [load.ms_p99 for load in loads[name]],
                [load.ms_p99 for load in loads["limit"]],
                Goal(ours_max=P99_MS_MAX),
            ),
        ]
    busy = [load.busy for load in loads["limit"]]
    return [*rows, compare("the generator's share of a core", "", busy, [1.0] * len(busy))]


def _load(port: int, events: int, sizes: Sizes) -> Load:
    numbers = (port, CONNECTIONS, events, sizes.warm_up, sizes.seconds)
    command = [sys.executable, "-m", "tests.bench.load", *map(str, numbers)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    load = Load(**json.loads(done.stdout))
    if load.failed:
        raise RuntimeError(f"{load.failed} requests were not answered 200")
    return load
