"""An installation: the settings and everything built from them, for the commands and the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import Settings
from bot.simulator import Simulator
from handlers.club import Club
from handlers.jobs.clockwork import Clockwork


@dataclass(frozen=True, slots=True)
class Installation:
    """`simulator` is the LINE platform where there are no LINE credentials, else None."""

    settings: Settings
    club: Club
    clockwork: Clockwork
    simulator: Simulator | None

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


#: What builds the installation, for the commands that need one.
Installed = Callable[[], Installation]
