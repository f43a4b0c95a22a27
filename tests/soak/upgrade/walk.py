"""The walk: a club of before is served, this version migrates it and comes, the old one goes."""

import argparse
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from bot.settings import PROJECT
from bot.store import Store
from bot.store.history import programs
from bot.store.tables import activities
from handlers.jobs.night.audit import audit_member
from rules.science.drift import Foresight
from tests.bench.line_server import line_server
from tests.journeys.served import CHANNEL_SECRET
from tests.ports import held_port
from tests.soak.databases import database

from .load import GIVE_UP_SECONDS, Load, Seen, signed_in
from .versions import Version, ready, unpacked

#: Up to so many members the demo is lived; more are copied by the bench.
DEMO_MAX = 1_000


@dataclass
class OldInstallation:
    """A club of before, in both versions, and a LINE beside it."""

    old: Version
    new: Version
    store: Store
    #: What runs of each version.
    commands: tuple[str, ...]
    #: Too many members for all to be audited within minutes.
    is_large: bool


@contextmanager
def installed(chosen: argparse.Namespace, folder: Path) -> Iterator[OldInstallation]:
    """A club that the old version made: the demo's, or a large one of its own bench."""
    with ExitStack() as stack:
        url = stack.enter_context(database(chosen.database, folder))
        common = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "a-secret-key-for-a-server-of-its-own",
        }
        files = unpacked(chosen.commit, folder / "old")
        filling = Version(files, common)
        filling.does("migrate")
        is_large = chosen.members > DEMO_MAX
        if is_large:
            filling.fills(chosen.members)
        else:
            told = filling.does("demo", "--members", str(chosen.members))
            print(told.strip().splitlines()[-1])
        live = {
            **common,
            "BASE_URL": "https://club.example",
            "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE": stack.enter_context(line_server(0.02)),
        }
        store = Store(url)
        stack.callback(store.close)
        commands = ("serve",) if store.is_sqlite else ("serve", "worker")
        old, new = Version(files, live), Version(PROJECT, live)
        yield OldInstallation(old, new, store, commands, is_large)


def walk(its: OldInstallation, seen: Seen, folder: Path, seconds: float) -> None:
    """The new version comes, and the old one goes."""
    old, new = its.old, its.new
    with ExitStack() as of_both, ExitStack() as of_old, ExitStack() as of_new:
        first, second = (of_both.enter_context(held_port()) for _ in range(2))
        for command in its.commands:
            of_old.enter_context(old.runs(command, first, folder / "old.log"))
        load = loaded(its, seen, first)
        seen.now = "old alone"
        with load.goes_on():
            time.sleep(seconds)
            print("old:", ready(first))
            seen.now, began = "new migrates", time.monotonic()
            new.does("migrate")
            print(f"migrated in {time.monotonic() - began:.1f} s")
            print("old, after it:", ready(first))
            seen.now = "new starts"
            for command in its.commands:
                of_new.enter_context(new.runs(command, second, folder / "new.log"))
            load.ports = [first, second]
            _meanwhile(seen, "both", seconds)
            print("new:", ready(second))
            seen.now = "old stops"
            of_old.close()
            load.ports = [second]
            _meanwhile(seen, "new alone", seconds)
        _handled(its.store, seen)
    if its.is_large:
        _those_scanned_add_up(its.store, seen)
    else:
        print(new.does("ledger", "audit").strip().splitlines()[-1])
    all_is_there(its.store, seen)


def loaded(its: OldInstallation, seen: Seen, port: int) -> Load:
    """Staff are signed in there, and all members' cards are at hand."""
    said = its.old.does("staff", "add", "walk", "--name", "Walk", "--role", "owner", "--invite")
    link = re.search(r"(/staff/join/[^\s.]+)", said)
    assert link, said
    cookies, token = signed_in(port, link[1])
    with its.store.read() as uow:
        found = "SELECT number FROM members WHERE erased_at IS NULL AND merged_into IS NULL"
        numbers = [*uow.run(text(found)).scalars()]
    return Load(seen, [port], numbers, cookies, token)


def _meanwhile(seen: Seen, what: str, seconds: float) -> None:
    seen.now = what
    time.sleep(seconds)


def _handled(store: Store, seen: Seen) -> None:
    """Waits until nothing waits."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        with store.read() as uow:
            waiting = uow.run(text("SELECT count(*) FROM webhook_events WHERE status = 'new'"))
            if waiting.scalar_one() == 0:
                return
        time.sleep(0.5)
    seen.lost.append("events that nobody handles")


def _those_scanned_add_up(store: Store, seen: Seen) -> None:
    """What `ledger audit` does, for whoever was scanned meanwhile."""
    of_scans = select(activities.c.member_id).where(activities.c.key.in_(seen.actions)).distinct()
    with store.read() as uow:
        timeline = programs.load(uow)
        foresight = Foresight(timeline.models, timeline.latest.programme.shop)
        ids = uow.run(of_scans).scalars().all()
        found = [each for one in ids for each in audit_member(uow, timeline, foresight, one)]
    print(f"{len(ids)} members who were scanned: {found or 'everything adds up'}")
    seen.lost += [f"{each.number}: {each.what}" for each in found]


def all_is_there(store: Store, seen: Seen) -> None:
    """What was taken is there, once."""
    its = select(activities.c.key, func.substr(activities.c.what, 1, 6))
    with store.read() as uow:
        rows = uow.run(text("SELECT event_id, status, error FROM webhook_events")).all()
        found = uow.run(its.where(activities.c.key.in_(seen.actions)))
        recorded = Counter((key, kind) for key, kind in found)
    done = {row.event_id for row in rows if row.status == "done"}
    print(f"events: {len(seen.events)} taken, {len(seen.events & done)} done;", end=" ")
    print("unsaid:", dict(Counter(row.error for row in rows if row.error)) or "none")
    kept = {key for key, _ in recorded}
    print(f"scans: {seen.scans} taken, {len(seen.actions)} of them recorded, {len(kept)} there")
    seen.lost += sorted(seen.events - done)
    seen.lost += sorted(seen.actions - kept)
    seen.lost += [f"{key} twice" for (key, _), times in recorded.items() if times > 1]
