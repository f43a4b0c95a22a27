"""`flask ledger`: points, whether they add up, and the days they are counted by."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import click
from flask.cli import AppGroup

from bot.errors import KayoiError
from bot.progress import progress
from bot.store.finding import ticks
from bot.store.finding.due_members import everyone
from bot.store.messages import outbox_by_member
from bot.store.staff import flags
from handlers.actions.recording.repair import RepairedMember, repair
from handlers.club import Club
from handlers.jobs.night import jump
from handlers.jobs.night.audit import audit

from .errors import command_errors
from .installation import WithClub


class _NothingKept(KayoiError):
    """Ends a transaction that only looks what would come of it."""


def ledger_commands(installed: WithClub) -> AppGroup:
    """The commands `ledger …`."""
    group = AppGroup("ledger", help="Points, and whether they add up.")

    @group.command("audit")
    @command_errors
    def audit_() -> None:
        """Work everything out again from the history, and report each difference."""
        checked = found = 0
        for differences in progress(audit(installed().club), "Members"):
            checked += 1
            for difference in differences:
                found += 1
                click.secho(f"✗ {difference.number}: {difference.what}", fg="red")
        if found:
            raise click.ClickException(f"{found} difference(s) in {checked} members.")
        club = installed().club
        with club.store.begin() as uow:
            flags.solved(uow, ("ledger",), at=club.now())
        click.echo(f"{checked} members: everything adds up.")

    @group.command("repair")
    @click.option("--write", is_flag=True, help="Do it. Without, it is only shown.")
    @command_errors
    def repair_(write: bool) -> None:
        """Bring members back from their history after a clock that was ahead.

        What the clock did by itself at a time still to come is taken back, and everything else is
        worked out up to today. Set the clock right first.
        """
        _repair(installed().club, write=write)

    @group.command("accept")
    @click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
    @command_errors
    def accept(day: datetime) -> None:
        """Say that the date is true, when the night's work waits because it jumped ahead."""
        found = jump.accept(installed().club, day.date())
        if found is None:
            raise click.ClickException("Nothing waits for this day.")
        click.echo(
            f"{found.day} is accepted, {found.days} days after {found.last}. Everything goes on."
        )

    return group


def _repair(club: Club, *, write: bool) -> None:
    now = club.now()
    day = club.timeline().at(now).programme.shop.business_date(now)
    click.echo(f"Today is {day}. Stop here if it isn't.")
    key = f"repair:{now.isoformat()}"
    count = left = 0
    for found in _each(club, key, write=write):
        count += found.refused is None
        left += found.ahead > 0 or found.refused is not None
        click.echo(_line(found))
    if write:
        with club.store.begin() as uow:
            periods = ticks.forget_ahead(uow, now)
            dropped = outbox_by_member.forget_ahead(uow, now)
        click.echo(f"{periods} night(s) still to come and {dropped} unsent message(s) forgotten.")
    click.echo(f"{count} member(s) {'repaired' if write else 'to repair'}.")
    if left:
        click.echo(f"{left} to look at by hand: undo what is of a wrong date, then repair again.")
    if count and not write:
        click.echo("Nothing was changed. `ledger repair --write` does it; make a backup first.")


def _each(club: Club, key: str, *, write: bool) -> Iterator[RepairedMember]:
    for member_id in everyone(club.store):
        found = None
        with suppress(_NothingKept), club.work(key=key) as work:
            found = repair(work, member_id)
            if not write:
                raise _NothingKept
        if found is not None:
            yield found


def _line(found: RepairedMember) -> str:
    parts = [f"{found.gone} of the clock's taken back", f"{found.points:+} points"]
    if found.rank != found.rank_before:
        parts.append(f"rank {found.rank_before or '-'} → {found.rank or '-'}")
    if found.ahead:
        parts.append(f"{found.ahead} of people's still ahead")
    if found.refused is not None:
        parts = [f"nothing done: its history would be refused ({found.refused.code})"]
    return f"{found.number}: {', '.join(parts)}"
