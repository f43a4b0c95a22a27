"""The commands: `flask --app app …`. Each builds only what it needs, and says what to do next."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from tqdm import tqdm

from bot.clock import Clock
from bot.settings import PROJECT, SettingsError
from bot.store.engine.db import DatabaseUnreachable
from bot.store.engine.migrate import upgrade
from bot.store.finding import due_members
from bot.store.history import switches
from bot.store.members import members
from bot.store.messages import inbox, webhook_events
from handlers.actions.members.membership import erase
from handlers.club import Club
from handlers.commands import demo
from handlers.commands.doctor import examine
from handlers.commands.errors import speaking
from handlers.commands.installation import Installation
from handlers.commands.journeys import journeys_commands
from handlers.commands.outbox import outbox_commands
from handlers.commands.pictures import check_art, pictures_commands
from handlers.commands.serving import (
    counter_page,
    keep_schedule,
    make_ready,
    migrated,
    publish_first,
    publish_programme,
    read_programme,
    serve_club,
    tell_addresses,
)
from handlers.commands.staff import staff_commands
from handlers.jobs import rich_menu
from handlers.jobs.night.audit import audit
from handlers.jobs.night.refresh import refresh
from rules.base import Lang
from rules.checking.journey_cautions import lengths_of_tests
from rules.checking.warnings import warnings
from rules.explaining.explain import explain

Installed = Callable[[], Installation]

_LANG = click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
#: Where staff answer members by hand (LINE Official Account Manager, chats).
LINE_CHAT = "https://chat.line.biz/"
_MARKS = {"ok": ("✓", "green"), "todo": ("✗", "red"), "look": ("?", "yellow")}


def register(app: Flask, installed: Installed, *, work: Callable[[], None]) -> None:
    """Gives `app` its commands. `installed` builds what most of them need, and is called only by
    those that do; `work` is what a worker process does until it is stopped."""
    ready = migrated(installed)
    app.cli.add_command(_program(installed))
    app.cli.add_command(_members(ready))
    app.cli.add_command(_ledger(ready))
    app.cli.add_command(_inbox(ready))
    app.cli.add_command(_events(ready))
    app.cli.add_command(outbox_commands(ready))
    app.cli.add_command(journeys_commands(ready))
    app.cli.add_command(_richmenu(ready))
    app.cli.add_command(_campaign(ready))
    app.cli.add_command(pictures_commands(installed))
    app.cli.add_command(staff_commands(ready))
    for command in _plain_commands(installed, work):
        app.cli.add_command(command)


def _program_path(installed: Installed, path: Path | None) -> Path:
    """The file named, or PROGRAM_FILE; program.toml where the settings can't be read."""
    if path is not None:
        return path
    try:
        return installed().settings.program_file
    except SettingsError:
        return PROJECT / "program.toml"


def _club_size(installed: Installed) -> int | None:
    """How many members the club has; None where there is none yet, or its database is away."""
    try:
        store = migrated(installed)().club.store
    except (SettingsError, DatabaseUnreachable, click.ClickException):
        return None
    with store.read() as uow:
        return due_members.count_members(uow) or None


_FILE = click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))


def _program(installed: Installed) -> AppGroup:
    group = AppGroup("program", help="The club's programme: check, explain, publish.")

    @group.command("check")
    @_FILE
    @_LANG
    @click.option(
        "--members",
        type=click.IntRange(min=1),
        help="How many members to plan for; as many as there are, if not named.",
    )
    @speaking
    def check(path: Path | None, lang: Lang, members: int | None) -> None:
        """Check the programme's file: what is wrong in it, and what may be unwise."""
        path = _program_path(installed, path)
        _, programme = read_programme(path)
        check_art(programme, path)
        today = programme.shop.business_date(Clock().now())
        members = members or _club_size(installed)
        found = warnings(programme, members=members, today=today)
        for caution in found:
            click.secho(f"! {caution.path}: {caution.message(lang)}", fg="yellow")
        for length in lengths_of_tests(programme, members=members or 0):
            click.echo(f"  {length.path}: {length.message(lang)}")
        click.echo(f"{path.name} is valid, with {len(found)} warning(s).")

    @group.command("explain")
    @_FILE
    @_LANG
    @speaking
    def explain_(path: Path | None, lang: Lang) -> None:
        """Print each rule of the programme as one plain sentence."""
        _, programme = read_programme(_program_path(installed, path))
        for section in explain(programme, lang, hidden=True):
            click.secho(section.title, bold=True)
            for sentence in section.sentences:
                click.echo(f"  ・{sentence}" if lang == "ja" else f"  - {sentence}")

    @group.command("publish")
    @_FILE
    @speaking
    def publish(path: Path | None) -> None:
        """Put the file's programme into force. What happened before stays judged as it was."""
        installation = migrated(installed)()
        text, programme = read_programme(_program_path(installed, path))
        check_art(programme, _program_path(installed, path))
        published = publish_programme(installation.club, text)
        if published.new:
            local = programme.shop.local(published.since)
            click.echo(
                f"Version {published.number} comes into force at {local:%Y-%m-%d %H:%M:%S}, "
                "the shop's time."
            )
        else:
            click.echo(f"Nothing changed: version {published.number} says the same.")

    return group


def _fill_in(club: Club) -> None:
    with club.store.read() as uow:
        count = due_members.count_stale(uow)
    if count:
        click.echo(f"Filling in what {count} member(s) of an earlier version lack.")
        for _ in tqdm(refresh(club), total=count, unit=" members", disable=None):
            """Each by itself."""


def _plain_commands(installed: Installed, work: Callable[[], None]) -> list[click.Command]:
    @click.command("migrate")
    @speaking
    def migrate() -> None:
        """Bring the database up to date, and publish the programme at the first start."""
        installation = installed()
        installation.club.store.reach()
        upgrade(installation.settings.database_url)
        publish_first(installation)
        _fill_in(installation.club)

    @click.command("demo")
    @click.option("--members", default=demo.MEMBERS, show_default=True)
    @speaking
    def demo_(members: int) -> None:
        """Fill a demo club into an empty database, for the simulator."""
        _fill_demo(migrated(installed)(), members)

    @click.command("serve")
    @speaking
    def serve() -> None:
        """Serve the club. On SQLite this one process is the whole installation."""
        installation = installed()
        make_ready(installation)
        tell_addresses(installation)
        serve_club(installation)

    @click.command("worker")
    @speaking
    def worker() -> None:
        """Handle events, deliver messages and keep the schedule, beside web processes."""
        _beside_web(installed())
        work()

    @click.command("scheduler")
    @speaking
    def scheduler() -> None:
        """Keep the schedule and deliver messages; of several, one leads and the others wait."""
        installation = installed()
        _beside_web(installation)
        keep_schedule(installation)

    @click.command("counter-link")
    @click.option("--store", default=None, help="The branch; the first one if not named.")
    @speaking
    def counter_link(store: str | None) -> None:
        """Print the link of the counter's QR page, for a tablet that faces the customers."""
        click.echo(counter_page(migrated(installed)().club, store))

    @click.command("doctor")
    @speaking
    def doctor() -> None:
        """Is this installation ready for LINE, and what is missing?"""
        findings = list(examine(installed()))
        for finding in findings:
            mark, colour = _MARKS[finding.state]
            click.echo(f"{click.style(mark, fg=colour)} {finding.what}")
        missing = sum(finding.state == "todo" for finding in findings)
        if missing:
            raise click.ClickException(f"{missing} thing(s) to do before going live.")
        click.echo("Ready, as far as a program can see. Look at the lines marked ? yourself.")

    return [migrate, demo_, serve, worker, scheduler, counter_link, doctor]


def _beside_web(installation: Installation) -> None:
    make_ready(installation)
    if installation.club.store.is_sqlite:
        raise click.ClickException(
            "With SQLite `serve` does this too; set DATABASE_URL to PostgreSQL to run workers of "
            "their own."
        )


def _fill_demo(installation: Installation, members: int) -> None:
    club, simulator = installation.club, installation.simulator
    if simulator is None:
        click.echo(
            "No demo club: LINE credentials are set, and demo members live in the simulator."
        )
        return
    with club.store.read() as uow:
        empty = demo.is_empty(uow)
    if not empty:
        click.echo("No demo club filled in: there are members already.")
        return
    visits = 0
    steps = demo.fill(club, simulator, members=members)
    for made in tqdm(
        steps, total=members, desc="Demo club", unit="member", leave=False, disable=None
    ):
        visits += made
    click.echo(f"Demo club: {members} members with {visits} visits in the past year.")


def _members(installed: Installed) -> AppGroup:
    group = AppGroup("members", help="Members, by card number.")

    @group.command("erase")
    @click.argument("number")
    @click.confirmation_option(prompt="Remove what identifies this member, for good?")
    @speaking
    def erase_(number: str) -> None:
        """Remove what identifies a member. What was counted stays, without a name."""
        club = installed().club
        with club.work("staff", key=f"cli:erase:{number}") as work:
            member_id = members.by_code(work.uow, "number", number)
            if member_id is None:
                raise click.ClickException("There is no card with this number.")
            erase(work, member_id)
        click.echo("Erased.")

    return group


def _ledger(installed: Installed) -> AppGroup:
    group = AppGroup("ledger", help="Points, and whether they add up.")

    @group.command("audit")
    @speaking
    def audit_() -> None:
        """Work everything out again from the history, and report each difference."""
        checked = found = 0
        for differences in tqdm(audit(installed().club), unit="member", leave=False, disable=None):
            checked += 1
            for difference in differences:
                found += 1
                click.secho(f"✗ {difference.number}: {difference.what}", fg="red")
        if found:
            raise click.ClickException(f"{found} difference(s) in {checked} members.")
        click.echo(f"{checked} members: everything adds up.")

    return group


def _inbox(installed: Installed) -> AppGroup:
    group = AppGroup("inbox", help="What members wrote for the staff to read.")

    @group.command("list")
    @click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
    @speaking
    def list_(limit: int) -> None:
        """Show what nobody has dealt with yet, newest first."""
        club = installed().club
        shop = club.timeline().latest.programme.shop
        with club.store.read() as uow:
            letters = inbox.open_letters(uow, limit=limit)
            for letter in letters:
                member = members.get(uow, letter.member_id) if letter.member_id else None
                card = f"card {member.number}" if member else "no card"
                click.echo(
                    f"{letter.id}  {shop.local(letter.at):%Y-%m-%d %H:%M}  {letter.kind}  {card}"
                )
                # Somebody else's text: nothing in it may speak to the terminal.
                click.echo("    " + "".join(c if c.isprintable() else " " for c in letter.text))
        if not letters:
            click.echo("Nothing is waiting.")
            return
        click.echo(f"Answer in LINE's own chat, which is free: {LINE_CHAT}")

    @group.command("done")
    @click.argument("number", type=int)
    @speaking
    def done(number: int) -> None:
        """Note that a message, by its number in the list, has been dealt with."""
        club = installed().club
        with club.store.begin() as uow:
            found = inbox.mark_answered(uow, number, at=club.now())
        if not found:
            raise click.ClickException(f"Nothing with number {number} is waiting.")
        click.echo("Done.")

    return group


def _events(installed: Installed) -> AppGroup:
    group = AppGroup("events", help="What LINE sent us.")

    @group.command("status")
    @speaking
    def status() -> None:
        """Count events by what became of them."""
        with installed().club.store.read() as uow:
            counts = webhook_events.counts(uow)
        for name, count in sorted(counts.items()):
            click.echo(f"{name:10} {count}")
        if not counts:
            click.echo("No events yet.")

    @group.command("retry")
    @speaking
    def retry() -> None:
        """Take up again what was put aside after failing several times."""
        with installed().club.store.begin() as uow:
            count = webhook_events.retry_failed(uow)
        click.echo(f"{count} event(s) will be tried again.")

    return group


def _richmenu(installed: Installed) -> AppGroup:
    group = AppGroup("richmenu", help="The menu below the chat.")

    @group.command("deploy")
    @speaking
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
    @speaking
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
    branches = [branch.id for branch in programme.stores if store in (None, branch.id)]
    if not branches:
        raise click.ClickException(f'There is no store "{store}".')
    day = programme.shop.business_date(club.now())
    with club.store.begin() as uow:
        for branch in branches:
            switches.switch(uow, branch, day, campaign, to=to)
    ends = programme.shop.local(programme.shop.opens(day + timedelta(days=1)))
    state = f"on until {ends:%m-%d %H:%M}" if to else "off"
    click.echo(f"{campaign} is {state} at {', '.join(branches)}.")
