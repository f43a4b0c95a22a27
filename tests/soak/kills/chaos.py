"""What goes wrong in a town, drawn from a seed: in each round something fails while a process is
killed and started again, and load goes on. A round lasts as long as something happens in it, not
for some time."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Literal

from tests.waiting import until

from .cable import Cable, State
from .child import CLOCK_BACK, DNS_GONE
from .databases import Server
from .driver import Driver
from .town import Machine, Town

Fault = Literal[
    "nothing_else", "line_cut", "line_slow", "line_half_open", "line_resets", "line_bad",
    "dns_gone", "clock_back", "disk_full", "database_cut", "database_slow", "database_half_open",
    "database_resets", "database_restarted",
]  # fmt: skip
_CABLES: dict[str, State] = {
    "cut": "cut", "slow": "slow", "half_open": "half_open", "resets": "resets"
}  # fmt: skip
#: Requests that are made while it fails, before and after the kill.
_TRIES = 10
#: Nothing takes so long: whoever waits for it longer waits in vain.
_SECONDS_MAX = 180


def possible(town: Town) -> list[Fault]:
    """What can fail there."""
    faults: list[Fault] = [
        "nothing_else", "line_cut", "line_slow", "line_half_open", "line_resets", "line_bad",
        "dns_gone", "clock_back",
    ]  # fmt: skip
    if isinstance(town.database, Server):
        faults += [
            "database_cut", "database_slow", "database_half_open", "database_resets",
            "database_restarted",
        ]  # fmt: skip
    if town.database.disk.is_mounted:
        faults.append("disk_full")
    return faults


@dataclass
class Chaos:
    """Makes things fail, one round after another."""

    town: Town
    driver: Driver
    chance: Random
    #: What failed, and how often.
    failed: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    #: Of each fault from and until when it was, of time.monotonic.
    spans: dict[Fault, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def rounds(self, faults: Sequence[Fault]) -> Iterator[Fault]:
        """One for each of those; gives each when it is over."""
        for fault in faults:
            self._round(fault)
            yield fault

    def drawn(self, count: int) -> list[Fault]:
        """So many rounds, in which everything fails about as often."""
        kinds = possible(self.town)
        many = [kinds[n % len(kinds)] for n in range(count)]
        self.chance.shuffle(many)
        return many

    def _round(self, fault: Fault) -> None:
        self.failed[fault] += 1
        machine = self.chance.choice(self.town.machines)
        with self._failing(fault):
            self._goes_on(self.chance.randrange(_TRIES))
            machine.dies()
            machine.killed += 1
            self.killed[machine.name] += 1
            self._goes_on(self.chance.randrange(_TRIES // 2))
            machine.starts()
            self._goes_on(self.chance.randrange(_TRIES))
        for each in self.town.machines:
            self._comes_back(each)
        done = self.driver.acknowledged
        until(
            lambda: self.driver.acknowledged > done + _TRIES or self.driver.wrong,
            f"answers after {fault}",
            seconds=_SECONDS_MAX,
        )

    def _comes_back(self, machine: Machine) -> None:
        """Whoever couldn't start while all failed is started again, as a supervisor does."""

        def is_back() -> bool:
            if not machine.is_there():
                machine.starts()
            return machine.answers()

        until(is_back, f"{machine.name} to answer", seconds=_SECONDS_MAX, pause=0.2)

    def _goes_on(self, tries: int) -> None:
        """Returns after so many more requests."""
        made = self.driver.tries + tries
        until(
            lambda: self.driver.tries >= made or self.driver.wrong,
            "requests",
            seconds=_SECONDS_MAX,
        )

    @contextmanager
    def _failing(self, fault: Fault) -> Iterator[None]:
        begun, heals = time.monotonic(), self._fails(fault)
        try:
            yield
        finally:
            heals()
            self.spans[fault].append((begun, time.monotonic()))

    def _fails(self, fault: Fault) -> Callable[[], None]:
        """Makes it fail; gives what mends it."""
        where, _, how = fault.partition("_")
        town, database = self.town, self.town.database
        if how in _CABLES:
            ends = [m.to_line if where == "line" else m.to_database for m in town.machines]
            return self._cables([end for end in ends if end is not None], _CABLES[how])
        match fault:
            case "line_bad":
                town.line.is_bad = True
                return partial(setattr, town.line, "is_bad", False)
            case "dns_gone":
                # What is connected needs no name.
                for each in town.machines:
                    each.to_line.becomes("resets")
                return self._file(DNS_GONE, lambda: self._whole([m.to_line for m in town.machines]))
            case "clock_back":
                return self._file(CLOCK_BACK, lambda: None)
            case "disk_full":
                database.fills_up()
                return database.has_room
            case "database_restarted":
                assert isinstance(database, Server)
                database.stops_at_once()
                return database.starts
        return lambda: None

    def _cables(self, cables: list[Cable], state: State) -> Callable[[], None]:
        """All of them, or one machine's alone."""
        if self.chance.randrange(2):
            cables = [self.chance.choice(cables)]
        for cable in cables:
            cable.becomes(state)
        return partial(self._whole, cables)

    def _whole(self, cables: Sequence[Cable]) -> None:
        for cable in cables:
            cable.becomes("whole")

    def _file(self, name: str, then: Callable[[], None]) -> Callable[[], None]:
        file = self.town.folder / name
        file.touch()

        def heals() -> None:
            file.unlink()
            then()

        return heals
