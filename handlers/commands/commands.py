"""The commands: `flask --app app …`. Each builds only what it needs, and says what to do next."""

from collections.abc import Callable
from datetime import timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from bot import VERSION
from bot.store.members import members
from bot.store.messages import webhook_events
from handlers.actions.counter.switch_campaign import Switching, switch_at
from handlers.actions.members.membership import erase
from handlers.club import Club
from handlers.jobs import rich_menu

from .cases import case_commands
from .doctor import doctor_command
from .errors import command_errors
from .installation import Installed
from .journeys import journeys_commands
from .journeys.funnel import funnel_command
from .keeping.api_keys import api_key_commands
from .keeping.backup import backup_commands
from .keeping.club import club_command
from .keeping.figures import figure_commands
from .keeping.leaving import export_command
from .keeping.monday import monday_command
from .keeping.notify import notify_command
from .ledger import ledger_commands
from .outbox import outbox_commands
from .pictures import pictures_commands
from .processes import processes
from .programme import programme_commands
from .serving import with_database
from .sharing.charity import charity_commands
from .sharing.moving import add_moving
from .sharing.newsletter import newsletter_commands
from .sharing.subscribers import subscribers_command
from .staff import staff_commands
from .surveys.engagement import engagement_command
from .surveys.results import survey_commands


def register(
    app: Flask, installed: Installed, *, serve: Callable[[], None], work: Callable[[], None]
) -> None:
    """Gives `app` its commands. `installed` builds what most of them need, and is called only by
    those that do; `serve` and `work` are what a web and a worker process do until they are stopped.
    """
    ready = with_database(installed)
    app.cli.add_command(programme_commands(installed))
    app.cli.add_command(_members(ready))
    app.cli.add_command(ledger_commands(ready))
    app.cli.add_command(figure_commands(ready))
    app.cli.add_command(case_commands(ready))
    app.cli.add_command(_events(ready))
    app.cli.add_command(outbox_commands(ready))
    app.cli.add_command(journeys_commands(ready))
    app.cli.add_command(funnel_command(ready))
    app.cli.add_command(_richmenu(ready))
    app.cli.add_command(_campaign(ready))
    app.cli.add_command(pictures_commands(installed))
    app.cli.add_command(staff_commands(ready))
    app.cli.add_command(api_key_commands(ready))
    app.cli.add_command(newsletter_commands(ready))
    app.cli.add_command(charity_commands(ready))
    app.cli.add_command(subscribers_command(ready))
    app.cli.add_command(survey_commands(ready))
    app.cli.add_command(engagement_command(ready))
    for command in (
        *processes(installed, serve=serve, work=work),
        doctor_command(installed),
        *backup_commands(installed, ready),
        export_command(ready),
        club_command(installed),
        notify_command(ready),
        monday_command(ready),
        _version(),
    ):
        app.cli.add_command(command)


def _version() -> click.Command:
    @click.command("version")
    def version() -> None:
        """Which version of Kayoi this is."""
        click.echo(f"Kayoi {VERSION}")

    return version


def _members(installed: Installed) -> AppGroup:
    group = AppGroup("members", help="Members, by card number.")

    @group.command("erase")
    @click.argument("number")
    @click.confirmation_option(prompt="Remove what identifies this member, for good?")
    @command_errors
    def erase_(number: str) -> None:
        """Remove what identifies a member. What was counted stays, without a name."""
        club = installed().club
        with club.work("staff", key=f"cli:erase:{number}") as work:
            member_id = members.by_code(work.uow, "number", number)
            if member_id is None:
                raise click.ClickException("There is no card with this number.")
            erase(work, member_id)
        click.echo("Erased.")

    add_moving(group, installed)
    return group


def _events(installed: Installed) -> AppGroup:
    group = AppGroup("events", help="What LINE sent us.")

    @group.command("status")
    @command_errors
    def status() -> None:
        """Count events by what became of them."""
        with installed().club.store.read() as uow:
            counts = webhook_events.counts(uow)
        for name, count in sorted(counts.items()):
            click.echo(f"{name:10} {count}")
        if not counts:
            click.echo("No events yet.")

    @group.command("retry")
    @command_errors
    def retry() -> None:
        """Take up again what was put aside after failing several times."""
        with installed().club.store.begin() as uow:
            count = webhook_events.retry_failed(uow)
        click.echo(f"{count} event(s) will be tried again.")

    return group


def _richmenu(installed: Installed) -> AppGroup:
    group = AppGroup("richmenu", help="The menu below the chat.")

    @group.command("deploy")
    @command_errors
    def deploy() -> None:
        """Make the rich menu from the programme and show it to every friend (it costs nothing)."""
        click.echo(f"Rich menu in use: {rich_menu.deploy(installed().club)}")

    return group


def _campaign(installed: Installed) -> AppGroup:
    group = AppGroup("campaign", help="Campaigns that staff switch on by the day.")

    @group.command("switch")
    @click.argument("campaign")
    @click.option("--store", default=None, help="The branch; all of them if not named.")
    @click.option("--off", is_flag=True, help="Switch it off again.")
    @command_errors
    def switch(campaign: str, store: str | None, off: bool) -> None:
        """Switch a campaign (rain, say) on for today's business day."""
        _switch(installed().club, campaign, store, to=not off)

    return group


def _switch(club: Club, campaign: str, store: str | None, *, to: bool) -> None:
    programme = club.timeline().at(club.now()).programme
    known = [c.id for c in programme.campaigns if c.staff_switch]
    if campaign not in known:
        there = ", ".join(known) or "none"
        raise click.ClickException(f'No campaign "{campaign}" to switch; there is: {there}.')
    named = [branch.id for branch in programme.stores if store in (None, branch.id)]
    if not named:
        raise click.ClickException(f'There is no store "{store}".')
    with club.work() as work:
        done = [b for b in named if not switch_at(work, Switching(campaign, b, to, work.now))]
    if not done:
        raise click.ClickException(f"{campaign} does not run there today.")
    day = programme.shop.business_date(club.now())
    ends = programme.shop.local(programme.shop.opens(day + timedelta(days=1)))
    state = f"on until {ends:%m-%d %H:%M}" if to else "off"
    click.echo(f"{campaign} is {state} at {', '.join(done)}.")
