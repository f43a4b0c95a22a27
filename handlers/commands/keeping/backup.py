"""`flask backup` and `flask restore`: the club into a file, and back, also from an export."""

from pathlib import Path

import click

from bot.archives import UnusableArchive
from bot.archives import restore as put_back
from bot.leaving.restore import Manner
from bot.store.engine.dump import DumpFailed, people_in
from bot.store.engine.migrate import upgrade
from handlers.jobs.night.audit import audit

from ..errors import command_errors
from ..installation import Installation, Installed
from .leaving import is_export, restore_export

_IN_IT = (
    "It holds members' personal data: keep it where nobody else can read it. SECRET_KEY is not in "
    "it: keep that apart, since cards, links and second steps can't be read without."
)


def backup_commands(installed: Installed, ready: Installed) -> list[click.Command]:
    """Both of them. `ready` is as `installed`, with a database that is there."""

    @click.command("backup")
    @command_errors
    def backup() -> None:
        """Write the club, its programme and its art into a file, while it runs."""
        installation = ready()
        try:
            made = installation.archives.make(installation.club.wall.now())
        except DumpFailed as problem:
            raise click.ClickException(str(problem)) from None
        click.echo(f"{made.file} ({made.size / 1_000_000:.1f} MB)\n{_IN_IT}")

    @click.command("restore")
    @click.argument("file", type=click.Path(exists=True, path_type=Path))
    @click.option("--over", is_flag=True, help="A backup: in the place of who is there now.")
    @click.option(
        "--send-queued",
        is_flag=True,
        help="An export: send what waited to be sent. The club it came from was stopped before.",
    )
    @click.option(
        "--without-secrets",
        is_flag=True,
        help="An export: though SECRET_KEY is another one. What that one sealed is left out.",
    )
    @command_errors
    def restore(file: Path, over: bool, send_queued: bool, without_secrets: bool) -> None:
        """Put a backup in the place of the database, or an export into an empty one. Stop the club
        first."""
        installation = installed()
        if is_export(file):
            if over:
                raise click.ClickException("An export is restored into an empty database only.")
            manner = Manner(without_secrets=without_secrets, sends_on=send_queued)
            restore_export(installation, file, manner)
        else:
            _put_back(installation, file, over=over)
        _audited(installation)

    return [backup, restore]


def _put_back(installation: Installation, file: Path, *, over: bool) -> None:
    store = installation.club.store
    store.reach()
    there = people_in(store)
    if there and not over:
        raise click.ClickException(
            f"There are {there} members and staff in this database, who would be gone. Restore "
            "into an empty one, or say --over after a backup of what is there."
        )
    try:
        put_back(store, file, installation.club.art.folder, over=over)
    except (UnusableArchive, DumpFailed) as problem:
        raise click.ClickException(str(problem)) from None
    upgrade(installation.settings.database_url)


def _audited(installation: Installation) -> None:
    """Says whether everything adds up in what was put there."""
    installation.club.programmes.forget()
    members = found = 0
    for differences in audit(installation.club):
        members += 1
        found += len(list(differences))
    if found:
        raise click.ClickException(
            f"Restored, but {found} thing(s) don't add up: `flask --app app ledger audit` says "
            "which."
        )
    click.echo(
        f"Restored: {members} members, and everything adds up. Cards, links and second steps "
        "work again if SECRET_KEY is the one of then."
    )
