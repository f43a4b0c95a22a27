"""`flask backup` and `flask restore`: the club into a file, and back."""

from pathlib import Path

import click

from bot.archives import UnusableArchive
from bot.archives import restore as put_back
from bot.store.engine.dump import DumpFailed, people_in
from bot.store.engine.migrate import upgrade
from handlers.jobs.night.audit import audit

from ..errors import command_errors
from ..installation import Installed

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
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--over", is_flag=True, help="In the place of the people who are there now.")
    @command_errors
    def restore(file: Path, over: bool) -> None:
        """Put a backup in the place of the database. Stop the club first."""
        installation = installed()
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

    return [backup, restore]
