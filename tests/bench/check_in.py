"""The check-in, whole: rules, ledger, rank, badges and the claim of its key, by four clients.

The limit writes the same rows in as few statements as can be, with nothing thought about:
pgbench in seven round trips, or one connection of Python's own sqlite3.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any
from uuid import uuid4

from bot.store import Store
from bot.store.finding.due_members import everyone

from . import pgbench
from .club import Visitors
from .databases import Database, Postgresql, Sqlite
from .measure import Goal, Row, Sizes, compare, in_turn, per_second

CLIENTS = 4

_CLAIM = "INSERT INTO claims (key, asked, at) VALUES ({key}, {asked}, {at})"
_MEMBER = """
SELECT id, number, language, line_user_id, joined_at, referred_by, facts, topics_left, erased_at,
    history_seq + 1 AS seq, entry_no + 1 AS no FROM members WHERE id = {member}"""
_ACTIVITY = """
INSERT INTO activities (member_id, seq, what, at, recorded_at, business_date, made_by, store,
    holiday, switches, version, key)
VALUES ({member}, {seq}, {what}, {at}, {at}, {day}, 'staff', 'ekimae', false, '', 1, {key})"""
_ENTRY = """
INSERT INTO entries (member_id, no, seq, kind, rule, version, key, points, at, recorded_at,
    business_date)
VALUES ({member}, {no}, {seq}, 'grant', 'visit', 1, {key}, 10, {at}, {at}, {day})"""
_LOT = """
INSERT INTO lots (member_id, no, points, "left", given_on, expires_on)
VALUES ({member}, {no}, 10, 10, {day}, {expires})"""
_SAVE = """
UPDATE members SET membership = 'active', source = 'line', facts = {facts}, history_seq = {seq},
    entry_no = {no}, balance = balance + 10, visits = visits + 1, rank = rank,
    last_visit_at = {at}, active_on = {day}, settle_on = settle_on WHERE id = {member}"""
_SETTLE = "UPDATE claims SET outcome = {outcome} WHERE key = {key}"

_CONSTANTS = {
    "asked": "a" * 64,
    "at": "2027-01-05 03:00:00",
    "day": "2027-01-05",
    "expires": "2028-02-01",
    "what": 'Visit {"via":"staff"}',
    "outcome": '{"member_id":10,"seq":15,"refused":null,"again_at":null,"grants":[{"rule":"visit",'
    '"points":10}],"rank_changes":[],"badges":[],"waiting":[],"invited":false,"balance":220}',
}
_NAMES = (*_CONSTANTS, "key", "member", "seq", "no", "facts")


def measure(databases: Sequence[Database], sizes: Sizes) -> list[Row]:
    return [row for each in databases for row in _on(each, sizes)]


def _on(database: Database, sizes: Sizes) -> list[Row]:
    if isinstance(database, Sqlite):
        return on_sqlite(database, sizes)
    return on_postgresql(database, sizes)


def on_sqlite(database: Sqlite, sizes: Sizes) -> list[Row]:
    """Four threads of one process, as `flask serve` is, against one raw connection."""
    with raw_sqlite(database.copy()) as limit, threads(database.copy(), sizes) as ours:
        samples = in_turn(
            sizes.rounds, {"ours": ours.run, "limit": lambda: per_second(limit.step, sizes)}
        )
    path = f"check-in, {CLIENTS} threads, SQLite"
    return [compare(path, "/s", samples["ours"], samples["limit"], Goal(ratio_min=0.5))]


def on_postgresql(database: Postgresql, sizes: Sizes) -> list[Row]:
    """Four processes against pgbench with four clients."""
    members = sizes.members // CLIENTS
    url = database.copy()

    def limit() -> float:
        given = {**_CONSTANTS, "run": uuid4().hex, "n": "0", "of_each": str(members)}
        script = _pgbench_script()
        return pgbench.per_second(url, script, given, clients=CLIENTS, seconds=sizes.seconds)

    with _processes(database.copy(), sizes) as ours:
        samples = in_turn(sizes.rounds, {"ours": ours.run, "limit": limit})
    path = f"check-in, {CLIENTS} processes, PostgreSQL"
    return [compare(path, "/s", samples["ours"], samples["limit"], Goal(ratio_min=0.45))]


def _pgbench_script() -> str:
    """Seven round trips. Each client has members of its own, as ours have."""
    names = {name: f":{name}" for name in _NAMES}
    names["key"] = "'bench:' || :run || ':' || :client_id || ':' || :n"
    both = f"WITH entry AS ({_ENTRY}) {_LOT}".format(**names)
    done = f"WITH settled AS ({_SETTLE}) {_SAVE}".format(**names)
    statements = (
        "BEGIN",
        _CLAIM.format(**names),
        f"{_MEMBER} FOR UPDATE \\gset".format(**names),
        _ACTIVITY.format(**names),
        both,
        done,
        "COMMIT",
    )
    lines = (" ".join(s.split()) + ("" if "\\gset" in s else ";") for s in statements)
    choose = (r"\set n :n + 1", r"\set member :n % :of_each * 4 + :client_id + 1")
    return "\n".join((*choose, *lines)) + "\n"


class RawSqlite:
    """The statements of a check-in on a raw connection, as careful as the store's."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self._members = [row[0] for row in self.connection.execute("SELECT id FROM members")]
        self._count = 0
        marks = {name: f":{name}" for name in _NAMES}
        texts = (_CLAIM, _MEMBER, _ACTIVITY, _ENTRY, _LOT, _SAVE, _SETTLE)
        self._claim, self._member, *self._writes = [text.format(**marks) for text in texts]

    def step(self) -> None:
        self._count += 1
        member = self._members[self._count % len(self._members)]
        values: dict[str, Any] = {**_CONSTANTS, "member": member, "key": f"raw:{self._count}"}
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        execute(self._claim, values)
        *_, seq, no = row = execute(self._member, values).fetchone()
        values |= {"seq": seq, "no": no, "facts": row[6]}
        for statement in self._writes:
            execute(statement, values)
        execute("COMMIT")


@contextmanager
def raw_sqlite(url: str) -> Iterator[RawSqlite]:
    raw = RawSqlite(url.removeprefix("sqlite:///"))
    with closing(raw.connection):
        yield raw


@dataclass(frozen=True, slots=True)
class Threads:
    """Clients that are threads on one store."""

    clients: Sequence[Visitors]
    sizes: Sizes

    def run(self) -> float:
        """Check-ins a second, of all clients together."""
        speeds: list[float] = []
        threads = [
            Thread(target=lambda c=client: speeds.append(per_second(c.next, self.sizes)))
            for client in self.clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(speeds) < len(self.clients):
            raise RuntimeError("a client of the check-in failed")
        return sum(speeds)


@contextmanager
def threads(url: str, sizes: Sizes) -> Iterator[Threads]:
    store = Store(url)
    try:
        shares = _shares(store)
        yield Threads([Visitors(store, s, visits=sizes.visits) for s in shares], sizes)
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class _Processes:
    """Clients that are processes, each with a store of its own, told to run through a pipe."""

    pipes: Sequence[Connection]

    def run(self) -> float:
        """Check-ins a second, of all clients together."""
        for pipe in self.pipes:
            pipe.send("run")
        return sum(float(pipe.recv()) for pipe in self.pipes)


@contextmanager
def _processes(url: str, sizes: Sizes) -> Iterator[_Processes]:
    store = Store(url)
    shares = _shares(store)
    store.close()
    context = get_context("spawn")
    pairs = [context.Pipe() for _ in shares]
    processes = [
        context.Process(target=_client, args=(theirs, url, share, sizes), daemon=True)
        for (_, theirs), share in zip(pairs, shares, strict=True)
    ]
    for process, (_, theirs) in zip(processes, pairs, strict=True):
        process.start()
        theirs.close()
    ours = [mine for mine, _ in pairs]
    try:
        for pipe in ours:
            pipe.recv()
        yield _Processes(ours)
    finally:
        for pipe in ours:
            pipe.close()
        for process in processes:
            process.join()


def _client(pipe: Connection, url: str, members: Sequence[int], sizes: Sizes) -> None:
    """One process: says that it is ready, then runs whenever it is told to, until nobody does."""
    store = Store(url)
    visitors = Visitors(store, members, visits=sizes.visits)
    pipe.send("ready")
    try:
        while pipe.recv():
            pipe.send(per_second(visitors.next, sizes))
    except EOFError:
        store.close()


def _shares(store: Store) -> list[list[int]]:
    """The members, divided among the clients."""
    members = list(everyone(store))
    return [members[client::CLIENTS] for client in range(CLIENTS)]
