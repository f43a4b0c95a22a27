"""Clubs in which journeys were due, drawn and followed by visits, all by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import update

from bot.store.messages import outbox
from bot.store.messages.outbox import PlannedMessage
from bot.store.tables import outbox as table
from handlers.commands.journeys import journeys_commands
from tests.handlers.clubs import DAY, SmallClub
from tests.rules.examples import LEAST

#: A journey whose windows are over after a fortnight, in one version.
FIRST_VISIT = """
[[journeys]]
kind = "first_visit"
measure_days = 14
arms = [{ id = "a" }]
"""
ONE = LEAST + FIRST_VISIT


@dataclass
class Messages:
    """A club's messages, and the commands about them."""

    club: SmallClub
    #: Where they come.
    store: str = "main"
    #: Their ids; each has one episode a round.
    members: list[int] = field(default_factory=list)
    _round: int = 0

    def people(self, count: int) -> None:
        self.members += [self.club.joins() for _ in range(count)]

    def fall_due(
        self,
        drawn: Sequence[tuple[str | None, float | None, bool]],
        *,
        journey: str = "first_visit",
        share: float = 0.3,
    ) -> None:
        """A round of episodes, one for each member: on which arm (None: held back; "b-": drawn to
        "b", which is for others), with what chance (None: as of before), and whether they came; and
        the fortnight after it."""
        self._round += 1
        now = self.club.now
        plans = [
            PlannedMessage(
                member, f"journey:{journey}", str(self._round), "{}", "comeback", now, now,
                now + DAY, arm=(arm or "a").removesuffix("-"),
                status="queued" if arm and arm[-1] != "-" else "held_out",
                reason="other_audience" if arm and arm[-1] == "-" else None,
                chance=chance, share=None if chance is None else share,
            )
            for member, (arm, chance, _) in zip(self.members, drawn, strict=False)
        ]  # fmt: skip
        with self.club.store.begin() as uow:
            outbox.queue_many(uow, plans)
            uow.run(
                update(table)
                .where(table.c.status == "queued")
                .values(status="sent", sent_at=now + timedelta(seconds=1))
            )
        at = self.club.passes(days=1)
        for member, (_, _, came) in zip(self.members, drawn, strict=False):
            if came:
                assert self.club.visits(member, at=at, store=self.store).done
        self.club.passes(days=19)

    def run(self, *words: str, fails: bool = False, types: str | None = None) -> str:
        """What `journeys …` prints."""
        app: Any = Flask("journeys")
        installed: Any = SimpleNamespace(club=self.club.club)
        app.cli.add_command(journeys_commands(lambda: installed))
        said = app.test_cli_runner().invoke(args=["journeys", *words], input=types)
        assert (said.exit_code != 0) == fails, said.output
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
        return str(said.output)
