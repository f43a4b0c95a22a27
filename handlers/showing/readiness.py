"""What `/readyz` says: whether this process can do its work, and what else is wrong with the club.

A sentence for whoever is on call; nothing of a person or of a secret in it. Two kinds: what this
process can't serve without, so that nobody should be led to it; and what somebody should look at,
while members and staff are better served by it than by nobody.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from bot.store import Store
from bot.store.engine import leader
from bot.store.engine.condition import time_there, trouble_of
from bot.store.engine.migrate import ahead, behind
from bot.store.finding import ticks
from bot.store.messages import webhook_events
from handlers.club import Club

from .month_quota import quota_state

#: Asks for something; None if all is well, else a sentence saying what is not.
Check = Callable[[Club], str | None]

FAILED = "The check itself failed; the log says where."
#: Less room than that is little.
_ROOM_BYTES = 200 * 1024 * 1024
#: An event of LINE is answered within seconds.
_WAITS_MAX = timedelta(minutes=2)
#: Codes move and links end by the clock: more than that is noticed.
_OFF_MAX = timedelta(minutes=1)
#: The night's work may take so long, from the moment at which it is due.
_NIGHT_MAX = timedelta(minutes=45)

log = structlog.get_logger("health")


def missing(club: Club) -> Mapping[str, str]:
    """What this process can't serve without, with a sentence for each; "" for what is there."""
    return dict(_asked(club, NEEDS))


def wrong(club: Club) -> Mapping[str, str]:
    """What somebody should look at, in the same way."""
    return dict(_asked(club, SIGNS))


def _asked(club: Club, checks: Mapping[str, Check]) -> Iterator[tuple[str, str]]:
    for name, check in checks.items():
        try:
            yield name, check(club) or ""
        except Exception:  # whatever it is, the installation isn't ready
            log.exception("readiness check failed", check=name)
            yield name, FAILED


def _database(club: Club) -> str | None:
    match trouble_of(club.store):
        case "busy":
            return (
                "All connections to the database are in use: it is slow, or something holds them."
            )
        case "away" if club.store.is_sqlite:
            return "The database's file can't be opened: is its disk there, and may we write to it?"
        case "away":
            return "The database isn't reached: is its server running, and DATABASE_URL right?"
        case "broken":
            return "The database's file is broken, or none of SQLite's: bring back the replica."
        case None:
            return None


def _migrations(club: Club) -> str | None:
    numbers = behind(club.store)
    if numbers is None:
        return None
    found, ours = numbers
    at = f"at {found}" if found else "empty"
    return f"The database is {at}, and this code at {ours}: run `flask --app app migrate`."


def _disk(club: Club) -> str | None:
    return "The database's disk is full: nothing is written." if club.store.is_full else None


def _room(club: Club) -> str | None:
    folder = _folder(club.store)
    free = shutil.disk_usage(folder).free if folder else _ROOM_BYTES
    if free >= _ROOM_BYTES:
        return None
    return f"The database's disk has {free // 1024 // 1024} MB left: make room before it is full."


def _folder(store: Store) -> Path | None:
    """Where the database lies, if we can see it."""
    name = store.url.database if store.is_sqlite else None
    return Path(name).parent if name else None


def _version(club: Club) -> str | None:
    newer = ahead(club.store)
    if newer is None:
        return None
    found, ours = newer
    return f"A newer version migrated the database to {found}, this code is at {ours}: start that."


def _answers(club: Club) -> str | None:
    with club.store.read() as uow:
        since = webhook_events.oldest(uow)
    waited = club.now() - since if since else timedelta(0)
    if waited < _WAITS_MAX:
        return None
    return f"Events of LINE have waited for {_told(waited)}: no worker takes them, or too slowly."


def _schedule(club: Club) -> str | None:
    with club.store.read() as uow:
        if not leader.is_any(uow):
            return "No scheduler leads: no worker runs, so no night's work, and nothing is sent."
        now = club.now()
        programme = club.timeline().at(now).programme
        day = programme.shop.business_date(now)
        jump = ticks.jump_at(uow, day)
        last = ticks.last_tick(uow, "nightly")
    if jump is not None:
        return (
            f"The date is {jump.days} days after the last night: set it right, or say it is true."
        )
    late = now - programme.shop.opens(day)
    if last is None or last >= day.isoformat() or late < _NIGHT_MAX:
        return None
    return (
        f"The night's work isn't finished {_told(late)} after {day} began; the last was of {last}."
    )


def _line(club: Club) -> str | None:
    pulse, now = club.line.pulse, club.now()
    if pulse.token_refused or quota_state(club, now).held == "credentials":
        return "LINE refuses the channel access token: nothing is sent; set a new one."
    return None


def _clock(club: Club) -> str | None:
    """The club's own clock may have travelled: what counts is that on the wall."""
    ahead_of_line = club.line.pulse.ahead
    if ahead_of_line is not None and abs(ahead_of_line) > _OFF_MAX:
        return _off(ahead_of_line, "LINE's")
    before = club.wall.now()
    theirs = time_there(club.store)
    if theirs is None:
        return None
    difference = min(before - theirs, club.wall.now() - theirs, key=abs)
    return _off(difference, "the database's") if abs(difference) > _OFF_MAX else None


def _off(difference: timedelta, whose: str) -> str:
    way = "ahead of" if difference > timedelta(0) else "behind"
    return f"This machine's clock is {_told(abs(difference))} {way} {whose}: set it right."


def _told(lasted: timedelta) -> str:
    minutes = round(lasted / timedelta(minutes=1))
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


NEEDS: dict[str, Check] = {"database": _database, "migrations": _migrations, "disk": _disk}
SIGNS: dict[str, Check] = {
    "room": _room,
    "version": _version,
    "answers": _answers,
    "schedule": _schedule,
    "line": _line,
    "clock": _clock,
}
