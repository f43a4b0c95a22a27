"""A process of the club in bad weather: what `flask serve` and `flask worker` start.

While its folder has a file of that name its clock is an hour back (`clock-back`), or no name can be
resolved (`dns-gone`). One that is hasty waits less long for LINE, and so may hold what it does for
less long. All are forked from a process that has everything imported, so that a new one starts at
once.
"""

import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import cli

from bot.clock import Clock
from bot.line.client import LineClient
from bot.settings import PROJECT
from handlers.chat import claims

HASTY = "KAYOI_SOAK_HASTY"
CLOCK_BACK, DNS_GONE = "clock-back", "dns-gone"
_HOUR = timedelta(hours=1)


def _hurry() -> None:
    claims.LEASE, claims.BEGINS_WITHIN = timedelta(seconds=8), timedelta(seconds=4)
    known = LineClient.__init__.__kwdefaults__
    assert known is not None
    known.update(connect_seconds=1.0, read_seconds=2.0)


def starts(name: str, what: str, environment: Mapping[str, str], folder: Path) -> ForkServerProcess:
    """A process that does it until it is killed, and writes what it logs into a file there."""
    # The process they are forked from imports by this, not by what pytest did to the path.
    os.environ["PYTHONPATH"] = str(PROJECT)
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "app", "linebot.v3.messaging", "pytest"])
    given = (what, dict(environment), folder, folder / f"{name}.log")
    process = context.Process(target=_is, args=given, daemon=True)
    process.start()
    return process


def _is(what: str, environment: dict[str, str], folder: Path, log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    back, gone = folder / CLOCK_BACK, folder / DNS_GONE
    club_now, seconds, resolved = Clock.now, time.time, socket.getaddrinfo

    def behind() -> timedelta:
        return _HOUR if back.exists() else timedelta(0)

    def now(clock: Clock) -> datetime:
        return club_now(clock) - behind()

    def resolve(*asked: Any, **more: Any) -> Any:
        if gone.exists() and asked[0] not in (None, "127.0.0.1"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolved(*asked, **more)

    if os.environ.get(HASTY):
        _hurry()
    with (
        patch.object(Clock, "now", now),
        patch.object(time, "time", lambda: seconds() - behind().total_seconds()),
        patch.object(socket, "getaddrinfo", resolve),
    ):
        sys.argv = ["flask", "--app", "app", what]
        cli.main()
