"""What the first steps stand on, as the wiring hands it over: only it knows the process, and where
clubs are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from bot.line.channel import ChannelCheck

_EXTENSION = "kayoi.ground"


#: LINE itself.
_LINE = ChannelCheck()


def _nothing() -> None:
    """Nothing can be done in this process."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a new club can be begun, and what the process can do for it."""

    #: Where each club has a folder of its own; None where the environment says which database it
    #: is: then the club begins in that one.
    clubs: Path | None = None
    #: Asks LINE about a channel.
    line: ChannelCheck = _LINE
    #: Whether the environment has LINE's channel: then nobody types another.
    channel_is_given: bool = False
    #: Whether LINE is connected, rather than played.
    is_live: bool = False
    #: Whether another club was chosen, or another channel, than this process was started with.
    is_stale: Callable[[], bool] = _never
    #: Lets the process start anew, once the answer has left.
    restart: Callable[[], None] = _nothing
    #: Makes the menus under the chat those of the programme.
    deploy_menus: Callable[[], object] = _nothing


def install(app: Flask, ground: Ground) -> None:
    """Hands it to the pages of `app`."""
    app.extensions[_EXTENSION] = ground


def current_ground() -> Ground:
    found: Ground = current_app.extensions.get(_EXTENSION) or Ground()
    return found
