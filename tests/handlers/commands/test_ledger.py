"""`ledger repair` shows first and does then; `ledger accept` lets a jumped date be true."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.commands.ledger import ledger_commands
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import nightly
from handlers.showing.doctor import examine
from rules.programme.counter import Flag
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def says(club: SmallClub, *words: str) -> Result:
    app = Flask("commands")
    app.cli.add_command(ledger_commands(lambda: club))
    return app.test_cli_runner().invoke(args=["ledger", *words])


def ruined(club: SmallClub) -> int:
    member = club.joins()
    for _ in range(3):
        club.passes(days=1)
        club.visits(member)
    nightly.run_if_due(club.club)
    right = club.now
    club.passes(days=3652)
    nightly.run_if_due(club.club)
    club.clock.set(right)
    return member


def test_repairing_is_shown_before_it_is_done(club: SmallClub) -> None:
    member = ruined(club)
    before = club.member(member)
    shown = says(club, "repair")
    assert shown.exit_code == 0
    assert "Today is 2026-01-08" in shown.output
    line = rf"{before.number}: [12] of the clock's taken back, -\d+ points, rank - → bronze"
    assert re.search(line, shown.output), shown.output
    assert "1 member(s) to repair" in shown.output
    assert club.member(member) == before
    done = says(club, "repair", "--write")
    assert "1 member(s) repaired" in done.output
    assert club.member(member).facts.rank.id == "bronze"
    assert club.differences(member) == []
    assert "0 member(s) to repair" in says(club, "repair").output
    # The nights go on from today.
    club.passes(days=1)
    Clockwork(club.club).tick()
    assert "everything adds up" in says(club, "audit").output


def test_nothing_is_accepted_but_the_day_that_waits(club: SmallClub) -> None:
    club.joins()
    nightly.run_if_due(club.club)
    assert "Nothing waits" in says(club, "accept", "2026-01-05").output
    club.passes(days=100)
    assert "Nothing waits" in says(club, "accept", "2026-04-16").output
    assert "2026-04-15 is accepted, 100 days after 2026-01-05" in (
        says(club, "accept", "2026-04-15").output
    )
    assert "Nothing waits" in says(club, "accept", "2026-04-15").output


@pytest.mark.parametrize("days", [1, 100])
def test_the_doctor_sees_a_clock_that_jumped(club: SmallClub, days: int) -> None:
    nightly.run_if_due(club.club)
    club.passes(days=days)
    installation = SimpleNamespace(
        club=club.club,
        settings=SimpleNamespace(
            program_file=SimpleNamespace(read_text=lambda **_: ""), trusted_proxies=0, base_url=""
        ),
        simulator=club,
    )
    found = [finding.sentence("en") for finding in examine(installation)]  # type: ignore[arg-type]
    assert any("ledger accept 2026-04-15" in what for what in found) == (days == 100)


def test_an_audit_that_finds_nothing_puts_the_alarm_away(club: SmallClub) -> None:
    club.visits(club.joins())
    off = Flag("ledger", "ledger:x", details={"count": 1})
    with club.store.begin() as uow:
        flags.add(uow, [off], Sighting(club.now, club.now.date(), None, None, None))
    assert "everything adds up" in says(club, "audit").output
    with club.store.read() as uow:
        assert flags.of_the_club(uow, limit=9) == []
