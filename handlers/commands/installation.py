"""An installation: the settings and everything built from them, for the commands and the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from bot.archives import Archives, folder_of
from bot.settings import Settings
from bot.simulator import Simulator
from handlers.club import Club
from handlers.jobs.clockwork import Clockwork

#: Who said which LINE channel it is: the environment, or the console.
ChannelSource = Literal["environment", "console"]


def _as_started() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Origin:
    """What an installation was built from, as far as it can change while the process runs."""

    #: Nobody's where the simulator stands for LINE.
    channel: ChannelSource | None = None
    #: Whether another club was chosen since, or another channel connected.
    is_stale: Callable[[], bool] = _as_started
    #: Where clubs can be begun; None where somebody else says which database it is.
    clubs: Path | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """`simulator` is the LINE platform where there are no LINE credentials, else None."""

    settings: Settings
    club: Club
    clockwork: Clockwork
    simulator: Simulator | None
    origin: Origin = Origin()

    @property
    def archives(self) -> Archives:
        """The club's back-ups."""
        return Archives(self.club.store, folder_of(self.settings), self.club.art.folder)

    def travel(self, target: datetime) -> None:
        """Moves the club's time forward, with all that is due on the way. Only simulated time."""
        simulator = self.simulator
        if simulator is None:
            raise ValueError("only simulated time can be moved")

        def set_now(moment: datetime) -> None:
            # While we work the clock goes on: a moment of just now has passed already.
            ahead = max(moment - simulator.now(), timedelta(0))
            simulator.set_offset(simulator.offset() + ahead)

        self.clockwork.travel(target, set_now)


class HasClub(Protocol):
    """As much of an installation as commands need that touch nothing but the club."""

    @property
    def club(self) -> Club: ...


class HasSettings(HasClub, Protocol):
    """And of those that ask how it is set up, too."""

    @property
    def settings(self) -> Settings: ...


#: What builds the installation, for the commands that need one.
Installed = Callable[[], Installation]
#: The same, for those that need its club alone.
WithClub = Callable[[], HasClub]
#: And for those that need its settings beside it.
WithSettings = Callable[[], HasSettings]
