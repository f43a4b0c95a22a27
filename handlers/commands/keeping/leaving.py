"""`flask export --all` and what `flask restore` does with it: a club leaves whole, and comes in."""

from pathlib import Path

import click

from bot.leaving.export import Leaving, export_to
from bot.leaving.manifest import UnusableExport
from bot.leaving.parcels_in import is_parcel, parcel_from
from bot.leaving.restore import (
    AnotherKey,
    Destination,
    Manner,
    NotEmpty,
    Restored,
    contents_of,
    restore_from,
)
from bot.progress import progress

from ..errors import command_errors
from ..installation import Installation, Installed

_IN_IT = (
    "It holds members' personal data: keep it where nobody else can read it. SECRET_KEY is not in "
    "it: take that along too, apart, since paper cards, links and second steps can't be read "
    "without. docs/leaving.md says what every field means."
)
_ANOTHER_KEY = (
    "The export was made with another SECRET_KEY. Set that one, here or in SECRET_KEYS_OLD, and "
    "try again. Without it, paper cards and links from before no longer work; say "
    "--without-secrets to go on all the same, without LINE's channel, second steps and codes for "
    "the web shop that nobody has yet."
)


def is_export(path: Path) -> bool:
    return is_parcel(path)


def export_command(ready: Installed) -> click.Command:
    @click.command("export")
    @click.option(
        "--all", is_flag=True, required=True, expose_value=False, help="All that the club has."
    )
    @click.argument("path", type=click.Path(path_type=Path))
    @command_errors
    def export(path: Path) -> None:
        """Write all that the club has into a new folder, or a FILE.tar or FILE.zip, while it
        runs: for another installation, or another system."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise click.ClickException(f"{path} is there already: name a new file or folder.")
        if not path.parent.is_dir():
            raise click.ClickException(f"There is no folder {path.parent}.")
        installation = ready()
        club = installation.club
        try:
            for _ in progress(export_to(leaving_of(installation), path, club.wall.now()), "Export"):
                pass
        except OSError as problem:
            raise click.ClickException(f"{path} can't be written: {problem.strerror}.") from None
        with parcel_from(path) as parcel:
            contents = contents_of(parcel)
        rows = sum(each.rows for each in contents.tables.values())
        click.echo(f"{path}: {contents.tables['members'].rows} members, {rows} rows in all.")
        if events := contents.under_way["webhook_events"]:
            click.echo(
                f"{events} thing(s) that LINE just sent aren't in it: stop the club, and export "
                "again, if it is to go on elsewhere."
            )
        click.echo(_IN_IT)

    return export


def leaving_of(installation: Installation) -> Leaving:
    """What the installation's club is exported from."""
    club = installation.club
    return Leaving(club.store, club.art.folder, club.codes.key_marks()[0])


def restore_export(installation: Installation, path: Path, manner: Manner) -> None:
    """Puts an export into the installation's empty database, and says what it left behind."""
    club = installation.club
    place = Destination(
        installation.settings.database_url, club.store, club.art.folder, club.codes.key_marks()
    )
    club.store.reach()
    try:
        for step in progress(restore_from(path, place, manner), "Restore"):
            if isinstance(step, Restored):
                _told(step, manner)
    except AnotherKey:
        raise click.ClickException(_ANOTHER_KEY) from None
    except NotEmpty as problem:
        raise click.ClickException(
            f"{problem} An export is restored into an empty installation only: name a new "
            "database in DATABASE_URL."
        ) from None
    except UnusableExport as problem:
        raise click.ClickException(f"{problem} Nothing was written.") from None


def _told(restored: Restored, manner: Manner) -> None:
    made_at = restored.contents.made_at[:16].replace("T", " ")
    click.echo(f"The club is as it was on {made_at} (UTC). Everybody of the staff signs in anew.")
    if restored.not_sent:
        click.echo(
            f"{restored.not_sent} message(s) that waited to be sent then are not sent, since the "
            "club of before may have sent them. What was being sent to many is paused."
        )
    if not manner.sends_on:
        click.echo(
            "Journeys rest on the first day: what they have by then may have been sent, too. "
            "If the club of before was stopped first, restore with --send-queued instead."
        )
