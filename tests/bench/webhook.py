"""The webhook: verify, store durably, say 200, with 32 connections open.

The limit is a WSGI application of ten lines that verifies, parses and commits the same rows, raw,
on the same server with the same settings, sent the same.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack

from bot.settings import PROJECT

from . import wsgi
from .databases import Database
from .load import Load
from .measure import Goal, Row, Sizes, compare
from .server import serving

#: A database by its name, and what is served on it.
_Server = tuple[str, str]

CONNECTIONS = 32
P99_MS_MAX = 50
#: By the database's name.
GOALS = {"SQLite": Goal(ratio_min=0.8), "PostgreSQL": Goal(ratio_min=0.7)}
#: LINE puts several events into a request when many people write at once.
EVENTS = (1, 5)


def measure(databases: list[Database], sizes: Sizes) -> list[Row]:
    """Ours and the limit of each database, all in turn."""
    with ExitStack() as stack:
        ports = {
            (database.name, what): stack.enter_context(
                serving(what, wsgi.environment(database.copy()))
            )
            for database in databases
            for what in ("raw", "served")
        }
        return [row for events in EVENTS for row in _rows(ports, events, sizes)]


def _rows(ports: Mapping[_Server, int], events: int, sizes: Sizes) -> list[Row]:
    loads: dict[_Server, list[Load]] = {server: [] for server in ports}
    for _ in range(sizes.rounds):
        for server, port in ports.items():
            loads[server].append(_load(port, events, sizes))
    rows, names = [], list(dict.fromkeys(name for name, _ in ports))
    for name in names:
        path = f"webhook, {events} event{'s' if events > 1 else ''} a request, {name}"
        ours, limit = loads[name, "served"], loads[name, "raw"]
        speed, most = ([load.per_second * events for load in side] for side in (ours, limit))
        slow, least = ([load.ms_p99 for load in side] for side in (ours, limit))
        rows += [
            compare(path, "events/s", speed, most, GOALS[name]),
            compare(f"{path}, p99", "ms", slow, least, Goal(ours_max=P99_MS_MAX)),
        ]
    busy = [load.busy for name in names for load in loads[name, "raw"]]
    return [*rows, compare("the generator's share of a core", "", busy, [1.0] * len(busy))]


def _load(port: int, events: int, sizes: Sizes) -> Load:
    numbers = (port, CONNECTIONS, events, sizes.warm_up, sizes.seconds)
    command = [sys.executable, "-m", "tests.bench.load", *map(str, numbers)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    load = Load(**json.loads(done.stdout))
    if load.failed:
        raise RuntimeError(f"{load.failed} requests were not answered 200")
    return load
