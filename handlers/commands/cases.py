"""`flask cases …`: what members said that is to be answered, and what it is about."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from bot.store.heard import cases
from bot.store.members import members
from bot.store.messages import inbox
from handlers.showing.case_summary import summary_of

from .errors import command_errors
from .installation import Installed


def case_commands(installed: Installed) -> AppGroup:
    group = AppGroup("cases", help="What members said that staff answer.")

    @group.command("list")
    @click.option(
        "--limit", default=50, show_default=True, type=click.IntRange(1, 1000),
        help="How many to show at most.",
    )  # fmt: skip
    @command_errors
    def list_(limit: int) -> None:
        """Show who waits for an answer, whoever is to have it first in front."""
        club = installed().club
        shop, now = club.timeline().at(club.now()).programme.shop, club.now()
        with club.store.read() as uow:
            found = cases.waiting(uow, limit=limit)
            for case in found:
                owner = members.get(uow, case.name.member_id)
                card = owner.number if owner else "-"
                late = "  OVERDUE" if case.is_overdue(now) else ""
                due = f"{shop.local(case.due_at):%Y-%m-%d %H:%M}"
                click.echo(f"due {due}{late}  {case.reason}  card {card}  case {case.name.number}")
                for letter in inbox.of_case(uow, *case.name)[-1:]:
                    # Somebody else's text: nothing in it may speak to the terminal.
                    text = "".join(c if c.isprintable() else " " for c in letter.text)
                    click.echo(f"    {text}")
        if not found:
            click.echo("Nobody waits for an answer.")
            return
        click.echo("Answer on the staff's page /staff/inbox, or in LINE's own chat.")

    @group.command("summary")
    @click.option(
        "--days", default=90, show_default=True, type=click.IntRange(1, 3650),
        help="How many days up to now.",
    )  # fmt: skip
    @command_errors
    def summary(days: int) -> None:
        """Count the cases of the last days by reason, with how soon they were answered."""
        found = summary_of(installed().club, days=days)
        for reason, each in found:
            time = "-" if each.median_time is None else _hours(each.median_time)
            click.echo(
                f"{reason:10} {each.opened:5}  waiting {each.waiting}, overdue {each.overdue}"
                f", median to first answer {time}"
                f", helped {each.helped} of {each.helped + each.not_helped}"
            )
        if not found:
            click.echo(f"No cases in the last {days} days.")

    return group


def _hours(time: timedelta) -> str:
    return f"{time / timedelta(hours=1):.1f} h"
